import java.util.function.*;

/** Newer features: records, sealed types, pattern switches, lambdas of every kind, enums, interfaces with code. */
public sealed interface Shapes permits Shapes.Dot, Shapes.Box, Shapes.Many {
    int LIMIT = 10;

    record Dot(int x, double y) implements Shapes {
        public Dot {
            if (x > LIMIT) throw new IllegalArgumentException();
        }
        static Dot of(int x) { return new Dot(x, x); }
    }

    record Box<T extends Number>(T size, String... names) implements Shapes { }

    non-sealed class Many implements Shapes {
        Shapes[] parts = {};
        @Override public double area() { double s = 0; for (Shapes p : parts) s += p.area(); return s; }
    }

    enum Color implements IntUnaryOperator {
        RED(1), GREEN(2) { @Override public int applyAsInt(int v) { return v * 3; } };
        final int code;
        Color(int code) { this.code = code; }
        @Override public int applyAsInt(int v) { return v + code + ordinal(); }
    }

    default double area() {
        return switch (this) {
            case Dot(int x, double y) when x > y -> x;
            case Dot d -> d.y();
            case Box<?>(Integer i, var names) -> i + names.length;
            case Box<?> b -> b.size().doubleValue();
            case Many m -> secret(m.parts.length);
        };
    }

    private double secret(int n) { return n; }

    static Supplier<Function<Integer, String>> lambdas(long base, Color c) {
        IntBinaryOperator add = (a, b) -> a + b + (int) base;
        Function<Object, String> f = Object::toString;
        Supplier<int[]> arrays = () -> new int[] {1};
        Function<Integer, Dot> make = Dot::of;
        Runnable r = (Runnable & java.io.Serializable) () -> System.out.println(base + c.code);
        r.run();
        return () -> i -> f.apply(add.applyAsInt(i, arrays.get()[0])) + make.apply(i) + switch (c) { case RED -> 'r'; case GREEN -> 'g'; };
    }
}
