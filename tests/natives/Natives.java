import java.io.FileDescriptor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import jdk.internal.misc.Unsafe;

/**
 * Calls native methods by their names, each as a program without the grant and as one with exactly that grant.
 *
 * A case belongs to what is given to it beforehand and to the grant that it is about. In a run with what is given alone it
 * has to be refused, in a run with both it has to work; in all others it is left out. What came of it is a line for the test:
 * kind, native, grant, and more, with tabs between.
 */
public class Natives {
    interface Body {
        Object run() throws Throwable;
    }

    interface Forgery {
        Object run(int number) throws Throwable;
    }

    interface Wild {
        Object run(long address) throws Throwable;
    }

    record Case(String name, Set<String> given, String asks, Body body, Predicate<Object> neutral, Predicate<Object> truth) {}

    static final Unsafe U = Unsafe.getUnsafe();
    static final List<Case> cases = new ArrayList<>();
    /** What this run is granted. */
    static Set<String> granted;
    /** The test's folder, and facts that the test tells. */
    static String folder;
    static final Map<String, String> facts = new HashMap<>();
    /** The natives that were called since a case began, those that came back, and the latest. */
    static final Set<String> done = new LinkedHashSet<>();
    static String latest;
    static int files, folders, links, news;

    public static void main(String[] args) throws Throwable {
        granted = words(args[1]);
        folder = args[2];
        for (int i = 3; i < args.length; i += 2) facts.put(args[i], args[i + 1]);
        if (args[0].equals("forge")) {
            Forged.all();
        } else {
            FileCases.add();
            SocketCases.add();
            MachineCases.add();
            for (Case c : cases) judge(c);
        }
        say("end");
    }

    static Set<String> words(String text) {
        return text.isEmpty() ? Set.of() : new TreeSet<>(List.of(text.split("\\+")));
    }

    static synchronized void say(String... parts) {
        for (int i = 0; i < parts.length; i++) {
            parts[i] = String.valueOf(parts[i]).replace('\t', ' ').replace('\n', ' ');
        }
        System.out.println(String.join("\t", parts));
    }

    /** The native is refused without the grant. The body fails if what it gets is wrong. */
    static void ask(String name, String given, String asks, Body body) {
        cases.add(new Case(name, words(given), asks, body, null, value -> true));
    }

    /** Without the grant the native answers what is the same everywhere, with it the truth. */
    static void tell(String name, String given, String asks, Predicate<Object> neutral, Predicate<Object> truth, Body body) {
        cases.add(new Case(name, words(given), asks, body, neutral, truth));
    }

    /** What the natives do with what was granted to open. */
    static void use(String given, Body body) {
        cases.add(new Case(null, words(given), null, body, null, value -> true));
    }

    static void judge(Case c) {
        Set<String> all = new TreeSet<>(c.given);
        if (c.asks != null) all.add(c.asks);
        done.clear();
        latest = null;
        String name = String.valueOf(c.name), asks = String.valueOf(c.asks);
        try {
            if (granted.equals(all)) {
                Object value = c.body.run();
                if (!c.truth.test(value)) throw new AssertionError("it gave " + value);
                if (c.name != null && !done.contains(c.name)) throw new AssertionError("it was not called");
                if (c.asks != null) say("works", name, asks);
                for (String used : done) say("used", used);
            } else if (granted.equals(c.given)) {
                try {
                    Object value = c.body.run();
                    if (c.neutral == null || !c.neutral.test(value)) throw new AssertionError("it gave " + value);
                    if (!done.contains(c.name)) throw new AssertionError("it was not called");
                    say("neutral", name, asks, String.valueOf(value));
                } catch (SecurityException refused) {
                    if (c.neutral != null || !c.name.equals(latest)) throw refused;
                    say("refused", name, asks, refused.getMessage());
                }
            }
        } catch (Throwable t) {
            wrong(name + " for " + asks + " with " + granted, t);
        }
    }

