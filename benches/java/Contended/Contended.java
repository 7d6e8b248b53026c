/**
 * Guards: locks that threads fight for: one counter behind one lock, with hardly anything between two entries; then
 * with more work outside the lock than inside, so that waiting a moment is cheaper than sleeping.
 */
public final class Contended {
    private static final int DEFAULT_ROUNDS = 40;
    private static final int ENTRIES = 5_000;
    private static final int THREADS = 4;

    private int count;

    private synchronized void add() {
        count++;
    }

    private static int work(int seed) {
        int x = seed | 1;
        for (int i = 0; i < 20; i++) {
            x ^= x << 13;
            x ^= x >>> 17;
            x ^= x << 5;
        }
        return x;
    }

    private int run(int threads, boolean working) {
        count = 0;
        Thread[] all = new Thread[threads];
        for (int t = 0; t < threads; t++) {
            int seed = t;
            all[t] = new Thread(() -> {
                int x = seed;
                for (int i = 0; i < ENTRIES; i++) {
                    if (working) {
                        x = work(x);
                    }
                    add();
                }
                if (x == 0x5eed) {
                    throw new IllegalStateException();
                }
            });
            all[t].start();
        }
        try {
            for (Thread thread : all) {
                thread.join();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return count;
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        long total = 0;
        Contended contended = new Contended();
        for (int i = 0; i < rounds; i++) {
            total += contended.run(2, false);
            total += contended.run(THREADS, true);
        }
        long expected = (long) rounds * ENTRIES * (2 + THREADS);
        System.out.println("Contended: " + (total == expected ? "ok " : "WRONG ") + total);
    }
}
