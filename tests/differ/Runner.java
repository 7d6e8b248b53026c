import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintStream;

/**
 * Runs random programs and prints for each a number that depends on all that it did: values, exceptions with messages and
 * lines, what it stored. Programs come on standard input: how many, then for each its length and its class file.
 * Words: ROUNDS [words: then each round is printed in full].
 */
public final class Runner {
    private static final int[] INTS = {0, 1, -1, 7, 100, Integer.MIN_VALUE, Integer.MAX_VALUE, 12345};
    private static final long[] LONGS = {1, 0, -3, Long.MAX_VALUE, 0x100000000L, -77777777777L, Long.MIN_VALUE, 63};
    private static final double[] DOUBLES = {0.5, -0.0, Double.NaN, 1e18, -3.99, Double.POSITIVE_INFINITY, 7, 1e-310};

    /** Where everything is told, if it is. */
    static PrintStream out;

    /** A loader for some programs, with a name so that messages do not tell its identity. */
    private static final class Loader extends ClassLoader {
        Loader() {
            super("programs", Runner.class.getClassLoader());
        }

        Class<?> define(byte[] bytes) {
            return defineClass(null, bytes, 0, bytes.length);
        }
    }

    public static void main(String[] words) throws IOException {
        int rounds = Integer.parseInt(words[0]);
        PrintStream results = System.out;
        out = words.length > 1 ? results : null;
        DataInputStream in = new DataInputStream(System.in);
        int count = in.readInt();
        for (int n = 0; n < count; n++) {
            byte[] bytes = in.readNBytes(in.readInt());
            results.println(n + " " + run(bytes, rounds));
        }
        results.flush();
    }

    private static String run(byte[] bytes, int rounds) {
        Base program;
        try {
            program = (Base) new Loader().define(bytes).getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException | LinkageError refused) {
            return "refused " + refused;
        }
        long hash = 0;
        for (int round = 0; round < rounds; round++) {
            String outcome = round(program, round);
            hash = hash * 0x5851f42d4c957f2dL + outcome.hashCode();
            if (out != null) {
                out.println("  " + round + ": " + outcome);
            }
        }
        return Long.toHexString(hash);
    }

    private static String round(Base program, int round) {
        Base.reset(round);
        program.clear(round);
        int at = round & 7;
        int more = round >> 3 & 7;
        String outcome;
        try {
            Object object = round % 3 == 0 ? null : round % 3 == 1 ? program : new int[] {1, 2, 3};
            outcome = "= " + program.call(INTS[at], LONGS[at ^ more], (float) DOUBLES[more], DOUBLES[at], object);
        } catch (Throwable thrown) {
            outcome = describe(thrown, true);
        }
        return outcome + " ; " + Base.state(program);
    }

    /**
     * Class and message, and where in the program it was thrown. Why something was null is left out: machines know it of
     * different instructions.
     */
    static String describe(Throwable thrown, boolean withCallers) {
        StringBuilder out = new StringBuilder(thrown.getClass().getName());
        String message = thrown.getMessage();
        out.append(": ").append(message == null ? null : message.replaceAll("@[0-9a-f]+", "@").replaceAll(" because .*", ""));
        for (StackTraceElement element : thrown.getStackTrace()) {
            if (!element.getClassName().startsWith("Prog")) {
                continue;
            }
            out.append(" at ").append(element.getMethodName()).append(':').append(element.getLineNumber());
            if (!withCallers) {
                break;
            }
        }
        return out.toString();
    }

    static String text(float value) {
        return Integer.toHexString(Float.floatToIntBits(value));
    }

    static String text(double value) {
        return Long.toHexString(Double.doubleToLongBits(value));
    }

    static String text(Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof Integer || value instanceof String) {
            return value.toString();
        }
        if (value instanceof Class<?> c) {
            return c.getName();
        }
        if (value instanceof int[] a) {
            return "[I" + java.util.Arrays.hashCode(a);
        }
        if (value instanceof long[] a) {
            return "[J" + java.util.Arrays.hashCode(a);
        }
        if (value instanceof double[] a) {
            return "[D" + java.util.Arrays.hashCode(a);
        }
        if (value instanceof byte[] a) {
            return "[B" + java.util.Arrays.hashCode(a);
        }
        if (value instanceof char[] a) {
            return "[C" + java.util.Arrays.hashCode(a);
        }
        if (value instanceof Object[] a) {
            // Not what is in it: an array can be in itself.
            return "[L" + a.length;
        }
        return value.getClass().getName();
    }
}
