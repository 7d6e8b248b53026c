import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.concurrent.locks.*;

public class Main {
    static final Object GATE = new Object();
    static int entered;
    static final List<String> LOG = Collections.synchronizedList(new ArrayList<>());

    static void await(Thread t, Thread.State state) {
        while (t.getState() != state) Thread.yield();
    }

    static synchronized void enterStatic() {
        entered++;
    }

    synchronized int nested(int depth) {
        synchronized (GATE) {
            if (depth > 0) return 1 + nested(depth - 1);
            Thread.yield();
            return Thread.holdsLock(this) && Thread.holdsLock(GATE) ? 1 : -1000;
        }
    }

    public static void main(String[] args) throws Exception {
        // Far more threads than there can be carriers are blocked, and others still run.
        int n = 300;
        List<Thread> blocked = new ArrayList<>();
        synchronized (GATE) {
            for (int i = 0; i < n; i++) {
                blocked.add(Thread.startVirtualThread(() -> {
                    synchronized (GATE) {
                        entered++;
                    }
                }));
            }
            for (Thread t : blocked) await(t, Thread.State.BLOCKED);
            Thread free = Thread.startVirtualThread(() -> System.out.println("runs while " + n + " are blocked"));
            free.join();
            System.out.println("entered " + entered);
        }
        for (Thread t : blocked) t.join();
        System.out.println("entered " + entered);

        // The same with a synchronized method.
        blocked.clear();
        synchronized (Main.class) {
            for (int i = 0; i < n; i++) blocked.add(Thread.startVirtualThread(Main::enterStatic));
            for (Thread t : blocked) await(t, Thread.State.BLOCKED);
        }
        for (Thread t : blocked) t.join();
        System.out.println("entered " + entered);

        // A thread that parks keeps its monitor, and its carrier is free.
        Object monitor = new Object();
        List<Thread> owners = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            Object own = new Object();
            owners.add(Thread.startVirtualThread(() -> {
                synchronized (own) {
                    synchronized (own) {
                        LockSupport.park();
                        if (!Thread.holdsLock(own)) LOG.add("lost");
                    }
                    if (!Thread.holdsLock(own)) LOG.add("lost outer");
                }
                if (Thread.holdsLock(own)) LOG.add("kept");
            }));
        }
        Thread holder = Thread.ofVirtual().unstarted(() -> {
            synchronized (monitor) {
                LockSupport.park();
                LOG.add("holder " + Thread.holdsLock(monitor));
            }
        });
        holder.start();
        await(holder, Thread.State.WAITING);
        Thread platform = new Thread(() -> {
            synchronized (monitor) {
                LOG.add("platform");
            }
        });
        platform.start();
        await(platform, Thread.State.BLOCKED);
        Thread virtual = Thread.startVirtualThread(() -> {
            synchronized (monitor) {
                LOG.add("virtual");
            }
        });
        await(virtual, Thread.State.BLOCKED);
        System.gc();
        LockSupport.unpark(holder);
        holder.join();
        platform.join();
        virtual.join();
        System.out.println(LOG.get(0) + ", then " + new TreeSet<>(LOG.subList(1, LOG.size())));
        LOG.clear();
        for (Thread t : owners) await(t, Thread.State.WAITING);
        for (Thread t : owners) LockSupport.unpark(t);
        for (Thread t : owners) t.join();
        System.out.println(LOG);

        // Recursion, on two monitors, with a yield inside.
        Main m = new Main();
        AtomicInteger sum = new AtomicInteger();
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) all.add(Thread.startVirtualThread(() -> sum.addAndGet(m.nested(9))));
        for (Thread t : all) t.join();
        System.out.println("nested " + sum);

        // What a thread may not do with a monitor that it does not own.
        Thread wrong = Thread.startVirtualThread(() -> {
            for (Runnable r : List.<Runnable>of(monitor::notify, monitor::notifyAll, () -> {
                try {
                    monitor.wait(1);
                } catch (InterruptedException e) {
                    LOG.add("interrupted");
                }
            })) {
                try {
                    r.run();
                    LOG.add("no exception");
                } catch (IllegalMonitorStateException e) {
                    LOG.add(e.getMessage());
                }
            }
        });
        wrong.join();
        System.out.println(LOG);
        LOG.clear();

        // An exception through a frame that holds a monitor which others wait for.
        Thread thrower = Thread.ofVirtual().uncaughtExceptionHandler((t, e) -> LOG.add("uncaught " + e.getMessage())).unstarted(() -> {
            synchronized (monitor) {
                LockSupport.park();
                throw new IllegalStateException("inside");
            }
        });
        thrower.start();
        await(thrower, Thread.State.WAITING);
        Thread after = Thread.startVirtualThread(() -> {
            synchronized (monitor) {
                LOG.add("free again");
            }
        });
        await(after, Thread.State.BLOCKED);
        LockSupport.unpark(thrower);
        thrower.join();
        after.join();
        Collections.sort(LOG);
        System.out.println(LOG);
    }
}
