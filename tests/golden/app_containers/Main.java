import java.util.*;
import java.util.function.*;

public class Main {
    static class RbTree<K extends Comparable<K>> {
        private static final boolean RED = true, BLACK = false;
        private class N { final K k; N l, r; boolean c = RED; int size = 1; N(K k) { this.k = k; } }
        private N root;
        boolean red(N n) { return n != null && n.c == RED; }
        int size(N n) { return n == null ? 0 : n.size; }
        N rotL(N h) { N x = h.r; h.r = x.l; x.l = h; x.c = h.c; h.c = RED; x.size = h.size; h.size = 1 + size(h.l) + size(h.r); return x; }
        N rotR(N h) { N x = h.l; h.l = x.r; x.r = h; x.c = h.c; h.c = RED; x.size = h.size; h.size = 1 + size(h.l) + size(h.r); return x; }
        void add(K k) { root = add(root, k); root.c = BLACK; }
        N add(N h, K k) {
            if (h == null) return new N(k);
            int c = k.compareTo(h.k);
            if (c < 0) h.l = add(h.l, k); else if (c > 0) h.r = add(h.r, k);
            if (red(h.r) && !red(h.l)) h = rotL(h);
            if (red(h.l) && red(h.l.l)) h = rotR(h);
            if (red(h.l) && red(h.r)) { h.c = RED; h.l.c = h.r.c = BLACK; }
            h.size = 1 + size(h.l) + size(h.r);
            return h;
        }
        K select(int i) { N n = root; while (true) { int s = size(n.l); if (i < s) n = n.l; else if (i == s) return n.k; else { i -= s + 1; n = n.r; } } }
        int blackHeight(N n) { if (n == null) return 0; int a = blackHeight(n.l), b = blackHeight(n.r); if (a != b || red(n) && red(n.l) || red(n.r)) throw new IllegalStateException("broken"); return a + (n.c == BLACK ? 1 : 0); }
        void each(Consumer<? super K> c) { each(root, c); }
        private void each(N n, Consumer<? super K> c) { if (n != null) { each(n.l, c); c.accept(n.k); each(n.r, c); } }
    }

    static class OpenMap<K, V> implements Iterable<Map.Entry<K, V>> {
        private Object[] ks = new Object[8], vs = new Object[8];
        private int n;
        private static final Object GONE = new Object();
        private int slot(Object k) { int i = (k.hashCode() * 0x9E3779B9) >>> (32 - Integer.numberOfTrailingZeros(ks.length)), free = -1; while (ks[i] != null) { if (ks[i] == GONE) { if (free < 0) free = i; } else if (ks[i].equals(k)) return i; i = (i + 1) & (ks.length - 1); } return ~(free < 0 ? i : free); }
        @SuppressWarnings("unchecked") V get(Object k) { int i = slot(k); return i < 0 ? null : (V) vs[i]; }
        void put(K k, V v) { int i = slot(k); if (i >= 0) { vs[i] = v; return; } ks[~i] = k; vs[~i] = v; if (++n * 3 > ks.length * 2) grow(); }
        boolean remove(Object k) { int i = slot(k); if (i < 0) return false; ks[i] = GONE; vs[i] = null; n--; return true; }
        @SuppressWarnings("unchecked") private void grow() { Object[] ok = ks, ov = vs; ks = new Object[ok.length * 2]; vs = new Object[ok.length * 2]; n = 0; for (int i = 0; i < ok.length; i++) if (ok[i] != null && ok[i] != GONE) put((K) ok[i], (V) ov[i]); }
        @SuppressWarnings("unchecked") public Iterator<Map.Entry<K, V>> iterator() { return new Iterator<>() { int i = skip(0); private int skip(int j) { while (j < ks.length && (ks[j] == null || ks[j] == GONE)) j++; return j; } public boolean hasNext() { return i < ks.length; } public Map.Entry<K, V> next() { if (!hasNext()) throw new NoSuchElementException(); Map.Entry<K, V> e = Map.entry((K) ks[i], (V) vs[i]); i = skip(i + 1); return e; } }; }
    }

