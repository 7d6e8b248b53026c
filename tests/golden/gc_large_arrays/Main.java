import java.util.*;

public class Main {
    public static void main(String[] args) {
        int n = Integer.getInteger("golden.scale", 300_000);
        long[] l = new long[n];
        double[] d = new double[n];
        byte[] b = new byte[n * 8];
        Object[] o = new Object[n];
        boolean[] z = new boolean[n];
        Arrays.setAll(l, i -> (long) i * i);
        Arrays.fill(d, 1.5);
        Arrays.fill(b, 7, b.length - 7, (byte) 3);
        for (int i = 0; i < n; i += 100) {
            o[i] = new int[] {i};
            z[i] = true;
        }
        System.gc();
        boolean ok = l[n - 1] == (long) (n - 1) * (n - 1) && d[n / 2] == 1.5 && b[0] == 0 && b[7] == 3 && b[b.length - 1] == 0;
        for (int i = 0; i < n; i += 100) ok &= ((int[]) o[i])[0] == i && z[i];
        System.out.println(ok);
        long[] copy = Arrays.copyOf(l, n + 10);
        System.arraycopy(copy, 0, copy, 5, n);
        System.out.println(copy[5] == 0 && copy[n + 4] == l[n - 1] && copy[4] == 16);
        System.arraycopy(o, 0, o, 100, n - 100);
        for (int i = 100; i < n; i += 100) ok &= ((int[]) o[i])[0] == i - 100;
        System.out.println(ok);
        Object[] rows = new Object[20];
        for (int r = 0; r < 200; r++) {
            rows[r % 20] = new int[n / 20 + r];
            ((int[]) rows[r % 20])[r] = r;
        }
        int sum = 0;
        for (int i = 0; i < 20; i++) sum += ((int[]) rows[i])[180 + i];
        System.out.println(sum);
        o = null;
        l = copy = null;
        System.gc();
        int[] again = new int[n * 2];
        System.out.println(again[n] + " " + Arrays.stream(again, 0, 100).sum());
        int[] shuffled = new int[n / 10];
        for (int i = 0; i < shuffled.length; i++) shuffled[i] = (int) (i * 7919L % shuffled.length);
        Arrays.sort(shuffled);
        boolean sorted = true;
        for (int i = 1; i < shuffled.length; i++) sorted &= shuffled[i - 1] <= shuffled[i];
        System.out.println(sorted);
        String big = "x".repeat(n) + "y";
        System.out.println((big.indexOf('y') == n) + " " + (big.hashCode() == new String(big.toCharArray()).hashCode()));
    }
}
