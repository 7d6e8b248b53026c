import java.util.Arrays;

public class Main {
    static void tryIt(String what, Runnable r) {
        try {
            r.run();
            System.out.println(what + " ok");
        } catch (Throwable t) {
            System.out.println(what + " " + t);
        }
    }

    static int n = 0;

    static int count(int v) {
        n++;
        return v;
    }

    public static void main(String[] args) {
        int[][] a = new int[3][4];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 4; j++) {
                a[i][j] = i * 10 + j;
            }
        }
        System.out.println(Arrays.deepToString(a));
        String[][][] s = new String[2][3][];
        System.out.println(s.length + " " + s[1].length + " " + s[1][2]);
        s[0][1] = new String[] {"x", null};
        System.out.println(Arrays.deepToString(s));
        long[][][][] l = new long[2][1][3][2];
        l[1][0][2][1] = Long.MIN_VALUE;
        System.out.println(Arrays.deepToString(l) + l.getClass().getName());
        boolean[][] z = new boolean[2][2];
        z[1][0] = true;
        byte[][] b = {{1, -1}, {}, null, {127, -128, (byte) 200}};
        char[][] c = {"ab".toCharArray(), "".toCharArray()};
        short[][] sh = {{(short) 40000}};
        float[][] f = {{1.5f}, {Float.NaN}};
        double[][] d = {{-0.0}, {}};
        System.out.println(Arrays.deepToString(z) + Arrays.deepToString(b) + Arrays.deepToString(c) + Arrays.deepToString(sh) + Arrays.deepToString(f) + Arrays.deepToString(d));
        int[][][] e = new int[0][5][7];
        System.out.println(e.length);
        int[][][] e2 = new int[2][0][7];
        System.out.println(e2.length + " " + e2[1].length);
        tryIt("first", () -> { int[][] x = new int[-1][2]; });
        tryIt("second", () -> { int[][] x = new int[2][-3]; });
        tryIt("both", () -> { int[][][] x = new int[5][-4][-6]; });
        tryIt("hidden behind zero", () -> { int[][] x = new int[0][-7]; });
        tryIt("single", () -> { int[] x = new int[Integer.MIN_VALUE]; });
        tryIt("anew", () -> { String[] x = new String[-2]; });
        tryIt("order", () -> { int[][] x = new int[count(-1)][count(2)]; });
        System.out.println(n);
        tryIt("load", () -> { int i = a[2][4]; });
        tryIt("store", () -> { a[-1][0] = 1; });
        tryIt("null row", () -> { int[][] x = new int[2][]; x[1][0] = 1; });
        Object o = new int[2][3][4];
        System.out.println((o instanceof Object[]) + " " + (o instanceof Object[][]) + " " + (o instanceof int[][][]) + " " + (o instanceof Object[][][]) + " " + (o instanceof Cloneable[]) + " " + (o instanceof java.io.Serializable[][]));
        int[][] copy = a.clone();
        copy[0] = new int[] {9};
        copy[1][1] = -1;
        System.out.println(Arrays.deepToString(a) + Arrays.deepToString(copy) + (copy[2] == a[2]));
        Object[] self = new Object[2];
        self[0] = self;
        self[1] = new Object[][] {{1}, {"a"}};
        System.out.println(Arrays.deepToString(self));
        System.out.println(Object[][].class.getName() + " " + int[][].class.getSimpleName() + " " + String[].class.getCanonicalName() + " " + int[][][].class.getComponentType() + " " + int[].class.getSuperclass() + " " + Arrays.toString(int[].class.getInterfaces()) + " " + int[].class.getModifiers());
        System.out.println(java.lang.reflect.Array.newInstance(int[].class, 2, 3).getClass());
        int[] g = {1, 2, 3};
        int idx = 0;
        g[idx] = idx = 2;
        System.out.println(Arrays.toString(g) + idx);
    }
}
