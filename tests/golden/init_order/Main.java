import java.util.*;

public class Main {
    static List<String> log = new ArrayList<>();

    static int log(String s) {
        System.out.println(s);
        return s.length();
    }

    static class A {
        static int a = log("A static field");
        static { log("A static block"); }
        int i = log("A instance field");
        { log("A instance block"); }
        A() { this(log("A argument")); log("A()"); }
        A(int x) { log("A(int)"); hook(); }
        void hook() { log("A.hook"); }
    }

    static class B extends A {
        static { log("B static block"); }
        static int b = log("B static field");
        String s = "set";
        final String constant = "constant";
        final int notConstant = log("notConstant");
        { log("B instance block"); }
        B() { super(); log("B() " + s); }
        void hook() { log("B.hook " + s + " " + constant + " " + notConstant); }
    }

    interface WithDefault { int X = log("WithDefault.X"); default void d() {} }
    interface NoDefault { int X = log("NoDefault.X"); void e(); }
    static class C implements WithDefault, NoDefault { static { log("C"); } public void e() {} }

    static class Lazy { static { log("Lazy initialized"); } static final int CONST = 5; static final Integer BOX = 6; static void m() {} }
    static class Parent { static int p = log("Parent"); }
    static class Child extends Parent { static { log("Child"); } static int q = 1; }

    static class Cyc1 { static int x = Cyc2.y + 1; static int z = 10; }
    static class Cyc2 { static int y = Cyc1.z + 100; }

    static class Forward { static int one = two(); static int t = 7; static int two() { return t; } }
    static class Single { static final Single INSTANCE = new Single(); static int count = 5; int seen; Single() { seen = count; count++; } }
    enum Color { RED, GREEN; static { log("Color static " + RED); } Color() { log("Color " + name()); } }

    public static void main(String[] args) throws Exception {
        log("main");
        new B();
        log("again");
        new B();
        log("-- interfaces");
        new C();
        log("-- lazy");
        log("" + Lazy.CONST);
        Lazy[] arr = new Lazy[3];
        Class<?> k = Lazy.class;
        log(k.getSimpleName() + (arr instanceof Lazy[]));
        Class<?> k2 = Class.forName("Main$Lazy", false, Main.class.getClassLoader());
        log("" + (k == k2));
        log("" + Lazy.BOX);
        log("-- only parent");
        log("" + Child.p);
        log("" + Child.q);
        log("-- cycle");
        log(Cyc1.x + " " + Cyc2.y);
        log(Forward.one + " " + Forward.t);
        log(Single.INSTANCE.seen + " " + Single.count);
        log("-- enum");
        log("" + Color.values().length);
        log("-- reflection");
        Class.forName("Main$Refl");
        log("-- local record");
        record P(int x) { static int n = log("P static"); P { log("P " + x); } }
        log("" + new P(1) + P.n);
    }

    static class Refl { static { log("Refl by forName"); } }
}
