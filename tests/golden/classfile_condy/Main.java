import java.lang.classfile.*;
import java.lang.constant.*;
import java.lang.invoke.*;
import java.util.*;
import java.util.function.*;
import static java.lang.constant.ConstantDescs.*;

public class Main {
    static final ClassDesc MAIN = ClassDesc.of("Main");
    static int count, calls;

    public static Object con(MethodHandles.Lookup l, String name, Class<?> type) {
        calls++;
        return name + " " + type.getSimpleName() + " " + l.lookupClass().getSimpleName() + " " + calls;
    }

    public static long longCon(MethodHandles.Lookup l, String name, Class<?> type) { return 1L << 40; }
    public static Object withArgs(MethodHandles.Lookup l, String name, Class<?> type, Object... args) {
        StringBuilder sb = new StringBuilder(name);
        for (Object a : args) sb.append('|').append(a instanceof MethodHandle h ? h.type() : a).append(':').append(a.getClass().getSimpleName().replaceAll("Species|Direct.*|Bound.*|Delegating.*", "MH"));
        return sb.toString();
    }
    public static Object failing(MethodHandles.Lookup l, String name, Class<?> type) { calls++; throw new IllegalStateException("bootstrap " + calls); }
    public static Object failingError(MethodHandles.Lookup l, String name, Class<?> type) { throw new StackOverflowError("error passes"); }
    public static Object wrongType(MethodHandles.Lookup l, String name, Class<?> type) { return 5; }
    public static CallSite site(MethodHandles.Lookup l, String name, MethodType type) throws Exception {
        calls++;
        return new ConstantCallSite(l.findStatic(Main.class, name, type));
    }
    public static CallSite extra(MethodHandles.Lookup l, String name, MethodType type, String prefix, int n) throws Exception {
        return new ConstantCallSite(MethodHandles.insertArguments(MethodHandles.lookup().findStatic(Main.class, "three", MethodType.methodType(String.class, String.class, int.class, String.class)), 0, prefix, n));
    }
    public static CallSite mutable(MethodHandles.Lookup l, String name, MethodType type) throws Exception {
        MutableCallSite s = new MutableCallSite(MethodHandles.constant(int.class, 1));
        last = s;
        return s;
    }
    public static CallSite nullSite(MethodHandles.Lookup l, String name, MethodType type) { return null; }
    public static CallSite wrongSite(MethodHandles.Lookup l, String name, MethodType type) { return new ConstantCallSite(MethodHandles.constant(int.class, 1)); }
    public static Object notSite(MethodHandles.Lookup l, String name, MethodType type) { return "no site"; }
    public static CallSite throwsChecked(MethodHandles.Lookup l, String name, MethodType type) throws Exception { throw new java.io.IOException("checked"); }
    public static CallSite varargs(Object... all) throws Exception { return new ConstantCallSite(MethodHandles.constant(String.class, all.length + " " + all[1])); }
    static MutableCallSite last;
    public static String target(String s) { return "target " + s; }
    public static String three(String a, int b, String c) { return a + b + c; }

    static class Loader extends ClassLoader {
        Class<?> define(byte[] b) { return defineClass(null, b, 0, b.length); }
    }

    static Supplier<Object> make(MethodTypeDesc type, Consumer<CodeBuilder> body, Object... args) throws Exception {
        byte[] b = ClassFile.of().build(ClassDesc.of("Dyn" + count++), cb -> cb.withMethodBody("m", type, ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC, c -> body.accept(c)));
        var m = new Loader().define(b).getDeclaredMethods()[0];
        return () -> {
            try {
                return m.invoke(null, args);
            } catch (java.lang.reflect.InvocationTargetException e) {
                Throwable t = e.getCause();
                return t + (t.getCause() == null ? "" : " <- " + t.getCause());
            } catch (IllegalAccessException e) {
                return e;
            }
        };
    }

