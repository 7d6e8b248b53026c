import java.util.*;

public class Main {
    interface A { default String hi() { return "A"; } static String make() { return "A.make " + helper(); } private static String helper() { return "helped"; } }
    interface B extends A { default String hi() { return "B>" + A.super.hi(); } }
    interface C extends A { default String hi() { return "C>" + A.super.hi() + priv(1); } private String priv(int n) { return "priv" + n + this.getClass().getSimpleName(); } }
    static class D implements B, C { public String hi() { return "D(" + B.super.hi() + "," + C.super.hi() + ")"; } }
    interface E extends A {}
    static class F implements E, B {}
    static class Top { public String hi() { return "class wins"; } }
    static class G extends Top implements B {}
    interface Abs extends A { String hi(); }
    static abstract class H implements Abs {}
    static class I extends H { public String hi() { return "I"; } }
    static abstract class J implements A { abstract public String hi(); String call() { return hi() + "!"; } }

    interface Stack<T> extends Iterable<T> {
        void push(T t);
        T pop();
        boolean isEmpty();
        default T peek() { T t = pop(); push(t); return t; }
        default Stack<T> pushAll(Iterable<? extends T> ts) { for (T t : ts) push(t); return this; }
        @SafeVarargs static <T> Stack<T> of(T... ts) {
            ArrayDeque<T> d = new ArrayDeque<>();
            Stack<T> s = new Stack<>() {
                public void push(T t) { d.push(t); }
                public T pop() { return d.pop(); }
                public boolean isEmpty() { return d.isEmpty(); }
                public Iterator<T> iterator() { return d.iterator(); }
            };
            return s.pushAll(Arrays.asList(ts));
        }
    }

    interface Eq { boolean equals(Object o); String toString(); int hashCode(); default int extra() { return hashCode() * 0 + 5; } }
    interface Gen<T> { T get(T t); default T twice(T t) { return get(get(t)); } }
    static class Inc implements Gen<Integer> { public Integer get(Integer i) { return i + 1; } }
    @FunctionalInterface interface Tri<X, Y, Z, R> { R apply(X x, Y y, Z z); default Tri<X, Y, Z, String> text() { return (a, b, c) -> "<" + apply(a, b, c) + ">"; } }
    interface Marker {}
    interface ConstA { int K = 1; }
    interface ConstB { int K = 2; }
    static class Both implements ConstA, ConstB { int k() { return ConstA.K * 10 + ConstB.K; } }

    public static void main(String[] args) {
        System.out.println(new D().hi());
        System.out.println(new F().hi());
        System.out.println(new G().hi());
        System.out.println(new I().hi());
        System.out.println(new J() { public String hi() { return "J"; } }.call());
        System.out.println(A.make());
        A a = new A() {};
        System.out.println(a.hi());
        Stack<Integer> st = Stack.of(1, 2, 3);
        st.push(4);
        StringBuilder sb = new StringBuilder();
        for (int i : st) sb.append(i);
        System.out.println(sb + " " + st.peek() + st.pop() + st.pop() + st.isEmpty());
        try {
            Stack.of().peek();
        } catch (NoSuchElementException e) {
            System.out.println(e);
        }
        System.out.println(new Eq() {}.extra() + " " + new Inc().twice(5));
        Gen<String> g = s -> s + s;
        System.out.println(g.twice("ab"));
        Tri<Integer, Long, String, String> t = (x, y, z) -> x + "" + y + z;
        System.out.println(t.text().apply(1, 2L, "q"));
        Object m = (Marker & Runnable) () -> System.out.println("marker");
        ((Runnable) m).run();
        System.out.println(m instanceof Marker);
        System.out.println(new Both().k());
        A[] as = {new D(), new F(), new G(), new I()};
        int total = 0;
        for (int r = 0; r < 20; r++) for (A x : as) total += x.hi().length();
        System.out.println(total);
        Collection<String> c = new AbstractCollection<>() {
            public Iterator<String> iterator() { return List.of("p", "q").iterator(); }
            public int size() { return 2; }
        };
        System.out.println(c + " " + c.contains("q") + " " + c.stream().count() + c.removeIf(x -> false));
        try {
            c.add("x");
        } catch (UnsupportedOperationException e) {
            System.out.println(e.getMessage());
        }
        Iterator<Integer> it = new Iterator<>() { int n; public boolean hasNext() { return n < 2; } public Integer next() { return n++; } };
        it.forEachRemaining(x -> System.out.print(x + " "));
        try {
            it.remove();
        } catch (UnsupportedOperationException e) {
            System.out.println(e.getMessage());
        }
    }
}
