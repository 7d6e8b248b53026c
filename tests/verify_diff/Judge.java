import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Says of each class file of a batch whether the machine below accepts it: a fresh loader defines it, and it is linked.
 * Never initialized: damaged code must not run here. A line each: number, stage (define, link, accept), error, message, and
 * with the argument "reflect" what reflection sees of an accepted class. Arguments: batch, first number, "reflect" or "".
 *
 * A batch is a count of companions, which every loader knows, and a count of mutants; each is a name, a length and bytes.
 */
public class Judge {
    static final Map<String, byte[]> COMPANIONS = new HashMap<>();

    static class Loader extends ClassLoader {
        final String name;
        final byte[] bytes;

        Loader(String name, byte[] bytes) {
            super("judge", ClassLoader.getPlatformClassLoader());
            this.name = name;
            this.bytes = bytes;
        }

        @Override
        protected Class<?> loadClass(String wanted, boolean resolve) throws ClassNotFoundException {
            Class<?> known = findLoadedClass(wanted);
            if (known != null) return known;
            byte[] file = wanted.equals(name) ? bytes : COMPANIONS.get(wanted);
            return file == null ? super.loadClass(wanted, resolve) : defineClass(wanted, file, 0, file.length);
        }
    }

    public static void main(String[] args) throws Exception {
        try (var in = new DataInputStream(new BufferedInputStream(new FileInputStream(args[0]), 1 << 16))) {
            for (int left = in.readInt(); left > 0; left--) COMPANIONS.put(in.readUTF(), in.readNBytes(in.readInt()));
            int first = Integer.parseInt(args[1]);
            boolean reflect = args[2].equals("reflect");
            PrintStream out = System.out;
            out.println("ready");
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                String name = in.readUTF();
                byte[] bytes = in.readNBytes(in.readInt());
                if (i < first) continue;
                byte[] line = (i + "\t" + judge(name, bytes, reflect) + "\n").getBytes(StandardCharsets.US_ASCII);
                out.write(line, 0, line.length);
                out.flush();
            }
        }
    }

    static String judge(String name, byte[] bytes, boolean reflect) {
        Class<?> c;
        try {
            c = new Loader(name, bytes).loadClass(name, false);
        } catch (Throwable t) {
            return "define" + tell(t);
        }
        try {
            // Links, and then finds the classes that the members name. Interfaces are not even asked for constructors.
            if (c.isInterface()) c.getDeclaredMethods();
            else c.getDeclaredConstructors();
        } catch (Throwable t) {
            return "link" + tell(t);
        }
        return reflect ? "accept\t\t" + plain(reflection(c)) : "accept\t\t";
    }

    static String tell(Throwable t) {
        return "\t" + t.getClass().getName() + "\t" + plain(String.valueOf(t.getMessage()));
    }

    /** On one line, without identity hashes. */
    static String plain(String text) {
        StringBuilder plain = new StringBuilder();
        String hashless = text.indexOf('@') < 0 ? text : text.replaceAll("(?<=' |[A-Za-z.$])@[0-9a-f]{1,8}", "@");
        for (int i = 0; i < hashless.length(); i++) {
            char ch = hashless.charAt(i);
            if (ch == '\n') plain.append("\\n");
            else if (ch == '\\') plain.append("\\\\");
            else if (ch < ' ' || ch > '~') plain.append(String.format("\\u%04x", (int) ch));
            else plain.append(ch);
        }
        return plain.toString();
    }

    static String reflection(Class<?> c) {
        StringBuilder text = new StringBuilder();
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
