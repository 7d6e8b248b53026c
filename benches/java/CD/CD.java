import java.util.ArrayList;

/**
 * Guards: a mix near that of a real program: a red-black tree with interface keys, double vectors that die
 * young, lists. Finds the collisions of simulated aircraft: first which cells of a coarse grid each one crosses
 * in a step, then, within a cell, which pairs come too close.
 */
public final class CD {
    private static final int DEFAULT_ROUNDS = 175;
    private static final int AIRCRAFT = 60;
    private static final int FRAMES = 20;
    private static final double CELL = 2.0;
    private static final double TOO_CLOSE = 1.0;
    private static final long EXPECTED = -2_551_774_040_662_032_252L;

    private static final class Vector {
        final double x;
        final double y;
        final double z;

        Vector(double x, double y, double z) {
            this.x = x;
            this.y = y;
            this.z = z;
        }

        Vector plus(Vector other) {
            return new Vector(x + other.x, y + other.y, z + other.z);
        }

        Vector minus(Vector other) {
            return new Vector(x - other.x, y - other.y, z - other.z);
        }

        Vector times(double factor) {
            return new Vector(x * factor, y * factor, z * factor);
        }

        double dot(Vector other) {
            return x * other.x + y * other.y + z * other.z;
        }
    }

    // ------------------------------------------------------------------------------------------------ red-black tree

    /** A sorted map: a binary tree where no red node has a red child and all ways down pass equally many black ones. */
    private static final class TreeMap<K extends Comparable<K>, V> {
        private static final class Node<K, V> {
            final K key;
            V value;
            Node<K, V> parent;
            Node<K, V> left;
            Node<K, V> right;
            boolean red = true;

            Node(K key, V value, Node<K, V> parent) {
                this.key = key;
                this.value = value;
                this.parent = parent;
            }
        }

        private Node<K, V> root;

        private Node<K, V> find(K key) {
            Node<K, V> node = root;
            while (node != null) {
                int order = key.compareTo(node.key);
                if (order == 0) {
                    return node;
                }
                node = order < 0 ? node.left : node.right;
            }
            return null;
        }

        V get(K key) {
            Node<K, V> node = find(key);
            return node == null ? null : node.value;
        }

        /** Sets the value of a key; returns the one it had. */
        V put(K key, V value) {
            Node<K, V> parent = null;
            Node<K, V> node = root;
            int order = 0;
            while (node != null) {
                parent = node;
                order = key.compareTo(node.key);
                if (order == 0) {
                    V before = node.value;
                    node.value = value;
                    return before;
                }
                node = order < 0 ? node.left : node.right;
            }
            Node<K, V> added = new Node<>(key, value, parent);
            if (parent == null) {
                root = added;
            } else if (order < 0) {
                parent.left = added;
            } else {
                parent.right = added;
            }
            repairAfterInsert(added);
            return null;
        }

        private void repairAfterInsert(Node<K, V> added) {
            Node<K, V> node = added;
            while (node.parent != null && node.parent.red) {
                Node<K, V> parent = node.parent;
                Node<K, V> grandparent = parent.parent; // there is one: the root is never red
                boolean parentIsLeft = grandparent.left == parent;
                Node<K, V> uncle = parentIsLeft ? grandparent.right : grandparent.left;
                if (isRed(uncle)) {
                    parent.red = false;
                    uncle.red = false;
                    grandparent.red = true;
                    node = grandparent;
                    continue;
                }
                boolean nodeIsLeft = parent.left == node;
                if (nodeIsLeft != parentIsLeft) {
                    rotate(parent, parentIsLeft);
                    Node<K, V> kept = parent;
                    parent = node;
                    node = kept;
                }
                parent.red = false;
                grandparent.red = true;
                rotate(grandparent, !parentIsLeft);
            }
            root.red = false;
        }

        V remove(K key) {
            Node<K, V> gone = find(key);
            if (gone == null) {
                return null;
            }
            V value = gone.value;
            if (gone.left != null && gone.right != null) {
                // The next larger node has no left child: it takes this place, links, colour and all.
                Node<K, V> next = gone.right;
                while (next.left != null) {
                    next = next.left;
                }
                Node<K, V> nextParent = next.parent;
                Node<K, V> nextRight = next.right;
                boolean nextRed = next.red;
                next.left = gone.left;
                next.left.parent = next;
                if (nextParent == gone) {
                    nextParent = next;
                } else {
                    next.right = gone.right;
                    next.right.parent = next;
                    nextParent.left = nextRight;
                    if (nextRight != null) {
                        nextRight.parent = nextParent;
                    }
                }
                replace(gone, next);
                next.red = gone.red;
                if (!nextRed) {
                    repairAfterRemove(nextRight, nextParent);
                }
                return value;
            }
            Node<K, V> child = gone.left != null ? gone.left : gone.right;
            replace(gone, child);
            if (!gone.red) {
                repairAfterRemove(child, gone.parent);
            }
            return value;
        }

