import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Guards: virtual threads: starting many, what a parked one takes of the heap, timers, yields, and hand-overs through
 * park and unpark and through a monitor. With an argument of a million (and -Xmx2g) it is the test of memory.
 */
public final class VirtualThreads {
    private static final int DEFAULT_SLEEPERS = 40_000;
    private static final int YIELDS = 40_000;
    private static final int HAND_OVERS = 20_000;

    private static volatile int turn;
    private static final Object MONITOR = new Object();
    private static int held;

    private static void require(boolean holds, String what) {
        if (!holds) {
            System.out.println("wrong: " + what);
            System.exit(1);
        }
    }

    /** All sleep at once, then add their number. */
    private static void sleepers(int count) throws InterruptedException {
        AtomicLong sum = new AtomicLong();
        CountDownLatch done = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            int number = i;
            Thread.startVirtualThread(() -> {
                try {
                    Thread.sleep(100);
                } catch (InterruptedException e) {
                    return;
                }
                sum.addAndGet(number);
                done.countDown();
            });
        }
        done.await();
        require(sum.get() == (long) count * (count - 1) / 2, "sleepers");
    }

    private static void yields(int count) throws InterruptedException {
        Thread[] threads = new Thread[4];
        AtomicLong sum = new AtomicLong();
        for (int i = 0; i < threads.length; i++) {
            threads[i] = Thread.startVirtualThread(() -> {
                for (int k = 0; k < count / threads.length; k++) {
                    Thread.yield();
                    sum.incrementAndGet();
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        require(sum.get() == count, "yields");
    }

    /** Two threads raise one number in turn. */
    private static void handOvers(int count) throws InterruptedException {
        turn = 0;
        Thread[] pair = new Thread[2];
        for (int i = 0; i < 2; i++) {
            int me = i;
            pair[i] = Thread.ofVirtual().unstarted(() -> {
                for (int k = 0; k < count / 2; k++) {
                    while ((turn & 1) != me) {
                        LockSupport.park();
                    }
                    turn++;
                    LockSupport.unpark(pair[1 - me]);
                }
            });
        }
        pair[0].start();
        pair[1].start();
        pair[0].join();
        pair[1].join();
        require(turn == count, "hand-overs");
    }

    /** Threads that hold a monitor across a yield, so that the others have to wait for it. */
    private static void monitors(int count) throws InterruptedException {
        held = 0;
        Thread[] threads = new Thread[8];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = Thread.startVirtualThread(() -> {
                for (int k = 0; k < count / threads.length; k++) {
                    synchronized (MONITOR) {
                        int seen = held;
                        Thread.yield();
                        held = seen + 1;
                    }
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        require(held == count, "monitors");
    }

    public static void main(String[] args) throws InterruptedException {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_SLEEPERS;
        sleepers(count);
        if (count <= DEFAULT_SLEEPERS) {
            yields(YIELDS);
            handOvers(HAND_OVERS);
            monitors(HAND_OVERS / 4);
        }
        System.out.println("VirtualThreads " + count);
    }
}
