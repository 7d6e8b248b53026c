import java.util.*;
import java.util.function.*;

public class Task implements ToIntFunction<int[]> {
    private static final List<Object> KEPT = new ArrayList<>();
    interface Step { int apply(int n); }
    static final class Add implements Step { public int apply(int n) { return n + 1; } }
    static final class Twice implements Step { public int apply(int n) { return n * 2; } }
    public int applyAsInt(int[] numbers) {
        Step[] steps = {new Add(), new Twice(), n -> n - numbers.length};
        int sum = 0;
        for (int n : numbers) for (Step s : steps) { sum += s.apply(n); if (KEPT.size() < 50) KEPT.add(new Object[] {s, sum}); }
        return sum;
    }
}
