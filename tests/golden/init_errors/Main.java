public class Main {
    static class Bad { static int x = 1 / 0; static void m() {} }
    static class Thrower { static { if (true) throw new IllegalStateException("planned", new RuntimeException("root")); } static int y = 1; }
    static class Err { static { if (true) throw new AssertionError("an error stays itself"); } static int y; }
    static class Sub extends Bad { static { System.out.println("never"); } static int z; }
    interface Itf { int X = Integer.parseInt("zz"); default void d() {} }
    static class Impl implements Itf { }
    enum E { A(1), B(0); E(int n) { System.out.println(10 / n); } }
    static class Checked { static { sneak(new java.io.IOException("checked")); } static int q; }

    @SuppressWarnings("unchecked")
    static <T extends Throwable> void sneak(Throwable t) throws T { throw (T) t; }

    static void show(String what, Runnable r) {
        try {
            r.run();
            System.out.println(what + " fine");
        } catch (Throwable t) {
            System.out.println(what + ": " + t);
            for (Throwable c = t.getCause(); c != null; c = c.getCause()) {
                System.out.println("   caused by " + c);
            }
            if (t instanceof ExceptionInInitializerError e) {
                System.out.println("   getException " + (e.getException() == e.getCause()));
            }
            StackTraceElement top = t.getStackTrace()[0];
            System.out.println("   at " + top.getMethodName() + " line " + top.getLineNumber());
        }
    }

    public static void main(String[] args) throws Exception {
        show("first", () -> System.out.println(Bad.x));
        show("second", () -> System.out.println(Bad.x));
        show("new", () -> new Bad());
        show("call", () -> Bad.m());
        show("subclass", () -> System.out.println(Sub.z));
        show("subclass again", () -> System.out.println(Sub.z));
        show("thrower", () -> System.out.println(Thrower.y));
        show("thrower again", () -> Thrower.y = 2);
        show("error", () -> System.out.println(Err.y));
        show("error again", () -> System.out.println(Err.y));
        show("implementor", () -> new Impl());
        show("implementor again", () -> new Impl());
        show("interface", () -> System.out.println(Itf.X));
        show("enum", () -> System.out.println(E.B));
        show("enum again", () -> System.out.println(E.valueOf("A")));
        show("checked", () -> System.out.println(Checked.q));
        Thread t = new Thread(() -> show("other thread", () -> Bad.m()), "other");
        t.start();
        t.join();
        try {
            Class.forName("Main$Late");
        } catch (ExceptionInInitializerError e) {
            System.out.println("forName " + e.getCause());
        }
        try {
            Class.forName("Main$Late");
        } catch (NoClassDefFoundError e) {
            System.out.println("forName again " + e.getMessage() + " / " + e.getCause());
        }
        System.out.println(Class.forName("Main$Late", false, Main.class.getClassLoader()).getSimpleName());
        System.out.println(new Bad[2].length);
        try {
            Main.class.getClassLoader().loadClass("no.such.Thing");
        } catch (ClassNotFoundException e) {
            System.out.println(e.getMessage());
        }
        try {
            Class.forName("[[Lno.such.Thing;");
        } catch (ClassNotFoundException e) {
            System.out.println(e.getMessage());
        }
        try {
            Class.forName("java/lang/String");
        } catch (ClassNotFoundException e) {
            System.out.println(e.getMessage());
        }
    }

    static class Late { static Object o = ((Object[]) null)[0]; }
}
