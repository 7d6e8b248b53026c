import java.util.*;
import java.util.function.*;

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
        List<Integer> l = new ArrayList<>();
        for (int i = 0; i < 50; i++) l.add(i * 7 % 13);
        System.out.println(l + " " + l.indexOf(5) + " " + l.lastIndexOf(5) + " " + l.contains(13) + " " + l.hashCode());
        l.removeIf(x -> x % 2 == 1);
        l.replaceAll(x -> x * 10);
        l.remove(0);
        l.remove((Object) 20);
        l.add(3, -1);
        l.addAll(0, List.of(100, 200));
        l.set(1, 201);
        System.out.println(l);
        l.subList(2, 8).clear();
        System.out.println(l + " " + l.subList(1, 4) + l.size());
        List<Integer> sub = l.subList(1, 5);
        sub.set(0, 999);
        sub.add(5);
        sub.sort(null);
        System.out.println(l + " " + sub);
        l.retainAll(Set.of(100, 5, 40, 60));
        l.removeAll(List.of(40));
        System.out.println(l + " " + l.equals(new LinkedList<>(l)));
        t("sublist after change", () -> sub.size());
        List<String> s = new ArrayList<>(List.of("d", "a", "c", "b"));
        t("modify in for", () -> { for (String x : s) if (x.equals("a")) s.remove(x); });
        t("modify at end goes unseen", () -> { for (String x : s) if (x.equals("c")) s.remove(x); });
        t("forEach", () -> s.forEach(x -> s.add("z")));
        t("iterator remove", () -> { Iterator<String> it = s.iterator(); it.next(); it.remove(); it.remove(); });
        t("removeIf", () -> s.removeIf(x -> s.add("q")));
        System.out.println(s);
        ListIterator<String> li = s.listIterator(1);
        li.add("new");
        System.out.println(li.nextIndex() + " " + li.previous() + " " + li.hasPrevious());
        li.set("newer");
        System.out.println(s);
        t("get", () -> s.get(10));
        t("get negative", () -> s.get(-1));
        t("set", () -> s.set(99, ""));
        t("add", () -> s.add(99, ""));
        t("remove", () -> s.remove(99));
        t("sub", () -> s.subList(2, 1));
        t("sub2", () -> s.subList(0, 100));
        t("capacity", () -> new ArrayList<>(-1));
        t("next", () -> new ArrayList<>().iterator().next());
        t("toArray type", () -> new ArrayList<Object>(List.of(1)).toArray(new String[0]));
        t("first", () -> new ArrayList<>().getFirst());
        String[] arr = s.toArray(new String[s.size() + 2]);
        System.out.println(Arrays.toString(arr) + s.toArray().getClass().getSimpleName() + s.toArray(String[]::new).length);
        List<Integer> perm = new ArrayList<>(List.of(5, 3, 9, 1, 7));
        Collections.sort(perm, Comparator.reverseOrder());
        System.out.println(perm + " " + perm.reversed() + perm.getFirst() + perm.removeLast() + " " + Collections.max(perm) + Collections.min(perm) + Collections.frequency(perm, 3));
        Collections.swap(perm, 0, 3);
        Collections.rotate(perm, 1);
        System.out.println(perm);
        Collections.shuffle(perm, new Random(42));
        System.out.println(perm);
        Collections.reverse(perm);
        Collections.addAll(perm, 1, 2, 3);
        System.out.println(perm + " " + Collections.indexOfSubList(perm, List.of(1, 2)) + Collections.nCopies(3, "x") + Collections.disjoint(perm, List.of(99)));
        Vector<Integer> v = new Vector<>(List.of(1, 2));
        Enumeration<Integer> en = v.elements();
        v.insertElementAt(0, 0);
        v.addElement(9);
        System.out.println(v + " " + v.elementAt(1) + en.nextElement() + v.capacity() + v.lastElement());
        Stack<String> st = new Stack<>();
        st.push("a");
        st.push("b");
        System.out.println(st.peek() + st.pop() + st.search("a") + st.empty() + st);
        t("pop", () -> { st.pop(); st.pop(); });
        Object clone = ((ArrayList<Integer>) perm).clone();
        perm.clear();
        System.out.println(clone + " " + perm + perm.isEmpty());
        l = new ArrayList<>();
        l.add(null);
        l.add(null);
        System.out.println(l + " " + l.indexOf(null) + l.hashCode() + l.remove((Object) null) + l.size());
        Integer[] back = {3, 1, 2};
        List<Integer> as = Arrays.asList(back);
        as.sort(null);
        System.out.println(Arrays.toString(back) + as);
        t("asList add", () -> as.add(1));
        t("asList remove", () -> as.remove(0));
    }
}
