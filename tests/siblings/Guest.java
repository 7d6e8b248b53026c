import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;

/** One of two programs in the same process: what it holds, and what it can see. */
public class Guest {
    /** What both programs reach by the same name: each must have its own. */
    static List<Object> common() throws Exception {
        List<Object> all = new ArrayList<>(List.of(
                "", "a", "main", "java.lang.String", ("in" + 1).intern(), Boolean.TRUE, Boolean.FALSE, 'a', (byte) 1,
                (short) 1, 1L, System.out, System.err, System.in, Runtime.getRuntime(), Locale.ROOT, Locale.ENGLISH,
                Collections.EMPTY_LIST, List.of(), Map.of(), Optional.empty(), TimeUnit.SECONDS, StandardCharsets.UTF_8,
                System.getProperties(), ClassLoader.getSystemClassLoader(), ClassLoader.getPlatformClassLoader(),
                ForkJoinPool.commonPool(), Guest.class.getModule(), Object.class.getModule(), ModuleLayer.boot(),
                System.getenv(), int.class, int[].class, String[].class, Guest.class, StackWalker.getInstance()));
        for (int i = -128; i < 128; i++) {
            all.add(i);
        }
        for (String name : List.of("Object", "String", "Class", "Thread", "System", "Runtime", "Shutdown", "Integer",
                "Throwable", "ClassLoader", "Module", "ref.Reference", "ref.Finalizer", "ThreadGroup",
                "ApplicationShutdownHooks", "Character", "invoke.MethodHandles", "invoke.MethodType",
                "StackOverflowError", "OutOfMemoryError", "VirtualThread", "StringConcatHelper")) {
            all.add(Class.forName("java.lang." + name));
        }
        for (String name : List.of("java.io.PrintStream", "java.util.Locale", "java.util.TimeZone", "java.net.URL",
                "java.security.Security", "java.util.Random", "java.util.ResourceBundle", "java.util.concurrent.locks.LockSupport",
                "java.util.zip.ZipFile", "java.io.File", "java.nio.file.FileSystems", "java.util.Formatter")) {
            all.add(Class.forName(name));
        }
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        for (; group != null; group = group.getParent()) {
            all.add(group);
        }
        return all;
    }

    /** Takes every lock that has a name, for ever. */
    static void hold() throws Exception {
        List<Object> all = common();
        CountDownLatch taken = new CountDownLatch(1);
        Thread holder = new Thread(new ThreadGroup("secret group"), () -> holdFrom(all, 0, taken), "secret thread");
        holder.start();
        taken.await();
        // Printing would need what is held, and so would the properties.
        new java.io.FileOutputStream(java.io.FileDescriptor.out).write("holding\n".getBytes());
        Thread.sleep(Long.MAX_VALUE);
    }

    static void holdFrom(List<Object> all, int i, CountDownLatch taken) {
        if (i == all.size()) {
            taken.countDown();
            for (;;) {
                try {
                    Thread.sleep(Long.MAX_VALUE);
                } catch (InterruptedException e) {
                    continue;
                }
            }
        }
        synchronized (all.get(i)) {
            holdFrom(all, i + 1, taken);
        }
    }

    /** Takes the same locks, and uses what needs them. */
    static void use() throws Exception {
        int locks = 0;
        for (Object object : common()) {
            synchronized (object) {
                locks++;
            }
        }
        for (int i = 0; i < 1000; i++) {
            (i + " of many").intern();
            Integer.valueOf(i % 256 - 128);
        }
        System.out.println(String.format("%d %s %tY", locks > 300 ? 1 : 0, Locale.getDefault().getClass(), new java.util.Date(0)));
        Thread thread = new Thread(() -> System.out.println("a thread"));
        thread.start();
        thread.join();
        Thread.ofVirtual().start(() -> System.out.println("a virtual one")).join();
        try {
            Class.forName("no.such.Name");
        } catch (ClassNotFoundException e) {
            System.out.println(e.getMessage());
        }
        System.gc();
        System.out.println(java.util.stream.IntStream.range(0, 1000).parallel().sum());
        System.out.println(java.util.TimeZone.getTimeZone("UTC").getID() + " " + new java.net.URI("a:b").getScheme());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
    }

    static void look() throws Exception {
        StringBuilder seen = new StringBuilder();
        Thread.getAllStackTraces().forEach((thread, trace) -> seen.append(thread).append(Arrays.toString(trace)).append('\n'));
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        Thread[] threads = new Thread[1000];
        int count = root.enumerate(threads, true);
        for (int i = 0; i < count; i++) {
            seen.append(threads[i].getName()).append(' ');
        }
        ThreadGroup[] groups = new ThreadGroup[1000];
        count = root.enumerate(groups, true);
        for (int i = 0; i < count; i++) {
            seen.append(groups[i].getName()).append(' ');
        }
        List<String> frames = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE).walk(all ->
                all.map(frame -> frame.getDeclaringClass().getName()).toList());
        seen.append(frames).append('\n');
        var bean = ManagementFactory.getThreadMXBean();
        seen.append(Arrays.toString(bean.dumpAllThreads(true, true))).append('\n');
        for (var pool : ManagementFactory.getMemoryPoolMXBeans()) {
            seen.append(pool.getName()).append(' ');
        }
        seen.append(ManagementFactory.getRuntimeMXBean().getSystemProperties());
        seen.append(ManagementFactory.getRuntimeMXBean().getInputArguments());
        seen.append(System.getProperties());
        System.out.println(seen);
        System.out.println("class files " + (Guest.class.getClassLoader() != null));
    }

    /** Numbers that could be addresses, or the same for everyone. */
    static void numbers() {
        StringBuilder hashes = new StringBuilder();
        for (int i = 0; i < 64; i++) {
            hashes.append(System.identityHashCode(new Object())).append(' ');
        }
        System.out.println(hashes);
        System.out.println(new java.util.Random().nextLong());
        System.out.println(java.util.concurrent.ThreadLocalRandom.current().nextLong());
    }

    static void beat() throws Exception {
        System.out.println("beat");
        for (int i = 0; System.in.read() >= 0; i++) {
            System.out.println("beat " + i);
        }
    }

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "hold" -> {
                System.setProperty("secret", "secret property");
                hold();
            }
            case "use" -> use();
            case "look" -> look();
            case "numbers" -> numbers();
            case "beat" -> beat();
            case "pipe out" -> new java.io.FileOutputStream(args[1]).write(1);
            case "pipe channel" -> java.nio.channels.FileChannel.open(java.nio.file.Path.of(args[1]),
                    java.nio.file.StandardOpenOption.WRITE);
            case "pipe in" -> new java.io.FileInputStream(args[1]).read();
            case "pipe read" -> java.nio.file.Files.readAllBytes(java.nio.file.Path.of(args[1]));
            case "pipe file" -> new java.io.RandomAccessFile(args[1], "r").read();
            default -> throw new IllegalArgumentException(args[0]);
        }
    }
}
