import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Something to measure: a method by name, one by annotation, and a program. */
public class Work {
    @Retention(RetentionPolicy.RUNTIME)
    @interface Benchmark {}

    private int seed;

    void setUp() {
        seed = 7;
    }

    public static long benchmark() {
        long sum = 0;
        for (int i = 0; i < 20_000; i++) {
            sum += i * sum ^ i;
        }
        return sum;
    }

    @Benchmark
    int annotated() {
        if (seed != 7) {
            throw new IllegalStateException("not set up");
        }
        return new StringBuilder().append(seed).append("x").toString().length();
    }

    static void broken() {
        throw new IllegalStateException("broken");
    }

    public static void main(String[] args) {
        System.out.println(args.length == 0 ? "none" : args[0]);
        if (args.length > 1) {
            System.exit(3);
        }
    }
}
