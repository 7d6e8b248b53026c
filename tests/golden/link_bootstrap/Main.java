import java.lang.classfile.*;
import java.lang.constant.*;
import java.lang.invoke.*;
import java.util.*;
import java.util.function.*;
import static java.lang.classfile.ClassFile.*;
import static java.lang.constant.ConstantDescs.*;

/** Bootstrap methods with as many arguments as there can be, constants that need themselves, sites that call themselves. */
public class Main {
    static class L extends ClassLoader {
        L() { super("l", Main.class.getClassLoader()); }
        Class<?> def(byte[] b) { return defineClass(null, b, 0, b.length); }
    }

    static final ClassDesc M = ClassDesc.of("Main");
    static final int PS = ACC_PUBLIC | ACC_STATIC;

    static void t(String what, Consumer<CodeBuilder> body) {
        try {
            Class<?> c = new L().def(ClassFile.of().build(ClassDesc.of("U"), cb -> cb.withFlags(ACC_PUBLIC | ACC_SUPER).withMethodBody("m", MethodTypeDesc.of(CD_Object), PS, body::accept)));
            for (int round = 0; round < 2; round++) {
                String r;
                try { r = String.valueOf(c.getMethod("m").invoke(null)); } catch (java.lang.reflect.InvocationTargetException e) { r = text(e.getCause()); }
                System.out.println((round == 0 ? what + ": " : "   again: ") + r);
            }
        } catch (Throwable e) {
            System.out.println(what + ": outside " + text(e));
        }
    }

    static String text(Throwable e) {
        StringBuilder s = new StringBuilder();
        for (Throwable c = e; c != null; c = c.getCause()) {
            String m = String.valueOf(c.getMessage()).replaceAll("@[0-9a-fx]+", "@");
            s.append(s.isEmpty() ? "" : " <- ").append(c.getClass().getName()).append(m.length() > 200 ? " " + m.length() + " long" : ": " + m);
        }
        return s.toString();
    }

    static DirectMethodHandleDesc site(String name, ClassDesc... more) { return ofCallsiteBootstrap(M, name, CD_CallSite, more); }
    static DirectMethodHandleDesc constant(String name, ClassDesc... more) { return ofConstantBootstrap(M, name, CD_Object, more); }

    static ConstantDesc[] ints(int n) {
        ConstantDesc[] a = new ConstantDesc[n];
        Arrays.setAll(a, i -> i % 100);
        return a;
    }

    public static void main(String[] args) {
        MethodTypeDesc obj = MethodTypeDesc.of(CD_Object);
        ClassDesc objects = CD_Object.arrayType();
        for (int n : new int[] {0, 1, 3, 100, 249, 250, 251, 252, 253, 255, 1000, 20_000}) {
            t("constant with " + n + " arguments", c -> c.ldc(DynamicConstantDesc.ofNamed(constant("count", objects), "n", CD_Object, ints(n))).areturn());
            t("site with " + n + " arguments", c -> c.invokedynamic(DynamicCallSiteDesc.of(site("siteCount", objects), "n", obj, ints(n))).areturn());
        }
        for (int n : new int[] {200, 252, 253, 254, 255}) {
            ClassDesc[] parameters = new ClassDesc[n];
            Arrays.fill(parameters, CD_int);
            t("site of " + n + " parameters", c -> {
                for (int i = 0; i < n; i++) c.iconst_0();
                c.invokedynamic(DynamicCallSiteDesc.of(site("wide"), "n", MethodTypeDesc.of(CD_Object, parameters))).areturn();
            });
        }
        t("too few arguments", c -> c.invokedynamic(DynamicCallSiteDesc.of(site("two", CD_int, CD_int), "n", obj, 1)).areturn());
        t("too many arguments", c -> c.invokedynamic(DynamicCallSiteDesc.of(site("two", CD_int, CD_int), "n", obj, 1, 2, 3)).areturn());
        t("argument of another type", c -> c.invokedynamic(DynamicCallSiteDesc.of(site("two", CD_int, CD_int), "n", obj, 1, "x")).areturn());
        t("missing bootstrap method", c -> c.invokedynamic(DynamicCallSiteDesc.of(site("gone"), "n", obj)).areturn());
        t("private bootstrap method", c -> c.invokedynamic(DynamicCallSiteDesc.of(site("secret"), "n", obj)).areturn());
        t("bootstrap method throws an error", c -> c.invokedynamic(DynamicCallSiteDesc.of(site("throwing"), "n", obj)).areturn());
        t("null", c -> c.invokedynamic(DynamicCallSiteDesc.of(site("none"), "n", obj)).areturn());
        t("site of another type", c -> c.invokedynamic(DynamicCallSiteDesc.of(site("other"), "n", obj)).areturn());
        t("returns no call site", c -> c.invokedynamic(DynamicCallSiteDesc.of(ofCallsiteBootstrap(M, "string", CD_String), "n", obj)).areturn());
        t("primitive constant that is none", c -> c.ldc(DynamicConstantDesc.ofNamed(constant("text"), "n", CD_int)).pop().aconst_null().areturn());
        t("void constant", c -> c.ldc(DynamicConstantDesc.ofNamed(ofConstantBootstrap(M, "nothing", CD_void), "n", CD_Object)).areturn());
        t("null as primitive", c -> c.ldc(DynamicConstantDesc.ofNamed(constant("nil"), "n", CD_long)).pop2().aconst_null().areturn());
        t("bootstrap method is a constructor", c -> c.invokedynamic(DynamicCallSiteDesc.of(MethodHandleDesc.ofConstructor(ClassDesc.of("java.lang.invoke.MutableCallSite"), CD_MethodType), "n", obj)).areturn());
        t("bootstrap method is a getter", c -> c.ldc(DynamicConstantDesc.ofNamed(MethodHandleDesc.ofField(DirectMethodHandleDesc.Kind.STATIC_GETTER, M, "field", CD_Object), "n", CD_Object)).areturn());
        t("bootstrap runs its own site", c -> c.invokedynamic(DynamicCallSiteDesc.of(site("again"), "n", obj)).areturn());
        chain();
    }

