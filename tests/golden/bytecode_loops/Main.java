import java.util.*;

public class Main {
    static int countdown(int n) { int c = 0; while (n-- > 0) c++; return c; }
    static long longLoop(long from, long to, long step) { long s = 0; for (long l = from; step > 0 ? l < to : l > to; l += step) s += l; return s; }
    static int overflow() { int c = 0; for (int i = Integer.MAX_VALUE - 5; i > 0; i++) c++; return c; }
    static int underflow() { int c = 0; for (int i = Integer.MIN_VALUE + 3; i < 0; i--) c++; return c; }
    static int le() { int c = 0; for (int i = Integer.MAX_VALUE - 3; i <= Integer.MAX_VALUE && c < 10; i++) c++; return c; }
    static int bytes() { int c = 0; for (byte b = 0; b >= 0; b++) c++; return c; }
    static int chars() { int c = 0; for (char ch = '\ufff0'; ch != 5; ch++) c++; return c; }
    static double doubles() { int c = 0; for (double d = 0; d != 1.0 && c < 100; d += 0.1) c++; return c; }
    static int floats() { int c = 0; for (float f = 16777210f; f < 16777220f && c < 100; f++) c++; return c; }
    static long collatz(long n) { long c = 0; while (n != 1) { n = (n & 1) == 0 ? n >> 1 : 3 * n + 1; c++; } return c; }
    static int gcd(int a, int b) { while (b != 0) { int t = a % b; a = b; b = t; } return a; }
    static int state(String s) {
        int st = 0, out = 0, i = 0;
        loop:
        while (true) {
            switch (st) {
                case 0: if (i == s.length()) break loop; st = s.charAt(i++) == 'a' ? 1 : 2; continue loop;
                case 1: out += 1; st = out % 3 == 0 ? 3 : 0; break;
                case 2: out += 10;
                case 3: out *= 2; st = 0; break;
                default: throw new IllegalStateException();
            }
            if (out > 1000) out -= 997;
        }
        return out;
    }
    static int search(int[][] g, int v) {
        int visited = 0;
        outer:
        for (int[] row : g) {
            for (int x : row) {
                visited++;
                if (x == v) break outer;
                if (x < 0) continue outer;
                if (x == 99) return -visited;
            }
        }
        return visited;
    }
    static int swapCarried(int n) { int a = 0, b = 1, c = 2; for (int i = 0; i < n; i++) { int t = a; a = b; b = c; c = t + b; } return a ^ b ^ c; }
    static int bits(int x) { int n = 0; for (; x != 0; x &= x - 1, n++) ; return n; }

    public static void main(String[] args) {
        System.out.println(countdown(10) + " " + countdown(0) + " " + countdown(-5) + " " + longLoop(0, 1000, 3) + " " + longLoop(5, -20, -4) + " " + longLoop(Long.MAX_VALUE - 10, Long.MAX_VALUE - 1, 3));
        System.out.println(overflow() + " " + underflow() + " " + le() + " " + bytes() + " " + chars() + " " + doubles() + " " + floats());
        long s = 0;
        for (int i = 1; i < 300; i++) s = s * 7 + collatz(i) + gcd(i * 12, 90) + bits(i * 0x9E3779B9);
        System.out.println(s);
        System.out.println(state("abcaab") + " " + state("") + " " + state("aaaaaaaaabbbbbbbbb"));
        int[][] g = {{1, 2, -1, 50}, {3, 4, 5}, {}, {7, 99}};
        System.out.println(search(g, 2) + " " + search(g, 50) + " " + search(g, 5) + " " + search(g, 1000) + " " + swapCarried(57));
        int[] a = new int[100];
        for (int i = 0; i < a.length; i += 3) a[i] = i;
        for (int i = a.length - 1, j = 0; i > j; i--, j++) { int t = a[i]; a[i] = a[j]; a[j] = t; }
        for (int i = 1; i < a.length; i++) a[i] += a[i - 1];
        long h = 0;
        for (int x : a) h = h * 31 + x;
        System.out.println(h + " " + a[99]);
        try {
            for (int i = 0; ; i++) a[i] = i;
        } catch (ArrayIndexOutOfBoundsException e) {
            System.out.println(e.getMessage() + " " + a[99]);
        }
        try {
            for (int i = 50; ; i--) a[i] = -i;
        } catch (ArrayIndexOutOfBoundsException e) {
            System.out.println(e.getMessage() + " " + a[0] + a[1]);
        }
        boolean[] sieve = new boolean[500];
        int primes = 0;
        for (int i = 2; i < 500; i++) { if (sieve[i]) continue; primes++; for (int k = i + i; k < 500; k += i) sieve[k] = true; }
        System.out.println(primes);
        StringBuilder sb = new StringBuilder();
        for (int i = 0; i < 5; i++) for (int j = i; j < 5; j++) for (int k = j; k < 5; k++) { if ((i + j + k) % 4 == 3) continue; if (k == 4) break; sb.append(i).append(j).append(k).append(' '); }
        System.out.println(sb);
        int tri = 0, n = 0;
        do { int m = n; do { tri += m; } while (m-- > 0); } while (++n < 20);
        System.out.println(tri);
    }
}
