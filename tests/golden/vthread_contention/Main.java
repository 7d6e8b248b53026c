import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.concurrent.locks.*;

public class Main {
    static long counter;

    static void all(int n, Runnable body) throws InterruptedException {
        Thread[] threads = new Thread[n];
        for (int i = 0; i < n; i++) threads[i] = Thread.startVirtualThread(body);
        for (Thread t : threads) t.join();
    }

    public static void main(String[] args) throws Exception {
        int n = Integer.getInteger("golden.scale", 10_000);
        Object monitor = new Object();
        counter = 0;
        all(n, () -> {
            synchronized (monitor) {
                long seen = counter;
                if (seen % 7 == 0) Thread.yield();
                counter = seen + 1;
            }
        });
        System.out.println("synchronized " + (counter == n));

        ReentrantLock lock = new ReentrantLock();
        counter = 0;
        all(n, () -> {
            lock.lock();
            try {
                long seen = counter;
                if (seen % 7 == 0) Thread.yield();
                counter = seen + 1;
            } finally {
                lock.unlock();
            }
        });
        System.out.println("lock " + (counter == n));

        Semaphore semaphore = new Semaphore(3, true);
        AtomicInteger inside = new AtomicInteger(), most = new AtomicInteger();
        AtomicLong passed = new AtomicLong();
        all(n, () -> {
            semaphore.acquireUninterruptibly();
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            Thread.yield();
            passed.incrementAndGet();
            inside.decrementAndGet();
            semaphore.release();
        });
        System.out.println("semaphore " + (passed.get() == n) + " " + (most.get() <= 3));

        ArrayBlockingQueue<Integer> queue = new ArrayBlockingQueue<>(10);
        AtomicLong sum = new AtomicLong();
        Thread[] threads = new Thread[2 * n];
        for (int i = 0; i < n; i++) {
            int k = i;
            threads[2 * i] = Thread.startVirtualThread(() -> {
                try {
                    queue.put(k);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            threads[2 * i + 1] = Thread.startVirtualThread(() -> {
                try {
                    sum.addAndGet(queue.take());
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
        for (Thread t : threads) t.join();
        System.out.println("queue " + (sum.get() == (long) n * (n - 1) / 2) + " " + queue.size());
    }
}
