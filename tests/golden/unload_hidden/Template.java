import java.util.function.IntUnaryOperator;

public class Template implements IntUnaryOperator {
    static int calls;
    final int add = Main.next();
    public int applyAsInt(int n) { calls++; return n + add; }
    public Object array() { return new Template[3]; }
    static String text(Object o) { return "hidden " + (o instanceof Template) + calls; }
    public IntUnaryOperator lambda() { int k = add; return n -> n * k + calls; }
}
