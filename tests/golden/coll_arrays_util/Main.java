import java.util.*;
import java.util.stream.*;

public class Main {
    public static void main(String[] args) {
        Random r = new Random(3);
        int[] a = r.ints(600, -1000, 1000).toArray();
        int[] b = a.clone(), c = a.clone();
        Arrays.sort(a);
        Arrays.parallelSort(b);
        boolean ok = true;
        for (int i = 1; i < a.length; i++) ok &= a[i - 1] <= a[i];
        System.out.println(ok + " " + Arrays.equals(a, b) + " " + Arrays.hashCode(a) + " " + Arrays.binarySearch(a, a[77]) / 600 + " " + Arrays.binarySearch(new int[] {1, 3, 5}, 4) + Arrays.binarySearch(new int[] {1, 3, 5}, 9) + Arrays.binarySearch(new int[0], 1));
        Arrays.sort(c, 10, 20);
        System.out.println(Arrays.toString(Arrays.copyOfRange(c, 8, 22)));
        double[] d = {3, -0.0, 0.0, Double.NaN, -1, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, -0.0};
        Arrays.sort(d);
        System.out.println(Arrays.toString(d) + Arrays.binarySearch(d, -0.0) + Arrays.binarySearch(d, Double.NaN));
        byte[] bs = {5, -128, 127, 0, -1};
        char[] cs = "hello world".toCharArray();
        short[] ss = {300, -300, 0};
        long[] ls = {Long.MAX_VALUE, 0, Long.MIN_VALUE};
        float[] fs = {Float.NaN, -0f, 0f, 1};
        Arrays.sort(bs);
        Arrays.sort(cs);
        Arrays.sort(ss);
        Arrays.sort(ls);
        Arrays.sort(fs);
        System.out.println(Arrays.toString(bs) + new String(cs) + Arrays.toString(ss) + Arrays.toString(ls) + Arrays.toString(fs));
        record P(int k, int seq) {}
        P[] ps = new P[300];
        for (int i = 0; i < ps.length; i++) ps[i] = new P(r.nextInt(10), i);
        P[] qs = ps.clone();
        Arrays.sort(ps, Comparator.comparingInt(P::k));
        Arrays.parallelSort(qs, Comparator.comparingInt(P::k));
        boolean stable = true;
        for (int i = 1; i < ps.length; i++) stable &= ps[i - 1].k < ps[i].k || ps[i - 1].k == ps[i].k && ps[i - 1].seq < ps[i].seq;
        System.out.println(stable + " " + Arrays.equals(ps, qs));
        Integer[] runs = new Integer[200];
        for (int i = 0; i < 200; i++) runs[i] = i < 100 ? 100 - i : i % 7 == 0 ? -i : i;
        Arrays.sort(runs);
        System.out.println(runs[0] + " " + runs[50] + " " + runs[199]);
        try {
            Integer[] bad = new Integer[64];
            Random q = new Random(1);
            for (int i = 0; i < 64; i++) bad[i] = q.nextInt(50);
            Arrays.sort(bad, (x, y) -> x < y ? -1 : x > 20 ? 1 : -1);
            System.out.println("no complaint");
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        try {
            Arrays.sort(new Object[] {1, "a"});
        } catch (ClassCastException e) {
            System.out.println("not comparable");
        }
        try {
            Arrays.sort(new int[3], 2, 5);
        } catch (ArrayIndexOutOfBoundsException e) {
            System.out.println(e.getMessage());
        }
        try {
            Arrays.fill(new int[3], 2, 1, 0);
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        int[] p = {1, 2, 3, 4, 5};
        Arrays.parallelPrefix(p, (x, y) -> x * y);
        long[] sq = new long[5];
        Arrays.setAll(sq, i -> (long) i * i);
        String[] st = new String[3];
        Arrays.fill(st, "z");
        Arrays.parallelSetAll(st, i -> st[i] + i);
        System.out.println(Arrays.toString(p) + Arrays.toString(sq) + Arrays.toString(st) + Arrays.stream(p, 1, 3).sum());
        System.out.println(Arrays.compare(new int[] {1, 2}, new int[] {1, 3}) + " " + Arrays.compare(new int[] {1}, new int[] {1, 0}) + " " + Arrays.compareUnsigned(new byte[] {-1}, new byte[] {1}) + " " + Arrays.mismatch(new long[] {1, 2, 3}, new long[] {1, 2, 4}) + " " + Arrays.mismatch("abc".toCharArray(), "abc".toCharArray()) + " " + Arrays.compare(null, new int[0]) + " " + Arrays.equals(new int[] {9, 1, 2}, 1, 3, new int[] {1, 2}, 0, 2));
        byte[] m1 = new byte[100], m2 = new byte[100];
        m2[77] = 1;
        System.out.println(Arrays.mismatch(m1, m2) + " " + Arrays.equals(m1, m2) + " " + Arrays.mismatch(new double[] {0.0}, new double[] {-0.0}) + Arrays.equals(new double[] {Double.NaN}, new double[] {Double.NaN}) + Arrays.mismatch(new boolean[] {true}, new boolean[] {true, false}));
        Object[] deep = {1, new int[] {2, 3}, new Object[] {"x", null}}, deep2 = {1, new int[] {2, 3}, new Object[] {"x", null}};
        System.out.println(Arrays.deepEquals(deep, deep2) + " " + Arrays.equals(deep, deep2) + " " + (Arrays.deepHashCode(deep) == Arrays.deepHashCode(deep2)) + Arrays.deepToString(deep) + Arrays.toString((int[]) null));
        System.out.println(Arrays.hashCode(new byte[] {1, -1}) + " " + Arrays.hashCode(new long[] {1L << 33}) + " " + Arrays.hashCode(new Object[] {"a", null}) + " " + Arrays.hashCode("xyz".toCharArray()) + " " + Arrays.hashCode(new double[] {1.5}) + Arrays.hashCode(new boolean[] {true}) + Arrays.hashCode((int[]) null) + " " + Arrays.asList(1, 2).hashCode());
        System.out.println(Arrays.stream(new String[] {"b", "a"}).sorted().toList() + "" + Arrays.asList(new int[] {1}).size() + Arrays.asList(1, 2).contains(2));
        int[] big = IntStream.range(0, 5000).map(i -> (i * 7919) % 5003).toArray();
        Arrays.sort(big);
        System.out.println(big[0] + " " + big[2500] + " " + big[4999]);
        Collections.sort(Arrays.asList(runs), Collections.reverseOrder());
        System.out.println(runs[0] + " " + Objects.checkIndex(1, 2) + Objects.hash(1, "a", null) + Objects.toString(null, "def") + Objects.requireNonNullElse(null, 5) + Objects.compare("a", "b", Comparator.naturalOrder()) + Objects.equals(null, null));
        try {
            Objects.checkFromToIndex(2, 1, 5);
        } catch (IndexOutOfBoundsException e) {
            System.out.println(e.getMessage());
        }
    }
}
