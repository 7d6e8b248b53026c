import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.IntUnaryOperator;

/** Code that never allocates and never ends by itself must still let the world stop, and the program end. */
public class Main {
    static volatile boolean stop;
    static volatile boolean started;

    interface Body {
        int run(int depth) throws Throwable;
    }

    static int byStatic(int depth) {
        started = true;
        return stop || depth == 0 ? depth : byStatic(depth - 1) + byStatic(depth - 1);
    }

    int byVirtual(int depth) {
        started = true;
        return stop || depth == 0 ? depth : byVirtual(depth - 1) + byVirtual(depth - 1);
    }

    private int bySpecial(int depth) {
        started = true;
        return stop || depth == 0 ? depth : bySpecial(depth - 1) + bySpecial(depth - 1);
    }

    static Body byInterface;
    static IntUnaryOperator byLambda;
    static final MethodHandle HANDLE;

    static {
        try {
            HANDLE = MethodHandles.lookup().findStatic(Main.class, "byHandle",
                    MethodType.methodType(int.class, int.class));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    static int byHandle(int depth) throws Throwable {
        started = true;
        return stop || depth == 0 ? depth : (int) HANDLE.invokeExact(depth - 1) + (int) HANDLE.invokeExact(depth - 1);
    }

    static synchronized int bySynchronized(int depth) {
        started = true;
        return stop || depth == 0 ? depth : bySynchronized(depth - 1) + bySynchronized(depth - 1);
    }

    static int byLoop(int ignored) {
        int n = 0;
        while (!stop) {
            started = true;
            n++;
        }
        return n;
    }

    static int bySwitch(int ignored) {
        int state = 0;
        for (;;) {
            switch (state) {
                case 0: state = 1; break;
                case 1: state = 2; started = true; break;
                default: if (stop) return state; state = 0;
            }
        }
    }

    static int byExceptions(int ignored) {
        RuntimeException thrown = new RuntimeException();
        for (;;) {
            try {
                started = true;
                if (!stop) throw thrown;
                return 0;
            } catch (RuntimeException e) {
                // Once more.
            }
        }
    }

    static void check(String name, Body body) throws Exception {
        stop = false;
        started = false;
        Thread thread = new Thread(() -> {
            try {
                body.run(60);
            } catch (Throwable e) {
                System.out.println(name + " threw " + e);
            }
        });
        thread.start();
        while (!started) {
            Thread.onSpinWait();
        }
        int length = 0;
        for (int i = 0; i < 3; i++) {
            System.gc();
            length += thread.getStackTrace().length > 0 ? 1 : 0;
        }
        stop = true;
        thread.join();
        System.out.println(name + ": stopped " + length + " times");
    }

    public static void main(String[] args) throws Exception {
        byInterface = depth -> {
            started = true;
            return stop || depth == 0 ? depth : byInterface.run(depth - 1) + byInterface.run(depth - 1);
        };
        byLambda = depth -> {
            started = true;
            return stop || depth == 0 ? depth : byLambda.applyAsInt(depth - 1) + byLambda.applyAsInt(depth - 1);
        };
        check("static", Main::byStatic);
        check("virtual", new Main()::byVirtual);
        check("special", new Main()::bySpecial);
        check("interface", byInterface);
        check("lambda", byLambda::applyAsInt);
        check("handle", Main::byHandle);
        check("synchronized", Main::bySynchronized);
        check("loop", Main::byLoop);
        check("switch", Main::bySwitch);
        check("exceptions", Main::byExceptions);

        stop = false;
        started = false;
        Thread last = new Thread(() -> byStatic(60));
        last.setDaemon(true);
        last.start();
        while (!started) {
            Thread.onSpinWait();
        }
        System.out.println("main ends");
    }
}
