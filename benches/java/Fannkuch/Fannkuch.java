/**
 * Guards: int array loads and stores with little else: reversals of a prefix. For all permutations of 1..n, the
 * most flips (reverse as many as the first number says) until 1 comes first, and an alternating sum of all
 * flips.
 */
public final class Fannkuch {
    private static final int DEFAULT_ROUNDS = 125;
    private static final int LENGTH = 8;
    private static final int EXPECTED = 1_616 * 1_000 + 22; // the checksum and the most flips known for length 8

    private static int run() {
        int[] permutation = new int[LENGTH];
        int[] flipped = new int[LENGTH];
        int[] rotations = new int[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            permutation[i] = i;
        }
        int most = 0;
        int checksum = 0;
        boolean even = true;
        while (true) {
            if (permutation[0] != 0) {
                System.arraycopy(permutation, 0, flipped, 0, LENGTH);
                int flips = countFlips(flipped);
                most = Math.max(most, flips);
                checksum += even ? flips : -flips;
            }
            if (!next(permutation, rotations)) {
                return checksum * 1_000 + most;
            }
            even = !even;
        }
    }

    private static int countFlips(int[] numbers) {
        int flips = 0;
        for (int first = numbers[0]; first != 0; first = numbers[0]) {
            for (int low = 0, high = first; low < high; low++, high--) {
                int kept = numbers[low];
                numbers[low] = numbers[high];
                numbers[high] = kept;
            }
            flips++;
        }
        return flips;
    }

    /** The next permutation: rotate the shortest prefix that has not been round yet; false when all have. */
    private static boolean next(int[] permutation, int[] rotations) {
        for (int last = 1; last < LENGTH; last++) {
            int first = permutation[0];
            for (int i = 0; i < last; i++) {
                permutation[i] = permutation[i + 1];
            }
            permutation[last] = first;
            if (rotations[last] < last) {
                rotations[last]++;
                return true;
            }
            rotations[last] = 0;
        }
        return false;
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        for (int round = 0; round < rounds; round++) {
            int checksum = run();
            if (checksum != EXPECTED) {
                System.out.print("Fannkuch: wrong checksum ");
                System.out.println(checksum);
                System.exit(1);
            }
        }
        System.out.print("Fannkuch ");
        System.out.println(EXPECTED);
    }
}
