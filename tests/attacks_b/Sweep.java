import java.io.File;
import java.io.PrintStream;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.CopyOption;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Calls every public static method and constructor of java.base's exported packages that takes simple arguments, with
 * arguments that name something outside, and then the methods without arguments of what came of it.
 *
 * <p>Arguments: the path of a file outside, which must stay unknown, and how many sets of values are tried (1 to 4). Prints
 * what was called how often; the test watches what the process does meanwhile.
 */
public class Sweep {
    /** What ends the program or waits by definition, or takes the means to report away. */
    static final Map<String, String> LEFT_OUT = Map.ofEntries(
            Map.entry("java.lang.System.exit", "ends the program"),
            Map.entry("java.lang.Runtime.exit", "ends the program"),
            Map.entry("java.lang.Runtime.halt", "ends the program"),
            Map.entry("java.lang.System.setOut", "takes the report away"),
            Map.entry("java.lang.System.setErr", "takes the report away"),
            Map.entry("java.lang.System.setIn", "is restored by nobody"),
            Map.entry("java.lang.System.setProperties", "takes the library's own settings away"),
            Map.entry("java.lang.System.clearProperty", "takes the library's own settings away"),
            Map.entry("java.lang.Thread.sleep", "waits"),
            Map.entry("java.lang.Thread.onSpinWait", "does nothing"),
            Map.entry("java.util.concurrent.locks.LockSupport.park", "waits"),
            Map.entry("java.util.concurrent.locks.LockSupport.parkNanos", "waits"),
            Map.entry("java.util.concurrent.locks.LockSupport.parkUntil", "waits"),
            Map.entry("java.lang.Object.wait", "waits"),
            Map.entry("java.lang.Object.notify", "needs a lock and does nothing else"),
            Map.entry("java.lang.Object.notifyAll", "needs a lock and does nothing else"));

    static int called, gave, refused, threw, blocked;
    static final Map<String, Integer> OUTCOMES = new TreeMap<>();
    static final List<String> REFUSED_BY = new ArrayList<>();

    public static void main(String[] args) throws Exception {
        String outside = args[0];
        int rounds = Integer.parseInt(args[1]);
        PrintStream out = System.out;
        List<Class<?>> classes = classes();
        System.setErr(new PrintStream(java.io.OutputStream.nullOutputStream()));
        out.println("SWEEP BEGINS");
        for (Class<?> type : classes) {
            for (int round = 0; round < rounds; round++) {
                sweep(type, outside, round);
            }
        }
        out.println("SWEEP ENDS");
        OUTCOMES.forEach((what, count) -> out.println(what + " " + count));
        out.println("called " + called + " gave " + gave + " refused " + refused + " threw " + threw + " blocked " + blocked);
        REFUSED_BY.stream().distinct().sorted().forEach(name -> out.println("refused: " + name));
        out.flush();
        Runtime.getRuntime().halt(0);
    }

    static List<Class<?>> classes() throws Exception {
        List<Class<?>> classes = new ArrayList<>();
        FileSystem image = FileSystems.getFileSystem(URI.create("jrt:/"));
        for (ModuleDescriptor.Exports export : Object.class.getModule().getDescriptor().exports()) {
            if (export.isQualified()) continue;
            Path folder = image.getPath("/modules/java.base/" + export.source().replace('.', '/'));
            try (var list = Files.list(folder)) {
                for (Path file : list.sorted().toList()) {
                    String name = file.getFileName().toString();
                    if (!name.endsWith(".class")) continue;
                    String full = export.source() + "." + name.substring(0, name.length() - 6);
                    Class<?> type = Class.forName(full, false, null);
                    if (isPublic(type)) classes.add(type);
                }
            }
        }
        classes.sort((a, b) -> a.getName().compareTo(b.getName()));
        return classes;
    }

    static boolean isPublic(Class<?> type) {
        for (Class<?> c = type; c != null; c = c.getDeclaringClass()) {
            if (!Modifier.isPublic(c.getModifiers())) return false;
        }
        return true;
    }

    static void sweep(Class<?> type, String outside, int round) {
        List<Executable> members = new ArrayList<>();
        for (Method method : type.getDeclaredMethods()) {
            int modifiers = method.getModifiers();
            if (Modifier.isPublic(modifiers) && Modifier.isStatic(modifiers)) members.add(method);
        }
        if (!Modifier.isAbstract(type.getModifiers())) {
            for (Constructor<?> constructor : type.getDeclaredConstructors()) {
                if (Modifier.isPublic(constructor.getModifiers())) members.add(constructor);
            }
        }
        for (Executable member : members) {
            String name = member instanceof Method m ? type.getName() + "." + m.getName() : type.getName() + ".<init>";
            if (LEFT_OUT.containsKey(name)) continue;
            if (member.getParameterCount() == 0 && round > 0) continue;
            Object[] arguments = arguments(member.getParameterTypes(), outside, round);
            if (arguments == null) continue;
            Object result = call(name, member, null, arguments);
            if (result == null) continue;
            for (Method method : result.getClass().getMethods()) {
                String called = method.getDeclaringClass().getName() + "." + method.getName();
                if (method.getParameterCount() > 0 || Modifier.isStatic(method.getModifiers())) continue;
                if (LEFT_OUT.containsKey(called) || method.getDeclaringClass() == Object.class) continue;
                // Streams, iterators and buffers only compute.
                if (called.startsWith("java.util.stream.") || !isPublic(method.getDeclaringClass())) continue;
                call(called, method, result, new Object[0]);
            }
        }
    }

