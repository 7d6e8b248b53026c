public class Main {
    public static void main(String[] args) {
        int[] is = {0, 1, -1, 127, 128, 255, 256, -129, 32767, 32768, 65535, 65536, 16777217, Integer.MAX_VALUE, Integer.MIN_VALUE};
        for (int i : is) {
            System.out.println(i + " b" + (byte) i + " s" + (short) i + " c" + (int) (char) i + " l" + (long) i + " f" + (float) i + " d" + (double) i);
        }
        long[] ls = {0, -1, 1L << 31, (1L << 53) + 1, 0xFFFFFFFFL, Long.MAX_VALUE, Long.MIN_VALUE, 0x1234567890abcdefL};
        for (long l : ls) {
            System.out.println(l + " i" + (int) l + " b" + (byte) l + " s" + (short) l + " c" + (int) (char) l + " f" + (float) l + " d" + (double) l);
        }
        double[] ds = {0.0, -0.0, 0.9, -0.9, 1e9, 2147483647.5, -2147483648.9, 2147483648.0, 1e19, -1e19, 9.223372036854775E18, 1e300, -1e300, 1e39, 1e-46, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 65536.7, 300.5};
        for (double d : ds) {
            System.out.println(d + " i" + (int) d + " l" + (long) d + " f" + (float) d + " b" + (byte) d + " s" + (short) d + " c" + (int) (char) d);
        }
        float[] fs = {0.5f, -1.5f, 2.14748365e9f, 2.1474836e9f, 9.223372e18f, 9.2233715e18f, 3e38f, Float.NaN, Float.NEGATIVE_INFINITY, Float.MIN_VALUE};
        for (float f : fs) {
            System.out.println(f + " i" + (int) f + " l" + (long) f + " d" + (double) f + " b" + (byte) f + " s" + (short) f + " c" + (int) (char) f);
        }
        char c = '\uffff';
        System.out.println((byte) c + " " + (short) c + " " + (int) c + " " + (long) c + " " + (float) c);
        byte b = -1;
        System.out.println((int) (char) b + " " + (b & 0xff) + " " + (short) b + " " + (char) (b & 0x7f));
        System.out.println((int) (float) Integer.MAX_VALUE + " " + (int) (double) Integer.MAX_VALUE + " " + (long) (double) Long.MAX_VALUE + " " + (long) (float) Long.MIN_VALUE);
        System.out.println((int) 'x' + (byte) 'x' + (short) -'x');
        int i = 'a' + 1;
        char d = 'a' + 1;
        System.out.println(i + " " + d + " " + (char) i + " " + (d + 1) + " " + d + 1);
        final int k = 10;
        byte kb = k;
        System.out.println(true ? kb : 'x');
        System.out.println(false ? i : 'x');
        System.out.println(true ? 1 : 2.0);
        System.out.println((Object) (true ? 1 : 'a'));
        Object o = true ? Integer.valueOf(1) : Double.valueOf(2);
        System.out.println(o);
        long mixed = 1 + 2L + 'a';
        System.out.println(mixed + 1.5f + 2.5);
    }
}
