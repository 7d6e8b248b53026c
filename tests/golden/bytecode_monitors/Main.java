public class Main {
    int n;

    synchronized int inc(int depth) {
        n++;
        return depth == 0 ? n : inc(depth - 1);
    }

    static synchronized String st() {
        return Thread.holdsLock(Main.class) + "";
    }

    synchronized void fail() {
        throw new IllegalStateException("held " + Thread.holdsLock(this));
    }

    static int nested(Object a, Object b, int how) {
        synchronized (a) {
            synchronized (b) {
                if (how == 0) {
                    return 1;
                }
                try {
                    if (how == 1) {
                        throw new RuntimeException("x");
                    }
                } finally {
                    synchronized (a) {
                        how += 10;
                    }
                }
                return how;
            }
        }
    }

    static void ims(String what, Runnable r) {
        try {
            r.run();
            System.out.println(what + " fine");
        } catch (IllegalMonitorStateException e) {
            System.out.println(what + " " + e.getMessage());
        }
    }

    public static void main(String[] args) throws Exception {
        Main m = new Main();
        System.out.println(m.inc(100) + " " + Thread.holdsLock(m) + " " + st() + " " + Thread.holdsLock(Main.class));
        try {
            m.fail();
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage() + " " + Thread.holdsLock(m));
        }
        Object a = new Object(), b = new int[0];
        System.out.println(nested(a, b, 0) + " " + nested(a, a, 2));
        try {
            nested(a, b, 1);
        } catch (RuntimeException e) {
            System.out.println(e.getMessage() + " " + Thread.holdsLock(a) + Thread.holdsLock(b));
        }
        ims("notify", a::notify);
        ims("notifyAll", a::notifyAll);
        ims("wait", () -> { try { a.wait(1); } catch (InterruptedException e) { } });
        ims("wait other", () -> { synchronized (b) { try { a.wait(1); } catch (InterruptedException e) { } } });
        ims("notify held", () -> { synchronized (a) { a.notify(); } });
        try {
            synchronized (a) {
                a.wait(-1);
            }
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        synchronized (a) {
            a.wait(1);
            a.wait(0, 1);
            System.out.println("waited");
        }
        try {
            Object nul = null;
            synchronized (nul) {
                System.out.println("never");
            }
        } catch (NullPointerException e) {
            System.out.println(e.getMessage());
        }
        int hash = a.hashCode();
        synchronized (a) {
            System.out.println(hash == a.hashCode());
            synchronized (a) {
                System.out.println(hash == System.identityHashCode(a));
            }
            Thread t = new Thread(() -> { synchronized (a) { m.n = -1; } });
            t.start();
            Thread.sleep(20);
            System.out.println(m.n);
            while (m.n != -1) {
                a.wait(10);
            }
            t.join();
            System.out.println(m.n + " " + (hash == a.hashCode()));
        }
        Object fresh = new Object();
        synchronized (fresh) {
            int h = fresh.hashCode();
            System.out.println(h == fresh.hashCode());
        }
        Object[] many = new Object[50];
        lockAll(many, 0);
        System.out.println(Thread.holdsLock(many[0]));
    }

    static void lockAll(Object[] os, int i) {
        if (i == os.length) {
            int held = 0;
            for (Object o : os) {
                held += Thread.holdsLock(o) ? 1 : 0;
            }
            System.out.println(held);
            return;
        }
        os[i] = new Object();
        synchronized (os[i]) {
            lockAll(os, i + 1);
        }
    }
}
