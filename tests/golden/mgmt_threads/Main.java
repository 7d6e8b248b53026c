import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MonitorInfo;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

public class Main {
    static final ThreadMXBean bean = ManagementFactory.getThreadMXBean();

    static class Gate {
        synchronized void pass() {}

        synchronized void hold(CountDownLatch in, CountDownLatch out) throws InterruptedException {
            in.countDown();
            out.await();
        }
    }

    interface Body {
        void run() throws Exception;
    }

    static Thread start(String name, Body body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (Exception e) {
                throw new Error(e);
            }
        }, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    static void await(Thread thread, Thread.State state) {
        while (thread.getState() != state) Thread.onSpinWait();
    }

    static void show(ThreadInfo info) {
        System.out.println(info.getThreadName() + ": " + info.getThreadState() + " daemon " + info.isDaemon() + " priority " + info.getPriority());
        LockInfo lock = info.getLockInfo();
        if (lock != null) System.out.println("  on " + lock.getClassName() + " held by " + info.getLockOwnerName() + " " + (info.getLockOwnerId() != -1));
        StackTraceElement[] stack = info.getStackTrace();
        for (int i = 0; i < stack.length; i++) {
            StackTraceElement e = stack[i];
            if (e.getClassName().startsWith("Main") && !e.getClassName().contains("/")) System.out.println("  at " + e);
            for (MonitorInfo monitor : info.getLockedMonitors()) {
                if (monitor.getLockedStackDepth() == i) {
                    System.out.println("    locked " + monitor.getClassName() + " " + monitor.getLockedStackFrame().equals(e));
                }
            }
        }
        for (LockInfo owned : info.getLockedSynchronizers()) System.out.println("  owns " + owned.getClassName());
        System.out.println("  blocked " + (info.getBlockedCount() > 0) + " " + info.getBlockedTime() + " waited " + (info.getWaitedCount() > 0) + " " + info.getWaitedTime());
    }

    static void names(long[] ids) {
        if (ids == null) {
            System.out.println("no deadlock");
            return;
        }
        TreeSet<String> names = new TreeSet<>();
        for (ThreadInfo info : bean.getThreadInfo(ids)) names.add(info.getThreadName());
        System.out.println("deadlocked: " + names);
    }

