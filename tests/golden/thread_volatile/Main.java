public class Main {
    static volatile boolean stop;
    static volatile int ready;
    static int payload;
    static volatile long wide;

    static class Box { final int a; final int[] b; Box(int v) { a = v; b = new int[] {v, v}; } }
    static Box shared;

    static class Lazy {
        private static volatile Lazy instance;
        static int made;
        final int v;
        Lazy() { made++; v = 5; }
        static Lazy get() {
            Lazy l = instance;
            if (l == null) synchronized (Lazy.class) { l = instance; if (l == null) instance = l = new Lazy(); }
            return l;
        }
    }

    static volatile int x, y;

    public static void main(String[] args) throws Exception {
        Thread spin = new Thread(() -> { while (!stop) Thread.onSpinWait(); });
        spin.start();
        stop = true;
        spin.join();
        int[] bad = new int[1];
        for (int i = 1; i <= 50; i++) {
            int k = i;
            Thread r = new Thread(() -> { while (ready != k) Thread.onSpinWait(); if (payload != k * 10) bad[0]++; });
            r.start();
            payload = k * 10;
            ready = k;
            r.join();
        }
        System.out.println("stale " + bad[0]);
        Thread reader = new Thread(() -> {
            for (int i = 0; i < 2000; i++) {
                long w = wide;
                if (w != 0 && w != -1L) bad[0]++;
                Box b = shared;
                if (b != null && (b.a != b.b[0] || b.a == 0)) bad[0]++;
            }
        });
        reader.start();
        for (int i = 0; i < 2000; i++) {
            wide = (i & 1) == 0 ? 0 : -1L;
            if (i % 10 == 0) shared = new Box(i + 1);
        }
        reader.join();
        System.out.println("torn " + bad[0]);
        Thread[] ts = new Thread[4];
        for (int i = 0; i < ts.length; i++) {
            ts[i] = new Thread(() -> { if (Lazy.get().v != 5) bad[0]++; });
            ts[i].start();
        }
        for (Thread t : ts) t.join();
        System.out.println(Lazy.made + " " + bad[0]);
        int both = 0;
        for (int i = 0; i < 100; i++) {
            x = y = 0;
            int[] r = new int[2];
            Thread a = new Thread(() -> { x = 1; r[0] = y; }), b = new Thread(() -> { y = 1; r[1] = x; });
            a.start();
            b.start();
            a.join();
            b.join();
            if (r[0] == 0 && r[1] == 0) both++;
        }
        System.out.println("both zero " + both);
        int[] plain = new int[1];
        Object lock = new Object();
        for (int i = 0; i < ts.length; i++) {
            ts[i] = new Thread(() -> { for (int k = 0; k < 1000; k++) synchronized (lock) { plain[0]++; } });
            ts[i].start();
        }
        for (Thread t : ts) t.join();
        System.out.println(plain[0]);
    }
}
