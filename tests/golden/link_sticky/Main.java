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
        int asked;
        L() { super("l", Main.class.getClassLoader()); }
        L add(byte[]... all) {
            for (byte[] b : all) files.put(ClassFile.of().parse(b).thisClass().asInternalName().replace('/', '.'), b);
            return this;
        }
        @Override protected Class<?> findClass(String n) throws ClassNotFoundException {
            asked++;
            byte[] b = files.get(n);
            if (b == null) throw new ClassNotFoundException(n);
            return defineClass(n, b, 0, b.length);
        }
    }

    static final ClassDesc X = ClassDesc.of("X"), USE = ClassDesc.of("Use");
    static final int PS = ACC_PUBLIC | ACC_STATIC;

    static byte[] use(Map<String, Consumer<CodeBuilder>> bodies) {
        return ClassFile.of().build(USE, cb -> {
            cb.withFlags(ACC_PUBLIC | ACC_SUPER);
            bodies.forEach((n, body) -> cb.withMethodBody(n, MethodTypeDesc.of(CD_Object), PS, body::accept));
        });
    }

    static void run(L l, String method) {
        String r;
        int before = l.asked;
        try {
            r = String.valueOf(l.loadClass("Use").getMethod(method).invoke(null));
        } catch (java.lang.reflect.InvocationTargetException e) {
            r = e.getCause() + (e.getCause().getCause() == null ? "" : " <- " + e.getCause().getCause());
        } catch (Throwable e) {
            r = "outside " + e;
        }
        System.out.println("  " + method + ": " + r.replaceAll("@[0-9a-fx]+", "@") + (l.asked > before ? ", loader asked" : ""));
    }

    static byte[] x(Consumer<ClassBuilder> body) {
        return ClassFile.of().build(X, cb -> { cb.withFlags(ACC_PUBLIC | ACC_SUPER); body.accept(cb); });
    }

    public static void main(String[] args) throws Exception {
        MethodTypeDesc obj = MethodTypeDesc.of(CD_Object);
        Map<String, Consumer<CodeBuilder>> bodies = new TreeMap<>();
        bodies.put("a_constant", c -> c.ldc(X).areturn());
        bodies.put("b_method", c -> c.invokestatic(X, "m", obj).areturn());
        bodies.put("c_field", c -> c.getstatic(X, "f", CD_Object).areturn());
        bodies.put("d_new", c -> c.new_(X).dup().invokespecial(X, "<init>", MTD_void).areturn());
        bodies.put("e_cast", c -> c.ldc("x").checkcast(X).areturn());
        bodies.put("f_array", c -> c.iconst_0().anewarray(X).areturn());
        bodies.put("g_handle", c -> c.ldc(MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, X, "m", obj)).areturn());
        bodies.put("h_type", c -> c.ldc(MethodTypeDesc.of(X, X)).areturn());
        L l = new L().add(use(bodies));
        System.out.println("while X is missing");
        for (String n : bodies.keySet()) run(l, n);
        System.out.println("still");
        for (String n : bodies.keySet()) run(l, n);
        l.add(x(cb -> {
            cb.withField("f", CD_Object, PS);
            cb.withMethodBody("m", obj, PS, c -> c.ldc("m of X").areturn());
            cb.withMethodBody("<init>", MTD_void, ACC_PUBLIC, c -> c.aload(0).invokespecial(CD_Object, "<init>", MTD_void).return_());
        }));
        System.out.println("now X is there: " + l.loadClass("X").getName());
        for (String n : bodies.keySet()) run(l, n);
        System.out.println("another class that asks for the first time");
        L fresh = new L().add(use(bodies)).add(l.files.get("X"));
        run(fresh, "b_method");

        System.out.println("members that are missing");
        Map<String, Consumer<CodeBuilder>> members = new TreeMap<>();
        members.put("a_method", c -> c.invokestatic(X, "gone", obj).areturn());
        members.put("b_field", c -> c.getstatic(X, "gone", CD_Object).areturn());
        members.put("c_private", c -> c.invokestatic(X, "p", obj).areturn());
        members.put("d_instance", c -> c.invokestatic(X, "i", obj).areturn());
        members.put("e_condy", c -> c.ldc(DynamicConstantDesc.ofNamed(ofConstantBootstrap(ClassDesc.of("Main"), "constant", CD_Object), "n", CD_Object)).areturn());
        members.put("f_indy", c -> c.invokedynamic(DynamicCallSiteDesc.of(ofCallsiteBootstrap(ClassDesc.of("Main"), "site", ClassDesc.of("java.lang.invoke.CallSite")), "n", obj)).areturn());
        L m = new L().add(use(members), x(cb -> {
            cb.withMethodBody("p", obj, ACC_PRIVATE | ACC_STATIC, c -> c.aconst_null().areturn());
            cb.withMethodBody("i", obj, ACC_PUBLIC, c -> c.aconst_null().areturn());
        }));
        for (int round = 0; round < 3; round++) for (String n : members.keySet()) run(m, n);

        // The same entry from many threads: everybody gets the same error.
        L race = new L().add(use(bodies));
        Class<?> use = race.loadClass("Use");
        Set<String> seen = Collections.synchronizedSet(new TreeSet<>());
        Thread[] threads = new Thread[6];
        for (int i = 0; i < threads.length; i++) (threads[i] = new Thread(() -> {
            for (int k = 0; k < 20; k++) try {
                use.getMethod("b_method").invoke(null);
            } catch (java.lang.reflect.InvocationTargetException e) {
                seen.add(e.getCause().toString());
            } catch (Throwable e) {
                seen.add("outside " + e);
            }
        })).start();
        for (Thread t : threads) t.join();
        System.out.println("raced: " + seen);
    }

    static int calls;

    public static Object constant(MethodHandles.Lookup l, String n, Class<?> c) {
        throw new IllegalStateException("call " + ++calls);
    }

    public static CallSite site(MethodHandles.Lookup l, String n, MethodType t) {
        throw new IllegalStateException("call " + ++calls);
    }
}
