import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;

/**
 * Guards: collections of objects (ArrayList, HashMap, HashSet with iteration) in a pointer-heavy algorithm.
 * Finds the loops of a control flow graph by Havlak's method: depth-first numbering, then union-find from the
 * innermost header outwards. The graph is built so that the number of its loops and their nesting are known.
 */
public final class Havlak {
    private static final int DEFAULT_ROUNDS = 150;
    private static final int NESTS = 20;
    private static final int WIDTH = 4;
    private static final int DEPTH = 3;
    private static final int IRREDUCIBLE = 10;
    private static final long EXPECTED = 25_200_115_000_430L;

    // ---------------------------------------------------------------------------------------------------- the graph

    private static final class Block {
        final int name;
        final ArrayList<Block> sources = new ArrayList<>(2);
        final ArrayList<Block> targets = new ArrayList<>(2);

        Block(int name) {
            this.name = name;
        }

        /** Not the identity hash, so that sets of blocks have the same order in every run. */
        @Override
        public int hashCode() {
            return name * 31;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }
    }

    private static final class Graph {
        final ArrayList<Block> blocks = new ArrayList<>();
        int loopsBuilt;
        long depthsBuilt;

        Block block() {
            Block block = new Block(blocks.size());
            blocks.add(block);
            return block;
        }

        void edge(Block from, Block to) {
            from.targets.add(to);
            to.sources.add(from);
        }

        Block after(Block from) {
            Block next = block();
            edge(from, next);
            return next;
        }

        /** A branch whose two ways meet again. */
        Block diamond(Block from) {
            Block join = block();
            edge(after(from), join);
            edge(after(from), join);
            return join;
        }

        /** A loop at nesting `depth` (1 is outermost) with `WIDTH` loops inside it, down to `DEPTH`. */
        Block nest(Block from, int depth) {
            loopsBuilt++;
            depthsBuilt += depth;
            Block header = after(from);
            Block body = diamond(header);
            if (depth < DEPTH) {
                for (int i = 0; i < WIDTH; i++) {
                    body = nest(body, depth + 1);
                }
            }
            Block latch = after(body);
            edge(latch, header);
            return after(latch);
        }

        /** Two blocks that lead to each other and can both be entered from outside. */
        Block irreducible(Block from) {
            loopsBuilt++;
            depthsBuilt++;
            Block one = after(from);
            Block other = after(from);
            edge(one, other);
            edge(other, one);
            return after(other);
        }
    }

    private static Graph build() {
        Graph graph = new Graph();
        Block end = graph.block();
        for (int i = 0; i < NESTS; i++) {
            end = graph.diamond(graph.nest(end, 1));
        }
        for (int i = 0; i < IRREDUCIBLE; i++) {
            end = graph.irreducible(end);
        }
        graph.after(end);
        return graph;
    }

    // ---------------------------------------------------------------------------------------------------- the finder

    private static final class Loop {
        final boolean reducible;
        final HashSet<Block> blocks = new HashSet<>();
        final ArrayList<Loop> inner = new ArrayList<>();
        Loop outer;

        Loop(boolean reducible) {
            this.reducible = reducible;
        }
    }

    /** A node of the union-find forest: a block, or a loop found so far standing for all its blocks. */
    private static final class Node {
        final Block block;
        final int number;
        int last; // the highest number among its descendants in the depth-first tree
        Node parent = this;
        Loop loop;
        final ArrayList<Node> backSources = new ArrayList<>();
        final HashSet<Integer> otherSources = new HashSet<>();

        Node(Block block, int number) {
            this.block = block;
            this.number = number;
        }

        /** Not the identity hash, so that sets of nodes have the same order in every run. */
        @Override
        public int hashCode() {
            return number * 31;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        Node find() {
            Node root = this;
            while (root.parent != root) {
                root = root.parent;
            }
            Node node = this;
            while (node.parent != root) {
                Node next = node.parent;
                node.parent = root;
                node = next;
            }
            return root;
        }

        boolean isAncestorOf(Node other) {
            return number <= other.number && other.number <= last;
        }
    }

    private static final class Finder {
        private final HashMap<Block, Node> nodeOf = new HashMap<>();
        private final ArrayList<Node> nodes = new ArrayList<>();
        final ArrayList<Loop> loops = new ArrayList<>();

        private int number(Block block) {
            Node node = new Node(block, nodes.size());
            nodes.add(node);
            nodeOf.put(block, node);
            int last = node.number;
            for (Block target : block.targets) {
                if (!nodeOf.containsKey(target)) {
                    last = number(target);
                }
            }
            node.last = last;
            return last;
        }

        private void sortEdges() {
            for (Node node : nodes) {
                for (Block source : node.block.sources) {
                    Node from = nodeOf.get(source);
                    if (from == null) {
                        continue; // not reachable
                    }
                    if (node.isAncestorOf(from)) {
                        node.backSources.add(from);
                    } else {
                        node.otherSources.add(from.number);
                    }
                }
            }
        }

        ArrayList<Loop> find(Graph graph) {
            number(graph.blocks.get(0));
            sortEdges();
            for (int i = nodes.size() - 1; i >= 0; i--) {
                findLoopAt(nodes.get(i));
            }
            return loops;
        }

        private void findLoopAt(Node header) {
            if (header.backSources.isEmpty()) {
                return;
            }
            HashSet<Node> body = new HashSet<>();
            ArrayList<Node> open = new ArrayList<>();
            boolean reducible = true;
            for (Node source : header.backSources) {
                Node root = source.find();
                if (root != header && body.add(root)) {
                    open.add(root);
                }
            }
            while (!open.isEmpty()) {
                Node node = open.remove(open.size() - 1);
                for (Integer from : node.otherSources) {
                    Node root = nodes.get(from).find();
                    if (!header.isAncestorOf(root)) {
                        reducible = false; // a way in that does not pass the header
                        header.otherSources.add(root.number);
                    } else if (root != header && body.add(root)) {
                        open.add(root);
                    }
                }
            }
            Loop loop = new Loop(reducible);
            loops.add(loop);
            loop.blocks.add(header.block);
            header.loop = loop;
            for (Node node : body) {
                node.parent = header;
                if (node.loop != null) {
                    node.loop.outer = loop;
                    loop.inner.add(node.loop);
                } else {
                    loop.blocks.add(node.block);
                }
            }
        }
    }

    private static int depth(Loop loop) {
        return loop.outer == null ? 1 : 1 + depth(loop.outer);
    }

    private static long run() {
        Graph graph = build();
        ArrayList<Loop> loops = new Finder().find(graph);
        long depths = 0;
        long blocks = 0;
        int irreducible = 0;
        for (Loop loop : loops) {
            depths += depth(loop);
            blocks += loop.blocks.size();
            irreducible += loop.reducible ? 0 : 1;
        }
        if (loops.size() != graph.loopsBuilt || depths != graph.depthsBuilt || irreducible != IRREDUCIBLE) {
            throw new IllegalStateException("the loops found are not the loops built");
        }
        return (blocks * 100_000 + depths) * 100_000 + loops.size();
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        for (int round = 0; round < rounds; round++) {
            long checksum = run();
            if (checksum != EXPECTED) {
                System.out.print("Havlak: wrong checksum ");
                System.out.println(checksum);
                System.exit(1);
            }
        }
        System.out.print("Havlak ");
        System.out.println(EXPECTED);
    }
}
