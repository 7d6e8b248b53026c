import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class Main {
    static class Sum extends RecursiveTask<Long> {
        final int[] a; final int lo, hi;
        Sum(int[] a, int lo, int hi) { this.a = a; this.lo = lo; this.hi = hi; }
        protected Long compute() {
            if (hi - lo <= 64) { long s = 0; for (int i = lo; i < hi; i++) s += a[i]; return s; }
            int mid = (lo + hi) >>> 1;
            Sum l = new Sum(a, lo, mid), r = new Sum(a, mid, hi);
            l.fork();
            return r.compute() + l.join();
        }
    }
    static class Sort extends RecursiveAction {
        final int[] a; final int lo, hi;
        Sort(int[] a, int lo, int hi) { this.a = a; this.lo = lo; this.hi = hi; }
        protected void compute() {
            if (hi - lo < 32) { Arrays.sort(a, lo, hi); return; }
            int mid = (lo + hi) >>> 1;
            invokeAll(new Sort(a, lo, mid), new Sort(a, mid, hi));
            int[] left = Arrays.copyOfRange(a, lo, mid);
            for (int i = 0, j = mid, k = lo; i < left.length; k++) a[k] = j == hi || left[i] <= a[j] ? left[i++] : a[j++];
        }
    }
    static class Fib extends RecursiveTask<Integer> {
        final int n;
        Fib(int n) { this.n = n; }
        protected Integer compute() { if (n < 2) return n; Fib f = new Fib(n - 1); f.fork(); return new Fib(n - 2).invoke() + f.join(); }
    }
    static class Boom extends RecursiveAction {
        final int d;
        Boom(int d) { this.d = d; }
        protected void compute() { if (d == 0) throw new IllegalArgumentException("depth 0"); invokeAll(new Boom(d - 1), new Boom(d - 1)); }
    }
    static class Count extends CountedCompleter<Void> {
        final int lo, hi; final AtomicInteger total; 
        Count(CountedCompleter<?> p, int lo, int hi, AtomicInteger t) { super(p); this.lo = lo; this.hi = hi; total = t; }
        public void compute() {
            if (hi - lo > 10) { int m = (lo + hi) / 2; setPendingCount(2); new Count(this, lo, m, total).fork(); new Count(this, m, hi, total).fork(); }
            else for (int i = lo; i < hi; i++) total.addAndGet(i);
            tryComplete();
        }
    }

    public static void main(String[] args) throws Exception {
        int[] a = new Random(5).ints(2000, 0, 1000).toArray();
        try (ForkJoinPool pool = new ForkJoinPool(3)) {
            System.out.println(pool.invoke(new Sum(a, 0, a.length)) == Arrays.stream(a).asLongStream().sum());
            int[] c = a.clone();
            pool.invoke(new Sort(c, 0, c.length));
            Arrays.sort(a);
            System.out.println(Arrays.equals(a, c));
            System.out.println(pool.submit(new Fib(12)).get() + " " + pool.getParallelism());
            try {
                pool.invoke(new Boom(4));
            } catch (IllegalArgumentException e) {
                Throwable root = e;
                while (root.getCause() != null) root = root.getCause();
                System.out.println(root.getMessage());
            }
            ForkJoinTask<?> t = pool.submit(() -> { throw new Exception("checked"); });
            try {
                t.get();
            } catch (ExecutionException e) {
                Throwable x = e;
                while (x.getCause() != null) x = x.getCause();
                System.out.println(x.getMessage() + " " + t.isCompletedAbnormally() + t.isCompletedNormally());
            }
            AtomicInteger total = new AtomicInteger();
            pool.invoke(new Count(null, 0, 200, total));
            System.out.println(total);
            System.out.println(pool.invokeAll(List.<Callable<Integer>>of(() -> 1, () -> 2)).stream().mapToInt(f -> f.resultNow()).sum());
        }
        System.out.println(new Fib(10).invoke() + " " + ForkJoinTask.inForkJoinPool() + " " + ForkJoinPool.commonPool().submit(() -> ForkJoinTask.inForkJoinPool()).get());
        List<ForkJoinTask<Integer>> ts = new ArrayList<>();
        for (int i = 0; i < 8; i++) { int k = i; ts.add(ForkJoinTask.adapt(() -> k * k)); }
        ForkJoinTask.invokeAll(ts);
        System.out.println(ts.stream().mapToInt(ForkJoinTask::join).sum());
        Fib f = new Fib(3);
        f.cancel(false);
        try {
            f.join();
        } catch (CancellationException e) {
            System.out.println("cancelled " + f.isCancelled());
        }
        f.reinitialize();
        System.out.println(f.invoke() + " " + f.getRawResult() + f.isDone());
    }
}
