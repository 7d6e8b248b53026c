import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Guards: locks without rivals: synchronized methods and blocks, nested entry, the library's own lock, atomic
 * and volatile fields; and a hand-over between two threads through wait and notify, seldom enough not to
 * measure the kernel.
 */
public final class Monitors {
    private static final int DEFAULT_ROUNDS = 1_250;
    private static final int CALLS = 2_000;
    private static final long EXPECTED = -369_671_568L;

    private final Object lock = new Object();
    private final ReentrantLock libraryLock = new ReentrantLock();
    private final AtomicInteger atomic = new AtomicInteger();
    private volatile int seen;
    private int count;
    private int handed;

    private synchronized void add(int number) {
        count += number;
    }

    private synchronized void addNested(int number) {
        synchronized (lock) {
            add(number);
        }
    }

    private void addLocked(int number) {
        libraryLock.lock();
        try {
            count += number;
        } finally {
            libraryLock.unlock();
        }
    }

    /** Two threads raise one number in turn, the one to even and the other to odd values. */
    private int handOver(int turns) {
        Thread other = new Thread() {
            @Override
            public void run() {
                raise(1, turns);
            }
        };
        other.start();
        raise(0, turns);
        try {
            other.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return handed;
    }

    private void raise(int parity, int turns) {
        synchronized (lock) {
            for (int i = 0; i < turns; i++) {
                while ((handed & 1) != parity) {
                    try {
                        lock.wait();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
                handed++;
                lock.notifyAll();
            }
        }
    }

    private long run() {
        StringBuffer text = new StringBuffer();
        for (int i = 0; i < CALLS; i++) {
            add(1);
            addNested(2);
            addLocked(3);
            synchronized (lock) {
                count++;
            }
            atomic.incrementAndGet();
            atomic.compareAndSet(i + 1, i + 1);
            seen = seen + i;
            text.append((char) ('a' + (i & 15)));
        }
        long sum = count * 31L + atomic.get();
        sum = sum * 31 + seen;
        return sum * 31 + text.toString().hashCode();
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        for (int round = 0; round < rounds; round++) {
            long checksum = new Monitors().run();
            if (checksum != EXPECTED) {
                System.out.print("Monitors: wrong checksum ");
                System.out.println(checksum);
                System.exit(1);
            }
        }
        int handed = new Monitors().handOver(100);
        if (handed != 200) {
            System.out.println("Monitors: a hand-over was lost");
            System.exit(1);
        }
        System.out.print("Monitors ");
        System.out.println(EXPECTED);
    }
}