    /** Constants that need one another, n deep, and one that needs itself. */
    static void chain() {
        for (int depth : new int[] {1, 10, 50}) {
            ConstantDesc d = DynamicConstantDesc.ofNamed(constant("text"), "n", CD_Object);
            for (int i = 0; i < depth; i++) d = DynamicConstantDesc.ofNamed(constant("wrap", CD_Object), "n", CD_Object, d);
            ConstantDesc deep = d;
            t("constants " + depth + " deep", c -> c.ldc((DynamicConstantDesc<?>) deep).invokevirtual(CD_Object, "toString", MethodTypeDesc.of(CD_String)).areturn());
        }
        // The table is patched so that the constant's own index is its argument.
        byte[] b = ClassFile.of().build(ClassDesc.of("U"), cb -> cb.withFlags(ACC_PUBLIC | ACC_SUPER).withMethodBody("m", MethodTypeDesc.of(CD_Object), PS, c -> c.ldc(DynamicConstantDesc.ofNamed(constant("wrap", CD_Object), "n", CD_Object, 0x12345678)).areturn()));
        ClassModel m = ClassFile.of().parse(b);
        int self = 0, argument = 0;
        for (var e : m.constantPool()) {
            if (e instanceof java.lang.classfile.constantpool.ConstantDynamicEntry) self = e.index();
            if (e instanceof java.lang.classfile.constantpool.IntegerEntry) argument = e.index();
        }
        for (int i = b.length - 12; i < b.length - 1; i++) if (b[i] == (byte) (argument >> 8) && b[i + 1] == (byte) argument) { b[i] = (byte) (self >> 8); b[i + 1] = (byte) self; }
        try {
            Class<?> c = new L().def(b);
            for (int i = 0; i < 2; i++) try { System.out.println(c.getMethod("m").invoke(null)); } catch (java.lang.reflect.InvocationTargetException e) { System.out.println("a constant that needs itself: " + e.getCause().getClass().getName()); }
        } catch (Throwable e) {
            System.out.println("a constant that needs itself: outside " + text(e));
        }
    }

    public static Object field = "field";
    static int runs;

    public static Object count(MethodHandles.Lookup l, String n, Class<?> t, Object... a) { return "constant of " + a.length; }
    public static CallSite siteCount(MethodHandles.Lookup l, String n, MethodType t, Object... a) { return new ConstantCallSite(MethodHandles.constant(Object.class, "site of " + a.length)); }
    public static CallSite wide(MethodHandles.Lookup l, String n, MethodType t) { return new ConstantCallSite(MethodHandles.dropArguments(MethodHandles.constant(Object.class, "wide " + t.parameterCount()), 0, t.parameterList())); }
    public static CallSite two(MethodHandles.Lookup l, String n, MethodType t, int a, int b) { return new ConstantCallSite(MethodHandles.constant(Object.class, a + b)); }
    private static CallSite secret(MethodHandles.Lookup l, String n, MethodType t) { return null; }
    public static CallSite throwing(MethodHandles.Lookup l, String n, MethodType t) { throw new AssertionError("mine " + ++runs); }
    public static CallSite none(MethodHandles.Lookup l, String n, MethodType t) { return null; }
    public static CallSite other(MethodHandles.Lookup l, String n, MethodType t) { return new ConstantCallSite(MethodHandles.constant(int.class, 1)); }
    public static String string(MethodHandles.Lookup l, String n, MethodType t) { return "no site"; }
    public static Object text(MethodHandles.Lookup l, String n, Class<?> t) { return "text"; }
    public static Object nil(MethodHandles.Lookup l, String n, Class<?> t) { return null; }
    public static void nothing(MethodHandles.Lookup l, String n, Class<?> t) { }
    public static Object wrap(MethodHandles.Lookup l, String n, Class<?> t, Object o) { return o.toString().length() > 60 ? "long" : "(" + o + ")"; }
    static int depth;
    public static CallSite again(MethodHandles.Lookup l, String n, MethodType t) throws Throwable {
        if (depth++ < 3) l.lookupClass().getMethod("m").invoke(null);
        return new ConstantCallSite(MethodHandles.constant(Object.class, "after " + depth));
    }
}
