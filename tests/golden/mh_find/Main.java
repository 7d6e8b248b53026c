import java.lang.invoke.*;
import java.util.*;
import static java.lang.invoke.MethodType.*;

public class Main {
    int f = 1;
    static String sf = "static";
    private int secret = 42;
    final int fin = 5;
    Main() {}
    Main(int x) { f = x; }
    int add(int a, long b) { return f + a + (int) b; }
    static String join(String a, Object b) { return a + b; }
    static String va(String p, int... xs) { return p + Arrays.toString(xs); }
    private String priv() { return "priv" + f; }
    String who() { return "Main"; }
    static class Sub extends Main { String who() { return "Sub/" + super.who(); } static MethodHandles.Lookup lookup() { return MethodHandles.lookup(); } }
    interface I { default String d() { return "I.d"; } static String s() { return "I.s"; } }
    static class Impl implements I { public String d() { return "Impl.d"; } static MethodHandles.Lookup lookup() { return MethodHandles.lookup(); } }
    static void boom() throws Exception { throw new Exception("boom"); }
    static Object none(Object... os) { return os == null ? "null" : os.length; }

    interface Throwing { Object go() throws Throwable; }

    static void t(String what, Throwing r) {
        try {
            System.out.println(what + ": " + r.go());
        } catch (Throwable e) {
            System.out.println(what + ": " + e.getClass().getSimpleName() + " " + String.valueOf(e.getMessage()).replaceAll("@[0-9a-f]+", "@"));
        }
    }

