import java.net.URI;
import java.nio.file.*;
import java.nio.file.attribute.FileTime;
import java.util.*;

public class Main {
    interface Work { Object run() throws Exception; }

    static void say(String what, Work work) {
        try {
            System.out.println(what + ": " + work.run());
        } catch (Throwable t) {
            System.out.println(what + " throws " + t.getClass().getName());
        }
    }

    static void list(FileSystem fs) throws Exception {
        try (var paths = Files.walk(fs.getPath("/"))) {
            for (Path p : paths.sorted(Comparator.comparing(Path::toString)).toList())
                System.out.println("  " + p + (Files.isDirectory(p) ? "" : " " + Files.size(p)));
        }
    }

    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory("zipfs"), zip = folder.resolve("a.zip");
        byte[] data = new byte[100_000];
        new Random(1).nextBytes(data);
        try (FileSystem fs = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
            Files.createDirectories(fs.getPath("/x/y"));
            Files.writeString(fs.getPath("/x/y/text"), "some text ".repeat(1000));
            Files.write(fs.getPath("/x/data"), data);
            Files.setLastModifiedTime(fs.getPath("/x/data"), FileTime.fromMillis(1_000_000_000_000L));
            say("twice", () -> Files.createDirectory(fs.getPath("/x")));
            list(fs);
        }
        System.out.println("smaller " + (Files.size(zip) < 102_000));
        try (FileSystem fs = FileSystems.newFileSystem(URI.create("jar:" + zip.toUri()), Map.of())) {
            System.out.println(Files.readString(fs.getPath("/x/y/text")).length() + " " + Arrays.equals(Files.readAllBytes(fs.getPath("x", "data")), data)
                    + " " + Files.getLastModifiedTime(fs.getPath("/x/data")));
            Files.move(fs.getPath("/x/y/text"), fs.getPath("/moved"));
            Files.copy(fs.getPath("/x/data"), folder.resolve("out"));
            Files.delete(fs.getPath("/x/y"));
            say("not empty", () -> { Files.delete(fs.getPath("/x")); return ""; });
            say("missing", () -> Files.size(fs.getPath("/none")));
            try (var channel = Files.newByteChannel(fs.getPath("/x/data"))) {
                channel.position(99_990);
                System.out.println(channel.read(java.nio.ByteBuffer.allocate(100)) + " of " + channel.size());
            }
        }
        try (FileSystem fs = FileSystems.newFileSystem(zip)) {
            list(fs);
            System.out.println(fs.isOpen() + " " + fs.isReadOnly() + " " + fs.getPath("/a/../b").normalize());
        }
        System.out.println(Arrays.equals(Files.readAllBytes(folder.resolve("out")), data));
        try (var paths = Files.walk(folder)) {
            for (Path p : paths.sorted(Comparator.reverseOrder()).toList()) Files.delete(p);
        }
    }
}
