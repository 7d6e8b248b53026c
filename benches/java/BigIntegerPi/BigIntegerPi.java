import java.math.BigInteger;

/**
 * Guards: BigInteger (long and int arithmetic with carries over int arrays, where a JVM may have intrinsics).
 * The digits of pi, one after the other, by a spigot over linear fractional transformations.
 */
public final class BigIntegerPi {
    private static final int DEFAULT_ROUNDS = 40;
    private static final int DIGITS = 300;
    private static final String FIRST = "31415926535897932384626433832795028841971693993751";
    private static final long EXPECTED = 1_786_873_014_497_782_679L;

    private static final BigInteger THREE = BigInteger.valueOf(3);
    private static final BigInteger FOUR = BigInteger.valueOf(4);

    /** The state is the transformation (a x + b) / c; its lower left is always zero. */
    private static String digits(int count) {
        StringBuilder digits = new StringBuilder(count);
        BigInteger a = BigInteger.ONE;
        BigInteger b = BigInteger.ZERO;
        BigInteger c = BigInteger.ONE;
        int term = 0;
        while (digits.length() < count) {
            term++;
            BigInteger odd = BigInteger.valueOf(2L * term + 1);
            b = b.add(a.shiftLeft(1)).multiply(odd);
            a = a.multiply(BigInteger.valueOf(term));
            c = c.multiply(odd);
            if (a.compareTo(b) > 0) {
                continue;
            }
            // A digit is certain when x = 3 and x = 4 give the same one.
            BigInteger digit = a.multiply(THREE).add(b).divide(c);
            if (!digit.equals(a.multiply(FOUR).add(b).divide(c))) {
                continue;
            }
            digits.append((char) ('0' + digit.intValue()));
            b = b.subtract(c.multiply(digit)).multiply(BigInteger.TEN);
            a = a.multiply(BigInteger.TEN);
        }
        return digits.toString();
    }

    private static long run() {
        String digits = digits(DIGITS);
        if (!digits.startsWith(FIRST)) {
            throw new IllegalStateException("these are not the digits of pi");
        }
        // The way through decimal text, gcd and powers is a different one and must lead back.
        BigInteger number = new BigInteger(digits);
        BigInteger odd = number.setBit(0);
        BigInteger power = BigInteger.TWO.modPow(BigInteger.valueOf(1_000), odd);
        if (!number.toString().equals(digits) || !number.multiply(odd).gcd(odd).equals(odd)) {
            throw new IllegalStateException("the number did not survive");
        }
        long sum = power.longValue();
        for (int i = 0; i < digits.length(); i++) {
            sum = sum * 31 + digits.charAt(i);
        }
        return sum;
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        for (int round = 0; round < rounds; round++) {
            long checksum = run();
            if (checksum != EXPECTED) {
                System.out.print("BigIntegerPi: wrong checksum ");
                System.out.println(checksum);
                System.exit(1);
            }
        }
        System.out.print("BigIntegerPi ");
        System.out.println(EXPECTED);
    }
}
