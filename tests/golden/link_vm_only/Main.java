import java.lang.classfile.*;
import java.lang.classfile.attribute.*;
import java.lang.constant.*;
import java.lang.invoke.*;
import java.lang.reflect.*;
import java.util.*;
import java.util.function.*;
import static java.lang.classfile.ClassFile.*;
import static java.lang.constant.ConstantDescs.*;

public class Main {
    static class L extends ClassLoader {
        L() { super("l", Main.class.getClassLoader()); }
        Class<?> def(byte[] b) { return defineClass(null, b, 0, b.length); }
    }

    static final ClassDesc U = ClassDesc.of("U"), MH = CD_MethodHandle;
    static final int PS = ACC_PUBLIC | ACC_STATIC;

    static byte[] cls(String n, Consumer<ClassBuilder> more) {
        return ClassFile.of().build(ClassDesc.of(n), cb -> { cb.withFlags(ACC_PUBLIC | ACC_SUPER); more.accept(cb); });
    }

    static void t(String what, java.util.concurrent.Callable<?> c) {
        String r;
        try {
            r = String.valueOf(c.call());
        } catch (Throwable e) {
            if (e instanceof InvocationTargetException i) e = i.getCause();
            r = e + (e.getCause() == null ? "" : " <- " + e.getCause());
        }
        System.out.println(what + ": " + r.replaceAll("@[0-9a-fx]+", "@").replaceAll("0x[0-9a-f]+", "0x"));
    }

    static Object run(Consumer<CodeBuilder> body) throws Exception {
        return new L().def(cls("U", cb -> cb.withMethodBody("m", MethodTypeDesc.of(CD_Object), PS, body::accept))).getMethod("m").invoke(null);
    }

    static void natives() {
        // Natives bind for the boot loader's classes only, whatever they are called.
        Object[][] cases = {
            {"java.lang.Object", "hashCode", MethodTypeDesc.of(CD_int)},
            {"U", "registerNatives", MTD_void},
            {"U", "currentTimeMillis", MethodTypeDesc.of(CD_long)},
            {"jdk.internal.misc.Unsafe", "allocateMemory0", MethodTypeDesc.of(CD_long, CD_long)},
            {"sun.nio.ch.Net", "initIDs", MTD_void},
            {"U", "JNI_OnLoad", MTD_void},
            {"p.q$r_s", "m\u00e9th_od", MethodTypeDesc.of(CD_void, CD_String.arrayType(), CD_int)},
            {"U", "m;".substring(0, 1), MTD_void},
        };
        for (Object[] c : cases) {
            String name = (String) c[0];
            if (name.startsWith("java.")) name = "javaish.lang.Object";
            String n = name;
            t("native " + n + "." + c[1], () -> {
                Class<?> k = new L().def(cls(n, cb -> cb.withMethod((String) c[1], (MethodTypeDesc) c[2], PS | ACC_NATIVE, m -> {})));
                Method m = Arrays.stream(k.getDeclaredMethods()).findFirst().get();
                Object[] args = new Object[m.getParameterCount()];
                for (int i = 0; i < args.length; i++) args[i] = m.getParameterTypes()[i] == long.class ? (Object) 8L : m.getParameterTypes()[i] == int.class ? (Object) 1 : null;
                for (int i = 0; i < 2; i++) try { m.invoke(null, args); } catch (InvocationTargetException e) { if (i == 1) throw e; }
                return "ran";
            });
        }
    }

