import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class Main {
    public static void main(String[] args) throws Exception {
        int n = Integer.getInteger("golden.scale", 150);
        AtomicInteger ran = new AtomicInteger();
        for (int i = 0; i < n; i++) {
            Thread t = new Thread(ran::incrementAndGet);
            t.start();
            if (i % 3 == 0) t.join();
        }
        while (ran.get() < n) Thread.onSpinWait();
        System.out.println(ran.get() == n);
        Object lock = new Object();
        int[] count = new int[2];
        Thread[] ts = new Thread[4];
        for (int i = 0; i < 4; i++) {
            ts[i] = new Thread(() -> {
                for (int k = 0; k < 100; k++) {
                    try {
                        synchronized (lock) {
                            count[0]++;
                            if (k % 10 == 0) throw new IllegalStateException();
                            synchronized (lock) {
                                count[0]++;
                            }
                        }
                    } catch (IllegalStateException e) {
                        synchronized (lock) {
                            count[1]++;
                        }
                    }
                }
            });
            ts[i].start();
        }
        for (Thread t : ts) t.join();
        System.out.println(count[0] + " " + count[1]);
        AtomicInteger woken = new AtomicInteger(), interrupted = new AtomicInteger();
        for (int round = 0; round < 20; round++) {
            CountDownLatch in = new CountDownLatch(1);
            Thread t = new Thread(() -> {
                synchronized (lock) {
                    in.countDown();
                    try {
                        lock.wait();
                        woken.incrementAndGet();
                    } catch (InterruptedException e) {
                        interrupted.incrementAndGet();
                    }
                }
            });
            t.start();
            in.await();
            if (round % 2 == 0) {
                t.interrupt();
            } else {
                while (t.isAlive()) {
                    synchronized (lock) {
                        lock.notifyAll();
                    }
                    t.join(1);
                }
            }
            t.join();
        }
        System.out.println(woken + " " + interrupted);
        int sum = 0;
        for (int i = 0; i < 5; i++) {
            try (ExecutorService ex = i % 2 == 0 ? Executors.newFixedThreadPool(3) : Executors.newCachedThreadPool()) {
                List<Future<Integer>> fs = new ArrayList<>();
                for (int k = 0; k < 10; k++) { int v = k; fs.add(ex.submit(() -> v * v)); }
                for (Future<Integer> f : fs) sum += f.get();
            }
        }
        System.out.println(sum);
        ConcurrentLinkedQueue<Integer> q = new ConcurrentLinkedQueue<>();
        AtomicLong taken = new AtomicLong();
        Thread[] both = new Thread[4];
        for (int i = 0; i < 4; i++) {
            int id = i;
            both[i] = new Thread(() -> {
                for (int k = 1; k <= 200; k++) {
                    if (id < 2) q.add(k);
                    else { Integer v; while ((v = q.poll()) == null) Thread.yield(); taken.addAndGet(v); }
                }
            });
            both[i].start();
        }
        for (Thread t : both) t.join();
        System.out.println(taken + " " + q.isEmpty());
        ThreadLocal<int[]> tl = ThreadLocal.withInitial(() -> new int[1]);
        AtomicInteger bad = new AtomicInteger();
        Thread[] locals = new Thread[8];
        for (int i = 0; i < 8; i++) { locals[i] = new Thread(() -> { for (int k = 0; k < 100; k++) tl.get()[0]++; if (tl.get()[0] != 100) bad.incrementAndGet(); }); locals[i].start(); }
        for (Thread t : locals) t.join();
        System.out.println(bad);
    }
}
