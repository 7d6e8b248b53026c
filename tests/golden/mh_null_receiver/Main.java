import java.lang.invoke.*;

public class Main {
    static MethodHandle handle;
    static VarHandle var;

    interface Body { Object run() throws Throwable; }

    static void show(String what, Body body) {
        try {
            System.out.println(what + ": " + body.run());
        } catch (Throwable e) {
            System.out.println(what + ": " + e + " at " + e.getStackTrace()[0].getClassName() + " of " + e.getStackTrace().length);
        }
    }

    int x;

    public static void main(String[] args) throws Throwable {
        for (int i = 0; i < 2; i++) {
            show("invokeExact", () -> (int) handle.invokeExact(1, 2L));
            show("invoke", () -> handle.invoke());
            show("invokeWithArguments", () -> handle.invokeWithArguments());
            show("get", () -> (int) var.get(new Main()));
            show("compareAndSet", () -> var.compareAndSet(new Main(), 0, 1));
            handle = MethodHandles.constant(int.class, 5);
            var = MethodHandles.lookup().findVarHandle(Main.class, "x", int.class);
        }
    }
}
