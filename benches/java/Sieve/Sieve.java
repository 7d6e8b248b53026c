import java.util.Arrays;

/**
 * Guards: loads and stores of boolean arrays and the branches of a nested counting loop. The sieve of
 * Eratosthenes.
 */
public final class Sieve {
    private static final int DEFAULT_ROUNDS = 90;
    private static final int LIMIT = 500_000;
    private static final int EXPECTED = 41_538; // the number of primes below 500,000

    private static int countPrimes(boolean[] composite) {
        Arrays.fill(composite, false);
        int count = 0;
        for (int candidate = 2; candidate < composite.length; candidate++) {
            if (composite[candidate]) {
                continue;
            }
            count++;
            for (int multiple = candidate + candidate; multiple < composite.length; multiple += candidate) {
                composite[multiple] = true;
            }
        }
        return count;
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        boolean[] composite = new boolean[LIMIT];
        for (int round = 0; round < rounds; round++) {
            int checksum = countPrimes(composite);
            if (checksum != EXPECTED) {
                System.out.print("Sieve: wrong checksum ");
                System.out.println(checksum);
                System.exit(1);
            }
        }
        System.out.print("Sieve ");
        System.out.println(EXPECTED);
    }
}
