import java.util.*;

public class Main {
    sealed interface Shape permits Circle, Square, Rect, Group {}
    record Circle(double r) implements Shape {}
    record Square(double side) implements Shape {}
    record Rect(double w, double h) implements Shape {}
    record Group(Shape a, Shape b) implements Shape {}
    sealed interface Opt<T> { }
    record Some<T>(T value) implements Opt<T> {}
    record None<T>() implements Opt<T> {}
    enum Color { RED, GREEN, BLUE }
    enum Other implements Comparable<Other> { RED }
    sealed interface Tok permits Num, Op, Color2 {}
    record Num(int v) implements Tok {}
    record Op(char c) implements Tok {}
    enum Color2 implements Tok { A, B }

    static double area(Shape s) {
        return switch (s) {
            case Circle c -> 3 * c.r() * c.r();
            case Square(double side) -> side * side;
            case Rect(var w, var h) -> w * h;
            case Group(Circle c, Circle(var r)) when r > 10 -> -1;
            case Group(Shape a, Shape b) -> area(a) + area(b);
        };
    }

    static String kind(Object o) {
        return switch (o) {
            case null -> "null!";
            case Integer i when i > 100 -> "big int " + i;
            case Integer i when i == 7 -> "seven";
            case Integer i -> "int " + i;
            case Long l -> "long " + l;
            case Character c -> "char " + (int) c;
            case String s when s.isEmpty() -> "empty string";
            case String s when s.length() > 5 -> { String t = s.substring(0, 5); yield t + "..."; }
            case String s -> "string " + s;
            case Color c when c == Color.BLUE -> "blue!";
            case Color c -> "color " + c.ordinal();
            case int[] a when a.length > 1 -> "ints " + a[1];
            case int[] a -> "short ints";
            case Object[][] a -> "grid " + a.length;
            case Object[] a -> "array " + a.length;
            case Map.Entry<?, ?> e -> e.getKey() + "=" + e.getValue();
            case List<?> l when l.size() == 2 && l.get(1) == null -> "list with null";
            case List<?> l -> "list " + l;
            case CharSequence cs -> "chars " + cs;
            case Runnable r -> "runnable";
            case Class<?> c -> c.getSimpleName();
            default -> o.getClass().getSimpleName();
        };
    }

    static String consts(Object o) {
        return switch (o) {
            case Color.RED -> "Color.RED";
            case Other.RED -> "Other.RED";
            case Color c -> "other color " + c;
            case Other x -> "unreachable";
            default -> "?";
        };
    }

    static String tok(Tok t) {
        return switch (t) {
            case Num(int v) when v < 0 -> "neg";
            case Num n -> "num" + n.v();
            case Op(char c) -> "op" + c;
            case Color2.A -> "A";
            case Color2.B -> "B";
        };
    }

    static <T> String opt(Opt<T> o) {
        return switch (o) {
            case Some<T>(String s) -> "string " + s;
            case Some<T>(var v) -> "some " + v;
            case None<T> n -> "none";
        };
    }

    static String str(String s) {
        return switch (s) {
            case "a", "b" -> "a or b";
            case String t when t.startsWith("z") -> "z...";
            case null, default -> "null or other";
        };
    }

    static String stmt(Object o) {
        StringBuilder sb = new StringBuilder();
        switch (o) {
            case String s:
                sb.append("s ").append(s);
                break;
            case Integer _:
                sb.append("int");
                break;
            default:
                sb.append("default");
        }
        return sb.toString();
    }

    record Bad(int x) { public int x() { throw new IllegalStateException("accessor"); } }
    record Deep(Object a, Object b) {}
    record Gen<T>(T t) {}

    static String deep(Object o) {
        return switch (o) {
            case Deep(Deep(Integer i, String s), Deep(var p, Deep(Long l, var q))) when i + l > 10 -> i + s + p + l + q;
            case Deep(Object a, _) when a == null -> "null first";
            case Deep(_, Integer[] arr) -> "arr" + arr.length;
            case Deep(var a, var b) when a == b -> "same";
            case Deep d -> "deep";
            default -> "no";
        };
    }

    public static void main(String[] args) {
        for (Shape s : List.of(new Circle(2), new Square(3), new Rect(2, 5), new Group(new Circle(1), new Circle(11)), new Group(new Square(1), new Group(new Rect(1, 1), new Circle(1))))) {
            System.out.println(area(s));
        }
        Object[] os = {null, 5, 7, 101, 5L, 'x', "", "abc", "abcdefgh", Color.RED, Color.BLUE, new int[0], new int[] {1, 2}, new String[2][3], new Object[4], Map.entry("k", 1), List.of(1), Arrays.asList(1, null), new StringBuilder("sb"), (Runnable) () -> {}, Main.class, 1.5, new Object()};
        for (Object o : os) {
            System.out.println(kind(o));
        }
        for (Object o : new Object[] {Color.RED, Other.RED, Color.GREEN, "RED"}) {
            System.out.println(consts(o));
        }
        for (Tok t : new Tok[] {new Num(-1), new Num(4), new Op('+'), Color2.A, Color2.B}) {
            System.out.println(tok(t));
        }
        System.out.println(opt(new Some<>("x")) + opt(new Some<>(1)) + opt(new None<>()) + opt(new Some<>(null)));
        System.out.println(str("a") + str(null) + str("zoo") + str("q"));
        System.out.println(stmt("x") + "|" + stmt(1) + "|" + stmt('c'));
        Deep d = new Deep(new Deep(6, "s"), new Deep("p", new Deep(5L, null)));
        Object same = "x";
        System.out.println(deep(d) + " " + deep(new Deep(null, 1)) + " " + deep(new Deep(1, new Integer[3])) + " " + deep(new Deep(same, same)) + " " + deep(new Deep(1, 2)) + " " + deep("q"));
        try {
            switch ((Object) new Bad(1)) {
                case Bad(int x) -> System.out.println(x);
                default -> System.out.println("default");
            }
        } catch (MatchException e) {
            System.out.println(e + " / " + e.getCause());
        }
        try {
            if ((Object) new Bad(1) instanceof Bad(int x)) System.out.println(x);
        } catch (MatchException e) {
            System.out.println(e.getMessage());
        }
        try {
            area(null);
        } catch (NullPointerException e) {
            System.out.println("NPE " + e.getMessage());
        }
        Object o = 42;
        if (!(o instanceof Integer i)) {
            throw new AssertionError();
        }
        System.out.println(i + 1);
        if (o instanceof Integer n && n > 40 || o == null) System.out.println("flow");
        while (!(o instanceof String str)) {
            o = o.toString();
        }
        System.out.println(str.length());
        Gen<Gen<Integer>> gg = new Gen<>(new Gen<>(9));
        if (gg instanceof Gen<Gen<Integer>>(Gen<Integer>(Integer z))) System.out.println(z);
        for (int k = 0; k < 4; k++) {
            Integer boxed = k;
            System.out.print(switch (boxed) { case 0 -> "zero "; case 1 -> "one "; case Integer j when j == 3 -> "three "; case Integer j -> "many "; });
        }
        System.out.println();
    }
}
