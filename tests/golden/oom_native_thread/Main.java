import java.util.*;
import java.util.concurrent.*;

/** More threads than the machine gives. A stack of a petabyte will do where its size is more than a hint, else very many threads. */
public class Main {
    static final int THREADS_MAX = 40_000;

    public static void main(String[] args) throws Exception {
        for (int round = 0; round < 2; round++) {
            CountDownLatch end = new CountDownLatch(1);
            List<Thread> started = new ArrayList<>();
            Thread refused = null;
            String message = "none";
            try {
                refused = new Thread(null, () -> await(end), "large", 1L << 50);
                refused.start();
                started.add(refused);
                while (started.size() < THREADS_MAX) {
                    refused = new Thread(null, () -> await(end), "one of many", 1);
                    refused.start();
                    started.add(refused);
                }
            } catch (OutOfMemoryError e) {
                message = e.getMessage();
            }
            System.out.println(message);
            System.out.println(refused.getState() + " " + refused.isAlive() + " " + refused.isInterrupted());
            end.countDown();
            for (Thread thread : started) thread.join();
            System.out.println("all ended " + started.stream().allMatch(thread -> thread.getState() == Thread.State.TERMINATED));
            // It goes on: a thread, a pool.
            int[] ran = new int[1];
            Thread again = new Thread(() -> ran[0]++);
            again.start();
            again.join();
            try (ExecutorService pool = Executors.newFixedThreadPool(3)) {
                System.out.println("works " + ran[0] + pool.invokeAll(List.of(() -> 1, () -> 2, () -> 3)).size());
            }
        }
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
