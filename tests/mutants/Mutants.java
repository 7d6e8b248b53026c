import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;

/**
 * Changes every n-th byte of a class file in four ways, one at a time, defines what comes out in a loader of its own, links
 * it, reflects on it, and prints a line about how that went. Arguments: class, folder, first byte, step.
 */
public class Mutants {
    static class Loader extends ClassLoader {
        final String name;
        final byte[] bytes;

        Loader(String name, byte[] bytes) {
            super(Mutants.class.getClassLoader());
            this.name = name;
            this.bytes = bytes;
        }

        @Override
        protected Class<?> loadClass(String wanted, boolean resolve) throws ClassNotFoundException {
            if (!wanted.equals(name)) return super.loadClass(wanted, resolve);
            Class<?> known = findLoadedClass(wanted);
            return known != null ? known : defineClass(wanted, bytes, 0, bytes.length);
        }
    }

    public static void main(String[] args) throws Exception {
        byte[] original = Files.readAllBytes(Path.of(args[1], args[0] + ".class"));
        for (int i = Integer.parseInt(args[2]); i < original.length; i += Integer.parseInt(args[3])) {
            for (int way = 0; way < 4; way++) {
                byte[] bytes = original.clone();
                bytes[i] = (byte) switch (way) {
                    case 0 -> bytes[i] + 1;
                    case 1 -> bytes[i] ^ 0x80;
                    case 2 -> 0;
                    default -> 255 - i * 7 % 251;
                };
                String outcome = attempt(args[0], bytes).replaceAll("@[0-9a-f]+", "@").replace("\n", "|");
                System.out.write((i + "." + way + " " + outcome + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        System.out.flush();
    }

    static String attempt(String name, byte[] bytes) {
        Class<?> c;
        try {
            c = new Loader(name, bytes).loadClass(name, false);
        } catch (Throwable t) {
            return t.toString();
        }
        StringBuilder text = new StringBuilder("defined");
        try {
            Class.forName(name, true, c.getClassLoader());
            text.append(", initialized");
        } catch (Throwable t) {
            text.append(", not initialized: ").append(t);
        }
        list(text, "methods", c::getDeclaredMethods);
        list(text, "fields", c::getDeclaredFields);
        list(text, "constructors", c::getDeclaredConstructors);
        list(text, "annotations", c::getAnnotations);
        list(text, "interfaces", c::getGenericInterfaces);
        list(text, "classes", c::getDeclaredClasses);
        list(text, "components", c::getRecordComponents);
        list(text, "permitted", c::getPermittedSubclasses);
        list(text, "nest", c::getNestMembers);
        list(text, "host", () -> new Object[] {c.getNestHost()});
        list(text, "others", () -> new Object[] {c.getEnclosingClass(), c.getModifiers(), c.isSealed()});
        return text.toString();
    }

    static void list(StringBuilder text, String what, Callable<Object[]> members) {
        text.append(", ").append(what).append(' ');
        try {
            Object[] found = members.call();
            if (found == null) {
                text.append("none");
                return;
            }
            String[] lines = new String[found.length];
            for (int i = 0; i < found.length; i++) {
                lines[i] = found[i] instanceof Method m && m.isVarArgs() ? m + "..." : String.valueOf(found[i]);
            }
            Arrays.sort(lines);
            text.append(Arrays.toString(lines));
        } catch (Throwable t) {
            text.append(t);
        }
    }
}
