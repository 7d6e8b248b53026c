import java.io.InputStream;
import java.lang.invoke.*;
import java.util.*;

public class Main {
    private static String secret() { return "nest secret"; }

    interface Throwing { Object go() throws Throwable; }

    static void t(String what, Throwing r) {
        try {
            System.out.println(what + ": " + r.go());
        } catch (Throwable e) {
            System.out.println(what + ": " + e.getClass().getSimpleName() + " " + String.valueOf(e.getMessage()).replaceAll("0x[0-9a-f]+|/[0-9a-f]{6,}|@[0-9a-f]+", "~"));
        }
    }

    static byte[] bytes(String name) throws Exception {
        try (InputStream in = Main.class.getResourceAsStream(name + ".class")) {
            return in.readAllBytes();
        }
    }

    public static void main(String[] args) throws Throwable {
        MethodHandles.Lookup lk = MethodHandles.lookup();
        byte[] b = bytes("Template");
        MethodHandles.Lookup h1 = lk.defineHiddenClass(b, true), h2 = lk.defineHiddenClass(b, false);
        Class<?> c = h1.lookupClass();
        System.out.println(c.isHidden() + " " + c.getName().startsWith("Template/0x") + " " + (c != h2.lookupClass()) + " " + (c.getName().equals(h2.lookupClass().getName())) + " " + c.getSimpleName().startsWith("Template/") + " " + c.getCanonicalName() + " " + c.descriptorString().startsWith("LTemplate.0x") + " " + c.describeConstable().isPresent() + " " + c.getPackageName().isEmpty() + (c.getClassLoader() == Main.class.getClassLoader()) + (c.getNestHost() == c) + c.toString().startsWith("class Template/0x"));
        Object o = c.getDeclaredConstructor().newInstance();
        Object p = h2.lookupClass().getDeclaredConstructor().newInstance();
        System.out.println(c.getMethod("hello").invoke(o) + " " + c.getMethod("hello").invoke(o) + " " + h2.lookupClass().getMethod("hello").invoke(p) + " " + c.isInstance(p) + (o instanceof Runnable));
        t("by name", () -> Class.forName(c.getName()));
        t("real class", () -> Class.forName("Template").isHidden() + " " + new Template().hello());
        t("initializes", () -> { ((Runnable) o).run(); return "ran"; });
        Class<?> nest = lk.defineHiddenClass(bytes("NestTemplate"), true, MethodHandles.Lookup.ClassOption.NESTMATE).lookupClass();
        System.out.println((nest.getNestHost() == Main.class) + " " + nest.isNestmateOf(Main.class) + " " + Main.class.getNestMembers().length);
        MethodHandles.Lookup data = lk.defineHiddenClassWithClassData(b, List.of("data", 1), true, MethodHandles.Lookup.ClassOption.STRONG);
        System.out.println(MethodHandles.classData(data, "_", List.class) + " " + MethodHandles.classDataAt(data, "_", Integer.class, 1));
        t("data type", () -> MethodHandles.classData(data, "_", String.class));
        t("trace", () -> { try { ((Runnable) Class.class.cast(c).getDeclaredConstructor().newInstance()).run(); } catch (Exception e) { } try { c.getMethod("fail").invoke(o); } catch (java.lang.reflect.InvocationTargetException e) { StackTraceElement[] st = e.getCause().getStackTrace(); return st[0].getMethodName() + " " + e.getCause().getMessage(); } return ""; });
        t("array", () -> java.lang.reflect.Array.newInstance(c, 2).getClass().getName().startsWith("[LTemplate.0x"));
        t("garbage", () -> lk.defineHiddenClass(new byte[] {1, 2, 3, 4}, true));
        t("empty", () -> lk.defineHiddenClass(new byte[0], true));
        t("other package", () -> lk.in(String.class).defineHiddenClass(b, true));
        t("weak lookup", () -> MethodHandles.publicLookup().defineHiddenClass(b, true));
        t("null data", () -> lk.defineHiddenClassWithClassData(b, null, true));
        t("defineClass again", () -> lk.defineClass(b));
        t("cast between", () -> c.cast(p));
        t("instanceof interface", () -> ((java.util.function.Supplier<?>) c.getMethod("lambda").invoke(o)).get());
        t("record toString style", () -> o.toString());
    }
}

class Template implements Runnable {
    static int count;

    static {
        count = 10;
    }

    public Template() {}

    public String hello() {
        return "hello " + count++;
    }

    public void run() {
        System.out.println("running " + Template.class.isHidden() + " " + new Object[] {this}.length);
    }

    public void fail() {
        throw new IllegalStateException("from hidden");
    }

    public java.util.function.Supplier<String> lambda() {
        return () -> "lambda in hidden " + count;
    }

    @Override
    public String toString() {
        return "Template object";
    }
}

class NestTemplate {
}
