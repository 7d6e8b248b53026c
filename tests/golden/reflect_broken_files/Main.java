import java.io.*;
import java.lang.classfile.*;
import java.lang.classfile.attribute.*;
import java.lang.classfile.constantpool.*;
import java.lang.constant.*;
import java.lang.reflect.*;
import java.util.*;
import java.util.concurrent.Callable;
import java.util.function.*;
import static java.lang.classfile.ClassFile.*;
import static java.lang.constant.ConstantDescs.*;

/** Class files whose attributes lie: they load, and reflection answers or throws, but never loops. */
public class Main {
    static class L extends ClassLoader {
        final Map<String, byte[]> files = new HashMap<>();
        L(byte[]... all) {
            super("l", Main.class.getClassLoader());
            for (byte[] b : all) files.put(ClassFile.of().parse(b).thisClass().asInternalName().replace('/', '.'), b);
        }
        @Override protected Class<?> findClass(String n) throws ClassNotFoundException {
            byte[] b = files.get(n);
            if (b == null) throw new ClassNotFoundException(n);
            return defineClass(n, b, 0, b.length);
        }
    }

    static ClassDesc d(String n) { return ClassDesc.of(n); }

    static byte[] cls(String n, Consumer<ClassBuilder> more) {
        return ClassFile.of().build(d(n), cb -> { cb.withFlags(ACC_PUBLIC | ACC_SUPER); more.accept(cb); });
    }

    static void t(String what, Callable<?> c) {
        String r;
        try {
            Object o = c.call();
            r = o instanceof Object[] a ? Arrays.toString(a) : String.valueOf(o);
        } catch (Throwable e) {
            r = e.getClass().getName() + (e instanceof StackOverflowError ? "" : ": " + e.getMessage());
        }
        System.out.println("  " + what + ": " + r.replaceAll("@[0-9a-f]+", "@"));
    }

    static void all(String what, ClassLoader l, String n) {
        System.out.println(what);
        Class<?>[] k = new Class<?>[1];
        t("load", () -> (k[0] = Class.forName(n, true, l)).getName());
        Class<?> c = k[0];
        if (c == null) return;
        t("declaring", c::getDeclaringClass);
        t("enclosing", c::getEnclosingClass);
        t("enclosing method", c::getEnclosingMethod);
        t("simple name", c::getSimpleName);
        t("canonical name", c::getCanonicalName);
        t("kinds", () -> c.isMemberClass() + " " + c.isLocalClass() + " " + c.isAnonymousClass() + " " + Modifier.toString(c.getModifiers()));
        t("declared classes", c::getDeclaredClasses);
        t("nest host", c::getNestHost);
        t("nest members", c::getNestMembers);
        t("generic super", c::getGenericSuperclass);
        t("type parameters", c::getTypeParameters);
        t("record", () -> c.isRecord() + " " + Arrays.toString(c.getRecordComponents()));
        t("sealed", () -> c.isSealed() + " " + Arrays.toString(c.getPermittedSubclasses()));
        t("annotations", c::getAnnotations);
        t("to generic string", c::toGenericString);
    }

    static InnerClassesAttribute inner(Object... rows) {
        List<InnerClassInfo> list = new ArrayList<>();
        for (int i = 0; i < rows.length; i += 4) list.add(InnerClassInfo.of(d((String) rows[i]), Optional.ofNullable((String) rows[i + 1]).map(Main::d), Optional.ofNullable((String) rows[i + 2]), (Integer) rows[i + 3]));
        return InnerClassesAttribute.of(list);
    }

