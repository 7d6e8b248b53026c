import java.math.BigInteger;

/**
 * Guards: shifts, rotations and other int and long arithmetic on bytes, as in checksums and ciphers. SHA-256,
 * CRC-32 and a long shift-register generator, written out here so that no library intrinsic does the work.
 */
public final class Digest {
    private static final int DEFAULT_ROUNDS = 2_000;
    private static final int LENGTH = 4_096;
    private static final long EXPECTED = -7_928_021_503_740_019_989L;

    /** The first 32 bits of the fractions of the square or cube roots of the first primes, by exact integer search. */
    private static int[] rootFractions(int count, int power) {
        int[] fractions = new int[count];
        int found = 0;
        for (int candidate = 2; found < count; candidate++) {
            boolean prime = true;
            for (int divisor = 2; divisor * divisor <= candidate; divisor++) {
                prime &= candidate % divisor != 0;
            }
            if (prime) {
                BigInteger scaled = BigInteger.valueOf(candidate).shiftLeft(32 * power);
                BigInteger root = BigInteger.ZERO;
                for (int bit = 40; bit >= 0; bit--) {
                    BigInteger tried = root.setBit(bit);
                    if (tried.pow(power).compareTo(scaled) <= 0) {
                        root = tried;
                    }
                }
                fractions[found++] = root.intValue();
            }
        }
        return fractions;
    }

    private static final int[] ROUND_CONSTANTS = rootFractions(64, 3);
    private static final int[] START = rootFractions(8, 2);

    private static int word(byte[] bytes, int at) {
        return bytes[at] << 24 | (bytes[at + 1] & 255) << 16 | (bytes[at + 2] & 255) << 8 | bytes[at + 3] & 255;
    }

    private static int[] sha256(byte[] message) {
        int[] state = START.clone();
        byte[] padded = new byte[(message.length + 8) / 64 * 64 + 64];
        System.arraycopy(message, 0, padded, 0, message.length);
        padded[message.length] = (byte) 0x80;
        long bits = message.length * 8L;
        for (int i = 0; i < 8; i++) {
            padded[padded.length - 1 - i] = (byte) (bits >>> 8 * i);
        }
        int[] schedule = new int[64];
        for (int block = 0; block < padded.length; block += 64) {
            absorb(state, schedule, padded, block);
        }
        return state;
    }

    private static void absorb(int[] state, int[] schedule, byte[] padded, int block) {
        for (int i = 0; i < 16; i++) {
            schedule[i] = word(padded, block + 4 * i);
        }
        for (int i = 16; i < 64; i++) {
            int early = schedule[i - 15];
            int late = schedule[i - 2];
            int mixedEarly = Integer.rotateRight(early, 7) ^ Integer.rotateRight(early, 18) ^ early >>> 3;
            int mixedLate = Integer.rotateRight(late, 17) ^ Integer.rotateRight(late, 19) ^ late >>> 10;
            schedule[i] = schedule[i - 16] + mixedEarly + schedule[i - 7] + mixedLate;
        }
        int a = state[0];
        int b = state[1];
        int c = state[2];
        int d = state[3];
        int e = state[4];
        int f = state[5];
        int g = state[6];
        int h = state[7];
        for (int i = 0; i < 64; i++) {
            int mixedE = Integer.rotateRight(e, 6) ^ Integer.rotateRight(e, 11) ^ Integer.rotateRight(e, 25);
            int mixedA = Integer.rotateRight(a, 2) ^ Integer.rotateRight(a, 13) ^ Integer.rotateRight(a, 22);
            int one = h + mixedE + (e & f ^ ~e & g) + ROUND_CONSTANTS[i] + schedule[i];
            int two = mixedA + (a & b ^ a & c ^ b & c);
            h = g;
            g = f;
            f = e;
            e = d + one;
            d = c;
            c = b;
            b = a;
            a = one + two;
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    private static int crc32(byte[] message) {
        int[] table = new int[256];
        for (int i = 0; i < 256; i++) {
            int value = i;
            for (int bit = 0; bit < 8; bit++) {
                value = (value & 1) != 0 ? value >>> 1 ^ 0xEDB88320 : value >>> 1;
            }
            table[i] = value;
        }
        int crc = -1;
        for (byte next : message) {
            crc = crc >>> 8 ^ table[(crc ^ next) & 255];
        }
        return ~crc;
    }

    private static byte[] message() {
        byte[] message = new byte[LENGTH];
        long state = 88_172_645_463_325_252L;
        for (int i = 0; i < LENGTH; i++) {
            state ^= state << 13;
            state ^= state >>> 7;
            state ^= state << 17;
            message[i] = (byte) (state >> 11);
        }
        return message;
    }

    private static long run() {
        byte[] message = message();
        long sum = crc32(message);
        for (int word : sha256(message)) {
            sum = sum * 31 + word;
        }
        return sum;
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            System.out.print("Digest: wrong ");
            System.out.println(what);
            System.exit(1);
        }
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        // The values that the standards give for "abc" and for the nine digits.
        byte[] abc = {'a', 'b', 'c'};
        byte[] digits = {'1', '2', '3', '4', '5', '6', '7', '8', '9'};
        require(sha256(abc)[0] == 0xBA7816BF && sha256(abc)[7] == 0xF20015AD, "SHA-256");
        require(crc32(digits) == 0xCBF43926, "CRC-32");
        for (int round = 0; round < rounds; round++) {
            long checksum = run();
            if (checksum != EXPECTED) {
                System.out.print("Digest: wrong checksum ");
                System.out.println(checksum);
                System.exit(1);
            }
        }
        System.out.print("Digest ");
        System.out.println(EXPECTED);
    }
}
