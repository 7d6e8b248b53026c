import java.io.InputStream;
import java.lang.invoke.*;
import java.lang.ref.WeakReference;
import java.util.*;
import java.util.function.IntUnaryOperator;

public class Main {
    static int numbers;
    static int next() { return ++numbers % 7; }

    static byte[] bytes;
    static Object keeper;

    static MethodHandles.Lookup define(MethodHandles.Lookup host, MethodHandles.Lookup.ClassOption... options) throws Exception {
        return host.defineHiddenClass(bytes, true, options);
    }

    static IntUnaryOperator make(MethodHandles.Lookup lookup) throws Exception {
        return (IntUnaryOperator) lookup.lookupClass().getDeclaredConstructor().newInstance();
    }

    interface Keep { Object from(MethodHandles.Lookup lookup, IntUnaryOperator it) throws Exception; }

    static WeakReference<Class<?>> kept(Keep keep) throws Exception {
        var lookup = define(MethodHandles.lookup());
        keeper = keep.from(lookup, make(lookup));
        return new WeakReference<>(lookup.lookupClass());
    }

    static boolean dies(WeakReference<?> reference) throws Exception {
        for (int i = 0; i < 20; i++) {
            System.gc();
            if (reference.refersTo(null)) return true;
            Thread.sleep(1);
        }
        return false;
    }

    static void keeps(String what, Keep keep) throws Exception {
        var reference = kept(keep);
        for (int i = 0; i < 2; i++) System.gc();
        for (int i = 0; i < 5; i++) make(define(MethodHandles.lookup())).applyAsInt(1);
        System.out.println(what + ": " + (reference.refersTo(null) ? "not kept" : "kept"));
        keeper = null;
        System.out.println(what + ": " + (dies(reference) ? "died" : "still there"));
    }

    static long many(int count) throws Throwable {
        long sum = 0;
        var dropped = new ArrayDeque<WeakReference<Class<?>>>();
        for (int i = 0; i < count; i++) {
            var lookup = define(MethodHandles.lookup());
            var it = make(lookup);
            for (int k = 0; k < 3; k++) sum += it.applyAsInt(k);
            sum += ((Object[]) lookup.findVirtual(lookup.lookupClass(), "array", MethodType.methodType(Object.class)).invoke(it)).length;
            dropped.add(new WeakReference<>(lookup.lookupClass()));
            if (dropped.size() > 100) dropped.poll();
        }
        return sum == count * 6L + 3L * sumOfAdds(count) ? count : -sum;
    }

    static long sumOfAdds(int count) {
        long sum = 0;
        for (int i = numbers - count + 1; i <= numbers; i++) sum += i % 7;
        return sum;
    }

    public static void main(String[] args) throws Throwable {
        try (InputStream in = Main.class.getResourceAsStream("/Template.class")) { bytes = in.readAllBytes(); }
        keeps("nothing", (l, i) -> null);
        keeps("class", (l, i) -> l.lookupClass());
        keeps("instance", (l, i) -> i);
        keeps("array", (l, i) -> java.lang.reflect.Array.newInstance(l.lookupClass(), 2, 2));
        keeps("handle", (l, i) -> l.findStatic(l.lookupClass(), "text", MethodType.methodType(String.class, Object.class)));
        keeps("bound handle", (l, i) -> l.bind(i, "applyAsInt", MethodType.methodType(int.class, int.class)));
        keeps("nest mate", (l, i) -> make(define(l, MethodHandles.Lookup.ClassOption.NESTMATE)));
        keeps("name", (l, i) -> l.lookupClass().getName());
        var strong = define(MethodHandles.lookup(), MethodHandles.Lookup.ClassOption.STRONG);
        var reference = new WeakReference<Class<?>>(strong.lookupClass());
        strong = null;
        for (int i = 0; i < 3; i++) System.gc();
        System.out.println("strong: " + (reference.refersTo(null) ? "not kept" : "kept"));
        int count = Integer.getInteger("golden.scale", 10_000);
        System.out.println(many(count) == count ? "all right" : "wrong");
    }
}
