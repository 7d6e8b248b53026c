import java.io.InputStream;

/** Uses of arrays of a class that its loader does not find. */
public class Main {
    static class Hiding extends ClassLoader {
        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.equals("Gone")) throw new ClassNotFoundException(name);
            if (!name.startsWith("User")) return super.loadClass(name, resolve);
            Class<?> known = findLoadedClass(name);
            if (known != null) return known;
            try (InputStream in = Main.class.getResourceAsStream(name + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (java.io.IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    public static void main(String[] args) throws Exception {
        var constructor = Class.forName("User", true, new Hiding()).getConstructor();
        constructor.setAccessible(true);
        ((Runnable) constructor.newInstance()).run();
    }
}

class Gone {}

class User implements Runnable {
    Gone[] field;

    public User() {}

    static void attempt(String what, Runnable action) {
        try {
            action.run();
        } catch (NoClassDefFoundError e) {
            System.out.println(what + ": " + e.getMessage() + ", " + e.getCause());
        }
    }

    @Override
    public void run() {
        Object array = new Object[0];
        attempt("cast", () -> System.out.println((Gone[]) array));
        attempt("new", () -> System.out.println(new Gone[1]));
        attempt("new of arrays", () -> System.out.println(new Gone[1][]));
        attempt("multi", () -> System.out.println(new Gone[1][2]));
        attempt("literal", () -> System.out.println(Gone[].class));
        attempt("instanceof", () -> System.out.println(array instanceof Gone[][]));
        attempt("fields", () -> System.out.println(User.class.getDeclaredFields().length));
        attempt("name", () -> {
            try {
                Class.forName("[LGone;");
            } catch (ClassNotFoundException e) {
                System.out.println(e);
            }
        });
    }
}