    public static void main(String[] args) throws Exception {
        all("inner of itself through another", new L(cls("A", cb -> cb.with(inner("A", "B", "x", 1, "B", "A", "y", 1))), cls("B", cb -> cb.with(inner("A", "B", "x", 1, "B", "A", "y", 1)))), "A");
        all("outer does not know", new L(cls("A$B", cb -> cb.with(inner("A$B", "A", "B", 1))), cls("A", cb -> {})), "A$B");
        all("outer is missing", new L(cls("A$B", cb -> cb.with(inner("A$B", "A", "B", 1)))), "A$B");
        all("outer claims what denies", new L(cls("A", cb -> cb.with(inner("B", "A", "B", 1))), cls("B", cb -> {})), "A");
        all("outer claims what is missing", new L(cls("A", cb -> cb.with(inner("Gone", "A", "Gone", 1)))), "A");
        all("enclosing method that is missing", new L(cls("A", cb -> cb.with(EnclosingMethodAttribute.of(d("B"), Optional.of("m"), Optional.of(MTD_void))).with(inner("A", null, null, 0))), cls("B", cb -> {})), "A");
        all("enclosing method of no type", new L(cls("A", cb -> cb.with(EnclosingMethodAttribute.of(d("java.lang.String"), Optional.empty(), Optional.empty())))), "A");
        all("enclosing class that is missing", new L(cls("A", cb -> cb.with(EnclosingMethodAttribute.of(d("Gone"), Optional.empty(), Optional.empty())).with(inner("A", null, "A", 0)))), "A");
        for (String s : List.of("", "x", "L", "Ljava/lang/Object", "<T", "<T:Ljava/lang/Object;>", "Ljava/lang/Object;Ljava/lang/Object;extra", "<T:TT;>Ljava/lang/Object;", "<T:TU;U:TT;>Ljava/lang/Object;", "LGone<TX;>;", "Lp..q;", "[[[[", "(".repeat(40), "L" + "a<L".repeat(50) + ";"))
            all("signature " + (s.length() > 60 ? s.length() + " long" : s), new L(signed(s)), "A");
        all("record that is none", new L(cls("A", cb -> cb.with(RecordAttribute.of(RecordComponentInfo.of("c", CD_int))))), "A");
        all("record with doubles and no accessors", new L(ClassFile.of().build(d("A"), cb -> cb.withFlags(ACC_PUBLIC | ACC_FINAL | ACC_SUPER).withSuperclass(d("java.lang.Record")).with(RecordAttribute.of(RecordComponentInfo.of("c", CD_int), RecordComponentInfo.of("c", CD_int), RecordComponentInfo.of("d", d("Gone")))))), "A");
        all("record not final", new L(ClassFile.of().build(d("A"), cb -> cb.withFlags(ACC_PUBLIC | ACC_SUPER).withSuperclass(d("java.lang.Record")).with(RecordAttribute.of()))), "A");
        all("sealed, of missing classes", new L(cls("A", cb -> cb.with(PermittedSubclassesAttribute.ofSymbols(d("Gone"), d("A"), d("java.lang.String"), d("B")))), ClassFile.of().build(d("B"), cb -> cb.withSuperclass(d("A")))), "A");
        all("nest host missing", new L(cls("A", cb -> cb.with(NestHostAttribute.of(d("Gone"))))), "A");
        all("nest host in another package", new L(cls("p.A", cb -> cb.with(NestHostAttribute.of(d("q.B")))), cls("q.B", cb -> cb.with(NestMembersAttribute.ofSymbols(d("p.A"))))), "p.A");
        all("nest host that does not know", new L(cls("A", cb -> cb.with(NestHostAttribute.of(d("B")))), cls("B", cb -> {})), "A");
        all("nest host of the library", new L(cls("A", cb -> cb.with(NestHostAttribute.of(CD_String)))), "A");
        all("nest host that has a host", new L(cls("A", cb -> cb.with(NestHostAttribute.of(d("B")))), cls("B", cb -> cb.with(NestHostAttribute.of(d("A"))))), "A");
        all("members that deny or are missing", new L(cls("A", cb -> cb.with(NestMembersAttribute.ofSymbols(d("B"), d("Gone"), d("C"), d("A")))), cls("B", cb -> {}), cls("C", cb -> cb.with(NestHostAttribute.of(d("A"))))), "A");
        all("nest and permissions in an older file", new L(version(cls("A", cb -> cb.with(NestHostAttribute.of(d("B"))).with(PermittedSubclassesAttribute.ofSymbols(d("C"))).with(RecordAttribute.of())), 54), cls("B", cb -> cb.with(NestMembersAttribute.ofSymbols(d("A"))))), "A");
        annotations();
        privates();
        lines();
    }

    static byte[] signed(String s) {
        return cls("A", cb -> cb.with(SignatureAttribute.of(cb.constantPool().utf8Entry(s))));
    }

    static byte[] version(byte[] file, int major) {
        byte[] b = file.clone();
        b[7] = (byte) major;
        return b;
    }

    record Raw(String name, byte[] bytes) {}

    /** A class with annotations of these bytes, in which #1 to #3 are patched to the indices of the three texts. */
    static byte[] raw(String attribute, byte[] bytes, String... texts) {
        return ClassFile.of().build(d("A"), cb -> {
            cb.withFlags(ACC_PUBLIC | ACC_SUPER);
            List<Integer> at = new ArrayList<>();
            for (String t : texts) at.add(cb.constantPool().utf8Entry(t).index());
            byte[] b = bytes.clone();
            for (int i = 0; i + 1 < b.length; i++) if (b[i] == (byte) 0xee && b[i + 1] < texts.length) { int n = at.get(b[i + 1]); b[i] = (byte) (n >> 8); b[i + 1] = (byte) n; i++; }
            cb.with(new Custom(attribute, b));
        });
    }

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

    static byte[] bytes(int... values) {
        byte[] b = new byte[values.length];
        for (int i = 0; i < b.length; i++) b[i] = (byte) values[i];
        return b;
    }

