import java.util.*;
import java.util.function.*;

public class Guest implements IntSupplier {
    private static final Map<String, Integer> SEEN = new TreeMap<>();
    private int n;
    public int getAsInt() {
        Supplier<Integer> s = () -> n + SEEN.size();
        for (String w : List.of("a", "b", "a")) SEEN.merge(w, 1, Integer::sum);
        return switch (++n) {
            case 1 -> s.get() + new Part(n).twice();
            case 2 -> s.get() - 1;
            default -> 0;
        };
    }
    record Part(int n) { int twice() { return 2 * n; } }
}
