import java.lang.invoke.*;
import java.util.*;
import static java.lang.invoke.MethodHandles.*;
import static java.lang.invoke.MethodType.*;

public class Main {
    static int sub(int a, int b) { return a - b; }
    static String cat(String a, int b, long c) { return a + b + c; }
    static String two(String a, String b) { return a + "," + b; }
    static boolean pos(int x) { return x > 0; }
    static String handler(IllegalStateException e, String a) { return "caught " + e.getMessage() + " " + a; }
    static String thrower(String a) { if (a.isEmpty()) throw new IllegalStateException("empty"); return a; }
    static String cleanup(Throwable t, String result, String a) { return "cleaned " + t + " " + result + " " + a; }
    static int cleanupInt(Throwable t, int r) { return t == null ? r : -1; }
    static int step(int acc, int i) { return acc * 2 + i; }
    static int init() { return 1; }
    static boolean lt(int acc, int limit) { return acc < limit; }
    static int dbl(int acc, int limit) { return acc * 2; }
    static int sum(int[] xs) { int s = 0; for (int x : xs) s += x; return s; }
    static int addAll(int a, int b, int c) { return a * 100 + b * 10 + c; }
    static String acc(String s, Object o) { return s + o; }

    static MethodHandle h(String name) throws Exception {
        return lookup().unreflect(Arrays.stream(Main.class.getDeclaredMethods()).filter(m -> m.getName().equals(name)).findFirst().get());
    }

    interface Throwing { Object go() throws Throwable; }

