import java.io.FileOutputStream;
import java.lang.annotation.Annotation;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;

/**
 * What `carafe bench` runs inside the machine that it measures, carafe or java: it calls the program and tells on a side
 * channel (a file) when it began and how long each call took.
 *
 * <p>Words: SIDE CLASS list | SIDE CLASS run ARGS... | SIDE CLASS measure METHOD ITERATIONS MILLIS SAMPLE_MICROS BEANS.
 * The class file beside this source (CarafeBench.bin) is what the command contains; a test compiles it and compares.
 */
public final class CarafeBench {
    /** Results go here, so that no compiler can leave the work out. */
    static volatile Object sink;

    public static void main(String[] words) throws Throwable {
        long began = System.currentTimeMillis();
        FileOutputStream side = new FileOutputStream(words[0]);
        String name = words[1];
        ClassLoader loader = ClassLoader.getSystemClassLoader();
        switch (words[2]) {
            case "list": {
                StringBuilder out = new StringBuilder();
                for (Method method : Class.forName(name, false, loader).getDeclaredMethods()) {
                    if (isBenchmark(method)) {
                        out.append("method ").append(method.getName()).append('\n');
                    }
                }
                tell(side, out.append("end\n"));
                break;
            }
            case "run": {
                tell(side, new StringBuilder("began ").append(began).append('\n'));
                side.close();
                String[] args = new String[words.length - 3];
                System.arraycopy(words, 3, args, 0, args.length);
                Method main = Class.forName(name, true, loader).getDeclaredMethod("main", String[].class);
                main.setAccessible(true);
                try {
                    main.invoke(null, (Object) args);
                } catch (InvocationTargetException thrown) {
                    throw thrown.getCause();
                }
                break;
            }
            default:
                try {
                    measure(side, began, Class.forName(name, true, loader), words);
                } catch (InvocationTargetException thrown) {
                    throw thrown.getCause();
                }
        }
    }

    /** No parameters, and annotated with some Benchmark or named benchmark. */
    private static boolean isBenchmark(Method method) {
        if (method.getParameterCount() != 0 || method.isSynthetic()) {
            return false;
        }
        if (method.getName().equals("benchmark")) {
            return true;
        }
        return has(method, "Benchmark");
    }

    private static boolean has(Method method, String annotation) {
        for (Annotation found : method.getDeclaredAnnotations()) {
            if (found.annotationType().getSimpleName().equals(annotation)) {
                return true;
            }
        }
        return false;
    }

    private static void measure(FileOutputStream side, long began, Class<?> owner, String[] words) throws Throwable {
        Method method = owner.getDeclaredMethod(words[3]);
        method.setAccessible(true);
        int iterations = Integer.parseInt(words[4]);
        long limit = Long.parseLong(words[5]) * 1000000L;
        long enough = Long.parseLong(words[6]) * 1000L;
        Object receiver = null;
        if (!Modifier.isStatic(method.getModifiers())) {
            receiver = create(owner);
        }
        for (Method other : owner.getDeclaredMethods()) {
            boolean prepares = other.getName().equals("setUp") || has(other, "Setup");
            if (prepares && other.getParameterCount() == 0) {
                other.setAccessible(true);
                boolean isStatic = Modifier.isStatic(other.getModifiers());
                if (receiver == null && !isStatic) {
                    receiver = create(owner);
                }
                other.invoke(receiver);
            }
        }
        // A sample is as many calls as take long enough for the clock.
        long[] calls = new long[1024];
        long[] ends = new long[1024];
        int samples = 0;
        long start = System.nanoTime();
        long last = start;
        while (samples < iterations && last - start < limit) {
            long count = 0;
            long now;
            do {
                sink = method.invoke(receiver);
                count++;
                now = System.nanoTime();
            } while (now - last < enough);
            if (samples == calls.length) {
                calls = java.util.Arrays.copyOf(calls, 2 * samples);
                ends = java.util.Arrays.copyOf(ends, 2 * samples);
                // Copying is not the program's time.
                long copied = System.nanoTime() - now;
                start += copied;
                now += copied;
                last += copied;
            }
            calls[samples] = count;
            ends[samples++] = now - start;
            last = now;
        }
        StringBuilder out = new StringBuilder();
        out.append("began ").append(began).append('\n');
        for (int i = 0; i < samples; i++) {
            out.append("sample ").append(calls[i]).append(' ').append(ends[i]).append('\n');
        }
        if (words[7].equals("beans")) {
            beans(out);
        }
        tell(side, out.append("end\n"));
        side.close();
        // Threads that the program left running are not waited for.
        System.exit(0);
    }

    private static Object create(Class<?> owner) throws ReflectiveOperationException {
        Constructor<?> constructor = owner.getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }

    /** What a machine tells of its compilers only itself. */
    private static void beans(StringBuilder out) {
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        if (compiler == null) {
            return;
        }
        long code = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getName().startsWith("CodeHeap") || pool.getName().startsWith("CodeCache")) {
                code += pool.getUsage().getUsed();
            }
        }
        out.append("compiled ").append(compiler.getTotalCompilationTime()).append(' ').append(code).append('\n');
    }

    private static void tell(FileOutputStream side, StringBuilder text) throws java.io.IOException {
        side.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
