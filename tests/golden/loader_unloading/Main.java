import java.io.*;
import java.lang.ref.*;
import java.util.*;

public class Main {
    static byte[] bytes(String n) throws IOException {
        try (InputStream in = Main.class.getResourceAsStream("/" + n + ".class")) {
            return in.readAllBytes();
        }
    }

    static class L extends ClassLoader {
        Class<?> def(byte[] b) { return defineClass(null, b, 0, b.length); }
    }

    static final ClassValue<String> CV = new ClassValue<>() {
        @Override protected String computeValue(Class<?> c) { return "value of " + c.getSimpleName(); }
    };

    static WeakReference<ClassLoader> use(byte[] b, int i, Set<String> seen) throws Exception {
        L l = new L();
        Class<?> c = l.def(b);
        Object o = c.getDeclaredConstructor(int.class).newInstance(i);
        seen.add(o.toString().substring(0, 5) + CV.get(c));
        return new WeakReference<>(l);
    }

    public static void main(String[] args) throws Exception {
        byte[] b = bytes("Dying");
        Set<String> seen = new TreeSet<>();
        List<WeakReference<ClassLoader>> refs = new ArrayList<>();
        int n = Integer.getInteger("golden.scale", 60);
        for (int i = 0; i < n; i++) refs.add(use(b, i, seen));
        System.out.println(seen);
        L kept = new L();
        Class<?> live = kept.def(b);
        live.getDeclaredConstructor(int.class).newInstance(1);
        WeakReference<ClassLoader> keptRef = new WeakReference<>(kept);
        kept = null;
        int cleared = 0;
        for (int round = 0; round < 50 && cleared < n; round++) {
            System.gc();
            cleared = 0;
            for (WeakReference<ClassLoader> r : refs) if (r.get() == null) cleared++;
        }
        System.out.println("loaders left: " + (n - cleared));
        System.out.println((keptRef.get() == live.getClassLoader()) + " " + live.getDeclaredField("count").get(null));
        System.out.println(CV.get(String.class) + " " + CV.get(live));
        CV.remove(live);
        System.out.println(CV.get(live));
    }
}
