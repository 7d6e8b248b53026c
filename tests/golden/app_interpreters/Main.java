import java.util.*;
import java.util.function.*;
import java.util.stream.*;

public class Main {
    static String bf(String p, String in) {
        int[] jump = new int[p.length()];
        Deque<Integer> st = new ArrayDeque<>();
        for (int i = 0; i < p.length(); i++) { if (p.charAt(i) == '[') st.push(i); else if (p.charAt(i) == ']') { int j = st.pop(); jump[i] = j; jump[j] = i; } }
        byte[] tape = new byte[300];
        StringBuilder out = new StringBuilder();
        for (int pc = 0, dp = 0, ip = 0; pc < p.length(); pc++) {
            switch (p.charAt(pc)) {
                case '>' -> dp++;
                case '<' -> dp--;
                case '+' -> tape[dp]++;
                case '-' -> tape[dp]--;
                case '.' -> out.append((char) (tape[dp] & 0xff));
                case ',' -> tape[dp] = (byte) (ip < in.length() ? in.charAt(ip++) : 0);
                case '[' -> { if (tape[dp] == 0) pc = jump[pc]; }
                case ']' -> { if (tape[dp] != 0) pc = jump[pc]; }
                default -> {}
            }
        }
        return out.toString();
    }

    static int decisions;

    static Map<Integer, Boolean> sat(List<Set<Integer>> cs, Map<Integer, Boolean> m) {
        while (true) {
            List<Set<Integer>> next = new ArrayList<>();
            Integer unit = null;
            for (Set<Integer> c : cs) {
                Set<Integer> k = new TreeSet<>();
                boolean sat = false;
                for (int l : c) { Boolean v = m.get(Math.abs(l)); if (v == null) k.add(l); else if (v == l > 0) { sat = true; break; } }
                if (sat) continue;
                if (k.isEmpty()) return null;
                if (k.size() == 1 && unit == null) unit = k.iterator().next();
                next.add(k);
            }
            if (next.isEmpty()) return m;
            cs = next;
            if (unit == null) break;
            m = new TreeMap<>(m);
            m.put(Math.abs(unit), unit > 0);
        }
        int v = Math.abs(cs.get(0).iterator().next());
        decisions++;
        for (boolean b : new boolean[] {true, false}) {
            Map<Integer, Boolean> t = new TreeMap<>(m);
            t.put(v, b);
            Map<Integer, Boolean> r = sat(cs, t);
            if (r != null) return r;
        }
        return null;
    }

    sealed interface Re { }
    enum Const implements Re { EMPTY, EPS }
    record Ch(char c) implements Re {}
    record Seq(Re a, Re b) implements Re {}
    record Alt(Re a, Re b) implements Re {}
    record Star(Re a) implements Re {}

    static boolean nullable(Re r) { return switch (r) { case Const.EPS -> true; case Const c -> false; case Ch c -> false; case Seq(Re a, Re b) -> nullable(a) && nullable(b); case Alt(Re a, Re b) -> nullable(a) || nullable(b); case Star s -> true; }; }
    static Re seq(Re a, Re b) { return a == Const.EMPTY || b == Const.EMPTY ? Const.EMPTY : a == Const.EPS ? b : b == Const.EPS ? a : new Seq(a, b); }
    static Re alt(Re a, Re b) { return a == Const.EMPTY ? b : b == Const.EMPTY || a.equals(b) ? a : new Alt(a, b); }
    static Re derive(Re r, char c) { return switch (r) { case Const k -> Const.EMPTY; case Ch(char k) -> k == c ? Const.EPS : Const.EMPTY; case Seq(Re a, Re b) when nullable(a) -> alt(seq(derive(a, c), b), derive(b, c)); case Seq(Re a, Re b) -> seq(derive(a, c), b); case Alt(Re a, Re b) -> alt(derive(a, c), derive(b, c)); case Star(Re a) -> seq(derive(a, c), r); }; }
    static boolean matches(Re r, String s) { for (char c : s.toCharArray()) r = derive(r, c); return nullable(r); }
    static Re parse(PrimitiveIterator.OfInt in) { Re left = Const.EMPTY, cur = Const.EPS, last = null; while (in.hasNext()) { int c = in.nextInt(); if (c == ')') break; if (c == '|') { left = alt(left, last == null ? cur : seq(cur, last)); cur = Const.EPS; last = null; } else if (c == '*') last = new Star(last); else { if (last != null) cur = seq(cur, last); last = c == '(' ? parse(in) : new Ch((char) c); } } return alt(left, last == null ? cur : seq(cur, last)); }

