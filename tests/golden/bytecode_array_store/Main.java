import java.util.Arrays;

public class Main {
    static void t(String what, Runnable r) {
        try {
            r.run();
            System.out.println(what + ": fine");
        } catch (RuntimeException e) {
            System.out.println(what + ": " + e);
        }
    }

    public static void main(String[] args) {
        byte[] b = new byte[2];
        b[0] = (byte) 300;
        b[1] = -1;
        boolean[] z = new boolean[2];
        z[1] = true;
        char[] c = {(char) -1, 'x'};
        short[] s = {(short) 70000};
        long[] l = {Long.MAX_VALUE, 2};
        l[1] <<= 62;
        l[0]++;
        float[] f = {1};
        f[0] /= 3;
        double[] d = {1};
        d[0] -= 0.1;
        System.out.println(Arrays.toString(b) + Arrays.toString(z) + (int) c[0] + c[1] + Arrays.toString(s) + Arrays.toString(l) + Arrays.toString(f) + Arrays.toString(d));
        b[1] ^= 0x55;
        z[0] |= z[1];
        c[1]++;
        s[0]--;
        System.out.println(Arrays.toString(b) + Arrays.toString(z) + c[1] + Arrays.toString(s));
        Object[] strings = new String[2];
        Object[] lists = new java.util.ArrayList[1];
        Object[] grid = new Integer[2][2];
        t("Integer into String[]", () -> strings[0] = 1);
        t("null into String[]", () -> strings[0] = null);
        t("String into String[]", () -> strings[1] = "x");
        t("LinkedList into ArrayList[]", () -> lists[0] = new java.util.LinkedList<>());
        t("String[] into Integer[][]", () -> grid[0] = new String[1]);
        t("Integer[] into Integer[][]", () -> grid[0] = new Integer[7]);
        t("int[] into Integer[][]", () -> grid[0] = new int[1]);
        t("index before store check", () -> strings[2] = 1);
        t("null array", () -> ((Object[]) null)[0] = 1);
        int[] i = {1, 2, 3};
        t("load -1", () -> System.out.println(i[-1]));
        t("load max", () -> System.out.println(i[Integer.MAX_VALUE]));
        t("store 3", () -> i[3] = 0);
        t("byte index", () -> i[(byte) 200]++);
        t("empty", () -> System.out.println(new double[0][0].length));
        t("empty load", () -> System.out.println(new double[2].length + new double[0][0].length));

        int[] o = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
        System.arraycopy(o, 0, o, 2, 6);
        System.out.println(Arrays.toString(o));
        System.arraycopy(o, 2, o, 0, 8);
        System.out.println(Arrays.toString(o));
        Object[] src = {"a", "b", 3, "d"};
        String[] dst = new String[4];
        t("element type", () -> System.arraycopy(src, 0, dst, 0, 4));
        System.out.println(Arrays.toString(dst));
        t("widening is no copy", () -> System.arraycopy(new int[1], 0, new long[1], 0, 1));
        t("object to int", () -> System.arraycopy(src, 0, new int[4], 0, 1));
        t("not an array", () -> System.arraycopy("x", 0, dst, 0, 1));
        t("not an array 2", () -> System.arraycopy(src, 0, "x", 0, 1));
        t("null source", () -> System.arraycopy(null, 0, dst, 0, 1));
        t("negative source", () -> System.arraycopy(src, -1, dst, 0, 1));
        t("negative destination", () -> System.arraycopy(src, 0, dst, -2, 1));
        t("negative length", () -> System.arraycopy(src, 0, dst, 0, -3));
        t("past source", () -> System.arraycopy(new int[3], 2, new int[9], 0, 2));
        t("past destination", () -> System.arraycopy(new char[3], 0, new char[1], 0, 2));
        t("overflow", () -> System.arraycopy(new long[3], 2, new long[3], 1, Integer.MAX_VALUE));
        t("empty at end", () -> System.arraycopy(new int[3], 3, new int[1], 1, 0));
        t("negative with wrong type", () -> System.arraycopy(new int[1], -1, new long[1], 0, -1));
        t("subtypes", () -> System.arraycopy(new Integer[] {5}, 0, new Number[1], 0, 1));
        t("copyOf", () -> System.out.println(Arrays.toString(Arrays.copyOf(new String[] {"a"}, 2, Object[].class)) + Arrays.toString(Arrays.copyOfRange(o, 8, 12))));
        t("copyOf bad", () -> Arrays.copyOf(new Object[] {1}, 1, String[].class));
        t("range", () -> Arrays.copyOfRange(o, 5, 3));
        int[] cl = o.clone();
        cl[0] = 77;
        System.out.println(o[0] + " " + cl[0] + " " + cl.length);
    }
}
