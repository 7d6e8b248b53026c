import java.util.*;
import java.util.function.*;

public class Main {
    sealed interface Expr permits Num, Var, Bin, Neg, Call, Let {}
    record Num(double v) implements Expr {}
    record Var(String n) implements Expr {}
    record Bin(char op, Expr a, Expr b) implements Expr {}
    record Neg(Expr e) implements Expr {}
    record Call(String f, List<Expr> args) implements Expr {}
    record Let(String n, Expr v, Expr body) implements Expr {}

    static class ParseError extends RuntimeException {
        final int at;
        ParseError(int at, String m) { super(m); this.at = at; }
    }

    static class Parser {
        final String s;
        int p;
        Parser(String s) { this.s = s; }
        char peek() { while (p < s.length() && Character.isWhitespace(s.charAt(p))) p++; return p < s.length() ? s.charAt(p) : '\0'; }
        boolean eat(char c) { if (peek() != c) return false; p++; return true; }
        void need(char c) { if (!eat(c)) throw new ParseError(p, "expected '" + c + "'"); }
        Expr all() { Expr e = sum(); if (peek() != '\0') throw new ParseError(p, "unexpected '" + peek() + "'"); return e; }
        Expr sum() { Expr e = product(); for (;;) { if (eat('+')) e = new Bin('+', e, product()); else if (eat('-')) e = new Bin('-', e, product()); else return e; } }
        Expr product() { Expr e = unary(); for (;;) { if (eat('*')) e = new Bin('*', e, unary()); else if (eat('/')) e = new Bin('/', e, unary()); else if (eat('%')) e = new Bin('%', e, unary()); else return e; } }
        Expr unary() { return eat('-') ? new Neg(unary()) : power(); }
        Expr power() { Expr e = atom(); return eat('^') ? new Bin('^', e, unary()) : e; }
        Expr atom() {
            char c = peek();
            int start = p;
            if (eat('(')) { Expr e = sum(); need(')'); return e; }
            if (Character.isDigit(c) || c == '.') {
                while (p < s.length() && (Character.isLetterOrDigit(s.charAt(p)) || s.charAt(p) == '.')) p++;
                try { return new Num(Double.parseDouble(s.substring(start, p))); } catch (NumberFormatException e) { throw new ParseError(start, "bad number " + s.substring(start, p)); }
            }
            if (Character.isLetter(c)) {
                while (p < s.length() && Character.isLetterOrDigit(s.charAt(p))) p++;
                String n = s.substring(start, p);
                if (n.equals("let")) { String v = ((Var) atom()).n(); need('='); Expr e = sum(); need(';'); return new Let(v, e, sum()); }
                if (!eat('(')) return new Var(n);
                List<Expr> args = new ArrayList<>();
                if (!eat(')')) { do args.add(sum()); while (eat(',')); need(')'); }
                return new Call(n, args);
            }
            throw new ParseError(p, c == '\0' ? "unexpected end" : "unexpected '" + c + "'");
        }
    }

    static final Map<String, Function<double[], Double>> FUNS = Map.of("sqrt", a -> Math.sqrt(a[0]), "max", a -> Arrays.stream(a).max().orElseThrow(), "sum", a -> Arrays.stream(a).sum(), "floor", a -> Math.floor(a[0]), "fact", a -> { double r = 1; for (int i = 2; i <= a[0]; i++) r *= i; return r; });

    static double eval(Expr e, Map<String, Double> env) {
        return switch (e) {
            case Num(double v) -> v;
            case Var(String n) when env.containsKey(n) -> env.get(n);
            case Var(String n) -> throw new NoSuchElementException("undefined " + n);
            case Neg(Expr x) -> -eval(x, env);
            case Bin(char op, Expr a, Expr b) -> {
                double x = eval(a, env), y = eval(b, env);
                yield switch (op) { case '+' -> x + y; case '-' -> x - y; case '*' -> x * y; case '/' -> x / y; case '%' -> x % y; case '^' -> Math.pow(x, y); default -> throw new AssertionError(op); };
            }
            case Call(String f, List<Expr> args) -> Optional.ofNullable(FUNS.get(f)).orElseThrow(() -> new NoSuchElementException("no function " + f)).apply(args.stream().mapToDouble(a -> eval(a, env)).toArray());
            case Let(String n, Expr v, Expr body) -> { Map<String, Double> inner = new HashMap<>(env); inner.put(n, eval(v, env)); yield eval(body, inner); }
        };
    }

