import java.io.*;
import java.net.URL;
import java.util.*;

public class Main {
    static byte[] bytes(String n) {
        try (InputStream in = Main.class.getResourceAsStream("/" + n.replace('.', '/') + ".class")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static class Own extends ClassLoader {
        final Set<String> mine;
        final List<String> asked = new ArrayList<>();
        Own(String name, ClassLoader parent, String... mine) { super(name, parent); this.mine = Set.of(mine); }
        @Override protected Class<?> loadClass(String n, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(n)) {
                if (!n.startsWith("java.")) asked.add(n);
                Class<?> c = findLoadedClass(n);
                if (c == null && mine.contains(n)) {
                    byte[] b = bytes(n);
                    c = defineClass(n, b, 0, b.length);
                }
                return c != null ? c : super.loadClass(n, resolve);
            }
        }
        @Override protected Class<?> findClass(String n) throws ClassNotFoundException { asked.add("find " + n); throw new ClassNotFoundException("custom " + n); }
        Class<?> def(String n, byte[] b) { return defineClass(n, b, 0, b.length); }
        Class<?> found(String n) { return findLoadedClass(n); }
    }

    static class Par extends ClassLoader {
        static final boolean REG = registerAsParallelCapable();
        Object lock(String n) { return getClassLoadingLock(n); }
    }

    interface Throwing { Object go() throws Throwable; }

    static void t(String what, Throwing r) {
        try {
            System.out.println(what + ": " + r.go());
        } catch (Throwable e) {
            System.out.println(what + ": " + e.getClass().getName() + " " + String.valueOf(e.getMessage()).replaceAll("@[0-9a-f]+", "@") + (e.getCause() == null ? "" : " <- " + e.getCause().toString().replaceAll("@[0-9a-f]+", "@")));
        }
    }

    public static void main(String[] args) throws Exception {
        Own a = new Own("A", Main.class.getClassLoader(), "Plugin", "Helper"), b = new Own("B", Main.class.getClassLoader(), "Plugin");
        Class<?> pa = a.loadClass("Plugin"), pb = b.loadClass("Plugin");
        System.out.println((pa == pb) + " " + pa.getName().equals(pb.getName()) + " " + (pa.getClassLoader() == a) + " " + (pa == a.loadClass("Plugin")) + " " + pa.getClassLoader().getName() + " " + pa.getModule().isNamed() + (pa.getModule() == a.getUnnamedModule()) + (pa.getPackage() == pb.getPackage()));
        Object oa = pa.getDeclaredConstructor().newInstance(), ob = pb.getDeclaredConstructor().newInstance();
        ((Runnable) oa).run();
        ((Runnable) oa).run();
        ((Runnable) ob).run();
        t("cast to own Plugin", () -> (Plugin) oa);
        t("cast b to a", () -> pa.cast(ob));
        t("isInstance", () -> pa.isInstance(ob) + " " + (oa instanceof Plugin) + " " + (oa instanceof Runnable));
        t("array store", () -> { Object[] arr = (Object[]) java.lang.reflect.Array.newInstance(pa, 1); arr[0] = ob; return ""; });
        t("field of other loader's class", () -> { var f = pa.getDeclaredField("shared"); f.set(null, ob); return ""; });
        System.out.println(a.asked + " " + b.asked);
        System.out.println(pa.getDeclaredMethod("helper").invoke(oa).getClass().getClassLoader() == a);
        System.out.println(pb.getDeclaredMethod("helper").invoke(ob).getClass().getClassLoader() == Main.class.getClassLoader());
        t("package private across loaders", () -> pb.getDeclaredMethod("touch").invoke(ob));
        t("duplicate", () -> a.def("Plugin", bytes("Plugin")));
        t("wrong name", () -> a.def("Other", bytes("Helper2")));
        t("name null", () -> a.def(null, bytes("Helper2")).getName());
        t("garbage", () -> a.def("G", new byte[] {(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE}));
        t("java package", () -> a.def("java.lang.Evil", bytes("Helper2")));
        t("slash in name", () -> a.def("a/b", bytes("Helper2")));
        t("not found", () -> a.loadClass("no.Such"));
        t("forName", () -> Class.forName("no.Such", true, a));
        t("forName found", () -> Class.forName("Plugin", true, a) == pa);
        t("forName array", () -> Class.forName("[LPlugin;", false, a).getComponentType() == pa);
        t("null name", () -> a.loadClass(null));
        System.out.println(a.found("Plugin") == pa && a.found("no.Such") == null);
        System.out.println(a.getParent() == Main.class.getClassLoader() && a.getParent().getParent() == ClassLoader.getPlatformClassLoader());
        System.out.println(ClassLoader.getSystemClassLoader().getName() + " " + ClassLoader.getPlatformClassLoader().getName() + " " + ClassLoader.getPlatformClassLoader().getParent() + " " + new Own(null, null).getParent() + " " + a.isRegisteredAsParallelCapable() + Par.REG + new Par().isRegisteredAsParallelCapable() + (new Par().lock("x") == new Par().lock("x")));
        t("toString", () -> a.toString().replaceAll("@.*", ""));
        t("empty name", () -> new Own("", null));
        Own orphan = new Own("orphan", null);
        t("orphan finds the library", () -> orphan.loadClass("java.util.ArrayList") == ArrayList.class);
        t("orphan misses the application", () -> orphan.loadClass("Main"));
        t("orphan misses other modules' exports through boot", () -> orphan.loadClass("java.sql.Driver"));
        t("linkage in orphan", () -> orphan.def("Plugin", bytes("Plugin")).getDeclaredConstructor().newInstance().getClass().getMethod("helper").invoke(null));
        System.out.println((a.getResource("Plugin.class") != null) + " " + a.getResource("nope") + " " + Collections.list(a.getResources("nope")));
        URL u = Main.class.getClassLoader().getResource("Plugin.class");
        System.out.println(u.getProtocol() + " " + u.getPath().endsWith("/Plugin.class"));
        Thread.currentThread().setContextClassLoader(a);
        Thread t = new Thread(() -> System.out.println(Thread.currentThread().getContextClassLoader().getName()));
        t.start();
        t.join();
        a.setDefaultAssertionStatus(true);
        System.out.println(a.getDefinedPackage("") + " " + Arrays.stream(a.getDefinedPackages()).map(Package::getName).toList().size());
    }
}

class Helper2 {
}