    static final class PList<T> {
        final T head; final PList<T> tail; final int size;
        private PList(T h, PList<T> t) { head = h; tail = t; size = t == null ? 0 : t.size + 1; }
        static <T> PList<T> empty() { return new PList<>(null, null); }
        PList<T> push(T t) { return new PList<>(t, this); }
        <R> R fold(R z, BiFunction<R, T, R> f) { R r = z; for (PList<T> p = this; p.size > 0; p = p.tail) r = f.apply(r, p.head); return r; }
        PList<T> reverse() { return fold(PList.<T>empty(), PList::push); }
        <R> PList<R> map(Function<T, R> f) { return fold(PList.<R>empty(), (l, x) -> l.push(f.apply(x))).reverse(); }
        @Override public String toString() { return fold(new StringJoiner(",", "(", ")"), (j, x) -> j.add("" + x)).toString(); }
    }

    static class SkipList {
        static class N { final int v; final N[] next; N(int v, int h) { this.v = v; next = new N[h]; } }
        final N head = new N(Integer.MIN_VALUE, 12);
        final Random r = new Random(3);
        boolean add(int v) { N[] path = new N[12]; N n = head; for (int h = 11; h >= 0; h--) { while (n.next[h] != null && n.next[h].v < v) n = n.next[h]; path[h] = n; } if (n.next[0] != null && n.next[0].v == v) return false; int h = 1; while (h < 12 && r.nextBoolean()) h++; N k = new N(v, h); for (int i = 0; i < h; i++) { k.next[i] = path[i].next[i]; path[i].next[i] = k; } return true; }
        boolean has(int v) { N n = head; for (int h = 11; h >= 0; h--) while (n.next[h] != null && n.next[h].v < v) n = n.next[h]; return n.next[0] != null && n.next[0].v == v; }
    }

    static class Ring<T> {
        final T[] a; int head, size;
        @SafeVarargs Ring(int n, T... proto) { a = Arrays.copyOf(proto, n); }
        void push(T t) { a[(head + size) % a.length] = t; if (size < a.length) size++; else head = (head + 1) % a.length; }
        List<T> all() { List<T> l = new ArrayList<>(); for (int i = 0; i < size; i++) l.add(a[(head + i) % a.length]); return l; }
    }

    public static void main(String[] args) {
        RbTree<Integer> t = new RbTree<>();
        for (int i = 0; i < 500; i++) { t.add(i * 7919 % 1009); if (i % 100 == 99) t.blackHeight(t.root); }
        List<Integer> in = new ArrayList<>();
        t.each(in::add);
        System.out.println(in.size() + " " + t.select(0) + " " + t.select(250) + " " + t.select(499) + " " + t.blackHeight(t.root) + " " + in.equals(in.stream().sorted().toList()));
        OpenMap<String, Integer> m = new OpenMap<>();
        Map<String, Integer> model = new HashMap<>();
        Random r = new Random(8);
        for (int i = 0; i < 2000; i++) {
            String k = "k" + r.nextInt(150);
            if (r.nextInt(3) == 0) { if (m.remove(k) != (model.remove(k) != null)) System.out.println("differ " + k); } else { m.put(k, i); model.put(k, i); }
        }
        int sum = 0, n = 0;
        for (var e : m) { sum += e.getValue(); n++; if (!model.get(e.getKey()).equals(e.getValue())) System.out.println("wrong " + e); }
        System.out.println(n + " " + model.size() + " " + (sum == model.values().stream().mapToInt(x -> x).sum()) + " " + m.get("absent"));
        PList<Integer> l = PList.empty();
        for (int i = 1; i <= 5; i++) l = l.push(i * i);
        System.out.println(l + " " + l.reverse() + " " + l.map(x -> "<" + x + ">") + " " + l.tail.push(99) + l.fold(0, Integer::sum) + l.size);
        SkipList s = new SkipList();
        int added = 0;
        for (int i = 0; i < 600; i++) if (s.add(i * 37 % 401)) added++;
        int hits = 0;
        for (int i = 0; i < 500; i++) if (s.has(i)) hits++;
        System.out.println(added + " " + hits);
        Ring<String> ring = new Ring<>(3);
        for (String x : "a b c d e".split(" ")) ring.push(x);
        System.out.println(ring.all());
    }
}
