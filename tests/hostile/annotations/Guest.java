import java.io.*;
import java.lang.annotation.*;
import java.lang.classfile.*;
import java.lang.constant.*;
import java.lang.reflect.*;
import java.util.*;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import static java.lang.classfile.ClassFile.*;
import static java.lang.constant.ConstantDescs.*;

/** Reads annotations that are nested 60,000 deep, from every place that reflection reads them from. */
public class Guest {
    static final int DEPTH = 60_000;

    static class L extends ClassLoader {
        Class<?> def(byte[] b) { return defineClass(null, b, 0, b.length); }
    }

    /** An attribute of the bytes that a function of constant pool indices gives. */
    static class Custom extends CustomAttribute<Custom> {
        final byte[] bytes;
        Custom(String name, byte[] bytes) {
            super(new AttributeMapper<Custom>() {
                public String name() { return name; }
                public Custom readAttribute(AttributedElement e, ClassReader r, int p) { return null; }
                public void writeAttribute(BufWriter w, Custom c) { w.writeIndex(w.constantPool().utf8Entry(name)); w.writeInt(c.bytes.length); w.writeBytes(c.bytes); }
                public AttributeMapper.AttributeStability stability() { return AttributeMapper.AttributeStability.UNSTABLE; }
            });
            this.bytes = bytes;
        }
    }

    static class Out {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Out u1(int... values) { for (int v : values) bytes.write(v); return this; }
        Out u2(int... values) { for (int v : values) { bytes.write(v >> 8); bytes.write(v); } return this; }
        byte[] done() { return bytes.toByteArray(); }
    }

    /** A value of arrays in arrays, annotations in annotations, or both in turn. */
    static Out value(Out out, ClassBuilder cb, String kinds, int depth, String type, String member) {
        Out unit = new Out();
        for (char kind : kinds.toCharArray()) {
            if (kind == '[') unit.u1('[').u2(1);
            else unit.u1('@').u2(utf8(cb, type), 1, utf8(cb, member));
        }
        byte[] one = unit.done(), all = Arrays.copyOf(one, one.length * (depth / kinds.length()));
        for (int n = one.length; n < all.length; n *= 2) System.arraycopy(all, 0, all, n, Math.min(n, all.length - n));
        out.bytes.writeBytes(all);
        return out.u1('s').u2(utf8(cb, "end"));
    }

    /** One annotation with one such value. */
    static Out annotation(Out out, ClassBuilder cb, String kinds, String type, String member) {
        out.u2(utf8(cb, type), 1, utf8(cb, member));
        return value(out, cb, kinds, DEPTH, type, member);
    }

    static int utf8(ClassBuilder cb, String s) { return cb.constantPool().utf8Entry(s).index(); }

    static final String KNOWN = "Ljava/lang/Deprecated;", UNKNOWN = "Lmissing/Annotation;", SOURCE = "Ljava/lang/Override;";

    static void show(String what, Callable<Object> c) {
        for (int round = 0; round < 2; round++) {
            String result;
            try {
                Object o = c.call();
                result = String.valueOf(o instanceof Object[] a ? a.length : o);
            } catch (Throwable t) {
                while (t instanceof InvocationTargetException) t = t.getCause();
                result = t instanceof StackOverflowError ? "StackOverflowError" : t.toString();
            }
            System.out.println("  " + what + ": " + result);
        }
    }

    static byte[] cls(Consumer<ClassBuilder> more) {
        return ClassFile.of().build(ClassDesc.of("A"), cb -> {
            cb.withFlags(ACC_PUBLIC | ACC_SUPER);
            more.accept(cb);
        });
    }

    static Class<?> load(Consumer<ClassBuilder> more) { return new L().def(cls(more)); }

    /** On a thread whose stack ends soon. */
    public static void main(String[] args) throws Exception {
        Thread thread = new Thread(null, () -> {
            try {
                run();
            } catch (Exception e) {
                e.printStackTrace();
            }
        }, "small", 1 << 20);
        thread.start();
        thread.join();
    }

