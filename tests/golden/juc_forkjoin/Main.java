import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class Main {
    static final int REPEAT = Integer.getInteger("golden.repeat", 1);
    static final int SCALE = Integer.getInteger("golden.scale", 4000);

    static class Sum extends RecursiveTask<Long> {
        final int[] data; final int from, to;
        Sum(int[] data, int from, int to) { this.data = data; this.from = from; this.to = to; }
        protected Long compute() {
            if (to - from <= 50) {
                long sum = 0;
                for (int i = from; i < to; i++) sum += data[i];
                return sum;
            }
            int middle = (from + to) >>> 1;
            Sum left = new Sum(data, from, middle), right = new Sum(data, middle, to);
            left.fork();
            return right.compute() + left.join();
        }
    }

    static class Fib extends RecursiveTask<Integer> {
        final int n;
        Fib(int n) { this.n = n; }
        protected Integer compute() {
            if (n < 5) return n < 2 ? n : new Fib(n - 1).compute() + new Fib(n - 2).compute();
            Fib a = new Fib(n - 1), b = new Fib(n - 2);
            invokeAll(a, b);
            return a.join() + b.join();
        }
    }

    static class MergeSort extends RecursiveAction {
        final int[] data; final int from, to;
        MergeSort(int[] data, int from, int to) { this.data = data; this.from = from; this.to = to; }
        protected void compute() {
            if (to - from < 32) { Arrays.sort(data, from, to); return; }
            int middle = (from + to) >>> 1;
            invokeAll(new MergeSort(data, from, middle), new MergeSort(data, middle, to));
            int[] left = Arrays.copyOfRange(data, from, middle);
            for (int i = 0, j = middle, k = from; i < left.length; k++)
                data[k] = j == to || left[i] <= data[j] ? left[i++] : data[j++];
        }
    }

    static class Search extends CountedCompleter<Integer> {
        final int[] data; final int from, to, wanted; final AtomicReference<Integer> found;
        Search(CountedCompleter<?> parent, int[] data, int from, int to, int wanted, AtomicReference<Integer> found) {
            super(parent);
            this.data = data; this.from = from; this.to = to; this.wanted = wanted; this.found = found;
        }
        public Integer getRawResult() { return found.get(); }
        public void compute() {
            int low = from, high = to;
            while (high - low > 40) {
                int middle = (low + high) >>> 1;
                addToPendingCount(1);
                new Search(this, data, middle, high, wanted, found).fork();
                high = middle;
            }
            for (int i = low; i < high; i++) if (data[i] == wanted) found.compareAndSet(null, i);
            tryComplete();
        }
    }

    static class Failing extends RecursiveTask<Integer> {
        final int depth;
        Failing(int depth) { this.depth = depth; }
        protected Integer compute() {
            if (depth == 0) throw new IllegalStateException("at the bottom");
            Failing below = new Failing(depth - 1);
            below.fork();
            return below.join() + 1;
        }
    }

    static String once() throws Exception {
        StringBuilder out = new StringBuilder();
        int[] data = new int[SCALE];
        for (int i = 0; i < data.length; i++) data[i] = (int) (i * 2654435761L >>> 7) % 1000;
        long expected = 0;
        for (int value : data) expected += value;
        try (ForkJoinPool pool = new ForkJoinPool(4)) {
            out.append("sum ").append(pool.invoke(new Sum(data, 0, data.length)) == expected).append('\n');
            out.append("fib ").append(pool.invoke(new Fib(15))).append('\n');
            int[] copy = data.clone(), sorted = data.clone();
            Arrays.sort(sorted);
            pool.invoke(new MergeSort(copy, 0, copy.length));
            out.append("sorted ").append(Arrays.equals(copy, sorted)).append('\n');
            data[SCALE / 3] = 5000;
            out.append("found ").append(pool.invoke(new Search(null, data, 0, data.length, 5000, new AtomicReference<>())) == SCALE / 3);
            out.append(' ').append(pool.invoke(new Search(null, data, 0, data.length, 6000, new AtomicReference<>()))).append('\n');
            try {
                pool.invoke(new Failing(10));
                out.append("no exception\n");
            } catch (IllegalStateException e) {
                Throwable last = e;
                while (last.getCause() != null) last = last.getCause();
                out.append("failed ").append(last.getMessage()).append('\n');
            }
            List<Callable<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 20; i++) { int n = i; calls.add(() -> n * n); }
            int squares = 0;
            for (Future<Integer> f : pool.invokeAll(calls)) squares += f.get();
            out.append("squares ").append(squares).append('\n');
            // A task that blocks in another pool's task: nobody may starve.
            try (ForkJoinPool single = new ForkJoinPool(1)) {
                ForkJoinTask<Integer> outer = pool.submit(() -> single.submit(() -> new Fib(10).invoke()).get() + 1);
                out.append("nested ").append(outer.get()).append('\n');
            }
        }
        ForkJoinTask<Long> common = ForkJoinPool.commonPool().submit(new Sum(data, 0, data.length / 2));
        long half = 0;
        for (int i = 0; i < data.length / 2; i++) half += data[i];
        out.append("common ").append(common.get() == half).append('\n');
        return out.toString();
    }

    public static void main(String[] args) throws Exception {
        String first = once();
        System.out.print(first);
        for (int i = 1; i < REPEAT; i++) {
            String again = once();
            if (!again.equals(first)) { System.out.println("repetition " + i + ":\n" + again); System.exit(1); }
        }
    }
}
