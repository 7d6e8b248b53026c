public class Main {
    static double rem(double a, double b) { return a % b; }
    static double div(double a, double b) { return a / b; }

    public static void main(String[] args) {
        double[] v = {0d, -0d, 1, -1, 0.1, 2.5, -7.25, 1e308, Double.MIN_VALUE, Double.MIN_NORMAL, Double.MAX_VALUE, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, 9007199254740993d, 1e-300};
        for (double a : v) {
            StringBuilder s = new StringBuilder();
            s.append(a).append(": ").append(-a);
            for (double b : v) {
                s.append(" [").append(a + b).append(' ').append(a - b).append(' ').append(a * b).append(' ').append(div(a, b)).append(' ').append(rem(a, b)).append(']');
            }
            System.out.println(s);
        }
        System.out.println(5.5 % 2.0 + " " + -5.5 % 2.0 + " " + 5.5 % -2.0 + " " + rem(1e300, 3) + " " + rem(1e17, 0.1) + " " + rem(5e-324, 3e-324));
        double sum = 0;
        for (int i = 1; i <= 1000; i++) {
            sum += 1.0 / i;
        }
        System.out.println(sum + " " + Long.toHexString(Double.doubleToRawLongBits(sum)));
        System.out.println(0.1 + 0.2);
        System.out.println(1.1f + 2.2);
        System.out.println((float) 0.1 == 0.1);
        double[] print = {1e21, 1e22, 1e23, 2e-3, 1e-3, 9.999e-4, 1e7, 9999999.999, 123456789012345680.0, 4.35, 2.2250738585072014E-308, 4.9e-324, 1.7976931348623157e308, 2.0e-5, 5e-324 * 3, 100.0, 1.0 / 3, 2.0 / 3, 1e16 / 3, 8.5e15 / 7};
        for (double d : print) {
            System.out.println(d + " " + (float) d + " " + Double.toHexString(d));
        }
        System.out.println(Double.compare(0.0, -0.0) + " " + Double.compare(Double.NaN, Double.POSITIVE_INFINITY) + " " + (Double.NaN == Double.NaN) + " " + new Object[] {Double.NaN}[0].equals(Double.NaN));
        System.out.println(Long.toHexString(Double.doubleToLongBits(Double.longBitsToDouble(0xfff8000000000123L))));
        System.out.println(Long.toHexString(Double.doubleToRawLongBits(Double.longBitsToDouble(0xfff8000000000123L))));
        System.out.println(Math.min(-0.0, 0.0) + " " + Math.max(-0.0, 0.0) + " " + Math.min(Double.NaN, 1) + " " + Math.abs(-0.0));
        System.out.println(Math.ulp(1e300) + " " + Math.nextAfter(1.0, 0) + " " + Math.scalb(1.0, -1074) + " " + Math.getExponent(1e-310) + " " + Math.IEEEremainder(5, 3) + " " + Math.rint(2.5) + " " + Math.rint(-0.4));
        System.out.println(Math.fma(0.1, 10.0, -1.0) + " " + (0.1 * 10.0 - 1.0) + " " + Math.sqrt(2) + " " + Math.sqrt(-1) + " " + Math.floor(-0.5) + " " + Math.ceil(-0.5) + " " + Math.round(-0.5) + " " + Math.round(0.49999999999999994) + " " + Math.round(4503599627370497.5));
        for (String s : new String[] {"1e400", "-1e-400", "NaN", "Infinity", "-Infinity", "0x1p-1074", "1d", "1f", " 2.5 ", ".5", "5.", "1e", "abc", "", "1_0", "2.2250738585072012e-308", "179769313486231580793728971405301e276", "0.1000000000000000055511151231257827021181583404541015625"}) {
            try {
                System.out.println(s + " -> " + Double.parseDouble(s));
            } catch (NumberFormatException e) {
                System.out.println(s + " -> " + e.getMessage());
            }
        }
    }
}
