import java.lang.classfile.*;
import java.lang.constant.*;
import java.lang.invoke.*;
import java.util.*;
import java.util.function.*;
import static java.lang.classfile.ClassFile.*;
import static java.lang.constant.ConstantDescs.*;

public class Main {
    static class L extends ClassLoader {
        final Map<String, byte[]> files = new HashMap<>();
        final L above;
        final Set<String> delegated;
        L(String name, L above, String... delegated) { super(name, Main.class.getClassLoader()); this.above = above; this.delegated = Set.of(delegated); }
        L add(byte[]... all) {
            for (byte[] b : all) files.put(ClassFile.of().parse(b).thisClass().asInternalName().replace('/', '.'), b);
            return this;
        }
        @Override protected Class<?> loadClass(String n, boolean r) throws ClassNotFoundException {
            if (delegated.contains(n)) return above.loadClass(n);
            Class<?> c = findLoadedClass(n);
            if (c != null) return c;
            byte[] b = files.get(n);
            return b == null ? super.loadClass(n, r) : defineClass(n, b, 0, b.length);
        }
    }

    static final ClassDesc T = ClassDesc.of("T"), P = ClassDesc.of("P"), U = ClassDesc.of("U");
    static final int PS = ACC_PUBLIC | ACC_STATIC;

    static byte[] cls(ClassDesc n, Consumer<ClassBuilder> more) {
        return ClassFile.of().build(n, cb -> { cb.withFlags(ACC_PUBLIC | ACC_SUPER); more.accept(cb); });
    }

    static String text(Throwable e) {
        StringBuilder s = new StringBuilder();
        for (Throwable c = e; c != null; c = c.getCause()) s.append(s.isEmpty() ? "" : " <- ").append(c);
        return s.toString().replaceAll("@[0-9a-fx]+", "@");
    }

    /** U and T in the lower loader, P and another T in the upper one. */
    static void t(String what, boolean touch, Consumer<CodeBuilder> body) {
        L upper = new L("upper", null).add(cls(T, cb -> {}), cls(P, cb -> {
            cb.withField("f", T, PS);
            cb.withField("a", T.arrayType(2), PS);
            cb.withMethodBody("make", MethodTypeDesc.of(T), PS, c -> c.aconst_null().areturn());
            cb.withMethodBody("take", MethodTypeDesc.of(CD_void, T), PS, c -> c.return_());
            cb.withMethodBody("arrays", MethodTypeDesc.of(T.arrayType(), CD_int, T.arrayType(3)), PS, c -> c.aconst_null().areturn());
            cb.withMethodBody("site", MethodTypeDesc.of(CD_CallSite, CD_MethodHandles_Lookup, CD_String, CD_MethodType), PS, c -> c.new_(ClassDesc.of("java.lang.invoke.ConstantCallSite")).dup().aload(2).pop().aconst_null().checkcast(CD_MethodHandle).invokespecial(ClassDesc.of("java.lang.invoke.ConstantCallSite"), "<init>", MethodTypeDesc.of(CD_void, CD_MethodHandle)).areturn());
        }));
        L lower = new L("lower", upper, "P").add(cls(T, cb -> {}), cls(U, cb -> cb.withMethodBody("m", MethodTypeDesc.of(CD_Object), PS, body::accept)));
        try {
            if (touch) { Class.forName("T", true, lower); Class.forName("T", true, upper); }
            Class<?> u = Class.forName("U", true, lower);
            for (int round = 0; round < 2; round++) {
                String r;
                try { r = String.valueOf(u.getMethod("m").invoke(null)); } catch (java.lang.reflect.InvocationTargetException e) { r = round == 0 ? text(e.getCause()) : e.getCause().getClass().getName(); }
                System.out.println((round == 0 ? what + (touch ? ", both loaded: " : ": ") : "   again: ") + r);
            }
            String late;
            try { late = "" + (Class.forName("T", true, lower) == Class.forName("T", true, upper)); } catch (LinkageError e) { late = text(e); }
            System.out.println("   afterwards T is the same: " + late);
        } catch (Throwable e) {
            System.out.println(what + ": outside " + text(e));
        }
    }

    public static void main(String[] args) {
        for (boolean touch : new boolean[] {true, false}) {
            t("call", touch, c -> c.invokestatic(P, "make", MethodTypeDesc.of(T)).areturn());
            t("argument", touch, c -> c.aconst_null().invokestatic(P, "take", MethodTypeDesc.of(CD_void, T)).aconst_null().areturn());
            t("field", touch, c -> c.getstatic(P, "f", T).areturn());
            t("array field", touch, c -> c.getstatic(P, "a", T.arrayType(2)).areturn());
            t("arrays", touch, c -> c.iconst_0().aconst_null().invokestatic(P, "arrays", MethodTypeDesc.of(T.arrayType(), CD_int, T.arrayType(3))).areturn());
            t("method type", touch, c -> c.ldc(MethodTypeDesc.of(T, T)).areturn());
            t("handle", touch, c -> c.ldc(MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, P, "make", MethodTypeDesc.of(T))).areturn());
            t("handle of a field", touch, c -> c.ldc(MethodHandleDesc.ofField(DirectMethodHandleDesc.Kind.STATIC_GETTER, P, "f", T)).areturn());
            t("handle with arrays", touch, c -> c.ldc(MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, P, "arrays", MethodTypeDesc.of(T.arrayType(), CD_int, T.arrayType(3)))).areturn());
            t("call site of the type", touch, c -> c.invokedynamic(DynamicCallSiteDesc.of(ofCallsiteBootstrap(P, "site", CD_CallSite), "n", MethodTypeDesc.of(T))).areturn());
            t("call site with a handle", touch, c -> c.invokedynamic(DynamicCallSiteDesc.of(ofCallsiteBootstrap(ClassDesc.of("Main"), "site", CD_CallSite, CD_MethodHandle), "n", MethodTypeDesc.of(CD_Object), MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, P, "make", MethodTypeDesc.of(T)))).areturn());
            t("constant with a handle", touch, c -> c.ldc(DynamicConstantDesc.ofNamed(ofConstantBootstrap(ClassDesc.of("Main"), "constant", CD_Object, CD_MethodHandle), "n", CD_Object, MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, P, "make", MethodTypeDesc.of(T)))).areturn());
            t("invokeExact of its type", touch, c -> c.aconst_null().checkcast(CD_MethodHandle).aconst_null().invokevirtual(CD_MethodHandle, "invokeExact", MethodTypeDesc.of(T, T.arrayType())).areturn());
        }
    }

    public static CallSite site(MethodHandles.Lookup l, String n, MethodType t, MethodHandle h) { return new ConstantCallSite(h.asType(t)); }
    public static Object constant(MethodHandles.Lookup l, String n, Class<?> c, MethodHandle h) { return h.type().returnType().getClassLoader().getName(); }
}
