import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;

/** Every way to call and to reach a field: super, interface super, private, static of interfaces, signature polymorphism. */
public class Calls extends java.util.AbstractMap<String, Integer> implements Comparable<Calls>, Greets, Other {
    private static final VarHandle HANDLE;
    private volatile int field;
    static double total;
    protected long wide;

    static {
        try {
            HANDLE = MethodHandles.lookup().findVarHandle(Calls.class, "field", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @Override public String hello(int n) { return Greets.super.hello(n) + Other.super.hello(Other.one()); }

    @Override public java.util.Set<Entry<String, Integer>> entrySet() { return java.util.Set.of(); }

    @Override public int compareTo(Calls other) { return Integer.compare(field, other.field); }

    @Override protected Object clone() throws CloneNotSupportedException { return super.clone(); }

    private int secret(byte b, char c, short s, boolean z, float f) { return b + c + s + (z ? 1 : 0) + (int) f; }

    Object polymorphic(MethodHandle h, List<? super String> list) throws Throwable {
        int old = (int) HANDLE.getAndAdd(this, 3);
        HANDLE.compareAndSet(this, old, (byte) 4);
        list.add((String) h.invokeExact(old, 2L));
        h.invoke();
        return list.get(0) instanceof Calls c ? c.secret((byte) 1, 'c', (short) old, true, 1e3f) : super.get(null);
    }

    synchronized long state(Calls other) {
        other.wide = wide += other.field++ * 2L;
        total += --other.wide + wide;
        int[] counts = new int[3];
        counts[field & 1]++;
        counts[2] <<= (int) other.wide++;
        return wide >>> counts[1] ^ ~field | (wide = 5);
    }

    static native int outside(Object o);

    static strictfp Class<?>[] classes() { return new Class<?>[] {Calls.class, int[].class, Other.class, int.class}; }
}

interface Greets { default String hello(int n) { return "hello" + n; } }

interface Other { default String hello(int n) { return "other" + n; } static int one() { return 1; } }
