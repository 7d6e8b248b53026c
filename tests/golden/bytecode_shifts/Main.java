public class Main {
    static int shl(int a, int n) { return a << n; }
    static int shr(int a, int n) { return a >> n; }
    static int ushr(int a, int n) { return a >>> n; }
    static long shl(long a, int n) { return a << n; }
    static long shr(long a, int n) { return a >> n; }
    static long ushr(long a, int n) { return a >>> n; }
    static long shlL(long a, long n) { return a << n; }

    public static void main(String[] args) {
        int[] n = {0, 1, 5, 31, 32, 33, 63, 64, -1, -31, -32, Integer.MIN_VALUE, Integer.MAX_VALUE};
        for (int a : new int[] {1, -1, 0x12345678, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            for (int d : n) {
                System.out.print(shl(a, d) + "," + shr(a, d) + "," + ushr(a, d) + " ");
            }
            System.out.println();
        }
        for (long a : new long[] {1, -1, 0x123456789abcdef0L, Long.MIN_VALUE}) {
            for (int d : n) {
                System.out.print(shl(a, d) + "," + shr(a, d) + "," + ushr(a, d) + "," + shlL(a, d) + " ");
            }
            System.out.println();
        }
        byte b = -128;
        System.out.println((b >> 1) + " " + (b >>> 1) + " " + (b << 1) + " " + (byte) (b >>> 1) + " " + ((b & 0xff) >>> 1));
        b >>= 1;
        System.out.println(b);
        b >>>= 10;
        System.out.println(b);
        b <<= 1;
        System.out.println(b);
        short s = -1;
        s >>>= 16;
        System.out.println(s);
        s >>>= 20;
        System.out.println(s);
        char c = 0x8000;
        System.out.println((c >> 1) + " " + (c << 1) + " " + (char) (c << 1 | 65));
        long l = 1;
        l <<= 40L + 64;
        System.out.println(l);
        int i = 3;
        i <<= 1L << 2;
        System.out.println(i);
        System.out.println(1 << 33L);
        System.out.println(Integer.rotateLeft(0x80000001, 1) + " " + Integer.rotateRight(1, 33) + " " + Integer.reverse(6) + " " + Integer.reverseBytes(0x01020304));
        for (int x : new int[] {0, 1, -1, 40, Integer.MIN_VALUE}) {
            System.out.println(Integer.numberOfLeadingZeros(x) + " " + Integer.numberOfTrailingZeros(x) + " " + Integer.bitCount(x) + " " + Integer.highestOneBit(x) + " " + Integer.lowestOneBit(x) + " " + Integer.toBinaryString(x) + " " + Integer.toOctalString(x));
        }
        System.out.println(Integer.compress(0x12345678, 0x0ff00ff0) + " " + Integer.expand(0xffff, 0x0ff00ff0) + " " + Short.reverseBytes((short) 0x1234) + " " + (int) Character.reverseBytes('\u1234'));
    }
}
