import java.util.*;
import java.util.function.*;
import java.util.stream.*;

public class Main {
    record Emp(String name, String dept, int age, Double pay) {}

    public static void main(String[] args) {
        List<Emp> es = new ArrayList<>(List.of(new Emp("Zoe", "it", 30, 10.5), new Emp("adam", "hr", 25, null), new Emp("Bob", "it", 25, 7.25), new Emp("carl", "hr", 41, 10.5), new Emp("Dan", "ops", 30, 3.0), new Emp("Eve", "it", 25, null)));
        Comparator<Emp> byDept = Comparator.comparing(Emp::dept);
        print(es, byDept);
        print(es, byDept.reversed());
        print(es, byDept.thenComparingInt(Emp::age).thenComparing(Emp::name));
        print(es, Comparator.comparing(Emp::name, String.CASE_INSENSITIVE_ORDER));
        print(es, Comparator.comparing(Emp::pay, Comparator.nullsLast(Comparator.reverseOrder())).thenComparing(Emp::name, Comparator.reverseOrder()));
        print(es, Comparator.comparing(Emp::pay, Comparator.nullsFirst(Comparator.naturalOrder())));
        print(es, (a, b) -> b.age() - a.age());
        print(es, Comparator.comparingLong((Emp e) -> e.age()).thenComparingDouble(e -> e.pay() == null ? 0 : e.pay()));
        try {
            es.sort(Comparator.comparing(Emp::pay));
        } catch (NullPointerException e) {
            System.out.println("null key");
        }
        List<String> l = new LinkedList<>(List.of("b", "a", "c"));
        Collections.sort(l);
        System.out.println(l + " " + Collections.binarySearch(l, "b") + Collections.binarySearch(l, "bb") + Collections.max(l, Comparator.comparing(String::hashCode).reversed()));
        Map<String, List<String>> groups = es.stream().collect(Collectors.groupingBy(Emp::dept, TreeMap::new, Collectors.mapping(Emp::name, Collectors.toList())));
        System.out.println(groups);
        System.out.println(es.stream().min(Comparator.comparingInt(Emp::age)).get().name() + es.stream().max(Comparator.comparingInt(Emp::age).thenComparing(Emp::name)).get().name());
        Comparator<Integer> natural = Comparator.naturalOrder();
        System.out.println((natural.reversed() == Comparator.<Integer>reverseOrder()) + " " + (natural.reversed().reversed() == natural) + " " + natural.compare(1, 2) + Comparator.<Integer>nullsFirst(null).compare(null, null) + Collections.reverseOrder(natural).compare(1, 2));
        Integer[] arr = {5, 3, 8};
        Arrays.sort(arr, Collections.reverseOrder());
        System.out.println(Arrays.toString(arr));
        List<int[]> pairs = new ArrayList<>();
        for (int i = 0; i < 100; i++) pairs.add(new int[] {i * 37 % 10, i});
        pairs.sort(Comparator.comparingInt(p -> p[0]));
        StringBuilder sb = new StringBuilder();
        for (int[] p : pairs) sb.append(p[1]).append(' ');
        System.out.println(sb);
        System.out.println(BinaryOperator.minBy(Comparator.comparing(String::length)).apply("aa", "b") + BinaryOperator.maxBy(natural).apply(1, 9));
    }

    static void print(List<Emp> es, Comparator<Emp> c) {
        List<Emp> copy = new ArrayList<>(es);
        copy.sort(c);
        System.out.println(copy.stream().map(Emp::name).collect(Collectors.joining(" ")));
    }
}
