import java.util.*;
import java.util.function.*;
import java.util.stream.*;

public class Main {
    static void t(String what, Runnable r) {
        try {
            r.run();
            System.out.println(what + " fine");
        } catch (RuntimeException e) {
            System.out.println(what + " " + e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }

    public static void main(String[] args) {
        List<String> log = new ArrayList<>();
        List<Integer> r = Stream.of(5, 1, 4, 2, 3).peek(x -> log.add("a" + x)).filter(x -> x != 4).peek(x -> log.add("b" + x)).sorted().peek(x -> log.add("c" + x)).limit(2).map(x -> x * 10).toList();
        System.out.println(r + " " + log);
        log.clear();
        System.out.println(Stream.iterate(1, x -> x + 1).peek(x -> log.add("p" + x)).anyMatch(x -> x == 3) + " " + log);
        log.clear();
        Stream.of(1, 2, 3).peek(x -> log.add("unused"));
        System.out.println(log + " " + Stream.of(1, 2, 3).peek(x -> log.add("count")).count() + log + Stream.of(1, 2, 3).filter(x -> x > 0).peek(x -> log.add("c" + x)).count() + log);
        System.out.println(IntStream.rangeClosed(1, 5).mapToObj(i -> "x".repeat(i)).collect(Collectors.joining(",", "[", "]")));
        System.out.println(Stream.of(List.of(1, 2), List.<Integer>of(), List.of(3)).flatMap(List::stream).map(String::valueOf).reduce("", String::concat) + Stream.of(1, 2).flatMap(x -> x == 1 ? null : Stream.of(x, x)).toList());
        System.out.println(Stream.of("a1b2", "c3").<Character>mapMulti((s, c) -> { for (char ch : s.toCharArray()) if (Character.isDigit(ch)) c.accept(ch); }).toList() + " " + IntStream.range(0, 4).mapMulti((i, c) -> { for (int k = 0; k < i; k++) c.accept(i); }).boxed().toList());
        System.out.println(Stream.iterate(1, x -> x < 200, x -> x * 3).toList() + " " + Stream.of(1, 2, 5, 1, 7).takeWhile(x -> x < 5).toList() + Stream.of(1, 2, 5, 1, 7).dropWhile(x -> x < 5).toList() + Stream.of(3, 1, 3, 2, 1).distinct().toList() + Stream.of(1, 2, 3, 4, 5).skip(1).limit(3).skip(1).toList());
        Supplier<Integer> gen = new Supplier<>() { int n; public Integer get() { return n++ * n; } };
        System.out.println(Stream.generate(gen).limit(5).toList() + " " + Stream.concat(Stream.of(1), Stream.concat(Stream.of(2), Stream.empty())).toList() + Stream.ofNullable(null).count() + Stream.builder().add("q").add(1).build().toList());
        System.out.println(IntStream.of(3, 1, 2).sum() + " " + IntStream.of(3, 1, 2).max().getAsInt() + " " + IntStream.empty().average() + " " + IntStream.of(1, 2).average() + " " + IntStream.of(1, 2, 3).summaryStatistics() + " " + LongStream.rangeClosed(1, 20).reduce(1, (a, b) -> a * b) + " " + DoubleStream.of(0.1, 0.2, 0.3, 0.4).sum() + " " + DoubleStream.of(1, Double.NaN).max() + DoubleStream.iterate(1, d -> d / 2).limit(5).boxed().toList());
        System.out.println(IntStream.range(0, 5).asLongStream().mapToObj(Long::toString).toList() + " " + IntStream.range(0, 3).asDoubleStream().boxed().toList() + "xyz".chars().mapToObj(c -> (char) c).toList() + IntStream.concat(IntStream.of(1), IntStream.of(2)).boxed().toList() + Arrays.toString(IntStream.iterate(10, i -> i - 3).limit(4).sorted().toArray()) + LongStream.of(4, 4, 2).distinct().count());
        System.out.println(Stream.of(1, 2, 3, 4).reduce(Integer::sum).get() + " " + Stream.of(1, 2, 3).reduce(10, (a, b) -> a - b) + " " + Stream.of("a", "bb").reduce(0, (n, s) -> n + s.length(), Integer::sum) + Stream.<Integer>empty().reduce(Integer::max) + Stream.of(5, 7).findFirst().get() + Stream.empty().findAny() + Stream.of(1, 2).allMatch(x -> x > 0) + Stream.empty().noneMatch(x -> true) + Stream.empty().anyMatch(x -> true));
        System.out.println(Stream.of(3, 1, 2).sorted(Comparator.reverseOrder()).toList() + "" + Stream.of("b", "A", "c").sorted().toList() + Stream.of(3, 9, 4).max(Comparator.naturalOrder()).get() + Stream.of(1, 2, 3).mapToInt(x -> x).boxed().mapToDouble(x -> x / 2.0).sum() + Arrays.toString(Stream.of(1, 2).toArray(Integer[]::new)));
        Object[] oa = Stream.of("x").toArray();
        t("array type", () -> { Integer[] bad = Stream.of("x").toArray(Integer[]::new); });
        Stream<Integer> used = Stream.of(1);
        used.count();
        t("reuse", () -> used.map(x -> x));
        t("reuse terminal", () -> used.forEach(x -> {}));
        t("npe in map", () -> Stream.of("a", null).map(String::length).toList());
        t("findFirst null", () -> Stream.of((Object) null).findFirst());
        t("negative limit", () -> Stream.of(1).limit(-1));
        t("sorted incomparable", () -> Stream.of(new Object(), new Object()).sorted().toList());
        t("get empty", () -> Stream.empty().findFirst().get());
        t("exception", () -> IntStream.range(0, 10).map(x -> 10 / (5 - x)).forEach(x -> System.out.print(x + " ")));
        StringBuilder sb = new StringBuilder();
        Stream.of("z", "y").forEachOrdered(sb::append);
        IntStream.rangeClosed(1, 100).filter(i -> IntStream.rangeClosed(2, (int) Math.sqrt(i)).noneMatch(j -> i % j == 0)).limit(12).forEach(i -> sb.append(' ').append(i));
        System.out.println(sb);
        int[][] pyth = IntStream.rangeClosed(1, 20).boxed().flatMap(a -> IntStream.rangeClosed(a, 20).filter(b -> Math.sqrt(a * a + b * b) % 1 == 0).mapToObj(b -> new int[] {a, b, (int) Math.sqrt(a * a + b * b)})).toArray(int[][]::new);
        System.out.println(Arrays.deepToString(pyth));
        System.out.println(Stream.iterate(new long[] {0, 1}, f -> new long[] {f[1], f[0] + f[1]}).limit(90).skip(88).map(f -> f[0]).toList());
        System.out.println(new Random(9).ints(5, 0, 100).boxed().toList() + " " + "b,a,c".lines().flatMap(l -> Arrays.stream(l.split(","))).sorted().toList() + Optional.of(3).stream().map(x -> x + 1).toList() + Map.of("k", 2).entrySet().stream().map(e -> e.getKey() + e.getValue()).toList());
    }
}
