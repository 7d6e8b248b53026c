import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class Main {
    static final Object LOCK = new Object();
    static int permits;
    static int woken;

    static void await(Thread t, Thread.State state) {
        while (t.getState() != state) Thread.yield();
    }

    static void take() {
        synchronized (LOCK) {
            while (permits == 0) {
                try {
                    LOCK.wait();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            permits--;
            woken++;
        }
    }

    public static void main(String[] args) throws Exception {
        int n = 300;
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < n; i++) waiting.add(Thread.startVirtualThread(Main::take));
        for (Thread t : waiting) await(t, Thread.State.WAITING);
        Thread.startVirtualThread(() -> System.out.println("runs while " + n + " wait")).join();
        System.gc();
        synchronized (LOCK) {
            permits = n / 2;
            for (int i = 0; i < n / 2; i++) LOCK.notify();
        }
        while (true) {
            synchronized (LOCK) {
                if (woken == n / 2) break;
            }
            Thread.yield();
        }
        System.out.println("alive " + waiting.stream().filter(Thread::isAlive).count());
        synchronized (LOCK) {
            permits += n - n / 2;
            LOCK.notifyAll();
        }
        for (Thread t : waiting) t.join();
        System.out.println("woken " + woken + " permits " + permits);

        // A time limit passes; the monitor is held again afterwards, as often as before.
        Thread timed = Thread.startVirtualThread(() -> {
            synchronized (LOCK) {
                synchronized (LOCK) {
                    long start = System.nanoTime();
                    try {
                        LOCK.wait(30);
                    } catch (InterruptedException e) {
                        System.out.println("interrupted");
                    }
                    System.out.println("waited " + (System.nanoTime() - start >= 25_000_000) + " " + Thread.holdsLock(LOCK));
                }
                System.out.println("outer " + Thread.holdsLock(LOCK));
            }
            System.out.println("after " + Thread.holdsLock(LOCK));
        });
        timed.join();

        // The time limit passes while somebody holds the monitor.
        Thread late = Thread.ofVirtual().unstarted(() -> {
            synchronized (LOCK) {
                try {
                    LOCK.wait(5);
                } catch (InterruptedException e) {
                    System.out.println("interrupted");
                }
                System.out.println("late " + Thread.holdsLock(LOCK));
            }
        });
        late.start();
        await(late, Thread.State.TIMED_WAITING);
        synchronized (LOCK) {
            await(late, Thread.State.BLOCKED);
            System.out.println("blocked");
        }
        late.join();

        // Interrupted before, while waiting, and while waiting for the monitor after a notification.
        Thread before = Thread.startVirtualThread(() -> {
            Thread.currentThread().interrupt();
            synchronized (LOCK) {
                try {
                    LOCK.wait();
                    System.out.println("no exception");
                } catch (InterruptedException e) {
                    System.out.println("before: " + e.getMessage() + " " + Thread.currentThread().isInterrupted());
                }
            }
        });
        before.join();
        Thread during = Thread.ofVirtual().unstarted(() -> {
            synchronized (LOCK) {
                try {
                    LOCK.wait();
                    System.out.println("no exception");
                } catch (InterruptedException e) {
                    System.out.println("during: " + e.getMessage() + " " + Thread.currentThread().isInterrupted()
                        + " " + Thread.holdsLock(LOCK));
                }
            }
        });
        during.start();
        await(during, Thread.State.WAITING);
        during.interrupt();
        during.join();
        Thread notified = Thread.ofVirtual().unstarted(() -> {
            synchronized (LOCK) {
                try {
                    LOCK.wait();
                    System.out.println("notified: " + Thread.currentThread().isInterrupted());
                } catch (InterruptedException e) {
                    System.out.println("exception");
                }
            }
        });
        notified.start();
        await(notified, Thread.State.WAITING);
        synchronized (LOCK) {
            LOCK.notify();
            await(notified, Thread.State.BLOCKED);
            notified.interrupt();
        }
        notified.join();

        // Platform and virtual threads take turns.
        int rounds = Math.max(2, Integer.getInteger("golden.scale", 500) / 10);
        int[] turn = new int[1];
        StringBuilder order = new StringBuilder();
        List<Thread> players = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int me = i;
            Runnable play = () -> {
                for (int k = 0; k < rounds; k++) {
                    synchronized (turn) {
                        while (turn[0] != me) {
                            try {
                                turn.wait();
                            } catch (InterruptedException e) {
                                return;
                            }
                        }
                        if (k < 2) order.append(me);
                        turn[0] = (me + 1) % 4;
                        turn.notifyAll();
                    }
                }
            };
            players.add(i % 2 == 0 ? new Thread(play) : Thread.ofVirtual().unstarted(play));
        }
        for (Thread t : players) t.start();
        for (Thread t : players) t.join();
        System.out.println(order + " " + turn[0]);

        // Many with a time limit of which some are notified, some interrupted and some left alone.
        AtomicInteger ended = new AtomicInteger(), interrupted = new AtomicInteger();
        waiting.clear();
        for (int i = 0; i < 60; i++) {
            Object own = new Object();
            int kind = i % 3;
            Thread t = Thread.ofVirtual().unstarted(() -> {
                synchronized (own) {
                    try {
                        own.wait(kind == 0 ? 20 : 100_000);
                        ended.incrementAndGet();
                    } catch (InterruptedException e) {
                        interrupted.incrementAndGet();
                    }
                }
            });
            t.start();
            if (kind == 1) {
                await(t, Thread.State.TIMED_WAITING);
                synchronized (own) {
                    own.notifyAll();
                }
            } else if (kind == 2) {
                t.interrupt();
            }
            waiting.add(t);
        }
        for (Thread t : waiting) t.join();
        System.out.println(ended + " ended, " + interrupted + " interrupted");
    }
}
