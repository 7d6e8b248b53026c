package mallory;

import host.Host;
import java.io.FileInputStream;
import java.lang.ref.Cleaner;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/** Misbehaves in the way that the request names. */
public class Mallory {
    static volatile Object sink;
    static volatile int count;
    static final List<Object> kept = new ArrayList<>();

    public static String handle(String deed) throws Exception {
        switch (deed) {
            case "behave" -> { return "for once"; }
            case "loop" -> { for (;;) {} }
            case "catch everything" -> { for (;;) try { for (;;) count++; } catch (Throwable t) { Host.log("caught"); } }
            case "finally again" -> { for (;;) try { for (;;) count++; } finally { Host.log("finally"); continue; } }
            case "initializer" -> sink = Endless.x;
            case "hook" -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> { for (;;) count++; }));
                System.exit(0);
            }
            case "regex" -> Pattern.compile("(.*)".repeat(8) + "b").matcher("a".repeat(300)).matches();
            case "digits" -> sink = BigInteger.TWO.pow(50_000_000).toString();
            case "copy" -> { byte[] a = new byte[8 << 20], b = a.clone(); for (;;) System.arraycopy(a, 0, b, 0, a.length); }
            case "sleep" -> Thread.sleep(Long.MAX_VALUE);
            case "park" -> { for (;;) LockSupport.park(); }
            case "deadlock" -> {
                Thread t = new Thread(() -> { synchronized (kept) { for (;;) count++; } });
                t.start();
                while (count == 0) Thread.yield();
                synchronized (kept) { return "no"; }
            }
            case "read nothing" -> System.in.read(new byte[1]);
            case "threads" -> { for (;;) try { new Thread(() -> { for (;;) count++; }).start(); } catch (OutOfMemoryError e) { count++; } }
            case "virtual threads" -> { for (;;) Thread.startVirtualThread(() -> { for (;;) count++; }); }
            case "memory" -> { for (;;) kept.add(new byte[1000]); }
            case "memory again and again" -> { for (;;) try { for (;;) kept.add(new byte[1000]); } catch (OutOfMemoryError e) { kept.clear(); } }
            case "large arrays" -> { for (int n = 1 << 20; ; n *= 2) kept.add(new long[n]); }
            case "direct memory" -> { for (;;) kept.add(ByteBuffer.allocateDirect(1 << 20)); }
            case "recursion" -> deep(0);
            case "hash flood" -> { Map<Object, Object> m = new HashMap<>(); for (;;) m.put(new Colliding(), m); }
            case "names" -> { for (int i = 0; ; i++) kept.add(("name" + i).intern()); }
            case "cleaners" -> { Cleaner c = Cleaner.create(); for (;;) c.register(new Object(), () -> new Thread(() -> { for (;;) count++; }).start()); }
            case "output" -> { for (;;) System.out.println("buy now"); }
            case "log" -> { for (;;) Host.log("buy now"); }
            case "exit" -> System.exit(7);
            case "halt" -> Runtime.getRuntime().halt(8);
            case "secrets" -> { return Files.readString(Path.of("/etc/passwd")); }
            case "call home" -> new Socket("localhost", 80).close();
            case "environment" -> { return new String(new FileInputStream("/proc/self/environ").readAllBytes()); }
            case "library" -> System.load("/lib/evil.so");
            case "stealing" -> { return "" + Host.load("ann"); }
            case "exception" -> throw new IllegalStateException("so there");
            default -> throw new IllegalArgumentException(deed);
        }
        return "survived";
    }

    static int deep(int n) { return deep(n + 1) + 1; }

    static class Colliding { public int hashCode() { return 1; } }

    static class Endless {
        static int x;
        static { while (x >= 0) x = (x + 1) & 0xff; }
    }
}
