import java.math.BigInteger;
import java.util.*;

public class Main {
    static int slowCount(long x, int bits) { int n = 0; for (int i = 0; i < bits; i++) if ((x >> i & 1) != 0) n++; return n; }
    static int lead(long x, int bits) { int n = 0; for (int i = bits - 1; i >= 0 && (x >> i & 1) == 0; i--) n++; return n; }
    static int trail(long x, int bits) { int n = 0; for (int i = 0; i < bits && (x >> i & 1) == 0; i++) n++; return n; }
    static long reverse(long x, int bits) { long r = 0; for (int i = 0; i < bits; i++) if ((x >>> i & 1) != 0) r |= 1L << (bits - 1 - i); return r; }
    static long compress(long x, long mask, int bits) { long r = 0; int k = 0; for (int i = 0; i < bits; i++) if ((mask >>> i & 1) != 0) r |= (x >>> i & 1) << k++; return r; }
    static long expand(long x, long mask, int bits) { long r = 0; int k = 0; for (int i = 0; i < bits; i++) if ((mask >>> i & 1) != 0) r |= (x >>> k++ & 1) << i; return r; }
    static BigInteger u(long x) { return new BigInteger(Long.toUnsignedString(x)); }

    public static void main(String[] args) {
        Random r = new Random(77);
        long[] edge = {0, 1, -1, 2, -2, 0x7fffffffL, 0x80000000L, 0xffffffffL, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, 0x5555555555555555L, 0xff00ff00ff00ff00L};
        int n = 150, bad = 0;
        long check = 0;
        for (int i = 0; i < n; i++) {
            long x = i < edge.length ? edge[i] : r.nextLong() >> r.nextInt(60), y = i < edge.length ? edge[(i * 5 + 3) % edge.length] : r.nextLong() >>> r.nextInt(60);
            int a = (int) x, b = (int) y, s = r.nextInt(200) - 100;
            if (Long.bitCount(x) != slowCount(x, 64) || Integer.bitCount(a) != slowCount(a, 32)) bad++;
            if (Long.numberOfLeadingZeros(x) != lead(x, 64) || Integer.numberOfLeadingZeros(a) != lead(a & 0xffffffffL, 32)) bad++;
            if (Long.numberOfTrailingZeros(x) != trail(x, 64) || Integer.numberOfTrailingZeros(a) != trail(a & 0xffffffffL, 32)) bad++;
            if (Long.reverse(x) != reverse(x, 64) || Integer.reverse(a) != (int) reverse(a & 0xffffffffL, 32)) bad++;
            if (Long.rotateLeft(x, s) != (x << s | x >>> -s) || Integer.rotateRight(a, s) != (a >>> s | a << -s)) bad++;
            if (Long.compress(x, y) != compress(x, y, 64) || Integer.compress(a, b) != (int) compress(a, b & 0xffffffffL, 32)) bad++;
            if (Long.expand(x, y) != expand(x, y, 64) || Integer.expand(a, b) != (int) expand(a, b & 0xffffffffL, 32)) bad++;
            if (Long.reverseBytes(Long.reverseBytes(x)) != x || (Long.reverseBytes(x) & 0xff) != (x >>> 56)) bad++;
            BigInteger p = BigInteger.valueOf(x).multiply(BigInteger.valueOf(y)), q = u(x).multiply(u(y));
            if (Math.multiplyHigh(x, y) != p.shiftRight(64).longValue() || x * y != p.longValue()) bad++;
            if (Math.unsignedMultiplyHigh(x, y) != q.shiftRight(64).longValue()) bad++;
            if (y != 0 && (!u(Long.divideUnsigned(x, y)).equals(u(x).divide(u(y))) || !u(Long.remainderUnsigned(x, y)).equals(u(x).mod(u(y))))) bad++;
            if (b != 0 && (Integer.divideUnsigned(a, b) != (int) ((a & 0xffffffffL) / (b & 0xffffffffL)) || Integer.remainderUnsigned(a, b) != (int) ((a & 0xffffffffL) % (b & 0xffffffffL)))) bad++;
            if (Integer.signum(Long.compareUnsigned(x, y)) != u(x).compareTo(u(y))) bad++;
            if (y != 0 && (Math.floorDiv(x, y) * y + Math.floorMod(x, y) != x || x / y * y + x % y != x)) bad++;
            if (Long.highestOneBit(x) != (x == 0 ? 0 : 1L << (63 - lead(x, 64))) || Long.lowestOneBit(x) != (x & -x)) bad++;
            if (Long.parseUnsignedLong(Long.toUnsignedString(x, 36), 36) != x || Long.parseLong(Long.toString(x, 7), 7) != x || Integer.parseInt(Integer.toString(a)) != a) bad++;
            if (!Long.toBinaryString(x).equals(u(x).toString(2)) || !Long.toHexString(x).equals(u(x).toString(16)) || !Integer.toOctalString(a).equals(u(a & 0xffffffffL).toString(8))) bad++;
            if (y != 0) { BigInteger[] dr = BigInteger.valueOf(x).divideAndRemainder(BigInteger.valueOf(y)); if (x / y != dr[0].longValue() || x % y != dr[1].longValue()) bad++; }
            if ((long) (double) a != a || (int) (float) (a >> 8) != a >> 8) bad++;
            check = check * 31 + Long.hashCode(x) + Double.doubleToRawLongBits((double) x) + Float.floatToRawIntBits((float) y) + (long) Double.longBitsToDouble(x);
        }
        System.out.println(bad + " " + check);
    }
}