    static void wrong(String what, Throwable t) {
        StringBuilder text = new StringBuilder(t.toString());
        StackTraceElement[] trace = t.getStackTrace();
        for (int i = 0; i < Math.min(6, trace.length); i++) text.append(" at ").append(trace[i]);
        say("WRONG", what, text.toString());
    }

    // ---- calling -----------------------------------------------------------------------------------------------------

    /** Calls the one native method of this name, on `receiver` if it is no static one. */
    static Object call(String name, Object receiver, Object... args) throws Throwable {
        int dot = name.indexOf('.');
        Class<?> type = Class.forName(name.substring(0, dot).replace('/', '.'));
        Method found = null;
        for (Method method : type.getDeclaredMethods()) {
            if (method.getName().equals(name.substring(dot + 1)) && Modifier.isNative(method.getModifiers())) {
                if (found != null) throw new AssertionError("two are called " + name);
                found = method;
            }
        }
        if (found == null) throw new AssertionError("none is called " + name);
        found.setAccessible(true);
        latest = name;
        try {
            Object value = found.invoke(receiver, args);
            done.add(name);
            return value;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** A public way to a native that cannot be called by itself. */
    static <T> Object through(String name, Body body) throws Throwable {
        latest = name;
        Object value = body.run();
        done.add(name);
        return value;
    }

    static int number(String name, Object receiver, Object... args) throws Throwable {
        return (Integer) call(name, receiver, args);
    }

    /** An object of the class without its constructor having run. */
    static Object blank(String type) throws Throwable {
        return U.allocateInstance(Class.forName(type.replace('/', '.')));
    }

    static void check(boolean holds, Object what) {
        if (!holds) throw new AssertionError(String.valueOf(what));
    }

    static void same(Object expected, Object found) {
        check(expected.equals(found), "not " + expected + " but " + found);
    }

    static Field field(Class<?> type, String name) throws Throwable {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    // ---- descriptors and memory --------------------------------------------------------------------------------------

    static FileDescriptor descriptor(int number) throws Throwable {
        FileDescriptor descriptor = new FileDescriptor();
        field(FileDescriptor.class, "fd").setInt(descriptor, number);
        return descriptor;
    }

    static int numberOf(FileDescriptor descriptor) throws Throwable {
        return field(FileDescriptor.class, "fd").getInt(descriptor);
    }

    /** Memory with these bytes and a zero behind them. */
    static long memory(byte[] bytes) {
        long address = U.allocateMemory(bytes.length + 1);
        for (int i = 0; i < bytes.length; i++) U.putByte(address + i, bytes[i]);
        U.putByte(address + bytes.length, (byte) 0);
        return address;
    }

    static long text(String text) {
        return memory(text.getBytes());
    }

    static long room(int bytes) {
        long address = U.allocateMemory(bytes);
        U.setMemory(address, bytes, (byte) 0);
        return address;
    }

    static String textAt(long address, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) bytes[i] = U.getByte(address + i);
        return new String(bytes);
    }

    /** One pair of address and length, as gathering calls take them. */
    static long vector(long address, long length) {
        long vector = U.allocateMemory(16);
        U.putLong(vector, address);
        U.putLong(vector + 8, length);
        return vector;
    }

    // ---- what the test has put into the folder -----------------------------------------------------------------------

    /** A file that no other case uses, with the text "content". */
    static String file() {
        return folder + "/f" + files++;
    }

    /** A folder that no other case uses, with a file "inner" in it. */
    static String folder() {
        return folder + "/d" + folders++;
    }

    /** A link to the file "target". */
    static String link() {
        return folder + "/l" + links++;
    }

    /** A name that nothing has. */
    static String fresh() {
        return folder + "/new" + news++;
    }

    /** The test looks at the folder itself: the program may not be allowed to read. */
    static void effect(String... parts) {
        String[] line = new String[parts.length + 1];
        line[0] = "effect";
        System.arraycopy(parts, 0, line, 1, parts.length);
        say(line);
    }
}
