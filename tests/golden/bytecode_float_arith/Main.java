public class Main {
    static float rem(float a, float b) { return a % b; }
    static float div(float a, float b) { return a / b; }

    public static void main(String[] args) {
        float[] v = {0f, -0f, 1f, -1f, 0.1f, 1.5f, 3.4e38f, Float.MIN_VALUE, Float.MIN_NORMAL, Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, 16777216f, 16777217f};
        for (float a : v) {
            StringBuilder s = new StringBuilder();
            s.append(a).append(": ").append(-a);
            for (float b : v) {
                s.append(" [").append(a + b).append(' ').append(a - b).append(' ').append(a * b).append(' ').append(div(a, b)).append(' ').append(rem(a, b)).append(']');
            }
            System.out.println(s);
        }
        float sum = 0;
        for (int i = 1; i <= 1000; i++) {
            sum += 1f / i;
        }
        System.out.println(sum + " " + Integer.toHexString(Float.floatToRawIntBits(sum)));
        System.out.println(0.1f + 0.2f == 0.3f);
        System.out.println((double) 0.1f);
        System.out.println((0.1f + 0.2f) * 3 - 0.9f);
        System.out.println(Float.intBitsToFloat(0x7fc12345) != Float.intBitsToFloat(0x7fc12345));
        System.out.println(Integer.toHexString(Float.floatToIntBits(Float.intBitsToFloat(0x7fc12345))));
        System.out.println(Integer.toHexString(Float.floatToRawIntBits(Float.intBitsToFloat(0x7fc12345))));
        System.out.println(Float.compare(0f, -0f) + " " + Float.compare(Float.NaN, 1f) + " " + (0f == -0f) + " " + Float.valueOf(0f).equals(-0f) + " " + Float.valueOf(Float.NaN).equals(Float.NaN));
        System.out.println(Math.ulp(1f) + " " + Math.nextUp(0f) + " " + Math.nextDown(Float.POSITIVE_INFINITY) + " " + Math.nextAfter(1f, 2.0) + " " + Math.signum(-0f) + " " + Math.copySign(3f, -0f));
        System.out.println(Math.fma(0.1f, 10f, -1f) + " " + (0.1f * 10f - 1f));
        System.out.println(Math.round(0.49999997f) + " " + Math.round(-2.5f) + " " + Math.round(Float.NaN) + " " + Math.round(1e20f));
        System.out.println(Float.toHexString(0.1f) + " " + Float.toHexString(Float.MIN_VALUE) + " " + Float.parseFloat("0x1.8p3") + " " + Float.parseFloat("1e-46") + " " + Float.parseFloat("3.4028236e38"));
        System.out.println(Float.float16ToFloat((short) 0x3c01) + " " + Float.floatToFloat16(65520f) + " " + Float.float16ToFloat((short) 0x0001));
        for (float f : new float[] {1e10f, 1.0e-3f, 9.999999e6f, 1e7f, 123456.7f, 2e-45f, 3.3333333e-9f, 8.41e21f}) {
            System.out.print(f + " ");
        }
        System.out.println();
    }
}