    static Expr simplify(Expr e) {
        return switch (e) {
            case Bin(char op, Expr a, Expr b) -> switch (new Bin(op, simplify(a), simplify(b))) {
                case Bin(char o, Num(double x), Num(double y)) -> new Num(eval(new Bin(o, new Num(x), new Num(y)), Map.of()));
                case Bin(char o, Expr x, Num(double y)) when y == 0 && (o == '+' || o == '-') -> x;
                case Bin(char o, Num(double x), Expr y) when x == 0 && o == '+' -> y;
                case Bin(char o, Num(double x), Expr y) when x == 0 && o == '*' -> new Num(0);
                case Bin(char o, Expr x, Num(double y)) when y == 0 && o == '*' -> new Num(0);
                case Bin(char o, Num(double x), Expr y) when x == 1 && o == '*' -> y;
                case Bin(char o, Expr x, Num(double y)) when y == 1 && (o == '*' || o == '/' || o == '^') -> x;
                case Bin r -> r;
            };
            case Neg(Expr x) -> simplify(x) instanceof Num(double v) ? new Num(-v) : new Neg(simplify(x));
            default -> e;
        };
    }

    static Expr derive(Expr e, String x) {
        return switch (e) {
            case Num n -> new Num(0);
            case Var(String n) -> new Num(n.equals(x) ? 1 : 0);
            case Neg(Expr a) -> new Neg(derive(a, x));
            case Bin(char op, Expr a, Expr b) when op == '+' || op == '-' -> new Bin(op, derive(a, x), derive(b, x));
            case Bin(char op, Expr a, Expr b) when op == '*' -> new Bin('+', new Bin('*', derive(a, x), b), new Bin('*', a, derive(b, x)));
            case Bin(char op, Expr a, Num(double n)) when op == '^' -> new Bin('*', new Bin('*', new Num(n), new Bin('^', a, new Num(n - 1))), derive(a, x));
            default -> throw new UnsupportedOperationException("derive " + show(e));
        };
    }

    static String show(Expr e) {
        return switch (e) {
            case Num(double v) -> v == Math.rint(v) ? Long.toString((long) v) : Double.toString(v);
            case Var(String n) -> n;
            case Neg(Expr x) -> "-" + show(x);
            case Bin(char op, Expr a, Expr b) -> "(" + show(a) + op + show(b) + ")";
            case Call(String f, List<Expr> args) -> f + args.stream().map(Main::show).toList();
            case Let l -> "let " + l.n();
        };
    }

    public static void main(String[] args) {
        for (String s : new String[] {"1+2*3", "(1+2)*3", "2^3^2", "-2^2", "10/4-1", "7%3", "1e3/.5", "sqrt(16)+max(1,9,4)", "sum()", "let x=5; x*x+let y=2; y", "fact(10)", "1/0", "x*2", "((((7))))", "1+", "1 2", "(1", "3..4", "foo(1)", "zz", "$", ""}) {
            try {
                System.out.println(s + " = " + eval(new Parser(s).all(), Map.of("x", 21.0)));
            } catch (ParseError e) {
                System.out.println(s + " ! " + e.getMessage() + " at " + e.at);
            } catch (NoSuchElementException e) {
                System.out.println(s + " ? " + e.getMessage());
            }
        }
        for (String s : new String[] {"x^3+2*x*x-5*x+7", "(x+1)*(x-1)", "-x^2", "1*x+0", "3*4+x*0", "sqrt(x)"}) {
            Expr e = new Parser(s).all();
            try {
                Expr d = derive(e, "x");
                System.out.println(show(simplify(e)) + " d/dx " + show(simplify(d)) + " at 3: " + eval(d, Map.of("x", 3.0)));
            } catch (UnsupportedOperationException x) {
                System.out.println(x.getMessage());
            }
        }
    }
}
