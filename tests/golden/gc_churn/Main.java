import java.util.*;

public class Main {
    static class Cell { Object ref; long stamp; Cell next; }

    public static void main(String[] args) {
        int n = Integer.getInteger("golden.scale", 60_000);
        Cell[] old = new Cell[200];
        for (int i = 0; i < old.length; i++) {
            old[i] = new Cell();
            old[i].stamp = i - 1000;
        }
        System.gc();
        Random r = new Random(11);
        long allocated = 0;
        boolean ok = true;
        for (int i = 0; i < n; i++) {
            int k = r.nextInt(old.length);
            Cell c = old[k];
            if (c.ref instanceof long[] a) ok &= a[0] == c.stamp && a[a.length - 1] == c.stamp;
            else if (c.ref instanceof String s) ok &= s.equals("s" + c.stamp);
            else if (c.ref instanceof byte[][] b) ok &= b[1][0] == (byte) c.stamp;
            Cell fresh = new Cell();
            fresh.stamp = i;
            switch (i % 4) {
                case 0 -> { long[] a = new long[1 + r.nextInt(40)]; a[0] = a[a.length - 1] = i; fresh.ref = a; }
                case 1 -> fresh.ref = "s" + i;
                case 2 -> fresh.ref = new byte[][] {null, {(byte) i}, new byte[r.nextInt(100)]};
                default -> { fresh.ref = c; fresh.next = c.next; c.next = null; }
            }
            if (c.ref instanceof Cell d && d.ref instanceof Cell e) { ok &= d.stamp > e.stamp; d.ref = null; }
            old[k] = fresh;
            allocated++;
        }
        System.out.println(ok + " " + (allocated == n));
        byte[] big = null;
        for (int i = 0; i < 30; i++) {
            big = new byte[1 << 20];
            big[i] = (byte) i;
        }
        System.out.println(big[29] + " " + big.length);
        List<int[]> sizes = new ArrayList<>();
        for (int i = 0; i < 300; i++) sizes.add(new int[i]);
        System.gc();
        long sum = 0;
        for (int[] a : sizes) {
            for (int v : a) sum += v;
            sum += a.length;
        }
        System.out.println(sum);
    }
}
