import java.lang.invoke.*;
import java.util.function.IntSupplier;

public class Guest implements Api {
    static int counter = 40;
    static final String NAME = "guest".concat("!");
    static class Inner { final Guest outer = new Guest(); }

    public int value() { return ++counter + NAME.length() - 6; }
    public Object array() { return new Inner[2][3]; }
    public Object lambda() { IntSupplier s = () -> counter + NAME.length(); return s; }
    public Object bound() { int add = counter; IntSupplier s = () -> add * 2; return s; }
    public MethodHandle handle() throws Exception {
        return MethodHandles.lookup().findStatic(Guest.class, "twice", MethodType.methodType(int.class, int.class));
    }
    public RuntimeException exception() {
        try {
            return inner(3);
        } catch (RuntimeException e) {
            return e;
        }
    }
    static RuntimeException inner(int depth) { if (depth == 0) throw new IllegalStateException("from " + NAME); return inner(depth - 1); }
    static int twice(int n) { return 2 * n + NAME.length(); }
}
