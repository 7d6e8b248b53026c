import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.PrintStream;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import sun.misc.Unsafe;

/**
 * Defines and links the first class of each case, every case in a loader of its own, and prints what came of it: a line with
 * "== " and the case's name, then the verdict. Argument: a file with the number of cases, and for each its name, the name
 * to define the class by ("-" for none), the number of classes, and for each whether the loader's parent defines it, its name
 * and bytes; at last, whether the case's code loops for ever. What is accepted and ends is run. With a second argument "hidden" the class is defined as a hidden one.
 */
public class Judge {
    static class Loader extends ClassLoader {
        final Map<String, byte[]> files = new HashMap<>();

        Loader(ClassLoader parent) {
            super("case", parent);
        }

        @Override
        protected Class<?> loadClass(String wanted, boolean resolve) throws ClassNotFoundException {
            byte[] bytes = files.get(wanted);
            if (bytes == null) return super.loadClass(wanted, resolve);
            Class<?> known = findLoadedClass(wanted);
            return known != null ? known : define(wanted, bytes);
        }

        Class<?> define(String name, byte[] bytes) {
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(new BufferedOutputStream(System.out), false, StandardCharsets.UTF_8);
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(Path.of(args[0]))));
        for (int cases = in.readInt(); cases > 0; cases--) {
            out.println("== " + in.readUTF());
            // Whoever kills this process is on trial.
            out.flush();
            String name = in.readUTF();
            Loader parent = new Loader(Judge.class.getClassLoader());
            Loader loader = new Loader(parent);
            byte[] first = null;
            for (int classes = in.readInt(); classes > 0; classes--) {
                Loader definer = in.readBoolean() ? parent : loader;
                String binaryName = in.readUTF().replace('/', '.');
                byte[] bytes = in.readNBytes(in.readInt());
                if (first == null) first = bytes;
                definer.files.put(binaryName, bytes);
            }
            boolean loops = in.readBoolean();
            boolean hidden = args.length > 1 && args[1].equals("hidden");
            out.println(judge(loader, name.equals("-") ? null : name, first, hidden, loops));
        }
        out.flush();
    }

    static String judge(Loader loader, String name, byte[] bytes, boolean hidden, boolean loops) {
        Class<?> c;
        try {
            c = hidden ? MethodHandles.lookup().defineHiddenClass(bytes, false).lookupClass() : loader.define(name, bytes);
        } catch (Throwable t) {
            return "define " + t.getClass().getName() + ": " + t.getMessage();
        }
        try {
            // Links the class, runs none of it, and looks up no types but those of its constructors.
            c.getDeclaredConstructors();
        } catch (Throwable t) {
            return "link " + t.getClass().getName() + ": " + t.getMessage();
        }
        return hidden || loops ? "accepted" : "accepted" + run(c);
    }

    /** Calls the class's constructors and methods m with some values, since what was accepted must run without harm. */
    static String run(Class<?> c) {
        StringBuilder text = new StringBuilder();
        for (Constructor<?> constructor : c.getDeclaredConstructors()) {
            constructor.setAccessible(true);
            text.append("\n").append(call("new", () -> constructor.newInstance(values(constructor.getParameterTypes()))));
        }
        Method[] methods;
        try {
            methods = c.getDeclaredMethods();
        } catch (LinkageError e) {
            return text + "\nmethods: " + e;
        }
        for (Method method : methods) {
            if (!method.getName().equals("m") || Modifier.isAbstract(method.getModifiers())) continue;
            method.setAccessible(true);
            text.append("\n").append(call("m", () -> {
                boolean needsNone = Modifier.isStatic(method.getModifiers());
                return method.invoke(needsNone ? null : UNSAFE.allocateInstance(c), values(method.getParameterTypes()));
            }));
        }
        return text.toString();
    }

    static String call(String what, Callable<?> call) {
        Object result;
        try {
            result = call.call();
        } catch (InvocationTargetException e) {
            result = e.getCause().toString();
        } catch (Throwable t) {
            result = "not called: " + t;
        }
        boolean plain = result == null || result instanceof Number || result instanceof Boolean || result instanceof String;
        return what + ": " + String.valueOf(plain ? result : result.getClass().getName()).lines().findFirst().orElse("");
    }

    static Object[] values(Class<?>[] types) throws InstantiationException {
        Object[] values = new Object[types.length];
        for (int i = 0; i < types.length; i++) values[i] = value(types[i]);
        return values;
    }

    static Object value(Class<?> type) throws InstantiationException {
        if (type.isPrimitive()) return Array.get(Array.newInstance(type, 1), 0);
        if (type.isAssignableFrom(String.class)) return "text";
        if (type.isArray()) return Array.newInstance(type.getComponentType(), 2);
        boolean ours = type.getClassLoader() instanceof Loader && !Modifier.isAbstract(type.getModifiers());
        return ours ? UNSAFE.allocateInstance(type) : null;
    }

    static final Unsafe UNSAFE = unsafe();

    static Unsafe unsafe() {
        try {
            Field field = Unsafe.class.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return (Unsafe) field.get(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
