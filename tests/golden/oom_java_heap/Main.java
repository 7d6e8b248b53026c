import java.lang.reflect.*;
import java.util.*;

public class Main {
    interface Body { Object run() throws Throwable; }

    /** Under stress each allocation is accompanied by so many bytes, so that fewer fill the heap. */
    static final int PAD = Integer.getInteger("golden.scale", 0);
    static Object[] chain;

    /** Keeps what the body makes until there is no room for more; says what ended it. */
    static void fill(String what, Body body) {
        boolean many = false;
        Throwable end;
        try {
            // The few bytes that are left after a large chunk do not matter: all are used up in the end.
            for (int n = 0; ; n++) {
                many = n > 2;
                chain = new Object[] {chain, body.run(), new byte[PAD]};
            }
        } catch (Throwable e) {
            chain = null;
            end = e;
        }
        check(end instanceof OutOfMemoryError && end.getCause() == null && end.getStackTrace() != null, what);
        System.out.println(what + ": " + end.getMessage() + " " + many);
    }

    static void check(boolean holds, String what) { if (!holds) throw new AssertionError(what); }

    record Pair(Object a, Object b) { }

    static class Heavy implements Cloneable {
        static int made;
        final long[] data = new long[5000];
        Heavy() { made++; }
        public Object clone() throws CloneNotSupportedException { return super.clone(); }
    }

    static class Filling {
        static final List<byte[]> ALL = new ArrayList<>();
        static { fillIt(); }
        static void fillIt() {
            try {
                while (true) ALL.add(new byte[100_000]);
            } finally {
                ALL.clear();
            }
        }
    }

    // A collection that could not grow is what it was before. What is spared gives room to look at it. In methods of their
    // own, because a dead local may keep what it points to alive until its frame is gone.

    static boolean fullMap() {
        byte[] spare = new byte[1 << 20];
        HashMap<Integer, byte[]> map = new HashMap<>();
        int puts = 0;
        try {
            while (true) { map.put(puts, new byte[2000]); puts++; }
        } catch (OutOfMemoryError e) {
            spare = null;
        }
        int size = map.size(), seen = 0;
        for (var entry : map.entrySet()) { check(entry.getValue().length == 2000, "value"); seen++; }
        return (size == puts || size == puts + 1) && seen == size;
    }

    static boolean fullList() {
        byte[] spare = new byte[1 << 20];
        ArrayList<Object> grown = new ArrayList<>();
        try {
            while (true) { grown.add(grown); if (PAD > 0) grown.addAll(Collections.nCopies(PAD, grown)); }
        } catch (OutOfMemoryError e) {
            spare = null;
        }
        check(grown.get(grown.size() - 1) == grown, "last");
        return grown.size() > 1000;
    }

    static Object varargs(Object... all) { return all; }

    public static void main(String[] args) throws Exception {
        int[] one = new int[20_000];
        String text = "0123456789".repeat(1000);
        List<Integer> list = new ArrayList<>(Collections.nCopies(5000, 7));
        Constructor<Heavy> constructor = Heavy.class.getDeclaredConstructor();
        Heavy heavy = new Heavy();
        fill("objects", () -> new Pair(new Object(), new Pair(null, null)));
        fill("objects with arrays", Heavy::new);
        fill("arrays", () -> new int[3000]);
        fill("large arrays", () -> new long[100_000]);
        fill("arrays of references", () -> new Object[5000]);
        fill("two dimensions", () -> new byte[10][2000]);
        fill("three dimensions", () -> new Object[3][30][100]);
        fill("clone of an array", one::clone);
        fill("clone of an object", () -> new Object[] {heavy.clone(), new Heavy()});
        fill("copyOf", () -> Arrays.copyOf(one, 10_000));
        fill("boxes", () -> { Long[] all = new Long[500]; for (int i = 0; i < 500; i++) all[i] = i + 1000L; return all; });
        fill("strings", () -> text + text.length());
        fill("builder", () -> new StringBuilder(text).append(text).toString());
        fill("lambdas", () -> { Runnable[] all = new Runnable[500]; for (int i = 0; i < 500; i++) { int n = i; all[i] = () -> System.out.println(n); } return all; });
        fill("varargs", () -> varargs(new Object(), 5000, varargs(), new double[500]));
        fill("collections", () -> new TreeMap<>(Map.of(1, new ArrayList<>(list), 2, new HashSet<>(list))));
        fill("streams", () -> list.stream().map(i -> "n" + i).toList());
        fill("Array.newInstance", () -> Array.newInstance(int[].class, 3, 2000));
        // Reflection wraps what a constructor throws, and only that.
        Throwable end = null;
        try {
            while (true) chain = new Object[] {chain, constructor.newInstance()};
        } catch (OutOfMemoryError | InvocationTargetException e) {
            chain = null;
            end = e;
        }
        System.out.println("reflection: " + (end instanceof OutOfMemoryError ? end : end.getCause()).getMessage());
        for (int i = 0; i < 2; i++) {
            try {
                System.out.println(Filling.ALL);
            } catch (OutOfMemoryError e) {
                System.out.println("initializer: " + e.getMessage());
            } catch (NoClassDefFoundError e) {
                System.out.println("initializer again: " + e.getMessage() + "; " + e.getCause().getMessage());
            }
        }
        System.out.println("map " + fullMap());
        System.out.println("list " + fullList());
        // finally blocks run, locks are let go, and the same again works as often as one likes.
        Object lock = new Object();
        int finals = 0;
        for (int i = 0; i < 5; i++) {
            try {
                synchronized (lock) {
                    try {
                        while (true) chain = new Object[] {chain, new int[10_000]};
                    } finally {
                        chain = null;
                        finals++;
                    }
                }
            } catch (OutOfMemoryError e) {
                check(!Thread.holdsLock(lock), "still locked");
            }
        }
        System.out.println("finally " + finals);
        byte[] after = new byte[4 << 20];
        after[after.length - 1] = 7;
        System.out.println("usable " + after[after.length - 1] + (Heavy.made > 100));
    }
}
