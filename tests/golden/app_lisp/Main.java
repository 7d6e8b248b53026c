import java.util.*;
import java.util.function.*;
import java.util.stream.*;

public class Main {
    record Sym(String n) { @Override public String toString() { return n; } }
    static class LispError extends RuntimeException { LispError(String m) { super(m, null, false, false); } }

    static class Env {
        final Map<Sym, Object> vars = new HashMap<>();
        final Env up;
        Env(Env up) { this.up = up; }
        Object get(Sym s) { for (Env e = this; e != null; e = e.up) if (e.vars.containsKey(s)) return e.vars.get(s); throw new LispError("unbound " + s); }
        void set(Sym s, Object v) { for (Env e = this; e != null; e = e.up) if (e.vars.containsKey(s)) { e.vars.put(s, v); return; } throw new LispError("unbound " + s); }
    }

    record Lambda(List<Sym> params, List<Object> body, Env env, boolean rest) { @Override public String toString() { return "#<lambda " + params.size() + ">"; } }
    interface Prim extends Function<List<Object>, Object> {}

    static Object read(Deque<String> toks) {
        if (toks.isEmpty()) throw new LispError("unexpected end");
        String t = toks.pop();
        switch (t) {
            case "(": { List<Object> l = new ArrayList<>(); while (!")".equals(toks.peek())) l.add(read(toks)); toks.pop(); return l; }
            case ")": throw new LispError("unexpected )");
            case "'": return List.of(new Sym("quote"), read(toks));
            case "#t": return true;
            case "#f": return false;
            default:
                if (t.startsWith("\"")) return t.substring(1, t.length() - 1);
                try { return Long.parseLong(t); } catch (NumberFormatException e) { return new Sym(t); }
        }
    }

    static final java.util.regex.Pattern TOK = java.util.regex.Pattern.compile(";[^\n]*|\"[^\"]*\"|[()']|[^\\s()']+");

    static boolean truth(Object o) { return !Boolean.FALSE.equals(o); }

    @SuppressWarnings("unchecked")
    static Object eval(Object x, Env env) {
        while (true) {
            if (x instanceof Sym s) return env.get(s);
            if (!(x instanceof List<?> raw)) return x;
            List<Object> l = (List<Object>) raw;
            if (l.isEmpty()) return l;
            if (l.get(0) instanceof Sym(String name)) {
                switch (name) {
                    case "quote": return l.get(1);
                    case "if": x = truth(eval(l.get(1), env)) ? l.get(2) : l.size() > 3 ? l.get(3) : List.of(); continue;
                    case "define":
                        if (l.get(1) instanceof List<?> sig) { env.vars.put((Sym) sig.get(0), lambda((List<Object>) sig.subList(1, sig.size()), l.subList(2, l.size()), env)); return sig.get(0); }
                        env.vars.put((Sym) l.get(1), eval(l.get(2), env));
                        return l.get(1);
                    case "set!": { Object v = eval(l.get(2), env); env.set((Sym) l.get(1), v); return v; }
                    case "lambda": return lambda((List<Object>) l.get(1), l.subList(2, l.size()), env);
                    case "let": { Env e = new Env(env); for (Object b : (List<Object>) l.get(1)) e.vars.put((Sym) ((List<Object>) b).get(0), eval(((List<Object>) b).get(1), env)); for (int i = 2; i < l.size() - 1; i++) eval(l.get(i), e); env = e; x = l.get(l.size() - 1); continue; }
                    case "begin": for (int i = 1; i < l.size() - 1; i++) eval(l.get(i), env); x = l.get(l.size() - 1); continue;
                    case "and": { boolean ok = true; Object v = true; for (int i = 1; i < l.size() && ok; i++) ok = truth(v = eval(l.get(i), env)); return v; }
                    case "cond": { Object next = List.of(); for (Object c : l.subList(1, l.size())) { List<Object> cl = (List<Object>) c; if (cl.get(0).equals(new Sym("else")) || truth(eval(cl.get(0), env))) { next = cl.get(1); break; } } x = next; continue; }
                }
            }
            Object f = eval(l.get(0), env);
            List<Object> args = new ArrayList<>(l.size());
            for (int i = 1; i < l.size(); i++) args.add(eval(l.get(i), env));
            switch (f) {
                case Prim p -> { return p.apply(args); }
                case Lambda(var params, var body, var closure, var rest) -> {
                    if (rest ? args.size() < params.size() - 1 : args.size() != params.size()) throw new LispError("arity " + params.size() + " got " + args.size());
                    Env e = new Env(closure);
                    for (int i = 0; i < params.size(); i++) e.vars.put(params.get(i), rest && i == params.size() - 1 ? new ArrayList<>(args.subList(i, args.size())) : args.get(i));
                    for (int i = 0; i < body.size() - 1; i++) eval(body.get(i), e);
                    env = e;
                    x = body.get(body.size() - 1);
                }
                default -> throw new LispError("not a function: " + f);
            }
        }
    }

