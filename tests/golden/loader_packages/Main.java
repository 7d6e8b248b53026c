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
        L() { super("l", Main.class.getClassLoader()); }
        Class<?> def(byte[] b) { return defineClass(null, b, 0, b.length); }
        Class<?> def(String n, byte[] b) { return defineClass(n, b, 0, b.length); }
        @Override protected Class<?> loadClass(String n, boolean r) throws ClassNotFoundException {
            Class<?> c = findLoadedClass(n);
            if (c != null) return c;
            byte[] b = files.get(n);
            return b == null ? super.loadClass(n, r) : def(b);
        }
    }

    static byte[] cls(String n, Consumer<ClassBuilder> more) {
        return ClassFile.of().build(ClassDesc.of(n), cb -> { cb.withFlags(ACC_PUBLIC | ACC_SUPER); more.accept(cb); });
    }

    static void t(String what, java.util.concurrent.Callable<?> c) {
        String r;
        try {
            r = String.valueOf(c.call());
        } catch (Throwable e) {
            if (e instanceof java.lang.reflect.InvocationTargetException i) e = i.getCause();
            r = e.toString();
        }
        System.out.println(what + ": " + r.replaceAll("@[0-9a-fx]+", "@"));
    }

    /** A class with a method that reads a package-private static field of `of`. */
    static byte[] reader(String name, String of, String field, ClassDesc type) {
        return cls(name, cb -> cb.withMethodBody("m", MethodTypeDesc.of(type), ACC_PUBLIC | ACC_STATIC, c -> {
            c.getstatic(ClassDesc.of(of), field, type);
            if (type.equals(CD_int)) c.ireturn(); else if (type.equals(CD_boolean)) c.ireturn(); else c.areturn();
        }));
    }

    static byte[] caller(String name, String of, String method, MethodTypeDesc type) {
        return cls(name, cb -> cb.withMethodBody("m", MethodTypeDesc.of(CD_Object), ACC_PUBLIC | ACC_STATIC, c -> {
            c.invokestatic(ClassDesc.of(of), method, type).aconst_null().areturn();
        }));
    }

    public static void main(String[] args) throws Exception {
        for (String n : List.of("java.X", "java.lang.X", "java.lang.String", "java.util.X", "java.newpackage.X", "java.sql.X")) {
            t("define " + n, () -> new L().def(cls(n, cb -> {})));
            t("define " + n + " by name", () -> new L().def(n, cls(n, cb -> {})));
        }
        for (String n : List.of("javax.X", "javafx.X", "jdk.internal.misc.X", "sun.misc.X", "com.sun.X", "javaX", "Java.X")) {
            t("define " + n, () -> { Class<?> c = new L().def(cls(n, cb -> {})); return c + " in " + c.getModule().isNamed() + " " + c.getPackage(); });
        }
        t("lookup", () -> MethodHandles.lookup().defineClass(cls("java.lang.X", cb -> {})));
        t("lookup into another package", () -> MethodHandles.lookup().defineClass(cls("other.X", cb -> {})));
        t("hidden", () -> MethodHandles.lookup().defineHiddenClass(cls("java.lang.X", cb -> {}), false));
        t("lookup in java.lang", () -> MethodHandles.privateLookupIn(String.class, MethodHandles.lookup()));

        // A class of a boot package's name is in another run-time package.
        t("own class in jdk.internal.misc", () -> new L().def(reader("jdk.internal.misc.Q", "jdk.internal.misc.VM", "initLevel", CD_int)).getMethod("m").invoke(null));
        t("package-private of the library", () -> new L().def(caller("sun.misc.Q", "jdk.internal.misc.VM", "initLevel", MethodTypeDesc.of(CD_int))).getMethod("m").invoke(null));

        // Two loaders, one name of package.
        byte[] target = cls("p.T", cb -> { cb.withField("f", CD_int, ACC_STATIC); cb.withField("g", CD_int, ACC_STATIC | ACC_PROTECTED); cb.withField("h", CD_int, ACC_STATIC | ACC_PUBLIC); cb.withMethodBody("s", MethodTypeDesc.of(CD_Object), ACC_STATIC, c -> c.aconst_null().areturn()); });
        for (boolean same : new boolean[] {true, false}) for (String f : List.of("f", "g", "h")) {
            L above = new L();
            above.files.put("p.T", target);
            L below = same ? above : new L() {
                @Override protected Class<?> loadClass(String n, boolean r) throws ClassNotFoundException { return n.equals("p.T") ? above.loadClass(n) : super.loadClass(n, r); }
            };
            t(f + (same ? " in the same loader" : " in another loader"), () -> below.def(reader("p.R", "p.T", f, CD_int)).getMethod("m").invoke(null));
        }
        L above = new L();
        above.files.put("p.T", target);
        L below = new L() {
            @Override protected Class<?> loadClass(String n, boolean r) throws ClassNotFoundException { return n.equals("p.T") ? above.loadClass(n) : super.loadClass(n, r); }
        };
        t("method in another loader", () -> below.def(caller("p.R", "p.T", "s", MethodTypeDesc.of(CD_Object))).getMethod("m").invoke(null));

        // Names that only look like packages.
        t("default package of two loaders", () -> new L().def(reader("R", "Main", "own", CD_int)).getMethod("m").invoke(null));
    }

    static int own = 7;
}
