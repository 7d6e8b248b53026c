import java.util.*;

public class Main {
    interface Shape { double area(); default String describe() { return name() + " " + area(); } String name(); }
    interface Named { default String name() { return "named"; } static Named of(String s) { return new Named() { public String name() { return s; } }; } }
    static abstract class Base implements Shape {
        private String secret() { return "base secret"; }
        String reveal() { return secret(); }
        Object self() { return "base"; }
        public String toString() { return getClass().getSimpleName() + ":" + describe(); }
    }
    static class Circle extends Base implements Named {
        double r = 2;
        public double area() { return 3 * r * r; }
        public String name() { return "circle(" + Named.super.name() + ")"; }
        private String secret() { return "circle secret"; }
        @Override String self() { return "circle " + super.self(); }
    }
    static class Small extends Circle {
        public double area() { return super.area() / 100; }
        public String describe() { return "small " + super.describe(); }
    }

    static String m(Object o) { return "Object"; }
    static String m(String s) { return "String"; }
    static String m(Integer i) { return "Integer"; }
    static String m(int i) { return "int"; }
    static String m(long l) { return "long"; }
    static String m(double d) { return "double"; }
    static String m(char c) { return "char"; }
    static String m(int... is) { return "int..." + is.length; }
    static String m(String a, Object... rest) { return "String+" + (rest == null ? "null" : rest.length); }

    static String v(String... s) { return s == null ? "null" : s.length + Arrays.toString(s); }
    static <T extends Comparable<T>> T max(T... ts) { T best = ts[0]; for (T t : ts) if (t.compareTo(best) > 0) best = t; return best; }

    static long sum9(byte a, short b, char c, int d, long e, float f, double g, boolean h, Object i) { return a + b + c + d + e + (long) f + (long) g + (h ? 1 : 0) + i.hashCode(); }
    private static int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
    static boolean even(int n) { return n == 0 || odd(n - 1); }
    static boolean odd(int n) { return n != 0 && even(n - 1); }
    private int priv(int x) { return x + 1; }
    class Inner { int call(int x) { return priv(x) * 2; } }

    public static void main(String[] args) {
        Base c = new Circle(), s = new Small();
        System.out.println(c + " | " + s);
        System.out.println(c.reveal() + " " + ((Circle) c).secret() + " " + c.self() + " " + s.self());
        Shape sh = s;
        System.out.println(sh.area() + " " + sh.describe() + " " + ((Named) sh).name() + " " + Named.of("free").name() + " " + sh.hashCode() * 0 + sh.equals(s));
        byte b = 1; short t = 2; char ch = 'x'; Integer boxed = 5; Object str = "s";
        System.out.println(m(b) + " " + m(t) + " " + m(ch) + " " + m(1L) + " " + m(1f) + " " + m(boxed) + " " + m(str) + " " + m("s") + " " + m() + " " + m(1, 2) + " " + m("q", "x") + " " + m(true) + " " + m("a", (Object[]) null) + " " + m((Object) null) + " " + m(new int[3]));
        System.out.println(v() + v("a") + v("a", "b") + v((String[]) null) + v((String) null) + v(new String[] {"z"}));
        System.out.println(max(3, 9, 4) + " " + max("p", "q"));
        System.out.println(sum9((byte) -1, (short) -2, 'A', 4, 1L << 40, 6.9f, -7.9, true, 1));
        System.out.println(fib(15) + " " + even(1000) + " " + odd(1000));
        System.out.println(new Main().new Inner().call(20));
        Object[] all = {1, "two", 3.0, 'c', List.of(1), new int[0].length, c};
        StringBuilder sb = new StringBuilder();
        for (Object o : all) {
            sb.append(o).append('/').append(o.hashCode() == o.hashCode()).append(' ');
        }
        System.out.println(sb);
        CharSequence[] seqs = {"abc", new StringBuilder("de"), java.nio.CharBuffer.wrap("fgh")};
        int total = 0;
        for (int round = 0; round < 3; round++) {
            for (CharSequence q : seqs) {
                total = total * 7 + q.length() + q.charAt(1);
            }
        }
        System.out.println(total);
        int[] arr = {3};
        System.out.println(arr.clone()[0] + " " + arr.getClass().getSimpleName() + " " + new String[0].equals(null));
        Comparator<String> cmp = Comparator.comparing(String::length);
        System.out.println(cmp.reversed().thenComparing(Comparator.naturalOrder()).compare("ab", "abc"));
    }
}