    public static void main(String[] args) throws Throwable {
        MethodHandles.Lookup lk = MethodHandles.lookup();
        Main m = new Main(10);
        MethodHandle add = lk.findVirtual(Main.class, "add", methodType(int.class, int.class, long.class));
        System.out.println((int) add.invokeExact(m, 1, 2L) + " " + (int) add.invoke(m, (byte) 1, 2) + " " + (Object) add.invoke((Object) m, (Object) 1, (Object) 2L) + " " + add.type() + " " + add.invokeWithArguments(m, 3, 4L));
        MethodHandle join = lk.findStatic(Main.class, "join", methodType(String.class, String.class, Object.class));
        System.out.println((String) join.invokeExact("a", (Object) 5) + join.invoke("b", 'c') + join);
        System.out.println((Main) lk.findConstructor(Main.class, methodType(void.class, int.class)).invokeExact(7) != null);
        System.out.println((int) lk.findGetter(Main.class, "f", int.class).invokeExact(m) + " " + (int) lk.findGetter(Main.class, "secret", int.class).invoke(m) + (String) lk.findStaticGetter(Main.class, "sf", String.class).invokeExact());
        lk.findSetter(Main.class, "f", int.class).invokeExact(m, 20);
        lk.findStaticSetter(Main.class, "sf", String.class).invokeExact("changed");
        System.out.println(m.f + sf);
        System.out.println((String) lk.findVirtual(Main.class, "who", methodType(String.class)).invokeExact((Main) new Sub()) + " " + (String) Sub.lookup().findSpecial(Main.class, "who", methodType(String.class), Sub.class).invokeExact(new Sub()) + " " + (String) lk.findSpecial(Main.class, "priv", methodType(String.class), Main.class).invokeExact(m));
        System.out.println((String) lk.findVirtual(I.class, "d", methodType(String.class)).invokeExact((I) new Impl()) + (String) Impl.lookup().findSpecial(I.class, "d", methodType(String.class), Impl.class).invokeExact(new Impl()) + (String) lk.findStatic(I.class, "s", methodType(String.class)).invokeExact());
        MethodHandle va = lk.findStatic(Main.class, "va", methodType(String.class, String.class, int[].class));
        System.out.println(va.isVarargsCollector() + " " + va.invoke("x") + va.invoke("y", 1, 2) + va.invoke("z", new int[] {9}) + (String) va.invokeExact("w", new int[] {8}) + va.asFixedArity().isVarargsCollector() + va.invokeWithArguments("q", 1, 2, 3));
        MethodHandle none = lk.findStatic(Main.class, "none", methodType(Object.class, Object[].class));
        System.out.println(none.invoke() + " " + none.invoke(1, 2) + none.invoke((Object[]) null) + none.invoke((Object) null) + none.invoke(new Object[] {1, 2, 3}) + none.withVarargs(false).isVarargsCollector());
        System.out.println((int) add.bindTo(m).invokeExact(1, 1L) + " " + lk.bind("hello", "length", methodType(int.class)).invoke() + (String) join.bindTo("bound").invokeExact((Object) "!"));
        System.out.println(lk.unreflect(String.class.getMethod("isEmpty")).invoke("") + " " + lk.unreflectConstructor(ArrayList.class.getConstructor(int.class)).invoke(3) + lk.unreflectGetter(Main.class.getDeclaredField("secret")).invoke(m) + lk.revealDirect(add).getName() + MethodHandleInfo.referenceKindToString(lk.revealDirect(add).getReferenceKind()));
        t("wrong return", () -> { Object o = (Object) add.invokeExact(m, 1, 2L); return o; });
        t("wrong argument", () -> (int) add.invokeExact(m, 1, 2));
        t("ignored return", () -> { add.invokeExact(m, 1, 2L); return ""; });
        t("too many", () -> (int) add.invoke(m, 1, 2L, 3));
        t("incompatible", () -> (int) add.invoke("str", 1, 2L));
        t("null receiver", () -> (int) add.invokeExact((Main) null, 1, 2L));
        t("null unboxed", () -> (int) add.invoke(m, (Integer) null, 2L));
        t("wrong box", () -> (int) add.invoke(m, (Object) "s", 2L));
        t("with arguments count", () -> add.invokeWithArguments(m));
        t("exception", () -> { lk.findStatic(Main.class, "boom", methodType(void.class)).invokeExact(); return ""; });
        t("no method", () -> lk.findVirtual(Main.class, "nope", methodType(void.class)));
        t("wrong type", () -> lk.findVirtual(Main.class, "add", methodType(int.class)));
        t("static as virtual", () -> lk.findVirtual(Main.class, "join", methodType(String.class, String.class, Object.class)));
        t("virtual as static", () -> lk.findStatic(Main.class, "add", methodType(int.class, int.class, long.class)));
        t("no field", () -> lk.findGetter(Main.class, "zzz", int.class));
        t("final setter", () -> lk.findSetter(Main.class, "fin", int.class));
        t("private of String", () -> lk.findVirtual(String.class, "isLatin1", methodType(boolean.class)));
        t("public lookup", () -> MethodHandles.publicLookup().findVirtual(Main.class, "add", methodType(int.class, int.class, long.class)));
        t("public lookup ok", () -> MethodHandles.publicLookup().findVirtual(String.class, "length", methodType(int.class)).invoke("four"));
        t("special wrong caller", () -> lk.findSpecial(ArrayList.class, "size", methodType(int.class), ArrayList.class));
        t("init by name", () -> lk.findVirtual(Main.class, "<init>", methodType(void.class)));
        t("bind null", () -> add.bindTo(null));
        t("bind wrong", () -> add.bindTo("s"));
        t("bind primitive", () -> lk.findStatic(Math.class, "abs", methodType(int.class, int.class)).bindTo(1));
        t("null type", () -> lk.findStatic(Main.class, "boom", null));
        t("class access", () -> lk.findClass("Main$Sub").getSimpleName() + lk.accessClass(String.class).getSimpleName());
        t("class missing", () -> lk.findClass("no.Such"));
        System.out.println(lk + " " + lk.in(String.class) + " " + lk.lookupClass() + lk.hasFullPrivilegeAccess() + lk.dropLookupMode(MethodHandles.Lookup.PRIVATE) + MethodHandles.publicLookup());
        System.out.println(MethodHandles.privateLookupIn(Sub.class, lk).lookupClass() + " " + MethodHandles.reflectAs(java.lang.reflect.Method.class, add).getName());
        t("private lookup in String", () -> MethodHandles.privateLookupIn(String.class, lk));
        MethodHandle len = lk.findVirtual(int[].class, "clone", methodType(Object.class));
        System.out.println(((int[]) len.invoke(new int[] {1, 2})).length);
    }
}
