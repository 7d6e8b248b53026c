import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class Main {
    static final int REPEAT = Integer.getInteger("golden.repeat", 1);
    static final int SCALE = Integer.getInteger("golden.scale", 1500);
    static final int THREADS = 4;

    interface Body { void run(int id) throws Exception; }

    static final AtomicReference<Throwable> failure = new AtomicReference<>();

    static void inThreads(Body body) throws Exception {
        Thread[] threads = new Thread[THREADS];
        for (int i = 0; i < THREADS; i++) {
            int id = i;
            threads[i] = new Thread(() -> {
                try {
                    body.run(id);
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                }
            });
            threads[i].start();
        }
        for (Thread t : threads) t.join();
        Throwable e = failure.get();
        if (e != null) throw new AssertionError(e);
    }

    static void check(boolean holds, String what) { if (!holds) throw new AssertionError(what); }

    /** A key whose hash collides with others, so that bins become trees. */
    record Key(int n) implements Comparable<Key> {
        public int hashCode() { return n % 7; }
        public int compareTo(Key other) { return Integer.compare(n, other.n); }
    }

    static String hashMap() throws Exception {
        ConcurrentHashMap<Integer, Integer> counts = new ConcurrentHashMap<>(2);
        inThreads(id -> { for (int i = 0; i < SCALE; i++) counts.merge(i % 97, 1, Integer::sum); });
        int total = 0;
        for (int n : counts.values()) total += n;
        check(total == THREADS * SCALE, "merged " + total);

        AtomicInteger made = new AtomicInteger();
        ConcurrentHashMap<Key, int[]> once = new ConcurrentHashMap<>();
        inThreads(id -> {
            for (int i = 0; i < 200; i++) {
                int n = (i + id * 50) % 200;
                int[] value = once.computeIfAbsent(new Key(n), k -> { made.incrementAndGet(); return new int[] {k.n()}; });
                check(value[0] == n && once.get(new Key(n)) == value, "computed " + value[0]);
            }
        });
        check(made.get() == 200 && once.size() == 200, "made " + made);

        // Puts and removals of own keys; iteration beside them sees each key at most once, and the kept ones always.
        ConcurrentHashMap<Key, Integer> moving = new ConcurrentHashMap<>();
        for (int i = 0; i < 50; i++) moving.put(new Key(-1 - i * 7), i);
        AtomicInteger live = new AtomicInteger(THREADS - 1);
        inThreads(id -> {
            if (id > 0) {
                for (int i = 0; i < SCALE / 4; i++) {
                    Key key = new Key(i * THREADS + id);
                    check(moving.put(key, id) == null, "put");
                    if (i % 3 != 0) check(moving.remove(key, id), "remove");
                }
                live.decrementAndGet();
            } else {
                do {
                    Set<Key> seen = new HashSet<>();
                    int kept = 0;
                    for (Key key : moving.keySet()) { check(seen.add(key), "twice " + key); if (key.n() < 0) kept++; }
                    check(kept == 50, "kept " + kept);
                } while (live.get() > 0);
            }
        });
        int left = moving.size() - 50;
        int expected = (THREADS - 1) * ((SCALE / 4 + 2) / 3);
        check(left == expected, "left " + left + " of " + expected);
        check(counts.reduceValuesToInt(1, n -> n, 0, Integer::sum) == total, "reduced");
        return "hash " + made + " " + (counts.size() == Math.min(97, SCALE));
    }

    static String skipList() throws Exception {
        ConcurrentSkipListMap<Integer, Integer> map = new ConcurrentSkipListMap<>();
        AtomicInteger live = new AtomicInteger(THREADS - 1);
        inThreads(id -> {
            if (id > 0) {
                for (int i = 0; i < SCALE / 4; i++) {
                    int key = (i * 31 % (SCALE / 4)) * THREADS + id;
                    map.put(key, id);
                    if (key % 5 == 0) check(map.remove(key) == id, "skip remove");
                }
                live.decrementAndGet();
            } else {
                do {
                    int before = -1;
                    for (int key : map.keySet()) { check(key > before, "order " + before + " " + key); before = key; }
                    Map.Entry<Integer, Integer> e = map.ceilingEntry(SCALE / 2);
                    check(e == null || (e.getKey() >= SCALE / 2 && e.getKey() % THREADS == e.getValue()), "ceiling");
                } while (live.get() > 0);
            }
        });
        int before = -1, size = 0;
        for (Map.Entry<Integer, Integer> e : map.entrySet()) {
            check(e.getKey() > before && e.getKey() % 5 != 0 && e.getKey() % THREADS == e.getValue(), "entry " + e);
            before = e.getKey();
            size++;
        }
        check(size == map.size() && map.descendingMap().firstKey() == before, "size");
        ConcurrentSkipListSet<Integer> polled = new ConcurrentSkipListSet<>();
        for (int i = 0; i < 400; i++) polled.add(i);
        AtomicInteger count = new AtomicInteger();
        inThreads(id -> {
            int last = -1;
            for (Integer n = polled.pollFirst(); n != null; n = polled.pollFirst()) { check(n > last, "poll"); last = n; count.incrementAndGet(); }
        });
        return "skip " + count + polled.isEmpty();
    }

    /** Elements of one producer leave in the order they came, and each leaves once. */
    static String linked(Queue<int[]> queue) throws Exception {
        AtomicInteger taken = new AtomicInteger();
        boolean[][] seen = new boolean[2][SCALE];
        inThreads(id -> {
            if (id < 2) {
                for (int i = 0; i < SCALE; i++) queue.add(new int[] {id, i});
            } else {
                int[] last = {-1, -1};
                while (taken.get() < 2 * SCALE) {
                    int[] e = queue.poll();
                    if (e == null) { Thread.yield(); continue; }
                    check(e[1] > last[e[0]], "order");
                    last[e[0]] = e[1];
                    synchronized (seen) { check(!seen[e[0]][e[1]], "twice"); seen[e[0]][e[1]] = true; }
                    taken.incrementAndGet();
                }
            }
        });
        return queue.getClass().getSimpleName() + " " + queue.isEmpty() + (taken.get() == 2 * SCALE);
    }

    static String deque() throws Exception {
        ConcurrentLinkedDeque<Integer> deque = new ConcurrentLinkedDeque<>();
        AtomicLong in = new AtomicLong(), out = new AtomicLong();
        inThreads(id -> {
            for (int i = 1; i <= SCALE; i++) {
                if ((i & 1) == 0) deque.addFirst(i); else deque.addLast(i);
                in.addAndGet(i);
                if (i % 3 != 0) {
                    Integer got = (i & 2) == 0 ? deque.pollLast() : deque.pollFirst();
                    if (got != null) out.addAndGet(got);
                }
            }
        });
        for (Integer got = deque.poll(); got != null; got = deque.poll()) out.addAndGet(got);
        return "deque " + (in.get() == out.get());
    }

    static String once() throws Exception {
        CopyOnWriteArrayList<Integer> copied = new CopyOnWriteArrayList<>();
        inThreads(id -> { for (int i = 0; i < 50; i++) { copied.add(id * 50 + i); int n = 0; for (int x : copied) n++; check(n > i, "copied"); } });
        return hashMap() + "\n" + skipList() + "\n" + linked(new ConcurrentLinkedQueue<>()) + "\n" + linked(new ConcurrentLinkedDeque<>()) + "\n"
            + linked(new LinkedTransferQueue<>()) + "\n" + deque() + "\ncopied " + copied.size() + new TreeSet<>(copied).size() + "\n";
    }

    public static void main(String[] args) throws Exception {
        String first = once();
        System.out.print(first);
        for (int i = 1; i < REPEAT; i++) {
            String again = once();
            if (!again.equals(first)) { System.out.println("repetition " + i + ":\n" + again); System.exit(1); }
        }
    }
}
