import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Classes of the JDK, or of jars, as if compiled for version 49: without StackMapTable, so that types have to be inferred. Run by hand.
 *
 * "make FOLDER VERSION [JAR]" writes all classes of a jar, or those of the running JDK outside java.*, into the folder; those
 * that need a later version (call sites, method handles, default methods) are written as they are, so that the others find
 * them. "judge FOLDER" links each class of the folder in a loader that looks there first, and prints those that are refused
 * and how many were not. The folder is then given to carafe verify, too.
 */
public class OldVersions {
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[1]);
        switch (args[0]) {
            case "make" -> {
                if (args.length == 3) {
                    var jdk = FileSystems.getFileSystem(URI.create("jrt:/"));
                    make(folder, Integer.parseInt(args[2]), jdk.getPath("modules"), 2);
                } else {
                    try (var jar = FileSystems.newFileSystem(Path.of(args[3]))) {
                        make(folder, Integer.parseInt(args[2]), jar.getPath("/"), 0);
                    }
                }
            }
            case "judge" -> judge(folder);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    static void make(Path folder, int version, Path from, int skipped) throws IOException {
        int old = 0, others = 0;
        List<Path> files;
        try (Stream<Path> all = Files.walk(from)) {
            files = all.filter(file -> file.toString().endsWith(".class")).toList();
        }
        for (Path file : files) {
            String name = file.subpath(skipped, file.getNameCount()).toString();
            if (name.startsWith("java/") || name.startsWith("META-INF/") || name.equals("module-info.class")) continue;
            byte[] bytes = Files.readAllBytes(file);
            boolean made = age(bytes, version);
            if (made) old++; else others++;
            Path to = folder.resolve(name);
            Files.createDirectories(to.getParent());
            Files.write(to, bytes);
        }
        System.out.println(old + " classes of version " + version + ", " + others + " as they were");
    }

    /** Changes a class file in place, if version 49 has all that it needs. */
    static boolean age(byte[] bytes, int version) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(bytes));
        in.readLong();
        int count = in.readUnsignedShort(), map = 0, code = 0;
        int[] utf8 = new int[count];
        for (int i = 1; i < count; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case 1 -> {
                    int at = bytes.length - in.available() + 2;
                    String text = in.readUTF();
                    if (text.equals("StackMapTable")) map = at;
                    if (text.equals("Code")) code = i;
                    utf8[i] = at;
                }
                case 3, 4, 9, 10, 11, 12 -> in.skipBytes(4);
                case 5, 6 -> {
                    in.skipBytes(8);
                    i++;
                }
                case 7, 8 -> in.skipBytes(2);
                default -> { return false; }
            }
        }
        boolean isInterface = (in.readUnsignedShort() & 0x200) != 0;
        in.skipBytes(4);
        in.skipBytes(2 * in.readUnsignedShort());
        for (int fields = in.readUnsignedShort(); fields > 0; fields--) member(in, code);
        for (int methods = in.readUnsignedShort(); methods > 0; methods--) {
            int name = member(in, code);
            if (isInterface && name > 0 && bytes[utf8[name]] != '<') return false;
        }
        if (map > 0) bytes[map] = 'X';
        bytes[4] = bytes[5] = bytes[6] = 0;
        bytes[7] = (byte) version;
        return true;
    }

    /** Skips a member; its name if it has code. */
    static int member(DataInputStream in, int code) throws IOException {
        in.skipBytes(2);
        int name = in.readUnsignedShort();
        in.skipBytes(2);
        boolean hasCode = false;
        for (int attributes = in.readUnsignedShort(); attributes > 0; attributes--) {
            hasCode |= in.readUnsignedShort() == code;
            in.skipBytes(in.readInt());
        }
        return hasCode ? name : 0;
    }

    static class Loader extends ClassLoader {
        final Path folder;

        Loader(Path folder) {
            super("old", OldVersions.class.getClassLoader());
            this.folder = folder;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            Class<?> known = findLoadedClass(name);
            if (known != null) return known;
            Path file = folder.resolve(name.replace('.', '/') + ".class");
            if (!Files.exists(file)) return super.loadClass(name, resolve);
            try {
                byte[] bytes = Files.readAllBytes(file);
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    static void judge(Path folder) throws IOException {
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        var loader = new Loader(folder);
        int accepted = 0, old = 0;
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(file -> file.toString().endsWith(".class")).sorted().toList();
        }
        for (Path file : files) {
            String path = folder.relativize(file).toString();
            try {
                // Links the class and runs none of it.
                loader.loadClass(path.substring(0, path.length() - 6).replace('/', '.'), false).getDeclaredConstructors();
                accepted++;
                if (Files.readAllBytes(file)[7] < 50) old++;
            } catch (Throwable t) {
                out.println(path + "\t" + t.toString().replace("\n", "\\n"));
            }
        }
        out.println(accepted + " of " + files.size() + " classes accepted, " + old + " of old versions among them");
    }
}
