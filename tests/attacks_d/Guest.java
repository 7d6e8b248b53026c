import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.time.ZoneId;
import java.util.*;

/** What a program makes of an odd machine. */
public class Guest {
    static void say(String text) {
        System.err.println(text);
    }

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            // Writes a little, and tells on the other stream how that went.
            case "print" -> {
                for (int i = 0; i < 3; i++) System.out.println("line " + i);
                System.out.flush();
                say("error " + System.out.checkError());
                System.exit(System.out.checkError() ? 7 : 0);
            }
            case "both" -> {
                System.out.println("out");
                System.err.println("err");
                System.exit(System.err.checkError() ? 5 : 4);
            }
            // Writes until nobody takes it any more.
            case "flood" -> {
                String line = "x".repeat(1000);
                long written = 0;
                while (!System.out.checkError() && written < 100_000_000) {
                    System.out.println(line);
                    written += 1001;
                }
                say("ended " + System.out.checkError());
                System.exit(3);
            }
            case "raw" -> {
                try (var out = new FileOutputStream(FileDescriptor.out)) {
                    byte[] block = new byte[100_000];
                    for (int i = 0; i < 100; i++) out.write(block);
                    say("written");
                } catch (IOException e) {
                    say("refused " + e.getMessage());
                }
            }
            case "throw" -> throw new IllegalStateException("uncaught");
            case "wait" -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
                System.out.println("ready");
                Thread.sleep(100_000);
            }
            case "files" -> {
                List<Closeable> open = new ArrayList<>();
                String outcome = "none";
                try {
                    for (int i = 0; i < 100_000; i++) open.add(new FileInputStream("/dev/null"));
                } catch (IOException e) {
                    outcome = e.getMessage();
                }
                // Everything that needs a descriptor fails, and nothing else.
                String process;
                try {
                    process = "" + new ProcessBuilder("true").start().waitFor();
                } catch (IOException e) {
                    process = e.getClass().getSimpleName();
                }
                String list;
                try (var all = Files.list(Path.of("/"))) {
                    list = "" + all.count();
                } catch (IOException e) {
                    list = e.getClass().getSimpleName();
                }
                boolean many = open.size() > 20;
                for (Closeable c : open) c.close();
                say(outcome + " " + many + " " + process + " " + list);
                say("again " + new ProcessBuilder("true").start().waitFor());
            }
            case "machine" -> {
                say(System.getProperty("user.home") + " " + ZoneId.systemDefault() + " " + Locale.getDefault() + " "
                    + System.getProperty("native.encoding") + " " + System.getProperty("stdout.encoding"));
            }
            case "create" -> {
                Path folder = Path.of(args[1]);
                Files.writeString(folder.resolve("file"), "x");
                Files.createDirectory(folder.resolve("folder"));
                new FileOutputStream(folder.resolve("stream").toFile()).close();
                Path temporary = Files.createTempFile(folder, "a", "b");
                for (Path path : List.of(folder.resolve("file"), folder.resolve("folder"), folder.resolve("stream"), temporary)) {
                    say(java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
                }
            }
            case "deep" -> {
                int[] depth = new int[1];
                try {
                    deep(depth);
                } catch (StackOverflowError e) {
                    say("deep " + (depth[0] > 500));
                }
            }
            case "threads" -> {
                Thread[] all = new Thread[50];
                int[] sum = new int[1];
                for (int i = 0; i < all.length; i++) {
                    all[i] = new Thread(() -> {
                        synchronized (sum) {
                            sum[0]++;
                        }
                    });
                    all[i].start();
                }
                for (Thread t : all) t.join();
                say("threads " + sum[0]);
            }
            case "input" -> {
                try {
                    say("read " + System.in.read() + " " + System.in.available());
                } catch (IOException e) {
                    say("failed " + e.getMessage());
                }
            }
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    static void deep(int[] depth) {
        depth[0]++;
        deep(depth);
    }
}
