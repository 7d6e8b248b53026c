import java.util.*;

public class Main {
    static class Base {
        final String seen;
        Base(String s) { seen = s; hook(); }
        void hook() { System.out.println("Base.hook " + seen); }
    }

    static class Derived extends Base {
        final int n;
        String later = "later";
        Derived(int n) {
            if (n < 0) throw new IllegalArgumentException("negative " + n);
            this.n = n;
            String s = "n=" + n;
            for (int i = 0; i < 2; i++) s += "!";
            super(s);
            System.out.println("after super " + later);
        }
        Derived() {
            int k = new Random(1).nextInt(10);
            record Pair(int a, int b) {}
            this(new Pair(k, 2).a() + 1);
            System.out.println("after this");
        }
        Derived(int... more) {
            int sum = 0;
            for (int m : more) sum += m;
            System.out.println("summing");
            this(sum);
        }
        @Override void hook() { System.out.println("Derived.hook " + n + " " + later); }
    }

    class Inner {
        final int v;
        Inner() {
            int x = outer * 2;
            v = x;
            super();
        }
    }

    int outer = 21;

    enum E { A(3); final int d; E(int q) { int t = q * 2; d = t; } }

    public static void main(String[] args) {
        System.out.println(new Derived(5).seen);
        System.out.println(new Derived().n);
        System.out.println(new Derived(1, 2, 3).n);
        try {
            new Derived(-1);
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        System.out.println(new Main().new Inner().v + " " + E.A.d);
        var _ = new Derived(9);
        int count = 0;
        for (var _ : List.of(1, 2, 3)) count++;
        try {
            Integer.parseInt("x");
        } catch (NumberFormatException _) {
            count += 10;
        }
        java.util.function.BiFunction<Integer, Integer, Integer> first = (a, _) -> a;
        System.out.println(count + first.apply(100, 200));
    }
}
