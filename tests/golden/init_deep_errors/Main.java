public class Main {
    static class Overflow { static int v = rec(0); static int rec(int n) { return rec(n + 1) + 1; } }
    static class Memory { static final byte[][] B = fill(); static byte[][] fill() { byte[][] b = new byte[10_000][]; for (int i = 0; i < b.length; i++) b[i] = new byte[1 << 20]; return b; } static int x = 1; }
    static class Fine { static int v = 5; }
    static class Chain1 { static int v = Chain2.v + 1; } static class Chain2 { static int v = Chain3.v + 1; } static class Chain3 { static int v = Integer.parseInt("bad"); }
    static class Tricky { static int n; static { n++; try { Helper.touch(); } catch (ExceptionInInitializerError e) { n += 10; } try { Helper.touch(); } catch (NoClassDefFoundError e) { n += 100; } } static class Helper { static int q = 1 / (n - 1); static void touch() {} } }

    static void t(String what, Runnable r) {
        for (int i = 0; i < 2; i++) {
            try {
                r.run();
                System.out.println(what + " fine");
            } catch (Throwable e) {
                System.out.println(what + " " + e.getClass().getSimpleName() + (e instanceof NoClassDefFoundError ? " " + e.getMessage() : "") + (e.getCause() == null ? "" : " <- " + e.getCause().getClass().getSimpleName()));
            }
        }
    }

    public static void main(String[] args) {
        t("overflow", () -> System.out.println(Overflow.v));
        t("memory", () -> System.out.println(Memory.x));
        t("chain", () -> System.out.println(Chain1.v));
        t("middle of the chain", () -> System.out.println(Chain2.v));
        t("fine", () -> System.out.println(Fine.v));
        t("tricky", () -> System.out.println(Tricky.n));
        byte[] after = new byte[8 << 20];
        System.out.println("memory is back " + after.length);
    }
}
