public class Main {
    static String h(double d) {
        return Long.toHexString(Double.doubleToRawLongBits(d));
    }

    public static void main(String[] args) {
        double[] v = {0.0, -0.0, 1, -1, 0.5, 2, 10, 1e-10, 1e10, 1e300, 1e-300, Math.PI, Math.E, 100.25, -3.75, Double.MIN_VALUE, Double.MAX_VALUE, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        for (double x : v) {
            System.out.println(x + ": " + h(StrictMath.sin(x)) + " " + h(StrictMath.cos(x)) + " " + h(StrictMath.tan(x)) + " " + h(StrictMath.asin(x)) + " " + h(StrictMath.acos(x)) + " " + h(StrictMath.atan(x)) + " " + h(StrictMath.exp(x)) + " " + h(StrictMath.log(x)) + " " + h(StrictMath.log10(x)) + " " + h(StrictMath.sqrt(x)) + " " + h(StrictMath.cbrt(x)) + " " + h(StrictMath.sinh(x)) + " " + h(StrictMath.cosh(x)) + " " + h(StrictMath.tanh(x)) + " " + h(StrictMath.expm1(x)) + " " + h(StrictMath.log1p(x)));
            System.out.println("  " + Math.floor(x) + " " + Math.ceil(x) + " " + Math.rint(x) + " " + Math.round(x) + " " + Math.abs(x) + " " + Math.signum(x) + " " + Math.ulp(x) + " " + Math.getExponent(x) + " " + Math.nextUp(x) + " " + Math.nextDown(x) + " " + Math.sqrt(x) + " " + h(StrictMath.toRadians(x)) + " " + h(StrictMath.toDegrees(x)));
        }
        for (double[] p : new double[][] {{2, 10}, {2, 0.5}, {-2, 3}, {-2, 0.5}, {0, -1}, {-0.0, -3}, {-0.0, -2}, {1, Double.NaN}, {Double.NaN, 0}, {Double.POSITIVE_INFINITY, -1}, {0.5, Double.POSITIVE_INFINITY}, {-1, Double.POSITIVE_INFINITY}, {1.0000001, 1e8}, {10, 308}, {10, -324}}) {
            System.out.print(h(StrictMath.pow(p[0], p[1])) + "," + h(StrictMath.atan2(p[0], p[1])) + "," + h(StrictMath.hypot(p[0], p[1])) + "," + h(StrictMath.IEEEremainder(p[0], p[1])) + "," + Math.min(p[0], p[1]) + "," + Math.max(p[0], p[1]) + "," + Math.copySign(p[0], p[1]) + " ");
        }
        System.out.println();
        double worst = 0;
        for (double x = -10; x <= 10; x += 0.37) {
            worst = Math.max(worst, Math.abs(Math.sin(x) - StrictMath.sin(x)));
            worst = Math.max(worst, Math.abs(Math.cos(x) - StrictMath.cos(x)));
            worst = Math.max(worst, Math.abs(Math.tan(x) - StrictMath.tan(x)) / (1 + Math.abs(StrictMath.tan(x))));
            worst = Math.max(worst, Math.abs(Math.exp(x) - StrictMath.exp(x)) / StrictMath.exp(x));
            if (x > 0) worst = Math.max(worst, Math.abs(Math.log(x) - StrictMath.log(x)));
            if (x > 0) worst = Math.max(worst, Math.abs(Math.pow(x, 3.3) - StrictMath.pow(x, 3.3)) / StrictMath.pow(x, 3.3));
        }
        System.out.println(worst < 1e-15);
        System.out.println(Math.floorDiv(-7, 2) + " " + Math.floorMod(-7L, 3) + " " + Math.ceilDiv(7, 2) + Math.ceilMod(7, 2) + Math.absExact(-5) + Math.clamp(15L, 0, 10) + Math.clamp(-1.5, -1, 1) + " " + Math.multiplyHigh(1L << 62, 6) + " " + Math.unsignedMultiplyHigh(-1, 2) + Math.multiplyFull(1 << 30, 8) + " " + Math.scalb(1.5f, 4) + Math.scalb(1.0, 2000) + Math.fma(1e16, 10.0, 1.0) + " " + Math.subtractExact(5, 7) + Math.incrementExact(1) + Math.decrementExact(1L) + Math.powExact(3, 4));
        Runnable[] bad = {() -> Math.addExact(Long.MAX_VALUE, 1L), () -> Math.subtractExact(Integer.MIN_VALUE, 1), () -> Math.multiplyExact(1 << 20, 1 << 20), () -> Math.incrementExact(Integer.MAX_VALUE), () -> Math.absExact(Integer.MIN_VALUE), () -> Math.floorDiv(1, 0), () -> Math.clamp(1, 5, 2), () -> Math.divideExact(Integer.MIN_VALUE, -1), () -> Math.toIntExact(Long.MIN_VALUE), () -> Math.powExact(10, 10)};
        for (Runnable r : bad) {
            try {
                r.run();
                System.out.println("fine?");
            } catch (RuntimeException e) {
                System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
            }
        }
        long bits = 0;
        for (int i = 0; i < 2000; i++) {
            double x = (i - 1000) * 0.731;
            bits = bits * 31 + Double.doubleToRawLongBits(StrictMath.sin(x)) + Double.doubleToRawLongBits(StrictMath.exp(x / 10)) + Double.doubleToRawLongBits(Math.sqrt(Math.abs(x)));
        }
        System.out.println(Long.toHexString(bits));
    }
}