    static DirectMethodHandleDesc bsm(String n, ClassDesc ret, ClassDesc... extra) { return ofConstantBootstrap(MAIN, n, ret, extra); }
    static DirectMethodHandleDesc csm(String n, ClassDesc ret, ClassDesc... extra) { return MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, MAIN, n, MethodTypeDesc.of(ret, CD_MethodHandles_Lookup, CD_String, CD_MethodType).insertParameterTypes(3, extra)); }

    static void twice(String what, Supplier<Object> s) {
        calls = 0;
        System.out.println((what + ": " + s.get() + " / " + s.get().toString().split(" <- ")[0] + " calls " + calls).replaceAll("@[0-9a-f]+", "@"));
    }

    public static void main(String[] args) throws Exception {
        MethodTypeDesc o = MethodTypeDesc.of(CD_Object), l = MethodTypeDesc.of(CD_long), i = MethodTypeDesc.of(CD_int), ss = MethodTypeDesc.of(CD_String, CD_String);
        twice("constant", make(o, c -> c.ldc(DynamicConstantDesc.ofNamed(bsm("con", CD_Object), "nm", CD_Object)).areturn()));
        twice("long constant", make(l, c -> c.ldc(DynamicConstantDesc.ofNamed(bsm("longCon", CD_long), "nm", CD_long)).lreturn()));
        twice("arguments", make(o, c -> c.ldc(DynamicConstantDesc.ofNamed(ofConstantBootstrap(MAIN, "withArgs", CD_Object, CD_Object.arrayType()), "args", CD_Object, 1, 2L, 3.5f, 4.5, "s", CD_String, CD_int.arrayType(), MethodTypeDesc.of(CD_void, CD_int), MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, MAIN, "target", ss), DynamicConstantDesc.ofNamed(bsm("con", CD_Object), "inner", CD_Object))).areturn()));
        twice("primitive class and null", make(o, c -> c.ldc(DynamicConstantDesc.ofNamed(ConstantDescs.BSM_PRIMITIVE_CLASS, "I", CD_Class)).areturn()));
        twice("enum", make(o, c -> c.ldc(DynamicConstantDesc.ofNamed(ConstantDescs.BSM_ENUM_CONSTANT, "RUNNABLE", ClassDesc.of("java.lang.Thread$State"))).areturn()));
        twice("failing", make(o, c -> c.ldc(DynamicConstantDesc.ofNamed(bsm("failing", CD_Object), "nm", CD_Object)).areturn()));
        twice("error", make(o, c -> c.ldc(DynamicConstantDesc.ofNamed(bsm("failingError", CD_Object), "nm", CD_Object)).areturn()));
        twice("wrong type", make(o, c -> c.ldc(DynamicConstantDesc.ofNamed(bsm("wrongType", CD_Object), "nm", CD_String)).areturn()));
        twice("missing bootstrap", make(o, c -> c.ldc(DynamicConstantDesc.ofNamed(bsm("nowhere", CD_Object), "nm", CD_Object)).areturn()));
        twice("call site", make(ss, c -> c.aload(0).invokedynamic(DynamicCallSiteDesc.of(csm("site", CD_CallSite), "target", ss)).areturn(), "x"));
        twice("static arguments", make(ss, c -> c.aload(0).invokedynamic(DynamicCallSiteDesc.of(csm("extra", CD_CallSite, CD_String, CD_int), "any", ss, "p", 7)).areturn(), "x"));
        Supplier<Object> mut = make(i, c -> c.invokedynamic(DynamicCallSiteDesc.of(csm("mutable", CD_CallSite), "any", i)).ireturn());
        Object before = mut.get();
        last.setTarget(MethodHandles.constant(int.class, 2));
        System.out.println("mutable: " + before + " then " + mut.get());
        twice("varargs bootstrap", make(MethodTypeDesc.of(CD_String), c -> c.invokedynamic(DynamicCallSiteDesc.of(MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, MAIN, "varargs", MethodTypeDesc.of(CD_CallSite, CD_Object.arrayType())), "vn", MethodTypeDesc.of(CD_String), 1, 2)).areturn()));
        twice("null site", make(i, c -> c.invokedynamic(DynamicCallSiteDesc.of(csm("nullSite", CD_CallSite), "any", i)).ireturn()));
        twice("wrong site", make(ss, c -> c.aload(0).invokedynamic(DynamicCallSiteDesc.of(csm("wrongSite", CD_CallSite), "any", ss)).areturn(), "x"));
        twice("not a site", make(i, c -> c.invokedynamic(DynamicCallSiteDesc.of(csm("notSite", CD_Object), "any", i)).ireturn()));
        twice("checked exception", make(i, c -> c.invokedynamic(DynamicCallSiteDesc.of(csm("throwsChecked", CD_CallSite), "any", i)).ireturn()));
        twice("target missing", make(ss, c -> c.aload(0).invokedynamic(DynamicCallSiteDesc.of(csm("site", CD_CallSite), "nothing", ss)).areturn(), "x"));
        twice("wrong arity of static arguments", make(ss, c -> c.aload(0).invokedynamic(DynamicCallSiteDesc.of(csm("extra", CD_CallSite, CD_String, CD_int), "any", ss, "p")).areturn(), "x"));
        twice("method type and handle constants", make(o, c -> c.ldc(MethodHandleDesc.ofField(DirectMethodHandleDesc.Kind.STATIC_GETTER, ClassDesc.of("java.lang.Integer"), "MAX_VALUE", CD_int)).invokevirtual(CD_MethodHandle, "invoke", MethodTypeDesc.of(CD_Object)).areturn()));
        twice("handle of a missing method", make(o, c -> c.ldc(MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, MAIN, "gone", ss)).areturn()));
        twice("private handle", make(o, c -> c.ldc(MethodHandleDesc.ofField(DirectMethodHandleDesc.Kind.GETTER, CD_String, "value", CD_byte.arrayType())).areturn()));
    }
}
