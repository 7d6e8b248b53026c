import java.util.*;
import java.util.concurrent.Callable;
import java.util.function.*;

public class Main {
    int field = 10;
    static int sfield = 20;
    interface Tri<A, B, C, R> { R apply(A a, B b, C c); }
    interface Many { String go(byte b, short s, char c, int i, long l, float f, double d, boolean z, String str, int[] arr); }
    interface Void3 { void go(int a, Integer b, Object c); }
    interface GenericMethod { String get(Object o); }
    interface Varargs { int sum(int... xs); }
    interface Fix<T> extends Function<Fix<T>, T> {}
    static class Animal { String name; Animal(String n) { name = n; } Animal() { this("default"); } String speak() { return name + " speaks"; } static Animal named(String s) { return new Animal(s + "!"); } }
    static class Dog extends Animal { Dog(String n) { super(n); } @Override String speak() { Supplier<String> s = super::speak; Supplier<String> t = () -> super.speak() + "/" + this.name; return s.get() + "," + t.get(); } }
    class Inner { int v = field; Inner() {} Inner(int x) { v += x; } }

    static int sum(int... xs) { int s = 0; for (int x : xs) s += x; return s; }
    static String objs(Object... os) { return os.length + ""; }
    static <T extends Comparable<T>> T max(T a, T b) { return a.compareTo(b) >= 0 ? a : b; }
    int addField(int x) { return x + field; }
    static long widen(int a) { return a * 2L; }
    static int fact(int n) { return n <= 1 ? 1 : n * fact(n - 1); }

    Supplier<Supplier<Integer>> nest(int a) { return () -> () -> a + field + sfield; }

    void run() {
        int[] counter = {0};
        Runnable inc = () -> counter[0]++;
        inc.run();
        inc.run();
        System.out.println(counter[0] + " " + nest(3).get().get());
        IntUnaryOperator add = this::addField;
        field = 100;
        System.out.println(add.applyAsInt(1));
        Supplier<Inner> mk = Inner::new;
        IntFunction<Inner> mk2 = Inner::new;
        System.out.println(mk.get().v + " " + mk2.apply(5).v);
        Runnable r = () -> { Runnable q = () -> { field++; sfield--; }; q.run(); };
        r.run();
        System.out.println(field + " " + sfield);
    }

