import java.lang.reflect.*;
import java.util.*;

public class Main {
    private int priv = 5;
    final int fin = 6;
    static final String SFIN = "const";
    static final Object OFIN = "obj";
    static int stat;
    byte b; short s; char c; int i; long l; float f; double d; boolean z; String str; int[] arr;

    Main() {}
    Main(int a, String b) { i = a; str = b; }
    Main(String... xs) { i = xs.length; }
    private static String secret(int x) { return "secret " + x; }
    public String all(byte b, short s, char c, int i, long l, float f, double d, boolean z, Object o) { return "" + b + s + c + i + l + f + d + z + o; }
    public int prim() { return 42; }
    public void nothing() {}
    public static int sum(int... xs) { return Arrays.stream(xs).sum(); }
    public void fail() throws Exception { throw new java.io.IOException("io"); }
    public void failError() { throw new StackOverflowError("fake"); }
    String who() { return "Main"; }
    static class Sub extends Main { @Override String who() { return "Sub"; } }
    static abstract class Abs { Abs() {} }
    interface I { default String d() { return "default " + getClass().getSimpleName(); } }
    static class Impl implements I {}

    static void t(String what, Throwing r) {
        try {
            System.out.println(what + ": " + r.go());
        } catch (InvocationTargetException e) {
            System.out.println(what + ": target " + e.getMessage() + " " + e.getCause() + " " + (e.getTargetException() == e.getCause()));
        } catch (Throwable e) {
            System.out.println(what + ": " + e.getClass().getSimpleName() + " " + String.valueOf(e.getMessage()).replaceAll("@[0-9a-f]+", "@"));
        }
    }

    interface Throwing { Object go() throws Throwable; }

    static Method m(String n) {
        for (Method m : Main.class.getDeclaredMethods()) if (m.getName().equals(n)) return m;
        throw new AssertionError(n);
    }

    static Field f(String n) throws Exception { return Main.class.getDeclaredField(n); }

    public static void main(String[] args) throws Exception {
        Main o = new Main();
        t("all", () -> m("all").invoke(o, (byte) 1, (short) 2, 'c', 4, 5L, 6f, 7d, true, null));
        t("widening", () -> m("all").invoke(o, (byte) 1, (byte) 2, 'c', 'd', 5, 6L, 7f, true, 9));
        t("narrowing", () -> m("all").invoke(o, 1, (short) 2, 'c', 4, 5L, 6f, 7d, true, null));
        t("null primitive", () -> m("all").invoke(o, (byte) 1, (short) 2, 'c', null, 5L, 6f, 7d, true, null));
        t("too few", () -> m("all").invoke(o, 1));
        t("null args", () -> m("prim").invoke(o, (Object[]) null));
        t("extra", () -> m("prim").invoke(o, 1));
        t("void", () -> m("nothing").invoke(o));
        t("private static", () -> m("secret").invoke(null, 7));
        t("static with receiver", () -> m("secret").invoke("ignored", 7));
        t("varargs direct", () -> m("sum").invoke(null, new int[] {1, 2, 3}));
        t("varargs loose", () -> m("sum").invoke(null, 1, 2, 3));
        t("null receiver", () -> m("prim").invoke(null));
        t("wrong receiver", () -> m("prim").invoke("str"));
        t("checked", () -> m("fail").invoke(o));
        t("error", () -> m("failError").invoke(o));
        t("virtual", () -> m("who").invoke(new Sub()));
        t("interface default", () -> I.class.getMethod("d").invoke(new Impl()));
        t("constructor", () -> ((Main) Main.class.getDeclaredConstructor(int.class, String.class).newInstance(3, "x")).str);
        t("constructor varargs", () -> Main.class.getDeclaredConstructor(String[].class).newInstance((Object) new String[] {"a", "b"}).i);
        t("constructor wrong", () -> Main.class.getDeclaredConstructor(int.class, String.class).newInstance("x", 3));
        t("abstract", () -> Abs.class.getDeclaredConstructor().newInstance());
        t("interface", () -> I.class.getDeclaredConstructor());
        t("failing constructor", () -> ArrayList.class.getConstructor(int.class).newInstance(-1));
        for (String n : new String[] {"b", "s", "c", "i", "l", "f", "d", "z", "str", "arr"}) t("default " + n, () -> f(n).get(o) instanceof Character ch ? (int) ch : f(n).get(o));
        f("b").setByte(o, (byte) -1);
        f("s").setByte(o, (byte) 2);
        f("c").setChar(o, 'x');
        f("i").setChar(o, 'A');
        f("l").setInt(o, 5);
        f("f").setLong(o, 6);
        f("d").setFloat(o, 1.5f);
        f("z").setBoolean(o, true);
        f("str").set(o, "set");
        f("arr").set(o, new int[] {1});
        System.out.println(o.b + " " + o.s + o.c + o.i + " " + o.l + o.f + o.d + o.z + o.str + o.arr.length + " " + f("i").getLong(o) + f("b").getDouble(o) + f("c").getInt(o));
        t("get narrowing", () -> f("l").getInt(o));
        t("set narrowing", () -> { f("s").setInt(o, 1); return ""; });
        t("set wrong box", () -> { f("i").set(o, "x"); return ""; });
        t("set null", () -> { f("i").set(o, null); return ""; });
        t("set widening box", () -> { f("l").set(o, (short) 3); return o.l; });
        t("set wrong ref", () -> { f("str").set(o, 3); return ""; });
        t("private field", () -> f("priv").get(o));
        t("null object", () -> f("priv").get(null));
        t("wrong object", () -> f("priv").get("x"));
        t("static field", () -> { f("stat").set(null, 8); return stat; });
        t("final", () -> { f("fin").set(o, 9); return ""; });
        t("final accessible", () -> { Field x = f("fin"); x.setAccessible(true); x.set(o, 9); return x.get(o) + " " + o.fin; });
        t("static final", () -> { Field x = f("OFIN"); x.setAccessible(true); x.set(null, "new"); return ""; });
        record R(int a) {}
        t("record field", () -> { Field x = R.class.getDeclaredField("a"); x.setAccessible(true); x.set(new R(1), 2); return ""; });
        t("string private", () -> { Field x = String.class.getDeclaredField("value"); x.setAccessible(true); return x.get("x"); });
        t("other class private", () -> Other.class.getDeclaredField("hidden").get(new Other()));
        t("other class forced", () -> { Field x = Other.class.getDeclaredField("hidden"); x.setAccessible(true); return x.isAccessible() + " " + x.get(new Other()); });
        t("other private method", () -> Other.class.getDeclaredMethod("hid").invoke(new Other()));
        t("trySetAccessible", () -> String.class.getDeclaredField("value").trySetAccessible() + " " + Other.class.getDeclaredField("hidden").trySetAccessible() + " " + Other.class.getDeclaredField("hidden").canAccess(new Other()));
        t("private class of the library", () -> { Method x = List.of(1).getClass().getMethod("size"); return x.invoke(List.of(1)); });
        t("filtered", () -> Class.class.getDeclaredField("classLoader"));
        t("class newInstance", () -> ((Main) Main.class.newInstance()).i);
        int hot = 0;
        Method who = m("prim");
        for (int k = 0; k < 100; k++) hot += (int) who.invoke(o);
        System.out.println(hot);
        AccessibleObject.setAccessible(new AccessibleObject[] {Other.class.getDeclaredField("hidden")}, true);
    }
}

class Other {
    private int hidden = 77;

    private String hid() {
        return "hid";
    }
}
