import java.util.*;
import java.util.stream.*;

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
        List<String> l0 = List.of(), l1 = List.of("a"), l2 = List.of("a", "b"), l3 = List.of("a", "b", "c"), l12 = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l");
        for (List<String> l : List.of(l0, l1, l2, l3, l12)) {
            System.out.println(l + " " + l.size() + " " + l.contains("c") + l.indexOf("b") + l.lastIndexOf("z") + " " + l.hashCode() + l.equals(new ArrayList<>(l)) + (List.copyOf(l) == l) + l.subList(0, l.size() / 2) + l.reversed());
        }
        t("add", () -> l1.add("x"));
        t("set", () -> l2.set(0, "x"));
        t("remove", () -> l3.remove("zzz"));
        t("clear", () -> l0.clear());
        t("sort", () -> l3.sort(null));
        t("removeIf", () -> l0.removeIf(x -> true));
        t("contains null", () -> l1.contains(null));
        t("of null", () -> List.of("a", null));
        t("copyOf null", () -> List.copyOf(Arrays.asList(1, null)));
        t("iterator remove", () -> { Iterator<String> i = l2.iterator(); i.next(); i.remove(); });
        t("get", () -> l2.get(2));
        Set<Integer> s = Set.of(3, 1, 2);
        System.out.println(new TreeSet<>(s) + " " + s.size() + s.contains(1) + s.contains(9) + s.hashCode() + s.equals(new HashSet<>(s)) + (Set.copyOf(s) == s) + Set.of(7) + Set.of());
        t("duplicate", () -> Set.of(1, 2, 1));
        t("duplicate pair", () -> Set.of(5, 5));
        t("set add", () -> s.add(4));
        t("set contains null", () -> s.contains(null));
        Map<String, Integer> m = Map.of("k", 1, "j", 2, "i", 3);
        System.out.println(new TreeMap<>(m) + " " + m.get("j") + m.get("x") + m.containsKey("i") + m.containsValue(3) + m.size() + m.hashCode() + m.equals(new HashMap<>(m)) + (Map.copyOf(m) == m) + Map.of("one", 1) + Map.ofEntries(Map.entry("e", 5)));
        t("map put", () -> m.put("a", 1));
        t("map merge", () -> m.merge("k", 1, Integer::sum));
        t("map duplicate", () -> Map.of("a", 1, "a", 2));
        t("map null value", () -> Map.of("a", null));
        t("map get null", () -> m.get(null));
        t("map getOrDefault", () -> System.out.println(m.getOrDefault("q", 9)));
        t("entry set", () -> m.entrySet().iterator().next().setValue(3));
        t("entry null", () -> Map.entry(null, 1));
        t("keySet remove", () -> m.keySet().remove("k"));
        List<Integer> base = new ArrayList<>(List.of(1, 2, 3));
        List<Integer> view = Collections.unmodifiableList(base), copy = List.copyOf(base);
        base.add(4);
        System.out.println(view + " " + copy);
        t("view add", () -> view.add(1));
        t("view sort", () -> view.sort(null));
        Map<String, Integer> mview = Collections.unmodifiableMap(new TreeMap<>(Map.of("z", 1)));
        t("mview", () -> mview.put("y", 2));
        t("mview entry", () -> mview.entrySet().iterator().next().setValue(2));
        System.out.println(mview + " " + Collections.emptyList() + Collections.singletonMap("s", 1) + Collections.singleton(2) + Collections.nCopies(2, 0) + (Collections.emptyMap() == Collections.emptyMap()));
        t("singleton", () -> Collections.singletonList(1).add(2));
        t("toList", () -> Stream.of(1).toList().add(2));
        System.out.println(Stream.of(1, null).toList());
        t("toUnmodifiable", () -> Stream.of(1, null).collect(Collectors.toUnmodifiableList()));
        System.out.println(Collections.synchronizedList(base) + " " + Collections.unmodifiableSequencedCollection(base).reversed() + Collections.checkedSet(new TreeSet<>(Set.of("q")), String.class));
        int sum = 0;
        for (int i : IntStream.range(0, 100).boxed().collect(Collectors.toUnmodifiableSet())) sum += i;
        System.out.println(sum);
        Set<String> wide = Set.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n");
        System.out.println(wide.stream().sorted().collect(Collectors.joining()) + wide.containsAll(List.of("n", "a")) + wide.contains("z"));
    }
}
