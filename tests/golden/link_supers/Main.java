import java.lang.classfile.*;
import java.lang.classfile.attribute.*;
import java.lang.constant.*;
import java.lang.reflect.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.*;
import static java.lang.classfile.ClassFile.*;
import static java.lang.constant.ConstantDescs.*;

public class Main {
    /** Defines what it was given; what it was told to leave to others it leaves to them. */
    static class L extends ClassLoader {
        final Map<String, byte[]> files = new HashMap<>();
        final Map<String, ClassLoader> others = new HashMap<>();
        CyclicBarrier barrier;
        L(String name) { super(name, Main.class.getClassLoader()); }
        L add(byte[]... all) {
            for (byte[] b : all) files.put(ClassFile.of().parse(b).thisClass().asInternalName().replace('/', '.'), b);
            return this;
        }
        @Override protected Class<?> loadClass(String n, boolean r) throws ClassNotFoundException {
            if (others.containsKey(n)) return others.get(n).loadClass(n);
            synchronized (getClassLoadingLock(n)) {
                Class<?> c = findLoadedClass(n);
                if (c != null) return c;
                byte[] b = files.get(n);
                if (b == null) return super.loadClass(n, r);
                if (barrier != null) try { barrier.await(5, TimeUnit.SECONDS); } catch (Exception e) { }
                return defineClass(n, b, 0, b.length);
            }
        }
    }

    static ClassDesc d(String n) { return ClassDesc.of(n); }

    static byte[] cls(String n, int flags, String sup, Consumer<ClassBuilder> more, String... itfs) {
        return ClassFile.of().build(d(n), cb -> {
            cb.withFlags(flags).withSuperclass(d(sup)).withInterfaceSymbols(Arrays.stream(itfs).map(Main::d).toList());
            more.accept(cb);
        });
    }
    static byte[] itf(String n, String... itfs) { return cls(n, ACC_PUBLIC | ACC_INTERFACE | ACC_ABSTRACT, "java.lang.Object", cb -> {}, itfs); }
    static byte[] plain(String n, String sup, String... itfs) { return cls(n, ACC_PUBLIC | ACC_SUPER, sup, cb -> {}, itfs); }
    static final String O = "java.lang.Object";

    static String text(Throwable e) {
        String s = e.toString() + (e.getCause() == null ? "" : " <- " + e.getCause());
        return s.replaceAll("@[0-9a-fx]+", "@");
    }

    static void load(String what, ClassLoader l, String n) {
        for (int round = 0; round < 2; round++) {
            String r;
            try {
                r = "loaded " + Class.forName(n, true, l).getName();
            } catch (Throwable e) {
                r = text(e);
            }
            System.out.println((round == 0 ? what + ": " : "   again: ") + r);
        }
    }

    static void m(ClassBuilder cb, String name, int flags) {
        cb.withMethodBody(name, MethodTypeDesc.of(CD_int), flags, c -> c.iconst_1().ireturn());
    }

