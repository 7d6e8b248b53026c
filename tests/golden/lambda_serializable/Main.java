import java.io.*;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.util.*;
import java.util.function.*;

public class Main {
    interface SFunc<A, B> extends Function<A, B>, Serializable {}
    interface SRun extends Runnable, Serializable {}
    static class Acc implements Serializable {
        int total = 5;
        int add(int x) { return total += x; }
        SFunc<Integer, Integer> adder() { return this::add; }
        SFunc<Integer, Integer> viaThis() { return x -> add(x) * 2; }
    }

    @SuppressWarnings("unchecked")
    static <T> T copy(T t) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ObjectOutputStream oos = new ObjectOutputStream(out)) {
            oos.writeObject(t);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(out.toByteArray()))) {
            return (T) in.readObject();
        }
    }

    static SerializedLambda form(Object o) throws Exception {
        Method m = o.getClass().getDeclaredMethod("writeReplace");
        m.setAccessible(true);
        return (SerializedLambda) m.invoke(o);
    }

    public static void main(String[] args) throws Exception {
        int k = 7;
        String s = "cap";
        long[] ls = {1, 2};
        SFunc<Integer, String> f = x -> s + x * k + ls[1];
        System.out.println(copy(f).apply(6));
        SFunc<String, Integer> len = String::length;
        System.out.println(copy(len).apply("four"));
        SFunc<Integer, int[]> arr = int[]::new;
        SFunc<String, StringBuilder> ctor = StringBuilder::new;
        System.out.println(copy(arr).apply(3).length + " " + copy(ctor).apply("sb").reverse());
        Acc a = new Acc();
        SFunc<Integer, Integer> bound = copy(a.adder());
        System.out.println(bound.apply(10) + " " + bound.apply(10) + " " + a.total + " " + copy(a.viaThis()).apply(1));
        Comparator<String> cmp = Comparator.comparing((Function<String, Integer> & Serializable) String::length);
        List<String> l = new ArrayList<>(List.of("ccc", "a", "bb"));
        l.sort(copy(cmp));
        System.out.println(l);
        for (Object o : new Object[] {f, len, arr, ctor, a.adder()}) {
            SerializedLambda sl = form(o);
            System.out.println(sl.getCapturingClass() + " " + sl.getFunctionalInterfaceClass() + " " + sl.getFunctionalInterfaceMethodName() + sl.getFunctionalInterfaceMethodSignature() + " " + sl.getImplMethodKind() + " " + sl.getImplClass() + "." + (sl.getImplMethodName().startsWith("lambda$") ? "lambda" : sl.getImplMethodName()) + sl.getImplMethodSignature() + " " + sl.getInstantiatedMethodType() + " " + sl.getCapturedArgCount());
        }
        try {
            copy((Runnable) () -> {});
        } catch (NotSerializableException e) {
            System.out.println("not serializable " + e.getMessage().startsWith("Main$$Lambda"));
        }
        Object hidden = new Object();
        SRun r = () -> hidden.hashCode();
        try {
            copy(r);
        } catch (NotSerializableException e) {
            System.out.println(e.getMessage());
        }
        SRun twice = copy(copy((SRun) () -> System.out.println("copied twice")));
        twice.run();
    }
}
