import java.io.IOException;
import java.util.*;

public class Main {
    static List<String> log = new ArrayList<>();

    static void l(String s) { log.add(s); }

    static String run(int k) {
        log.clear();
        try {
            l("try");
            try {
                act(k);
                l("after act");
            } catch (ArithmeticException | ClassCastException e) {
                l("multi " + e.getClass().getSimpleName());
                if (k == 1) throw new IllegalStateException("from catch", e);
            } catch (RuntimeException e) {
                l("runtime " + e.getMessage());
                throw e;
            } finally {
                l("finally 1");
                if (k == 3) throw new IOException("from finally");
                if (k == 6) return log + " returned from finally";
            }
        } catch (IOException e) {
            l("io " + e.getMessage() + " suppressed " + e.getSuppressed().length);
        } catch (IllegalStateException e) {
            l("state " + e.getMessage() + " cause " + e.getCause().getMessage());
        } catch (Exception e) {
            l("other " + e.getMessage());
        } catch (Error e) {
            l("error " + e.getMessage());
        } finally {
            l("finally 2");
        }
        return log.toString();
    }

    static void act(int k) throws IOException {
        switch (k) {
            case 1: System.out.print(1 / (k - 1)); break;
            case 2: Object o = "s"; Integer i = (Integer) o; break;
            case 3: throw new RuntimeException("three");
            case 4: throw new IOException("four");
            case 5: throw new AssertionError("five");
            case 6: throw new RuntimeException("six");
            case 7: throw null;
            case 8: deep(50); break;
        }
    }

    static void deep(int n) {
        try {
            if (n == 0) throw new UnsupportedOperationException("deep");
            deep(n - 1);
        } finally {
            if (n % 25 == 0) l("unwind " + n);
        }
    }

    static void precise(boolean b) throws IOException, InterruptedException {
        try {
            if (b) throw new IOException("precise");
            throw new InterruptedException("also");
        } catch (Exception e) {
            throw e;
        }
    }

    static int nestedFinally() {
        int r = 0;
        for (int i = 0; i < 3; i++) {
            try {
                try {
                    try {
                        r += 1;
                        if (i == 1) throw new RuntimeException();
                    } finally {
                        r += 10;
                    }
                } finally {
                    r += 100;
                    if (i == 2) break;
                }
            } catch (RuntimeException e) {
                r += 1000;
                continue;
            } finally {
                r += 10000;
            }
            r += 100000;
        }
        return r;
    }

    static class Custom extends Exception {
        final int code;
        Custom(int code) { super("code " + code, null, false, false); this.code = code; }
        @Override public String toString() { return "Custom!" + code; }
    }

    @SuppressWarnings("unchecked") static <T extends Throwable> void sneaky(Throwable t) throws T { throw (T) t; }

    public static void main(String[] args) throws Exception {
        for (int k = 0; k <= 8; k++) System.out.println(k + " " + run(k));
        for (boolean b : new boolean[] {true, false}) {
            try {
                precise(b);
            } catch (IOException e) {
                System.out.println("io " + e.getMessage());
            } catch (InterruptedException e) {
                System.out.println("interrupted " + e.getMessage());
            }
        }
        System.out.println(nestedFinally());
        try {
            throw new Custom(7);
        } catch (Custom e) {
            e.addSuppressed(new RuntimeException());
            System.out.println(e + " " + e.code + " " + e.getStackTrace().length + " " + e.getSuppressed().length);
        }
        try {
            Main.<RuntimeException>sneaky(new IOException("sneaked"));
        } catch (Exception e) {
            System.out.println(e);
        }
        Throwable t = new Exception("top", new RuntimeException(new Error("bottom")));
        for (Throwable c = t; c != null; c = c.getCause()) System.out.println(c.getMessage());
        Exception self = new Exception("self");
        for (Runnable r : new Runnable[] {() -> self.addSuppressed(self), () -> self.addSuppressed(null), () -> self.initCause(self), () -> { self.initCause(null); self.initCause(new Error()); }, () -> new Exception("x", null).initCause(new Error("e"))}) {
            try {
                r.run();
                System.out.println("fine");
            } catch (RuntimeException e) {
                System.out.println(e + " / " + e.getCause());
            }
        }
        Throwable loop = new Exception("a");
        Throwable b = new Exception("b", loop);
        loop.initCause(b);
        java.io.StringWriter sw = new java.io.StringWriter();
        loop.printStackTrace(new java.io.PrintWriter(sw));
        System.out.println(sw.toString().contains("CIRCULAR REFERENCE") + " " + loop.getLocalizedMessage());
    }
}
