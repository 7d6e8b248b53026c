import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.stream.*;

public class Main {
    static final int REPEAT = Integer.getInteger("golden.repeat", 1);
    static final int SCALE = Integer.getInteger("golden.scale", 12);

    /** Layers of nodes, each the sum of two of the layer before: completed from below in any order, the top is fixed. */
    static long pyramid(Executor executor, int width) throws Exception {
        List<CompletableFuture<Long>> roots = new ArrayList<>();
        for (int i = 0; i < width; i++) roots.add(new CompletableFuture<>());
        List<CompletableFuture<Long>> layer = roots;
        while (layer.size() > 1) {
            List<CompletableFuture<Long>> next = new ArrayList<>();
            for (int i = 0; i + 1 < layer.size(); i++) {
                boolean async = (i & 1) == 0;
                next.add(async ? layer.get(i).thenCombineAsync(layer.get(i + 1), Long::sum, executor) : layer.get(i).thenCombine(layer.get(i + 1), Long::sum));
            }
            layer = next;
        }
        for (int i = 0; i < width; i++) {
            int n = i;
            executor.execute(() -> roots.get(n * 7 % width).complete((long) (n * 7 % width)));
        }
        return layer.get(0).get(60, TimeUnit.SECONDS);
    }

    static long pyramid(int width) {
        long[] layer = LongStream.range(0, width).toArray();
        for (; layer.length > 1; ) {
            long[] next = new long[layer.length - 1];
            for (int i = 0; i < next.length; i++) next[i] = layer[i] + layer[i + 1];
            layer = next;
        }
        return layer[0];
    }

    static String name(Throwable e) {
        return e == null ? "none" : e.getClass().getSimpleName() + (e.getCause() == null ? "" : " of " + name(e.getCause()));
    }

    static String once(ExecutorService pool) throws Exception {
        StringBuilder out = new StringBuilder();
        int width = SCALE % 7 == 0 ? SCALE + 1 : SCALE;
        out.append("pyramid ").append(pyramid(pool, width) == pyramid(width)).append('\n');

        CompletableFuture<Integer> start = new CompletableFuture<>();
        CompletableFuture<Integer> left = start.thenApplyAsync(x -> x + 1, pool), right = start.thenApplyAsync(x -> x * 2, pool);
        CompletableFuture<String> diamond = left.thenCombine(right, (a, b) -> a + "/" + b).thenCompose(s -> CompletableFuture.supplyAsync(() -> "<" + s + ">", pool));
        start.complete(20);
        out.append("diamond ").append(diamond.get()).append('\n');

        CompletableFuture<Integer> broken = CompletableFuture.supplyAsync(() -> 1 / (start.join() - 20), pool);
        CompletableFuture<Integer> after = broken.thenApply(x -> x + 1).thenApply(x -> x + 1);
        try {
            after.get();
        } catch (ExecutionException e) {
            out.append("get ").append(name(e)).append('\n');
        }
        try {
            after.join();
        } catch (CompletionException e) {
            out.append("join ").append(name(e)).append('\n');
        }
        out.append("handled ").append(after.handle((v, e) -> v + " " + name(e)).get()).append('\n');
        out.append("mended ").append(after.exceptionally(e -> -1).thenApply(x -> x * 10).get()).append('\n');
        AtomicInteger seen = new AtomicInteger();
        out.append("when ").append(name(after.whenComplete((v, e) -> seen.set(e == null ? 1 : 2)).handle((v, e) -> e).get())).append(' ').append(seen).append('\n');

        List<CompletableFuture<Integer>> many = new ArrayList<>();
        for (int i = 0; i < 30; i++) { int n = i; many.add(CompletableFuture.supplyAsync(() -> n * n, pool)); }
        CompletableFuture<Integer> total = CompletableFuture.allOf(many.toArray(new CompletableFuture[0])).thenApply(v -> many.stream().mapToInt(CompletableFuture::join).sum());
        out.append("all ").append(total.get()).append('\n');
        Object any = CompletableFuture.anyOf(many.toArray(new CompletableFuture[0])).get();
        int root = (int) Math.sqrt((Integer) any);
        out.append("any ").append(root * root == (Integer) any && root < 30).append('\n');

        CompletableFuture<String> never = new CompletableFuture<>();
        out.append("late ").append(never.copy().completeOnTimeout("default", 1, TimeUnit.MILLISECONDS).get()).append('\n');
        try {
            never.copy().orTimeout(1, TimeUnit.MILLISECONDS).get();
        } catch (ExecutionException e) {
            out.append("timeout ").append(name(e)).append('\n');
        }
        CompletableFuture<String> dependent = never.thenApply(s -> s + "!");
        out.append("cancel ").append(never.cancel(true)).append(never.isCancelled()).append(dependent.isCancelled()).append(dependent.isCompletedExceptionally()).append('\n');
        try {
            dependent.join();
        } catch (CompletionException e) {
            out.append("dependent ").append(name(e)).append('\n');
        }

        // One completion wins, whoever comes first; all dependents see the same.
        CompletableFuture<Integer> race = new CompletableFuture<>();
        List<CompletableFuture<Integer>> watchers = IntStream.range(0, 8).mapToObj(i -> race.thenApplyAsync(x -> x, pool)).collect(Collectors.toList());
        AtomicInteger wins = new AtomicInteger();
        List<CompletableFuture<Void>> racers = IntStream.range(0, 4).mapToObj(i -> CompletableFuture.runAsync(() -> { if (race.complete(i)) wins.incrementAndGet(); }, pool)).collect(Collectors.toList());
        for (CompletableFuture<Void> racer : racers) racer.get();
        int winner = race.get();
        boolean same = true;
        for (CompletableFuture<Integer> watcher : watchers) same &= watcher.get() == winner;
        out.append("race ").append(wins).append(same).append('\n');

        // A chain far longer than a stack would bear if completion recursed.
        CompletableFuture<Integer> chain = new CompletableFuture<>(), end = chain;
        for (int i = 0; i < 2000; i++) end = end.thenApply(x -> x + 1);
        chain.complete(0);
        out.append("chain ").append(end.get()).append('\n');
        return out.toString();
    }

    public static void main(String[] args) throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            String first = once(pool);
            System.out.print(first);
            for (int i = 1; i < REPEAT; i++) {
                String again = once(pool);
                if (!again.equals(first)) { System.out.println("repetition " + i + ":\n" + again); System.exit(1); }
            }
        }
    }
}