    static Object call(String name, Executable member, Object receiver, Object[] arguments) {
        called++;
        AtomicReference<Object> result = new AtomicReference<>();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread worker = new Thread(() -> {
            try {
                if (member instanceof Method method) result.set(method.invoke(receiver, arguments));
                else result.set(((Constructor<?>) member).newInstance(arguments));
            } catch (InvocationTargetException e) {
                thrown.set(e.getCause());
            } catch (Throwable e) {
                thrown.set(e);
            }
        }, "sweep");
        worker.setDaemon(true);
        worker.start();
        try {
            worker.join(500);
        } catch (InterruptedException e) {
            Thread.interrupted();
        }
        if (worker.isAlive()) {
            blocked++;
            OUTCOMES.merge("blocked: " + name, 1, Integer::sum);
            worker.interrupt();
            return null;
        }
        Throwable error = thrown.get();
        if (error == null) {
            gave++;
            return result.get();
        }
        for (Throwable e = error; e != null; e = e.getCause()) {
            if (e instanceof SecurityException && String.valueOf(e.getMessage()).contains("is not granted (--allow-")) {
                refused++;
                REFUSED_BY.add(name);
                return null;
            }
            if (e instanceof UnsatisfiedLinkError) OUTCOMES.merge("no native: " + name + " " + e.getMessage(), 1, Integer::sum);
            if (e instanceof VirtualMachineError) OUTCOMES.merge("error: " + name + " " + e, 1, Integer::sum);
        }
        threw++;
        return null;
    }

    static Object[] arguments(Class<?>[] types, String outside, int round) {
        Object[] values = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            values[i] = value(types[i], outside, round, i);
            if (values[i] == null) return null;
        }
        return values;
    }

    static Object value(Class<?> type, String outside, int round, int position) {
        int small = new int[] {0, 1, 7, -1}[round];
        if (type == int.class) return small;
        if (type == long.class) return (long) small;
        if (type == short.class) return (short) small;
        if (type == byte.class) return (byte) small;
        if (type == char.class) return (char) ('a' + small);
        if (type == boolean.class) return round % 2 == 0;
        if (type == float.class) return small / 2f;
        if (type == double.class) return small / 2.0;
        String text = new String[] {outside, "file:" + outside, "localhost", position == 0 ? outside : "r"}[round];
        if (type == String.class || type == CharSequence.class || type == Object.class) return text;
        File file = new File(outside);
        if (type == File.class) return round == 3 ? file.getParentFile() : file;
        if (type == Path.class) return round == 3 ? file.toPath().getParent() : file.toPath();
        try {
            if (type == URI.class) return round == 2 ? URI.create("http://localhost:9/") : URI.create("file:" + outside);
            if (type == URL.class) return value(URI.class, outside, round, position) instanceof URI u ? u.toURL() : null;
            if (type == InetAddress.class) return InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
        } catch (java.io.IOException e) {
            return null;
        }
        if (type == InetSocketAddress.class || type == java.net.SocketAddress.class) return new InetSocketAddress("127.0.0.1", 9 + round);
        if (type == Class.class) return Sweep.class;
        if (type == ClassLoader.class) return Sweep.class.getClassLoader();
        if (type == Module.class) return Sweep.class.getModule();
        if (type == Locale.class) return Locale.ROOT;
        if (type == Charset.class) return StandardCharsets.UTF_8;
        if (type == Duration.class) return Duration.ofMillis(1);
        if (type == TimeUnit.class) return TimeUnit.MILLISECONDS;
        if (type == Set.class) return Set.of(StandardOpenOption.READ);
        if (type == List.class) return List.of(text);
        if (type == Map.class) return Map.of();
        if (type == OpenOption[].class) return new OpenOption[] {round % 2 == 0 ? StandardOpenOption.READ : StandardOpenOption.WRITE};
        if (type == LinkOption[].class) return new LinkOption[0];
        if (type == CopyOption[].class) return new CopyOption[0];
        if (type == FileAttribute[].class) return new FileAttribute<?>[0];
        if (type.isArray()) {
            Class<?> component = type.getComponentType();
            Object one = value(component, outside, round, position);
            if (one == null || component.isArray()) return null;
            Object array = java.lang.reflect.Array.newInstance(component, 2);
            java.lang.reflect.Array.set(array, 0, one);
            java.lang.reflect.Array.set(array, 1, one);
            return array;
        }
        return null;
    }
}
