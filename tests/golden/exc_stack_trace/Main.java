import java.util.*;
import java.util.function.*;

public class Main {
    static class Inner {
        Inner(int n) {
            fail(n);
        }

        {
            counter++;
        }

        void fail(int n) {
            throw new IllegalStateException(
                    "inner " + n);
        }
    }

    static int counter;

    static void show(Throwable t) {
        System.out.println(t);
        for (StackTraceElement e : t.getStackTrace()) {
            String mod = e.getModuleName();
            if (mod == null) {
                System.out.println("  " + e + " | " + e.getClassName() + " | " + e.getMethodName() + " | " + e.getFileName() + " | " + e.getLineNumber() + " " + e.isNativeMethod() + " " + e.getClassLoaderName());
            } else {
                System.out.println("  (" + mod + ") " + e.getClassName() + "." + e.getMethodName());
            }
        }
        if (t.getCause() != null) {
            show(t.getCause());
        }
    }

    static int multi(int a) {
        return a
                + counter
                / (a
                - a);
    }

    static void recurse(int n) {
        if (n == 0) {
            throw new RuntimeException("bottom");
        }
        recurse(
                n - 1);
    }

    interface Def {
        default void d() {
            throw new UnsupportedOperationException("default");
        }
    }

    public static void main(String[] args) throws Exception {
        List<Runnable> tests = new ArrayList<>();
        tests.add(() -> new Inner(1));
        tests.add(() -> multi(3));
        tests.add(() -> recurse(3));
        tests.add(new Def() {}::d);
        tests.add(() -> {
            Supplier<Integer> s = () -> {
                int[] a = {1};
                return a[1];
            };
            s.get();
        });
        tests.add(new Runnable() {
            public void run() {
                Object o = args;
                String s = (String) o;
            }
        });
        tests.add(() -> {
            try {
                recurse(1);
            } catch (RuntimeException e) {
                throw new Error("wrapped", e);
            }
        });
        tests.add(() -> {
            try {
                Main.class.getDeclaredMethod("recurse", int.class).invoke(null, 0);
            } catch (ReflectiveOperationException e) {
                throw new RuntimeException(e.getCause());
            }
        });
        tests.add(() -> List.of(1, 2).forEach(x -> { throw new RuntimeException("each " + x); }));
        tests.add(() -> List.of().add(null));
        tests.add(() -> Integer.parseInt("x"));
        for (Runnable r : tests) {
            try {
                r.run();
            } catch (Throwable t) {
                show(t);
            }
        }
        StackTraceElement here = new Throwable().getStackTrace()[0];
        System.out.println(here + " " + here.equals(new StackTraceElement("Main", "main", "Main.java", here.getLineNumber())) + " " + Thread.currentThread().getStackTrace()[1].getMethodName());
        RuntimeException e = new RuntimeException("custom");
        e.setStackTrace(new StackTraceElement[] {new StackTraceElement("a.B", "c", "B.java", 12), new StackTraceElement("a.B", "n", null, -2), new StackTraceElement("app", "m.o.d", "1.2", "x.Y", "z", "Y.java", -1), new StackTraceElement("x.Y", "z", null, 3)});
        java.io.StringWriter sw = new java.io.StringWriter();
        e.addSuppressed(new Exception("sup", new Exception("supcause")));
        e.getSuppressed()[0].setStackTrace(new StackTraceElement[] {new StackTraceElement("a.B", "c", "B.java", 12)});
        e.getSuppressed()[0].getCause().setStackTrace(new StackTraceElement[0]);
        e.initCause(new Exception("cause"));
        e.getCause().setStackTrace(new StackTraceElement[] {new StackTraceElement("q.Q", "q", "Q.java", 1), new StackTraceElement("x.Y", "z", null, 3)});
        e.printStackTrace(new java.io.PrintWriter(sw));
        System.out.print(sw);
        Throwable filled = new Throwable();
        refill(filled);
        System.out.println(filled.getStackTrace()[0].getMethodName());
        System.out.println(new Throwable("w", null, true, false) {}.getStackTrace().length);
    }

    static void refill(Throwable t) {
        t.fillInStackTrace();
    }
}
