import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.BufferedInputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Runs damaged classes: each of a batch is defined by a loader of its own, initialized, and every constructor and method of
 * it called with simple arguments, on a thread of its own. A line each on standard output: number, what came of it, calls
 * that returned, calls that threw. What a class does to this machine is not its business: whoever started it sees to that.
 *
 * The batch comes on standard input, as Judge's of the verdicts' comparison: companions, then classes. Argument: how many to
 * skip. Exit codes: 0 after the last, 3 if a class keeps its thread waiting, 4 if there is no memory
 * left, 5 if this class itself fails.
 */
public class Runner {
    static final Map<String, byte[]> COMPANIONS = new HashMap<>();
    static final OutputStream OUT = new FileOutputStream(FileDescriptor.out);
    static final int STUCK = 3, FULL = 4, FAILED = 5;
    static final int SHARE = 20;
    static final int PATIENCE_MS = 2_000;
    static final long STACK = 256 << 10;

    static class Loader extends ClassLoader {
        final String name;
        final byte[] bytes;

        Loader(String name, byte[] bytes) {
            super("runner", ClassLoader.getPlatformClassLoader());
            this.name = name;
            this.bytes = bytes;
        }

        @Override
        protected Class<?> loadClass(String wanted, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(wanted)) {
                Class<?> known = findLoadedClass(wanted);
                if (known != null) return known;
                byte[] file = wanted.equals(name) ? bytes : COMPANIONS.get(wanted);
                return file == null ? super.loadClass(wanted, resolve) : defineClass(wanted, file, 0, file.length);
            }
        }
    }

    /** One class on its way. */
    static class Run implements Runnable {
        final String name;
        final byte[] bytes;
        int returned, threw;
        String outcome = "unfinished";
        Class<?> damaged;

        Run(String name, byte[] bytes) {
            this.name = name;
            this.bytes = bytes;
        }

        @Override
        public void run() {
            try {
                damaged = new Loader(name, bytes).loadClass(name, false);
                damaged.getDeclaredConstructors();
            } catch (Throwable t) {
                outcome = "refused";
                return;
            }
            try {
                Class.forName(name, true, damaged.getClassLoader());
                outcome = "ran";
            } catch (Throwable t) {
                outcome = "uninitialized";
            }
            try {
                for (int round = 0; round < 3; round++) {
                    int now = round;
                    Object self = make(damaged, now, 0);
                    for (Constructor<?> c : damaged.getDeclaredConstructors()) call(c, now, () -> c.newInstance(arguments(c, now)));
                    for (Method m : damaged.getDeclaredMethods()) {
                        if (!Modifier.isStatic(m.getModifiers()) && self == null) continue;
                        call(m, now, () -> m.invoke(self, arguments(m, now)));
                    }
                }
            } catch (Throwable t) {
                outcome = outcome + ", not looked through";
            }
        }

        interface Call {
            Object call() throws Throwable;
        }

        void call(Executable what, int round, Call call) {
            try {
                what.setAccessible(true);
                call.call();
                returned++;
            } catch (Throwable t) {
                threw++;
            }
        }

        Object[] arguments(Executable what, int round) {
            Class<?>[] types = what.getParameterTypes();
            Object[] arguments = new Object[types.length];
            for (int i = 0; i < types.length; i++) arguments[i] = simple(types[i], round, 0);
            return arguments;
        }

        /** An instance, by the first constructor that makes one. */
        Object make(Class<?> type, int round, int depth) {
            if (depth > 1) return null;
            try {
                if (type.isEnum()) return type.getEnumConstants()[0];
                Constructor<?>[] all = type.getDeclaredConstructors();
                Arrays.sort(all, (a, b) -> a.getParameterCount() - b.getParameterCount());
                for (Constructor<?> c : all) {
                    try {
                        c.setAccessible(true);
                        Class<?>[] types = c.getParameterTypes();
                        Object[] arguments = new Object[types.length];
                        for (int i = 0; i < types.length; i++) arguments[i] = simple(types[i], round, depth + 1);
                        return c.newInstance(arguments);
                    } catch (Throwable t) {
                        // The next one, then.
                    }
                }
            } catch (Throwable t) {
                // There is none.
            }
            return null;
        }

        Object simple(Class<?> type, int round, int depth) {
            if (type == boolean.class) return round == 1;
            if (type == byte.class) return (byte) (round == 2 ? -1 : round);
            if (type == short.class) return (short) (round == 2 ? -1 : round);
            if (type == char.class) return (char) ('0' * round);
            if (type == int.class) return round == 2 ? -1 : round * 3;
            if (type == long.class) return round == 2 ? Long.MIN_VALUE : round * 3L;
            if (type == float.class) return round == 2 ? Float.NaN : round * 1.5f;
            if (type == double.class) return round == 2 ? Double.NaN : round * 1.5;
            if (round == 0) return null;
            if (type.isArray()) {
                Object array = Array.newInstance(type.getComponentType(), 4);
                for (int i = 0; i < 4 && depth < 2; i++) Array.set(array, i, simple(type.getComponentType(), i % 3, depth + 1));
                return array;
            }
            if (type.isAssignableFrom(String.class)) return round == 1 ? "12" : "";
            if (type.isAssignableFrom(Integer.class)) return 7;
            if (type == Class.class) return damaged;
            if (type.isAssignableFrom(List.class)) return List.of("a", "b");
            if (type == Map.class) return Map.of("a", 1);
            if (type == Runnable.class) return (Runnable) () -> {};
            if (type == Supplier.class) return (Supplier<Object>) () -> "s";
            if (type == Function.class) return Function.identity();
            if (type == IntFunction.class) return (IntFunction<Object>) i -> i;
            if (type == Throwable.class || type == Exception.class) return new Exception("given");
            return make(type, round, depth);
        }
    }

    /** Some of the classes: each thread may execute only so many instructions, this one too. */
    static class Share implements Runnable {
        final DataInputStream in;
        final int first, end, skip;

        Share(DataInputStream in, int first, int end, int skip) {
            this.in = in;
            this.first = first;
            this.end = end;
            this.skip = skip;
        }

        @Override
        public void run() {
            try {
                for (int i = first; i < end; i++) {
                    Run run = new Run(in.readUTF(), in.readNBytes(in.readInt()));
                    if (i < skip) continue;
                    Thread thread = new Thread(null, run, "damaged", STACK);
                    thread.setDaemon(true);
                    thread.start();
                    thread.join(PATIENCE_MS);
                    if (thread.isAlive()) Runtime.getRuntime().halt(STUCK);
                    say(i + "\t" + run.outcome + "\t" + run.returned + "\t" + run.threw);
                }
            } catch (OutOfMemoryError e) {
                Runtime.getRuntime().halt(FULL);
            } catch (Exception e) {
                Runtime.getRuntime().halt(FAILED);
            }
        }
    }

    public static void main(String[] args) throws Exception {
        var in = new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in), 1 << 16));
        System.setIn(new ByteArrayInputStream(new byte[0]));
        var nowhere = new PrintStream(OutputStream.nullOutputStream());
        System.setOut(nowhere);
        System.setErr(nowhere);
        for (int left = in.readInt(); left > 0; left--) COMPANIONS.put(in.readUTF(), in.readNBytes(in.readInt()));
        int skip = Integer.parseInt(args[0]);
        say("ready");
        int count = in.readInt();
        for (int first = 0; first < count; first += SHARE) {
            Thread thread = new Thread(new Share(in, first, Math.min(first + SHARE, count), skip), "share");
            thread.start();
            thread.join();
        }
        Runtime.getRuntime().halt(0);
    }

    static void say(String line) throws Exception {
        OUT.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    }
}
