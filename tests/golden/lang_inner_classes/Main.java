import java.util.*;
import java.util.function.*;

public class Main {
    private int x = 1;
    private static int counter = 0;
    private int secret() { return x * 100; }

    class Inner {
        int x = 2;
        class Deep {
            int x = 3;
            String all(int x) { return x + " " + this.x + " " + Inner.this.x + " " + Main.this.x + " " + secret(); }
            void bump() { Main.this.x++; Inner.this.x += 10; counter++; }
        }
    }

    static class Nested {
        private int hidden = 7;
        private static String st = "nested static";
        private Nested() {}
    }

    abstract class Shape { String name; Shape() { name = describe(); } abstract String describe(); }

    class Base { int v; Base(int v) { this.v = v; } int get() { return v; } }
    class Derived extends Base { Derived() { super(x + 41); } int get() { return super.get() + Main.this.x; } }
    static class Outside extends Inner { Outside(Main m) { m.super(); } }

    Supplier<String> local(int p, String s) {
        int q = p * 2;
        class Local {
            String r = s + q;
            String text() { return r + p + x + new Object() { String y = "anon" + q + r; }.y; }
        }
        class Sub extends Local { String text() { return "sub " + super.text(); } }
        Local l = p > 5 ? new Sub() : new Local();
        return l::text;
    }

    interface Counter { int next(); static Counter from(int n) { return new Counter() { int c = n; public int next() { return c++; } }; } }

    static List<Runnable> loop() {
        List<Runnable> rs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int j = i;
            rs.add(new Runnable() { int own = j; public void run() { System.out.print((own++) + j + " "); } });
        }
        for (String s : List.of("a", "b")) rs.add(() -> System.out.print(s + " "));
        return rs;
    }

    public static void main(String[] args) {
        Main m = new Main();
        Main.Inner in = m.new Inner();
        Main.Inner.Deep d = in.new Deep();
        System.out.println(d.all(4));
        d.bump();
        System.out.println(d.all(5) + " " + counter);
        Nested n = new Nested();
        n.hidden++;
        n.hidden += 5;
        System.out.println(n.hidden-- + " " + Nested.st + " " + n.hidden);
        Shape s = m.new Shape() { String f = "field"; String describe() { return "f=" + f + " x=" + m.x; } };
        System.out.println(s.name + " | " + s.describe());
        System.out.println(m.new Derived().get() + " " + new Outside(m).x);
        System.out.println(m.local(2, "s").get() + " " + m.local(6, "t").get());
        Counter c1 = Counter.from(5), c2 = Counter.from(10);
        System.out.println(c1.next() + c1.next() + " " + c2.next() + " " + c1.next());
        for (int k = 0; k < 2; k++) for (Runnable r : loop()) r.run();
        System.out.println();
        try {
            Main nul = null;
            nul.new Inner();
        } catch (NullPointerException e) {
            System.out.println("no outer");
        }
        Object o = new Object() { int hits; @Override public String toString() { return "hits " + ++hits; } };
        System.out.println(o + " " + o);
        var anon = new Object() { int a = 1; int twice() { return a * 2; } };
        anon.a = 21;
        System.out.println(anon.twice());
        Comparator<String> cmp = new Comparator<>() { @Override public int compare(String p, String q) { return q.compareTo(p); } };
        System.out.println(new TreeSet<>(cmp) {{ add("a"); add("c"); add("b"); }});
        System.out.println(new int[] {1, 2}.length + new String[][] {{"x"}}[0][0] + new Object() { int f(int k) { return k < 2 ? 1 : k * f(k - 1); } }.f(5));
        for (Class<?> k : new Class<?>[] {Inner.Deep.class, Nested.class, o.getClass(), s.getClass(), Map.Entry.class}) {
            System.out.println(k.getName() + " " + k.getSimpleName() + "|" + (k.getEnclosingClass() == null ? null : k.getEnclosingClass().getName()) + " " + (k.getEnclosingMethod() == null ? null : k.getEnclosingMethod().getName()) + " " + k.isAnonymousClass() + k.isLocalClass() + k.isMemberClass());
        }
        Function<Integer, Function<Integer, Function<Integer, Integer>>> curry = a -> b -> c -> a * 100 + b * 10 + c + m.x;
        System.out.println(curry.apply(1).apply(2).apply(3));
    }
}
