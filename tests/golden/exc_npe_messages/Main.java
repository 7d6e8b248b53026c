import java.util.function.*;

public class Main {
    Main next;
    int[] ints;
    Object obj;
    static Main st;
    static Object[] objs;
    static int[][] grid = new int[3][];
    int i;
    long lng;
    static Main make() { return null; }
    Main self(int a, String b, int[][] c, Object... d) { return null; }
    String str() { return null; }
    static int idx() { return 1; }

    static void t(Runnable r) {
        try {
            r.run();
            System.out.println("fine?");
        } catch (NullPointerException e) {
            System.out.println(e.getMessage());
        }
    }

    int field(Main p, int[] q) {
        return p.i + q[0];
    }

    void instance() {
        t(() -> System.out.println(this.next.i));
        t(() -> next.next.next.i = 3);
        t(() -> ints[0]++);
        try {
            int x = next.i;
        } catch (NullPointerException e) {
            System.out.println(e.getMessage());
        }
        try {
            this.next.self(1, "", null).next = null;
        } catch (NullPointerException e) {
            System.out.println(e.getMessage());
        }
        try {
            field(this, null);
        } catch (NullPointerException e) {
            System.out.println(e.getMessage());
        }
        try {
            field(null, null);
        } catch (NullPointerException e) {
            System.out.println(e.getMessage());
        }
    }

    public static void main(String[] args) {
        Main m = new Main();
        t(() -> { byte[] a = null; a[0] = 1; });
        t(() -> { boolean[] a = null; a[0] = true; });
        t(() -> { char[] a = null; a[0] = 'c'; });
        t(() -> { short[] a = null; a[0] = 1; });
        t(() -> { int[] a = null; a[0] = 1; });
        t(() -> { long[] a = null; a[0] = 1; });
        t(() -> { float[] a = null; a[0] = 1; });
        t(() -> { double[] a = null; a[0] = 1; });
        t(() -> { Object[] a = null; a[0] = 1; });
        t(() -> { byte[] a = null; System.out.println(a[0]); });
        t(() -> { boolean[] a = null; System.out.println(a[1]); });
        t(() -> { char[] a = null; System.out.println(a[2]); });
        t(() -> { short[] a = null; System.out.println(a[3]); });
        t(() -> { int[] a = null; System.out.println(a[100]); });
        t(() -> { long[] a = null; System.out.println(a[1000]); });
        t(() -> { float[] a = null; System.out.println(a[100000]); });
        t(() -> { double[] a = null; int k = 2; System.out.println(a[k]); });
        t(() -> { Object[] a = null; System.out.println(a[idx()]); });
        t(() -> { Object[] a = null; System.out.println(a.length); });
        t(() -> { throw null; });
        t(() -> { RuntimeException e = null; throw e; });
        t(() -> { synchronized (make()) { } });
        t(() -> System.out.println(st.i));
        t(() -> st.next.i++);
        t(() -> st.lng = 5);
        t(() -> System.out.println(make().lng));
        t(() -> make().str());
        t(() -> new Main().str().length());
        t(() -> new Main().next.str());
        t(() -> m.self(1, "x", null).str().length());
        t(() -> m.next.next.next.next.next.next.str());
        t(() -> grid[2][1] = 0);
        t(() -> grid[idx()][idx()]++);
        t(() -> grid[1 + 1][0] = 0);
        t(() -> System.out.println(grid[grid.length - 1].length));
        t(() -> objs[0].hashCode());
        t(() -> ((String) m.obj).length());
        t(() -> ((int[]) m.obj)[0] = 1);
        t(() -> ((Runnable) m.obj).run());
        t(() -> { Integer n = null; int k = n; });
        t(() -> { Integer n = (Integer) m.obj; int k = n + 1; });
        t(() -> { String s = null; switch (s) { case "a": break; } });
        t(() -> { Thread.State s = null; switch (s) { case NEW: break; default: } });
        t(() -> { for (Object o : (Iterable<?>) m.obj) { } });
        t(() -> { for (Object o : objs) { } });
        t(() -> { Function<String, Integer> f = String::length; f.apply(null); });
        t(() -> { String n = null; Supplier<Integer> f = n::length; });
        t(() -> { Object o = args.length == 0 ? null : "x"; o.toString(); });
        t(() -> (args.length == 0 ? m.next : st).str());
        t(() -> java.util.Objects.requireNonNull(null));
        t(() -> java.util.Objects.requireNonNull(null, "given"));
        t(() -> { throw new NullPointerException(); });
        t(() -> { throw new NullPointerException("own"); });
        t(() -> "a".concat(null));
        t(() -> System.arraycopy(null, 0, new int[1], 0, 1));
        t(() -> { int[][][] a = new int[2][2][]; a[1][0][3] = 4; });
        t(() -> { long[] ls = {0, 1}; Object[][] a = new Object[3][]; a[(int) ls[1]][0] = 1; });
        t(() -> m.next.new Inner());
        t(() -> { String s = null; s += s.length(); });
        t(() -> { Object[] os = new Object[1]; os[0].equals(os[0]); });
        t(() -> { int[] k = {0}; m.ints[k[0]++] += 2; });
        new Main().instance();
        NullPointerException e = new NullPointerException();
        System.out.println(e.getMessage() + " " + e.toString());
        try {
            st.i = 1;
        } catch (NullPointerException x) {
            System.out.println(x);
            x.fillInStackTrace();
            System.out.println(x.getMessage());
        }
    }

    class Inner {
    }
}
