import java.io.IOException;
import java.lang.reflect.*;
import java.util.*;
import java.util.function.*;

public class Main {
    interface Calc { int add(int a, int b); long wide(byte b, char c, double d); default String twice(String s) { return s + s; } void io() throws IOException; Integer boxed(); boolean flag(); }
    interface Other { String name(); int add(int a, int b); }
    interface Gen<T> { T get(T t); }
    interface SGen extends Gen<String> { String get(String s); }
    interface Var { String join(String... xs); }

    static void t(String what, Throwing r) {
        try {
            System.out.println(what + ": " + r.go());
        } catch (Throwable e) {
            System.out.println(what + ": " + e + " cause " + e.getCause());
        }
    }

    interface Throwing { Object go() throws Throwable; }

    @SuppressWarnings("unchecked")
    static <T> T proxy(InvocationHandler h, Class<?>... is) {
        return (T) Proxy.newProxyInstance(Main.class.getClassLoader(), is, h);
    }

    public static void main(String[] args) throws Exception {
        List<String> log = new ArrayList<>();
        InvocationHandler h = (p, m, a) -> {
            log.add(m.getDeclaringClass().getSimpleName() + "." + m.getName() + Arrays.toString(a));
            return switch (m.getName()) {
                case "add" -> (int) a[0] + (int) a[1];
                case "wide" -> (long) ((byte) a[0] + (char) a[1] + (double) a[2]);
                case "name" -> "proxy";
                case "hashCode" -> 77;
                case "equals" -> p == a[0];
                case "toString" -> "P!";
                case "twice" -> InvocationHandler.invokeDefault(p, m, a) + "?";
                case "io" -> throw new IOException("declared");
                case "join" -> String.join("-", (String[]) a[0]);
                default -> null;
            };
        };
        Calc c = proxy(h, Calc.class, Other.class);
        System.out.println(c.add(3, 4) + " " + c.wide((byte) 1, 'A', 2.5) + " " + ((Other) c).name() + " " + c.hashCode() + c.equals(c) + c.equals("x") + c + " " + c.twice("ab") + ((Other) c).add(1, 1));
        System.out.println(log);
        t("io", () -> { c.io(); return ""; });
        t("boxed null", () -> c.boxed());
        t("primitive null", () -> c.flag());
        Calc bad = proxy((p, m, a) -> "string", Calc.class);
        t("wrong type", () -> bad.add(1, 2));
        t("wrong ref", () -> bad.boxed());
        t("void ignores", () -> { bad.io(); return "fine"; });
        Calc thrower = proxy((p, m, a) -> { throw m.getName().equals("add") ? new Exception("undeclared checked") : new IllegalStateException("unchecked"); }, Calc.class);
        t("undeclared", () -> thrower.add(1, 2));
        t("unchecked", () -> thrower.flag());
        t("error", () -> Main.<Runnable>proxy((p, m, a) -> { throw new AssertionError("err"); }, Runnable.class).hashCode());
        t("null handler", () -> proxy(null, Runnable.class));
        t("class", () -> proxy(h, String.class));
        t("twice the same", () -> proxy(h, Runnable.class, Runnable.class));
        t("varargs", () -> Main.<Var>proxy(h, Var.class).join("a", "b", "c"));
        SGen s = proxy((p, m, a) -> m.getReturnType().getSimpleName() + a[0], SGen.class);
        Gen raw = s;
        System.out.println(s.get("x") + " " + raw.get("y"));
        t("bridge with wrong type", () -> raw.get(5));
        System.out.println(Proxy.isProxyClass(c.getClass()) + " " + Proxy.isProxyClass(String.class) + (Proxy.getInvocationHandler(c) == h) + " " + c.getClass().getSuperclass() + Arrays.toString(c.getClass().getInterfaces()) + Modifier.toString(c.getClass().getModifiers()) + (c.getClass() == proxy(h, Calc.class, Other.class).getClass()) + (c.getClass() == proxy(h, Other.class, Calc.class).getClass()));
        t("no proxy", () -> Proxy.getInvocationHandler("x"));
        Comparator<String> cmp = proxy((p, m, a) -> m.isDefault() ? InvocationHandler.invokeDefault(p, m, a) : ((String) a[0]).length() - ((String) a[1]).length(), Comparator.class);
        List<String> l = new ArrayList<>(List.of("ccc", "a", "bb"));
        l.sort(cmp.reversed());
        System.out.println(l);
        Function<Integer, Integer> f = proxy((p, m, a) -> m.isDefault() ? InvocationHandler.invokeDefault(p, m, a) : (Object) ((int) a[0] + 1), Function.class);
        System.out.println(f.andThen(f).compose(f).apply(0));
        Map<String, Integer> tracked = proxy((p, m, a) -> { try { return m.invoke(new TreeMap<>(Map.of("k", 1)), a); } catch (InvocationTargetException e) { throw e.getCause(); } }, Map.class);
        System.out.println(tracked.get("k") + " " + tracked + tracked.size());
        t("delegate failure", () -> tracked.put(null, 1));
    }
}
