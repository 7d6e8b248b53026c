import java.io.*;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.*;
import java.nio.file.attribute.*;
import java.util.*;

/** Tries what the first argument names, and prints what came of it: one line for each attempt. */
public class Guest {
    interface Attempt {
        Object run() throws Throwable;
    }

    static void attempt(String what, Attempt attempt) {
        String outcome;
        try {
            outcome = "gave " + attempt.run();
        } catch (Throwable t) {
            Throwable cause = t;
            for (Throwable next = t; next != null; next = next.getCause()) {
                if (next instanceof SecurityException) cause = next;
            }
            outcome = cause.getClass().getName() + ": " + cause.getMessage();
        }
        System.out.println(what + ": " + outcome);
    }

    public static void main(String[] args) throws Throwable {
        switch (args[0]) {
            case "read" -> readings(args[1]);
            case "write" -> writings(args[1], args[2]);
            case "cat" -> {
                for (int i = 1; i < args.length; i++) {
                    String path = args[i];
                    attempt("cat", () -> Files.readString(Path.of(path)));
                }
            }
            case "put" -> attempt("put", () -> Files.writeString(Path.of(args[1]), "put"));
            case "move" -> attempt("move", () -> Files.move(Path.of(args[1]), Path.of(args[2])));
            case "update" -> attempt("update", () -> {
                try (var file = new RandomAccessFile(args[1], "rw")) {
                    return file.readLine();
                }
            });
            case "race" -> race(args[1], Integer.parseInt(args[2]));
            case "again" -> again(args[1]);
            case "machine" -> machine();
            case "environment" -> {
                System.out.println(new TreeMap<>(System.getenv()));
                System.out.println(System.getenv("HOME"));
            }
            case "clock" -> {
                long first = System.currentTimeMillis(), nanos = System.nanoTime();
                Thread.sleep(30);
                System.out.println(first + " " + System.currentTimeMillis() + " " + (System.nanoTime() - nanos) / 1_000_000);
            }
            case "random" -> attempt("random", () -> {
                byte[] bytes = new byte[8];
                new java.security.SecureRandom().nextBytes(bytes);
                return HexFormat.of().formatHex(bytes);
            });
            case "native" -> natives();
            case "signal" -> attempt("signal", () -> {
                sun.misc.Signal.handle(new sun.misc.Signal("WINCH"), sun.misc.SignalHandler.SIG_IGN);
                return "handled";
            });
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    static void readings(String name) {
        File file = new File(name);
        Path path = Path.of(name);
        attempt("exists", () -> file.exists());
        attempt("length", () -> file.length());
        attempt("isDirectory", () -> file.isDirectory());
        attempt("canRead", () -> file.canRead());
        attempt("lastModified", () -> file.lastModified());
        attempt("list", () -> file.list());
        attempt("getCanonicalPath", () -> file.getCanonicalPath());
        attempt("getFreeSpace", () -> file.getFreeSpace());
        attempt("FileInputStream", () -> new FileInputStream(file).read());
        attempt("FileReader", () -> new FileReader(file).read());
        attempt("RandomAccessFile", () -> new RandomAccessFile(file, "r").read());
        attempt("Scanner", () -> new Scanner(file).next());
        attempt("FileChannel", () -> FileChannel.open(path).read(ByteBuffer.allocate(1)));
        attempt("Files.exists", () -> Files.exists(path));
        attempt("Files.notExists", () -> Files.notExists(path));
        attempt("Files.isReadable", () -> Files.isReadable(path));
        attempt("Files.size", () -> Files.size(path));
        attempt("Files.isSymbolicLink", () -> Files.isSymbolicLink(path));
        attempt("Files.readAllBytes", () -> Files.readAllBytes(path).length);
        attempt("Files.newInputStream", () -> Files.newInputStream(path).read());
        attempt("Files.list", () -> Files.list(path).count());
        attempt("Files.walk", () -> Files.walk(path).count());
        attempt("Files.readAttributes", () -> Files.readAttributes(path, "*").size());
        attempt("Files.getOwner", () -> Files.getOwner(path));
        attempt("Files.getFileStore", () -> Files.getFileStore(path).name());
        attempt("Files.readSymbolicLink", () -> Files.readSymbolicLink(path));
        attempt("toRealPath", () -> path.toRealPath());
        attempt("isSameFile", () -> Files.isSameFile(path, Path.of("/")));
        attempt("URL", () -> file.toURI().toURL().openStream().read());
        attempt("JarFile", () -> new java.util.jar.JarFile(file).size());
        attempt("Properties", () -> {
            try (Stream in = new Stream(name)) {
                return new Properties();
            }
        });
        attempt("parallel", () -> List.of(1, 2).parallelStream().map(n -> file.length()).toList());
        attempt("thread", () -> {
            Throwable[] thrown = new Throwable[1];
            Thread thread = Thread.startVirtualThread(() -> {
                try {
                    file.length();
                } catch (Throwable t) {
                    thrown[0] = t;
                }
            });
            thread.join();
            if (thrown[0] != null) throw thrown[0];
            return "nothing";
        });
    }

    /** A subclass of a trusted type has no more rights than it. */
    static class Stream extends FileInputStream {
        Stream(String name) throws IOException {
            super(name);
        }
    }

    static void writings(String present, String absent) {
        File file = new File(present), none = new File(absent);
        Path path = file.toPath(), other = none.toPath();
        attempt("createNewFile", () -> none.createNewFile());
        attempt("mkdir", () -> none.mkdir());
        attempt("mkdirs", () -> none.mkdirs());
        attempt("delete", () -> file.delete());
        attempt("renameTo", () -> file.renameTo(none));
        attempt("setReadOnly", () -> file.setReadOnly());
        attempt("setExecutable", () -> file.setExecutable(true));
        attempt("setLastModified", () -> file.setLastModified(0));
        attempt("FileOutputStream", () -> new FileOutputStream(file));
        attempt("append", () -> new FileOutputStream(file, true));
        attempt("FileWriter", () -> new FileWriter(none));
        attempt("PrintStream", () -> new PrintStream(none));
        attempt("RandomAccessFile", () -> new RandomAccessFile(none, "rw"));
        attempt("FileChannel", () -> FileChannel.open(path, StandardOpenOption.WRITE));
        attempt("Files.write", () -> Files.writeString(other, "x"));
        attempt("Files.createFile", () -> Files.createFile(other));
        attempt("Files.createDirectory", () -> Files.createDirectory(other));
        attempt("Files.createDirectories", () -> Files.createDirectories(other));
        attempt("Files.createSymbolicLink", () -> Files.createSymbolicLink(other, path));
        attempt("Files.createLink", () -> Files.createLink(other, path));
        attempt("Files.delete", () -> {
            Files.delete(path);
            return "deleted";
        });
        attempt("Files.deleteIfExists", () -> Files.deleteIfExists(path));
        attempt("Files.move", () -> Files.move(path, other));
        attempt("Files.copy", () -> Files.copy(path, other));
        attempt("Files.setLastModifiedTime", () -> Files.setLastModifiedTime(path, FileTime.fromMillis(0)));
        attempt("Files.setPosixFilePermissions", () -> Files.setPosixFilePermissions(path, Set.of()));
        attempt("Files.setAttribute", () -> Files.setAttribute(path, "unix:mode", 0));
        attempt("createTempFile", () -> File.createTempFile("xxx", null, none.getParentFile()));
        attempt("Files.createTempFile", () -> Files.createTempFile(other.getParent(), null, null));
        attempt("Files.createTempDirectory", () -> Files.createTempDirectory(other.getParent(), null));
    }

    /** Reads what has a secret's name as often as told; says what it saw. */
    static void race(String name, int times) {
        Map<String, Integer> seen = new TreeMap<>();
        Path path = Path.of(name);
        for (int i = 0; i < times; i++) {
            String got;
            try {
                got = Files.readString(path);
            } catch (Throwable t) {
                got = t.getClass().getSimpleName();
            }
            seen.merge(got, 1, Integer::sum);
        }
        System.out.println(seen.keySet());
    }

    static void again(String name) {
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            try {
                new FileInputStream(name).close();
            } catch (SecurityException e) {
                refused++;
            } catch (IOException e) {
                System.out.println(e);
            }
        }
        System.out.println("refused " + refused);
    }

    static void machine() throws Throwable {
        for (String key : List.of("user.name", "user.home", "user.dir", "user.language", "os.name", "os.version", "os.arch",
            "native.encoding", "java.io.tmpdir")) {
            System.out.println(key + "=" + System.getProperty(key));
        }
        System.out.println("country " + System.getProperty("user.country"));
        System.out.println("processors " + Runtime.getRuntime().availableProcessors());
        System.out.println("zone " + TimeZone.getDefault().getID());
        System.out.println("locale " + Locale.getDefault());
        System.out.println("environment " + System.getenv());
        System.out.println("process " + ProcessHandle.current().pid());
        System.out.println("absolute " + new File("x").getAbsolutePath());
        attempt("processes", () -> ProcessHandle.allProcesses().count());
        attempt("parent", () -> ProcessHandle.of(ProcessHandle.current().pid() + 1));
        attempt("host", () -> java.net.InetAddress.getLocalHost().getHostName());
        attempt("load", () -> java.lang.management.ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    static void natives() {
        attempt("loadLibrary", () -> {
            System.loadLibrary("evil");
            return "loaded";
        });
        attempt("load", () -> {
            System.load("/usr/lib/libevil.so");
            return "loaded";
        });
        attempt("reinterpret", () -> MemorySegment.ofAddress(4096).reinterpret(8).get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0));
        attempt("getenv", () -> System.getenv("PATH"));
        attempt("exec", () -> Runtime.getRuntime().exec(new String[] {"/bin/true"}).waitFor());
    }
}
