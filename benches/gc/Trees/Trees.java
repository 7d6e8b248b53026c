/**
 * Guards: what a young collection costs when nearly everything dies, and that a tree which stays is not paid for
 * again each time. Builds and drops binary trees beside a large one. Arguments: rounds, depth of the tree that stays.
 * Heap: 64m.
 */
public final class Trees {
    private static final int ROUNDS = 3000;
    private static final int KEPT_DEPTH = 18;
    private static final int DEPTH = 14;

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

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : ROUNDS;
        int keptDepth = args.length > 1 ? Integer.parseInt(args[1]) : KEPT_DEPTH;
        Tree kept = ofDepth(keptDepth);
        long nodes = 0;
        for (int round = 0; round < rounds; round++) {
            // Small trees mostly, so that some are alive at any moment and their sizes differ.
            nodes += ofDepth(round % 8 == 0 ? DEPTH : 8 + round % 5).size();
        }
        System.out.println("Trees " + rounds + ": " + nodes + " nodes dropped, " + kept.size() + " kept");
    }
}
