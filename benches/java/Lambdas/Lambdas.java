import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/**
 * Guards: invokedynamic after its first call: lambdas that capture nothing, a value or this, method references
 * of every kind, and chains of composed functions. Linking itself is paid once per site and hardly shows here.
 */
public final class Lambdas {
    private static final int DEFAULT_ROUNDS = 2_500;
    private static final int CALLS = 500;
    private static final long EXPECTED = -7_246_086_011_497_103_052L;

    private final int offset;

    private Lambdas(int offset) {
        this.offset = offset;
    }

    private int shifted(int number) {
        return number + offset;
    }

    private static int doubled(int number) {
        return number * 2;
    }

    private static int fold(int count, int start, IntBinaryOperator step) {
        int sum = start;
        for (int i = 0; i < count; i++) {
            sum = step.applyAsInt(sum, i);
        }
        return sum;
    }

    private static IntUnaryOperator adder(int added) {
        return number -> number + added;
    }

    private long plain() {
        long sum = fold(CALLS, 1, (a, b) -> a * 31 + b);
        sum = sum * 31 + fold(CALLS, 1, Math::max);
        sum = sum * 31 + fold(CALLS, 1, (a, b) -> a + shifted(b));
        return sum * 31 + fold(CALLS, 1, Integer::sum);
    }

    /** A new lambda object in every turn, each with a captured value. */
    private long capturing() {
        long sum = 0;
        for (int i = 0; i < CALLS; i++) {
            IntUnaryOperator one = adder(i);
            IntUnaryOperator both = one.andThen(Lambdas::doubled).compose(this::shifted);
            sum = sum * 3 + both.applyAsInt(i);
        }
        return sum;
    }

    private static long boxed() {
        Function<Integer, Integer> chain = Function.identity();
        for (int i = 0; i < 10; i++) {
            int factor = i;
            chain = chain.andThen(number -> number * 3 + factor);
        }
        BiFunction<String, Integer, Character> pick = String::charAt;
        Function<String, Integer> length = String::length;
        Supplier<StringBuilder> make = StringBuilder::new;
        StringBuilder picked = make.get();
        String letters = "abcdefghijklmnop";
        long sum = 0;
        for (int i = 0; i < CALLS / 10; i++) {
            sum = sum * 5 + chain.apply(i);
            picked.append(pick.apply(letters, i % length.apply(letters)));
        }
        return sum + picked.toString().hashCode();
    }

    private long run() {
        long sum = plain();
        sum = sum * 31 + capturing();
        sum = sum * 31 + boxed();
        Runnable[] tasks = new Runnable[CALLS];
        int[] cell = new int[1];
        for (int i = 0; i < CALLS; i++) {
            int number = i;
            tasks[i] = (i & 1) == 0 ? () -> cell[0] += number : () -> cell[0] ^= number;
        }
        for (Runnable task : tasks) {
            task.run();
        }
        return sum * 31 + cell[0];
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        for (int round = 0; round < rounds; round++) {
            long checksum = new Lambdas(7).run();
            if (checksum != EXPECTED) {
                System.out.print("Lambdas: wrong checksum ");
                System.out.println(checksum);
                System.exit(1);
            }
        }
        System.out.print("Lambdas ");
        System.out.println(EXPECTED);
    }
}
