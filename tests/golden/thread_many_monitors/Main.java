import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Locks of many objects get monitors: by deep nesting, and by two threads that want the same one. */
public class Main {
    /** In thousands. */
    static final int OBJECTS = Integer.getInteger("golden.scale", 1000) * 1000;
    static final long GROWTH_MAX_KIB = 100 << 10;

    static long residentKib() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) return Long.parseLong(line.replaceAll("\\D", ""));
        }
        throw new IOException("no VmRSS");
    }

    interface Body {
        void run() throws Exception;
    }

    /** Runs something while the thread holds so many locks that the next ones are monitors. */
    static void holding(int locks, Body body) throws Exception {
        if (locks == 0) {
            body.run();
            return;
        }
        synchronized (new Object()) {
            holding(locks - 1, body);
        }
    }

    static int entered;

    static void enter(Object object) {
        synchronized (object) {
            entered++;
        }
    }

    static void report(String what, int expected, long before) throws IOException {
        long growth = residentKib() - before;
        System.out.println(what + ": " + (entered == expected) + " " + (growth < GROWTH_MAX_KIB ? "bounded" : "grew by " + growth + " KiB"));
        entered = 0;
    }

    static volatile Object offered;
    static volatile boolean wanted;

    static void contend(int objects) throws Exception {
        Thread other = new Thread(() -> {
            Object last = null;
            for (int i = 0; i < objects; i++) {
                Object object;
                while ((object = offered) == last) Thread.yield();
                wanted = true;
                enter(object);
                last = object;
            }
        });
        other.start();
        for (int i = 0; i < objects; i++) {
            Object object = new Object();
            synchronized (object) {
                wanted = false;
                offered = object;
                while (!wanted) Thread.yield();
                entered++;
            }
            // The other one may lock it from now on; the next is offered when it has.
            while (!done(object)) Thread.yield();
        }
        other.join();
    }

    static boolean done(Object object) {
        synchronized (object) {
            return entered % 2 == 0;
        }
    }

    public static void main(String[] args) throws Exception {
        Object[] kept = new Object[OBJECTS];
        for (int i = 0; i < OBJECTS; i++) kept[i] = new Object();
        long before = residentKib();
        holding(80, () -> {
            for (int i = 0; i < OBJECTS; i++) enter(new Object());
        });
        report("dead", OBJECTS, before);
        holding(80, () -> {
            for (Object object : kept) enter(object);
        });
        report("alive", OBJECTS, before);
        for (Object object : kept) enter(object);
        report("again", OBJECTS, before);
        contend(2000);
        report("contended", 4000, before);
    }
}
