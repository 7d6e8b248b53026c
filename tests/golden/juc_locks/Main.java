import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.concurrent.locks.*;

public class Main {
    static final int REPEAT = Integer.getInteger("golden.repeat", 1);
    static final int SCALE = Integer.getInteger("golden.scale", 400);

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
        if (failure.get() != null) throw new AssertionError(failure.get());
    }

    static void check(boolean holds, String what) { if (!holds) throw new AssertionError(what); }

    // Plain fields: only the locks keep them equal.
    static long left, right;

    static String readWrite(boolean fair) throws Exception {
        ReentrantReadWriteLock lock = new ReentrantReadWriteLock(fair);
        left = right = 0;
        AtomicInteger readers = new AtomicInteger(), writers = new AtomicInteger();
        inThreads(4, id -> {
            for (int i = 0; i < SCALE; i++) {
                if (id < 2 && i % 4 == 0) {
                    lock.writeLock().lock();
                    try {
                        check(writers.incrementAndGet() == 1 && readers.get() == 0, "a writer is not alone");
                        left++;
                        if (i % 8 == 0) Thread.yield();
                        right++;
                        writers.decrementAndGet();
                        if (i % 12 == 0) {
                            // Downgrade: nobody writes between.
                            long mine = left;
                            lock.readLock().lock();
                            lock.writeLock().unlock();
                            check(left == mine, "written during a downgrade");
                            lock.readLock().unlock();
                            lock.writeLock().lock();
                        }
                    } finally {
                        lock.writeLock().unlock();
                    }
                } else {
                    lock.readLock().lock();
                    try {
                        readers.incrementAndGet();
                        check(left == right && writers.get() == 0, "a reader sees " + left + " " + right);
                        readers.decrementAndGet();
                    } finally {
                        lock.readLock().unlock();
                    }
                }
            }
        });
        return "read-write " + (left == 2L * ((SCALE + 3) / 4)) + (left == right) + lock.isWriteLocked() + lock.getReadLockCount() + "\n";
    }

    static String stamped() throws Exception {
        StampedLock lock = new StampedLock();
        left = right = 0;
        AtomicInteger upgrades = new AtomicInteger();
        inThreads(4, id -> {
            for (int i = 0; i < SCALE; i++) {
                if (id == 0) {
                    long stamp = lock.writeLock();
                    left++;
                    if (i % 16 == 0) Thread.yield();
                    right--;
                    check(lock.validate(stamp), "own stamp");
                    lock.unlockWrite(stamp);
                } else if (id == 1) {
                    long stamp = lock.readLock();
                    while (left + right == 0 && i % 10 == 0) {
                        long write = lock.tryConvertToWriteLock(stamp);
                        if (write != 0) {
                            stamp = write;
                            left++;
                            right--;
                            upgrades.incrementAndGet();
                            break;
                        }
                        lock.unlockRead(stamp);
                        stamp = lock.writeLock();
                    }
                    check(left + right == 0, "read lock: " + left + " " + right);
                    lock.unlock(stamp);
                } else {
                    long stamp = lock.tryOptimisticRead();
                    long l = left, r = right;
                    if (stamp == 0 || !lock.validate(stamp)) {
                        stamp = lock.readLock();
                        l = left;
                        r = right;
                        lock.unlockRead(stamp);
                    }
                    check(l + r == 0, "optimistic read: " + l + " " + r);
                }
            }
        });
        return "stamped " + (left == SCALE + upgrades.get()) + (upgrades.get() == (SCALE + 9) / 10) + lock.isWriteLocked() + lock.isReadLocked() + "\n";
    }

    /** A bounded buffer of one lock and two conditions. */
    static String conditions(boolean fair) throws Exception {
        ReentrantLock lock = new ReentrantLock(fair);
        Condition notFull = lock.newCondition(), notEmpty = lock.newCondition();
        ArrayDeque<Integer> buffer = new ArrayDeque<>();
        long[] sums = new long[4];
        inThreads(4, id -> {
            for (int i = 0; i < SCALE; i++) {
                lock.lock();
                try {
                    if (id < 2) {
                        while (buffer.size() == 3) notFull.await();
                        buffer.add(i);
                        sums[id] += i;
                        notEmpty.signal();
                    } else {
                        while (buffer.isEmpty()) if (i % 2 == 0) notEmpty.await(); else notEmpty.awaitNanos(1_000_000);
                        sums[id] += buffer.remove();
                        if (i % 5 == 0) notFull.signalAll(); else notFull.signal();
                    }
                    check(buffer.size() <= 3 && lock.isHeldByCurrentThread() && lock.getHoldCount() == 1, "buffer");
                } finally {
                    lock.unlock();
                }
            }
        });
        return "conditions " + (sums[0] + sums[1] == sums[2] + sums[3]) + buffer.isEmpty() + lock.isLocked() + lock.hasQueuedThreads() + "\n";
    }

    /** Two accounts, locks taken in either order with tryLock: money is kept, nobody waits for ever. */
    static String transfers() throws Exception {
        ReentrantLock[] locks = {new ReentrantLock(), new ReentrantLock(), new ReentrantLock()};
        long[] accounts = {1000, 1000, 1000};
        inThreads(4, id -> {
            for (int i = 0; i < SCALE / 4; i++) {
                int a = (i + id) % 3, b = (i * 5 + id + 1 + (i + id) % 3) % 3;
                if (a == b) b = (b + 1) % 3;
                while (true) {
                    if (locks[a].tryLock(1, TimeUnit.MILLISECONDS)) {
                        try {
                            if (locks[b].tryLock()) {
                                try {
                                    accounts[a] -= i;
                                    accounts[b] += i;
                                    break;
                                } finally {
                                    locks[b].unlock();
                                }
                            }
                        } finally {
                            locks[a].unlock();
                        }
                    }
                    Thread.yield();
                }
            }
        });
        return "transfers " + (accounts[0] + accounts[1] + accounts[2]) + "\n";
    }

    static int entered;

    static String monitors() throws Exception {
        Object monitor = new Object();
        entered = 0;
        AtomicInteger caught = new AtomicInteger();
        inThreads(4, id -> {
            for (int i = 0; i < SCALE; i++) {
                try {
                    synchronized (monitor) {
                        synchronized (monitor) {
                            int before = entered;
                            if (i % 64 == 0) Thread.yield();
                            entered = before + 1;
                            if (i % 10 == 0) throw new IllegalStateException();
                        }
                    }
                } catch (IllegalStateException e) {
                    caught.incrementAndGet();
                }
            }
        });
        return "monitors " + (entered == 4 * SCALE) + (caught.get() == 4 * ((SCALE + 9) / 10)) + "\n";
    }

    static String interrupts() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        Condition never = lock.newCondition();
        CountDownLatch waiting = new CountDownLatch(2);
        AtomicInteger ended = new AtomicInteger();
        Thread[] threads = {
            new Thread(() -> {
                waiting.countDown();
                try {
                    lock.lockInterruptibly();
                } catch (InterruptedException e) {
                    ended.addAndGet(1);
                }
            }),
            new Thread(() -> {
                LockSupport.parkNanos(1);
                waiting.countDown();
                while (!Thread.interrupted()) LockSupport.park();
                ended.addAndGet(10);
            }),
        };
        lock.lock();
        for (Thread t : threads) t.start();
        waiting.await();
        for (Thread t : threads) t.interrupt();
        for (Thread t : threads) t.join();
        boolean signalled = never.await(1, TimeUnit.MILLISECONDS);
        lock.unlock();
        return "interrupts " + ended + signalled + "\n";
    }

    static String once() throws Exception {
        return readWrite(false) + readWrite(true) + stamped() + conditions(false) + conditions(true) + transfers() + monitors() + interrupts();
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
