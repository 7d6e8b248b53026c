import java.util.*;
import java.util.function.*;

public class Victim<T extends Comparable<T>> extends AbstractList<T> implements Supplier<String>, Cloneable {
    private static final long BIG = 0x123456789abcdefL;
    static final String TEXT = "text \u1234";
    @Deprecated protected volatile T[] items;
    enum Kind { A, B { int f() { return 2; } }; int f() { return 1; } }
    record Pair(int a, String b) {}
    sealed interface Shape permits Circle, Square {}
    static final class Circle implements Shape { double r; }
    static final class Square implements Shape { float side; }
    public T get(int i) { if (i < 0 || i >= items.length) throw new IndexOutOfBoundsException("i " + i); return items[i]; }
    public int size() { return items == null ? 0 : items.length; }
    public String get() { return TEXT + BIG; }
    static double area(Object s) {
        return switch (s) { case Circle c -> Math.PI * c.r * c.r; case Square q -> q.side * q.side; case Pair(int a, String b) when a > 3 -> a; default -> -1; };
    }
    static synchronized long loop(int n) throws Exception {
        long sum = 0; int[][] m = new int[n][3]; 
        try { outer: for (int i = 0; i < n; i++) { for (int j = 0; j < 3; j++) { m[i][j] = i * j; if (m[i][j] > 100) break outer; sum += m[i][j] ^ (i << 2); } } }
        catch (ArrayStoreException | ArithmeticException e) { sum = -1; }
        finally { synchronized (TEXT) { sum++; } }
        switch (n) { case 1: return 5; case 1000: return (byte) sum; case 100000: return (char) sum; default: }
        Function<Integer, Integer> f = x -> x + n; IntFunction<int[]> g = int[]::new;
        return sum + f.apply(3) + g.apply(2).length + (n > 2 ? 1L : (long) 2.5f) + (int) (sum % 7 == 0 ? 1.5 : 2.5e10);
    }
}
