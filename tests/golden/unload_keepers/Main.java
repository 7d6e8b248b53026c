import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.ref.WeakReference;
import java.lang.reflect.*;
import java.util.*;
import java.util.function.IntSupplier;

public class Main {
    static class Own extends ClassLoader {
        Own() { super(Main.class.getClassLoader()); }
        @Override protected Class<?> loadClass(String n, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(n)) {
                Class<?> c = findLoadedClass(n);
                if (c == null && (n.startsWith("Guest") || n.equals("Holder"))) {
                    try (InputStream in = Main.class.getResourceAsStream("/" + n + ".class")) {
                        byte[] b = in.readAllBytes();
                        c = defineClass(n, b, 0, b.length);
                    } catch (java.io.IOException e) {
                        throw new ClassNotFoundException(n, e);
                    }
                }
                return c != null ? c : super.loadClass(n, resolve);
            }
        }
    }

    interface Keep { Object from(ClassLoader loader, Class<?> guest, Api api) throws Exception; }
    interface Use { Object with(Object kept) throws Throwable; }

    static Object keeper;
    static final Map<String, Keep> KEEPERS = new LinkedHashMap<>();
    static final Map<String, Use> USES = new HashMap<>();

    static void keeper(String name, Keep keep, Use use) {
        KEEPERS.put(name, keep);
        USES.put(name, use);
    }

    static {
        keeper("nothing", (l, c, a) -> null, k -> "");
        keeper("loader", (l, c, a) -> l, k -> ((ClassLoader) k).loadClass("Guest").getName());
        keeper("instance", (l, c, a) -> a, k -> ((Api) k).value());
        keeper("mirror", (l, c, a) -> c, k -> { var f = ((Class<?>) k).getDeclaredField("counter"); f.setAccessible(true); return f.get(null); });
        keeper("array", (l, c, a) -> a.array(), k -> k.getClass().getComponentType().getComponentType().getName() + ((Object[][]) k)[1].length);
        keeper("array class", (l, c, a) -> a.array().getClass().getComponentType(), k -> ((Class<?>) k).getTypeName());
        keeper("method", (l, c, a) -> c.getDeclaredMethod("twice", int.class), k -> { ((Method) k).setAccessible(true); return ((Method) k).invoke(null, 21); });
        keeper("handle", (l, c, a) -> a.handle(), k -> (int) ((MethodHandle) k).invokeExact(21));
        keeper("lambda", (l, c, a) -> a.lambda(), k -> ((IntSupplier) k).getAsInt());
        keeper("bound lambda", (l, c, a) -> a.bound(), k -> ((IntSupplier) k).getAsInt());
        keeper("exception", (l, c, a) -> a.exception(), k -> {
            var b = new StringBuilder();
            for (var e : ((Throwable) k).getStackTrace()) if (!e.getClassName().startsWith("Main")) b.append(e.getMethodName()).append(e.getLineNumber()).append(' ');
            return b.toString().trim();
        });
        keeper("proxy", (l, c, a) -> {
            int n = a.value();
            return Proxy.newProxyInstance(l, new Class<?>[] {Runnable.class, l.loadClass("GuestMarker")}, (p, m, as) -> m.getName().equals("toString") ? "proxy " + n : null);
        }, k -> { ((Runnable) k).run(); return k.toString(); });
        keeper("method type", (l, c, a) -> java.lang.invoke.MethodType.methodType(void.class, c), k -> ((java.lang.invoke.MethodType) k).parameterType(0).getName());
        keeper("static of another loader's class", (l, c, a) -> {
            Class<?> holder = new Own().loadClass("Holder");
            holder.getField("held").set(null, a);
            return holder;
        }, k -> ((Api) ((Class<?>) k).getField("held").get(null)).value());
        keeper("context loader", (l, c, a) -> {
            Thread t = new Thread(() -> {});
            t.setContextClassLoader(l);
            return t;
        }, k -> ((Thread) k).getContextClassLoader().loadClass("Guest").getName());
        keeper("package", (l, c, a) -> c.getPackage(), k -> "");
        keeper("protection domain", (l, c, a) -> c.getProtectionDomain(), k -> "");
        keeper("name", (l, c, a) -> c.getName() + a.value(), k -> k);
    }

    static WeakReference<ClassLoader> make(Keep keep) throws Exception {
        Own loader = new Own();
        Class<?> guest = loader.loadClass("Guest");
        Api api = (Api) guest.getDeclaredConstructor().newInstance();
        api.value();
        ((IntSupplier) api.lambda()).getAsInt();
        keeper = keep.from(loader, guest, api);
        return new WeakReference<>(loader);
    }

    static boolean dies(WeakReference<?> reference) throws Exception {
        for (int i = 0; i < 20; i++) {
            System.gc();
            if (reference.refersTo(null)) return true;
            Thread.sleep(1);
        }
        return false;
    }

    static boolean lives(WeakReference<?> reference) throws Exception {
        for (int i = 0; i < 2; i++) System.gc();
        return !reference.refersTo(null);
    }

    public static void main(String[] args) throws Throwable {
        for (var entry : KEEPERS.entrySet()) {
            var reference = make(entry.getValue());
            String name = entry.getKey();
            boolean kept = lives(reference);
            // Other loaders come, and may take what the dead have left.
            for (int i = 0; i < 3; i++) new Own().loadClass("Guest").getDeclaredConstructor().newInstance();
            System.out.println(name + ": " + (kept ? "kept" : "not kept") + ", use: " + USES.get(name).with(keeper));
            keeper = null;
            System.out.println(name + ": " + (dies(reference) ? "died" : "still there"));
        }
    }
}
