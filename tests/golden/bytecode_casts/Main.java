import java.io.Serializable;
import java.util.*;

public class Main {
    interface I {}
    interface J extends I {}
    static class A implements I {}
    static class B extends A implements J {}
    static final class C {}
    enum E { X, Y { } }

    static String is(Object o) {
        StringBuilder s = new StringBuilder();
        if (o instanceof I) s.append("I ");
        if (o instanceof J) s.append("J ");
        if (o instanceof A) s.append("A ");
        if (o instanceof B) s.append("B ");
        if (o instanceof C) s.append("C ");
        if (o instanceof E) s.append("E ");
        if (o instanceof Object[]) s.append("Object[] ");
        if (o instanceof I[]) s.append("I[] ");
        if (o instanceof A[]) s.append("A[] ");
        if (o instanceof A[][]) s.append("A[][] ");
        if (o instanceof int[]) s.append("int[] ");
        if (o instanceof Cloneable) s.append("Cloneable ");
        if (o instanceof Serializable) s.append("Serializable ");
        if (o instanceof Comparable) s.append("Comparable ");
        if (o instanceof Object) s.append("Object");
        return s.toString();
    }

    static void cast(String what, Runnable r) {
        try {
            r.run();
            System.out.println(what + ": fine");
        } catch (ClassCastException e) {
            System.out.println(what + ": " + e.getMessage());
        }
    }

    @SuppressWarnings("unchecked")
    public static void main(String[] args) {
        Object[] os = {new A(), new B(), new C(), E.X, E.Y, new A[1], new B[1], new B[1][1], new I[1][], new int[0], new int[0][0], "s", 1, null, new ArrayList<String>(), (Runnable & Serializable) () -> {}, Object.class};
        for (Object o : os) {
            System.out.println(is(o));
        }
        Object a = new A(), str = "s", in = 1, ia = new int[1], aa = new A[1][1], oa = new Object[] {"x"}, nul = null;
        cast("A to B", () -> { B b = (B) a; });
        cast("A to J", () -> { J b = (J) a; });
        cast("A to I", () -> { I b = (I) a; });
        cast("String to Integer", () -> { Integer b = (Integer) str; });
        cast("Integer to Main.C", () -> { C b = (C) in; });
        cast("int[] to String[]", () -> { String[] b = (String[]) ia; });
        cast("int[] to long[]", () -> { long[] b = (long[]) ia; });
        cast("A[][] to B[][]", () -> { B[][] b = (B[][]) aa; });
        cast("A[][] to I[][]", () -> { I[][] b = (I[][]) aa; });
        cast("A[][] to Object[]", () -> { Object[] b = (Object[]) aa; });
        cast("A[][] to Cloneable[]", () -> { Cloneable[] b = (Cloneable[]) aa; });
        cast("A[][] to Runnable[]", () -> { Runnable[] b = (Runnable[]) aa; });
        cast("Object[] to String[]", () -> { String[] b = (String[]) oa; });
        cast("null to C", () -> { C b = (C) nul; });
        cast("null to int[]", () -> { int[] b = (int[]) nul; });
        cast("enum body", () -> { Integer b = (Integer) (Object) E.Y; });
        List<Integer> raw = (List<Integer>) (List<?>) new ArrayList<>(List.of("boo"));
        cast("heap pollution", () -> { int i = raw.get(0); });
        cast("Class.cast", () -> Integer.class.cast("x"));
        cast("asSubclass", () -> C.class.asSubclass(A.class));
        cast("Number to Comparable", () -> { Comparable<?> c = (Comparable<?>) (Object) new java.util.concurrent.atomic.AtomicInteger(); });
        try {
            new TreeSet<Object>().add(new A());
        } catch (ClassCastException e) {
            System.out.println(e.getMessage());
        }
        try {
            Object o = new TreeMap<Object, Integer>(Map.of(1, 2));
            ((TreeMap<Object, Integer>) o).put("k", 3);
        } catch (ClassCastException e) {
            System.out.println(e.getMessage());
        }
    }
}
