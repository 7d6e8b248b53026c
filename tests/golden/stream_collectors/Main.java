import java.util.*;
import java.util.function.*;
import java.util.stream.*;
import static java.util.stream.Collectors.*;

public class Main {
    record Sale(String city, String item, int n, double price) {}

    static void t(String what, Runnable r) {
        try {
            r.run();
            System.out.println(what + " fine");
        } catch (RuntimeException e) {
            System.out.println(what + " " + e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }

    public static void main(String[] args) {
        List<Sale> sales = List.of(new Sale("Rome", "pen", 3, 1.5), new Sale("Oslo", "ink", 1, 20), new Sale("Rome", "ink", 2, 19.5), new Sale("Bern", "pen", 10, 1.25), new Sale("Oslo", "pen", 7, 1.5), new Sale("Rome", "cap", 1, 9));
        p(sales.stream().collect(groupingBy(Sale::city, TreeMap::new, counting())));
        p(sales.stream().collect(groupingBy(Sale::item, TreeMap::new, summingInt(Sale::n))));
        p(sales.stream().collect(groupingBy(Sale::city, TreeMap::new, groupingBy(Sale::item, TreeMap::new, averagingDouble(Sale::price)))));
        p(sales.stream().collect(partitioningBy(s -> s.n() > 2, mapping(Sale::item, joining("+", "<", ">")))));
        p(sales.stream().collect(partitioningBy(s -> s.n() > 100)));
        p(sales.stream().collect(toMap(Sale::item, Sale::n, Integer::sum, LinkedHashMap::new)));
        p(sales.stream().collect(teeing(counting(), summingDouble(s -> s.n() * s.price()), (c, s) -> c + ":" + s)));
        p(sales.stream().collect(groupingBy(Sale::city, TreeMap::new, filtering(s -> s.n() > 1, mapping(Sale::item, toList())))));
        p(sales.stream().collect(groupingBy(Sale::city, TreeMap::new, flatMapping(s -> s.item().chars().mapToObj(c -> (char) c), toCollection(TreeSet::new)))));
        p(sales.stream().collect(summarizingInt(Sale::n)) + " " + sales.stream().collect(summarizingDouble(Sale::price)) + " " + sales.stream().collect(summarizingLong(Sale::n)).getAverage());
        p(sales.stream().collect(groupingBy(Sale::item, TreeMap::new, collectingAndThen(maxBy(Comparator.comparingInt(Sale::n)), o -> o.get().city()))));
        p(sales.stream().map(Sale::n).collect(reducing(0, x -> x * 2, Integer::sum)) + " " + sales.stream().map(Sale::n).collect(reducing(Integer::max)) + " " + sales.stream().collect(minBy(Comparator.comparing(Sale::price))).map(Sale::city));
        p(Stream.of("a", "b").collect(joining()) + Stream.of().map(String::valueOf).collect(joining(",", "{", "}")) + Stream.of(1, 2, 3).collect(averagingInt(x -> x)) + Stream.<Integer>of().collect(averagingLong(x -> x)));
        Collector<String, StringJoiner, String> custom = Collector.of(() -> new StringJoiner("|"), StringJoiner::add, StringJoiner::merge, StringJoiner::toString);
        p(Stream.of("x", "y", "z").collect(custom) + Stream.of("x", "y", "z").parallel().collect(custom) + custom.characteristics());
        p(Stream.of(4, 2, 9).collect(ArrayDeque<Integer>::new, ArrayDeque::addFirst, (a, b) -> b.addAll(a)));
        p(new TreeMap<>(Stream.of("aa", "b", "cc").collect(groupingBy(String::length))) + " " + new TreeMap<>(Stream.of("aa", "b").collect(toMap(Function.identity(), String::length))) + new TreeSet<>(Stream.of(3, 1, 3).collect(toSet())));
        p(new TreeMap<>(Stream.of("q", "w", "q").collect(groupingByConcurrent(x -> x, counting()))) + " " + Stream.of(1, 2).collect(toUnmodifiableList()) + Stream.of(1, 2, 3, 4).collect(partitioningBy(x -> x % 2 == 0, reducing(1, (a, b) -> a * b))));
        t("duplicate key", () -> Stream.of("a", "b", "a").collect(toMap(x -> x, x -> x + "!")));
        t("null value", () -> Stream.of("a").collect(toMap(x -> x, x -> (String) null)));
        t("null group", () -> Stream.of("a").collect(groupingBy(x -> (String) null)));
        t("unmodifiable", () -> Stream.of("a").collect(toUnmodifiableMap(x -> x, x -> 1)).put("b", 2));
        IntSummaryStatistics st = new IntSummaryStatistics();
        p(st + " " + st.getMin() + " " + st.getAverage());
        LongSummaryStatistics ls = LongStream.of(Long.MAX_VALUE, 1).summaryStatistics();
        p(ls.getSum() + " " + ls.getMax() + new DoubleSummaryStatistics(3, 1, 5, 9).getAverage());
        p(IntStream.range(0, 1000).boxed().collect(teeing(filtering(x -> x % 2 == 0, counting()), mapping(x -> x % 7, toCollection(TreeSet::new)), (a, b) -> a + "" + b)));
        p(Stream.of(0.1, 0.2, 0.3, 1e20, -1e20).collect(summingDouble(x -> x)) + " " + DoubleStream.of(1e20, 1, -1e20).sum() + " " + DoubleStream.of(Double.POSITIVE_INFINITY, 1).sum());
    }

    static void p(Object o) {
        System.out.println(o);
    }
}
