import java.util.*;
import java.util.stream.*;

public class Main {
    record Edge(int from, int to, int w) {}

    static int[] dijkstra(List<List<Edge>> g, int s, int[] prev) {
        int[] d = new int[g.size()];
        Arrays.fill(d, Integer.MAX_VALUE);
        Arrays.fill(prev, -1);
        d[s] = 0;
        PriorityQueue<int[]> q = new PriorityQueue<>((a, b) -> a[1] != b[1] ? Integer.compare(a[1], b[1]) : Integer.compare(a[0], b[0]));
        q.add(new int[] {s, 0});
        while (!q.isEmpty()) {
            int[] t = q.poll();
            if (t[1] > d[t[0]]) continue;
            for (Edge e : g.get(t[0])) {
                if (d[t[0]] + e.w < d[e.to]) {
                    d[e.to] = d[t[0]] + e.w;
                    prev[e.to] = t[0];
                    q.add(new int[] {e.to, d[e.to]});
                }
            }
        }
        return d;
    }

    static List<Integer> topo(Map<Integer, Set<Integer>> deps) {
        Map<Integer, Integer> in = new TreeMap<>();
        deps.forEach((k, v) -> { in.putIfAbsent(k, 0); v.forEach(x -> in.merge(x, 1, Integer::sum)); });
        Deque<Integer> ready = new ArrayDeque<>();
        in.forEach((k, v) -> { if (v == 0) ready.add(k); });
        List<Integer> out = new ArrayList<>();
        while (!ready.isEmpty()) {
            int k = ready.poll();
            out.add(k);
            for (int x : deps.getOrDefault(k, Set.of())) if (in.merge(x, -1, Integer::sum) == 0) ready.add(x);
        }
        if (out.size() < in.size()) throw new IllegalStateException("cycle among " + in.entrySet().stream().filter(e -> e.getValue() > 0).map(Map.Entry::getKey).toList());
        return out;
    }

    static class Dsu {
        final int[] p, size;
        Dsu(int n) { p = IntStream.range(0, n).toArray(); size = new int[n]; Arrays.fill(size, 1); }
        int find(int x) { return p[x] == x ? x : (p[x] = find(p[x])); }
        boolean union(int a, int b) { a = find(a); b = find(b); if (a == b) return false; if (size[a] < size[b]) { int t = a; a = b; b = t; } p[b] = a; size[a] += size[b]; return true; }
    }

    static class Tarjan {
        final List<List<Edge>> g;
        final int[] low, num;
        final Deque<Integer> stack = new ArrayDeque<>();
        final List<List<Integer>> comps = new ArrayList<>();
        int n;
        Tarjan(List<List<Edge>> g) { this.g = g; low = new int[g.size()]; num = new int[g.size()]; for (int i = 0; i < g.size(); i++) if (num[i] == 0) visit(i); }
        void visit(int v) {
            num[v] = low[v] = ++n;
            stack.push(v);
            for (Edge e : g.get(v)) {
                if (num[e.to] == 0) { visit(e.to); low[v] = Math.min(low[v], low[e.to]); }
                else if (stack.contains(e.to)) low[v] = Math.min(low[v], num[e.to]);
            }
            if (low[v] == num[v]) {
                List<Integer> c = new ArrayList<>();
                int w;
                do { w = stack.pop(); c.add(w); } while (w != v);
                Collections.sort(c);
                comps.add(c);
            }
        }
    }

    static int maxFlow(int[][] cap, int s, int t) {
        int flow = 0;
        while (true) {
            int[] prev = new int[cap.length];
            Arrays.fill(prev, -1);
            prev[s] = s;
            Deque<Integer> q = new ArrayDeque<>(List.of(s));
            while (!q.isEmpty() && prev[t] < 0) { int v = q.poll(); for (int u = 0; u < cap.length; u++) if (prev[u] < 0 && cap[v][u] > 0) { prev[u] = v; q.add(u); } }
            if (prev[t] < 0) return flow;
            int f = Integer.MAX_VALUE;
            for (int v = t; v != s; v = prev[v]) f = Math.min(f, cap[prev[v]][v]);
            for (int v = t; v != s; v = prev[v]) { cap[prev[v]][v] -= f; cap[v][prev[v]] += f; }
            flow += f;
        }
    }

    public static void main(String[] args) {
        int n = 60;
        Random r = new Random(2024);
        List<Edge> edges = new ArrayList<>();
        List<List<Edge>> g = new ArrayList<>();
        for (int i = 0; i < n; i++) g.add(new ArrayList<>());
        for (int i = 0; i < 180; i++) {
            Edge e = new Edge(r.nextInt(n), r.nextInt(n - 2), 1 + r.nextInt(50));
            edges.add(e);
            g.get(e.from).add(e);
        }
        int[] prev = new int[n], d = dijkstra(g, 0, prev);
        System.out.println(Arrays.stream(d).mapToObj(x -> x == Integer.MAX_VALUE ? "-" : "" + x).collect(Collectors.joining(" ")));
        int far = IntStream.range(0, n).filter(i -> d[i] < Integer.MAX_VALUE).boxed().max(Comparator.comparingInt(i -> d[i])).get();
        List<Integer> path = new LinkedList<>();
        for (int v = far; v >= 0; v = prev[v]) path.addFirst(v);
        System.out.println(path);
        long[][] all = new long[n][n];
        for (long[] row : all) Arrays.fill(row, 1 << 20);
        for (Edge e : edges) all[e.from][e.to] = Math.min(all[e.from][e.to], e.w);
        for (int i = 0; i < n; i++) all[i][i] = 0;
        for (int k = 0; k < n; k++) for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) all[i][j] = Math.min(all[i][j], all[i][k] + all[k][j]);
        boolean same = true;
        for (int i = 0; i < n; i++) same &= all[0][i] >= 1 << 20 ? d[i] == Integer.MAX_VALUE : all[0][i] == d[i];
        System.out.println(same);
        Dsu u = new Dsu(n);
        int weight = 0, used = 0;
        List<Edge> sorted = new ArrayList<>(edges);
        sorted.sort(Comparator.comparingInt(Edge::w).thenComparingInt(Edge::from).thenComparingInt(Edge::to));
        for (Edge e : sorted) if (u.union(e.from, e.to)) { weight += e.w; used++; }
        System.out.println(weight + " " + used);
        System.out.println(new Tarjan(g).comps);
        Map<Integer, Set<Integer>> deps = new TreeMap<>();
        for (Edge e : edges) if (e.from < e.to) deps.computeIfAbsent(e.from, k -> new TreeSet<>()).add(e.to);
        System.out.println(topo(deps));
        deps.get(deps.keySet().iterator().next()).add(59);
        deps.computeIfAbsent(59, k -> new TreeSet<>()).add(58);
        deps.computeIfAbsent(58, k -> new TreeSet<>()).add(59);
        try {
            topo(deps);
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        int[][] cap = new int[n][n];
        for (Edge e : edges) cap[e.from][e.to] += e.w;
        System.out.println(maxFlow(cap, path.getFirst(), path.getLast()));
    }
}
