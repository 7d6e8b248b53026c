import java.math.*;
import java.util.*;

public class Main {
    static void t(String what, java.util.function.Supplier<Object> r) {
        try {
            System.out.println(what + ": " + r.get());
        } catch (RuntimeException e) {
            System.out.println(what + ": " + e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }

    public static void main(String[] args) {
        BigInteger a = new BigInteger("123456789012345678901234567890"), b = new BigInteger("-987654321098765432109876543210987"), p = BigInteger.TWO.pow(127).subtract(BigInteger.ONE);
        System.out.println(a.add(b) + " " + a.subtract(b) + " " + a.multiply(b) + " " + b.divide(a) + " " + b.mod(a) + " " + b.remainder(a) + " " + Arrays.toString(b.divideAndRemainder(a)) + " " + a.negate().abs().equals(a) + a.signum() + b.compareTo(a));
        System.out.println(a.pow(7) + " " + a.gcd(b) + " " + a.sqrt() + " " + Arrays.toString(a.sqrtAndRemainder()) + " " + a.modPow(p, BigInteger.valueOf(1000007)) + " " + a.modInverse(p) + " " + p.isProbablePrime(20) + p.add(BigInteger.TWO).isProbablePrime(20) + " " + BigInteger.valueOf(1000).nextProbablePrime());
        System.out.println(a.bitLength() + " " + a.bitCount() + " " + b.bitLength() + " " + a.and(p) + " " + a.or(b) + " " + a.xor(b) + " " + a.not() + " " + a.andNot(b) + " " + a.shiftLeft(70) + " " + b.shiftRight(50) + " " + b.shiftRight(500) + " " + a.testBit(5) + a.setBit(200).bitLength() + a.clearBit(1).flipBit(0).getLowestSetBit());
        System.out.println(a.toString(16) + " " + b.toString(36) + " " + new BigInteger("-zz", 36) + " " + new BigInteger(1, new byte[] {-1, 0}) + " " + new BigInteger(new byte[] {-1, 0}) + " " + Arrays.toString(b.toByteArray()) + " " + a.intValue() + " " + a.longValue() + " " + a.doubleValue() + " " + b.floatValue() + " " + BigInteger.valueOf(Long.MIN_VALUE) + " " + a.hashCode() + " " + BigInteger.TEN.pow(400).doubleValue());
        BigInteger f = BigInteger.ONE;
        for (int i = 2; i <= 120; i++) f = f.multiply(BigInteger.valueOf(i));
        System.out.println(f + " " + f.bitLength());
        BigInteger x = f.pow(9), y = f.pow(8).add(BigInteger.ONE);
        System.out.println(x.multiply(y).mod(p) + " " + x.multiply(x).subtract(x.pow(2)).signum() + " " + x.divide(y).bitLength() + " " + x.remainder(y).mod(p) + " " + x.toString().hashCode() + " " + new BigInteger(x.toString()).equals(x) + " " + x.parallelMultiply(y).equals(x.multiply(y)));
        t("zero", () -> a.divide(BigInteger.ZERO));
        t("negative exponent", () -> a.pow(-1));
        t("mod negative", () -> a.mod(b));
        t("no inverse", () -> BigInteger.TWO.modInverse(BigInteger.valueOf(4)));
        t("exact", () -> a.longValueExact());
        t("parse", () -> new BigInteger("12x"));
        t("empty", () -> new BigInteger(""));
        t("sqrt", () -> b.sqrt());
        t("bit", () -> a.testBit(-1));
        BigDecimal c = new BigDecimal("123.4500"), d = new BigDecimal("-0.0067"), e = new BigDecimal("1E+5");
        System.out.println(c.add(d) + " " + c.multiply(d) + " " + c.scale() + c.precision() + c.unscaledValue() + " " + c.stripTrailingZeros() + " " + e + " " + e.toPlainString() + " " + e.toEngineeringString() + " " + e.stripTrailingZeros().scale() + " " + c.equals(new BigDecimal("123.45")) + c.compareTo(new BigDecimal("123.45")) + " " + c.hashCode() + " " + BigDecimal.ZERO.setScale(3) + " " + new BigDecimal("0E-10") + " " + new BigDecimal("1234E-10") + new BigDecimal("-0.0"));
        System.out.println(new BigDecimal(0.1) + " " + BigDecimal.valueOf(0.1) + " " + new BigDecimal(1.0 / 3).round(MathContext.DECIMAL32) + " " + new BigDecimal("10").divide(new BigDecimal("3"), 5, RoundingMode.HALF_EVEN) + " " + BigDecimal.ONE.divide(new BigDecimal("7"), MathContext.DECIMAL128) + " " + BigDecimal.ONE.divide(new BigDecimal("8")) + " " + c.remainder(d) + " " + c.divideToIntegralValue(d) + " " + c.pow(3) + " " + c.negate().abs().pow(-2, MathContext.DECIMAL64) + " " + BigDecimal.TWO.sqrt(new MathContext(40)) + " " + c.movePointLeft(5) + c.movePointRight(5) + c.scaleByPowerOfTen(-9) + " " + c.ulp() + c.signum() + c.max(d));
        for (RoundingMode m : RoundingMode.values()) {
            StringBuilder sb = new StringBuilder(m + "");
            for (String s : new String[] {"5.5", "2.5", "1.6", "1.1", "1.0", "-1.0", "-1.1", "-1.6", "-2.5", "-5.5"}) {
                try {
                    sb.append(' ').append(new BigDecimal(s).setScale(0, m));
                } catch (ArithmeticException ex) {
                    sb.append(" !");
                }
            }
            System.out.println(sb);
        }
        t("inexact", () -> BigDecimal.ONE.divide(new BigDecimal("3")));
        t("zero", () -> BigDecimal.ONE.divide(BigDecimal.ZERO));
        t("zero by zero", () -> BigDecimal.ZERO.divide(BigDecimal.ZERO));
        t("scale", () -> c.setScale(1));
        t("int exact", () -> new BigDecimal("1.5").intValueExact());
        t("nan", () -> new BigDecimal(Double.NaN));
        t("parse", () -> new BigDecimal("1.2.3"));
        t("exponent", () -> new BigDecimal("1E99999999999"));
        t("underflow", () -> new BigDecimal("1E-2147483647").multiply(new BigDecimal("1E-2147483647")));
        BigDecimal pi = BigDecimal.ZERO;
        MathContext mc = new MathContext(60);
        for (int k = 0; k < 45; k++) {
            BigDecimal k8 = BigDecimal.valueOf(8L * k);
            pi = pi.add(BigDecimal.ONE.divide(BigDecimal.valueOf(16).pow(k), mc).multiply(new BigDecimal(4).divide(k8.add(BigDecimal.ONE), mc).subtract(BigDecimal.TWO.divide(k8.add(new BigDecimal(4)), mc)).subtract(BigDecimal.ONE.divide(k8.add(new BigDecimal(5)), mc)).subtract(BigDecimal.ONE.divide(k8.add(new BigDecimal(6)), mc)), mc), mc);
        }
        System.out.println(pi.round(new MathContext(50)) + " " + new BigDecimal("1e3").toBigInteger() + new BigDecimal("-99.99").toBigInteger() + " " + new BigDecimal("1e400").doubleValue() + new BigDecimal("1e-400").doubleValue() + " " + new BigDecimal("123456789.123456789").floatValue() + " " + new BigDecimal("9007199254740993").doubleValue());
    }
}
