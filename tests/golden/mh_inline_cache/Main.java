import java.lang.invoke.*;
import java.util.*;
import static java.lang.invoke.MethodHandles.*;
import static java.lang.invoke.MethodType.*;

public class Main {
    static final Lookup LK = lookup();

    /** A dynamic call site that learns receiver classes, as scripting languages do. */
    static class InlineCache extends MutableCallSite {
        int depth, misses;
        final String name;

        InlineCache(String name, MethodType type) {
            super(type);
            this.name = name;
            setTarget(insertArguments(FALLBACK, 0, this).asCollector(Object[].class, type.parameterCount()).asType(type));
        }

        static Object fallback(InlineCache site, Object[] args) throws Throwable {
            site.misses++;
            Class<?> c = args[0].getClass();
            MethodHandle m = LK.findStatic(Main.class, site.name, methodType(Object.class, c, Object.class)).asType(site.type());
            if (site.depth++ < 3) {
                MethodHandle test = insertArguments(CHECK, 0, c).asType(methodType(boolean.class, site.type().parameterType(0)));
                site.setTarget(guardWithTest(dropArguments(test, 1, site.type().parameterType(1)), m, site.getTarget()));
            }
            return m.invokeWithArguments(args);
        }

        static boolean check(Class<?> c, Object o) { return o.getClass() == c; }

        static final MethodHandle FALLBACK, CHECK;
        static {
            try {
                FALLBACK = LK.findStatic(InlineCache.class, "fallback", methodType(Object.class, InlineCache.class, Object[].class));
                CHECK = LK.findStatic(InlineCache.class, "check", methodType(boolean.class, Class.class, Object.class));
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        }
    }

    static Object plus(Integer a, Object b) { return a + ((Number) b).intValue(); }
    static Object plus(String a, Object b) { return a + b; }
    static Object plus(ArrayList a, Object b) { a.add(b); return a; }
    static Object plus(Double a, Object b) { return a + ((Number) b).doubleValue(); }

    public static void main(String[] args) throws Throwable {
        InlineCache site = new InlineCache("plus", methodType(Object.class, Object.class, Object.class));
        MethodHandle plus = site.dynamicInvoker();
        Object[][] calls = {{1, 2}, {3, 4}, {"a", 1}, {new ArrayList<>(), "x"}, {1.5, 2}, {5, 6}, {"b", null}, {2.5, 1}};
        for (Object[] c : calls) System.out.print(plus.invoke(c[0], c[1]) + " ");
        System.out.println(site.misses);
        try {
            plus.invoke((Object) 'c', (Object) 1);
        } catch (NoSuchMethodException e) {
            System.out.println(e.getMessage());
        }
        MethodHandle mul = LK.findStatic(Math.class, "multiplyExact", methodType(int.class, int.class, int.class));
        MethodHandle[] times = new MethodHandle[5];
        for (int i = 0; i < times.length; i++) times[i] = insertArguments(mul, 0, i);
        MethodHandle pipe = identity(int.class);
        for (MethodHandle m : new MethodHandle[] {times[2], times[3], times[4]}) pipe = filterReturnValue(pipe, m);
        System.out.println((int) pipe.invokeExact(10) + " " + Arrays.stream(times).mapToInt(m -> { try { return (int) m.invokeExact(7); } catch (Throwable e) { throw new AssertionError(e); } }).sum());
        try {
            pipe.invoke(1 << 30);
        } catch (ArithmeticException e) {
            System.out.println(e.getMessage());
        }
        Map<String, MethodHandle> ops = new TreeMap<>();
        ops.put("len", LK.findVirtual(String.class, "length", methodType(int.class)).asType(methodType(Object.class, Object.class)));
        ops.put("up", LK.findVirtual(String.class, "toUpperCase", methodType(String.class)).asType(methodType(Object.class, Object.class)));
        ops.put("str", LK.findStatic(String.class, "valueOf", methodType(String.class, Object.class)).asType(methodType(Object.class, Object.class)));
        for (var e : ops.entrySet()) System.out.print(e.getKey() + "=" + e.getValue().invokeExact((Object) "abc") + " ");
        System.out.println();
        int sum = 0;
        for (int i = 0; i < 300; i++) sum += (int) plus.invoke((Object) i, (Object) 1);
        System.out.println(sum + " " + site.misses);
    }
}
