import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Defines and links the first class of each case, every case in a loader of its own, and prints what came of it, a line per
 * case. Argument: a file with a line per case: name, the name to define the class by ("-" for none), then name and file of
 * each class, separated by tabs.
 */
public class Judge {
    static class Loader extends ClassLoader {
        final Map<String, Path> files = new HashMap<>();

        Loader() {
            super("case", Judge.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String wanted, boolean resolve) throws ClassNotFoundException {
            Path file = files.get(wanted);
            if (file == null) return super.loadClass(wanted, resolve);
            Class<?> known = findLoadedClass(wanted);
            return known != null ? known : define(wanted, file);
        }

        Class<?> define(String name, Path file) {
            byte[] bytes;
            try {
                bytes = Files.readAllBytes(file);
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            List<String> parts = List.of(line.split("\t"));
            Loader loader = new Loader();
            for (int i = 2; i < parts.size(); i += 2) loader.files.put(parts.get(i).replace('/', '.'), Path.of(parts.get(i + 1)));
            String verdict = judge(loader, parts.get(1).equals("-") ? null : parts.get(1), Path.of(parts.get(3)));
            out.println(parts.get(0) + "\t" + verdict.replace("\\", "\\\\").replace("\n", "\\n"));
        }
    }

    static String judge(Loader loader, String name, Path file) {
        Class<?> c;
        try {
            c = loader.define(name, file);
        } catch (Throwable t) {
            return "define " + tell(t);
        }
        try {
            // Links the class, runs none of it, and looks up no types but those of its constructors.
            c.getDeclaredConstructors();
        } catch (Throwable t) {
            return "link " + tell(t);
        }
        return "accepted";
    }

    /** Hash codes of the loader and its module are all that differs between two runs. */
    static String tell(Throwable t) {
        String kind = t.getClass().getName().replaceFirst("^java\\.lang\\.", "");
        return (kind + ": " + t.getMessage()).replaceAll("('case'|unnamed module) @(0x)?[0-9a-f]+", "$1 @");
    }
}
