import java.util.*;
import java.util.concurrent.atomic.*;

public class Main {
    static final int THREADS = 40;

    /** Enters one of the locks, perhaps a later one inside it, and does something at random. */
    static void step(Object[] locks, Random random) {
        int at = random.nextInt(locks.length);
        synchronized (locks[at]) {
            if (random.nextInt(4) == 0) {
                synchronized (locks[Math.min(at + 1, locks.length - 1)]) {
                    Thread.yield();
                }
            }
            switch (random.nextInt(4)) {
                case 0 -> {
                    try {
                        locks[at].wait(1 + random.nextInt(3));
                    } catch (InterruptedException e) {
                        // Goes on.
                    }
                }
                case 1 -> locks[at].notify();
                case 2 -> locks[at].notifyAll();
                default -> Thread.yield();
            }
        }
    }

    public static void main(String[] args) throws Exception {
        int rounds = Integer.getInteger("golden.scale", 20);
        for (int round = 0; round < rounds; round++) {
            Object[] locks = {new Object(), new Object(), new Object()};
            AtomicInteger done = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int seed = i;
                Runnable body = () -> {
                    Random random = new Random(seed);
                    for (int k = 0; k < 30; k++) step(locks, random);
                    done.incrementAndGet();
                };
                threads.add(seed % 5 == 0 ? new Thread(body) : Thread.ofVirtual().unstarted(body));
            }
            for (Thread t : threads) t.start();
            Random random = new Random(round);
            for (int i = 0; i < THREADS; i++) {
                threads.get(random.nextInt(THREADS)).interrupt();
                Thread.yield();
            }
            for (Thread t : threads) t.join();
            if (done.get() != THREADS) System.out.println("lost " + done);
        }
        System.out.println("all ended");
    }
}
