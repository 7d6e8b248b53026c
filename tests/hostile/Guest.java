import java.io.*;
import java.lang.classfile.*;
import java.lang.constant.*;
import java.lang.invoke.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.*;
import static java.lang.classfile.ClassFile.*;
import static java.lang.constant.ConstantDescs.*;

/** Hostile programs; the argument says which. */
public class Guest {
    static final int PS = ACC_PUBLIC | ACC_STATIC;
    static final ClassFile NO_CHECKS = ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS, ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.defaultResolver().orElse(d -> ClassHierarchyResolver.ClassHierarchyInfo.ofClass(CD_Object))));

    static class L extends ClassLoader {
        final Map<String, byte[]> files = new HashMap<>();
        Class<?> def(byte[] b) { return defineClass(null, b, 0, b.length); }
        @Override protected Class<?> findClass(String n) throws ClassNotFoundException {
            byte[] b = files.get(n);
            if (b == null) throw new ClassNotFoundException(n);
            return defineClass(n, b, 0, b.length);
        }
    }

    static ClassDesc d(String n) { return ClassDesc.of(n); }

    static byte[] cls(String n, int flags, String sup, List<String> interfaces, Consumer<ClassBuilder> more) {
        return NO_CHECKS.build(d(n), cb -> {
            cb.withFlags(flags).withSuperclass(d(sup)).withInterfaceSymbols(interfaces.stream().map(Guest::d).toList());
            more.accept(cb);
        });
    }

    static byte[] plain(String n, String sup) {
        return cls(n, ACC_PUBLIC | ACC_SUPER, sup, List.of(), cb -> cb.withMethodBody("<init>", MTD_void, ACC_PUBLIC, c -> c.aload(0).invokespecial(d(sup), "<init>", MTD_void).return_()));
    }

    static byte[] itf(String n, List<String> above, Consumer<ClassBuilder> more) {
        return cls(n, ACC_PUBLIC | ACC_INTERFACE | ACC_ABSTRACT, "java.lang.Object", above, more);
    }

    static void method(ClassBuilder cb, String n, String result) {
        cb.withMethodBody(n, MethodTypeDesc.of(CD_String), ACC_PUBLIC, c -> c.ldc(result).areturn());
    }

    interface Step { void run(int n) throws Throwable; }

    /** Repeats a step until it fails, and shows that the program goes on. */
    static void until(int limit, Step step) throws Throwable {
        // What it takes to catch and to print is loaded before there is no room for it.
        attempt(1, n -> { throw new OutOfMemoryError("warming up"); });
        attempt(limit, step);
        System.out.println("still alive");
    }

    static void attempt(int limit, Step step) throws Throwable {
        try {
            for (int n = 0; n < limit; n++) step.run(n);
            System.out.println("never ended");
        } catch (Throwable t) {
            // Of a class that there is no room to initialize, or of a method that was called by reflection, it is the cause.
            while (!(t instanceof OutOfMemoryError) && t.getCause() != null) t = t.getCause();
            System.out.println(t instanceof OutOfMemoryError ? "OutOfMemoryError ".concat(t.getMessage()) : t.toString());
        }
    }

    static String pad(int n) { return String.format("%07d", n) + "x".repeat(60_000); }

    public static void main(String[] args) throws Throwable {
        switch (args[0]) {
            case "diamond" -> diamond();
            case "supers" -> supers();
            case "failures" -> failures();
            case "names" -> until(100_000, n -> new L().def(rawClass(pad(n), 0, 0)));
            // What is not kept would be unloaded.
            case "classes" -> {
                byte[] b = small("C", "java/lang/Object");
                List<Object> kept = new ArrayList<>();
                until(1_000_000, n -> kept.add(new L().def(b)));
            }
            case "hidden" -> {
                byte[] b = small("Guest$H", "java/lang/Object");
                MethodHandles.Lookup l = MethodHandles.lookup();
                List<Object> kept = new ArrayList<>();
                until(1_000_000, n -> kept.add(l.defineHiddenClass(b, false)));
            }
            case "types" -> {
                // As many array classes as names allow, and method types of them.
                byte[] b = small("T", "java/lang/Object");
                List<Object> kept = new ArrayList<>();
                until(1_000_000, n -> {
                    Class<?> c = new L().def(b);
                    kept.add(c);
                    for (int i = 0; i < 200; i++) c = c.arrayType();
                    MethodType.methodType(c, c);
                });
            }
            case "initializers" -> {
                byte[] b = cls("I", ACC_PUBLIC | ACC_SUPER, "java.lang.Object", List.of(), cb -> cb.withMethodBody("<clinit>", MTD_void, ACC_STATIC, c -> c.iconst_1().iconst_0().idiv().pop().return_()));
                List<Object> kept = new ArrayList<>();
                until(1_000_000, n -> {
                    L l = new L();
                    kept.add(l);
                    l.files.put("I", b);
                    for (int i = 0; i < 3; i++) try { Class.forName("I", true, l); } catch (ExceptionInInitializerError | NoClassDefFoundError e) { }
                });
            }
            case "frames" -> frames();
            case "large" -> large();
            case "maps" -> maps();
            case "link-forever" -> {
                System.out.println("began");
                List<String> above = new ArrayList<>();
                L l = new L();
                for (int i = 0; i < 60; i++) {
                    l.def(itf("I" + i, List.of(), cb -> { for (int m = 0; m < 60; m++) method(cb, "m" + m, "x"); }));
                    above.add("I" + i);
                }
                byte[] b = cls("C", ACC_PUBLIC | ACC_SUPER, "java.lang.Object", above, cb -> {});
                for (;;) try { new L() { @Override protected Class<?> findClass(String n) throws ClassNotFoundException { return l.loadClass(n); } }.def(b); } catch (Throwable t) { }
            }
            case "define-forever" -> {
                System.out.println("began");
                byte[] b = cls("B", ACC_PUBLIC | ACC_SUPER, "java.lang.Object", List.of(), cb -> { for (int m = 0; m < 20_000; m++) cb.withMethodBody("m" + m, MTD_void, PS, c -> c.return_()); });
                b[b.length - 1] = 77;
                for (;;) try { new L().def(b); } catch (Throwable t) { }
            }
            case "init-cycle" -> {
                System.out.println("began");
                CountDownLatch both = new CountDownLatch(2);
                System.getProperties().put("both", both);
                new Thread(() -> A.touch()).start();
                B.touch();
            }
            case "blocking-loader" -> {
                System.out.println("began");
                L l = new L() { @Override protected Class<?> findClass(String n) throws ClassNotFoundException { for (;;) try { Thread.sleep(1_000_000); } catch (Throwable t) { } finally { continue; } } };
                l.def(plain("C", "Missing"));
            }
            default -> System.out.println("what?");
        }
    }

    static class A {
        static { meet(); B.touch(); }
        static void touch() { }
    }

    static class B {
        static { meet(); A.touch(); }
        static void touch() { }
    }

    static void meet() {
        CountDownLatch both = (CountDownLatch) System.getProperties().get("both");
        both.countDown();
        try { both.await(); } catch (InterruptedException e) { }
    }

    static void diamond() throws Throwable {
        L l = new L();
        l.def(itf("I0", List.of(), cb -> method(cb, "m", "default of I0")));
        List<String> below = List.of("I0");
        for (int level = 1; level <= 24; level++) {
            List<String> here = List.of("A" + level, "B" + level);
            for (String n : here) l.def(itf(n, below, cb -> {}));
            below = here;
        }
        l.def(cls("C", ACC_PUBLIC | ACC_SUPER, "java.lang.Object", below, cb -> cb.withMethodBody("<init>", MTD_void, ACC_PUBLIC, x -> x.aload(0).invokespecial(CD_Object, "<init>", MTD_void).return_())));
        // Not by reflection, where the library itself walks every path.
        Class<?> caller = l.def(cls("Caller", ACC_PUBLIC | ACC_SUPER, "java.lang.Object", List.of(), cb -> cb.withMethodBody("call", MethodTypeDesc.of(CD_String), PS, x -> x.new_(d("C")).dup().invokespecial(d("C"), "<init>", MTD_void).invokevirtual(d("C"), "m", MethodTypeDesc.of(CD_String)).areturn())));
        System.out.println("called " + caller.getMethod("call").invoke(null));
    }

    static void supers() throws Throwable {
        L up = new L();
        Class<?> last = up.def(small("C0", "java/lang/Object"));
        for (int n = 1; n < 20_000; n++) last = up.def(small("C" + n, "C" + (n - 1)));
        System.out.println("bottom up: " + last.getName());
        try {
            System.out.println("initialized: " + Class.forName("C19999", true, up).getName());
        } catch (StackOverflowError e) {
            System.out.println("initialized: StackOverflowError");
        }
        L down = new L();
        down.files.put("C0", small("C0", "java/lang/Object"));
        for (int n = 1; n < 20_000; n++) down.files.put("C" + n, small("C" + n, "C" + (n - 1)));
        try {
            System.out.println("top down: " + down.loadClass("C19999").getName());
        } catch (StackOverflowError e) {
            System.out.println("top down: StackOverflowError");
        }
        System.out.println("again: " + down.loadClass("C50").getName());
    }

    /** A class without members. */
    static byte[] small(String name, String sup) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(0xcafebabe);
        out.writeInt(49);
        out.writeShort(5);
        out.writeByte(1); out.writeUTF(name);
        out.writeByte(7); out.writeShort(1);
        out.writeByte(1); out.writeUTF(sup);
        out.writeByte(7); out.writeShort(3);
        for (int v : new int[] {ACC_PUBLIC | ACC_SUPER, 2, 4, 0, 0, 0, 0}) out.writeShort(v);
        return bytes.toByteArray();
    }

    /** A class file by hand: so many Class entries that share one name, and methods that each load 100 of them. */
    static byte[] rawClass(String name, int entries, int methods) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(0xcafebabe);
        out.writeShort(0);
        out.writeShort(49);
        out.writeShort(9 + methods + entries);
        out.writeByte(1); out.writeUTF(entries == 0 ? name : "F");
        out.writeByte(7); out.writeShort(1);
        out.writeByte(1); out.writeUTF("java/lang/Object");
        out.writeByte(7); out.writeShort(3);
        out.writeByte(1); out.writeUTF("Code");
        out.writeByte(1); out.writeUTF("()V");
        out.writeByte(1); out.writeUTF(name);
        out.writeByte(1); out.writeUTF("unused");
        for (int m = 0; m < methods; m++) { out.writeByte(1); out.writeUTF("m" + m); }
        for (int e = 0; e < entries; e++) { out.writeByte(7); out.writeShort(7); }
        for (int v : new int[] {ACC_PUBLIC | ACC_SUPER, 2, 4, 0, 0, methods}) out.writeShort(v);
        for (int m = 0; m < methods; m++) {
            for (int v : new int[] {PS, 9 + m, 6, 1, 5}) out.writeShort(v);
            // Each failure leaves by its handler to the next, so that one call tries all.
            int code = 100 * 4 + 1;
            out.writeInt(12 + code + 100 * 8);
            out.writeShort(1);
            out.writeShort(0);
            out.writeInt(code);
            for (int k = 0; k < 100; k++) { out.writeByte(0x13); out.writeShort(9 + methods + m * 100 + k); out.writeByte(0x57); }
            out.writeByte(0xb1);
            out.writeShort(100);
            for (int k = 0; k < 100; k++) for (int v : new int[] {k * 4, k * 4 + 3, k * 4 + 3, 0}) out.writeShort(v);
            out.writeShort(0);
        }
        out.writeShort(0);
        return bytes.toByteArray();
    }

    static void failures() throws Throwable {
        // Thousands of entries that name the same missing class: each failure has to be remembered, with its long message.
        byte[] b = rawClass("missing/" + "x".repeat(60_000), 2000, 20);
        until(10, n -> {
            Class<?> f = new ClassLoader(null) { Class<?> def() { return defineClass(null, b, 0, b.length); } }.def();
            for (int m = 0; m < 20; m++) f.getMethod("m" + m).invoke(null);
            new L().def(plain("C" + n, "java.lang.Object"));
        });
    }

    static void frames() throws Throwable {
        byte[] b = NO_CHECKS.build(d("W"), cb -> cb.withFlags(ACC_PUBLIC | ACC_SUPER).withMethodBody("deep", MTD_void, PS, c -> c.lconst_0().lstore(65_533).invokestatic(d("W"), "deep", MTD_void).return_()));
        Class<?> w = new L().def(b);
        for (int i = 0; i < 3; i++) try {
            w.getMethod("deep").invoke(null);
        } catch (java.lang.reflect.InvocationTargetException e) {
            System.out.println(e.getCause().getClass().getSimpleName());
        }
        System.out.println("done");
    }

    /** A class whose method m has 65,535 locals, a full frame of them, and what else is given; one frame an instruction. */
    static byte[] mapped(byte[] frame, int count) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(0xcafebabe);
        out.writeInt(69);
        out.writeShort(9);
        out.writeByte(1); out.writeUTF("M");
        out.writeByte(7); out.writeShort(1);
        out.writeByte(1); out.writeUTF("java/lang/Object");
        out.writeByte(7); out.writeShort(3);
        for (String s : new String[] {"m", "()V", "Code", "StackMapTable"}) { out.writeByte(1); out.writeUTF(s); }
        for (int v : new int[] {ACC_PUBLIC | ACC_SUPER, 2, 4, 0, 0, 1, PS, 5, 6, 1, 7}) out.writeShort(v);
        int full = 7 + 65_535, code = count + 2, table = 2 + full + count * frame.length;
        out.writeInt(12 + code + 6 + table);
        out.writeShort(1); out.writeShort(65_535);
        out.writeInt(code); out.write(new byte[code - 1]); out.writeByte(0xb1);
        out.writeShort(0); out.writeShort(1);
        out.writeShort(8); out.writeInt(table); out.writeShort(count + 1);
        out.writeByte(255); out.writeShort(0); out.writeShort(65_535); out.write(new byte[65_535]); out.writeShort(0);
        for (int i = 0; i < count; i++) out.write(frame);
        out.writeShort(0);
        return bytes.toByteArray();
    }

    static String link(byte[] b) throws Throwable {
        try {
            Class.forName("M", true, new L() {{ files.put("M", b); }}).getMethod("m").invoke(null);
            return "ran";
        } catch (OutOfMemoryError e) {
            return "OutOfMemoryError ".concat(e.getMessage());
        } catch (VerifyError e) {
            return "VerifyError";
        }
    }

    static void maps() throws Throwable {
        System.out.println(link(mapped(new byte[] {0}, 40_000)));
        // Full frames of 65,535 locals, charged while they are there.
        byte[] full = new byte[7 + 65_535];
        full[0] = full[3] = full[4] = (byte) 255;
        System.out.println(link(mapped(full, 20)));
        System.out.println(link(mapped(full, 200)));
        // Each would fit; together they do not, and some are refused.
        byte[] frames = mapped(full, 60);
        Thread[] threads = new Thread[8];
        for (int t = 0; t < 8; t++) {
            threads[t] = new Thread(() -> { try { link(frames); } catch (Throwable e) { e.printStackTrace(); } });
            threads[t].start();
        }
        for (Thread t : threads) t.join();
        System.out.println("done");
    }

    static void large() throws Throwable {
        Class<?> c = new L().def(cls("Big", ACC_PUBLIC | ACC_SUPER | ACC_ABSTRACT, "java.lang.Object", List.of(), cb -> {
            for (int n = 0; n < 60_000; n++) cb.withMethod("m" + n / 2, n % 2 == 0 ? MTD_void : MethodTypeDesc.of(CD_int), ACC_PUBLIC | ACC_ABSTRACT, m -> {});
            for (int n = 0; n < 60_000; n++) cb.withField("m" + n / 2, n % 2 == 0 ? CD_int : CD_long, ACC_PUBLIC | ACC_STATIC);
        }));
        System.out.println("methods " + c.getDeclaredMethods().length + ", fields " + c.getDeclaredFields().length);
        System.out.println("found " + (c.getMethod("m29999") != null) + " " + (c.getField("m29999") != null));
    }
}