    public static void main(String[] args) throws Exception {
        new Main().run();
        byte b = -1; short s = 2; char c = 'c'; int i = 4; long l = 5L << 40; float f = 6.5f; double d = -7.25; boolean z = true; String str = "str"; int[] arr = {9};
        Supplier<String> cap = () -> "" + b + s + c + i + l + f + d + z + str + arr[0];
        System.out.println(cap.get());
        Many many = (b1, s1, c1, i1, l1, f1, d1, z1, st1, a1) -> b1 + s1 + c1 + i1 + l1 + f1 + d1 + (z1 ? 1 : 0) + st1 + a1.length + cap.get().length();
        System.out.println(many.go(b, s, c, i, l, f, d, z, str, arr));
        Function<String, Integer> len = String::length;
        BiFunction<String, String, Boolean> eq = String::equalsIgnoreCase;
        Supplier<String> bound = "bound"::toUpperCase;
        Function<String, Animal> ctor = Animal::new, fact = Animal::named;
        Supplier<Animal> ctor0 = Animal::new;
        IntFunction<int[][]> mkArr = int[][]::new;
        Function<Integer, String[]> mkStr = String[]::new;
        System.out.println(len.apply("four") + " " + eq.apply("A", "a") + bound.get() + ctor.apply("x").name + fact.apply("y").name + ctor0.get().name + mkArr.apply(3).length + mkStr.apply(2).length + new Dog("rex").speak());
        Varargs va = Main::sum;
        IntBinaryOperator ib = Main::sum;
        Supplier<String> none = Main::objs;
        Function<String, String> one = Main::objs;
        Tri<Integer, Integer, Integer, Integer> three = Main::sum;
        System.out.println(va.sum(1, 2, 3) + ib.applyAsInt(4, 5) + none.get() + one.apply("q") + three.apply(7, 8, 9));
        BinaryOperator<String> mx = Main::max;
        IntFunction<Long> wide = Main::widen;
        ToLongFunction<Integer> wide2 = Main::widen;
        Function<Integer, Object> wide3 = Main::widen;
        ToDoubleBiFunction<Integer, Integer> td = Integer::sum;
        Supplier<Object> so = () -> 5;
        Callable<Integer> ca = () -> 6;
        Consumer<List<String>> addIt = x -> x.add("added");
        Consumer<String> ignoreResult = new ArrayList<String>()::add;
        ignoreResult.accept("gone");
        List<String> target = new ArrayList<>();
        addIt.accept(target);
        System.out.println(mx.apply("p", "q") + wide.apply(3) + wide2.applyAsLong(4) + wide3.apply(5) + td.applyAsDouble(1, 2) + so.get() + ca.call() + target);
        Void3 v3 = (x, y, o) -> System.out.println(x + y + "" + o);
        v3.go(1, 2, 'o');
        Runnable both = (Runnable & java.io.Serializable & Cloneable) () -> System.out.println("intersection");
        both.run();
        System.out.println(both instanceof java.io.Serializable && both instanceof Cloneable);
        Fix<Integer> fix = self -> 42;
        System.out.println(fix.apply(fix));
        Function<Integer, Function<Integer, Integer>> adder = x -> y -> x + y;
        Function<Integer, Integer> compose = adder.apply(1).andThen(x -> x * 10).compose(x -> x + 100);
        System.out.println(compose.apply(5) + " " + Function.<String>identity().apply("id") + Predicate.not(String::isEmpty).and(x -> x.length() < 3).or("xyz"::equals).negate().test("ab") + UnaryOperator.identity().apply(1) + BinaryOperator.<Integer>minBy(Comparator.naturalOrder()).apply(3, 2));
        Function<Integer, Integer>[] rec = new Function[1];
        rec[0] = n -> n <= 1 ? 1 : n * rec[0].apply(n - 1);
        System.out.println(rec[0].apply(10) + " " + ((IntUnaryOperator) Main::fact).applyAsInt(6));
        for (Supplier<Object> bad : List.<Supplier<Object>>of(() -> ((Function<Object, Object>) (Function) len).apply(5), () -> { String nul = null; Supplier<Integer> q = nul::length; return q.get(); }, () -> { Integer nul = null; IntSupplier q = () -> nul; return q.getAsInt(); }, () -> ((Supplier<String>) (Supplier) () -> 3).get().length())) {
            try {
                System.out.println(bad.get());
            } catch (RuntimeException e) {
                System.out.println(e.getClass().getSimpleName());
            }
        }
        Runnable[] same = new Runnable[2], differ = new Runnable[2];
        for (int k = 0; k < 2; k++) {
            int kk = k;
            same[k] = () -> {};
            differ[k] = () -> System.out.print(kk);
        }
        System.out.println((same[0] == same[1]) + " " + (differ[0] == differ[1]) + " " + (differ[0].getClass() == differ[1].getClass()) + " " + same[0].getClass().isSynthetic() + same[0].getClass().isHidden() + same[0].getClass().getSimpleName().startsWith("Main$$Lambda") + same[0].getClass().getInterfaces().length);
        GenericMethod gm = Objects::toString;
        Comparator<String> cmp = String::compareTo;
        System.out.println(gm.get(null) + cmp.compare("a", "b") + ((Supplier<Thread.State>) Thread.currentThread()::getState).get() + ((Function<int[], Object>) int[]::clone).apply(arr).getClass().getSimpleName() + ((Function<Object, Class<?>>) Object::getClass).apply("x").getSimpleName());
        Iterator<Integer> it = List.of(1, 2).iterator();
        Iterable<Integer> once = () -> it;
        for (int x : once) System.out.print(x + " ");
        System.out.println();
    }
}
