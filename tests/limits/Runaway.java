import java.io.*;
import java.util.*;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/** Never ends by itself, in the way that the argument names. */
public class Runaway {
    static final Object LOCK = new Object();
    static volatile int sink;

    public static void main(String[] args) throws Throwable {
        System.out.println("began");
        switch (args[0]) {
            case "loop" -> { for (;;) {} }
            case "counted" -> { for (;;) for (int i = 0; i < Integer.MAX_VALUE; i++) sink = i; }
            case "initializer" -> System.out.println(Endless.x);
            case "comparator" -> new ArrayList<>(List.of(2, 1)).sort((a, b) -> { for (;;) {} });
            case "catch" -> { for (;;) try { for (;;) {} } catch (Throwable t) { System.out.println("caught"); } }
            case "finally" -> { for (;;) try { for (;;) {} } finally { System.out.println("finally"); continue; } }
            case "hook" -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> { for (;;) {} }));
                System.exit(0);
            }
            case "sleep" -> { for (;;) try { Thread.sleep(Long.MAX_VALUE); } finally { continue; } }
            case "park" -> { for (;;) LockSupport.park(); }
            case "wait" -> { synchronized (LOCK) { for (;;) LOCK.wait(); } }
            case "join" -> Thread.currentThread().join();
            case "threads" -> { for (int i = 0; i < 8; i++) new Thread(() -> { for (;;) {} }).start(); }
            case "virtual" -> { for (int i = 0; i < 100; i++) Thread.startVirtualThread(() -> { for (;;) sink++; }); for (;;) {} }
            case "regex" -> Pattern.compile("(.*)".repeat(8) + "b").matcher("a".repeat(300)).matches();
            case "arrays" -> { byte[] a = new byte[64 << 20], b = new byte[64 << 20]; for (;;) System.arraycopy(a, 0, b, 0, a.length); }
            case "digits" -> { for (;;) sink = java.math.BigInteger.TWO.pow(3_000_000).toString().length(); }
            case "allocate" -> { for (;;) sink = new byte[4096].length; }
            case "uncaught" -> {
                Thread.setDefaultUncaughtExceptionHandler((t, e) -> { for (;;) {} });
                throw new Error();
            }
            case "output" -> { for (;;) System.out.println("0123456789"); }
            case "heap" -> {
                List<byte[]> all = new ArrayList<>();
                expect(() -> { for (;;) all.add(new byte[100_000]); });
            }
            case "metaspace" -> expect(() -> {
                for (;;) new Definer().one();
            });
            case "stack" -> expect(() -> System.out.println(deep(0)));
            case "platform threads" -> expect(() -> {
                for (;;) {
                    Thread thread = new Thread(LockSupport::park);
                    thread.setDaemon(true);
                    thread.start();
                }
            });
            case "files" -> {
                List<Object> open = new ArrayList<>();
                try {
                    for (;;) open.add(new FileInputStream(args[1]));
                } catch (IOException e) {
                    System.out.println(open.size() + " " + e.getMessage());
                }
            }
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    static void expect(Runnable action) {
        try {
            action.run();
        } catch (VirtualMachineError e) {
            System.out.println(e.getClass().getName());
            System.out.flush();
            Runtime.getRuntime().halt(0);
        }
    }

    static int deep(int n) {
        return deep(n + 1) + 1;
    }

    static class Endless {
        static int x;
        static { while (x >= 0) x = (x + 1) & 0xff; }
    }

    /** Defines this very class again, in a loader of its own that stays. */
    static class Definer extends ClassLoader {
        static final List<Object> KEPT = new ArrayList<>();
        static byte[] bytes;

        void one() {
            try {
                if (bytes == null) {
                    try (InputStream in = Runaway.class.getResourceAsStream("Runaway.class")) {
                        bytes = in.readAllBytes();
                    }
                }
                KEPT.add(defineClass("Runaway", bytes, 0, bytes.length));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
