/**
 * What random programs extend, read and write, and call. Everything here is a function of its arguments and of these fields,
 * and calls nothing that a program overrides.
 */
public class Base implements Face {
    public int i;
    public long l;
    public float f;
    public double d;
    public boolean z;
    public byte b;
    public char c;
    public short s;
    public Object o;
    public Base p;

    public static int si;
    public static long sl;
    public static float sf;
    public static double sd;
    public static boolean sz;
    public static byte sb;
    public static char sc;
    public static short ss;
    public static Object so;
    public static Base sp;
    public static volatile int vi;
    public static volatile long vl;

    /** Iterations that loops may still make. */
    public static int fuel;
    /** What was caught. */
    static long notes;

    private static final Base[] SOME = {new Base(), new Derived(), new Derived.Further()};

    public long call(int a, long b, float c, double d, Object e) {
        return 0;
    }

    public int virt(int a, long b) {
        return i + a - (int) b;
    }

    public Base self() {
        return this;
    }

    @Override
    public float face(double d, Object o) {
        return (float) d + i + (o == null ? 1 : 2);
    }

    /** Arguments of all kinds, more than there are registers for. */
    public static double many(int a, long b, float c, double d, Object e, int f, long g, double h) {
        return a + b * 3 + c - d + (e == null ? 5 : 7) + f * 11.0 + g / 13.0 + h;
    }

    public static Base pick(int n) {
        return n == 9 ? null : SOME[Integer.remainderUnsigned(n, 3)];
    }

    /** Not empty, and mostly long enough. */
    private static int length(int n) {
        return n == 13 ? 2 : 8 + (n & 7);
    }

    public static int[] ints(int n) {
        return new int[length(n)];
    }

    public static byte[] bytes(int n) {
        return new byte[length(n)];
    }

    public static char[] chars(int n) {
        return new char[length(n)];
    }

    public static long[] longs(int n) {
        return new long[length(n)];
    }

    public static double[] doubles(int n) {
        return new double[length(n)];
    }

    public static Object[] objects(int n) {
        return new Object[length(n)];
    }

    public static void mix(int value) {
        notes = notes * 31 + value;
    }

    public static void mix(long value) {
        notes = notes * 37 + value;
    }

    public static void mix(float value) {
        mix(Float.floatToIntBits(value));
    }

    public static void mix(double value) {
        mix(Double.doubleToLongBits(value));
    }

    public static void mix(Object value) {
        mix(Runner.text(value).hashCode());
    }

    public static void note(Throwable thrown) {
        String what = Runner.describe(thrown, false);
        notes = notes * 31 + what.hashCode();
        if (Runner.out != null) {
            Runner.out.println("    caught " + what);
        }
    }

    static void reset(int round) {
        si = round;
        sl = round * 0x1234567890L;
        sf = round * 0.5f;
        sd = round / 3.0;
        sz = (round & 1) != 0;
        sb = (byte) (round * 50);
        sc = (char) (round * 9999);
        ss = (short) (round * 9999);
        so = round % 3 == 0 ? null : "so" + round;
        sp = pick(round);
        vi = ~round;
        vl = ~sl;
        fuel = 300;
        notes = 0;
        for (Base base : SOME) {
            base.clear(round);
        }
    }

    final void clear(int round) {
        i = round * 7;
        l = round;
        f = -round;
        d = round * 1e9;
        z = false;
        b = 0;
        c = 0;
        s = 0;
        o = null;
        p = SOME[(round + 1) % 3];
    }

    /** All that a program can have changed, in words. */
    static String state(Base own) {
        StringBuilder out = new StringBuilder();
        out.append(si).append(' ').append(sl).append(' ').append(Runner.text(sf)).append(' ').append(Runner.text(sd));
        out.append(' ').append(sz).append(' ').append(sb).append(' ').append((int) sc).append(' ').append(ss).append(' ');
        out.append(Runner.text(so)).append(' ').append(Runner.text(sp)).append(' ').append(vi).append(' ').append(vl);
        out.append(' ').append(fuel).append(' ').append(notes);
        own.append(out);
        for (Base base : SOME) {
            base.append(out);
        }
        return out.toString();
    }

    private void append(StringBuilder out) {
        out.append('|').append(i).append(' ').append(l).append(' ').append(Runner.text(f)).append(' ').append(Runner.text(d));
        out.append(' ').append(z).append(' ').append(b).append(' ').append((int) c).append(' ').append(s).append(' ');
        out.append(Runner.text(o)).append(' ').append(Runner.text(p));
    }
}
