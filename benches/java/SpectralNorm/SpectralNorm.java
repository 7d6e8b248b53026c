import java.util.Arrays;

/**
 * Guards: calls of a tiny static method in the innermost loop, double array traffic, int division and
 * conversion to double. The largest singular value of an infinite matrix, cut to 100 rows, by repeated
 * multiplication.
 */
public final class SpectralNorm {
    private static final int DEFAULT_ROUNDS = 175;
    private static final int ROWS = 100;
    private static final int STEPS = 10;
    private static final long EXPECTED = 1_274_219_991L; // the known value 1.274219991, in billionths

    private static double element(int row, int column) {
        return 1.0 / ((row + column) * (row + column + 1) / 2 + row + 1);
    }

    private static void multiply(double[] in, double[] out) {
        for (int row = 0; row < in.length; row++) {
            double sum = 0;
            for (int column = 0; column < in.length; column++) {
                sum += element(row, column) * in[column];
            }
            out[row] = sum;
        }
    }

    private static void multiplyTransposed(double[] in, double[] out) {
        for (int row = 0; row < in.length; row++) {
            double sum = 0;
            for (int column = 0; column < in.length; column++) {
                sum += element(column, row) * in[column];
            }
            out[row] = sum;
        }
    }

    private static long run() {
        double[] u = new double[ROWS];
        double[] v = new double[ROWS];
        double[] between = new double[ROWS];
        Arrays.fill(u, 1);
        for (int i = 0; i < STEPS; i++) {
            multiply(u, between);
            multiplyTransposed(between, v);
            multiply(v, between);
            multiplyTransposed(between, u);
        }
        double both = 0;
        double square = 0;
        for (int i = 0; i < ROWS; i++) {
            both += u[i] * v[i];
            square += v[i] * v[i];
        }
        return Math.round(Math.sqrt(both / square) * 1e9);
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        for (int round = 0; round < rounds; round++) {
            long checksum = run();
            if (checksum != EXPECTED) {
                System.out.print("SpectralNorm: wrong checksum ");
                System.out.println(checksum);
                System.exit(1);
            }
        }
        System.out.print("SpectralNorm ");
        System.out.println(EXPECTED);
    }
}
