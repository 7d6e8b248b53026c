import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.locks.*;

public class Main {
    static void t(String what, Runnable r) {
        try {
            r.run();
            System.out.println(what + " fine");
        } catch (RuntimeException e) {
            System.out.println(what + " " + e.getClass().getSimpleName());
        }
    }

    public static void main(String[] args) throws Exception {
        ReentrantLock lock = new ReentrantLock(true);
        int[] n = {0};
        Thread[] ts = new Thread[4];
        for (int i = 0; i < ts.length; i++) {
            ts[i] = new Thread(() -> {
                for (int k = 0; k < 200; k++) {
                    lock.lock();
                    try {
                        lock.lock();
                        n[0]++;
                        lock.unlock();
                    } finally {
                        lock.unlock();
                    }
                }
            });
            ts[i].start();
        }
        for (Thread t : ts) t.join();
        System.out.println(n[0] + " " + lock.isLocked() + lock.isFair() + lock.getHoldCount());
        lock.lock();
        System.out.println(lock.isHeldByCurrentThread() + " " + lock.tryLock() + lock.getHoldCount());
        boolean[] got = new boolean[2];
        Thread other = new Thread(() -> {
            got[0] = lock.tryLock();
            try {
                got[1] = lock.tryLock(5, TimeUnit.MILLISECONDS);
                lock.lockInterruptibly();
            } catch (InterruptedException e) {
                System.out.println("lock interrupted");
            }
        });
        other.start();
        while (!lock.hasQueuedThread(other) || other.getState() != Thread.State.WAITING) Thread.yield();
        other.interrupt();
        other.join();
        System.out.println(got[0] + " " + got[1] + lock.hasQueuedThreads());
        lock.unlock();
        lock.unlock();
        t("unlock unowned", lock::unlock);
        Condition cond = lock.newCondition();
        t("signal unowned", cond::signal);
        Deque<String> order = new ConcurrentLinkedDeque<>();
        Condition[] conds = {lock.newCondition(), lock.newCondition()};
        int[] turn = {0};
        Thread[] players = new Thread[2];
        for (int i = 0; i < 2; i++) {
            int me = i;
            players[i] = new Thread(() -> {
                for (int k = 0; k < 5; k++) {
                    lock.lock();
                    try {
                        while (turn[0] != me) conds[me].awaitUninterruptibly();
                        order.add(me + "" + k);
                        turn[0] = 1 - me;
                        conds[1 - me].signal();
                    } finally {
                        lock.unlock();
                    }
                }
            });
            players[i].start();
        }
        for (Thread t : players) t.join();
        System.out.println(order);
        lock.lock();
        System.out.println(cond.await(2, TimeUnit.MILLISECONDS) + " " + (cond.awaitNanos(1000) <= 1000) + " " + lock.getWaitQueueLength(cond));
        lock.unlock();
        ReentrantReadWriteLock rw = new ReentrantReadWriteLock();
        rw.readLock().lock();
        rw.readLock().lock();
        System.out.println(rw.getReadLockCount() + " " + rw.writeLock().tryLock() + rw.isWriteLocked() + rw.getReadHoldCount());
        rw.readLock().unlock();
        rw.readLock().unlock();
        rw.writeLock().lock();
        rw.readLock().lock();
        rw.writeLock().unlock();
        System.out.println(rw.getReadLockCount() + " downgraded " + rw.isWriteLocked());
        rw.readLock().unlock();
        t("read unlock", () -> rw.readLock().unlock());
        t("write condition", () -> rw.readLock().newCondition());
        StampedLock sl = new StampedLock();
        long st = sl.tryOptimisticRead();
        System.out.println(sl.validate(st) + " " + sl.isReadLocked());
        long w = sl.writeLock();
        System.out.println(sl.validate(st) + " " + (sl.tryReadLock() == 0) + sl.isWriteLocked());
        long rd = sl.tryConvertToReadLock(w);
        System.out.println(sl.isReadLocked() + " " + (sl.tryConvertToWriteLock(rd) != 0) + sl.isWriteLocked());
        t("stamped misuse", () -> sl.unlockRead(rd));
        LockSupport.unpark(Thread.currentThread());
        LockSupport.unpark(Thread.currentThread());
        LockSupport.park();
        Thread parked = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) LockSupport.park("blocker");
            LockSupport.park();
            System.out.println("park returns while interrupted " + Thread.interrupted());
            LockSupport.parkNanos(1000);
            LockSupport.parkUntil(1);
        });
        parked.start();
        while (parked.getState() != Thread.State.WAITING) Thread.yield();
        System.out.println(LockSupport.getBlocker(parked));
        parked.interrupt();
        parked.join();
        class Latch extends AbstractQueuedSynchronizer {
            protected int tryAcquireShared(int x) { return getState() == 0 ? -1 : 1; }
            protected boolean tryReleaseShared(int x) { setState(1); return true; }
        }
        Latch latch = new Latch();
        Thread behind = new Thread(() -> { latch.acquireShared(1); System.out.println("released"); });
        behind.start();
        while (!latch.hasQueuedThreads()) Thread.yield();
        latch.releaseShared(1);
        behind.join();
        System.out.println(lock.toString().replaceAll("@\\w+", "@"));
    }
}
