/**
 * Guards: the store barrier and remembered sets. A graph that is old changes all the time: nodes are replaced by new
 * ones, so that old objects and one large old array point to young ones, and edges are turned. Arguments: steps, nodes.
 * Heap: 40m.
 */
public final class Graph {
    private static final int STEPS = 1_200_000;
    private static final int NODES = 150_000;
    private static final int EDGES = 6;

    private static final class Node {
        final int id;
        int version;
        /** Null once the node was replaced: a dead node must not keep its neighbours of old alive. */
        Node[] edges = new Node[EDGES];

        Node(int id, int version) {
            this.id = id;
            this.version = version;
        }
    }

    private final Node[] nodes;
    private long seed = 99;

    private Graph(int count) {
        nodes = new Node[count];
        for (int i = 0; i < count; i++) {
            nodes[i] = new Node(i, 0);
        }
        for (Node node : nodes) {
            for (int e = 0; e < EDGES; e++) {
                node.edges[e] = nodes[random(count)];
            }
        }
    }

    private int random(int bound) {
        seed = seed * 6364136223846793005L + 1442695040888963407L;
        return (int) ((seed >>> 33) % bound);
    }

    private void replace(int id) {
        Node old = nodes[id];
        Node node = new Node(id, old.version + 1);
        System.arraycopy(old.edges, 0, node.edges, 0, EDGES);
        // What pointed to the replaced node learns of it when it is next visited, except one.
        Node near = node.edges[0];
        if (near.edges != null) {
            near.edges[near.version % EDGES] = node;
        }
        old.edges = null;
        nodes[id] = node;
    }

    /** Walks some edges, mending those that lead to replaced nodes; returns what it has seen. */
    private long walk(int start) {
        Node node = nodes[start];
        long seen = 0;
        for (int step = 0; step < 4; step++) {
            int e = (int) ((seen + step) % EDGES);
            Node next = node.edges[e];
            if (next.edges == null) {
                next = nodes[next.id];
                node.edges[e] = next;
            }
            seen += next.id + next.version;
            node = next;
        }
        return seen;
    }

    public static void main(String[] args) {
        int steps = args.length > 0 ? Integer.parseInt(args[0]) : STEPS;
        int count = args.length > 1 ? Integer.parseInt(args[1]) : NODES;
        Graph graph = new Graph(count);
        long sum = 0;
        for (int i = 0; i < steps; i++) {
            int id = graph.random(count);
            if (i % 3 == 0) {
                sum = sum * 31 + graph.walk(id);
            } else if (i % 3 == 1) {
                graph.replace(id);
            } else {
                Node node = graph.nodes[id];
                node.edges[i % EDGES] = graph.nodes[graph.random(count)];
            }
        }
        long versions = 0;
        for (int i = 0; i < count; i++) {
            Node node = graph.nodes[i];
            if (node.id != i || node.edges == null) {
                throw new AssertionError("node " + i);
            }
            versions += node.version;
            for (Node edge : node.edges) {
                sum += edge.id;
            }
        }
        System.out.println("Graph " + steps + ": " + versions + " replaced, " + sum);
    }
}
