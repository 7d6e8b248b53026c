import java.lang.constant.*;
import java.lang.invoke.*;
import java.lang.runtime.*;
import java.util.*;
import java.util.function.*;
import static java.lang.invoke.MethodType.*;

public class Main {
    interface Tri { String go(int a, Object b, long c); }
    interface Marker {}
    static String impl(String captured, int a, Object b, long c) { return captured + a + b + c; }
    static Integer box(String s) { return s.length(); }
    record P(int x, String y) {}

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
        MethodHandle impl = lk.findStatic(Main.class, "impl", methodType(String.class, String.class, int.class, Object.class, long.class));
        CallSite cs = LambdaMetafactory.metafactory(lk, "go", methodType(Tri.class, String.class), methodType(String.class, int.class, Object.class, long.class), impl, methodType(String.class, int.class, Object.class, long.class));
        Tri tri = (Tri) cs.getTarget().invokeExact("cap");
        System.out.println(tri.go(1, 'x', 3L) + ((Tri) cs.getTarget().invoke("2nd")).go(0, null, 0));
        MethodHandle box = lk.findStatic(Main.class, "box", methodType(Integer.class, String.class));
        ToIntFunction<String> f = (ToIntFunction<String>) LambdaMetafactory.metafactory(lk, "applyAsInt", methodType(ToIntFunction.class), methodType(int.class, Object.class), box, methodType(int.class, String.class)).getTarget().invoke();
        System.out.println(f.applyAsInt("four"));
        CallSite alt = LambdaMetafactory.altMetafactory(lk, "apply", methodType(Function.class), methodType(Object.class, Object.class), box, methodType(Object.class, String.class), LambdaMetafactory.FLAG_MARKERS, 1, Marker.class);
        Object o = alt.getTarget().invoke();
        System.out.println((o instanceof Marker) + " " + ((Function<Object, Object>) o).apply("abc"));
        t("cast", () -> ((Function<Object, Object>) o).apply(5));
        t("mismatch", () -> LambdaMetafactory.metafactory(lk, "apply", methodType(Function.class), methodType(Object.class, Object.class), box, methodType(int.class, String.class, String.class)));
        t("not an interface", () -> LambdaMetafactory.metafactory(lk, "x", methodType(String.class), methodType(void.class), box, methodType(void.class)));
        t("weak lookup", () -> LambdaMetafactory.metafactory(MethodHandles.publicLookup(), "applyAsInt", methodType(ToIntFunction.class), methodType(int.class, Object.class), box, methodType(int.class, String.class)));
        CallSite concat = StringConcatFactory.makeConcatWithConstants(lk, "concat", methodType(String.class, int.class, Object.class, double.class), "a\u0001b\u0002\u0001-\u0001", "CONST");
        System.out.println((String) concat.getTarget().invokeExact(1, (Object) null, 2.5));
        System.out.println((String) StringConcatFactory.makeConcat(lk, "c", methodType(String.class, char.class, boolean.class, String.class)).getTarget().invokeExact('c', true, "s"));
        t("concat mismatch", () -> StringConcatFactory.makeConcatWithConstants(lk, "concat", methodType(String.class, int.class), "\u0001\u0001"));
        CallSite eq = (CallSite) ObjectMethods.bootstrap(lk, "equals", methodType(boolean.class, P.class, Object.class), P.class, "x", lk.findGetter(P.class, "x", int.class));
        CallSite ts = (CallSite) ObjectMethods.bootstrap(lk, "toString", methodType(String.class, P.class), P.class, "y;x", lk.findGetter(P.class, "y", String.class), lk.findGetter(P.class, "x", int.class));
        System.out.println((boolean) eq.getTarget().invokeExact(new P(1, "a"), (Object) new P(1, "b")) + " " + (String) ts.getTarget().invokeExact(new P(1, "a")));
        CallSite sw = SwitchBootstraps.typeSwitch(lk, "typeSwitch", methodType(int.class, Object.class, int.class), Integer.class, "str", 7, String.class);
        for (Object x : new Object[] {1, "str", "other", null, 2.5}) System.out.print((int) sw.getTarget().invokeExact(x, 0) + " ");
        System.out.println((int) sw.getTarget().invokeExact((Object) 1, 1) + " " + (int) sw.getTarget().invokeExact((Object) 7, 1));
        System.out.println(ConstantBootstraps.nullConstant(lk, "x", String.class) + " " + ConstantBootstraps.primitiveClass(lk, "J", Class.class) + ConstantBootstraps.enumConstant(lk, "NEW", Thread.State.class) + ConstantBootstraps.getStaticFinal(lk, "MAX_VALUE", int.class, Integer.class) + ConstantBootstraps.invoke(lk, "x", int.class, box, "five5") + ConstantBootstraps.explicitCast(lk, "x", byte.class, 300));
        DynamicConstantDesc<?> dc = DynamicConstantDesc.ofNamed(ConstantDescs.BSM_INVOKE, "n", ConstantDescs.CD_String, MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.VIRTUAL, ConstantDescs.CD_String, "repeat", MethodTypeDesc.ofDescriptor("(I)Ljava/lang/String;")), "ab", 3);
        System.out.println(dc.resolveConstantDesc(lk) + " " + dc + " " + ClassDesc.of("java.util.List").arrayType().descriptorString() + MethodTypeDesc.ofDescriptor("(ILjava/lang/String;)V").displayDescriptor() + ClassDesc.ofDescriptor("[[I").displayName());
        t("bad class desc", () -> ClassDesc.of("a/b"));
        t("bad method desc", () -> MethodTypeDesc.ofDescriptor("(I"));
        t("resolve missing", () -> ClassDesc.of("no.Such").resolveConstantDesc(lk));
    }
}
