import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class Main {
    static void t(String what, Runnable r) {
        try {
            r.run();
            System.out.println(what + " fine");
        } catch (RuntimeException e) {
            System.out.println(what + " " + e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }

    public static void main(String[] args) throws Exception {
        ConcurrentHashMap<String, Integer> m = new ConcurrentHashMap<>();
        ConcurrentSkipListMap<Integer, Integer> skip = new ConcurrentSkipListMap<>();
        CopyOnWriteArrayList<Integer> cow = new CopyOnWriteArrayList<>();
        ConcurrentHashMap<Integer, LongAdder> adders = new ConcurrentHashMap<>();
        Thread[] ts = new Thread[4];
        for (int i = 0; i < ts.length; i++) {
            int id = i;
            ts[i] = new Thread(() -> {
                for (int k = 0; k < 500; k++) {
                    m.merge("k" + k % 20, 1, Integer::sum);
                    m.computeIfAbsent("own" + id, x -> id);
                    skip.merge(k % 50, 1, Integer::sum);
                    adders.computeIfAbsent(k % 3, x -> new LongAdder()).increment();
                    if (k % 100 == 0) cow.addIfAbsent(k);
                }
            });
            ts[i].start();
        }
        for (Thread t : ts) t.join();
        System.out.println(new TreeMap<>(m));
        System.out.println(skip.size() + " " + skip.firstEntry() + skip.lastKey() + skip.ceilingKey(30) + skip.headMap(3) + skip.descendingMap().firstKey() + skip.pollFirstEntry() + skip.floorKey(0));
        Collections.sort(cow);
        System.out.println(cow + " " + adders);
        System.out.println(m.reduceValues(1, Integer::sum) + " " + m.reduceValuesToLong(Long.MAX_VALUE, x -> x, 0, Long::sum) + " " + m.search(1, (k, v) -> k.equals("own2") ? v : null) + " " + m.mappingCount());
        AtomicInteger n = new AtomicInteger();
        m.forEach(1, (k, v) -> n.addAndGet(v));
        System.out.println(n);
        t("null key", () -> m.put(null, 1));
        t("null value", () -> m.put("a", null));
        t("recursive", () -> m.computeIfAbsent("r", k -> m.computeIfAbsent("r", k2 -> 1)));
        int steps = 0;
        for (String k : m.keySet()) {
            m.remove(k);
            m.put("z" + k, 1);
            if (++steps > 500) break;
        }
        System.out.println(m.size());
        Set<String> set = ConcurrentHashMap.newKeySet();
        set.addAll(List.of("b", "a"));
        System.out.println(new TreeSet<>(set) + " " + set.add("a") + m.keySet(0).add("viaView") + m.get("viaView") + m.putIfAbsent("viaView", 3) + m.replace("viaView", 0, 7) + m.remove("viaView", 8) + m.getOrDefault("none", -1));
        for (Integer i : cow) {
            cow.remove(i);
            cow.add(-i);
        }
        System.out.println(cow);
        t("cow iterator", () -> { var it = cow.iterator(); it.next(); it.remove(); });
        CopyOnWriteArraySet<String> cws = new CopyOnWriteArraySet<>(List.of("x", "y", "x"));
        System.out.println(cws);
        ConcurrentSkipListSet<String> css = new ConcurrentSkipListSet<>(Comparator.reverseOrder());
        Collections.addAll(css, "a", "c", "b");
        System.out.println(css + " " + css.first() + css.higher("b") + css.headSet("a") + css.descendingSet());
        t("skip null", () -> css.add(null));
        ConcurrentHashMap<Object, Integer> clash = new ConcurrentHashMap<>();
        for (int i = 0; i < 100; i++) {
            int k = i;
            clash.put(new Object() { @Override public int hashCode() { return k % 2; } }, i);
        }
        System.out.println(clash.size() + " " + clash.values().stream().mapToInt(x -> x).sum());
        clash.values().removeIf(x -> x > 10);
        System.out.println(clash.size());
    }
}