    static byte[] nested(int depth, char kind) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(bytes(0, 1, 0xee, 0, 0, 1, 0xee, 1));
        for (int i = 0; i < depth; i++) out.writeBytes(kind == '[' ? bytes('[', 0, 1) : bytes('@', 0xee, 0, 0, 1, 0xee, 1));
        out.writeBytes(bytes('s', 0xee, 2));
        return out.toByteArray();
    }

    static void annotations() throws Exception {
        String type = "Ljava/lang/Deprecated;", name = "since", value = "v";
        Object[][] cases = {
            {"good", bytes(0, 1, 0xee, 0, 0, 1, 0xee, 1, 's', 0xee, 2)},
            {"empty", bytes()},
            {"cut", bytes(0, 1, 0xee, 0, 0, 1, 0xee, 1)},
            {"count too high", bytes(0, 9, 0xee, 0, 0, 0)},
            {"unknown tag", bytes(0, 1, 0xee, 0, 0, 1, 0xee, 1, '?', 0xee, 2)},
            {"wrong constant", bytes(0, 1, 0xee, 0, 0, 1, 0xee, 1, 'I', 0xee, 2)},
            {"index out of range", bytes(0, 1, 0xff, 0xff, 0, 0)},
            {"type 0", bytes(0, 1, 0, 0, 0, 0)},
            {"deep arrays", nested(10_000, '[')},
            {"deep annotations", nested(10_000, '@')},
            {"value of another type", bytes(0, 1, 0xee, 0, 0, 1, 0xee, 1, '[', 0, 0)},
            {"enum", bytes(0, 1, 0xee, 0, 0, 1, 0xee, 1, 'e', 0xee, 0, 0xee, 2)},
            {"class", bytes(0, 1, 0xee, 0, 0, 1, 0xee, 1, 'c', 0xee, 2)},
        };
        System.out.println("annotations");
        for (Object[] c : cases) {
            byte[] file = raw("RuntimeVisibleAnnotations", (byte[]) c[1], type, name, value);
            t((String) c[0], () -> {
                Class<?> k = Class.forName("A", true, new L(file));
                Object[] a = k.getAnnotations();
                return a.length == 0 ? "none" : ((Deprecated) a[0]).since();
            });
            byte[] types = raw("RuntimeVisibleTypeAnnotations", (byte[]) c[1], type, name, value);
            t(c[0] + " as type annotations", () -> Class.forName("A", true, new L(types)).getAnnotatedSuperclass().getAnnotations().length);
        }
    }

    /** Private members between classes that say they are nest mates. */
    static void privates() {
        System.out.println("private access");
        for (String way : List.of("agreed", "host silent", "no claim", "host missing", "other package", "other loader")) {
            String host = way.equals("other package") ? "q.H" : "p.H";
            byte[] h = cls(host, cb -> {
                if (!way.equals("host silent")) cb.with(NestMembersAttribute.ofSymbols(d("p.M")));
                cb.withField("f", CD_int, ACC_PRIVATE | ACC_STATIC);
                cb.withMethodBody("s", MethodTypeDesc.of(CD_int), ACC_PRIVATE | ACC_STATIC, c -> c.bipush(7).ireturn());
            });
            byte[] m = cls("p.M", cb -> {
                if (way.equals("host missing")) cb.with(NestHostAttribute.of(d("p.Gone")));
                else if (!way.equals("no claim")) cb.with(NestHostAttribute.of(d(host)));
                cb.withMethodBody("call", MethodTypeDesc.of(CD_int), ACC_PUBLIC | ACC_STATIC, c -> c.invokestatic(d(host), "s", MethodTypeDesc.of(CD_int)).ireturn());
                cb.withMethodBody("get", MethodTypeDesc.of(CD_int), ACC_PUBLIC | ACC_STATIC, c -> c.getstatic(d(host), "f", CD_int).ireturn());
            });
            L above = new L(h);
            L l = way.equals("other loader") ? new L(m) { @Override protected Class<?> findClass(String n) throws ClassNotFoundException { return n.equals(host) ? above.loadClass(n) : super.findClass(n); } } : new L(h, m);
            for (String n : List.of("call", "get")) t(way + ", " + n, () -> { try { return Class.forName("p.M", true, l).getMethod(n).invoke(null); } catch (InvocationTargetException e) { throw (Exception) (e.getCause() instanceof Exception x ? x : new Exception(e.getCause().toString())); } });
        }
    }

    static void lines() {
        System.out.println("stack traces");
        byte[] b = ClassFile.of().build(d("T"), cb -> {
            cb.withFlags(ACC_PUBLIC).with(SourceFileAttribute.of("../../etc/passwd\u0000\ud800"));
            cb.withMethodBody("m", MTD_void, ACC_PUBLIC | ACC_STATIC, c -> c.lineNumber(65535).aconst_null().athrow());
        });
        t("line", () -> { try { Class.forName("T", true, new L(b)).getMethod("m").invoke(null); return "?"; } catch (InvocationTargetException e) { StackTraceElement s = e.getCause().getStackTrace()[0]; return s.getLineNumber() + " " + s.getFileName().length(); } });
    }
}
