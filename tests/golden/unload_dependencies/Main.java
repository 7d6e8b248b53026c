import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.*;
import java.util.function.Supplier;

public class Main {
    static byte[] bytes(String n) {
        try (InputStream in = Main.class.getResourceAsStream("/" + n.replace('.', '/') + ".class")) {
            return in.readAllBytes();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Defines some classes itself, asks others for some, and its parent for the rest. */
    static class Own extends ClassLoader {
        final Set<String> mine;
        final Map<String, ClassLoader> others = new HashMap<>();
        Own(String... mine) { super(Main.class.getClassLoader()); this.mine = Set.of(mine); }
        @Override protected Class<?> loadClass(String n, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(n)) {
                Class<?> c = findLoadedClass(n);
                if (c == null && mine.contains(n)) { byte[] b = bytes(n); c = defineClass(n, b, 0, b.length); }
                if (c == null && others.containsKey(n)) c = others.get(n).loadClass(n);
                return c != null ? c : super.loadClass(n, resolve);
            }
        }
    }

    static boolean dies(WeakReference<?> reference) throws Exception {
        for (int i = 0; i < 20; i++) {
            System.gc();
            if (reference.refersTo(null)) return true;
            Thread.sleep(1);
        }
        return false;
    }

    static final List<WeakReference<ClassLoader>> REFERENCES = new ArrayList<>();

    /** A user whose loader has asked another loader for Lib, and has forgotten that loader: only the machine remembers. */
    @SuppressWarnings("unchecked")
    static Supplier<String> user() throws Exception {
        Own lib = new Own("Lib", "Lib$Token"), user = new Own("User");
        user.others.put("Lib", lib);
        user.others.put("Lib$Token", lib);
        var it = (Supplier<String>) user.loadClass("User").getDeclaredConstructor().newInstance();
        System.out.println("first: " + it.get());
        user.others.clear();
        REFERENCES.add(new WeakReference<>(lib));
        REFERENCES.add(new WeakReference<>(user));
        return it;
    }

    static void dependencies() throws Exception {
        var it = user();
        for (int i = 0; i < 3; i++) { System.gc(); new Own("GuestA").loadClass("GuestA"); }
        System.out.println("again: " + it.get() + " " + REFERENCES.stream().filter(r -> !r.refersTo(null)).count());
        it = null;
    }

    /** Each round has a user loader and a lib loader that agree on Lib$Token; the lib of the round before is gone. */
    @SuppressWarnings("unchecked")
    static String constrained(Own user) throws Exception {
        Own lib = new Own("Lib", "Lib$Token");
        user.others.put("Lib", lib);
        user.others.put("Lib$Token", lib);
        REFERENCES.add(new WeakReference<>(lib));
        return ((Supplier<String>) user.loadClass("User").getDeclaredConstructor().newInstance()).get();
    }

    static void constraints() throws Exception {
        for (int i = 0; i < 5; i++) {
            System.out.println("round " + i + ": " + constrained(new Own("User")));
            System.gc();
        }
        // A user that has its own idea of the token is refused, also after others were not.
        Own user = new Own("User", "Lib$Token");
        try {
            user.loadClass("Lib$Token");
            System.out.println(constrained(user));
        } catch (LinkageError e) {
            System.out.println("refused: " + e.getMessage().replaceAll("@[0-9a-f]+", "@").substring(0, 60));
        }
    }

    static Api guest(String kind) throws Exception {
        return (Api) new Own("Guest" + kind, "Lib").loadClass("Guest" + kind).getDeclaredConstructor().newInstance();
    }

    /** One call site, whose receivers' classes die and leave their places to others. */
    static void sites() throws Exception {
        var out = new StringBuilder();
        String kinds = "ABCCABACBBCA";
        for (int i = 0; i < kinds.length(); i++) {
            Api api = guest(kinds.substring(i, i + 1));
            out.append(api.say(i)).append(' ').append(api.twice(1)).append(api instanceof Comparable ? "!" : "").append(api.toString().length() == 1).append('\n');
            api = null;
            System.gc();
        }
        System.out.print(out);
    }

    public static void main(String[] args) throws Exception {
        dependencies();
        constraints();
        sites();
        int left = 0;
        for (var reference : REFERENCES) if (!dies(reference)) left++;
        System.out.println("left: " + left);
    }
}
