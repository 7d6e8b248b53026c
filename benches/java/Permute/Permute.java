/**
 * Guards: small recursive calls and int array swaps. Walks all permutations of an array by Heap's method and
 * sums a hash of each.
 */
public final class Permute {
    private static final int DEFAULT_ROUNDS = 275;
    private static final int LENGTH = 8;
    private static final long EXPECTED = 12_669_526_142_336L;

    private final int[] values = new int[LENGTH];
    private int visited;
    private long hashes;

    private void swap(int i, int j) {
        int kept = values[i];
        values[i] = values[j];
        values[j] = kept;
    }

    private void visit() {
        int hash = 0;
        for (int value : values) {
            hash = hash * 31 + value;
        }
        visited++;
        hashes += (long) hash * (visited & 7);
    }

    private void permute(int count) {
        if (count == 1) {
            visit();
            return;
        }
        permute(count - 1);
        for (int i = 0; i < count - 1; i++) {
            swap((count & 1) == 0 ? i : 0, count - 1);
            permute(count - 1);
        }
    }

    private long run() {
        for (int i = 0; i < LENGTH; i++) {
            values[i] = i + 1;
        }
        permute(LENGTH);
        return hashes + visited;
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        for (int round = 0; round < rounds; round++) {
            long checksum = new Permute().run();
            if (checksum != EXPECTED) {
                System.out.print("Permute: wrong checksum ");
                System.out.println(checksum);
                System.exit(1);
            }
        }
        System.out.print("Permute ");
        System.out.println(EXPECTED);
    }
}
