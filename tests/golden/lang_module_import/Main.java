import module java.base;
import java.util.List;
import static java.lang.Math.*;
import static java.util.Map.Entry.comparingByValue;

public class Main {
    record Box<T>(T t, int n) {}

    static String kind(Object o) {
        return switch (o) {
            case Box<?>(String _, int _) -> "box of string";
            case Box<?>(Box<?>(var inner, _), _) -> "nested " + inner;
            case Box<?> _ -> "box";
            case Integer _, Long _ -> "integral";
            case List<?> l -> "list " + l.size();
            default -> "other";
        };
    }

    public static void main(String[] args) {
        Map<String, Integer> m = new TreeMap<>(Map.of("a", 3, "b", 1));
        System.out.println(m.entrySet().stream().sorted(comparingByValue()).map(Map.Entry::getKey).collect(Collectors.joining(",")));
        System.out.println(max(3, 9) + " " + abs(-2.5) + " " + PI);
        for (Object o : new Object[] {new Box<>("s", 1), new Box<>(new Box<>(7, 1), 2), new Box<>(1, 1), 5, 6L, List.of(1), 'c'}) System.out.println(kind(o));
        AtomicInteger n = new AtomicInteger();
        IntStream.range(0, 5).forEach(n::addAndGet);
        System.out.println(n + " " + Pattern.matches("\\d+", "123") + " " + LocalDate.EPOCH + " " + BigInteger.TEN.pow(20) + " " + StandardCharsets.UTF_8 + " " + Path.of("a", "b"));
    }
}
