import java.util.*;
import java.util.function.*;

public class Main {
    enum Op implements IntBinaryOperator {
        ADD("+") { public int applyAsInt(int a, int b) { return a + b; } },
        SUB("-") { public int applyAsInt(int a, int b) { return a - b; } },
        MUL("*") { public int applyAsInt(int a, int b) { return a * b; } @Override boolean commutes() { return true; } };
        final String sym;
        private static final Map<String, Op> BY = new HashMap<>();
        static { for (Op o : values()) BY.put(o.sym, o); }
        Op(String s) { sym = s; }
        boolean commutes() { return this == ADD; }
        static Op of(String s) { return Optional.ofNullable(BY.get(s)).orElseThrow(() -> new NoSuchElementException(s)); }
        @Override public String toString() { return "op" + sym; }
    }

    enum Planet {
        MERCURY(3.303e+23, 2.4397e6), EARTH(5.976e+24, 6.37814e6);
        final double mass, radius;
        Planet(double mass, double radius) { this.mass = mass; this.radius = radius; }
        double gravity() { return 6.67300E-11 * mass / (radius * radius); }
    }

    enum Day { MON, TUE, WED, THU, FRI, SAT, SUN; boolean weekend() { return this.compareTo(SAT) >= 0; } Day next() { return values()[(ordinal() + 1) % values().length]; } }
    enum Empty {}
    enum Single { INSTANCE; int n; synchronized int inc() { return ++n; } }
    interface Visitor<R> { R visit(Tree t); }
    enum Tree { LEAF { <R> R accept(Visitor<R> v) { return v.visit(this); } }; abstract <R> R accept(Visitor<R> v); }

    static String sw(Day d) {
        switch (d) {
            case MON: case TUE: return "early";
            case SUN: return "late";
            default: return "mid " + d;
        }
    }

    static int expr(Day d) {
        return switch (d) { case MON -> 1; case TUE, WED -> 2; case THU -> { int x = d.ordinal(); yield x * 10; } case FRI, SAT, SUN -> d.name().length(); };
    }

    public static void main(String[] args) {
        for (Op o : Op.values()) {
            System.out.println(o + " " + o.name() + " " + o.ordinal() + " " + o.applyAsInt(7, 3) + " " + o.commutes() + " " + o.getClass().getName() + " " + o.getDeclaringClass().getName() + " " + o.getClass().isEnum());
        }
        System.out.println(Op.of("*") + " " + Op.valueOf("SUB") + " " + Enum.valueOf(Planet.class, "EARTH"));
        for (Runnable r : new Runnable[] {() -> Op.of("/"), () -> Op.valueOf("add"), () -> Op.valueOf(null), () -> Enum.valueOf((Class) String.class, "x"), () -> sw(null)}) {
            try {
                r.run();
            } catch (RuntimeException e) {
                System.out.println(e);
            }
        }
        for (Planet p : Planet.values()) {
            System.out.printf(Locale.ROOT, "%s %.2f%n", p, p.gravity());
        }
        for (Day d : Day.values()) {
            System.out.print(sw(d) + " " + expr(d) + " " + d.weekend() + " " + d.next() + "; ");
        }
        System.out.println();
        System.out.println(Empty.values().length + " " + (Day.values() == Day.values()) + " " + Day.MON.compareTo(Day.WED) + " " + Day.MON.equals(Op.ADD) + " " + Day.valueOf("MON").hashCode() * 0);
        Single.INSTANCE.inc();
        System.out.println(Single.INSTANCE.inc() + " " + Tree.LEAF.<String>accept(t -> "visited " + t));
        EnumMap<Day, String> em = new EnumMap<>(Day.class);
        em.put(Day.SUN, "s");
        em.put(Day.MON, null);
        em.put(Day.WED, "w");
        System.out.println(em + " " + em.containsKey(Day.MON) + em.containsKey(Day.TUE) + " " + em.size() + em.remove(Day.SUN) + em.keySet() + em.equals(new HashMap<>(em)));
        EnumSet<Day> es = EnumSet.range(Day.TUE, Day.FRI);
        es.remove(Day.WED);
        System.out.println(es + " " + EnumSet.complementOf(es) + EnumSet.noneOf(Day.class) + EnumSet.allOf(Empty.class) + es.contains(Day.THU) + EnumSet.copyOf(List.of(Day.SUN, Day.MON)));
        try {
            ((EnumSet) es).add(Op.ADD);
        } catch (ClassCastException e) {
            System.out.println(e.getMessage());
        }
        try {
            em.put(null, "x");
        } catch (NullPointerException e) {
            System.out.println("no null key");
        }
        System.out.println(Day.class.getEnumConstants().length + " " + Op.ADD.getClass().getEnumConstants() + " " + Day.MON.describeConstable().isPresent());
        Map<Boolean, List<Day>> split = new TreeMap<>();
        for (Day d : Day.values()) split.computeIfAbsent(d.weekend(), k -> new ArrayList<>()).add(d);
        System.out.println(split);
        enum Local { P, Q }
        System.out.println(Arrays.toString(Local.values()) + Local.valueOf("Q").ordinal());
        try {
            Class.forName("Main$Day").getDeclaredConstructors()[0].newInstance("X", 9);
        } catch (Exception e) {
            System.out.println(e.getMessage());
        }
    }
}
