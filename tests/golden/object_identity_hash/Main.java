import java.util.*;

public class Main {
    public static void main(String[] args) {
        int n = Integer.getInteger("golden.scale", 100_000);
        Object[] objects = new Object[n];
        Set<Integer> distinct = new HashSet<>();
        int[] first = new int[objects.length];
        int above = 0;
        for (int i = 0; i < objects.length; i++) {
            objects[i] = new Object();
            first[i] = System.identityHashCode(objects[i]);
            distinct.add(first[i]);
            if (first[i] > 1 << 20) above++;
            if (i % 1000 == 0) {
                synchronized (objects[i]) {
                    objects[i].notify();
                }
            }
        }
        System.gc();
        boolean kept = true;
        for (int i = 0; i < objects.length; i++) kept &= objects[i].hashCode() == first[i];
        // With 25 bits some 150 pairs of 100,000 collide by chance.
        System.out.println("distinct " + (distinct.size() > n / 100 * 99) + ", large " + (above > n / 2) + ", kept " + kept);
        System.out.println(System.identityHashCode(null) + " " + Objects.hashCode(null));
        Map<String, Integer> map = new IdentityHashMap<>();
        String a = new String("a"), b = new String("a");
        map.put(a, 1);
        map.put(b, 2);
        System.out.println(map.size() + " " + map.get(a) + map.get(b) + map.get("a"));
    }
}
