import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** Asks for what its arguments name, one after the other, and says what came of it. */
public class Asks {
    public static void main(String[] args) throws Exception {
        for (String arg : args) {
            switch (arg) {
                case "thread" -> {
                    Thread thread = Thread.ofVirtual().name("a \"b\"\n\u202e\u001b[8m").start(() -> read("/none"));
                    thread.join();
                }
                case "random" -> attempt("random", () -> new SecureRandom().nextInt() == 0 ? "" : "bytes");
                case "load" -> attempt("load", () -> load());
                case "clock" -> attempt("clock", () -> System.currentTimeMillis() > 0 ? "time" : "");
                case "exit" -> System.exit(3);
                case "throw" -> throw new IllegalStateException("thrown");
                case "loop" -> {
                    while (true) Thread.onSpinWait();
                }
                default -> {
                    if (arg.startsWith("put:")) {
                        String path = arg.substring(4);
                        attempt("put " + path, () -> Files.writeString(Path.of(path), "put").getFileName());
                    } else if (arg.startsWith("update:")) {
                        String path = arg.substring(7);
                        attempt("update " + path, () -> {
                            try (var file = new java.io.RandomAccessFile(path, "rw")) {
                                return file.readLine();
                            }
                        });
                    } else if (arg.startsWith("env:")) {
                        attempt(arg, () -> System.getenv(arg.substring(4)));
                    } else if (arg.startsWith("connect:")) {
                        int port = Integer.parseInt(arg.substring(8));
                        attempt("connect", () -> {
                            try (var socket = new java.net.Socket("127.0.0.1", port)) {
                                return "connected";
                            }
                        });
                    } else {
                        read(arg);
                    }
                }
            }
        }
    }

    static Object load() {
        return java.lang.management.ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage() >= 0;
    }

    static void read(String path) {
        attempt("read " + path, () -> Files.readString(Path.of(path)));
    }

    static void attempt(String what, java.util.concurrent.Callable<?> attempt) {
        try {
            System.out.println(what + ": " + attempt.call());
        } catch (Throwable e) {
            System.out.println(what + ": " + e.getClass().getSimpleName());
        }
    }
}
