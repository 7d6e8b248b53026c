import java.util.*;

public class Main {
    static class Lru<K, V> extends LinkedHashMap<K, V> {
        final int max;
        Lru(int max) { super(8, 0.75f, true); this.max = max; }
        @Override protected boolean removeEldestEntry(Map.Entry<K, V> e) { return size() > max; }
    }

    public static void main(String[] args) {
        Lru<String, Integer> lru = new Lru<>(3);
        for (String s : "a b c a d e a f".split(" ")) {
            lru.merge(s, 1, Integer::sum);
            System.out.print(lru + " ");
        }
        System.out.println();
        lru.get("e");
        lru.getOrDefault("a", 0);
        lru.putIfAbsent("f", 9);
        System.out.println(lru + " " + lru.firstEntry() + lru.pollLastEntry() + lru.reversed());
        try {
            for (String k : lru.keySet()) lru.get(k);
        } catch (ConcurrentModificationException e) {
            System.out.println("access order counts as modification");
        }
        LinkedHashMap<Integer, String> m = new LinkedHashMap<>();
        for (int i = 9; i > 0; i -= 2) m.put(i, "v" + i);
        m.put(5, "again");
        m.remove(7);
        m.put(7, "back");
        System.out.println(m + " " + m.sequencedKeySet().reversed() + m.sequencedValues().getFirst() + m.lastEntry());
        m.putFirst(1, "first");
        m.putLast(9, "last");
        System.out.println(m + " " + m.pollFirstEntry() + m);
        LinkedHashSet<String> s = new LinkedHashSet<>(List.of("x", "y", "z", "w"));
        s.add("x");
        s.addFirst("w");
        s.addLast("y");
        s.remove("z");
        System.out.println(s + " " + s.reversed() + s.getFirst() + s.removeLast() + s);
        LinkedList<Integer> l = new LinkedList<>(List.of(1, 2, 3, 4, 5, 6));
        l.addFirst(0);
        l.addLast(7);
        l.add(4, 99);
        l.remove(2);
        l.remove((Integer) 6);
        l.push(-1);
        System.out.println(l + " " + l.peek() + l.peekLast() + l.poll() + l.pollLast() + l.pop() + l.indexOf(99) + l.get(3) + l.element() + l.offer(8) + l);
        ListIterator<Integer> it = l.listIterator(l.size());
        while (it.hasPrevious()) {
            int v = it.previous();
            if (v == 99) it.remove();
            else if (v == 4) it.set(44);
            else if (v == 1) it.add(11);
        }
        System.out.println(l + " " + l.removeFirstOccurrence(8) + l.removeLastOccurrence(1000) + l);
        Iterator<Integer> desc = l.descendingIterator();
        StringBuilder sb = new StringBuilder();
        desc.forEachRemaining(x -> sb.append(x).append(','));
        System.out.println(sb);
        try {
            for (Integer i : l) if (i == 44) l.add(1);
        } catch (ConcurrentModificationException e) {
            System.out.println("CME " + l);
        }
        for (Runnable r : new Runnable[] {() -> new LinkedList<>().getFirst(), () -> new LinkedList<>().removeLast(), () -> new LinkedList<>().element(), () -> l.get(50), () -> l.listIterator().set(1), () -> new LinkedHashSet<>().getFirst()}) {
            try {
                r.run();
            } catch (RuntimeException e) {
                System.out.println(e);
            }
        }
        LinkedHashMap<String, Integer> order = new LinkedHashMap<>(16, 0.75f, true);
        for (int i = 0; i < 10; i++) order.put("k" + i, i);
        for (int i = 0; i < 10; i += 3) order.get("k" + i);
        order.compute("k1", (k, v) -> v + 100);
        order.entrySet().iterator().next().setValue(-1);
        System.out.println(order);
    }
}
