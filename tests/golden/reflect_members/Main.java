import java.io.IOException;
import java.lang.reflect.*;
import java.util.*;
import java.util.function.*;

public class Main {
    static class Base<T extends Number> {
        public T pub;
        protected int prot;
        private static final long PRIV = 9;
        public Base(T t) throws IOException {}
        public T get(T t, List<? super T> l) { return t; }
        protected void hidden() {}
        public static void stat(String... xs) {}
        public Object covariant() { return null; }
    }
    interface I<X> { default X dflt(X x) { return x; } void abs(); static int st() { return 1; } private void p() {} int CONST = 3; }
    static class Derived extends Base<Integer> implements I<String> {
        public int own;
        public String pub;
        Derived(int a, String... rest) throws IOException { super(a); }
        private Derived() throws IOException { super(1); }
        @Override public Integer get(Integer t, List<? super Integer> l) { return t; }
        public void abs() {}
        @Override public String covariant() { return ""; }
        synchronized final strictfp void mods() {}
        <A extends Comparable<? super A> & Runnable, B extends A> Map<A, B[]> gen(A a, final B[][] b, Map.Entry<?, ? extends int[]> e) throws IllegalStateException { return null; }
        native void nat();
    }
    class Inner { Inner(int x, List<String> l) {} }
    enum E { P; E() {} }

    static List<String> sorted(Object[] os) {
        List<String> l = new ArrayList<>();
        for (Object o : os) l.add(o.toString());
        Collections.sort(l);
        return l;
    }

    public static void main(String[] args) throws Exception {
        for (Class<?> c : new Class<?>[] {Base.class, I.class, Derived.class, Inner.class, E.class}) {
            System.out.println("== " + c.getSimpleName());
            sorted(c.getDeclaredFields()).forEach(System.out::println);
            sorted(c.getDeclaredConstructors()).forEach(System.out::println);
            sorted(c.getDeclaredMethods()).forEach(System.out::println);
            System.out.println("public: " + sorted(c.getFields()) + " " + c.getConstructors().length);
            for (Method m : c.getMethods()) if (m.getDeclaringClass() != Object.class && m.getDeclaringClass() != Enum.class) continue;
            List<String> pub = new ArrayList<>();
            for (Method m : c.getMethods()) if (!m.getDeclaringClass().getName().startsWith("java.")) pub.add(m.getDeclaringClass().getSimpleName() + "." + m.getName() + ":" + m.getReturnType().getSimpleName());
            Collections.sort(pub);
            System.out.println(pub);
        }
        Method gen = null;
        for (Method m : Derived.class.getDeclaredMethods()) if (m.getName().equals("gen")) gen = m;
        System.out.println(gen.toGenericString());
        System.out.println(Arrays.toString(gen.getTypeParameters()) + Arrays.toString(gen.getTypeParameters()[0].getBounds()) + gen.getGenericReturnType() + Arrays.toString(gen.getGenericParameterTypes()) + Arrays.toString(gen.getExceptionTypes()));
        for (Parameter p : gen.getParameters()) System.out.println(p + " " + p.getName() + " " + p.isNamePresent() + " " + p.getType().getSimpleName() + " " + p.getParameterizedType() + " " + p.getModifiers());
        Constructor<?> k = Inner.class.getDeclaredConstructors()[0];
        System.out.println(k.toGenericString() + " " + Arrays.toString(k.getGenericParameterTypes()) + Arrays.toString(k.getParameterTypes()));
        System.out.println(Arrays.toString(E.class.getDeclaredConstructors()[0].getParameterTypes()) + E.class.getDeclaredConstructors()[0].getGenericParameterTypes().length);
        Constructor<?> d = Derived.class.getDeclaredConstructor(int.class, String[].class);
        System.out.println(d + " " + d.isVarArgs() + " " + Arrays.toString(d.getExceptionTypes()) + " " + Modifier.toString(Derived.class.getDeclaredConstructor().getModifiers()));
        System.out.println(Derived.class.getField("pub").getDeclaringClass().getSimpleName() + " " + Base.class.getField("pub").getGenericType() + " " + Base.class.getField("pub").toGenericString() + " " + Derived.class.getField("CONST").getInt(null));
        System.out.println(Derived.class.getMethod("covariant").getReturnType() + " " + Derived.class.getMethod("dflt", Object.class).isDefault() + " " + Derived.class.getMethod("stat", String[].class).isVarArgs() + " " + Modifier.toString(Derived.class.getDeclaredMethod("mods").getModifiers()) + " " + Modifier.toString(Derived.class.getDeclaredMethod("nat").getModifiers()));
        for (Throwing t : new Throwing[] {() -> Derived.class.getField("prot"), () -> Derived.class.getDeclaredField("prot"), () -> Derived.class.getMethod("hidden"), () -> Derived.class.getMethod("get", String.class, int[].class), () -> Derived.class.getConstructor(), () -> Derived.class.getMethod("st"), () -> Derived.class.getMethod(null), () -> Inner.class.getDeclaredConstructor(int.class), () -> I.class.getMethod("hashCode"), () -> int[].class.getField("length"), () -> int[].class.getMethod("clone"), () -> int[].class.getMethod("hashCode").getDeclaringClass()}) {
            try {
                System.out.println(t.go());
            } catch (Exception e) {
                System.out.println(e);
            }
        }
        System.out.println(Derived.class.getDeclaredMethod("abs").equals(Derived.class.getDeclaredMethod("abs")) + " " + (Derived.class.getDeclaredMethod("abs") == Derived.class.getDeclaredMethod("abs")) + " " + Derived.class.getDeclaredMethod("abs").hashCode());
        System.out.println(Derived.class.getGenericSuperclass() + " " + Arrays.toString(Derived.class.getGenericInterfaces()) + Arrays.toString(Base.class.getTypeParameters()[0].getBounds()) + Base.class.toGenericString() + " " + Base.class.getTypeParameters()[0].getGenericDeclaration());
        ParameterizedType pt = (ParameterizedType) Derived.class.getGenericSuperclass();
        System.out.println(pt.getRawType() + " " + pt.getOwnerType() + " " + pt.getActualTypeArguments()[0] + " " + pt.equals(Derived.class.getGenericSuperclass()) + new ArrayList<Map<String, ? extends List<int[]>>>() {}.getClass().getGenericSuperclass());
    }

    interface Throwing { Object go() throws Exception; }
}