    static void run() throws Exception {
        for (String[] of : new String[][] {{"[", "known", KNOWN, "since"}, {"[@", "unknown member", KNOWN, "other"}, {"@", "unknown type", UNKNOWN, "since"}}) {
            System.out.println(of[0] + " " + of[1]);
            String kinds = of[0], type = of[2], member = of[3];
            Class<?> c = load(cb -> cb.with(new Custom("RuntimeVisibleAnnotations", annotation(new Out().u2(1), cb, kinds, type, member).done())));
            show("class", c::getAnnotations);
            show("presence", () -> c.isAnnotationPresent(Deprecated.class));
            Class<?> f = load(cb -> cb.withField("f", CD_int, fb -> {
                fb.withFlags(ACC_PUBLIC | ACC_STATIC);
                fb.with(new Custom("RuntimeVisibleAnnotations", annotation(new Out().u2(1), cb, kinds, type, member).done()));
            }));
            show("field", () -> f.getField("f").getAnnotations());
            Class<?> m = load(cb -> cb.withMethod("m", MethodTypeDesc.of(CD_void, CD_int), ACC_PUBLIC | ACC_STATIC | ACC_NATIVE, mb -> {
                mb.with(new Custom("RuntimeVisibleAnnotations", annotation(new Out().u2(1), cb, kinds, type, member).done()));
                mb.with(new Custom("RuntimeVisibleParameterAnnotations", annotation(new Out().u1(1).u2(1), cb, kinds, type, member).done()));
                mb.with(new Custom("RuntimeVisibleTypeAnnotations", annotation(new Out().u2(1).u1(0x14, 0), cb, kinds, type, member).done()));
            }));
            show("method", () -> m.getMethod("m", int.class).getAnnotations());
            show("parameter", () -> m.getMethod("m", int.class).getParameterAnnotations());
            show("return type", () -> m.getMethod("m", int.class).getAnnotatedReturnType().getAnnotations());
            Class<?> s = load(cb -> cb.with(new Custom("RuntimeVisibleTypeAnnotations", annotation(new Out().u2(1).u1(0x10).u2(0xffff).u1(0), cb, kinds, type, member).done())));
            show("superclass", () -> s.getAnnotatedSuperclass().getAnnotations());
            Class<?> d = new L().def(ClassFile.of().build(ClassDesc.of("A"), cb -> {
                cb.withFlags(ACC_PUBLIC | ACC_INTERFACE | ACC_ABSTRACT | ACC_ANNOTATION);
                cb.withInterfaceSymbols(ClassDesc.of("java.lang.annotation.Annotation"));
                cb.withMethod("v", MethodTypeDesc.of(CD_String.arrayType()), ACC_PUBLIC | ACC_ABSTRACT, mb ->
                    mb.with(new Custom("AnnotationDefault", value(new Out(), cb, kinds, DEPTH, type, member).done())));
            }));
            show("default", () -> d.getMethod("v").getDefaultValue());
        }
        System.out.println("long lists");
        Class<?> w = load(cb -> {
            Out out = new Out().u2(1, utf8(cb, KNOWN), 1, utf8(cb, "since")).u1('[').u2(65_535);
            for (int i = 0; i < 65_535; i++) out.u1('[').u2(0);
            cb.with(new Custom("RuntimeVisibleAnnotations", out.done()));
        });
        show("65535 empty arrays", () -> ((Deprecated) w.getAnnotations()[0]).forRemoval());
        Class<?> n = load(cb -> {
            Out out = new Out().u2(65_535);
            for (int i = 0; i < 65_535; i++) out.u2(utf8(cb, i == 0 ? KNOWN : i < 1000 ? UNKNOWN : SOURCE), 0);
            cb.with(new Custom("RuntimeVisibleAnnotations", out.done()));
        });
        show("65535 annotations", n::getAnnotations);
        System.out.println("done");
    }
}
