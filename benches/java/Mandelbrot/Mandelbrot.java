/**
 * Guards: double arithmetic and comparison in a tight loop, with the shifts that pack the result into bytes.
 * The Mandelbrot set as a bitmap, hashed.
 */
public final class Mandelbrot {
    private static final int DEFAULT_ROUNDS = 75;
    private static final int SIZE = 200;
    private static final int ITERATIONS = 50;
    private static final int EXPECTED = -135_015_886;

    /** Whether the point stays within reach of the origin. */
    private static boolean isInside(double cReal, double cImaginary) {
        double real = 0.0;
        double imaginary = 0.0;
        for (int i = 0; i < ITERATIONS; i++) {
            double realSquare = real * real;
            double imaginarySquare = imaginary * imaginary;
            if (realSquare + imaginarySquare > 4.0) {
                return false;
            }
            imaginary = 2.0 * real * imaginary + cImaginary;
            real = realSquare - imaginarySquare + cReal;
        }
        return true;
    }

    private static int run() {
        int hash = 0;
        for (int row = 0; row < SIZE; row++) {
            double cImaginary = 2.0 * row / SIZE - 1.0;
            int bits = 0;
            for (int column = 0; column < SIZE; column++) {
                bits = bits << 1 | (isInside(2.0 * column / SIZE - 1.5, cImaginary) ? 1 : 0);
                if ((column & 7) == 7) {
                    hash = hash * 31 + (byte) bits;
                    bits = 0;
                }
            }
        }
        return hash;
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        for (int round = 0; round < rounds; round++) {
            int checksum = run();
            if (checksum != EXPECTED) {
                System.out.print("Mandelbrot: wrong checksum ");
                System.out.println(checksum);
                System.exit(1);
            }
        }
        System.out.print("Mandelbrot ");
        System.out.println(EXPECTED);
    }
}
