import java.util.*;

public class Main {
    static void t(String what, Runnable r) {
        try {
            r.run();
            System.out.println(what + " fine");
        } catch (RuntimeException e) {
            System.out.println(what + " " + e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }

    public static void main(String[] args) {
        TreeMap<Integer, String> m = new TreeMap<>();
        for (int i = 0; i < 40; i++) m.put(i * 17 % 101, "v" + i);
        System.out.println(m);
        for (int k : new int[] {-5, 0, 17, 18, 50, 100, 200}) {
            System.out.println(k + " " + m.floorKey(k) + " " + m.ceilingKey(k) + " " + m.lowerKey(k) + " " + m.higherKey(k) + " " + m.floorEntry(k) + " " + m.headMap(k).size() + " " + m.tailMap(k, false).size());
        }
        System.out.println(m.firstKey() + " " + m.lastEntry() + " " + m.pollFirstEntry() + " " + m.pollLastEntry() + " " + m.size());
        NavigableMap<Integer, String> sub = m.subMap(20, true, 60, false);
        System.out.println(sub + " " + sub.firstKey() + " " + sub.descendingMap().firstKey() + " " + sub.descendingMap().headMap(40, true));
        sub.put(33, "new");
        t("out of range", () -> sub.put(60, "x"));
        t("sub of sub", () -> sub.subMap(10, 30));
        sub.pollFirstEntry();
        sub.keySet().removeIf(k -> k % 2 == 0);
        System.out.println(sub + " " + m.size() + " " + m.descendingKeySet().headSet(80));
        t("inverted", () -> m.subMap(5, 1));
        t("null key", () -> m.put(null, "x"));
        t("wrong type", () -> ((Map) m).put("s", "x"));
        t("null in empty", () -> new TreeMap<String, Integer>().put(null, 1));
        t("empty first", () -> new TreeMap<>().firstKey());
        System.out.println(new TreeMap<>().firstEntry() + " " + new TreeMap<>().pollFirstEntry());
        Random r = new Random(1);
        TreeSet<Integer> s = new TreeSet<>();
        TreeMap<Integer, Integer> model = new TreeMap<>(Comparator.reverseOrder());
        long check = 0;
        for (int i = 0; i < 3000; i++) {
            int k = r.nextInt(400);
            if (r.nextInt(3) == 0) {
                check = check * 31 + (s.remove(k) ? 1 : 0) + (model.remove(k) == null ? 0 : 2);
            } else {
                s.add(k);
                model.put(k, i);
            }
        }
        System.out.println(check + " " + s.size() + " " + model.size() + " " + new ArrayList<>(s.descendingSet()).equals(new ArrayList<>(model.keySet())));
        TreeSet<String> ts = new TreeSet<>(Comparator.comparing(String::length).thenComparing(Comparator.reverseOrder()));
        Collections.addAll(ts, "bb", "a", "ccc", "aa", "b", "ddd", "");
        System.out.println(ts + " " + ts.first() + "|" + ts.ceiling("b") + ts.higher("b") + ts.floor("zz") + " " + ts.headSet("aa", true) + ts.tailSet("ccc") + ts.subSet("b", "ddd") + ts.descendingSet() + ts.pollFirst().length() + ts.pollLast());
        SortedMap<String, Integer> nulls = new TreeMap<>(Comparator.nullsFirst(Comparator.naturalOrder()));
        nulls.put("b", 1);
        nulls.put(null, 0);
        System.out.println(nulls + " " + nulls.firstKey() + nulls.comparator().compare(null, "x"));
        NavigableMap<Integer, String> view = Collections.unmodifiableNavigableMap(m);
        t("unmodifiable", () -> view.pollFirstEntry());
        Map.Entry<Integer, String> e = m.firstEntry();
        t("entry is a snapshot", () -> e.setValue("x"));
        for (var x : m.entrySet()) if (x.getKey() < 10) x.setValue("set");
        System.out.println(m.headMap(12) + " " + m.merge(1, "m", String::concat) + m.compute(2, (k, v) -> null) + m.computeIfAbsent(12, k -> "c" + k) + m.putFirstOrSay());
    }

    static class TreeMap<K, V> extends java.util.TreeMap<K, V> {
        TreeMap() {}
        TreeMap(Comparator<? super K> c) { super(c); }
        String putFirstOrSay() {
            try {
                putFirst(firstKey(), null);
                return "put";
            } catch (UnsupportedOperationException e) {
                return " unsupported";
            }
        }
    }
}