        /** `start` (which may be null, below `startParent`) lacks one black node on its ways down. */
        private void repairAfterRemove(Node<K, V> start, Node<K, V> startParent) {
            Node<K, V> node = start;
            Node<K, V> parent = startParent;
            while (parent != null && !isRed(node)) {
                boolean nodeIsLeft = parent.left == node;
                Node<K, V> sibling = nodeIsLeft ? parent.right : parent.left;
                if (sibling.red) {
                    sibling.red = false;
                    parent.red = true;
                    rotate(parent, nodeIsLeft);
                    sibling = nodeIsLeft ? parent.right : parent.left;
                }
                Node<K, V> near = nodeIsLeft ? sibling.left : sibling.right;
                Node<K, V> far = nodeIsLeft ? sibling.right : sibling.left;
                if (!isRed(near) && !isRed(far)) {
                    sibling.red = true;
                    node = parent;
                    parent = node.parent;
                    continue;
                }
                if (!isRed(far)) {
                    near.red = false;
                    sibling.red = true;
                    rotate(sibling, !nodeIsLeft);
                    far = sibling;
                    sibling = near;
                }
                sibling.red = parent.red;
                parent.red = false;
                far.red = false;
                rotate(parent, nodeIsLeft);
                return;
            }
            if (node != null) {
                node.red = false;
            }
        }

        private static boolean isRed(Node<?, ?> node) {
            return node != null && node.red;
        }

        /** Puts `by` (which may be null) below the parent of `node`, where `node` was. */
        private void replace(Node<K, V> node, Node<K, V> by) {
            Node<K, V> parent = node.parent;
            if (parent == null) {
                root = by;
            } else if (parent.left == node) {
                parent.left = by;
            } else {
                parent.right = by;
            }
            if (by != null) {
                by.parent = parent;
            }
        }

        /** Turns `top` down to the left or the right; the child on its other side comes up. */
        private void rotate(Node<K, V> top, boolean toLeft) {
            Node<K, V> up = toLeft ? top.right : top.left;
            Node<K, V> moved = toLeft ? up.left : up.right;
            replace(top, up);
            top.parent = up;
            if (toLeft) {
                top.right = moved;
                up.left = top;
            } else {
                top.left = moved;
                up.right = top;
            }
            if (moved != null) {
                moved.parent = top;
            }
        }

        ArrayList<V> values() {
            ArrayList<V> values = new ArrayList<>();
            addValues(root, values);
            return values;
        }

        private void addValues(Node<K, V> node, ArrayList<V> values) {
            if (node != null) {
                addValues(node.left, values);
                values.add(node.value);
                addValues(node.right, values);
            }
        }

        /** The number of black nodes on each way down; fails if the ways differ or two red nodes meet. */
        int blackHeight() {
            return blackHeight(root);
        }

        private static int blackHeight(Node<?, ?> node) {
            if (node == null) {
                return 1;
            }
            int left = blackHeight(node.left);
            if (left != blackHeight(node.right) || node.red && (isRed(node.left) || isRed(node.right))) {
                throw new IllegalStateException("the tree is not balanced");
            }
            return node.red ? left : left + 1;
        }
    }

    // -------------------------------------------------------------------------------------------------- the aircraft

    private static final class CallSign implements Comparable<CallSign> {
        private final int number;

        CallSign(int number) {
            this.number = number;
        }

        @Override
        public int compareTo(CallSign other) {
            return Integer.compare(number, other.number);
        }
    }

    private static final class Cell implements Comparable<Cell> {
        private final int column;
        private final int row;

        Cell(int column, int row) {
            this.column = column;
            this.row = row;
        }

        @Override
        public int compareTo(Cell other) {
            return column != other.column ? Integer.compare(column, other.column) : Integer.compare(row, other.row);
        }
    }

    /** Where an aircraft was and is. */
    private static final class Motion {
        final int number;
        final Vector from;
        final Vector to;

        Motion(int number, Vector from, Vector to) {
            this.number = number;
            this.from = from;
            this.to = to;
        }

        /** Whether the two come too close at some moment of the step, both flying straight and evenly. */
        boolean meets(Motion other) {
            Vector apart = from.minus(other.from);
            Vector drift = to.minus(from).minus(other.to.minus(other.from));
            double square = drift.dot(drift);
            double moment = square == 0 ? 0 : -apart.dot(drift) / square;
            Vector nearest = apart.plus(drift.times(Math.max(0, Math.min(1, moment))));
            return nearest.dot(nearest) < TOO_CLOSE * TOO_CLOSE;
        }
    }

