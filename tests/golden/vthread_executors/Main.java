import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.stream.*;

public class Main {
    public static void main(String[] args) throws Exception {
        int n = Integer.getInteger("golden.scale", 1000);
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                int k = i;
                tasks.add(() -> {
                    Thread.sleep(k % 3);
                    return k;
                });
            }
            long sum = 0;
            for (Future<Integer> f : pool.invokeAll(tasks)) sum += f.get();
            System.out.println("invokeAll " + (sum == (long) n * (n - 1) / 2));
            System.out.println("invokeAny " + pool.invokeAny(List.of(() -> "quick", () -> {
                Thread.sleep(100_000);
                return "slow";
            })));
            CompletableFuture<String> f = CompletableFuture.supplyAsync(() -> "a", pool)
                .thenCombineAsync(CompletableFuture.supplyAsync(() -> "b", pool), String::concat, pool);
            System.out.println(f.get());
            Future<String> cancelled = pool.submit(() -> {
                Thread.sleep(100_000);
                return "never";
            });
            System.out.println(cancelled.cancel(true) + " " + cancelled.state());
        }
        CyclicBarrier barrier = new CyclicBarrier(10);
        AtomicInteger rounds = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                try {
                    for (int k = 0; k < 5; k++) {
                        if (barrier.await() == 0) rounds.incrementAndGet();
                    }
                } catch (Exception e) {
                    System.out.println(e);
                }
            }));
        }
        for (Thread t : threads) t.join();
        System.out.println("barrier " + rounds);
        Phaser phaser = new Phaser(1);
        StringBuffer log = new StringBuffer();
        for (int i = 0; i < 5; i++) {
            phaser.register();
            Thread.startVirtualThread(() -> {
                phaser.arriveAndAwaitAdvance();
                log.append('x');
                phaser.arriveAndDeregister();
            });
        }
        phaser.arriveAndAwaitAdvance();
        phaser.arriveAndAwaitAdvance();
        System.out.println("phaser " + log);
        ConcurrentHashMap<Integer, Integer> map = new ConcurrentHashMap<>();
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < n; i++) {
                int k = i % 10;
                pool.submit(() -> map.merge(k, 1, Integer::sum));
            }
        }
        System.out.println("map " + (map.values().stream().mapToInt(Integer::intValue).sum() == n));
        // A pipeline of threads.
        SynchronousQueue<Integer> in = new SynchronousQueue<>();
        SynchronousQueue<Integer> at = in;
        for (int i = 0; i < 20; i++) {
            SynchronousQueue<Integer> from = at, to = new SynchronousQueue<>();
            Thread.startVirtualThread(() -> {
                try {
                    while (true) to.put(from.take() + 1);
                } catch (InterruptedException e) {
                    System.out.println("interrupted");
                }
            });
            at = to;
        }
        SynchronousQueue<Integer> out = at;
        Thread feeder = Thread.startVirtualThread(() -> {
            try {
                for (int i = 0; i < 10; i++) in.put(i * 100);
            } catch (InterruptedException e) {
                System.out.println("interrupted");
            }
        });
        List<Integer> got = new ArrayList<>();
        for (int i = 0; i < 10; i++) got.add(out.take());
        feeder.join();
        System.out.println(got);
        // Threads that start threads.
        System.out.println("tree " + tree(6));
        System.out.println(IntStream.range(0, 3).mapToObj(i -> Thread.ofVirtual().name("n-", i).unstarted(() -> { }).getName())
            .collect(Collectors.joining(" ")));
    }

    static int tree(int depth) throws Exception {
        if (depth == 0) return 1;
        int[] counts = new int[2];
        Thread[] children = new Thread[2];
        for (int i = 0; i < 2; i++) {
            int k = i;
            children[i] = Thread.startVirtualThread(() -> {
                try {
                    counts[k] = tree(depth - 1);
                } catch (Exception e) {
                    counts[k] = -1_000_000;
                }
            });
        }
        for (Thread t : children) t.join();
        return counts[0] + counts[1];
    }
}
