import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class Main {
    public static void main(String[] args) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(3, r -> { Thread t = new Thread(r); t.setDaemon(true); return t; });
        List<Future<Integer>> fs = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int k = i;
            fs.add(pool.submit(() -> k * k));
        }
        int sum = 0;
        for (Future<Integer> f : fs) sum += f.get();
        System.out.println(sum + " " + fs.get(0).isDone() + fs.get(0).isCancelled() + fs.get(3).resultNow() + fs.get(3).state());
        Future<?> bad = pool.submit(() -> { throw new IllegalStateException("task"); });
        try {
            bad.get();
        } catch (ExecutionException e) {
            System.out.println(e.getMessage() + " | " + e.getCause() + " | " + bad.state() + " " + bad.exceptionNow().getMessage());
        }
        System.out.println(pool.invokeAll(List.of(() -> "a", () -> "b")).stream().map(f -> { try { return f.get(); } catch (Exception e) { return e.toString(); } }).toList() + " " + pool.invokeAny(List.<Callable<String>>of(() -> { throw new RuntimeException(); }, () -> "any")));
        try {
            pool.invokeAny(List.<Callable<String>>of(() -> { throw new IllegalArgumentException("all fail"); }));
        } catch (ExecutionException e) {
            System.out.println(e.getCause().getMessage());
        }
        CountDownLatch in = new CountDownLatch(1), interrupted = new CountDownLatch(1);
        Future<String> slow = pool.submit(() -> {
            in.countDown();
            try {
                Thread.sleep(100_000);
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            return "never seen";
        });
        in.await();
        try {
            slow.get(1, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            System.out.println("timeout " + e.getMessage());
        }
        System.out.println(slow.cancel(true) + " " + slow.isCancelled() + slow.isDone() + slow.cancel(true));
        interrupted.await();
        try {
            slow.get();
        } catch (CancellationException e) {
            System.out.println("cancelled");
        }
        pool.shutdown();
        System.out.println(pool.isShutdown() + " " + pool.awaitTermination(5, TimeUnit.SECONDS) + pool.isTerminated());
        try {
            pool.execute(() -> {});
        } catch (RejectedExecutionException e) {
            System.out.println("rejected");
        }
        ThreadPoolExecutor tiny = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1), new ThreadPoolExecutor.CallerRunsPolicy());
        CountDownLatch hold = new CountDownLatch(1);
        tiny.execute(() -> { try { hold.await(); } catch (InterruptedException e) { } });
        tiny.execute(() -> {});
        String[] where = new String[1];
        tiny.execute(() -> where[0] = Thread.currentThread().getName());
        System.out.println("ran in " + where[0] + " queue " + tiny.getQueue().size());
        tiny.setRejectedExecutionHandler(new ThreadPoolExecutor.AbortPolicy());
        try {
            tiny.execute(() -> {});
        } catch (RejectedExecutionException e) {
            System.out.println("full");
        }
        hold.countDown();
        tiny.close();
        System.out.println(tiny.getCompletedTaskCount() + " " + tiny.getLargestPoolSize());
        ScheduledExecutorService sched = Executors.newScheduledThreadPool(1);
        StringBuffer order = new StringBuffer();
        CountDownLatch ticks = new CountDownLatch(3);
        ScheduledFuture<?> late = sched.schedule(() -> order.append("late "), 10, TimeUnit.MINUTES);
        ScheduledFuture<String> soon = sched.schedule(() -> "soon", 1, TimeUnit.MILLISECONDS);
        ScheduledFuture<?> rate = sched.scheduleAtFixedRate(() -> { order.append("tick "); ticks.countDown(); if (ticks.getCount() == 0) throw new RuntimeException("stops"); }, 0, 1, TimeUnit.MILLISECONDS);
        ticks.await();
        try {
            rate.get();
        } catch (ExecutionException e) {
            System.out.println(order + e.getCause().getMessage() + " " + soon.get() + (late.getDelay(TimeUnit.SECONDS) > 300));
        }
        System.out.println(sched.shutdownNow().size());
        try (ExecutorService single = Executors.newSingleThreadExecutor()) {
            List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
            for (int i = 0; i < 20; i++) {
                int k = i;
                single.execute(() -> seen.add(k));
            }
            single.submit(() -> {}).get();
            System.out.println(seen);
        }
        try (ExecutorService ws = Executors.newWorkStealingPool(2)) {
            ExecutorCompletionService<Integer> ecs = new ExecutorCompletionService<>(ws);
            for (int i = 1; i <= 5; i++) {
                int k = i;
                ecs.submit(() -> k);
            }
            int total = 0;
            for (int i = 0; i < 5; i++) total += ecs.take().get();
            System.out.println(total + " " + ecs.poll());
        }
        FutureTask<Integer> ft = new FutureTask<>(() -> 5);
        ft.run();
        ft.run();
        System.out.println(ft.get() + " " + Executors.callable(() -> {}, "r").call());
    }
}
