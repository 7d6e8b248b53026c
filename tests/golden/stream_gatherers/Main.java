import java.util.*;
import java.util.function.*;
import java.util.stream.*;

public class Main {
    static <T> Gatherer<T, ?, T> everyOther() {
        return Gatherer.ofSequential(() -> new int[1], (s, t, d) -> s[0]++ % 2 == 1 || d.push(t));
    }

    static Gatherer<Integer, ?, Integer> untilSum(int max) {
        return Gatherer.ofSequential(() -> new int[1], Gatherer.Integrator.of((s, t, d) -> {
            s[0] += t;
            return s[0] <= max && d.push(t);
        }), (s, d) -> d.push(-s[0]));
    }

    static Gatherer<String, ?, String> longest() {
        return Gatherer.of(ArrayList<String>::new, (s, t, d) -> { s.add(t); return true; }, (a, b) -> { a.addAll(b); return a; }, (s, d) -> d.push(s.stream().max(Comparator.comparing(String::length)).orElse("none")));
    }

    public static void main(String[] args) {
        System.out.println(IntStream.range(0, 7).boxed().gather(Gatherers.windowFixed(3)).toList());
        System.out.println(IntStream.range(0, 5).boxed().gather(Gatherers.windowSliding(2)).toList() + " " + Stream.of(1).gather(Gatherers.windowSliding(3)).toList() + Stream.of().gather(Gatherers.windowFixed(2)).toList());
        System.out.println(Stream.of(1, 2, 3, 4).gather(Gatherers.scan(() -> 0, Integer::sum)).toList() + " " + Stream.of("a", "b").gather(Gatherers.fold(() -> "", String::concat)).toList());
        System.out.println(Stream.of(5, 3, 1).gather(Gatherers.mapConcurrent(2, x -> x * x)).toList());
        System.out.println(Stream.of("a", "b", "c", "d", "e").gather(everyOther()).toList() + " " + Stream.iterate(1, x -> x + 1).gather(untilSum(12)).toList());
        System.out.println(Stream.of("x", "yyy", "zz").gather(longest()).findFirst().get() + Stream.of("x", "yyy", "zz").parallel().gather(longest()).toList());
        Gatherer<Integer, ?, List<Integer>> both = Main.<Integer>everyOther().andThen(Gatherers.windowFixed(2));
        System.out.println(IntStream.range(0, 9).boxed().gather(both).map(List::toString).collect(Collectors.joining("/")));
        Gatherer<Integer, Void, Integer> flat = Gatherer.of((v, t, d) -> { for (int i = 0; i < t; i++) if (!d.push(t)) return false; return true; });
        System.out.println(Stream.of(1, 2, 3).gather(flat).limit(4).toList() + " " + Stream.of(3, 1).parallel().gather(flat).toList());
        System.out.println(Stream.iterate(0, x -> x + 1).gather(Gatherers.windowFixed(4)).limit(2).flatMap(List::stream).mapToInt(x -> x).sum());
        for (Runnable r : new Runnable[] {() -> Gatherers.windowFixed(0), () -> Stream.of(1).gather(null), () -> Stream.of(1, 2).gather(Gatherers.windowFixed(1)).forEach(l -> l.add(3)), () -> Stream.of(1).gather(Gatherers.mapConcurrent(1, x -> { throw new IllegalStateException("mapped"); })).toList()}) {
            try {
                r.run();
            } catch (RuntimeException e) {
                System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
            }
        }
    }
}
