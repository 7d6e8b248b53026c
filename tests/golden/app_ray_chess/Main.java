import java.util.*;
import java.util.stream.*;

public class Main {
    record V(double x, double y, double z) {
        V plus(V o) { return new V(x + o.x, y + o.y, z + o.z); }
        V minus(V o) { return new V(x - o.x, y - o.y, z - o.z); }
        V times(double k) { return new V(x * k, y * k, z * k); }
        double dot(V o) { return x * o.x + y * o.y + z * o.z; }
        V unit() { return times(1 / Math.sqrt(dot(this))); }
    }
    interface Thing { double hit(V from, V dir); V normal(V at); double shine(); }
    record Sphere(V c, double r, double shine) implements Thing {
        public double hit(V f, V d) { V o = f.minus(c); double b = o.dot(d), disc = b * b - o.dot(o) + r * r; if (disc < 0) return -1; double s = Math.sqrt(disc), t = -b - s; return t > 1e-6 ? t : -b + s > 1e-6 ? -b + s : -1; }
        public V normal(V at) { return at.minus(c).unit(); }
    }
    record Floor(double y) implements Thing {
        public double hit(V f, V d) { double t = (y - f.y) / d.y; return Double.isFinite(t) && t > 1e-6 ? t : -1; }
        public V normal(V at) { return new V(0, 1, 0); }
        public double shine() { return 0; }
    }

    static double trace(List<Thing> w, V from, V dir, int depth) {
        Thing best = null;
        double near = Double.MAX_VALUE;
        for (Thing t : w) { double h = t.hit(from, dir); if (h > 0 && h < near) { near = h; best = t; } }
        if (best == null) return 0.1 + 0.2 * Math.max(0, dir.y);
        V at = from.plus(dir.times(near)), n = best.normal(at), light = new V(-1, 2, -1.5).unit();
        boolean shadow = false;
        for (Thing t : w) shadow |= t.hit(at.plus(n.times(1e-4)), light) > 0;
        double c = 0.1 + (shadow ? 0 : 0.8 * Math.max(0, n.dot(light)));
        if (best instanceof Floor) c *= (Math.floor(at.x) + Math.floor(at.z)) % 2 == 0 ? 1 : 0.5;
        return best.shine() > 0 && depth > 0 ? c * (1 - best.shine()) + best.shine() * trace(w, at, dir.minus(n.times(2 * n.dot(dir))), depth - 1) : c;
    }

    static long knightTours(int n, int x, int y, long seen, int left) {
        if (left == 0) return 1;
        long c = 0;
        int[] dx = {1, 2, 2, 1, -1, -2, -2, -1}, dy = {2, 1, -1, -2, -2, -1, 1, 2};
        for (int i = 0; i < 8; i++) { int a = x + dx[i], b = y + dy[i]; if (a >= 0 && b >= 0 && a < n && b < n && (seen & 1L << (a * n + b)) == 0) c += knightTours(n, a, b, seen | 1L << (a * n + b), left - 1); }
        return c;
    }

    public static void main(String[] args) {
        List<Thing> world = List.of(new Sphere(new V(0, 0, 4), 1, 0.3), new Sphere(new V(1.5, -0.5, 3), 0.5, 0), new Sphere(new V(-1.6, 0.2, 5), 1.2, 0.6), new Floor(-1));
        String shades = " .:-=+*#%@";
        for (int y = 9; y >= -9; y--) {
            StringBuilder sb = new StringBuilder();
            for (int x = -22; x <= 22; x++) sb.append(shades.charAt((int) Math.min(9, trace(world, new V(0, 0.3, 0), new V(x / 20.0, y / 10.0, 1.4).unit(), 3) * 10.5)));
            System.out.println(sb.toString().stripTrailing());
        }
        System.out.println(knightTours(5, 0, 0, 1, 4) + " " + knightTours(8, 0, 0, 1, 4) + " " + knightTours(4, 1, 1, 1L << 5, 7));
        int w = 31, h = 15;
        char[][] m = new char[h][w];
        for (char[] row : m) Arrays.fill(row, '#');
        Random r = new Random(4);
        Deque<int[]> st = new ArrayDeque<>(List.of(new int[] {1, 1}));
        m[1][1] = ' ';
        int[][] dirs = {{0, 2}, {0, -2}, {2, 0}, {-2, 0}};
        while (!st.isEmpty()) {
            int[] p = st.peek();
            List<int[]> ok = Arrays.stream(dirs).filter(d -> p[0] + d[0] > 0 && p[0] + d[0] < h && p[1] + d[1] > 0 && p[1] + d[1] < w && m[p[0] + d[0]][p[1] + d[1]] == '#').toList();
            if (ok.isEmpty()) { st.pop(); continue; }
            int[] d = ok.get(r.nextInt(ok.size()));
            m[p[0] + d[0] / 2][p[1] + d[1] / 2] = m[p[0] + d[0]][p[1] + d[1]] = ' ';
            st.push(new int[] {p[0] + d[0], p[1] + d[1]});
        }
        record Pos(int y, int x) {}
        Pos goal = new Pos(h - 2, w - 2);
        Map<Pos, Pos> from = new HashMap<>();
        Map<Pos, Integer> cost = new HashMap<>(Map.of(new Pos(1, 1), 0));
        PriorityQueue<Pos> open = new PriorityQueue<>(Comparator.comparingInt((Pos p) -> cost.get(p) + Math.abs(p.y - goal.y) + Math.abs(p.x - goal.x)).thenComparingInt(Pos::y).thenComparingInt(Pos::x));
        open.add(new Pos(1, 1));
        while (!open.isEmpty()) {
            Pos p = open.poll();
            if (p.equals(goal)) break;
            for (int[] d : dirs) { Pos q = new Pos(p.y + d[0] / 2, p.x + d[1] / 2); if (m[q.y][q.x] != '#' && !cost.containsKey(q)) { cost.put(q, cost.get(p) + 1); from.put(q, p); open.add(q); } }
        }
        for (Pos p = goal; p != null; p = from.get(p)) m[p.y][p.x] = '.';
        for (char[] row : m) System.out.println(new String(row));
        System.out.println(cost.get(goal));
        int x = 0, v = 0, bounces = 0;
        for (int t = 0; t < 500; t++) { v -= 10; x += v; if (x < 0) { x = -x; v = -v * 9 / 10; bounces++; } }
        System.out.println(x + " " + v + " " + bounces);
    }
}