    public static void main(String[] args) throws Exception {
        names(bean.findDeadlockedThreads());
        names(bean.findMonitorDeadlockedThreads());

        Gate gate = new Gate();
        CountDownLatch in = new CountDownLatch(1), out = new CountDownLatch(1);
        Object waited = new Object();
        Thread holder = start("holder", () -> gate.hold(in, out));
        in.await();
        await(holder, Thread.State.WAITING);
        Thread blocked = start("blocked", gate::pass);
        await(blocked, Thread.State.BLOCKED);
        Thread waiter = start("waiter", () -> {
            synchronized (waited) {
                synchronized (Main.class) {
                    waited.wait();
                }
            }
        });
        await(waiter, Thread.State.WAITING);
        Thread sleeper = start("sleeper", () -> Thread.sleep(1_000_000));
        await(sleeper, Thread.State.TIMED_WAITING);
        ReentrantLock lock = new ReentrantLock();
        Thread owner = start("owner", () -> {
            lock.lock();
            while (true) LockSupport.parkNanos("a reason", 1_000_000_000_000L);
        });
        await(owner, Thread.State.TIMED_WAITING);
        Thread parked = start("parked", lock::lock);
        await(parked, Thread.State.WAITING);

        Thread[] threads = {holder, blocked, waiter, sleeper, owner, parked};
        long[] ids = Arrays.stream(threads).mapToLong(Thread::threadId).toArray();
        for (ThreadInfo info : bean.getThreadInfo(ids, true, true)) show(info);
        System.out.println("two frames");
        ThreadInfo[] two = bean.getThreadInfo(ids, 2);
        for (ThreadInfo info : two) System.out.println(info.getThreadName() + " " + info.getStackTrace().length + " " + info.getLockedMonitors().length);
        System.out.println(bean.getThreadInfo(holder.threadId()).getStackTrace().length);
        System.out.println(bean.getThreadInfo(123456789L));
        System.out.println(Arrays.toString(bean.getThreadInfo(new long[] {123456789L}, true, true)));
        for (long[] bad : new long[][] {{0}, {-1}}) {
            try {
                bean.getThreadInfo(bad);
            } catch (IllegalArgumentException e) {
                System.out.println(e.getMessage());
            }
        }

        // The whole: every thread once, with the same facts.
        TreeSet<String> all = new TreeSet<>();
        for (ThreadInfo info : bean.dumpAllThreads(true, true)) all.add(info.getThreadName());
        System.out.println(all.containsAll(Arrays.asList("main", "Reference Handler", "Finalizer", "holder", "blocked", "parked")));
        System.out.println(bean.getThreadCount() >= 9 && bean.getPeakThreadCount() >= bean.getThreadCount()
            && bean.getTotalStartedThreadCount() >= bean.getPeakThreadCount() && bean.getDaemonThreadCount() == bean.getThreadCount() - 1);
        System.out.println(Arrays.stream(bean.getAllThreadIds()).anyMatch(id -> id == holder.threadId()));
        bean.resetPeakThreadCount();
        System.out.println(bean.getPeakThreadCount() <= bean.getThreadCount() + 1);

        // Time.
        System.out.println(bean.isThreadCpuTimeSupported() + " " + bean.isThreadCpuTimeEnabled() + " " + bean.isCurrentThreadCpuTimeSupported());
        long before = bean.getCurrentThreadCpuTime(), x = 0;
        for (int i = 0; i < 3_000_000; i++) x += i * x + 1;
        long after = bean.getCurrentThreadCpuTime();
        System.out.println(after > before && x != 17);
        System.out.println(bean.getThreadCpuTime(holder.threadId()) > 0 && bean.getThreadUserTime(holder.threadId()) >= 0);
        System.out.println(bean.getThreadCpuTime(123456789L));

        // Deadlocks, of monitors and of locks.
        Object a = new Object(), b = new Object();
        CountDownLatch both = new CountDownLatch(2);
        Thread one = start("one", () -> {
            synchronized (a) {
                both.countDown();
                both.await();
                synchronized (b) {
                    System.out.println("impossible");
                }
            }
        });
        Thread other = start("two", () -> {
            synchronized (b) {
                both.countDown();
                both.await();
                synchronized (a) {
                    System.out.println("impossible");
                }
            }
        });
        await(one, Thread.State.BLOCKED);
        await(other, Thread.State.BLOCKED);
        names(bean.findMonitorDeadlockedThreads());
        names(bean.findDeadlockedThreads());
        ReentrantLock l1 = new ReentrantLock(), l2 = new ReentrantLock();
        CountDownLatch pair = new CountDownLatch(2);
        Thread three = start("three", () -> {
            l1.lock();
            pair.countDown();
            pair.await();
            l2.lock();
        });
        Thread four = start("four", () -> {
            l2.lock();
            pair.countDown();
            pair.await();
            l1.lock();
        });
        while (!l1.hasQueuedThread(four) || !l2.hasQueuedThread(three)) Thread.onSpinWait();
        await(three, Thread.State.WAITING);
        await(four, Thread.State.WAITING);
        names(bean.findMonitorDeadlockedThreads());
        names(bean.findDeadlockedThreads());

        // The same through Thread itself.
        var traces = Thread.getAllStackTraces();
        System.out.println(traces.keySet().containsAll(Arrays.asList(threads)) + " " + traces.get(sleeper)[0].getMethodName().startsWith("sleepNanos"));
        out.countDown();
        holder.join();
        blocked.join();
        System.out.println(holder.getState() + " " + bean.getThreadInfo(holder.threadId()));
    }
}
