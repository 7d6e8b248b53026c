public class Main {
    static class Res implements AutoCloseable {
        final String n;
        final boolean bad;
        Res(String n, boolean failOpen, boolean bad) { this.n = n; this.bad = bad; if (failOpen) throw new IllegalStateException("open " + n); System.out.println("open " + n); }
        public void close() { System.out.println("close " + n); if (bad) throw new IllegalArgumentException("close " + n); }
    }

    static void show(Throwable t, String in) {
        System.out.println(in + t);
        for (Throwable s : t.getSuppressed()) show(s, in + "  suppressed ");
    }

    static void run(boolean failB, boolean badA, boolean badB, boolean body) {
        try (Res a = new Res("a", false, badA); Res b = new Res("b", failB, badB); Res none = null) {
            System.out.println("body " + a.n + b.n + none);
            if (body) throw new RuntimeException("body");
        } catch (RuntimeException e) {
            show(e, "");
        } finally {
            System.out.println("finally");
        }
    }

    static int ret() {
        try (Res a = new Res("r", false, false)) {
            return a.n.length();
        } finally {
            System.out.println("ret finally");
        }
    }

    static String order() {
        StringBuilder sb = new StringBuilder();
        Res outer = new Res("outer", false, true);
        try (outer; AutoCloseable lambda = () -> sb.append("lambda closed "); Res in = new Res(sb.append("made ").toString(), false, false)) {
            sb.append("body ");
            return sb.append("returning ").toString();
        } catch (Exception e) {
            sb.append("caught ").append(e.getMessage());
        }
        return sb.toString();
    }

    static class Same implements AutoCloseable {
        final RuntimeException e = new RuntimeException("same");
        public void close() { throw e; }
    }

    static class NoStack extends RuntimeException { NoStack() { super("no suppression", null, false, true); } }

    public static void main(String[] args) throws Exception {
        for (int i = 0; i < 16; i++) {
            System.out.println("-- " + i);
            run((i & 8) != 0, (i & 4) != 0, (i & 2) != 0, (i & 1) != 0);
        }
        System.out.println(ret());
        System.out.println(order());
        try (Same s = new Same()) {
            throw s.e;
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage() + " " + (e.getCause() == null ? "" : e.getCause().getMessage()));
        } catch (RuntimeException e) {
            System.out.println(e.getMessage() + " " + e.getSuppressed().length);
        }
        try (Res r = new Res("x", false, true)) {
            throw new NoStack();
        } catch (NoStack e) {
            System.out.println(e.getMessage() + " " + e.getSuppressed().length);
        }
        for (int i = 0; i < 3; i++) {
            try (Res r = new Res("loop" + i, false, false)) {
                if (i == 0) continue;
                if (i == 1) break;
            }
        }
        try (Res a = new Res("nested1", false, true)) {
            try (Res b = new Res("nested2", false, true)) {
                throw new Exception("inner");
            }
        } catch (Exception e) {
            show(e, "");
        }
    }
}
