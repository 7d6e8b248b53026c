import java.io.*;
import java.util.*;

public class Main {
    static byte[] bytes(String n) {
        try (InputStream in = Main.class.getResourceAsStream("/" + n + ".class")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static class L extends ClassLoader {
        final Set<String> mine;
        L(String name, String... mine) { super(name, Main.class.getClassLoader()); this.mine = Set.of(mine); }
        @Override protected Class<?> loadClass(String n, boolean r) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(n)) {
                Class<?> c = findLoadedClass(n);
                if (c != null) return c;
                if (!mine.contains(n)) return super.loadClass(n, r);
                byte[] b = bytes(n);
                return defineClass(n, b, 0, b.length);
            }
        }
    }

    static void t(String what, String cls, String... mine) {
        try {
            L child = new L("child", mine);
            if (mine.length > 1) child.loadClass("Shared");
            var k = child.loadClass(cls).getDeclaredConstructor();
            k.setAccessible(true);
            Object o = k.newInstance();
            System.out.println(what + ": " + ((java.util.function.Supplier<?>) o).get());
        } catch (java.lang.reflect.InvocationTargetException e) {
            show(what, e.getCause());
        } catch (Throwable e) {
            show(what, e);
        }
    }

    static void show(String what, Throwable e) {
        System.out.println(what + ": " + e.getClass().getSimpleName() + " " + String.valueOf(e.getMessage()).replaceAll("@[0-9a-f]+", "@"));
    }

    public static void main(String[] args) {
        System.out.println(new Access().make());
        t("no conflict", "Client", "Client");
        t("return type of a call", "Client", "Client", "Shared");
        t("parameter of a call", "Passer", "Passer", "Shared");
        t("field", "Reader", "Reader", "Shared");
        t("overriding", "Overrider", "Overrider", "Shared");
        t("interface", "Implementor", "Implementor", "Shared");
        t("array component", "Arrays2", "Arrays2", "Shared");
        t("unused signature is no conflict", "Quiet", "Quiet", "Shared");
    }
}

class Shared {
    public Shared() {}
    public String toString() { return "Shared"; }
}

class Client implements java.util.function.Supplier<Object> {
    public Client() {}
    public Object get() { return new Access().make(); }
}

class Passer implements java.util.function.Supplier<Object> {
    public Passer() {}
    public Object get() { new Access().take(new Shared()); return "passed"; }
}

class Reader implements java.util.function.Supplier<Object> {
    public Reader() {}
    public Object get() { return Access.field; }
}

class Overrider extends Access implements java.util.function.Supplier<Object> {
    public Overrider() {}
    @Override public Shared make() { return null; }
    public Object get() { return make(); }
}

class Implementor implements AccessItf, java.util.function.Supplier<Object> {
    public Implementor() {}
    public void accept(Shared s) {}
    public Object get() { AccessItf i = this; i.accept(null); return "called"; }
}

class Arrays2 implements java.util.function.Supplier<Object> {
    public Arrays2() {}
    public Object get() { return new Access().array(); }
}

class Quiet implements java.util.function.Supplier<Object> {
    public Quiet() {}
    public Object get() { return new Access().plain(); }
}
