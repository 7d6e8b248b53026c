import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class Main {
    static volatile boolean stop;

    static Object fill() {
        Object[] chain = null;
        while (!stop) chain = new Object[] {chain, new int[20_000]};
        return chain;
    }

    public static void main(String[] args) throws Exception {
        // Several that exhaust the heap at once, each until it got its error twice, beside one that needs little.
        AtomicInteger errors = new AtomicInteger();
        AtomicInteger others = new AtomicInteger();
        AtomicLong sum = new AtomicLong();
        Thread[] greedy = new Thread[3];
        for (int i = 0; i < greedy.length; i++) {
            greedy[i] = new Thread(() -> {
                for (int n = 0; n < 2; ) {
                    try {
                        fill();
                    } catch (OutOfMemoryError e) {
                        n++;
                        errors.incrementAndGet();
                        if (!"Java heap space".equals(e.getMessage())) others.incrementAndGet();
                    }
                }
            });
            greedy[i].start();
        }
        Thread modest = new Thread(() -> {
            for (int i = 0; i < 2000; i++) {
                try {
                    int[] small = new int[10];
                    small[9] = i;
                    sum.addAndGet(small[9]);
                } catch (OutOfMemoryError e) {
                    // The heap belongs to all: anyone may be hit. Again.
                    i--;
                }
            }
        });
        modest.start();
        for (Thread t : greedy) t.join();
        modest.join();
        System.out.println("errors " + errors + ", other messages " + others + ", sum " + sum);

        // Uncaught, it ends its thread and nothing else. The monitor that it held is free.
        Object lock = new Object();
        List<String> uncaught = new CopyOnWriteArrayList<>();
        Thread dying = new Thread(() -> { synchronized (lock) { fill(); } });
        dying.setUncaughtExceptionHandler((t, e) -> uncaught.add(e.getClass().getSimpleName() + " " + e.getMessage() + " " + Thread.holdsLock(lock)));
        dying.start();
        dying.join();
        synchronized (lock) { System.out.println("uncaught " + uncaught + dying.getState()); }

        // In a pool it is the task's, and the pool's threads live on.
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            List<Future<Object>> tasks = new ArrayList<>();
            for (int i = 0; i < 3; i++) tasks.add(pool.submit(Main::fill));
            for (Future<Object> task : tasks) {
                try {
                    task.get();
                } catch (ExecutionException e) {
                    System.out.println("task " + e.getCause().getMessage());
                }
            }
            System.out.println("then " + pool.submit(() -> "works").get());
        }
        CompletableFuture<Object> future = CompletableFuture.supplyAsync(Main::fill);
        System.out.println("future " + future.handle((v, e) -> e.getCause().getMessage()).get());

        // One that holds nearly everything and waits makes others fail; once it lets go, they do not.
        CountDownLatch held = new CountDownLatch(1), release = new CountDownLatch(1);
        Thread holder = new Thread(() -> {
            Object[] chain = null;
            try {
                while (true) chain = new Object[] {chain, new int[5000]};
            } catch (OutOfMemoryError e) {
                held.countDown();
                try {
                    release.await();
                } catch (InterruptedException never) {
                    throw new AssertionError(never);
                }
                if (chain == null) throw new AssertionError("nothing was held");
            }
        });
        holder.start();
        held.await();
        String large;
        try {
            large = "fine " + new byte[4 << 20].length;
        } catch (OutOfMemoryError e) {
            large = e.getMessage();
        }
        release.countDown();
        holder.join();
        System.out.println("held " + large + ", released " + new byte[4 << 20].length);
    }
}
