import java.util.*;

public class Main {
    static class H {
        final int v;
        H(int v) { this.v = v; }
        @Override public int hashCode() { return v; }
        @Override public boolean equals(Object o) { return o instanceof H h && h.v == v; }
    }

    public static void main(String[] args) {
        int n = Integer.getInteger("golden.scale", 500);
        Object[] os = new Object[n];
        int[] hs = new int[n];
        IdentityHashMap<Object, Integer> m = new IdentityHashMap<>();
        for (int i = 0; i < n; i++) {
            os[i] = i % 3 == 0 ? new Object() : i % 3 == 1 ? new int[i % 7] : new H(5);
            hs[i] = System.identityHashCode(os[i]);
            m.put(os[i], i);
        }
        boolean stable = true, found = true;
        for (int round = 0; round < 4; round++) {
            byte[][] junk = new byte[50][];
            for (int i = 0; i < 50; i++) junk[i] = new byte[100];
            System.gc();
            for (int i = 0; i < n; i++) {
                stable &= hs[i] == System.identityHashCode(os[i]);
                found &= m.get(os[i]) == i;
                if (i % 10 == round) {
                    synchronized (os[i]) {
                        stable &= hs[i] == System.identityHashCode(os[i]);
                    }
                }
            }
        }
        System.out.println(stable + " " + found + " " + (m.size() == n));
        H a = new H(7), b = new H(7);
        System.out.println(a.equals(b) + " " + (a.hashCode() == b.hashCode()) + " " + System.identityHashCode(null) + " " + (new Object().hashCode() >= 0));
        Set<Integer> distinct = new HashSet<>();
        for (int h : hs) distinct.add(h);
        System.out.println(distinct.size() > n * 9 / 10);
        Object o = new Object();
        System.out.println(o.hashCode() == System.identityHashCode(o));
        System.out.println(o.toString().equals("java.lang.Object@" + Integer.toHexString(o.hashCode())));
        System.out.println(o.equals(o) + " " + o.equals(new Object()));
    }
}
