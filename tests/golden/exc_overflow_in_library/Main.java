import java.util.*;
import java.util.concurrent.*;
import java.util.function.*;

public class Main {
    static int frames;

    static void at(int depth, Runnable r) {
        frames++;
        if (depth > 0) at(depth - 1, r);
        else r.run();
    }

    static class Loop { Object other; @Override public int hashCode() { return Objects.hash(other); } @Override public String toString() { return "L" + other; } }

    public static void main(String[] args) {
        Map<Object, Integer> map = new HashMap<>();
        TreeMap<String, Integer> tree = new TreeMap<>();
        StringBuilder sb = new StringBuilder();
        ConcurrentHashMap<Integer, Integer> chm = new ConcurrentHashMap<>();
        int rounds = Integer.getInteger("golden.scale", 150), soes = 0, limit = 0;
        for (int i = -1; i <= rounds; i++) {
            int k = i;
            Runnable work = () -> {
                sb.setLength(0);
                sb.append(k).append("x").append(1.5);
                map.put(k % 7, k);
                tree.put("t" + k % 9, k);
                String.format("%d %s", k, "s");
                List.of(3, 1, 2).stream().sorted().map(String::valueOf).toList();
            };
            if (i < 0) {
                work.run();
                continue;
            }
            try {
                at(i == 0 ? Integer.MAX_VALUE : limit - i * 2, work);
            } catch (StackOverflowError e) {
                soes++;
            }
            if (i == 0) limit = frames;
        }
        System.out.println(soes > 0);
        map.clear();
        tree.clear();
        for (int i = 0; i < 100; i++) {
            map.put(i, i);
            tree.put("k" + i, i);
            chm.merge(i % 10, 1, Integer::sum);
        }
        System.out.println(map.size() + " " + tree.size() + " " + tree.firstKey() + " " + chm + " " + String.format("%05d|%s", 42, List.of(1)) + " " + Arrays.asList(3, 1, 2).stream().sorted().toList());
        Loop a = new Loop(), b = new Loop();
        a.other = b;
        b.other = a;
        for (Runnable r : new Runnable[] {a::hashCode, a::toString, () -> { List<Object> l = new ArrayList<>(); l.add(l); l.hashCode(); }, () -> { Map<Object, Object> m = new HashMap<>(); m.put("m", m); m.hashCode(); }, () -> "(".repeat(3000).concat("x").concat(")".repeat(3000)).matches("(((x|\\()|\\))*)*y")}) {
            try {
                r.run();
                System.out.println("fine");
            } catch (StackOverflowError e) {
                System.out.println("overflow");
            }
        }
        Map<String, Object> self = new LinkedHashMap<>();
        self.put("self", self);
        List<Object> l = new ArrayList<>(List.of(1));
        l.add(l);
        System.out.println(self + " " + l + " " + new StringBuilder("alive").reverse());
    }
}
