import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.stream.Stream;
import javax.tools.*;

/**
 * Compiles the golden programs, all in this one JVM: a javac process per program would cost more than the programs themselves.
 *
 * <p>Usage: {@code java CompileAll.java GOLDEN_DIR OUT_DIR [SUBSTRING]}. A program is a folder of GOLDEN_DIR; its sources go to
 * OUT_DIR/NAME/classes, what lies in its {@code resources} folder is copied beside them, and {@code javac.options} (one per
 * line) is passed on. OUT_DIR/NAME/stamp holds a digest of everything that went in; a program with the right stamp is left
 * alone. Exit code 1 if any program does not compile.
 *
 * <p>Not here: running the programs (golden.sh on the reference JVM, golden.rs on carafe).
 */
public class CompileAll {
    private static final JavaCompiler JAVAC = ToolProvider.getSystemJavaCompiler();
    private static final ThreadLocal<StandardJavaFileManager> FILES =
            ThreadLocal.withInitial(() -> JAVAC.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8));

    public static void main(String[] args) throws Exception {
        Path golden = Path.of(args[0]);
        Path out = Path.of(args[1]);
        String filter = args.length > 2 ? args[2] : "";
        List<Path> programs;
        try (Stream<Path> s = Files.list(golden)) {
            programs = s.filter(Files::isDirectory).filter(p -> p.getFileName().toString().contains(filter)).sorted().toList();
        }
        Map<String, String> failures = new ConcurrentSkipListMap<>();
        var fresh = new java.util.concurrent.atomic.AtomicInteger();
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            for (Path p : programs) {
                pool.submit(() -> {
                    try {
                        if (compile(p, out.resolve(p.getFileName()))) {
                            fresh.incrementAndGet();
                        }
                    } catch (Exception e) {
                        failures.put(p.getFileName().toString(), e.getMessage() == null ? e.toString() : e.getMessage());
                    }
                });
            }
        }
        failures.forEach((name, why) -> System.err.println(name + ": " + why));
        System.out.println(programs.size() + " programs, " + fresh + " compiled, " + failures.size() + " failed");
        System.exit(failures.isEmpty() ? 0 : 1);
    }

    /** Returns false when the classes were up to date. */
    private static boolean compile(Path program, Path out) throws Exception {
        List<Path> inputs;
        try (Stream<Path> s = Files.walk(program)) {
            inputs = s.filter(Files::isRegularFile).filter(p -> goesIn(program.relativize(p))).sorted().toList();
        }
        String digest = digest(program, inputs);
        Path stamp = out.resolve("stamp");
        if (Files.exists(stamp) && Files.readString(stamp).equals(digest)) {
            return false;
        }
        Path classes = out.resolve("classes");
        deleteTree(out);
        Files.createDirectories(classes);
        Path resources = program.resolve("resources");
        for (Path p : inputs) {
            if (p.startsWith(resources)) {
                Path to = classes.resolve(resources.relativize(p).toString());
                Files.createDirectories(to.getParent());
                Files.copy(p, to);
            }
        }
        List<String> options = new ArrayList<>(List.of("-d", classes.toString(), "-nowarn", "-Xlint:none", "-proc:none"));
        Path extra = program.resolve("javac.options");
        if (Files.exists(extra)) {
            options.addAll(Files.readAllLines(extra));
        }
        var messages = new DiagnosticCollector<JavaFileObject>();
        var files = FILES.get();
        List<Path> sources = inputs.stream().filter(p -> p.toString().endsWith(".java")).filter(p -> !p.startsWith(resources)).toList();
        boolean ok = JAVAC.getTask(null, files, messages, options, null, files.getJavaFileObjectsFromPaths(sources)).call();
        if (!ok) {
            StringBuilder why = new StringBuilder("does not compile");
            for (var d : messages.getDiagnostics()) {
                if (d.getKind() == Diagnostic.Kind.ERROR) {
                    why.append("\n  line ").append(d.getLineNumber()).append(": ").append(d.getMessage(Locale.ROOT));
                }
            }
            throw new IOException(why.toString());
        }
        Files.writeString(stamp, digest);
        return true;
    }

    private static boolean goesIn(Path relative) {
        return relative.startsWith("resources") || relative.toString().endsWith(".java") || relative.toString().equals("javac.options");
    }

    private static String digest(Path program, List<Path> inputs) throws Exception {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        sha.update(System.getProperty("java.vm.version").getBytes(StandardCharsets.UTF_8));
        for (Path p : inputs) {
            byte[] bytes = Files.readAllBytes(p);
            sha.update((program.relativize(p) + "\0" + bytes.length + "\0").getBytes(StandardCharsets.UTF_8));
            sha.update(bytes);
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path f, BasicFileAttributes a) throws IOException {
                Files.delete(f);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path d, IOException e) throws IOException {
                Files.delete(d);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
