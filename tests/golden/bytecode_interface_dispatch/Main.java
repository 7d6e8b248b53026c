import java.util.*;
import java.util.function.*;

public class Main {
    interface Animal { int noise(int x); default int twice(int x) { return noise(noise(x)); } }
    static class A0 implements Animal { public int noise(int x) { return x + 1; } }
    static class A1 extends A0 { @Override public int noise(int x) { return super.noise(x) * 2; } }
    static class A2 extends A1 { @Override public int noise(int x) { return super.noise(x) ^ 5; } @Override public int twice(int x) { return super.twice(x) + 1; } }
    static final class A3 implements Animal { public int noise(int x) { return -x; } }
    record A4(int k) implements Animal { public int noise(int x) { return x * k; } }
    enum A5 implements Animal { ONE { public int noise(int x) { return x | 1; } }, TWO { public int noise(int x) { return x & 7; } } }
    static abstract class Abs { abstract long f(long x); long g(long x) { return f(x) + f(-x); } }
    interface I1 { int a(); } interface I2 { int b(); } interface I3 extends I1, I2 { int c(); } interface I4 extends I3, Comparable<I4> { default int compareTo(I4 o) { return c() - o.c(); } }
    static class Multi implements I4, Runnable, Iterable<Integer> { int n; Multi(int n) { this.n = n; } public int a() { return n; } public int b() { return n * 2; } public int c() { return n * 3; } public void run() { n++; } public Iterator<Integer> iterator() { return List.of(n, n).iterator(); } }

    static long mono(Animal a, int n) { long s = 0; for (int i = 0; i < n; i++) s += a.noise(i); return s; }
    static long mega(Animal[] as, int n) { long s = 0; for (int i = 0; i < n; i++) { s = s * 3 + as[i % as.length].noise(i); s ^= as[(i * 7) % as.length].twice(i & 15); } return s; }

    public static void main(String[] args) {
        Animal[] all = {new A0(), new A1(), new A2(), new A3(), new A4(3), A5.ONE, A5.TWO, x -> x - 100, new Animal() { int c; public int noise(int x) { return x + c++; } }};
        for (Animal a : all) System.out.print(mono(a, 200) + " ");
        System.out.println();
        System.out.println(mega(new Animal[] {all[0]}, 300) + " " + mega(new Animal[] {all[0], all[1]}, 300) + " " + mega(new Animal[] {all[0], all[1], all[2]}, 300) + " " + mega(all, 1000));
        Abs[] abs = {new Abs() { long f(long x) { return x * x; } }, new Abs() { long f(long x) { return x + 1; } @Override long g(long x) { return super.g(x) * 2; } }};
        long s = 0;
        for (int i = 0; i < 500; i++) s += abs[i & 1].g(i);
        System.out.println(s);
        Multi[] ms = new Multi[20];
        for (int i = 0; i < 20; i++) ms[i] = new Multi(i * 7 % 20);
        Arrays.sort(ms);
        int t = 0;
        for (Multi m : ms) {
            I1 i1 = m; I2 i2 = m; I3 i3 = m; Runnable r = m; Object o = m;
            r.run();
            t = t * 2 + i1.a() + i2.b() + i3.a() + i3.c();
            for (int x : (Iterable<Integer>) o) t += x;
        }
        System.out.println(t);
        IntUnaryOperator[] fs = new IntUnaryOperator[50];
        for (int i = 0; i < 50; i++) { int k = i; fs[i] = i % 3 == 0 ? x -> x + k : i % 3 == 1 ? x -> x * 31 : Integer::reverse; }
        int h = 1;
        for (int r = 0; r < 20; r++) for (IntUnaryOperator f : fs) h = f.applyAsInt(h);
        System.out.println(h);
        Object[] os = {"str", 5, 'c', List.of(1, 2), new int[0], 2.5, Optional.empty(), new StringBuilder("sb"), null};
        int eq = 0;
        for (Object a : os) for (Object b : os) if (Objects.equals(a, b)) eq++;
        System.out.println(eq);
        CharSequence[] cs = {"abc", new StringBuilder("abcd"), new StringBuffer("x"), java.nio.CharBuffer.wrap("hello")};
        int len = 0;
        for (int i = 0; i < 400; i++) { CharSequence c = cs[i * i % 4]; len += c.length() * c.charAt(0); }
        System.out.println(len);
    }
}
