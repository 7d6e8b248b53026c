import java.util.*;

public class Main {
    static void sleep(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            System.out.println("interrupted: " + e.getMessage() + " flag " + Thread.currentThread().isInterrupted());
        }
    }

    static void await(Thread t, Thread.State s) {
        while (t.getState() != s) Thread.yield();
    }

    public static void main(String[] args) throws Exception {
        Object lock = new Object();
        Thread t = new Thread(() -> { synchronized (lock) { } }, "t");
        System.out.println(t.getState() + " " + t.isAlive() + " " + t.getName() + " " + t.toString().replaceAll("#\\d+", "#"));
        synchronized (lock) {
            t.start();
            await(t, Thread.State.BLOCKED);
            System.out.println(t.getState() + " " + t.isAlive());
        }
        t.join();
        System.out.println(t.getState() + " " + t.isAlive() + " " + t.getThreadGroup());
        try {
            t.start();
        } catch (IllegalThreadStateException e) {
            System.out.println(e);
        }
        Thread sleeper = new Thread(() -> sleep(100_000));
        sleeper.start();
        await(sleeper, Thread.State.TIMED_WAITING);
        sleeper.join(5);
        System.out.println(sleeper.isAlive());
        sleeper.interrupt();
        sleeper.join();
        Thread waiter = new Thread(() -> {
            synchronized (lock) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    System.out.println("wait interrupted " + e.getMessage() + " holds " + Thread.holdsLock(lock));
                }
            }
        });
        waiter.start();
        await(waiter, Thread.State.WAITING);
        waiter.interrupt();
        waiter.join();
        Thread joiner = new Thread(() -> {
            try {
                Thread.currentThread().join();
            } catch (InterruptedException e) {
                System.out.println("join interrupted " + e.getMessage());
            }
        });
        joiner.start();
        await(joiner, Thread.State.WAITING);
        joiner.interrupt();
        joiner.join();
        Thread.currentThread().interrupt();
        System.out.println(Thread.currentThread().isInterrupted() + " " + Thread.interrupted() + " " + Thread.interrupted());
        Thread.currentThread().interrupt();
        sleep(1000);
        Thread.currentThread().interrupt();
        try {
            lock.wait();
        } catch (IllegalMonitorStateException e) {
            System.out.println("not owner first " + Thread.interrupted());
        }
        Thread child = new Thread(() -> System.out.println(Thread.currentThread().isDaemon() + " " + Thread.currentThread().getPriority() + " " + Thread.currentThread().getThreadGroup().getName()));
        Thread parent = new Thread(new ThreadGroup("tg"), () -> {
            Thread c = new Thread(() -> System.out.println("grandchild " + Thread.currentThread().isDaemon() + " " + Thread.currentThread().getPriority() + " " + Thread.currentThread().getThreadGroup().getName() + " " + Thread.currentThread().getThreadGroup().getParent().getName()));
            c.start();
            try { c.join(); } catch (InterruptedException e) { }
        }, "parent");
        parent.setDaemon(true);
        parent.setPriority(3);
        parent.start();
        parent.join();
        child.start();
        child.join();
        for (Runnable r : new Runnable[] {() -> new Thread().setPriority(11), () -> new Thread((Runnable) null, (String) null), () -> sleep(-1), () -> Thread.currentThread().setDaemon(true), () -> { try { Thread.currentThread().join(-1); } catch (InterruptedException e) { } }, () -> Thread.currentThread().stop(), () -> new Thread(() -> {}).setName(null)}) {
            try {
                r.run();
                System.out.println("fine");
            } catch (RuntimeException e) {
                System.out.println(e);
            }
        }
        new Thread("sub") { @Override public void run() { System.out.println("overridden run in " + getName()); } }.run();
        Thread dead = new Thread();
        dead.start();
        dead.join();
        dead.interrupt();
        System.out.println(dead.isInterrupted() + " " + dead.getStackTrace().length + " " + Thread.currentThread().getStackTrace()[1].getMethodName());
        Thread b = Thread.ofPlatform().name("built-", 7).daemon().priority(7).unstarted(() -> {});
        System.out.println(b.getName() + b.isDaemon() + b.getPriority() + b.isVirtual() + " " + Thread.ofPlatform().name("f").factory().newThread(() -> {}).getName());
        int n = Thread.activeCount();
        System.out.println(n >= 1 && Thread.getAllStackTraces().containsKey(Thread.currentThread()));
        Thread.onSpinWait();
        System.out.println(new Thread(() -> {}).getName().startsWith("Thread-"));
    }
}
