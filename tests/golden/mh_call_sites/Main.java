import java.lang.invoke.*;
import java.util.*;
import static java.lang.invoke.MethodType.*;

public class Main {
    static String a(String s) { return "a" + s; }
    static String b(String s) { return "b" + s; }
    public interface Fn { String call(String s); default String twice(String s) { return call(call(s)); } }

    interface Throwing { Object go() throws Throwable; }

    static void t(String what, Throwing r) {
        try {
            System.out.println(what + ": " + r.go());
        } catch (Throwable e) {
            System.out.println(what + ": " + e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }

    public static void main(String[] args) throws Throwable {
        MethodHandles.Lookup lk = MethodHandles.lookup();
        MethodType ss = methodType(String.class, String.class);
        MethodHandle ha = lk.findStatic(Main.class, "a", ss), hb = lk.findStatic(Main.class, "b", ss);
        ConstantCallSite c = new ConstantCallSite(ha);
        MutableCallSite m = new MutableCallSite(ha);
        VolatileCallSite v = new VolatileCallSite(ss);
        MethodHandle inv = m.dynamicInvoker();
        System.out.println((String) c.dynamicInvoker().invokeExact("1") + (String) inv.invokeExact("2"));
        m.setTarget(hb);
        MutableCallSite.syncAll(new MutableCallSite[] {m});
        v.setTarget(hb);
        System.out.println((String) inv.invokeExact("3") + (String) v.dynamicInvoker().invokeExact("4") + m.type() + (m.getTarget() == hb));
        t("constant set", () -> { c.setTarget(hb); return ""; });
        t("wrong type", () -> { m.setTarget(MethodHandles.identity(int.class)); return ""; });
        t("unset", () -> new MutableCallSite(ss).dynamicInvoker().invoke("x"));
        SwitchPoint sp = new SwitchPoint();
        MethodHandle sw = sp.guardWithTest(ha, hb);
        System.out.print((String) sw.invokeExact("5") + sp.hasBeenInvalidated());
        SwitchPoint.invalidateAll(new SwitchPoint[] {sp});
        System.out.println((String) sw.invokeExact("6") + sp.hasBeenInvalidated());
        Fn f = MethodHandleProxies.asInterfaceInstance(Fn.class, hb);
        System.out.println(f.call("7") + f.twice("8") + MethodHandleProxies.isWrapperInstance(f) + (MethodHandleProxies.wrapperInstanceTarget(f) == hb));
        MethodType mt = methodType(int.class, String.class, long[].class, double.class);
        System.out.println(mt + " " + mt.toMethodDescriptorString() + " " + mt.parameterList() + mt.returnType() + mt.parameterCount() + mt.hasPrimitives() + mt.hasWrappers() + mt.generic() + mt.erase() + mt.wrap() + mt.wrap().unwrap() + mt.lastParameterType());
        System.out.println(mt.changeReturnType(void.class) + " " + mt.changeParameterType(1, Object.class) + mt.dropParameterTypes(0, 2) + mt.insertParameterTypes(1, int.class, char.class) + mt.appendParameterTypes(byte.class) + genericMethodType(2) + genericMethodType(1, true));
        System.out.println((mt == methodType(int.class, String.class, long[].class, double.class)) + " " + mt.equals(MethodType.fromMethodDescriptorString("(Ljava/lang/String;[JD)I", null)) + (mt.hashCode() == methodType(int.class, new Class<?>[] {String.class, long[].class, double.class}).hashCode()) + mt.descriptorString());
        t("void parameter", () -> methodType(int.class, void.class));
        t("bad descriptor", () -> MethodType.fromMethodDescriptorString("(X)V", null));
        t("too many", () -> genericMethodType(256));
        t("missing class", () -> MethodType.fromMethodDescriptorString("(Lno/Such;)V", Main.class.getClassLoader()));
        t("index", () -> mt.parameterType(3));
        t("null", () -> methodType(null, int.class));
        MethodHandle big = MethodHandles.empty(genericMethodType(200));
        System.out.println(big.type().parameterCount() + " " + big.invokeWithArguments(Collections.nCopies(200, "x")));
        Class<?>[] long126 = new Class<?>[126];
        Arrays.fill(long126, long.class);
        System.out.println(MethodHandles.empty(methodType(long.class, long126)).invokeWithArguments((Object[]) Collections.nCopies(126, 1L).toArray()));
        System.out.println(ha.describeConstable().get() + " " + mt.describeConstable().get().displayDescriptor());
    }
}
