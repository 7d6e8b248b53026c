import java.util.ArrayList;
import java.util.List;

/** Construction: chains of constructors, conditional arguments, code before super(), inner classes, initializers. */
public class Making extends Base {
    static final int SIZE = 3;
    static long counter;
    final int a;
    final String b;
    private Making next;
    List<String> list = new ArrayList<>(SIZE);

    static { counter = System.nanoTime() % 7; }
    { list.add("init"); }

    Making() { this(1, "x" + counter); }

    Making(int a, String b) {
        super(a > 2 ? b : b == null ? "" : b.substring(0), a < 0 ? new int[] {a} : null);
        this.a = a;
        this.b = b;
    }

    Making(double d) {
        int x = (int) d;
        if (x < 0) throw new IllegalArgumentException("x " + x);
        this.a = x;
        String t = null;
        for (int i = 0; i < x; i++) t = "t" + i;
        super(t, new int[x]);
        this.b = hidden;
    }

    Making chain(Making m) {
        Making made = new Making(m.a, new StringBuilder().append(m.b).append(m.shared).toString());
        made.next = m.next == null ? this : new Making(2.5) { @Override int over(long l) { return a + super.over(l); } };
        protectedCall(new int[][] {{1}, {2, 3}}, 'c');
        return made;
    }

    @Override int over(long l) { return (int) (super.over(l) + l); }

    class Inner {
        int v = a;
        Inner(int w) { v += w + SIZE; }
        int sum() { return v + shared + next.a; }
    }

    static class Copy implements Cloneable {
        int[] data = {1, 2};
        Object copy() throws CloneNotSupportedException { Copy c = (Copy) clone(); c.data = data.clone(); return c; }
    }
}

class Base {
    protected int shared;
    protected String hidden;

    Base(String s, int[] array) { hidden = s; shared = array == null ? 0 : array.length; }

    int over(long l) { return (int) l; }

    protected final int protectedCall(int[][] a, char c) { return a[0][0] + c; }

    protected static void helper(Base b) { b.shared++; }
}
