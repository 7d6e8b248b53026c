import java.lang.reflect.Method;
import java.util.function.*;

public class Main {
    static int depth;
    Main child;

    Main(boolean deep) {
        if (deep) child = new Main(true);
    }

    static int plain(int n) { return plain(n + 1) + 1; }
    static long wide(long a, double b, Object c, long d) { return wide(a + 1, b, c, d) + (long) b; }
    synchronized void sync() { depth++; sync(); }
    static void fin() { try { fin(); } finally { depth++; } }
    interface R { void go(R r); }
    public static void reflective(Method m) throws Exception { m.invoke(null, m); }
    static class ToStr { @Override public String toString() { return "x" + this; } }

    public static void main(String[] args) throws Exception {
        int times = Integer.getInteger("golden.scale", 1000);
        int caught = 0;
        for (int i = 0; i < times; i++) {
            try {
                plain(0);
            } catch (StackOverflowError e) {
                if (e.getMessage() == null) caught++;
            }
        }
        System.out.println(caught == times);
        Main m = new Main(false);
        R r = self -> self.go(self);
        Function<Function, Object>[] f = new Function[1];
        f[0] = g -> g.apply(g);
        Method refl = Main.class.getMethod("reflective", Method.class);
        Runnable[] kinds = {() -> wide(1, 2, "", 3), m::sync, () -> new Main(true), () -> r.go(r), () -> f[0].apply(f[0]), () -> new ToStr().toString(), Main::fin};
        for (int i = 0; i < kinds.length; i++) {
            for (int k = 0; k < 3; k++) {
                depth = 0;
                try {
                    kinds[i].run();
                    System.out.println("no error?");
                } catch (StackOverflowError e) {
                    System.out.println(i + " " + e.getMessage() + " " + (e.getStackTrace().length == 1024) + " " + Thread.holdsLock(m) + " " + (depth == 0 || depth > 200));
                }
            }
        }
        try {
            refl.invoke(null, (Object) null);
        } catch (java.lang.reflect.InvocationTargetException e) {
            System.out.println(e.getCause().getClass().getName());
        }
        try {
            refl.invoke(null, refl);
        } catch (StackOverflowError e) {
            System.out.println("direct");
        } catch (java.lang.reflect.InvocationTargetException e) {
            Throwable t = e;
            while (t.getCause() != null) t = t.getCause();
            System.out.println(t.getClass().getName());
        }
        Thread t = new Thread(null, () -> {
            try {
                plain(0);
            } catch (StackOverflowError e) {
                System.out.println("in a thread with a small stack");
            }
        }, "small", 256 * 1024);
        t.start();
        t.join();
        Thread big = new Thread(null, () -> System.out.println(count(60000)), "big", 64L << 20);
        big.start();
        big.join();
        System.out.println("still alive " + count(500));
    }

    static int count(int n) { return n == 0 ? 0 : 1 + count(n - 1); }
}
