import java.util.*;

public class Main {
    static class P {
        final int x;
        P(int x) { this.x = x; }
        @Override public boolean equals(Object o) { return o != null && o.getClass() == getClass() && ((P) o).x == x; }
        @Override public int hashCode() { return Objects.hash(x, getClass().getName()); }
        @Override public String toString() { return getClass().getSimpleName() + x; }
    }
    static class Q extends P { Q(int x) { super(x); } }
    static class Plain {}
    static class Cl implements Cloneable { int[] a = {1, 2}; Cl self = this; String s = "s"; @Override public Cl clone() throws CloneNotSupportedException { return (Cl) super.clone(); } }
    static class NoCl { Object tryClone() throws CloneNotSupportedException { return clone(); } }
    static class Deep implements Cloneable { List<Integer> l = new ArrayList<>(List.of(1)); Deep copy() { try { Deep d = (Deep) clone(); d.l = new ArrayList<>(l); return d; } catch (CloneNotSupportedException e) { throw new AssertionError(e); } } }

    public static void main(String[] args) throws Exception {
        System.out.println(new P(1).equals(new P(1)) + " " + new P(1).equals(new Q(1)) + " " + new Q(1).equals(new P(1)) + " " + (new P(1).hashCode() == new P(1).hashCode()) + " " + new P(1).equals(null) + " " + new Q(3));
        Plain a = new Plain();
        System.out.println(a.equals(a) + " " + a.equals(new Plain()) + " " + a.toString().startsWith("Main$Plain@") + " " + a.toString().equals("Main$Plain@" + Integer.toHexString(a.hashCode())));
        Cl c = new Cl(), d = c.clone();
        System.out.println((c != d) + " " + (c.a == d.a) + " " + (d.self == c) + " " + d.s + " " + d.getClass());
        try {
            new NoCl().tryClone();
        } catch (CloneNotSupportedException e) {
            System.out.println(e.getMessage());
        }
        Deep x = new Deep(), y = x.copy();
        y.l.add(2);
        System.out.println(x.l + " " + y.l);
        int[] arr = {1, 2, 3};
        int[][] grid = {{1}, {2}};
        System.out.println(arr.clone().length + " " + arr.equals(arr.clone()) + " " + (grid.clone()[0] == grid[0]) + " " + arr.getClass() + grid.getClass().getName() + " " + arr.toString().startsWith("[I@") + new String[0].getClass().getSimpleName());
        long[] la = {Long.MAX_VALUE};
        double[] da = {1.5};
        boolean[] za = {true, false};
        Object[] oa = {la, "s"};
        System.out.println(la.clone()[0] + " " + da.clone()[0] + za.clone()[0] + (oa.clone()[0] == la) + new byte[] {7}.clone()[0] + new char[] {'c'}.clone()[0] + new short[] {8}.clone()[0] + new float[] {2f}.clone()[0]);
        System.out.println(new Object().getClass() + " " + "s".getClass() + new Plain() {}.getClass().getName() + " " + ((Object) 1).getClass() + Thread.State.NEW.getClass() + void.class + int[][].class);
        System.out.println(Objects.equals(new int[0], new int[0]) + " " + Objects.deepEquals(new int[] {1}, new int[] {1}) + " " + Objects.hash() + Objects.hash((Object) null) + Objects.hashCode(null) + " " + Objects.toString(null) + Objects.requireNonNullElseGet(null, () -> "g") + Objects.isNull(null) + Objects.toIdentityString("x").startsWith("java.lang.String@"));
        for (Runnable r : new Runnable[] {() -> Objects.requireNonNull(null, () -> "supplied " + 1), () -> Objects.checkIndex(5, 5), () -> Objects.checkFromIndexSize(1, 5, 4), () -> Objects.checkIndex(-1L, 3L), () -> Objects.requireNonNullElse(null, null)}) {
            try {
                r.run();
            } catch (RuntimeException e) {
                System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
            }
        }
        Set<P> set = new LinkedHashSet<>(List.of(new P(1), new Q(1), new P(2)));
        System.out.println(set.contains(new P(2)) + " " + set.remove(new Q(1)) + set + " " + new HashSet<>(List.of(new P(5))).equals(Set.of(new P(5))));
    }
}
