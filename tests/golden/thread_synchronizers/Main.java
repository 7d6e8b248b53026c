import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class Main {
    public static void main(String[] args) throws Exception {
        CountDownLatch start = new CountDownLatch(1), done = new CountDownLatch(4);
        AtomicInteger n = new AtomicInteger();
        for (int i = 0; i < 4; i++) {
            new Thread(() -> {
                try { start.await(); } catch (InterruptedException e) { }
                n.incrementAndGet();
                done.countDown();
            }).start();
        }
        System.out.println(n + " " + done.getCount() + " " + done.await(1, TimeUnit.MILLISECONDS));
        start.countDown();
        start.countDown();
        done.await();
        System.out.println(n + " " + done.getCount());

        StringBuffer rounds = new StringBuffer();
        AtomicInteger work = new AtomicInteger();
        CyclicBarrier bar = new CyclicBarrier(3, () -> rounds.append(work.get()).append(' '));
        Thread[] ts = new Thread[3];
        for (int i = 0; i < 3; i++) {
            ts[i] = new Thread(() -> {
                try {
                    for (int r = 0; r < 4; r++) {
                        work.incrementAndGet();
                        bar.await();
                    }
                } catch (Exception e) {
                    System.out.println(e);
                }
            });
            ts[i].start();
        }
        for (Thread t : ts) t.join();
        System.out.println(rounds + "" + bar.getParties() + bar.getNumberWaiting());
        Thread stuck = new Thread(() -> {
            try {
                bar.await();
            } catch (BrokenBarrierException e) {
                System.out.println("broken " + bar.isBroken());
            } catch (InterruptedException e) {
                System.out.println("interrupted?");
            }
        });
        stuck.start();
        while (bar.getNumberWaiting() == 0) Thread.yield();
        bar.reset();
        stuck.join();
        try {
            bar.await(1, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            System.out.println("timeout, broken " + bar.isBroken());
        }
        try {
            bar.await();
        } catch (BrokenBarrierException e) {
            System.out.println(e);
        }
        CyclicBarrier failing = new CyclicBarrier(1, () -> { throw new IllegalStateException("action"); });
        try {
            failing.await();
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage() + failing.isBroken());
        }

        StringBuffer ph = new StringBuffer();
        Phaser phaser = new Phaser(1) {
            @Override
            protected boolean onAdvance(int phase, int parties) {
                ph.append(phase).append('/').append(parties).append(' ');
                return phase >= 2 || parties == 0;
            }
        };
        for (int i = 0; i < 3; i++) {
            phaser.register();
            new Thread(() -> { while (!phaser.isTerminated()) phaser.arriveAndAwaitAdvance(); }).start();
        }
        while (!phaser.isTerminated()) phaser.arriveAndAwaitAdvance();
        System.out.println(ph + "" + phaser.isTerminated() + (phaser.getPhase() < 0) + phaser.arrive() / Integer.MAX_VALUE + phaser.getRegisteredParties());

        Semaphore sem = new Semaphore(2);
        AtomicInteger inside = new AtomicInteger(), most = new AtomicInteger();
        for (int i = 0; i < 5; i++) {
            ts = i == 0 ? new Thread[5] : ts;
            ts[i] = new Thread(() -> {
                for (int k = 0; k < 50; k++) {
                    sem.acquireUninterruptibly();
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    inside.decrementAndGet();
                    sem.release();
                }
            });
            ts[i].start();
        }
        for (Thread t : ts) t.join();
        System.out.println((most.get() <= 2) + " " + sem.availablePermits() + sem.tryAcquire(3) + sem.tryAcquire(2) + sem.tryAcquire() + sem.tryAcquire(1, TimeUnit.MILLISECONDS) + sem.drainPermits());
        sem.release(5);
        System.out.println(sem.availablePermits());
        Exchanger<String> ex = new Exchanger<>();
        String[] other = new String[1];
        Thread x = new Thread(() -> { try { other[0] = ex.exchange("from thread"); } catch (InterruptedException e) { } });
        x.start();
        System.out.println(ex.exchange("from main"));
        x.join();
        System.out.println(other[0]);
        try {
            ex.exchange("nobody", 1, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            System.out.println(e);
        }
    }
}
