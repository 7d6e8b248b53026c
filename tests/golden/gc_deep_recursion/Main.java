public class Main {
    static int gcs;

    static long down(int n, Object carry, long l, double d, int[] arr) {
        Object mine = new int[] {n};
        String s = "frame" + n;
        if (n % 500 == 0) {
            System.gc();
            gcs++;
        }
        long below = n == 0 ? 0 : down(n - 1, mine, l + 1, d / 2, n % 2 == 0 ? arr : new int[] {n});
        if (((int[]) mine)[0] != n || !s.endsWith(Integer.toString(n))) throw new AssertionError("frame " + n);
        if (carry instanceof int[] c && c[0] != n + 1) throw new AssertionError("carry " + n);
        if (arr[0] != arr[arr.length - 1]) throw new AssertionError();
        return below + l + arr.length;
    }

    static int unwinding(int n) {
        Object keep = new byte[] {(byte) n};
        try {
            if (n == 0) {
                System.gc();
                throw new IllegalStateException("bottom");
            }
            return unwinding(n - 1);
        } finally {
            if (((byte[]) keep)[0] != (byte) n) throw new AssertionError();
        }
    }

    public static void main(String[] args) {
        int n = Integer.getInteger("golden.scale", 2000);
        long r = down(n, null, 0, 1.0, new int[] {7, 7});
        System.out.println(r > 0 && gcs > 0);
        try {
            unwinding(n / 2);
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        Object[] chain = null;
        int sum = 0;
        for (int i = 0; i < 10; i++) {
            chain = new Object[] {chain, i};
            System.gc();
        }
        for (Object[] c = chain; c != null; c = (Object[]) c[0]) sum += (int) c[1];
        System.out.println(sum);
    }
}