    static void linkers() {
        // Only the library may call the linkers; everybody else is told so, before anything happens.
        MethodTypeDesc any = MethodTypeDesc.of(CD_Object, CD_Object);
        for (String n : List.of("linkToStatic", "linkToVirtual", "linkToSpecial", "linkToInterface", "linkToNative"))
            t(n, () -> run(c -> c.aconst_null().invokestatic(MH, n, any).areturn()));
        t("invokeBasic", () -> run(c -> c.aconst_null().invokevirtual(MH, "invokeBasic", MethodTypeDesc.of(CD_Object)).areturn()));
        t("linkToStatic with arguments", () -> run(c -> c.aconst_null().aconst_null().iconst_1().invokestatic(MH, "linkToStatic", MethodTypeDesc.of(CD_Object, CD_Object, CD_Object, CD_int)).areturn()));
        t("handle of linkToStatic", () -> run(c -> c.ldc(MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, MH, "linkToStatic", MethodTypeDesc.of(CD_Object, CD_Object.arrayType()))).areturn()));
        t("lookup of invokeBasic", () -> MethodHandles.lookup().findVirtual(MethodHandle.class, "invokeBasic", MethodType.methodType(Object.class, Object[].class)));
        t("lookup of linkToStatic", () -> MethodHandles.lookup().findStatic(MethodHandle.class, "linkToStatic", MethodType.methodType(Object.class, Object[].class)));
        t("reflection of invokeExact", () -> MethodHandle.class.getMethod("invokeExact", Object[].class).invoke(MethodHandles.constant(String.class, "x"), (Object) new Object[0]));
        t("LambdaForm", () -> run(c -> c.ldc(ClassDesc.of("java.lang.invoke.LambdaForm")).areturn()));
        t("MemberName", () -> run(c -> c.new_(ClassDesc.of("java.lang.invoke.MemberName")).pop().aconst_null().areturn()));
        t("MethodHandleNatives", () -> run(c -> c.invokestatic(ClassDesc.of("java.lang.invoke.MethodHandleNatives"), "registerNatives", MTD_void).aconst_null().areturn()));
        t("invokeExact by a static call", () -> run(c -> c.aconst_null().invokestatic(MH, "invokeExact", any).areturn()));
        t("invoke of no method", () -> run(c -> c.ldc("x").checkcast(MH).invokevirtual(MH, "invoke", MethodTypeDesc.of(CD_Object)).areturn()));
        t("invokeExact of null", () -> run(c -> c.aconst_null().invokevirtual(MH, "invokeExact", MethodTypeDesc.of(CD_Object)).areturn()));
        t("a method named like one", () -> run(c -> c.aconst_null().invokevirtual(MH, "invokeSomehow", MethodTypeDesc.of(CD_Object)).areturn()));
        t("MethodHandle as superclass", () -> new L().def(ClassFile.of().build(U, cb -> cb.withSuperclass(MH))));
        t("VarHandle as superclass", () -> new L().def(ClassFile.of().build(U, cb -> cb.withSuperclass(ConstantDescs.CD_VarHandle))));
    }

    static Annotation a(String n) { return Annotation.of(ClassDesc.ofDescriptor("L" + n + ";")); }

    static void annotations() throws Exception {
        List<String> all = List.of("jdk/internal/vm/annotation/Hidden", "jdk/internal/vm/annotation/ForceInline", "jdk/internal/vm/annotation/DontInline", "jdk/internal/vm/annotation/IntrinsicCandidate", "jdk/internal/vm/annotation/ReservedStackAccess", "jdk/internal/vm/annotation/ChangesCurrentThread", "jdk/internal/vm/annotation/JvmtiMountTransition", "jdk/internal/reflect/CallerSensitive", "jdk/internal/misc/ScopedMemoryAccess$Scoped");
        RuntimeVisibleAnnotationsAttribute onMethod = RuntimeVisibleAnnotationsAttribute.of(all.stream().map(Main::a).toList());
        RuntimeVisibleAnnotationsAttribute onField = RuntimeVisibleAnnotationsAttribute.of(a("jdk/internal/vm/annotation/Stable"), a("jdk/internal/vm/annotation/Contended"));
        Class<?> k = new L().def(cls("U", cb -> {
            cb.with(RuntimeVisibleAnnotationsAttribute.of(a("jdk/internal/vm/annotation/Contended"), a("jdk/internal/vm/annotation/TrustFinalFields"), a("jdk/internal/ValueBased")));
            cb.withField("s", CD_int, f -> f.withFlags(ACC_PUBLIC | ACC_STATIC | ACC_FINAL).with(onField));
            cb.withField("i", CD_int, f -> f.withFlags(ACC_PUBLIC).with(onField));
            cb.withMethodBody("<init>", MTD_void, ACC_PUBLIC, c -> c.aload(0).invokespecial(CD_Object, "<init>", MTD_void).return_());
            cb.withMethod("trace", MethodTypeDesc.of(CD_Object), PS, m -> m.with(onMethod).withCode(c -> c.new_(CD_Throwable).dup().invokespecial(CD_Throwable, "<init>", MTD_void).invokevirtual(CD_Throwable, "getStackTrace", MethodTypeDesc.of(ClassDesc.of("java.lang.StackTraceElement").arrayType())).areturn()));
            // The library has intrinsics of these names in classes of its own.
            cb.withMethod("abs", MethodTypeDesc.of(CD_int, CD_int), PS, m -> m.with(onMethod).withCode(c -> c.bipush(42).ireturn()));
            cb.withMethod("deep", MethodTypeDesc.of(CD_int, CD_int), PS, m -> m.with(onMethod).withCode(c -> c.iload(0).invokestatic(U, "deep", MethodTypeDesc.of(CD_int, CD_int)).ireturn()));
        }));
        StackTraceElement top = ((StackTraceElement[]) k.getMethod("trace").invoke(null))[0];
        System.out.println("a hidden frame shows: " + top.getClassName() + "." + top.getMethodName());
        System.out.println("annotations seen by reflection: " + k.getMethod("trace").getAnnotations().length + " " + k.getAnnotations().length);
        System.out.println("no intrinsic: " + k.getMethod("abs", int.class).invoke(null, -1));
        Field i = k.getField("i");
        Object o = k.getConstructor().newInstance();
        for (int n = 0; n < 3; n++) { i.setInt(o, n); System.out.println("not stable: " + i.getInt(o)); }
        t("deep", () -> k.getMethod("deep", int.class).invoke(null, 1).getClass());
        t("caller sensitive", () -> MethodHandles.publicLookup().findStatic(k, "trace", MethodType.methodType(Object.class)).type());
    }

    public static void main(String[] args) throws Exception {
        natives();
        linkers();
        annotations();
    }
}
