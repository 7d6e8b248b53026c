/**
 * Guards: the time until all threads stand still. Threads run loops of different kinds (calls, arithmetic, array
 * accesses, bulk copies, allocation) while the main thread asks for collections. Arguments: threads, stops.
 * Heap: 64m.
 */
public final class Safepoints {
    private static final int THREADS = 8;
    private static final int STOPS = 100;

    private static volatile boolean done;
    private static final long[] RESULTS = new long[64];

    private static int fibonacci(int n) {
        return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
    }

    private static long counted(int times) {
        long sum = 0;
        for (int i = 0; i < times; i++) {
            sum += (long) i * i;
        }
        return sum;
    }

    private static void spin(int kind) {
        int[] from = new int[1 << 18];
        int[] to = new int[1 << 18];
        Object kept = null;
        long sum = 0;
        while (!done) {
            switch (kind % 5) {
                case 0:
                    sum += fibonacci(15);
                    break;
                case 1:
                    sum += counted(100_000);
                    break;
                case 2:
                    for (int i = 0; i < from.length; i++) {
                        from[i] += i;
                    }
                    break;
                case 3:
                    System.arraycopy(from, 0, to, 0, from.length);
                    break;
                default:
                    for (int i = 0; i < 1000; i++) {
                        kept = new int[20];
                    }
            }
        }
        RESULTS[kind] = sum + to[5] + (kept == null ? 0 : 1);
    }

    public static void main(String[] args) throws InterruptedException {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : THREADS;
        int stops = args.length > 1 ? Integer.parseInt(args[1]) : STOPS;
        Thread[] threads = new Thread[count];
        for (int i = 0; i < count; i++) {
            int kind = i;
            threads[i] = new Thread(() -> spin(kind));
            threads[i].start();
        }
        Thread.sleep(100);
        for (int i = 0; i < stops; i++) {
            System.gc();
            Thread.sleep(5);
        }
        done = true;
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println("Safepoints " + count + ": " + stops + " stops");
    }
}
