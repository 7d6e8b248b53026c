public class Main {
    static boolean z; static byte b; static char c; static short s; static int i; static long l; static float f; static double d; static Object o; static int[] a;

    static class Base {
        String name = "base";
        static String kind = "Base";
        boolean pz = true; byte pb = -1; char pc = 'c'; short ps = -2; int pi = -3; long pl = -4; float pf = -5; double pd = -6;
        String who() { return name; }
        static String what() { return "Base.what"; }
    }

    static class Derived extends Base {
        String name = "derived";
        static String kind = "Derived";
        byte qb = 1; long ql = 2; boolean qz = true;
        String who() { return name + "/" + super.name + "/" + ((Base) this).name + "/" + super.who(); }
        static String what() { return "Derived.what"; }
    }

    interface K { int X = compute("X"); String CONST = "constant"; }
    interface K2 extends K { int Y = compute("Y"); }
    static class Impl implements K2 { static { System.out.println("Impl initialized"); } }

    static int compute(String n) {
        System.out.println("compute " + n);
        return n.length();
    }

    static final int FOLDED = 3 * 7;
    static final String JOINED = "a" + FOLDED + true + 'c' + 1.5;
    static final Integer BOXED = 99;

    static class Mixed { byte b1 = 1; long l1 = 2; byte b2 = 3; int i1 = 4; short s1 = 5; Object o1 = "six"; double d1 = 7; boolean z1 = true; char c1 = 'e'; float f1 = 9; volatile long vl = 10; transient Object t = "t"; }

    static class MixedSub extends Mixed { byte b3 = 11; Object o2 = "12"; short s2 = 13; long l2 = 14; int i2 = 15;
        String all() { return b1 + " " + l1 + " " + b2 + " " + i1 + " " + s1 + " " + o1 + " " + d1 + " " + z1 + " " + c1 + " " + f1 + " " + vl + " " + t + " " + b3 + " " + o2 + " " + s2 + " " + l2 + " " + i2; } }

    public static void main(String[] args) {
        System.out.println(z + " " + b + " " + (int) c + " " + s + " " + i + " " + l + " " + f + " " + d + " " + o + " " + a);
        z = true; b = (byte) 0x1ff; c = (char) -1; s = (short) 0x18000; i = -1; l = Long.MIN_VALUE; f = 1e-45f; d = -0.0; o = args; a = new int[0];
        System.out.println(z + " " + b + " " + (int) c + " " + s + " " + i + " " + l + " " + f + " " + d + " " + (o == args) + " " + a.length);
        Derived x = new Derived();
        Base y = x;
        System.out.println(x.name + " " + y.name + " " + ((Base) x).name + " " + y.who() + " " + x.kind + " " + y.kind + " " + Base.what() + " " + Derived.what());
        y.name = "changed";
        System.out.println(x.who() + " " + x.pz + x.pb + x.pc + x.ps + x.pi + x.pl + x.pf + x.pd + x.qb + x.ql + x.qz);
        System.out.println(Impl.CONST);
        System.out.println(Impl.Y);
        System.out.println(K.X);
        new Impl();
        System.out.println(JOINED + " " + (JOINED == "a21truec1.5") + " " + BOXED);
        MixedSub m = new MixedSub();
        System.out.println(m.all());
        m.b1 = -128; m.b2 = 127; m.b3 = 0; m.s1 = -1; m.s2 = Short.MIN_VALUE; m.l1 = Long.MAX_VALUE; m.l2 = -2; m.i1 = Integer.MIN_VALUE; m.i2 = 0; m.z1 = false; m.c1 = '\uffff'; m.f1 = Float.NaN; m.d1 = Double.MIN_VALUE; m.vl--; m.o1 = null;
        System.out.println(m.all());
        Main nul = null;
        System.out.println(nul.i + " " + nul.d);
    }
}
