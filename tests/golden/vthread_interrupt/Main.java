import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.concurrent.locks.*;

public class Main {
    static void await(Thread t, Thread.State state) {
        while (t.getState() != state) Thread.yield();
    }

    interface Body {
        void run() throws InterruptedException;
    }

    static Thread start(String name, Body body) {
        return Thread.ofVirtual().name(name).start(() -> {
            try {
                body.run();
                System.out.println(name + ": done " + Thread.currentThread().isInterrupted());
            } catch (InterruptedException e) {
                System.out.println(name + ": " + e.getMessage() + " " + Thread.currentThread().isInterrupted());
            }
        });
    }

    static void interrupt(String name, Thread.State state, Body body) throws InterruptedException {
        Thread t = start(name, body);
        await(t, state);
        t.interrupt();
        t.join();
    }

    public static void main(String[] args) throws Exception {
        ReentrantLock lock = new ReentrantLock();
        Condition condition = lock.newCondition();
        interrupt("sleep", Thread.State.TIMED_WAITING, () -> Thread.sleep(100_000));
        interrupt("park", Thread.State.WAITING, LockSupport::park);
        interrupt("parkNanos", Thread.State.TIMED_WAITING, () -> LockSupport.parkNanos(Long.MAX_VALUE));
        interrupt("queue", Thread.State.WAITING, () -> new LinkedBlockingQueue<String>().take());
        interrupt("exchange", Thread.State.WAITING, () -> new Exchanger<String>().exchange("x"));
        interrupt("latch", Thread.State.WAITING, () -> new CountDownLatch(1).await());
        lock.lock();
        interrupt("lock", Thread.State.WAITING, lock::lockInterruptibly);
        Thread stubborn = start("stubborn", lock::lock);
        await(stubborn, Thread.State.WAITING);
        stubborn.interrupt();
        Thread.sleep(5);
        System.out.println("stubborn alive " + stubborn.isAlive());
        lock.unlock();
        stubborn.join();
        interrupt("condition", Thread.State.WAITING, () -> {
            ReentrantLock other = new ReentrantLock();
            other.lock();
            try {
                other.newCondition().await();
            } finally {
                System.out.println("held " + other.isHeldByCurrentThread());
                other.unlock();
            }
        });
        Thread endless = Thread.startVirtualThread(() -> {
            LockSupport.park();
            System.out.println("endless ends");
        });
        interrupt("join", Thread.State.WAITING, endless::join);
        System.out.println("join for a while " + endless.join(Duration.ofMillis(5)));
        LockSupport.unpark(endless);
        System.out.println("join for long " + endless.join(Duration.ofSeconds(100)));

        // A permit that comes first makes the next park return at once; only one is kept.
        Thread permit = Thread.ofVirtual().unstarted(() -> {
            LockSupport.unpark(Thread.currentThread());
            LockSupport.unpark(Thread.currentThread());
            LockSupport.park();
            long start = System.nanoTime();
            LockSupport.parkNanos(20_000_000);
            System.out.println("second park waited " + (System.nanoTime() - start >= 15_000_000));
        });
        permit.start();
        permit.join();
        // An interrupt status that is there already.
        start("early", () -> {
            Thread.currentThread().interrupt();
            LockSupport.park();
            System.out.println("parked with status " + Thread.interrupted());
            Thread.currentThread().interrupt();
            Thread.sleep(1000);
        }).join();
        // Sleeps take at least as long as they should, and those that begin together end in order.
        List<Integer> ends = Collections.synchronizedList(new ArrayList<>());
        List<Thread> sleepers = new ArrayList<>();
        long begin = System.nanoTime();
        for (int i = 4; i >= 1; i--) {
            int k = i;
            sleepers.add(Thread.startVirtualThread(() -> {
                try {
                    Thread.sleep(Duration.ofMillis(150L * k).minusNanos(Math.min(System.nanoTime() - begin, 100_000_000L)));
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                ends.add(k);
            }));
        }
        for (Thread t : sleepers) t.join();
        System.out.println(ends.size() + " slept " + (System.nanoTime() - begin >= 500_000_000L));

        // The interrupt status does not stay with the carrier.
        AtomicInteger wrong = new AtomicInteger();
        List<Thread> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            boolean interrupts = i % 2 == 0;
            many.add(Thread.startVirtualThread(() -> {
                if (interrupts) Thread.currentThread().interrupt();
                for (int k = 0; k < 5; k++) {
                    Thread.yield();
                    if (Thread.currentThread().isInterrupted() != interrupts) wrong.incrementAndGet();
                }
            }));
        }
        for (Thread t : many) t.join();
        System.out.println("wrong " + wrong);
    }
}
