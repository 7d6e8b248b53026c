import java.util.*;
import java.util.function.*;

public class Main {
    record Point(int x, int y) implements Comparable<Point> {
        static final Point ORIGIN = new Point(0, 0);
        Point { if (x < -100) throw new IllegalArgumentException("x " + x); }
        Point(int both) { this(both, both); }
        double dist() { return Math.sqrt(x * x + y * y); }
        public int compareTo(Point o) { return Comparator.comparingInt(Point::x).thenComparingInt(Point::y).compare(this, o); }
        Point withX(int nx) { return new Point(nx, y); }
    }
    record Pair<A, B>(A first, B second) {
        static <T> Pair<T, T> twin(T t) { return new Pair<>(t, t); }
        <C> Pair<A, C> second(C c) { return new Pair<>(first, c); }
    }
    record All(byte b, short s, char c, int i, long l, float f, double d, boolean z, String str, int[] arr, List<String> list) {}
    record Empty() {}
    record Norm(String name, int... scores) {
        Norm { name = name.strip().toLowerCase(); scores = scores.clone(); }
        @Override public String toString() { return name + Arrays.toString(scores); }
        @Override public int[] scores() { return scores.clone(); }
    }
    record Node(int v, Node next) {
        int sum() { return v + (next == null ? 0 : next.sum()); }
    }
    interface HasName { String name(); default String hello() { return "hello " + name(); } }
    record Person(String name, int age) implements HasName {
        @Override public boolean equals(Object o) { return o instanceof Person p && p.name.equals(name); }
        @Override public int hashCode() { return name.hashCode(); }
    }
    record Fl(float f, double d) {}

    public static void main(String[] args) {
        Point p = new Point(3, 4), q = new Point(3, 4);
        System.out.println(p + " " + p.equals(q) + " " + (p.hashCode() == q.hashCode()) + " " + p.hashCode() + " " + p.dist() + " " + new Point(7) + Point.ORIGIN + p.withX(9));
        System.out.println(p.equals(null) + " " + p.equals("x") + " " + p.equals(new Point(4, 3)));
        try {
            new Point(-101, 0);
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        System.out.println(new TreeSet<>(List.of(new Point(2, 1), new Point(1, 9), new Point(1, 2))));
        Pair<String, Integer> pair = new Pair<>("a", null);
        System.out.println(pair + " " + pair.hashCode() + " " + pair.equals(new Pair<>("a", null)) + " " + Pair.twin(pair) + " " + pair.second(List.of(1)));
        All all = new All((byte) -1, (short) 2, 'c', 4, 5L, 6.5f, -0.0, true, null, null, List.of("x"));
        System.out.println(all + " " + all.equals(new All((byte) -1, (short) 2, 'c', 4, 5L, 6.5f, 0.0, true, null, null, List.of("x"))));
        System.out.println(new Empty() + " " + new Empty().equals(new Empty()) + " " + new Empty().hashCode());
        Norm n = new Norm("  BOB ", 1, 2);
        n.scores()[0] = 99;
        System.out.println(n + " " + n.equals(new Norm("bob", 1, 2)) + " " + new Norm("x"));
        System.out.println(new Node(1, new Node(2, new Node(3, null))) + " " + new Node(1, new Node(2, null)).sum());
        Person a = new Person("ann", 1), b = new Person("ann", 2);
        System.out.println(a.equals(b) + " " + new HashSet<>(List.of(a)).contains(b) + " " + a.hello() + " " + a);
        System.out.println(new Fl(0f, 0.0).equals(new Fl(-0f, 0.0)) + " " + new Fl(Float.NaN, Double.NaN).equals(new Fl(Float.NaN, Double.NaN)) + " " + new Fl(1, 2).hashCode());
        Function<String, Function<Integer, Pair<String, Integer>>> make = s -> i -> new Pair<>(s, i);
        BiFunction<Integer, Integer, Point> ctor = Point::new;
        System.out.println(make.apply("k").apply(1) + " " + ctor.apply(5, 6));
        Map<Point, String> m = new HashMap<>();
        m.put(p, "p");
        System.out.println(m.get(q) + " " + m);
        record Local<T extends Comparable<T>>(T lo, T hi) { Local { if (lo.compareTo(hi) > 0) { T t = lo; lo = hi; hi = t; } } }
        System.out.println(new Local<>("z", "a"));
        if (new Pair<>(new Point(1, 2), "s") instanceof Pair<?, ?>(Point(int x, var y), String s) && x < y) {
            System.out.println(x + y + s);
        }
        System.out.println(Point.class.isRecord() + " " + Point.class.getRecordComponents().length + " " + Point.class.getSuperclass().getName() + " " + java.lang.reflect.Modifier.toString(Point.class.getModifiers()));
    }
}
