import java.io.InputStream;
import java.lang.management.*;
import java.lang.ref.WeakReference;
import java.util.*;
import java.util.function.IntSupplier;

public class Main {
    static final Map<String, byte[]> BYTES = new HashMap<>();

    static class Own extends ClassLoader {
        Own(ClassLoader parent) { super(parent); }
        @Override protected Class<?> loadClass(String n, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(n)) {
                Class<?> c = findLoadedClass(n);
                byte[] b = BYTES.get(n);
                if (c == null && b != null) c = defineClass(n, b, 0, b.length);
                return c != null ? c : super.loadClass(n, resolve);
            }
        }
    }

    static long used() {
        for (var pool : ManagementFactory.getMemoryPoolMXBeans()) if (pool.getName().equals("Metaspace")) return pool.getUsage().getUsed();
        return -1;
    }

    static int one(List<WeakReference<ClassLoader>> dropped) throws Exception {
        Own loader = new Own(Main.class.getClassLoader());
        dropped.add(new WeakReference<>(loader));
        var it = (IntSupplier) loader.loadClass("Guest").getDeclaredConstructor().newInstance();
        return it.getAsInt() * 10 + it.getAsInt();
    }

    public static void main(String[] args) throws Exception {
        for (String name : new String[] {"Guest", "Guest$Part"}) {
            try (InputStream in = Main.class.getResourceAsStream("/" + name + ".class")) { BYTES.put(name, in.readAllBytes()); }
        }
        int count = Integer.getInteger("golden.scale", 1000);
        var dropped = new ArrayList<WeakReference<ClassLoader>>();
        System.out.println(one(dropped));
        System.gc();
        long before = used();
        var results = new TreeSet<Integer>();
        for (int i = 0; i < count; i++) results.add(one(dropped));
        System.out.println(results);
        for (int i = 0; i < 50 && !dropped.isEmpty(); i++) {
            System.gc();
            dropped.removeIf(r -> r.refersTo(null));
        }
        System.out.println("all died: " + dropped.isEmpty());
        var beans = ManagementFactory.getClassLoadingMXBean();
        System.out.println("counted: " + (beans.getUnloadedClassCount() >= 2L * count) + " " + (beans.getTotalLoadedClassCount() - beans.getUnloadedClassCount() == beans.getLoadedClassCount()));
        long grown = used() - before;
        System.out.println("metaspace came back: " + (grown < (2 << 20) ? "yes" : "no, " + grown));
    }
}