    static void t(String what, Throwing r) {
        try {
            System.out.println(what + ": " + r.go());
        } catch (Throwable e) {
            System.out.println(what + ": " + e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }

    public static void main(String[] args) throws Throwable {
        MethodHandle sub = h("sub"), cat = h("cat"), two = h("two");
        System.out.println((int) insertArguments(sub, 1, 5).invokeExact(20) + " " + insertArguments(cat, 1, 2, 3L).invoke("x") + (int) insertArguments(sub, 0, 1, 2).invokeExact());
        System.out.println((int) dropArguments(sub, 1, String.class, Object.class).invokeExact(9, "s", (Object) null, 4) + " " + (int) dropReturn(sub).type().parameterCount() + dropArgumentsToMatch(sub, 0, List.of(int.class, int.class, String.class), 0).type());
        System.out.println((int) filterArguments(sub, 0, null, lookup().findVirtual(String.class, "length", methodType(int.class))).invoke(10, "abc") + " " + filterReturnValue(sub, lookup().findStatic(String.class, "valueOf", methodType(String.class, int.class))).invoke(1, 2) + permuteArguments(sub, methodType(int.class, int.class, int.class), 1, 0).invoke(3, 10) + permuteArguments(sub, methodType(int.class, int.class), 0, 0).invoke(8) + permuteArguments(sub, methodType(int.class, String.class, int.class, long.class, int.class), 3, 1).invoke("q", 1, 5L, 2));
        System.out.println(foldArguments(addAllH(), sub).invoke(7, 3) + " " + collectArguments(sub, 1, sub).invoke(10, 5, 3) + " " + foldArguments(addAllH(), 1, identity(int.class)).invoke(1, 2));
        MethodHandle guard = guardWithTest(h("pos"), identity(int.class), insertArguments(sub, 0, 0));
        System.out.println(guard.invoke(5) + " " + guard.invoke(-6) + guard.type());
        MethodHandle caught = catchException(h("thrower"), IllegalStateException.class, h("handler"));
        System.out.println(caught.invoke("fine") + " " + caught.invoke(""));
        t("not caught", () -> caught.invoke((String) null));
        MethodHandle fin = tryFinally(h("thrower"), h("cleanup"));
        System.out.println(fin.invoke("a"));
        t("finally rethrows", () -> fin.invoke(""));
        System.out.println(countedLoop(constant(int.class, 5), constant(int.class, 1), h("step")).invoke() + " " + countedLoop(constant(int.class, 2), constant(int.class, 6), constant(int.class, 0), h("step")).invoke() + whileLoop(h("init"), h("lt"), h("dbl")).invoke(100) + doWhileLoop(h("init"), h("dbl"), h("lt")).invoke(1));
        System.out.println(iteratedLoop(null, constant(String.class, ">"), h("acc")).invoke(List.of(1, "b", 'c')));
        MethodHandle loop = loop(new MethodHandle[] {constant(int.class, 0), insertArguments(lookup().findStatic(Integer.class, "sum", methodType(int.class, int.class, int.class)), 1, 1), lookup().findVirtual(Main.Small.class, "test", methodType(boolean.class, int.class)).bindTo(new Small()), identity(int.class)});
        System.out.println(loop.invoke());
        System.out.println(h("sum").asCollector(int[].class, 3).invoke(1, 2, 3) + " " + addAllH().asSpreader(int[].class, 3).invoke(new int[] {4, 5, 6}) + addAllH().asSpreader(1, Object[].class, 2).invoke(1, new Object[] {2, 3}) + h("sum").asVarargsCollector(int[].class).invoke() + h("sum").asVarargsCollector(int[].class).invoke(7));
        t("spread wrong length", () -> addAllH().asSpreader(int[].class, 3).invoke(new int[2]));
        t("spread null", () -> addAllH().asSpreader(int[].class, 3).invoke((int[]) null));
        System.out.println((int) sub.asType(methodType(int.class, Integer.class, byte.class)).invokeExact((Integer) 9, (byte) 2) + " " + sub.asType(methodType(Object.class, Object.class, Object.class)).invoke((Object) 5, (Object) (short) 1) + sub.asType(methodType(long.class, int.class, int.class)).invoke(1, 2) + sub.asType(methodType(void.class, int.class, int.class)).type() + identity(String.class).asType(methodType(Object.class, Object.class)).invoke("o"));
        t("asType narrowing", () -> sub.asType(methodType(int.class, long.class, int.class)));
        t("asType count", () -> sub.asType(methodType(int.class, int.class)));
        t("asType cast fails", () -> identity(String.class).asType(methodType(Object.class, Object.class)).invoke((Object) 5));
        System.out.println(explicitCastArguments(sub, methodType(byte.class, long.class, double.class)).invoke((1L << 32) + 500, 1.9) + " " + explicitCastArguments(identity(boolean.class), methodType(int.class, int.class)).invoke(3) + explicitCastArguments(identity(int.class), methodType(int.class, Object.class)).invoke((Object) null));
        System.out.println(constant(String.class, "k").invoke() + " " + zero(int.class).invoke() + zero(String.class).invoke() + empty(methodType(double.class, int.class)).invoke(1) + identity(long.class).invoke(5L) + arrayConstructor(int[].class).invoke(3).getClass().getSimpleName());
        int[] arr = {1, 2, 3};
        arrayElementSetter(int[].class).invoke(arr, 1, 50);
        System.out.println(arrayElementGetter(int[].class).invoke(arr, 1) + " " + arrayLength(int[].class).invoke(arr));
        t("array bounds", () -> arrayElementGetter(int[].class).invoke(arr, 3));
        System.out.println(exactInvoker(sub.type()).invoke(sub, 9, 1) + " " + invoker(sub.type().generic()).invoke(sub, (Object) 9, (Object) 2) + spreadInvoker(sub.type(), 1).invoke(sub, 9, new Object[] {3}));
        t("throwException", () -> throwException(int.class, IllegalArgumentException.class).invoke(new IllegalArgumentException("thrown")));
        MethodHandle sw = tableSwitch(dropArguments(constant(String.class, "default"), 0, int.class), dropArguments(constant(String.class, "zero"), 0, int.class), dropArguments(constant(String.class, "one"), 0, int.class));
        System.out.println(sw.invoke(0) + " " + sw.invoke(1) + sw.invoke(2) + sw.invoke(-1));
        t("insert wrong type", () -> insertArguments(sub, 0, "s"));
        t("guard mismatch", () -> guardWithTest(h("pos"), identity(int.class), identity(long.class)));
        t("permute bad", () -> permuteArguments(sub, methodType(int.class, int.class), 0, 1));
        t("filter mismatch", () -> filterArguments(sub, 0, identity(String.class)));
        MethodHandle deep = identity(int.class);
        for (int i = 0; i < 40; i++) deep = filterReturnValue(deep, insertArguments(sub, 1, i));
        System.out.println((int) deep.invokeExact(1000));
        MethodHandle fib = null;
        MutableCallSite site = new MutableCallSite(methodType(int.class, int.class));
        MethodHandle rec = site.dynamicInvoker();
        MethodHandle sum = lookup().findStatic(Integer.class, "sum", methodType(int.class, int.class, int.class));
        MethodHandle n1 = filterArguments(rec, 0, insertArguments(sum, 1, -1)), n2 = filterArguments(rec, 0, insertArguments(sum, 1, -2));
        fib = guardWithTest(insertArguments(h("lt"), 1, 2), identity(int.class), permuteArguments(filterArguments(sum, 0, n1, n2), methodType(int.class, int.class), 0, 0));
        site.setTarget(fib);
        System.out.println((int) rec.invokeExact(12));
    }

    static MethodHandle addAllH() throws Exception { return h("addAll"); }

    static class Small { boolean test(int i) { return i < 7; } }
}
