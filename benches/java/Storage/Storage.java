/**
 * Guards: the allocation of many small reference arrays, all reachable until the end of a round. Builds a tree
 * of arrays of uneven length.
 */
public final class Storage {
    private static final int DEFAULT_ROUNDS = 225;
    private static final int DEPTH = 8;
    private static final int CHILDREN = 4;
    private static final long EXPECTED = 360_420_087_381L;

    private int arrays;
    private long slots;
    private int seed = 7;

    private int nextRandom(int bound) {
        seed = seed * 1103515245 + 12345;
        return (seed >>> 16) % bound;
    }

    private Object[] build(int depth) {
        arrays++;
        if (depth == 0) {
            Object[] leaf = new Object[nextRandom(10) + 1];
            slots += leaf.length;
            return leaf;
        }
        Object[] node = new Object[CHILDREN];
        for (int i = 0; i < CHILDREN; i++) {
            node[i] = build(depth - 1);
        }
        return node;
    }

    private static long countSlots(Object[] node) {
        if (node[0] == null) {
            return node.length;
        }
        long sum = 0;
        for (Object child : node) {
            sum += countSlots((Object[]) child);
        }
        return sum;
    }

    private long run() {
        Object[] tree = build(DEPTH);
        if (countSlots(tree) != slots) {
            throw new IllegalStateException("the tree holds other slots than were built");
        }
        return slots * 1_000_000 + arrays;
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        for (int round = 0; round < rounds; round++) {
            long checksum = new Storage().run();
            if (checksum != EXPECTED) {
                System.out.print("Storage: wrong checksum ");
                System.out.println(checksum);
                System.exit(1);
            }
        }
        System.out.print("Storage ");
        System.out.println(EXPECTED);
    }
}
