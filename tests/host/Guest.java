package guest;

import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;

/** What the tests of the embedding API call. */
public class Guest {
    static int counter;

    public static int add(int a, int b) { return a + b; }
    public static long all(boolean z, byte b, char c, short s, int i, long j, float f, double d) {
        return (z ? 1 : 0) + b + c + s + i + j + (long) f + (long) d;
    }
    public static boolean not(boolean z) { return !z; }
    public static byte b(byte v) { return (byte) -v; }
    public static char c(char v) { return (char) (v + 1); }
    public static short s(short v) { return (short) -v; }
    public static float f(float v) { return v / 2; }
    public static double d(double v) { return v / 2; }
    public static String greet(String name) { return name == null ? null : "Hello, " + name; }
    public static byte[] reverse(byte[] bytes) {
        byte[] out = bytes.clone();
        for (int i = 0; i < out.length; i++) out[i] = bytes[bytes.length - 1 - i];
        return out;
    }
    public static int count() { return ++counter; }
    public int instance() { return 1; }

    public static void fail(String message) {
        try {
            inner(message);
        } catch (IllegalStateException e) {
            throw new RuntimeException("outer", e);
        }
    }
    static void inner(String message) { throw new IllegalStateException(message); }
    public static void hostile() { throw new Hostile(); }
    static class Hostile extends RuntimeException {
        public String getMessage() { for (;;) {} }
        public String toString() { for (;;) {} }
        public StackTraceElement[] getStackTrace() { for (;;) {} }
    }
    public static void selfCause() {
        Exception a = new Exception("a"), b = new Exception("b");
        a.initCause(b);
        b.initCause(a);
        Guest.<RuntimeException>sneak(a);
    }
    @SuppressWarnings("unchecked")
    static <T extends Throwable> void sneak(Throwable t) throws T { throw (T) t; }
    public static int npe(String s) { return s.length(); }

    public static String read(String path) throws Exception { return Files.readString(Path.of(path)); }
    public static void wrappedRead(String path) {
        try {
            Files.readString(Path.of(path));
        } catch (Exception e) {
            throw new IllegalStateException("could not", e);
        }
    }
    public static void pretend() { throw new SecurityException("read access to \"/x\" is not granted (--allow-read=/x)"); }

    public static int fill() {
        List<byte[]> all = new ArrayList<>();
        for (;;) all.add(new byte[100_000]);
    }
    public static int deep(int n) { return deep(n + 1) + 1; }
    public static void threads() { for (;;) Thread.ofPlatform().daemon().start(java.util.concurrent.locks.LockSupport::park); }
    public static void direct() {
        List<Object> all = new ArrayList<>();
        for (;;) all.add(java.nio.ByteBuffer.allocateDirect(1 << 20));
    }
    public static void spin() { for (;;) {} }
    public static void exit(int status) { System.exit(status); }
    public static void hook() { Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook"))); }
    public static void print(String text) { System.out.print(text); System.out.flush(); }
    public static String line() throws Exception {
        return new java.io.BufferedReader(new java.io.InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    }
    public static String large(int length) { return "x".repeat(length); }
    public static void main(String[] args) { System.out.println(String.join(",", args)); }

    // ---- functions of the host's ----
    public static int twice(int n) { return host.Functions.twice(n); }
    public static String shout(String text) { return host.Functions.shout(text); }
    public static byte[] bytes(byte[] in) { return host.Functions.bytes(in); }
    public static String fails() {
        try {
            host.Functions.fail();
            return "no";
        } catch (java.io.IOException e) {
            return e.getMessage();
        }
    }
    public static String failsOddly() {
        try {
            host.Functions.failOddly();
            return "no";
        } catch (RuntimeException e) {
            return e.getClass().getName() + " " + e.getMessage();
        }
    }
    public static long mixed() { return host.Functions.mixed(true, (byte) 1, 'c', (short) 2, 3, 4L, 5f, 6d); }
    public static String panics() {
        try {
            host.Functions.panic();
        } catch (Throwable t) {
            System.out.println("caught");
        } finally {
            System.out.println("finally");
        }
        return "no";
    }
    public static int nest(int depth) { return depth == 0 ? 0 : 1 + host.Functions.nest(depth - 1); }
    public static int endlessNest() {
        try {
            return host.Functions.nest(1 << 30);
        } catch (Throwable t) {
            return -1;
        }
    }
    public static void againLater() {
        Thread t = new Thread(() -> {
            try { System.in.read(); } catch (java.io.IOException e) { return; }
            host.Functions.again();
        });
        t.start();
    }
    public static int again() { return host.Functions.again(); }
    public static String sneaky(byte[] bytes) throws Exception {
        Class<?> own = new ClassLoader(null) {
            Class<?> define() { return defineClass("host.Functions", bytes, 0, bytes.length); }
        }.define();
        try {
            return "" + own.getMethod("twice", int.class).invoke(null, 2);
        } catch (java.lang.reflect.InvocationTargetException e) {
            return e.getCause().getClass().getName();
        }
    }
    public static void tooMuch() { host.Functions.shout("x".repeat(5 << 20)); }
    public static void nothing() { host.Functions.bytes(null); }
    public static boolean declared() {
        try {
            return host.Functions.twice(1) == 2;
        } catch (NoClassDefFoundError e) {
            return false;
        }
    }
}
