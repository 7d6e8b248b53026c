import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class Main {
    static final int REPEAT = Integer.getInteger("golden.repeat", 1);
    static final int SCALE = Integer.getInteger("golden.scale", 40);

    interface Body { void run(int id) throws Exception; }

    static final AtomicReference<Throwable> failure = new AtomicReference<>();

    static void inThreads(int count, Body body) throws Exception {
        Thread[] threads = new Thread[count];
        for (int i = 0; i < count; i++) {
            int id = i;
            threads[i] = new Thread(() -> {
                try {
                    body.run(id);
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                }
            });
            threads[i].start();
        }
        for (Thread t : threads) t.join();
        Throwable e = failure.get();
        if (e != null) throw new AssertionError(e);
    }

    static void check(boolean holds, String what) { if (!holds) throw new AssertionError(what); }

    /** Nobody reads a neighbour's cell of a phase before it was written, nor after it was overwritten. */
    static String phaser() throws Exception {
        int parties = 4;
        int[] cells = new int[parties];
        AtomicInteger advanced = new AtomicInteger();
        Phaser phaser = new Phaser(parties) {
            protected boolean onAdvance(int phase, int registered) { advanced.incrementAndGet(); return registered == 0; }
        };
        inThreads(parties, id -> {
            for (int phase = 0; phase < SCALE; phase++) {
                cells[id] = phase;
                phaser.arriveAndAwaitAdvance();
                check(cells[(id + 1) % parties] == phase, "phaser cell");
                phaser.arriveAndAwaitAdvance();
            }
            phaser.arriveAndDeregister();
        });
        check(advanced.get() == 2 * SCALE + 1, "advances " + advanced);
        // Tiers, and parties that come and go.
        Phaser root = new Phaser();
        Phaser[] leaves = {new Phaser(root), new Phaser(root)};
        AtomicInteger arrived = new AtomicInteger();
        for (Phaser leaf : leaves) leaf.bulkRegister(2);
        inThreads(4, id -> {
            Phaser leaf = leaves[id / 2];
            for (int phase = 0; phase < 10; phase++) {
                arrived.incrementAndGet();
                leaf.awaitAdvance(leaf.arrive());
                check(arrived.get() >= (phase + 1) * 4, "tier");
            }
            leaf.arriveAndDeregister();
        });
        return "phaser " + phaser.isTerminated() + root.isTerminated() + arrived;
    }

    static String barrier() throws Exception {
        int parties = 3;
        long[] sums = new long[parties];
        long[] total = new long[1];
        int[] trips = new int[1];
        CyclicBarrier barrier = new CyclicBarrier(parties, () -> { trips[0]++; for (int i = 0; i < parties; i++) { total[0] += sums[i]; sums[i] = 0; } });
        inThreads(parties, id -> {
            for (int round = 0; round < SCALE; round++) {
                sums[id] = id + round;
                barrier.await();
                check(sums[id] == 0 || sums[id] == id + round + 1, "barrier");
            }
        });
        check(trips[0] == SCALE && total[0] == 3L * SCALE * (SCALE - 1) / 2 + 3L * SCALE, "total " + total[0]);
        // A timeout of one breaks it for all.
        CyclicBarrier broken = new CyclicBarrier(3);
        AtomicInteger timeouts = new AtomicInteger(), breaks = new AtomicInteger();
        inThreads(2, id -> {
            try {
                if (id == 0) broken.await(); else broken.await(5, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                timeouts.incrementAndGet();
            } catch (BrokenBarrierException e) {
                breaks.incrementAndGet();
            }
        });
        return "barrier " + broken.isBroken() + (timeouts.get() + breaks.get()) + (timeouts.get() == 1);
    }

    /** Each value of one side reaches the other exactly once. */
    static String exchanger() throws Exception {
        Exchanger<int[]> exchanger = new Exchanger<>();
        long[] got = new long[2];
        inThreads(2, id -> {
            for (int i = 0; i < SCALE; i++) {
                int[] theirs = exchanger.exchange(new int[] {id, i});
                check(theirs[0] == 1 - id && theirs[1] == i, "exchanged " + Arrays.toString(theirs));
                got[id] += theirs[1];
            }
        });
        check(got[0] == got[1], "sides");
        String late;
        try {
            exchanger.exchange(new int[0], 1, TimeUnit.MILLISECONDS);
            late = "no timeout";
        } catch (TimeoutException e) {
            late = "timeout";
        }
        return "exchanger " + (got[0] == (long) SCALE * (SCALE - 1) / 2) + " " + late;
    }

    static String semaphore(boolean fair) throws Exception {
        Semaphore permits = new Semaphore(2, fair);
        AtomicInteger inside = new AtomicInteger(), most = new AtomicInteger(), done = new AtomicInteger();
        inThreads(5, id -> {
            for (int i = 0; i < SCALE; i++) {
                if (i % 3 == 0) {
                    while (!permits.tryAcquire(10, TimeUnit.SECONDS)) check(false, "no permit in ten seconds");
                } else if (i % 3 == 1) {
                    permits.acquireUninterruptibly();
                } else {
                    permits.acquire();
                }
                int now = inside.incrementAndGet();
                most.accumulateAndGet(now, Math::max);
                check(now <= 2, "inside " + now);
                if (i % 4 == 0) Thread.yield();
                inside.decrementAndGet();
                permits.release();
                done.incrementAndGet();
            }
        });
        check(most.get() <= 2 && done.get() == 5 * SCALE, "done " + done);
        return "semaphore " + permits.availablePermits() + permits.drainPermits() + permits.tryAcquire();
    }

    static String latch() throws Exception {
        CountDownLatch start = new CountDownLatch(1), end = new CountDownLatch(4);
        int[] data = new int[1];
        AtomicInteger seen = new AtomicInteger();
        Thread[] waiting = new Thread[4];
        for (int i = 0; i < 4; i++) {
            waiting[i] = new Thread(() -> {
                try {
                    start.await();
                    seen.addAndGet(data[0]);
                } catch (InterruptedException e) {
                    failure.compareAndSet(null, e);
                }
                end.countDown();
            });
            waiting[i].start();
        }
        data[0] = 5;
        start.countDown();
        end.await();
        for (Thread t : waiting) t.join();
        return "latch " + seen + end.getCount() + start.await(1, TimeUnit.NANOSECONDS);
    }

    static String once() throws Exception {
        return phaser() + "\n" + barrier() + "\n" + exchanger() + "\n" + semaphore(false) + "\n" + semaphore(true) + "\n" + latch() + "\n";
    }

    public static void main(String[] args) throws Exception {
        String first = once();
        System.out.print(first);
        for (int i = 1; i < REPEAT; i++) {
            String again = once();
            if (!again.equals(first)) { System.out.println("repetition " + i + ":\n" + again); System.exit(1); }
        }
    }
}
