import java.io.*;
import java.lang.reflect.*;
import java.util.*;

public class Main {
    static List<String> log = new ArrayList<>();
    static class Hooks implements Serializable {
        private static final long serialVersionUID = 1;
        transient String secret = "s3cret";
        int plain = 5;
        private void writeObject(ObjectOutputStream out) throws IOException { log.add("writeObject"); out.defaultWriteObject(); out.writeObject(new StringBuilder(secret).reverse().toString()); out.writeInt(7); }
        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException { log.add("readObject"); in.defaultReadObject(); secret = new StringBuilder((String) in.readObject()).reverse().toString() + in.readInt(); in.registerValidation(() -> log.add("validated " + plain), 0); }
    }
    static class Sub extends Hooks { private static final long serialVersionUID = 1; String sub = "sub"; private void writeObject(ObjectOutputStream out) throws IOException { log.add("Sub.write"); out.defaultWriteObject(); } private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException { log.add("Sub.read"); in.defaultReadObject(); } }
    static class Single implements Serializable { private static final long serialVersionUID = 1; static final Single ONE = new Single(); private Object readResolve() { return ONE; } }
    static class Repl implements Serializable { private static final long serialVersionUID = 1; final int v; Repl(int v) { this.v = v; } private Object writeReplace() { return new Proxy1(v); } private void readObject(ObjectInputStream in) throws InvalidObjectException { throw new InvalidObjectException("use the proxy"); } }
    static class Proxy1 implements Serializable { private static final long serialVersionUID = 1; final int w; Proxy1(int v) { w = v * 10; } private Object readResolve() { return new Repl(w / 10); } }
    public static class Ext implements Externalizable { int a; String b; boolean made; public Ext() { made = true; } Ext(int a, String b) { this.a = a; this.b = b; } public void writeExternal(ObjectOutput o) throws IOException { o.writeInt(a); o.writeObject(b); } public void readExternal(ObjectInput i) throws IOException, ClassNotFoundException { a = i.readInt() + 1; b = (String) i.readObject(); } }
    static class NoCtor implements Externalizable { NoCtor(int x) {} public void writeExternal(ObjectOutput o) {} public void readExternal(ObjectInput i) {} }
    static class Persist implements Serializable { private static final long serialVersionUID = 1; private static final ObjectStreamField[] serialPersistentFields = {new ObjectStreamField("total", int.class), new ObjectStreamField("names", String[].class)}; int x = 3, y = 4; String[] n = {"p"};
        private void writeObject(ObjectOutputStream out) throws IOException { ObjectOutputStream.PutField f = out.putFields(); f.put("total", x + y); f.put("names", n); out.writeFields(); }
        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException { ObjectInputStream.GetField f = in.readFields(); x = f.get("total", -1); y = f.defaulted("total") ? 1 : 0; n = (String[]) f.get("names", null); } }
    static class BadBase { BadBase(int x) {} }
    static class BadSub extends BadBase implements Serializable { BadSub() { super(1); } }
    static class FailsRead implements Serializable { private static final long serialVersionUID = 1; private void readObject(ObjectInputStream in) { throw new IllegalStateException("in readObject"); } }
    interface Greet { String hi(String s); }
    static class H implements InvocationHandler, Serializable { private static final long serialVersionUID = 1; final String p; H(String p) { this.p = p; } public Object invoke(Object o, Method m, Object[] a) { return p + a[0]; } }

    static byte[] ser(Object o) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ObjectOutputStream oos = new ObjectOutputStream(out)) { oos.writeObject(o); }
        return out.toByteArray();
    }

    @SuppressWarnings("unchecked")
    static <T> T copy(T t) throws Exception {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(ser(t)))) { return (T) in.readObject(); }
    }

    interface Throwing { Object go() throws Exception; }

    static void t(String what, Throwing r) {
        try {
            System.out.println(what + ": " + r.go());
        } catch (Exception e) {
            System.out.println(what + ": " + e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }

    public static void main(String[] args) throws Exception {
        Hooks h = new Hooks();
        h.secret = "abc";
        Hooks c = copy(h);
        System.out.println(c.secret + c.plain + log);
        log.clear();
        Sub s = copy(new Sub());
        System.out.println(s.secret + s.sub + log);
        System.out.println((copy(Single.ONE) == Single.ONE) + " " + copy(new Repl(8)).v);
        Ext e = copy(new Ext(1, "ext"));
        System.out.println(e.a + e.b + e.made);
        t("no public constructor", () -> copy(new NoCtor(1)));
        Persist p = copy(new Persist());
        System.out.println(p.x + " " + p.y + p.n[0]);
        t("no default constructor in the base", () -> copy(new BadSub()));
        t("failing readObject", () -> copy(new FailsRead()));
        Greet g = (Greet) Proxy.newProxyInstance(Main.class.getClassLoader(), new Class<?>[] {Greet.class}, new H("hi "));
        System.out.println(copy(g).hi("proxy"));
        byte[] hooks = ser(new Hooks());
        t("resolveClass", () -> {
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(hooks)) {
                @Override protected Class<?> resolveClass(ObjectStreamClass d) throws IOException, ClassNotFoundException { log.add("resolve " + d.getName() + d.getSerialVersionUID()); return super.resolveClass(d); }
                { enableResolveObject(true); }
                @Override protected Object resolveObject(Object o) { return o instanceof String x ? x.toUpperCase() : o; }
            }) {
                log.clear();
                return ((Hooks) in.readObject()).secret + log;
            }
        });
        t("filter", () -> {
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(hooks))) {
                in.setObjectInputFilter(ObjectInputFilter.Config.createFilter("!Main$*;java.base/*"));
                return in.readObject();
            }
        });
        t("filter limits", () -> {
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(ser(new int[100])))) {
                in.setObjectInputFilter(ObjectInputFilter.Config.createFilter("maxarray=10"));
                return in.readObject();
            }
        });
        byte[] renamed = ser(new Proxy1(1));
        for (int i = 0; i + 7 < renamed.length; i++) if (new String(renamed, i, 6, java.nio.charset.StandardCharsets.ISO_8859_1).equals("Proxy1")) renamed[i + 5] = 'Z';
        t("class missing", () -> { try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(renamed))) { return in.readObject(); } });
        byte[] uid = ser(Single.ONE);
        for (int i = 0; i + 7 < uid.length; i++) if (uid[i] == 0 && uid[i + 6] == 0 && uid[i + 7] == 1 && uid[i - 1] == 'e') uid[i + 7] = 9;
        t("wrong version", () -> { try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(uid))) { return in.readObject(); } });
        t("replaceObject", () -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (ObjectOutputStream oos = new ObjectOutputStream(out) { { enableReplaceObject(true); } @Override protected Object replaceObject(Object o) { return o instanceof Integer i ? (Object) (i + 1) : o; } }) { oos.writeObject(new ArrayList<>(List.of(1, 2, "x"))); }
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(out.toByteArray()))) { return in.readObject(); }
        });
        t("defaultReadObject outside", () -> { try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(hooks))) { in.defaultReadObject(); return ""; } });
        t("external in stream of data", () -> { try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(hooks))) { return in.readInt(); } });
    }
}
