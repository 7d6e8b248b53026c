/** Sealed types, record patterns and switches: a little algebra. */
public class Expressions {
    sealed interface Expr permits Num, Var, Add, Mul {}
    record Num(int value) implements Expr {}
    record Var(String name) implements Expr {}
    record Add(Expr left, Expr right) implements Expr {}
    record Mul(Expr left, Expr right) implements Expr {}

    static Expr simplify(Expr expr) {
        return switch (expr) {
            case Add(var left, var right) -> switch (new Add(simplify(left), simplify(right))) {
                case Add(Num(int a), Num(int b)) -> new Num(a + b);
                case Add(Num(int zero), var rest) when zero == 0 -> rest;
                case Add(var rest, Num(int zero)) when zero == 0 -> rest;
                case Add sum -> sum;
            };
            case Mul(var left, var right) -> switch (new Mul(simplify(left), simplify(right))) {
                case Mul(Num(int a), Num(int b)) -> new Num(a * b);
                case Mul(Num(int factor), _) when factor == 0 -> new Num(0);
                case Mul(_, Num(int factor)) when factor == 0 -> new Num(0);
                case Mul(Num(int one), var rest) when one == 1 -> rest;
                case Mul(var rest, Num(int one)) when one == 1 -> rest;
                case Mul product -> product;
            };
            case Num _, Var _ -> expr;
        };
    }

    static Expr derive(Expr expr, String by) {
        return switch (expr) {
            case Num _ -> new Num(0);
            case Var(var name) -> new Num(name.equals(by) ? 1 : 0);
            case Add(var left, var right) -> new Add(derive(left, by), derive(right, by));
            case Mul(var left, var right) -> new Add(new Mul(derive(left, by), right), new Mul(left, derive(right, by)));
        };
    }

    static String show(Expr expr) {
        return switch (expr) {
            case Num(var value) -> Integer.toString(value);
            case Var(var name) -> name;
            case Add(var left, var right) -> "(" + show(left) + " + " + show(right) + ")";
            case Mul(var left, var right) -> show(left) + " * " + show(right);
        };
    }

    public static void main(String[] args) {
        Expr x = new Var("x");
        Expr expr = new Add(new Mul(x, new Mul(x, x)), new Add(new Mul(new Num(2), x), new Num(40 + 2)));
        System.out.println("f(x)  = " + show(expr));
        System.out.println("f'(x) = " + show(simplify(derive(expr, "x"))));
    }
}
