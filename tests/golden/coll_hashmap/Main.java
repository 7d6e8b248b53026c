import java.util.*;
import java.util.stream.*;

public class Main {
    record Key(String s, int h) implements Comparable<Key> {
        @Override public int hashCode() { return h; }
        public int compareTo(Key o) { return s.compareTo(o.s); }
    }
    static class Clash {
        final int id;
        Clash(int id) { this.id = id; }
        @Override public int hashCode() { return 7; }
        @Override public boolean equals(Object o) { return o instanceof Clash c && c.id == id; }
    }
    static class Evil {
        @Override public int hashCode() { throw new IllegalStateException("hashCode"); }
    }

    static void t(String what, Runnable r) {
        try {
            r.run();
            System.out.println(what + " fine");
        } catch (RuntimeException e) {
            System.out.println(what + " " + e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }

    public static void main(String[] args) {
        Map<String, Integer> m = new HashMap<>();
        for (String w : "the quick brown fox jumps over the lazy dog the end".split(" ")) m.merge(w, 1, Integer::sum);
        System.out.println(new TreeMap<>(m) + " " + m.size() + " " + m.hashCode());
        System.out.println(m);
        System.out.println(m.put("the", 100) + " " + m.put("new", 1) + " " + m.putIfAbsent("new", 2) + " " + m.getOrDefault("zzz", -1) + " " + m.remove("fox") + " " + m.remove("fox") + " " + m.remove("dog", 99) + m.replace("dog", 5) + m.replace("dog", 5, 6) + m.get("dog"));
        System.out.println(m.computeIfAbsent("c", k -> k.length()) + " " + m.computeIfAbsent("c", k -> 99) + " " + m.computeIfPresent("c", (k, v) -> null) + " " + m.containsKey("c") + " " + m.compute("d", (k, v) -> v == null ? 1 : v + 1) + m.compute("d", (k, v) -> v == null ? 1 : v + 1) + m.merge("d", 5, (a, b) -> null) + m.get("d") + m.computeIfAbsent("n", k -> null));
        m.put(null, null);
        System.out.println(m.containsKey(null) + " " + m.get(null) + " " + m.containsValue(null) + " " + m.getOrDefault(null, 3) + " " + m.putIfAbsent(null, 8) + m.get(null));
        m.keySet().removeIf(k -> k != null && k.length() > 4);
        m.values().remove(100);
        m.entrySet().removeIf(e -> e.getKey() == null);
        m.replaceAll((k, v) -> v * 2);
        System.out.println(new TreeMap<>(m) + " " + m.keySet().contains("end") + " " + m.entrySet().contains(Map.entry("end", 2)));
        for (Map.Entry<String, Integer> e : m.entrySet()) e.setValue(e.getKey().length());
        System.out.println(new TreeMap<>(m));
        t("modify while iterating", () -> { for (String k : m.keySet()) m.put(k + k, 1); });
        t("modify in compute", () -> m.computeIfAbsent("xx", k -> { m.put("yy", 1); return 1; }));
        t("evil", () -> m.get(new Evil()));
        t("keySet add", () -> m.keySet().add("x"));
        Map<Clash, Integer> bins = new HashMap<>();
        for (int i = 0; i < 100; i++) bins.put(new Clash(i), i);
        int sum = 0;
        for (int i = 0; i < 120; i++) sum += bins.getOrDefault(new Clash(i), -1);
        for (int i = 0; i < 95; i++) bins.remove(new Clash(i));
        System.out.println(sum + " " + bins.size() + " " + bins.get(new Clash(97)));
        Map<Key, Integer> tree = new HashMap<>();
        for (int i = 0; i < 200; i++) tree.put(new Key("k" + i, i % 3), i);
        sum = 0;
        for (int i = 0; i < 200; i++) sum += tree.get(new Key("k" + i, i % 3));
        Iterator<Key> it = tree.keySet().iterator();
        while (it.hasNext()) if (!it.next().s().endsWith("7")) it.remove();
        System.out.println(sum + " " + tree.size() + " " + tree.values().stream().sorted().map(String::valueOf).collect(Collectors.joining(",")));
        Map<Integer, Integer> big = new HashMap<>(4, 0.5f);
        for (int i = 0; i < 3000; i++) big.put(i * 1024, i);
        long check = 0;
        for (var e : big.entrySet()) check = check * 31 + e.getKey() ^ e.getValue();
        System.out.println(big.size() + " " + check);
        for (int i = 0; i < 3000; i += 2) big.remove(i * 1024);
        System.out.println(big.size() + " " + big.get(1024) + " " + big.get(2048));
        Map<Object, Object> mixed = new HashMap<>();
        mixed.put(1, "int");
        mixed.put(1L, "long");
        mixed.put(1.0, "double");
        mixed.put("1", "string");
        mixed.put('1', "char");
        mixed.put(List.of(1), "list");
        System.out.println(mixed.size() + " " + mixed.get(1L) + mixed.get(Arrays.asList(1)) + mixed.get((short) 1));
        System.out.println(new HashMap<>(Map.of("a", 1)).equals(new TreeMap<>(Map.of("a", 1))) + " " + new HashMap<>().equals(Map.of()) + " " + new AbstractMap.SimpleEntry<>("k", 1) + Map.entry("k", 1).equals(new AbstractMap.SimpleImmutableEntry<>("k", 1)));
        Set<Integer> hs = new HashSet<>(List.of(5, 3, 9, 1000, -7, 17));
        System.out.println(hs + " " + hs.add(3) + hs.add(4) + hs.remove(9) + hs.contains(9) + hs.removeAll(List.of(5, 3)) + hs + hs.hashCode());
        IdentityHashMap<String, Integer> id = new IdentityHashMap<>();
        id.put("a", 1);
        id.put(new String("a"), 2);
        id.put("a", 3);
        System.out.println(id.size() + " " + id.get("a"));
        Hashtable<String, Integer> ht = new Hashtable<>();
        ht.put("x", 1);
        t("hashtable null", () -> ht.put(null, 1));
        t("hashtable null value", () -> ht.put("n", null));
        System.out.println(ht + " " + ht.contains(1) + ht.keys().nextElement());
        System.out.println(((HashMap<?, ?>) m).clone().equals(m) + " " + HashMap.newHashMap(10).size());
    }
}
