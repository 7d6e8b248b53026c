import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.*;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Recursion of every kind ends in a StackOverflowError that can be caught, and harms nothing. Attacks C15 to C17. */
public class Depths {
    static int reached;
    static final MethodHandle HANDLE;
    static final Method METHOD;
    static final Runnable PROXY;

    static {
        try {
            HANDLE = MethodHandles.lookup().findStatic(Depths.class, "byHandle", MethodType.methodType(void.class));
            METHOD = Depths.class.getDeclaredMethod("byReflection");
            PROXY = (Runnable) Proxy.newProxyInstance(Depths.class.getClassLoader(), new Class<?>[] {Runnable.class},
                (p, m, a) -> { byProxy(); return null; });
        } catch (ReflectiveOperationException e) {
            throw new Error(e);
        }
    }

    static void plain() { reached++; plain(); }
    static void byHandle() throws Throwable { reached++; HANDLE.invokeExact(); }
    static void byReflection() throws Exception { reached++; METHOD.invoke(null); }
    static void byProxy() { reached++; PROXY.run(); }
    static void byToString() { reached++; new Object() { public String toString() { reached++; return "" + this; } }.toString(); }
    static void byComparator() { reached++; new ArrayList<>(List.of(1, 2)).sort((a, b) -> { byComparator(); return 0; }); }
    static void byLambda() { reached++; Runnable r = Depths::byLambda; r.run(); }
    static void byLoader() throws Exception {
        reached++;
        new ClassLoader() {
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                try { byLoader(); } catch (ClassNotFoundException e) { throw e; } catch (Exception e) { throw new Error(e); }
                throw new ClassNotFoundException(name);
            }
        }.loadClass("no.such.Class");
    }
    static synchronized void bySynchronized() { reached++; bySynchronized(); }
    static void byMap() { reached++; new ConcurrentHashMap<Integer, Integer>().computeIfAbsent(1, k -> { byMap(); return 1; }); }

    interface Body { void run() throws Throwable; }

    /** Runs into the end of the stack: how deep it got. */
    public static int recurse(String kind) throws Throwable {
        Body body = switch (kind) {
            case "plain" -> Depths::plain;
            case "handle" -> Depths::byHandle;
            case "reflection" -> Depths::byReflection;
            case "proxy" -> Depths::byProxy;
            case "to string" -> Depths::byToString;
            case "comparator" -> Depths::byComparator;
            case "lambda" -> Depths::byLambda;
            case "loader" -> Depths::byLoader;
            case "synchronized" -> Depths::bySynchronized;
            case "map" -> Depths::byMap;
            default -> throw new IllegalArgumentException(kind);
        };
        reached = 0;
        try {
            body.run();
            return -1;
        } catch (Throwable t) {
            // Reflection and the like wrap it at each level.
            Throwable root = t;
            while (root.getCause() != null) root = root.getCause();
            if (!(root instanceof StackOverflowError)) throw t;
        }
        return reached;
    }

    static int initialize(int n) {
        try {
            Class.forName("Depths$Init" + n);
            return 0;
        } catch (Throwable t) {
            Throwable root = t;
            while (root.getCause() != null) root = root.getCause();
            return root instanceof StackOverflowError ? 1 : 2;
        }
    }

    /** An initializer that ends in a StackOverflowError, and what the class is afterwards. */
    public static String initializer() {
        int first = initialize(0), second = initialize(0);
        try {
            return first + " " + second + " " + Init0.x;
        } catch (NoClassDefFoundError e) {
            return first + " " + second + " erroneous";
        }
    }

    static class Init0 {
        static int x = deep(0);
        static int deep(int n) { return deep(n + 1) + 1; }
    }

    // ---- an overflow that strikes inside the library ---------------------------------------------------------------------

    static final ReentrantLock LOCK = new ReentrantLock();
    static final Map<Object, Object> MAP = new ConcurrentHashMap<>();
    static final Hashtable<Object, Object> TABLE = new Hashtable<>();

    /** Goes down to a depth, then uses the library; says whether the stack was too small for that. */
    static boolean useAt(int depth) {
        if (depth > 0) return useAt(depth - 1);
        try {
            use();
            return false;
        } catch (StackOverflowError e) {
            return true;
        }
    }

    static void use() {
        LOCK.lock();
        try {
            MAP.merge("key", 1, (a, b) -> (Integer) a + (Integer) b);
        } finally {
            LOCK.unlock();
        }
        TABLE.put("key", "value");
        synchronized (TABLE) { TABLE.size(); }
        String.format("%5.2f %s", 3.14159, List.of(1, 2, 3));
        new StringBuilder("x").append(1.5).reverse();
    }

    /** Every start depth on the last stretch of the stack; everything is used again afterwards. */
    public static String sweep() throws Exception {
        int most = 0;
        try {
            most = measure(0);
        } catch (StackOverflowError e) {
            most = reached;
        }
        int struck = 0;
        for (int depth = most * 8 / 10; depth < most; depth += 1 + most / 4000) {
            boolean over;
            try {
                over = useAt(depth);
            } catch (StackOverflowError e) {
                over = true;
            }
            if (over) struck++;
        }
        // Nobody holds anything, and all still works.
        if (LOCK.isLocked() && !LOCK.isHeldByCurrentThread()) return "lock lost";
        while (LOCK.isHeldByCurrentThread()) LOCK.unlock();
        Thread other = new Thread(Depths::use);
        other.start();
        other.join(20_000);
        return other.isAlive() ? "stuck" : struck > 0 ? "fine" : "never struck";
    }

    static int measure(int n) { reached = n; return measure(n + 1) + 1; }

    // ---- recursion by data -----------------------------------------------------------------------------------------------

    public static int longList(int length) {
        Object[] head = null;
        for (int i = 0; i < length; i++) head = new Object[] {head};
        System.gc();
        int count = 0;
        for (Object[] at = head; at != null; at = (Object[]) at[0]) count++;
        return count;
    }

    public static int causes(int depth) {
        Throwable t = new Throwable("innermost");
        for (int i = 0; i < depth; i++) t = new Throwable(null, t, false, false) {};
        Throwable again = t;
        int count = 0;
        while (again.getCause() != null) { again = again.getCause(); count++; }
        try {
            t.printStackTrace(new java.io.PrintStream(java.io.OutputStream.nullOutputStream()));
        } catch (StackOverflowError e) {
            count = -count;
        }
        return count;
    }

    /** A chain of causes leaves the call: the host tells of it without recursion. */
    public static void throwCauses(int depth) throws Throwable {
        Throwable t = new Throwable("innermost");
        for (int i = 0; i < depth; i++) t = new Throwable("level " + i, t);
        throw t;
    }

    public static int arrayDepth() {
        Class<?> c = int.class;
        int n = 0;
        try {
            for (;;) { c = c.arrayType(); n++; }
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return n;
        }
    }

    // ---- locks -----------------------------------------------------------------------------------------------------------

    public static String unowned() {
        try {
            new Object().notify();
            return "notified";
        } catch (IllegalMonitorStateException e) {
            return e.getMessage();
        }
    }

    /** Many monitors that somebody waits for, one after the other. */
    public static int contended(int count) throws Exception {
        Object[] locks = new Object[count];
        for (int i = 0; i < count; i++) locks[i] = new Object();
        int[] sum = {0};
        Thread[] threads = new Thread[4];
        for (int t = 0; t < threads.length; t++) {
            threads[t] = new Thread(() -> { for (Object lock : locks) synchronized (lock) { sum[0] += 0; lock.notifyAll(); } });
            threads[t].start();
        }
        for (Thread thread : threads) thread.join();
        for (Object lock : locks) if (Thread.holdsLock(lock)) return -1;
        return count;
    }
}
