import java.lang.invoke.MethodType;
import java.lang.ref.*;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.*;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.*;

/** Takes memory in the way that the argument names, until there is an error, and says which. Part C of the catalogue. */
public class Memory {
    static final List<Object> KEPT = new ArrayList<>();
    static Object[] chain;
    static volatile Object sink;

    interface Body { void run() throws Throwable; }

    public static void main(String[] args) throws Throwable {
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 1;
        String last = told(new Exception("none"));
        for (int i = 0; i < rounds; i++) {
            try {
                form(args[0]).run();
            } catch (OutOfMemoryError | StackOverflowError e) {
                KEPT.clear();
                chain = null;
                last = told(e);
            }
        }
        System.out.println(last);
        // The peak has been; whoever measures reads it from outside.
        System.out.flush();
        System.in.read();
        Runtime.getRuntime().halt(0);
    }

    /** Once before anything is full: the first concatenation at a place loads classes. */
    static String told(Throwable e) {
        return e.getClass().getName() + ": " + e.getMessage();
    }

    static Body form(String form) {
        return switch (form) {
            case "nothing" -> () -> {};
            case "arrays" -> () -> { for (;;) KEPT.add(new byte[1000]); };
            case "large arrays" -> () -> { for (int n = 1 << 16; ; n += 4096) KEPT.add(filled(n)); };
            case "doubling" -> () -> { for (int n = 1 << 10; ; n *= 2) KEPT.add(filled(n)); };
            case "huge array" -> () -> sink = new long[Integer.MAX_VALUE];
            case "many references" -> () -> sink = new Object[1 << 28];
            case "two dimensions" -> () -> KEPT.add(new int[30_000][3_000]);
            case "tiny objects" -> () -> {
                for (;;) { Object[] row = new Object[1000]; for (int i = 0; i < row.length; i++) row[i] = new Object(); KEPT.add(row); }
            };
            case "linked" -> () -> { for (;;) chain = new Object[] {chain}; };
            case "strings" -> () -> { for (int i = 0; ; i++) KEPT.add("s" + i); };
            case "intern" -> () -> { for (int i = 0; ; i++) KEPT.add(("s" + i).intern()); };
            case "weak references" -> () -> { Object o = new Object(); for (;;) KEPT.add(new WeakReference<>(o)); };
            case "soft references" -> () -> { for (;;) KEPT.add(new SoftReference<>(new byte[100])); };
            case "cleaners" -> () -> { Cleaner c = Cleaner.create(); for (;;) { Object o = new Object(); KEPT.add(o); c.register(o, () -> {}); } };
            case "resurrecting" -> () -> { for (;;) sink = new Resurrecting(); };
            case "hashes" -> () -> { for (;;) { Object o = new Object(); o.hashCode(); KEPT.add(o); } };
            case "monitors" -> () -> { for (;;) { Object o = new Object(); synchronized (o) { o.wait(0, 1); } KEPT.add(o); } };
            case "thread locals" -> () -> { for (;;) { ThreadLocal<Object> l = new ThreadLocal<>(); l.set(new byte[100]); KEPT.add(l); } };
            case "virtual threads" -> () -> { for (;;) KEPT.add(Thread.startVirtualThread(LockSupport::park)); };
            case "exceptions" -> () -> { for (;;) KEPT.add(new Exception()); };
            case "direct" -> () -> { for (;;) KEPT.add(ByteBuffer.allocateDirect(100_000)); };
            case "small direct" -> () -> { for (;;) KEPT.add(ByteBuffer.allocateDirect(16)); };
            case "deflaters" -> () -> { for (;;) { var d = new Deflater(); d.setInput(new byte[10]); d.deflate(new byte[10]); KEPT.add(d); } };
            case "inflaters" -> () -> { for (;;) { var i = new Inflater(); i.setInput(new byte[10]); try { i.inflate(new byte[10]); } catch (DataFormatException e) {} KEPT.add(i); } };
            case "method types" -> () -> {
                Class<?>[] all = {int.class, long.class, Object.class, String.class, byte.class, char.class};
                for (long n = 0; ; n++) {
                    Class<?>[] ps = new Class<?>[12];
                    long rest = n;
                    for (int i = 0; i < ps.length; i++) { ps[i] = all[(int) (rest % all.length)]; rest /= all.length; }
                    KEPT.add(MethodType.methodType(void.class, ps));
                }
            };
            case "proxies" -> () -> {
                for (;;) {
                    ClassLoader loader = new ClassLoader(Memory.class.getClassLoader()) {};
                    KEPT.add(Proxy.newProxyInstance(loader, new Class<?>[] {Runnable.class}, (p, m, a) -> null));
                }
            };
            case "loaders" -> () -> { byte[] bytes = own(); for (;;) KEPT.add(new Definer().define(bytes)); };
            case "array classes" -> () -> {
                byte[] bytes = own();
                for (;;) { Class<?> c = new Definer().define(bytes); for (int i = 0; i < 200; i++) c = c.arrayType(); KEPT.add(c); }
            };
            case "big integer" -> () -> sink = BigInteger.ONE.shiftLeft(1_000_000_000);
            case "threads" -> () -> { for (;;) Thread.ofPlatform().daemon().start(LockSupport::park); };
            case "recursion" -> () -> sink = deep(0);
            case "hash flood" -> () -> { Map<Object, Object> m = new HashMap<>(); KEPT.add(m); for (;;) m.put(new Colliding(), new byte[1000]); };
            case "locals" -> () -> {
                for (;;) { var l = new ArrayList<Object>(); for (int i = 0; i < 100_000; i++) l.add(Integer.valueOf(i + 1000)); KEPT.add(l); }
            };
            default -> throw new IllegalArgumentException(form);
        };
    }

    /** Memory that nobody writes is not resident. */
    static byte[] filled(int n) { byte[] a = new byte[n]; Arrays.fill(a, (byte) 1); return a; }

    static int deep(int n) { return deep(n + 1) + 1; }

    static class Colliding implements Comparable<Colliding> {
        static int last;
        final int n = ++last;
        public int hashCode() { return 1; }
        public int compareTo(Colliding other) { return Integer.compare(n, other.n); }
    }

    static class Resurrecting {
        final byte[] ballast = new byte[1000];
        @SuppressWarnings("removal")
        protected void finalize() { synchronized (KEPT) { KEPT.add(this); } }
    }

    static byte[] own() throws java.io.IOException {
        try (var in = Memory.class.getResourceAsStream("Memory.class")) { return in.readAllBytes(); }
    }

    static class Definer extends ClassLoader {
        Class<?> define(byte[] bytes) { return defineClass("Memory", bytes, 0, bytes.length); }
    }
}
