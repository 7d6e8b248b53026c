import java.io.Closeable;
import java.io.IOException;

/** Handlers: nested, with finally, with resources, around synchronized blocks, in constructors. */
public class Tries extends Exception {
    private final Object lock = new Object();
    int count;

    Tries(String text) throws IOException {
        super(text == null ? "none" : text.trim());
        try {
            count = text.length();
        } catch (NullPointerException e) {
            count = -1;
            throw new IOException(e);
        } finally {
            count++;
        }
    }

    int nested(int[] a, int i) {
        try {
            try {
                return a[i];
            } catch (ArrayIndexOutOfBoundsException | NullPointerException e) {
                RuntimeException r = e;
                if (i < 0) throw r;
                return -1;
            } finally {
                count += i;
            }
        } catch (RuntimeException e) {
            return e.hashCode();
        }
    }

    long locked(long x) {
        synchronized (lock) {
            synchronized (this) {
                if (x > 5) return x;
            }
            x += count;
        }
        return -x;
    }

    static String resources(Closeable c) throws Tries {
        try (Closeable one = c; Closeable two = () -> { }) {
            return one + "" + two;
        } catch (IOException e) {
            try {
                throw new Tries("again");
            } catch (IOException f) {
                f.addSuppressed(e);
                return f.getMessage();
            }
        }
    }

    void loop() throws Exception {
        for (int i = 0; ; i++) {
            try {
                if (i > 3) break;
                count += 10 / i;
            } catch (ArithmeticException e) {
                continue;
            } finally {
                if (count > 100) return;
            }
        }
        throw this;
    }
}
