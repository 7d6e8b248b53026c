public class Main {
    static long div(long a, long b) { return a / b; }
    static long rem(long a, long b) { return a % b; }

    public static void main(String[] args) {
        long[] v = {0, 1, -1, 3, -3, 1L << 31, -(1L << 31), 0xFFFFFFFFL, 1L << 32, 3037000500L, Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1, 0x5555555555555555L};
        for (long a : v) {
            StringBuilder s = new StringBuilder();
            s.append(a).append(": ").append(-a).append(' ').append(~a);
            for (long b : v) {
                s.append(" [").append(a + b).append(' ').append(a - b).append(' ').append(a * b).append(' ');
                try {
                    s.append(div(a, b)).append(' ').append(rem(a, b));
                } catch (ArithmeticException e) {
                    s.append(e.getMessage());
                }
                s.append(' ').append(a & b).append(' ').append(a | b).append(' ').append(a ^ b);
                s.append(a < b ? " <" : a > b ? " >" : " =").append(']');
            }
            System.out.println(s);
        }
        long x = Integer.MAX_VALUE;
        x++;
        System.out.println(x);
        int i = (int) x;
        System.out.println(i);
        x *= x;
        System.out.println(x);
        x += 1.5e18;
        System.out.println(x);
        long fact = 1;
        for (int n = 1; n <= 25; n++) {
            fact *= n;
        }
        System.out.println(fact);
        System.out.println(Math.multiplyHigh(Long.MAX_VALUE, Long.MIN_VALUE) + " " + Math.unsignedMultiplyHigh(-1L, -1L));
        System.out.println(Long.divideUnsigned(-1, 10) + " " + Long.remainderUnsigned(-1, 10) + " " + Long.toUnsignedString(-1));
        System.out.println(Long.compareUnsigned(-1, 1) + " " + Long.compare(-1, 1));
        System.out.println(Long.bitCount(0x5555555555555555L) + " " + Long.numberOfLeadingZeros(1) + " " + Long.numberOfTrailingZeros(0) + " " + Long.reverse(1) + " " + Long.reverseBytes(0x0102030405060708L));
        System.out.println(Long.highestOneBit(1000) + " " + Long.lowestOneBit(1000) + " " + Long.rotateLeft(0x123456789abcdefL, 12) + " " + Long.rotateRight(0x123456789abcdefL, 12));
        System.out.println(Long.compress(0xFF00FF00L, 0xF0F0F0F0L) + " " + Long.expand(0xABL, 0xF0F0F0F0L));
        System.out.println(Long.toHexString(Long.MIN_VALUE) + " " + Long.toString(Long.MIN_VALUE, 36) + " " + Long.parseLong("-8000000000000000", 16));
        for (String s : new String[] {"9223372036854775808", "", "-", "1_0", "0x10", null, "+5", "٣"}) {
            try {
                System.out.println(Long.parseLong(s));
            } catch (NumberFormatException e) {
                System.out.println(e.getMessage());
            }
        }
        try {
            Math.multiplyExact(1L << 40, 1L << 40);
        } catch (ArithmeticException e) {
            System.out.println(e.getMessage());
        }
    }
}
