import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Guards: hash tables: String and Integer keys (boxing included), growth, hits and misses, removal, iteration,
 * keys of the program's own class with collisions, and insertion order.
 */
public final class HashMaps {
    private static final int DEFAULT_ROUNDS = 375;
    private static final int KEYS = 2_000;
    private static final long EXPECTED = -1_057_636_028_718_855_833L;

    /** A key whose hashes collide often, so that buckets become chains (but not so long that they become trees). */
    private static final class Place {
        private final int x;
        private final int y;

        Place(int x, int y) {
            this.x = x;
            this.y = y;
        }

        @Override
        public int hashCode() {
            return x * 7 + y;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Place && ((Place) other).x == x && ((Place) other).y == y;
        }
    }

    private static String[] words() {
        String[] words = new String[KEYS];
        for (int i = 0; i < KEYS; i++) {
            words[i] = Integer.toString(i * 7919 % 1_000, 36).concat(i % 2 == 0 ? "-word" : "");
        }
        return words;
    }

    /** Counts how often each word occurs, then sums over the entries. */
    private static long counts(String[] words) {
        HashMap<String, Integer> counts = new HashMap<>();
        for (String word : words) {
            Integer count = counts.get(word);
            counts.put(word, count == null ? 1 : count + 1);
        }
        long sum = counts.size();
        for (Map.Entry<String, Integer> entry : counts.entrySet()) {
            sum = sum * 31 + entry.getKey().length() * entry.getValue();
        }
        return sum;
    }

    private static long numbers() {
        HashMap<Integer, Long> squares = new HashMap<>();
        for (int i = 0; i < KEYS; i++) {
            squares.put(i * 37, (long) i * i);
        }
        long sum = 0;
        for (int i = 0; i < 2 * KEYS; i++) {
            Long square = squares.get(i * 37); // every second half is a miss
            sum += square == null ? 1 : square;
        }
        for (Iterator<Integer> keys = squares.keySet().iterator(); keys.hasNext();) {
            if (keys.next() % 3 == 0) {
                keys.remove();
            }
        }
        for (Long square : squares.values()) {
            sum = sum * 5 + square;
        }
        return sum + squares.size();
    }

    private static long places() {
        HashSet<Place> places = new HashSet<>();
        int repeated = 0;
        for (int i = 0; i < KEYS; i++) {
            if (!places.add(new Place(i % 40, i % 31))) {
                repeated++;
            }
        }
        long sum = repeated;
        for (Place place : places) {
            sum = sum * 3 + place.x - place.y;
        }
        return sum + (places.contains(new Place(3, 3)) ? 1 : 0) + (places.remove(new Place(4, 4)) ? 2 : 0);
    }

    private static long ordered(String[] words) {
        LinkedHashMap<String, Integer> first = new LinkedHashMap<>();
        for (int i = 0; i < words.length; i++) {
            first.putIfAbsent(words[i], i);
        }
        long sum = 0;
        int before = -1;
        for (int at : first.values()) {
            if (at <= before) {
                throw new IllegalStateException("the order of insertion was lost");
            }
            before = at;
            sum = sum * 31 + at;
        }
        return sum;
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        String[] words = words();
        for (int round = 0; round < rounds; round++) {
            long checksum = counts(words);
            checksum = checksum * 31 + numbers();
            checksum = checksum * 31 + places();
            checksum = checksum * 31 + ordered(words);
            if (checksum != EXPECTED) {
                System.out.print("HashMaps: wrong checksum ");
                System.out.println(checksum);
                System.exit(1);
            }
        }
        System.out.print("HashMaps ");
        System.out.println(EXPECTED);
    }
}
