import java.util.*;
import java.util.concurrent.*;
import java.util.function.*;

public class Main {
    static final int OPS = 600;

    static String list(Supplier<List<Integer>> mk, long seed) {
        List<Integer> l = mk.get();
        int[] model = new int[2000];
        int n = 0;
        Random r = new Random(seed);
        for (int i = 0; i < OPS; i++) {
            int v = r.nextInt(50);
            switch (r.nextInt(8)) {
                case 0, 1, 2 -> { l.add(v); model[n++] = v; }
                case 3 -> { int at = r.nextInt(n + 1); l.add(at, v); System.arraycopy(model, at, model, at + 1, n - at); model[at] = v; n++; }
                case 4 -> { if (n > 0) { int at = r.nextInt(n); if (l.remove(at) != model[at]) return "remove"; System.arraycopy(model, at + 1, model, at, --n - at); } }
                case 5 -> { if (n > 0) { int at = r.nextInt(n); if (l.set(at, v) != model[at]) return "set"; model[at] = v; } }
                case 6 -> { int at = -1; for (int k = 0; k < n && at < 0; k++) if (model[k] == v) at = k; if (l.indexOf(v) != at) return "indexOf"; }
                default -> { ListIterator<Integer> it = l.listIterator(n); int k = n; while (it.hasPrevious() && k > n - 5) if (it.previous() != model[--k]) return "previous"; }
            }
            if (l.size() != n) return "size";
        }
        int k = 0;
        for (int v : l) if (v != model[k++]) return "order";
        return "ok " + n;
    }

    static String map(Supplier<Map<Integer, Integer>> mk, boolean sorted, long seed) {
        Map<Integer, Integer> m = mk.get();
        Integer[] model = new Integer[64];
        Random r = new Random(seed);
        for (int i = 0; i < OPS; i++) {
            int k = r.nextInt(64), v = r.nextInt(1000);
            Integer old = model[k];
            switch (r.nextInt(8)) {
                case 0, 1 -> { if (!Objects.equals(m.put(k, v), old)) return "put"; model[k] = v; }
                case 2 -> { if (!Objects.equals(m.remove(k), old)) return "remove"; model[k] = null; }
                case 3 -> { m.merge(k, v, Integer::sum); model[k] = old == null ? v : old + v; }
                case 4 -> { m.computeIfAbsent(k, x -> v); if (old == null) model[k] = v; }
                case 5 -> { m.computeIfPresent(k, (x, y) -> y % 2 == 0 ? null : y + 1); if (old != null) model[k] = old % 2 == 0 ? null : old + 1; }
                case 6 -> { if (!Objects.equals(m.get(k), old) || m.containsKey(k) != (old != null)) return "get"; }
                default -> { if (r.nextInt(10) == 0) { Iterator<Map.Entry<Integer, Integer>> it = m.entrySet().iterator(); while (it.hasNext()) { var e = it.next(); if (e.getKey() % 5 == 0) { model[e.getKey()] = null; it.remove(); } else { model[e.getKey()] = e.getValue() + 7; e.setValue(e.getValue() + 7); } } } }
            }
        }
        int n = 0, last = -1;
        for (Integer x : model) if (x != null) n++;
        if (m.size() != n) return "size";
        for (var e : m.entrySet()) { if (!e.getValue().equals(model[e.getKey()])) return "value"; if (sorted && e.getKey() <= last) return "order"; last = e.getKey(); }
        return "ok " + n;
    }

    static String deque(Deque<Integer> d, long seed) {
        LinkedList<Integer> model = new LinkedList<>();
        Random r = new Random(seed);
        for (int i = 0; i < OPS; i++) {
            int v = r.nextInt(40);
            switch (r.nextInt(6)) {
                case 0, 1 -> { d.addFirst(v); model.add(0, v); }
                case 2 -> { d.addLast(v); model.add(v); }
                case 3 -> { if (!Objects.equals(d.pollFirst(), model.isEmpty() ? null : model.remove(0))) return "pollFirst"; }
                case 4 -> { if (!Objects.equals(d.pollLast(), model.isEmpty() ? null : model.remove(model.size() - 1))) return "pollLast"; }
                default -> { if (d.removeFirstOccurrence(v) != model.remove((Integer) v)) return "removeFirstOccurrence"; }
            }
        }
        return new ArrayList<>(d).equals(model) ? "ok " + model.size() : "content";
    }

    static String heap(Queue<Integer> q, long seed) {
        List<Integer> model = new ArrayList<>();
        Random r = new Random(seed);
        for (int i = 0; i < OPS; i++) {
            if (r.nextInt(3) > 0) { int v = r.nextInt(100); q.add(v); model.add(v); Collections.sort(model); }
            else if (r.nextBoolean()) { if (!Objects.equals(q.poll(), model.isEmpty() ? null : model.remove(0))) return "poll"; }
            else { Integer v = r.nextInt(100); if (q.remove(v) != model.remove(v)) return "remove"; }
            if (!Objects.equals(q.peek(), model.isEmpty() ? null : model.get(0))) return "peek";
        }
        return "ok " + model.size();
    }

    public static void main(String[] args) {
        System.out.println(list(ArrayList::new, 1) + " " + list(LinkedList::new, 2) + " " + list(Vector::new, 3) + " " + list(CopyOnWriteArrayList::new, 4) + " " + list(() -> Collections.synchronizedList(new ArrayList<>()), 5) + " " + list(() -> new ArrayList<>(List.of(9, 9)).subList(1, 1), 6));
        System.out.println(map(HashMap::new, false, 1) + " " + map(LinkedHashMap::new, false, 2) + " " + map(TreeMap::new, true, 3) + " " + map(Hashtable::new, false, 4) + " " + map(() -> new HashMap<>(1, 9f), false, 7) + " " + map(WeakHashMap::new, false, 8) + " " + map(() -> Collections.synchronizedMap(new TreeMap<>()), true, 9) + " " + map(() -> new TreeMap<Integer, Integer>().subMap(-1, 100), true, 10) + " " + map(ConcurrentHashMap::new, false, 5));
        System.out.println(deque(new ArrayDeque<>(), 1) + " " + deque(new LinkedList<>(), 2) + " " + deque(new ConcurrentLinkedDeque<>(), 3) + " " + deque(new LinkedBlockingDeque<>(), 4) + " " + deque(new ArrayDeque<>(1), 5));
        System.out.println(heap(new PriorityQueue<>(), 1) + " " + heap(new PriorityBlockingQueue<>(), 2) + " " + heap(new PriorityQueue<>(1, Comparator.naturalOrder()), 3));
        Random r = new Random(5);
        BitSet b = new BitSet();
        TreeSet<Integer> t = new TreeSet<>();
        ConcurrentSkipListSet<Integer> s = new ConcurrentSkipListSet<>();
        boolean ok = true;
        for (int i = 0; i < OPS; i++) {
            int v = r.nextInt(300);
            if (r.nextBoolean()) { b.set(v); t.add(v); s.add(v); } else { b.clear(v); t.remove(v); s.remove(v); }
            Integer next = t.ceiling(v), prev = t.lower(v);
            ok &= b.nextSetBit(v) == (next == null ? -1 : next) && Objects.equals(s.ceiling(v), next) && Objects.equals(s.lower(v), prev) && b.cardinality() == t.size() && t.headSet(v).size() == s.headSet(v).size();
        }
        System.out.println(ok + " " + t.size() + " " + t.equals(s) + " " + b.stream().boxed().toList().equals(new ArrayList<>(t)));
    }
}
