import java.util.*;

/**
 * A heap so full of small live objects that collecting gains hardly anything. Some collectors say "GC overhead limit
 * exceeded" before they are quite out of it, others go on to "Java heap space": both will do, if it comes soon, can be caught,
 * and the program goes on.
 */
public class Main {
    static final Set<String> MESSAGES = Set.of("Java heap space", "GC overhead limit exceeded");

    /** Under stress the values are longer by so much, and fewer fill the heap. */
    static final int PAD = Integer.getInteger("golden.scale", 0);

    public static void main(String[] args) {
        for (int round = 0; round < 3; round++) {
            Map<Integer, String> map = new HashMap<>();
            long started = System.nanoTime();
            int i = 0;
            try {
                while (true) {
                    map.put(i, "random " + i + " ".repeat(PAD));
                    i++;
                }
            } catch (OutOfMemoryError e) {
                map = null;
                boolean soon = System.nanoTime() - started < 120_000_000_000L;
                System.out.println("round " + round + ": " + MESSAGES.contains(e.getMessage()) + (i > 10_000 / (PAD + 1)) + soon);
            }
        }
        int[] after = new int[1 << 20];
        System.out.println("usable " + after.length);
    }
}