    record Person(String name, int age, String city) {}

    public static void main(String[] args) {
        System.out.println(bf("++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.", ""));
        System.out.println(bf(",[.,]", "echo") + " " + bf(">,[>,]<[.<]", "reversed"));
        Random r = new Random(12);
        for (int n : new int[] {40, 60, 90}) {
            List<Set<Integer>> cs = new ArrayList<>();
            for (int i = 0; i < n; i++) { Set<Integer> c = new TreeSet<>(); while (c.size() < 3) { int v = 1 + r.nextInt(14); c.add(r.nextBoolean() ? v : -v); } cs.add(c); }
            decisions = 0;
            Map<Integer, Boolean> m = sat(cs, new TreeMap<>());
            boolean ok = m != null && cs.stream().allMatch(c -> c.stream().anyMatch(l -> m.getOrDefault(Math.abs(l), false) == l > 0 && m.containsKey(Math.abs(l))));
            System.out.println(n + " " + (m == null ? "unsatisfiable" : m.entrySet().stream().filter(Map.Entry::getValue).map(Map.Entry::getKey).toList() + " " + ok) + " " + decisions);
        }
        for (String re : new String[] {"(a|b)*abb", "a(bc)*d|x*", "((a*)*)*b", ""}) {
            Re p = parse(re.chars().iterator());
            System.out.println(re + " " + Stream.of("abb", "aabb", "ab", "ad", "abcbcd", "", "xxx", "aaab", "b").filter(s -> matches(p, s)).map(s -> "'" + s + "'").toList());
        }
        Map<String, String> tm = Map.of("A0", "1RB", "A1", "1LC", "B0", "1LA", "B1", "1RB", "C0", "1LB", "C1", "1RH");
        Map<Integer, Integer> tape = new TreeMap<>();
        int pos = 0, steps = 0;
        char state = 'A';
        while (state != 'H') { String act = tm.get("" + state + tape.getOrDefault(pos, 0)); tape.put(pos, act.charAt(0) - '0'); pos += act.charAt(1) == 'R' ? 1 : -1; state = act.charAt(2); steps++; }
        System.out.println(steps + " " + tape.values());
        List<Person> db = List.of(new Person("Ann", 31, "Rome"), new Person("Bob", 25, "Oslo"), new Person("Cid", 44, "Rome"), new Person("Dee", 19, "Bern"), new Person("Eve", 25, "Rome"));
        Map<String, Function<Person, Comparable>> cols = Map.of("name", Person::name, "age", Person::age, "city", Person::city);
        for (String q : new String[] {"name where city = Rome order age", "city where age > 20 order name", "age order city", "name where zip = 1"}) {
            String[] t = q.split(" ");
            Predicate<Person> w = x -> true;
            Comparator<Person> by = (a, b) -> 0;
            try {
                for (int i = 1; i < t.length; i++) {
                    if (t[i].equals("where")) { Function<Person, Comparable> c = Optional.ofNullable(cols.get(t[i + 1])).orElseThrow(() -> new NoSuchElementException("column zip")); String op = t[i + 2], val = t[i + 3]; w = op.equals("=") ? x -> c.apply(x).toString().equals(val) : x -> ((Integer) c.apply(x)) > Integer.parseInt(val); i += 3; }
                    else if (t[i].equals("order")) by = Comparator.comparing(p -> cols.get(t[t.length - 1]).apply(p));
                }
                System.out.println(q + ": " + db.stream().filter(w).sorted(by).map(cols.get(t[0])).toList());
            } catch (NoSuchElementException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
