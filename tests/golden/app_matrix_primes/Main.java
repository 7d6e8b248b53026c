import java.util.*;
import java.util.stream.*;

public class Main {
    static double[][] mul(double[][] a, double[][] b) {
        int n = a.length, m = b[0].length;
        double[][] c = new double[n][m];
        for (int i = 0; i < n; i++) for (int k = 0; k < b.length; k++) for (int j = 0; j < m; j++) c[i][j] += a[i][k] * b[k][j];
        return c;
    }

    static double det(double[][] m) {
        int n = m.length;
        double[][] a = new double[n][];
        for (int i = 0; i < n; i++) a[i] = m[i].clone();
        double d = 1;
        for (int c = 0; c < n; c++) {
            int p = c;
            for (int r = c + 1; r < n; r++) if (Math.abs(a[r][c]) > Math.abs(a[p][c])) p = r;
            if (a[p][c] == 0) return 0;
            if (p != c) { double[] t = a[p]; a[p] = a[c]; a[c] = t; d = -d; }
            d *= a[c][c];
            for (int r = c + 1; r < n; r++) { double f = a[r][c] / a[c][c]; for (int k = c; k < n; k++) a[r][k] -= f * a[c][k]; }
        }
        return d;
    }

    static void fft(double[] re, double[] im) {
        int n = re.length;
        for (int i = 1, j = 0; i < n; i++) { int bit = n >> 1; for (; (j & bit) != 0; bit >>= 1) j ^= bit; j ^= bit; if (i < j) { double t = re[i]; re[i] = re[j]; re[j] = t; t = im[i]; im[i] = im[j]; im[j] = t; } }
        for (int len = 2; len <= n; len <<= 1) {
            for (int i = 0; i < n; i += len) for (int k = 0; k < len / 2; k++) {
                double ang = -2 * Math.PI * k / len, wr = StrictMath.cos(ang), wi = StrictMath.sin(ang);
                int u = i + k, v = u + len / 2;
                double xr = re[v] * wr - im[v] * wi, xi = re[v] * wi + im[v] * wr;
                re[v] = re[u] - xr; im[v] = im[u] - xi; re[u] += xr; im[u] += xi;
            }
        }
    }

    interface F { double at(double x); }

    public static void main(String[] args) {
        int n = 24;
        double[][] a = new double[n][n], id = new double[n][n];
        for (int i = 0; i < n; i++) { id[i][i] = 1; for (int j = 0; j < n; j++) a[i][j] = (i * 7 + j * 3) % 11 - 5; }
        double[][] p = mul(a, mul(a, id));
        System.out.println(Arrays.stream(p).mapToDouble(r -> Arrays.stream(r).sum()).sum() + " " + p[3][5] + " " + det(new double[][] {{2, -1, 0}, {1, 3, 2}, {0, 5, -4}}) + " " + det(new double[][] {{1, 2}, {2, 4}}) + " " + Arrays.deepToString(mul(new double[][] {{1, 2}, {3, 4}}, new double[][] {{5}, {6}})));
        long[][] fib = {{1, 1}, {1, 0}}, r = {{1, 0}, {0, 1}};
        for (int e = 80; e > 0; e >>= 1) { if ((e & 1) == 1) r = lmul(r, fib); fib = lmul(fib, fib); }
        System.out.println(r[0][1]);
        boolean[] comp = new boolean[2000];
        List<Integer> primes = new ArrayList<>();
        for (int i = 2; i < comp.length; i++) { if (comp[i]) continue; primes.add(i); for (int k = i * i; k < comp.length; k += i) comp[k] = true; }
        System.out.println(primes.size() + " " + primes.getLast() + " " + primes.stream().filter(x -> !comp[Math.min(x + 2, 1999)] && x + 2 < 2000).limit(8).toList());
        System.out.println(IntStream.range(2, 600).filter(x -> IntStream.rangeClosed(1, x / 2).filter(d -> x % d == 0).sum() == x).boxed().toList());
        int best = 0, len = 0;
        for (int s = 1; s < 600; s++) { int c = 0; for (long x = s; x != 1; c++) x = x % 2 == 0 ? x / 2 : 3 * x + 1; if (c > len) { len = c; best = s; } }
        System.out.println(best + " " + len);
        double[] re = new double[64], im = new double[64];
        for (int i = 0; i < 64; i++) re[i] = StrictMath.sin(2 * Math.PI * 5 * i / 64) + 0.5 * StrictMath.cos(2 * Math.PI * 12 * i / 64);
        fft(re, im);
        System.out.println(IntStream.range(0, 33).filter(i -> Math.hypot(re[i], im[i]) > 1).mapToObj(i -> i + ":" + Math.round(Math.hypot(re[i], im[i]))).toList());
        double x = 1;
        for (int i = 0; i < 8; i++) x -= (x * x - 2) / (2 * x);
        F f = t -> t * t * t - t + 1;
        double sum = f.at(0) + f.at(3);
        for (int i = 1; i < 100; i++) sum += f.at(i * 0.03) * (i % 2 == 0 ? 2 : 4);
        System.out.println(x + " " + Math.round(sum * 0.01 * 1e9) / 1e9);
        for (int y = -6; y <= 6; y++) {
            StringBuilder sb = new StringBuilder();
            for (int c = -20; c <= 10; c++) {
                double cr = c / 12.0, ci = y / 6.0, zr = 0, zi = 0;
                int it = 0;
                while (it < 40 && zr * zr + zi * zi < 4) { double t = zr * zr - zi * zi + cr; zi = 2 * zr * zi + ci; zr = t; it++; }
                sb.append(it == 40 ? '#' : it > 8 ? '+' : it > 4 ? '.' : ' ');
            }
            System.out.println(sb.toString().stripTrailing());
        }
        double[] xs = {1, 2, 3, 4, 5}, ys = {2.2, 4.1, 6.2, 7.9, 10.1};
        double mx = Arrays.stream(xs).average().orElse(0), my = Arrays.stream(ys).average().orElse(0), num = 0, den = 0;
        for (int i = 0; i < 5; i++) { num += (xs[i] - mx) * (ys[i] - my); den += (xs[i] - mx) * (xs[i] - mx); }
        System.out.println(num / den + " " + (my - num / den * mx));
        System.out.println(IntStream.rangeClosed(1, 30).mapToObj(i -> i % 15 == 0 ? "FizzBuzz" : i % 5 == 0 ? "Buzz" : i % 3 == 0 ? "Fizz" : "" + i).collect(Collectors.joining(" ")));
    }

    static long[][] lmul(long[][] a, long[][] b) {
        long[][] c = new long[2][2];
        for (int i = 0; i < 2; i++) for (int j = 0; j < 2; j++) for (int k = 0; k < 2; k++) c[i][j] += a[i][k] * b[k][j];
        return c;
    }
}
