import java.util.*;
import java.util.stream.*;

public class Main {
    static int calls;

    static String costly() {
        calls++;
        return "costly";
    }

    public static void main(String[] args) {
        Optional<String> a = Optional.of("abc"), e = Optional.empty();
        System.out.println(a + " " + e + " " + a.get() + a.isPresent() + e.isEmpty() + a.equals(Optional.of("abc")) + a.hashCode() + (e == (Object) Optional.empty()) + Optional.ofNullable(null));
        System.out.println(a.map(String::length) + " " + e.map(String::length) + a.map(x -> null) + a.flatMap(x -> Optional.of(x + x)) + a.filter(x -> x.isEmpty()) + a.filter(x -> x.startsWith("a")));
        System.out.println(a.orElse(costly()) + e.orElse(costly()) + calls + a.orElseGet(Main::costly) + e.orElseGet(Main::costly) + calls + e.or(() -> a) + a.or(() -> { throw new AssertionError(); }));
        a.ifPresent(x -> System.out.print("present "));
        e.ifPresentOrElse(x -> System.out.print("no"), () -> System.out.print("absent "));
        System.out.println(Stream.of(a, e, Optional.of("z")).flatMap(Optional::stream).toList());
        for (Runnable r : new Runnable[] {() -> e.get(), () -> e.orElseThrow(), () -> e.orElseThrow(() -> new IllegalStateException("mine")), () -> Optional.of(null), () -> a.flatMap(x -> null), () -> OptionalInt.empty().getAsInt(), () -> e.orElseGet(null)}) {
            try {
                r.run();
            } catch (RuntimeException x) {
                System.out.println(x.getClass().getSimpleName() + " " + x.getMessage());
            }
        }
        System.out.println(OptionalInt.of(5) + " " + OptionalDouble.of(-0.0) + OptionalLong.empty() + OptionalInt.of(5).equals(OptionalInt.of(5)) + OptionalDouble.empty().orElse(1.5) + OptionalLong.of(3).stream().sum());
        Map<String, Map<String, String>> cfg = Map.of("db", Map.of("host", "h", "port", "8080"));
        System.out.println(Optional.ofNullable(cfg.get("db")).map(m -> m.get("port")).map(Integer::parseInt).filter(p -> p > 1000).map(p -> "port " + p).orElse("default") + Optional.ofNullable(cfg.get("x")).map(m -> m.get("port")).orElse(" none"));
    }
}
