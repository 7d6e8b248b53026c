import java.lang.reflect.*;
import java.util.*;
import java.util.function.*;

public class Main {
    static abstract class Node<T extends Comparable<? super T>> { abstract T get(); int cmp(Node<T> o) { return get().compareTo(o.get()); } void set(T t) { System.out.println("Node.set " + t); } }
    static class IntNode extends Node<Integer> { int v; IntNode(int v) { this.v = v; } Integer get() { return v; } @Override void set(Integer i) { v = i; System.out.println("IntNode.set " + i); } }
    interface Copy<S extends Copy<S>> { S copy(); }
    static class Doc implements Copy<Doc>, Cloneable { String s = "doc"; public Doc copy() { try { return clone(); } catch (CloneNotSupportedException e) { throw new AssertionError(e); } } @Override protected Doc clone() throws CloneNotSupportedException { return (Doc) super.clone(); } }
    static class Fixed implements Comparable<Fixed> { int k; Fixed(int k) { this.k = k; } public int compareTo(Fixed o) { return k - o.k; } }

    static <T extends Comparable<? super T>> T max(Collection<? extends T> c) { Iterator<? extends T> i = c.iterator(); T best = i.next(); while (i.hasNext()) { T t = i.next(); if (t.compareTo(best) > 0) best = t; } return best; }
    static double sum(Collection<? extends Number> c) { double d = 0; for (Number n : c) d += n.doubleValue(); return d; }
    static void fill(List<? super Integer> l) { for (int i = 0; i < 3; i++) l.add(i); }
    static <T> void swap(List<T> l, int i, int j) { T t = l.get(i); l.set(i, l.get(j)); l.set(j, t); }
    static void wild(List<?> l) { swap(l, 0, 1); }
    @SuppressWarnings("unchecked") static <T> T[] array(int n, T... proto) { return Arrays.copyOf(proto, n); }
    @SuppressWarnings("unchecked") static <T> T cast(Object o) { return (T) o; }
    static <A, B, C> Function<A, C> compose(Function<? super A, ? extends B> f, Function<? super B, ? extends C> g) { return a -> g.apply(f.apply(a)); }
    static <E extends Enum<E>> E last(Class<E> c) { E[] es = c.getEnumConstants(); return es[es.length - 1]; }
    static <T extends Number & Comparable<T>> String both(T a, T b) { return a.intValue() + (a.compareTo(b) < 0 ? "<" : ">=") + b.intValue(); }

    public static void main(String[] args) throws Exception {
        Node<Integer> n = new IntNode(3);
        n.set(4);
        System.out.println(n.get() + " " + n.cmp(new IntNode(9)));
        @SuppressWarnings({"unchecked", "rawtypes"}) Node<Integer> raw = n;
        try {
            ((Node) raw).set("text");
        } catch (ClassCastException e) {
            System.out.println(e.getMessage());
        }
        List<String> bridges = new ArrayList<>();
        for (Class<?> c : new Class<?>[] {IntNode.class, Doc.class, Fixed.class}) {
            for (Method m : c.getDeclaredMethods()) {
                bridges.add(c.getSimpleName() + "." + m.getName() + Arrays.toString(m.getParameterTypes()) + m.getReturnType().getSimpleName() + (m.isBridge() ? " bridge" : "") + (m.isSynthetic() ? " synthetic" : ""));
            }
        }
        Collections.sort(bridges);
        bridges.forEach(System.out::println);
        Doc d = new Doc();
        d.s = "changed";
        System.out.println(d.copy().s + " " + (d.copy() != d));
        System.out.println(max(List.of(3, 9, 2)) + max(List.of("p", "z")) + " " + max(List.of(new Fixed(1), new Fixed(5))).k + " " + sum(List.of(1, 2.5, 3L)) + " " + last(Thread.State.class) + " " + both(1, 2) + both(2.5, 1.5));
        List<Number> nums = new ArrayList<>();
        fill(nums);
        List<Object> objs = new ArrayList<>();
        fill(objs);
        wild(objs);
        System.out.println(nums + " " + objs);
        String[] sa = array(2, "x");
        System.out.println(sa.length + sa.getClass().getSimpleName() + array(1, 1, 2)[0] + array(3).getClass().getComponentType());
        try {
            String s = cast(1);
        } catch (ClassCastException e) {
            System.out.println("cast at use: " + e.getMessage().substring(0, 30));
        }
        Object fine = Main.<String>cast(1);
        System.out.println(fine);
        List<Integer> poll = cast(new ArrayList<>(List.of("s")));
        System.out.println(poll.get(0) == (Object) "s");
        System.out.println(poll);
        try {
            Integer[] arr = poll.toArray(new Integer[0]);
        } catch (ArrayStoreException e) {
            System.out.println(e.getMessage());
        }
        try {
            Collections.checkedList(cast(new ArrayList<Integer>()), Integer.class).add(cast("bad"));
        } catch (ClassCastException e) {
            System.out.println(e.getMessage());
        }
        System.out.println(compose((String s) -> s.length(), (Integer i) -> i * i).apply("four") + " " + (new ArrayList<String>().getClass() == new ArrayList<Integer>().getClass()));
        Map<String, List<? super Integer>> m = new TreeMap<>();
        m.put("a", new ArrayList<>(List.of(1.5)));
        m.get("a").add(2);
        System.out.println(m);
        List<String>[] lists = cast(new List[] {List.of("q")});
        System.out.println(lists[0].get(0).length());
        Comparator<Object> anyCmp = Comparator.comparing(Object::toString);
        List<Integer> ints = new ArrayList<>(List.of(10, 9, 100));
        ints.sort(anyCmp);
        System.out.println(ints);
        BiFunction<Integer, Integer, Integer> add = Integer::sum;
        System.out.println(add.andThen(x -> "r" + x).apply(1, 2));
    }
}
