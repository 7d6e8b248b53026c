import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.locks.*;

public class Main {
    static void await(Thread t, Thread.State state) {
        while (t.getState() != state) Thread.yield();
    }

    // Slots of all kinds, live across the park.
    static long deep(int n, long l, double d, String s, int[] array) {
        float f = n * 0.5f;
        byte b = (byte) n;
        Object o = n % 3 == 0 ? s : null;
        if (n == 0) {
            LockSupport.park();
        } else {
            l += deep(n - 1, l ^ n, d + 1, s + (n % 100 == 0 ? "." : ""), array);
        }
        array[0] += b;
        return l + (long) (d * 2) + (long) (f * 2) + s.length() + (o == null ? 0 : 1);
    }

    static int endless(int n) {
        return 1 + endless(n + 1);
    }

    static int depth;

    static void dig() {
        depth++;
        dig();
    }

    static int unwind(int n) throws Exception {
        if (n == 0) {
            Thread.sleep(1);
            throw new Exception("from below");
        }
        try {
            return unwind(n - 1) + 1;
        } finally {
            depth++;
            if (n % 50 == 0) Thread.yield();
        }
    }

    public static void main(String[] args) throws Exception {
        int n = 500;
        int[] sums = {0};
        long expected = 0;
        long[] results = new long[10];
        Thread[] threads = new Thread[10];
        for (int i = 0; i < threads.length; i++) {
            int k = i;
            threads[i] = Thread.startVirtualThread(() -> results[k] = deep(n, 1L << 40, 0.25, "x", new int[1]));
        }
        for (Thread t : threads) await(t, Thread.State.WAITING);
        System.gc();
        System.out.println(threads[3].getStackTrace().length);
        for (Thread t : threads) LockSupport.unpark(t);
        for (Thread t : threads) t.join();
        for (long r : results) if (r != results[0]) System.out.println("differs");
        System.out.println(results[0]);

        Thread overflow = Thread.startVirtualThread(() -> {
            for (int i = 0; i < 3; i++) {
                try {
                    endless(0);
                } catch (StackOverflowError e) {
                    System.out.println("overflow " + e.getMessage() + " " + (e.getStackTrace().length == 1024));
                }
                Thread.yield();
            }
            try {
                dig();
            } catch (StackOverflowError e) {
                System.out.println("deep enough " + (depth > 1000));
            }
        });
        overflow.join();
        Thread after = Thread.startVirtualThread(() -> System.out.println("still works"));
        after.join();

        depth = 0;
        Thread throwing = Thread.startVirtualThread(() -> {
            try {
                unwind(400);
            } catch (Exception e) {
                System.out.println(e.getMessage() + " " + depth);
            }
        });
        throwing.join();

        // The same thread parks at many depths.
        Thread up = Thread.startVirtualThread(() -> {
            long sum = 0;
            for (int i = 0; i < 60; i++) sum += yields(i % 30);
            System.out.println(sum);
        });
        up.join();
    }

    static int yields(int n) {
        Thread.yield();
        if (n == 0) return 1;
        int below = yields(n - 1);
        Thread.yield();
        return below + n;
    }
}