    static Lambda lambda(List<Object> ps, List<Object> body, Env env) {
        boolean rest = ps.contains(new Sym("."));
        return new Lambda(ps.stream().map(p -> (Sym) p).filter(s -> !s.n().equals(".")).toList(), body, env, rest);
    }

    static long num(Object o) { if (o instanceof Long l) return l; throw new LispError("not a number: " + o); }

    @SuppressWarnings("unchecked")
    static Env global() {
        Env g = new Env(null);
        BiConsumer<String, Prim> def = (n, p) -> g.vars.put(new Sym(n), p);
        def.accept("+", a -> a.stream().mapToLong(Main::num).sum());
        def.accept("*", a -> a.stream().mapToLong(Main::num).reduce(1, Math::multiplyExact));
        def.accept("-", a -> a.size() == 1 ? -num(a.get(0)) : num(a.get(0)) - num(a.get(1)));
        def.accept("/", a -> { if (num(a.get(1)) == 0) throw new LispError("division by zero"); return num(a.get(0)) / num(a.get(1)); });
        def.accept("mod", a -> Math.floorMod(num(a.get(0)), num(a.get(1))));
        def.accept("<", a -> num(a.get(0)) < num(a.get(1)));
        def.accept("=", a -> a.get(0).equals(a.get(1)));
        def.accept("cons", a -> { List<Object> l = new ArrayList<>(); l.add(a.get(0)); l.addAll((List<Object>) a.get(1)); return l; });
        def.accept("car", a -> { try { return ((List<Object>) a.get(0)).getFirst(); } catch (NoSuchElementException e) { throw new LispError("car of empty"); } catch (ClassCastException e) { throw new LispError("car of " + a.get(0)); } });
        def.accept("cdr", a -> { List<Object> l = (List<Object>) a.get(0); return new ArrayList<>(l.subList(1, l.size())); });
        def.accept("list", ArrayList::new);
        def.accept("null?", a -> a.get(0) instanceof List<?> l && l.isEmpty());
        def.accept("eval", a -> eval(a.get(0), g));
        return g;
    }

    static String show(Object o) { return o instanceof List<?> l ? l.stream().map(Main::show).collect(Collectors.joining(" ", "(", ")")) : o instanceof Boolean b ? b ? "#t" : "#f" : o instanceof Prim ? "#<prim>" : String.valueOf(o); }

    static void run(String src, Env g) {
        Deque<String> toks = TOK.matcher(src).results().map(java.util.regex.MatchResult::group).filter(t -> !t.startsWith(";")).collect(Collectors.toCollection(ArrayDeque::new));
        StringBuilder out = new StringBuilder();
        try {
            while (!toks.isEmpty()) out.append(show(eval(read(toks), g))).append(' ');
        } catch (LispError e) {
            out.append("error: ").append(e.getMessage());
        } catch (ArithmeticException e) {
            out.append("arithmetic: ").append(e.getMessage());
        } catch (StackOverflowError e) {
            out.append("too deep");
        }
        System.out.println(out);
    }

    public static void main(String[] args) {
        Env g = global();
        run("(+ 1 2 (* 3 4)) '(a b (c)) \"str\" #t (if #f 1 2) ; comment\n (- 5)", g);
        run("(define (fact n) (if (= n 0) 1 (* n (fact (- n 1))))) (fact 15) (fact 30)", g);
        run("(define (loop n acc) (if (= n 0) acc (loop (- n 1) (+ acc n)))) (loop 5000 0)", g);
        run("(define (map f l) (if (null? l) l (cons (f (car l)) (map f (cdr l))))) (define (filter p l) (cond ((null? l) l) ((p (car l)) (cons (car l) (filter p (cdr l)))) (else (filter p (cdr l))))) (define (range a b) (if (= a b) '() (cons a (range (+ a 1) b)))) (map (lambda (x) (* x x)) (filter (lambda (x) (= (mod x 3) 0)) (range 0 20)))", g);
        run("(define (counter) (let ((n 0)) (lambda () (set! n (+ n 1)) n))) (define a (counter)) (define b (counter)) (a) (a) (b) (a)", g);
        run("(define (fold f z l) (if (null? l) z (fold f (f z (car l)) (cdr l)))) (fold + 0 (range 0 50)) (define (all . xs) (fold + 0 xs)) (all 1 2 3) (all)", g);
        run("(define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))) (map fib (range 0 13))", g);
        run("(eval (cons '+ (list 1 2 3))) (define (twice f) (lambda (x) (f (f x)))) (((twice twice) (lambda (x) (+ x 1))) 0) (let ((x 1) (y 2)) (set! x 10) (list x y)) (and 1 #f 2) (begin 1 2 3)", g);
        for (String bad : new String[] {"(undefined 1)", "(car '())", "(car 5)", "(1 2)", "((lambda (x) x))", "(+ 'a 1)", "(/ 1 0)", ")", "(list 1", "(define (inf n) (+ 1 (inf n))) (inf 0)", "(set! nope 1)"}) run(bad, g);
    }
}