    public static void main(String[] args) throws Exception {
        load("its own superclass", new L("l").add(plain("A", "A")), "A");
        load("its own superinterface", new L("l").add(itf("I", "I")), "I");
        load("loop of three", new L("l").add(plain("A", "B"), plain("B", "C"), plain("C", "A")), "A");
        load("loop of interfaces", new L("l").add(itf("I", "J"), itf("J", "K"), itf("K", "I")), "J");
        load("loop through class and interface", new L("l").add(plain("A", O, "I"), itf("I", "A")), "A");
        load("way into a loop", new L("l").add(plain("A", "B"), plain("B", "C"), plain("C", "B")), "A");

        L one = new L("one"), two = new L("two");
        one.add(plain("A", "B"));
        two.add(plain("B", "A"));
        one.others.put("B", two);
        two.others.put("A", one);
        load("loop across loaders", one, "A");

        L same = new L("one");
        L other = new L("two");
        same.add(plain("A", "B"));
        other.add(plain("B", "A"), plain("A", O));
        same.others.put("B", other);
        load("the same name in another loader is no loop", same, "A");

        // Two threads begin a loop at both ends: one of them at least must say so, and both must come back.
        L both = new L("both").add(plain("A", "B"), plain("B", "A"));
        both.barrier = new CyclicBarrier(2);
        var threads = Executors.newFixedThreadPool(2);
        List<Future<String>> ends = new ArrayList<>();
        for (String n : List.of("A", "B")) ends.add(threads.submit(() -> {
            try { return "loaded " + Class.forName(n, true, both); } catch (Throwable e) { return e.getClass().getSimpleName(); }
        }));
        Set<String> seen = new TreeSet<>();
        for (Future<String> f : ends) seen.add(f.get(20, TimeUnit.SECONDS));
        threads.shutdown();
        System.out.println("from two threads: " + seen);

        load("interface as superclass", new L("l").add(plain("A", "I"), itf("I")), "A");
        load("class as interface", new L("l").add(plain("A", O, "B"), plain("B", O)), "A");
        load("final class of the library", new L("l").add(plain("A", "java.lang.String")), "A");
        load("enum", new L("l").add(plain("A", "java.lang.Enum")), "A");
        load("superclass of another loader's package", hidden(ACC_SUPER, false), "p.A");
        load("superinterface of another loader's package", hidden(ACC_INTERFACE | ACC_ABSTRACT, true), "p.A");
        load("not exported superclass", new L("l").add(plain("A", "sun.security.util.PolicyUtil")), "A");
        load("not exported superinterface", new L("l").add(plain("A", O, "jdk.internal.access.JavaLangAccess")), "A");

        byte[] sealed = cls("p.S", ACC_PUBLIC | ACC_ABSTRACT | ACC_SUPER, O, cb -> cb.with(PermittedSubclassesAttribute.ofSymbols(d("p.A"), d("q.A"))));
        load("permitted", new L("l").add(sealed, plain("p.A", "p.S")), "p.A");
        load("permitted in another package, public", new L("l").add(sealed, plain("q.A", "p.S")), "q.A");
        load("permitted in another package, not public", new L("l").add(sealed, cls("q.A", ACC_SUPER, "p.S", cb -> {})), "q.A");
        load("not permitted", new L("l").add(sealed, plain("p.B", "p.S")), "p.B");
        L sealer = new L("sealer").add(sealed), extender = new L("extender").add(plain("p.A", "p.S"));
        extender.others.put("p.S", sealer);
        load("permitted by name, in another loader's module", extender, "p.A");
        byte[] sealedInterface = cls("p.S", ACC_PUBLIC | ACC_ABSTRACT | ACC_INTERFACE, O, cb -> cb.with(PermittedSubclassesAttribute.ofSymbols(d("p.A"))));
        load("interface not permitted", new L("l").add(sealedInterface, plain("p.B", O, "p.S")), "p.B");
        load("interface permitted", new L("l").add(sealedInterface, itf("p.A", "p.S")), "p.A");
        load("sealed by an older file", new L("l").add(version(sealed, 60), plain("p.B", "p.S")), "p.B");

        Consumer<ClassBuilder> fin = cb -> m(cb, "m", ACC_PUBLIC | ACC_FINAL);
        Consumer<ClassBuilder> over = cb -> m(cb, "m", ACC_PUBLIC);
        load("final method overridden", new L("l").add(cls("A", ACC_PUBLIC | ACC_SUPER, O, fin), cls("B", ACC_PUBLIC | ACC_SUPER, "A", over)), "B");
        load("final method overridden two below", new L("l").add(cls("A", ACC_PUBLIC | ACC_SUPER, O, fin), plain("B", "A"), cls("C", ACC_PUBLIC | ACC_SUPER, "B", over)), "C");
        load("final method of Object", new L("l").add(cls("A", ACC_PUBLIC | ACC_SUPER, O, cb -> cb.withMethodBody("notify", MTD_void, ACC_PUBLIC, c -> c.return_()))), "A");
        load("final private method", new L("l").add(cls("A", ACC_PUBLIC | ACC_SUPER, O, cb -> m(cb, "m", ACC_PRIVATE | ACC_FINAL)), cls("B", ACC_PUBLIC | ACC_SUPER, "A", over)), "B");
        load("final static method", new L("l").add(cls("A", ACC_PUBLIC | ACC_SUPER, O, cb -> m(cb, "m", ACC_PUBLIC | ACC_STATIC | ACC_FINAL)), cls("B", ACC_PUBLIC | ACC_SUPER, "A", over)), "B");
        load("static hides final", new L("l").add(cls("A", ACC_PUBLIC | ACC_SUPER, O, fin), cls("B", ACC_PUBLIC | ACC_SUPER, "A", cb -> m(cb, "m", ACC_PUBLIC | ACC_STATIC))), "B");
        load("private hides final", new L("l").add(cls("A", ACC_PUBLIC | ACC_SUPER, O, fin), cls("B", ACC_PUBLIC | ACC_SUPER, "A", cb -> m(cb, "m", ACC_PRIVATE))), "B");
        load("final package-private method, same package", new L("l").add(cls("p.A", ACC_PUBLIC | ACC_SUPER, O, cb -> m(cb, "m", ACC_FINAL)), cls("p.B", ACC_PUBLIC | ACC_SUPER, "p.A", over)), "p.B");
        load("final package-private method, other package", new L("l").add(cls("p.A", ACC_PUBLIC | ACC_SUPER, O, cb -> m(cb, "m", ACC_FINAL)), cls("q.B", ACC_PUBLIC | ACC_SUPER, "p.A", over)), "q.B");
        L upper = new L("upper").add(cls("p.A", ACC_PUBLIC | ACC_SUPER, O, cb -> m(cb, "m", ACC_FINAL))), lower = new L("lower").add(cls("p.B", ACC_PUBLIC | ACC_SUPER, "p.A", over));
        lower.others.put("p.A", upper);
        load("final package-private method, same name of package in another loader", lower, "p.B");
    }

    static byte[] version(byte[] file, int major) {
        byte[] b = file.clone();
        b[7] = (byte) major;
        return b;
    }

    /** p.A above a p.S that is not public and that another loader defines. */
    static L hidden(int flags, boolean asInterface) {
        L above = new L("above").add(cls("p.S", flags, O, cb -> {}));
        L below = new L("below").add(asInterface ? plain("p.A", O, "p.S") : plain("p.A", "p.S"));
        below.others.put("p.S", above);
        return below;
    }
}
