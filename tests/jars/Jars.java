import java.io.*;
import java.lang.reflect.*;
import java.net.*;
import java.nio.file.*;
import java.util.*;
import java.util.jar.*;
import java.util.zip.*;

/** What the library makes of each jar in a folder: opened as a zip file, read as a stream, and as a class path. */
public class Jars {
    static Path folder;

    interface Act { String of() throws Throwable; }

    static void show(String jar, String what, Act act) {
        String result;
        try {
            result = act.of();
        } catch (Throwable t) {
            StringBuilder text = new StringBuilder();
            for (; t != null; t = t.getCause()) text.append(t.getClass().getName()).append(": ").append(t.getMessage()).append("; ");
            result = text.toString().replace(folder.toString(), "");
        }
        System.out.println(jar + "|" + what + "|" + result);
    }

    static String escaped(String name) {
        StringBuilder text = new StringBuilder();
        for (char c : name.toCharArray()) if (c > ' ' && c < 127 && c != '|' && c != '%') text.append(c); else text.append(String.format("%%%04x", (int) c));
        return text.length() > 80 ? text.length() + "~" + text.substring(0, 40) : text.toString();
    }

    static String read(InputStream in) throws IOException {
        CRC32 sum = new CRC32();
        long len = 0;
        byte[] buffer = new byte[1 << 16];
        for (int n; (n = in.read(buffer)) > 0; len += n) sum.update(buffer, 0, n);
        return len + "|" + Long.toHexString(sum.getValue());
    }

    public static void main(String[] args) throws Exception {
        folder = Path.of(args[0]);
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*.jar")) { all.forEach(files::add); }
        Collections.sort(files);
        for (Path file : files) {
            String jar = file.getFileName().toString().replace(".jar", "");
            show(jar, "open", () -> {
                try (ZipFile zip = new ZipFile(file.toFile())) { return "ok " + zip.size(); }
            });
            try (ZipFile zip = new ZipFile(file.toFile())) {
                zip.stream().limit(5).forEach(entry -> show(jar, "entry", () -> {
                    ZipEntry e = zip.getEntry(entry.getName());
                    String head = escaped(entry.getName()) + "|" + e.getSize() + "|";
                    try (InputStream in = zip.getInputStream(e)) { return head + read(in); } catch (IOException x) { return head + x; }
                }));
            } catch (IOException e) {
                // Told above.
            }
            show(jar, "stream", () -> {
                int count = 0;
                try (ZipInputStream in = new ZipInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
                    StringBuilder text = new StringBuilder();
                    for (ZipEntry e; count < 3 && (e = in.getNextEntry()) != null; count++) text.append(escaped(e.getName())).append(' ').append(read(in)).append(' ');
                    return text.toString();
                }
            });
            show(jar, "load", () -> {
                try (URLClassLoader loader = new URLClassLoader(new URL[] {file.toUri().toURL()}, null)) {
                    Class<?> main = loader.loadClass("Main");
                    return main.getName() + " " + main.getMethod("who").invoke(null);
                }
            });
        }
    }
}
