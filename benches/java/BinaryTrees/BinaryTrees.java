/**
 * Guards: allocation of small objects that mostly die young, and collections while some of them live on. Builds
 * and drops binary trees below a tree that stays.
 */
public final class BinaryTrees {
    private static final int DEFAULT_ROUNDS = 975;
    private static final int KEPT_DEPTH = 15;
    private static final int DEPTH = 10;
    private static final int TREES = 16;
    private static final long EXPECTED = TREES * ((1L << DEPTH + 1) - 1); // every tree is full

    private static final class Tree {
        private final Tree left;
        private final Tree right;

        Tree(Tree left, Tree right) {
            this.left = left;
            this.right = right;
        }

        int size() {
            return left == null ? 1 : 1 + left.size() + right.size();
        }
    }

    private static Tree ofDepth(int depth) {
        return depth == 0 ? new Tree(null, null) : new Tree(ofDepth(depth - 1), ofDepth(depth - 1));
    }

    private static long run() {
        long sum = 0;
        for (int i = 0; i < TREES; i++) {
            sum += ofDepth(DEPTH).size();
        }
        return sum;
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        Tree kept = ofDepth(KEPT_DEPTH);
        for (int round = 0; round < rounds; round++) {
            long checksum = run();
            if (checksum != EXPECTED) {
                System.out.print("BinaryTrees: wrong checksum ");
                System.out.println(checksum);
                System.exit(1);
            }
        }
        if (kept.size() != (1 << KEPT_DEPTH + 1) - 1) {
            System.out.println("BinaryTrees: the tree that stays has lost nodes");
            System.exit(1);
        }
        System.out.print("BinaryTrees ");
        System.out.println(EXPECTED);
    }
}
