import java.lang.reflect.*;
import java.util.*;
import java.util.concurrent.Callable;

public class Main<T extends Comparable<T> & java.io.Serializable> {
    T tv;
    List<String> ls;
    Map<? super Integer, ? extends List<?>> wild;
    T[] ta;
    List<String>[][] ga;
    Inner<String> in;
    Main<Integer>.Inner<Long> owned;
    Map.Entry<T, int[]> entry;
    class Inner<U> { U u; T t; }
    static abstract class Repo<K, V extends Collection<K>> { abstract V load(K k) throws Exception; }
    static class StringRepo extends Repo<String, Set<String>> implements Callable<List<? extends Number>> { Set<String> load(String k) { return null; } public List<? extends Number> call() { return null; } }
    static <E extends Exception, X> X run(Callable<? extends X> c, Class<E> e) throws E { return null; }
    <A, B extends List<? super A>> Main(A a, B b) {}

    static String kind(Type t) {
        return switch (t) {
            case Class<?> c -> "class " + c.getSimpleName();
            case ParameterizedType p -> "param(" + kind(p.getRawType()) + "<" + kinds(p.getActualTypeArguments()) + "> owner " + (p.getOwnerType() == null ? "none" : kind(p.getOwnerType())) + ")";
            case GenericArrayType a -> kind(a.getGenericComponentType()) + "[]";
            case WildcardType w -> "? extends " + kinds(w.getUpperBounds()) + " super " + kinds(w.getLowerBounds());
            case TypeVariable<?> v -> "var " + v.getName() + " of " + v.getGenericDeclaration().getClass().getSimpleName();
            default -> t.toString();
        };
    }

    static String kinds(Type[] ts) {
        StringBuilder sb = new StringBuilder();
        for (Type t : ts) sb.append(sb.isEmpty() ? "" : ", ").append(kind(t));
        return sb.toString();
    }

    public static void main(String[] args) throws Exception {
        for (String f : new String[] {"tv", "ls", "wild", "ta", "ga", "in", "owned", "entry"}) {
            Type t = Main.class.getDeclaredField(f).getGenericType();
            System.out.println(t.getTypeName() + " = " + kind(t));
        }
        TypeVariable<?> tv = Main.class.getTypeParameters()[0];
        System.out.println(tv + " " + kinds(tv.getBounds()) + " " + tv.equals(Main.class.getDeclaredField("tv").getGenericType()) + " " + tv.hashCode() * 0);
        for (Method m : Main.class.getDeclaredMethods()) if (m.getName().equals("run")) System.out.println(m.toGenericString() + " " + kinds(m.getGenericParameterTypes()) + " throws " + kinds(m.getGenericExceptionTypes()) + " returns " + kind(m.getGenericReturnType()));
        Constructor<?> k = Main.class.getDeclaredConstructors()[0];
        System.out.println(k.toGenericString() + " " + kinds(k.getTypeParameters()[1].getBounds()));
        ParameterizedType sup = (ParameterizedType) StringRepo.class.getGenericSuperclass();
        Map<String, Type> bind = new TreeMap<>();
        TypeVariable<?>[] vars = ((Class<?>) sup.getRawType()).getTypeParameters();
        for (int i = 0; i < vars.length; i++) bind.put(vars[i].getName(), sup.getActualTypeArguments()[i]);
        System.out.println(bind + " " + kinds(StringRepo.class.getGenericInterfaces()));
        TreeSet<String> bridges = new TreeSet<>();
        for (Method m : StringRepo.class.getDeclaredMethods()) if (m.isBridge()) bridges.add(m.getName() + " " + m.getReturnType().getSimpleName());
        System.out.println(bridges);
        System.out.println(kinds(HashMap.class.getTypeParameters()) + " " + kind(HashMap.class.getGenericSuperclass()) + " " + kinds(HashMap.class.getGenericInterfaces()));
        System.out.println(kinds(Collections.class.getMethod("sort", List.class, Comparator.class).getGenericParameterTypes()) + " | " + kinds(Enum.class.getTypeParameters()[0].getBounds()) + " | " + Collections.class.getMethod("max", Collection.class).toGenericString());
        record Rec<Z>(List<Z> zs, Z... rest) {}
        for (RecordComponent rc : Rec.class.getRecordComponents()) System.out.println(rc + " " + rc.getGenericType() + " " + rc.getAccessor().getGenericReturnType() + " " + rc.getGenericSignature());
    }
}
