import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Platform threads, an executor and futures: counts primes in parallel. */
public class Threads {
    static boolean isPrime(int n) {
        for (int d = 2; d * d <= n; d++) {
            if (n % d == 0) return false;
        }
        return n > 1;
    }

    static int primesIn(int from, int to) {
        int count = 0;
        for (int n = from; n < to; n++) {
            if (isPrime(n)) count++;
        }
        return count;
    }

    public static void main(String[] args) throws Exception {
        int limit = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
        int parts = 4;
        var workers = ConcurrentHashMap.<String>newKeySet();
        int total = 0;
        try (var pool = Executors.newFixedThreadPool(parts)) {
            List<Future<Integer>> counts = new ArrayList<>();
            for (int part = 0; part < parts; part++) {
                int from = limit / parts * part;
                int to = part == parts - 1 ? limit : limit / parts * (part + 1);
                counts.add(pool.submit(() -> {
                    workers.add(Thread.currentThread().getName());
                    return primesIn(from, to);
                }));
            }
            for (var count : counts) total += count.get();
        }
        System.out.println(total + " primes below " + limit + ", counted in " + parts + " parts");

        String joined = CompletableFuture.supplyAsync(() -> "futures")
                .thenCombine(CompletableFuture.supplyAsync(() -> "compose"), (a, b) -> a + " " + b)
                .get();
        System.out.println(joined);

        Thread thread = new Thread(() -> { throw new IllegalStateException("an uncaught exception ends its thread only"); }, "doomed");
        thread.setUncaughtExceptionHandler((who, why) -> System.out.println(who.getName() + ": " + why.getMessage()));
        thread.start();
        thread.join();
        System.out.println("workers: " + (workers.size() <= parts ? "fine" : workers));
    }
}