    /** On a circle, by the rational parametrization, so that no library's cosine has a say in the result. */
    private static Vector position(int aircraft, int frame) {
        double t = (frame * (1 + aircraft % 3) - 15 + aircraft % 7) * 0.1;
        double cosine = (1 - t * t) / (1 + t * t);
        double sine = 2 * t / (1 + t * t);
        double radius = 8 + aircraft % 5;
        double side = aircraft % 2 == 0 ? 1 : -1;
        return new Vector(aircraft / 6 * 3 + side * radius * cosine, radius * sine, aircraft % 4 * 0.4);
    }

    private static final class Detector {
        private final TreeMap<CallSign, Vector> lastPositions = new TreeMap<>();

        /** The number of pairs that met in this frame. */
        int frame(int frame, boolean[] flying) {
            TreeMap<Cell, ArrayList<Motion>> cells = new TreeMap<>();
            for (int i = 0; i < AIRCRAFT; i++) {
                CallSign sign = new CallSign(i);
                if (!flying[i]) {
                    lastPositions.remove(sign);
                    continue;
                }
                Vector now = position(i, frame);
                Vector before = lastPositions.put(sign, now);
                enter(new Motion(i, before == null ? now : before, now), cells);
            }
            TreeMap<CallSign, Boolean> met = new TreeMap<>();
            for (ArrayList<Motion> motions : cells.values()) {
                for (int i = 0; i < motions.size(); i++) {
                    for (int j = i + 1; j < motions.size(); j++) {
                        Motion one = motions.get(i);
                        Motion other = motions.get(j);
                        if (one.meets(other)) {
                            met.put(new CallSign(one.number * AIRCRAFT + other.number), Boolean.TRUE);
                        }
                    }
                }
            }
            lastPositions.blackHeight();
            cells.blackHeight();
            return met.values().size();
        }

        /** Adds the motion to all cells that it may cross, with a margin of the distance that is too close. */
        private void enter(Motion motion, TreeMap<Cell, ArrayList<Motion>> cells) {
            int firstColumn = cellOf(Math.min(motion.from.x, motion.to.x) - TOO_CLOSE / 2);
            int lastColumn = cellOf(Math.max(motion.from.x, motion.to.x) + TOO_CLOSE / 2);
            int firstRow = cellOf(Math.min(motion.from.y, motion.to.y) - TOO_CLOSE / 2);
            int lastRow = cellOf(Math.max(motion.from.y, motion.to.y) + TOO_CLOSE / 2);
            for (int column = firstColumn; column <= lastColumn; column++) {
                for (int row = firstRow; row <= lastRow; row++) {
                    Cell cell = new Cell(column, row);
                    ArrayList<Motion> motions = cells.get(cell);
                    if (motions == null) {
                        motions = new ArrayList<>();
                        cells.put(cell, motions);
                    }
                    motions.add(motion);
                }
            }
        }

        private static int cellOf(double coordinate) {
            return (int) Math.floor(coordinate / CELL);
        }
    }

    /** The same count by comparing all pairs, to check the detector against. */
    private static int countAllPairs(int frame, boolean[] flewBefore, boolean[] flying) {
        ArrayList<Motion> motions = new ArrayList<>();
        for (int i = 0; i < AIRCRAFT; i++) {
            if (flying[i]) {
                motions.add(new Motion(i, position(i, flewBefore[i] ? frame - 1 : frame), position(i, frame)));
            }
        }
        int count = 0;
        for (int i = 0; i < motions.size(); i++) {
            for (int j = i + 1; j < motions.size(); j++) {
                count += motions.get(i).meets(motions.get(j)) ? 1 : 0;
            }
        }
        return count;
    }

    private static long run(boolean check) {
        Detector detector = new Detector();
        boolean[] flying = new boolean[AIRCRAFT];
        long sum = 0;
        for (int frame = 0; frame < FRAMES; frame++) {
            boolean[] flewBefore = flying;
            flying = new boolean[AIRCRAFT];
            for (int i = 0; i < AIRCRAFT; i++) {
                flying[i] = (i + frame) % 9 != 0; // some land and start again, so that the tree also shrinks
            }
            int met = detector.frame(frame, flying);
            if (check && met != countAllPairs(frame, flewBefore, flying)) {
                throw new IllegalStateException("the grid missed a collision");
            }
            sum = sum * 31 + met;
        }
        return sum;
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        for (int round = 0; round < rounds; round++) {
            long checksum = run(round == 0);
            if (checksum != EXPECTED) {
                System.out.print("CD: wrong checksum ");
                System.out.println(checksum);
                System.exit(1);
            }
        }
        System.out.print("CD ");
        System.out.println(EXPECTED);
    }
}
