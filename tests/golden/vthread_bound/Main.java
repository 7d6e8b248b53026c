import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.concurrent.locks.*;

public class Main {
    static synchronized int pinned(int x) throws InterruptedException {
        Thread.sleep(1);
        return x + 1;
    }

    static int deep(int n, BlockingQueue<Integer> q) throws InterruptedException {
        return n == 0 ? q.take() : 1 + deep(n - 1, q);
    }

    public static void main(String[] args) throws Exception {
        Thread v = Thread.ofVirtual().name("v-1").start(() -> System.out.println(Thread.currentThread().getName() + " " + Thread.currentThread().isVirtual() + " " + Thread.currentThread().isDaemon() + " " + Thread.currentThread().getPriority() + " " + Thread.currentThread().getThreadGroup().getName()));
        v.join();
        System.out.println(v.getState() + " " + v.isAlive() + " " + v.join(java.time.Duration.ofMillis(1)));
        int n = Integer.getInteger("golden.scale", 200);
        AtomicInteger done = new AtomicInteger();
        List<Thread> ts = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            ts.add(Thread.startVirtualThread(() -> {
                try {
                    Thread.sleep(5);
                } catch (InterruptedException e) {
                    return;
                }
                done.incrementAndGet();
            }));
        }
        for (Thread t : ts) t.join();
        System.out.println(done.get() == n);
        try (ExecutorService ex = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> fs = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                int k = i;
                fs.add(ex.submit(() -> pinned(k)));
            }
            int sum = 0;
            for (Future<Integer> f : fs) sum += f.get();
            System.out.println(sum);
        }
        LinkedBlockingQueue<Integer> q = new LinkedBlockingQueue<>();
        int[] res = new int[1];
        Thread d = Thread.startVirtualThread(() -> {
            try {
                res[0] = deep(200, q);
            } catch (InterruptedException e) {
                res[0] = -1;
            }
        });
        while (d.getState() != Thread.State.WAITING) Thread.yield();
        System.gc();
        q.put(1000);
        d.join();
        System.out.println(res[0]);
        Thread sl = Thread.startVirtualThread(() -> {
            try {
                Thread.sleep(100_000);
            } catch (InterruptedException e) {
                System.out.println("virtual interrupted " + Thread.currentThread().isInterrupted());
            }
        });
        sl.interrupt();
        sl.join();
        ReentrantLock lock = new ReentrantLock();
        int[] counter = new int[1], other = new int[1];
        Object mon = new Object();
        ts.clear();
        for (int i = 0; i < 20; i++) {
            ts.add(Thread.ofVirtual().unstarted(() -> {
                for (int k = 0; k < 20; k++) {
                    lock.lock();
                    try { counter[0]++; Thread.yield(); } finally { lock.unlock(); }
                    synchronized (mon) { other[0]++; }
                }
            }));
        }
        for (Thread t : ts) t.start();
        for (Thread t : ts) t.join();
        System.out.println(counter[0] == other[0] ? counter[0] : -1);
        ThreadLocal<String> tl = ThreadLocal.withInitial(() -> "init");
        Thread.startVirtualThread(() -> { tl.set("changed"); Thread.yield(); System.out.println(tl.get()); }).join();
        System.out.println(tl.get());
        try {
            Thread.ofVirtual().unstarted(() -> {}).setDaemon(false);
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        Thread x = Thread.ofVirtual().uncaughtExceptionHandler((t, e) -> System.out.println("handled " + e.getMessage() + " " + t.isVirtual())).start(() -> { throw new IllegalStateException("boom"); });
        x.join();
        Exchanger<String> e = new Exchanger<>();
        Thread p = Thread.startVirtualThread(() -> { try { System.out.println("got " + e.exchange("v")); } catch (InterruptedException ie) { } });
        String got = e.exchange("m");
        p.join();
        System.out.println(got + " " + Thread.currentThread().isVirtual());
        Thread un = Thread.ofVirtual().unstarted(() -> LockSupport.park());
        System.out.println(un.getState() + " " + un.getName().isEmpty());
        un.start();
        LockSupport.unpark(un);
        un.join();
        StringBuffer sb = new StringBuffer();
        SynchronousQueue<Integer> sq = new SynchronousQueue<>();
        Thread prod = Thread.startVirtualThread(() -> { try { for (int i = 0; i < 10; i++) sq.put(i); } catch (InterruptedException ie) { } });
        Thread cons = Thread.startVirtualThread(() -> { try { for (int i = 0; i < 10; i++) sb.append(sq.take()); } catch (InterruptedException ie) { } });
        prod.join();
        cons.join();
        System.out.println(sb);
    }
}
