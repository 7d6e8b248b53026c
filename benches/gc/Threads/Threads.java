import java.util.HashMap;
import java.util.Map;

/**
 * Guards: allocation by many threads at once (thread-local buffers, the way to a stop with all of them running) and what
 * they hand to each other through a shared table. Arguments: threads, rounds of each.
 * Heap: 96m.
 */
public final class Threads {
    private static final int THREADS = 8;
    private static final int ROUNDS = 300;
    private static final int PER_ROUND = 2500;

    private static final class Item {
        final int owner;
        final int number;
        final int[] data;
        Item previous;

        Item(int owner, int number, Item previous) {
            this.owner = owner;
            this.number = number;
            this.data = new int[1 + number % 24];
            this.data[data.length - 1] = number;
            this.previous = previous;
        }
    }

    private static final Object[] SHARED = new Object[1024];

    private static long work(int id, int rounds) {
        Map<Integer, Item> mine = new HashMap<>();
        long sum = 0;
        for (int round = 0; round < rounds; round++) {
            Item last = null;
            for (int i = 0; i < PER_ROUND; i++) {
                int number = round * PER_ROUND + i;
                last = new Item(id, number, i % 50 == 0 ? null : last);
                if (i % 10 == 0) {
                    mine.put(number % 20_000, last);
                }
                if (i % 100 == 0) {
                    // Others may overwrite it or read it; what they find must be whole.
                    synchronized (SHARED) {
                        SHARED[(number + id) % SHARED.length] = last;
                    }
                }
            }
            synchronized (SHARED) {
                for (int i = 0; i < SHARED.length; i += 31) {
                    Item item = (Item) SHARED[i];
                    if (item != null && item.data[item.data.length - 1] != item.number) {
                        throw new AssertionError("item " + item.number + " of thread " + item.owner);
                    }
                }
            }
            sum = sum * 31 + last.number;
        }
        for (Item item : mine.values()) {
            for (Item at = item; at != null; at = at.previous) {
                if (at.owner != id || at.data[at.data.length - 1] != at.number) {
                    throw new AssertionError("item " + at.number + " of thread " + at.owner + " in thread " + id);
                }
                sum += at.number;
            }
        }
        return sum;
    }

    public static void main(String[] args) throws InterruptedException {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : THREADS;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : ROUNDS;
        long[] sums = new long[count];
        Thread[] threads = new Thread[count];
        for (int i = 0; i < count; i++) {
            int id = i;
            threads[i] = new Thread(() -> sums[id] = work(id, rounds));
            threads[i].start();
        }
        long sum = 0;
        for (int i = 0; i < count; i++) {
            threads[i].join();
            sum = sum * 31 + sums[i];
        }
        if (sums[0] == 0) {
            throw new AssertionError("thread 0 did not end by itself");
        }
        System.out.println("Threads " + count + ": " + sum);
    }
}
