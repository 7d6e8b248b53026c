import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

/** Small races over many cells; the outcomes that the memory model forbids are counted. Which allowed ones occur is not printed. */
public class Main {
    static final int REPEAT = Integer.getInteger("golden.repeat", 1);
    static final int SCALE = Integer.getInteger("golden.scale", 1500);

    interface Body { void run() throws Exception; }

    static final AtomicReference<Throwable> failure = new AtomicReference<>();
    static final AtomicInteger ready = new AtomicInteger();

    /** Runs the bodies at once: none begins before all are there. */
    static void race(Body... bodies) throws Exception {
        ready.set(0);
        Thread[] threads = new Thread[bodies.length];
        for (int i = 0; i < bodies.length; i++) {
            Body body = bodies[i];
            threads[i] = new Thread(() -> {
                try {
                    ready.incrementAndGet();
                    while (ready.get() < bodies.length) Thread.yield();
                    body.run();
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                }
            });
            threads[i].start();
        }
        for (Thread t : threads) t.join();
        if (failure.get() != null) throw new AssertionError(failure.get());
    }

    static class Cell {
        volatile int x, y;
        int plain;
        int a, b, c, d;
    }

    static Cell[] cells() {
        Cell[] cells = new Cell[SCALE];
        for (int i = 0; i < SCALE; i++) cells[i] = new Cell();
        return cells;
    }

    /** Dekker: at least one of the two sees the other's store. */
    static int dekker() throws Exception {
        Cell[] cells = cells();
        race(() -> { for (Cell c : cells) { c.x = 1; c.a = c.y; } }, () -> { for (Cell c : cells) { c.y = 1; c.b = c.x; } });
        int bad = 0;
        for (Cell c : cells) if (c.a == 0 && c.b == 0) bad++;
        return bad;
    }

    /** Independent reads of independent writes: two readers do not see the two stores in opposite orders. */
    static int iriw() throws Exception {
        Cell[] cells = cells();
        race(() -> { for (Cell c : cells) c.x = 1; }, () -> { for (Cell c : cells) c.y = 1; },
            () -> { for (Cell c : cells) { c.a = c.x; c.b = c.y; } }, () -> { for (Cell c : cells) { c.c = c.y; c.d = c.x; } });
        int bad = 0;
        for (Cell c : cells) if (c.a == 1 && c.b == 0 && c.c == 1 && c.d == 0) bad++;
        return bad;
    }

    /** Message passing: who sees the flag sees the plain store before it. */
    static int message() throws Exception {
        Cell[] cells = cells();
        race(() -> { for (Cell c : cells) { c.plain = 7; c.x = 1; } }, () -> { for (Cell c : cells) { c.a = c.x; c.b = c.plain; } });
        int bad = 0;
        for (Cell c : cells) if (c.a == 1 && c.b != 7) bad++;
        return bad;
    }

    /** Write to read causality over three threads. */
    static int causality() throws Exception {
        Cell[] cells = cells();
        race(() -> { for (Cell c : cells) c.x = 1; }, () -> { for (Cell c : cells) { c.a = c.x; c.y = 1; } }, () -> { for (Cell c : cells) { c.b = c.y; c.c = c.x; } });
        int bad = 0;
        for (Cell c : cells) if (c.a == 1 && c.b == 1 && c.c == 0) bad++;
        return bad;
    }

    /** Load buffering: not both loads see the other's later store. */
    static int loads() throws Exception {
        Cell[] cells = cells();
        race(() -> { for (Cell c : cells) { c.a = c.x; c.y = 1; } }, () -> { for (Cell c : cells) { c.b = c.y; c.x = 1; } });
        int bad = 0;
        for (Cell c : cells) if (c.a == 1 && c.b == 1) bad++;
        return bad;
    }

    static class Final {
        final int a;
        final long wide;
        final int[] inner;
        final Map<String, Integer> map;
        Final(int n) { a = n; wide = (long) n << 32 | n; inner = new int[] {n, n + 1}; map = Map.of("k", n); }
        boolean whole() { return wide == ((long) a << 32 | a) && inner[0] == a && inner[1] == a + 1 && map.get("k") == a && a != 0; }
    }

    static Final published;

    /** Final fields and what they lead to are seen whole, however the object was handed over. */
    static int finals() throws Exception {
        Final[] slots = new Final[SCALE];
        int[] bad = new int[2];
        published = null;
        race(() -> { for (int i = 0; i < SCALE; i++) { slots[i] = new Final(i + 1); published = slots[i]; } },
            () -> { for (int i = 0; i < SCALE; i++) { Final f = published; if (f != null && !f.whole()) bad[0]++; } },
            () -> { for (int i = 0; i < SCALE; i++) { Final f = slots[i]; if (f != null && (f.a != i + 1 || !f.whole())) bad[1]++; } });
        return bad[0] + bad[1];
    }

    static volatile long wide;
    static volatile double real;

    /** Volatile longs and doubles are not torn. */
    static int torn() throws Exception {
        int[] bad = new int[1];
        wide = 0;
        real = 0;
        double minus = Double.longBitsToDouble(-1L >>> 12 | 0x3ff0000000000000L);
        race(() -> { for (int i = 0; i < SCALE; i++) { wide = i % 2 == 0 ? -1L : 0; real = i % 2 == 0 ? minus : 0.0; } },
            () -> { for (int i = 0; i < SCALE; i++) { long w = wide; double d = real; if (w != 0 && w != -1L || d != 0 && d != minus) bad[0]++; } });
        return bad[0];
    }

    /** A volatile counter that one thread counts up never goes back, for anybody, under either of two names. */
    static int coherence() throws Exception {
        Cell c = new Cell(), same = c;
        int[] bad = new int[1];
        race(() -> { for (int i = 1; i <= SCALE; i++) c.x = i; }, () -> { for (int i = 0; i < SCALE; i++) { int first = c.x, second = same.x; if (second < first) bad[0]++; } });
        return bad[0];
    }

    static int locked() throws Exception {
        Cell[] cells = cells();
        race(() -> { for (Cell c : cells) synchronized (c) { c.plain = 1; c.a = c.b; } }, () -> { for (Cell c : cells) synchronized (c) { c.b = 1; c.c = c.plain; } });
        int bad = 0;
        for (Cell c : cells) if (c.a == c.c) bad++;
        return bad;
    }

    static String once() throws Exception {
        return "dekker " + dekker() + "\niriw " + iriw() + "\nmessage passing " + message() + "\ncausality " + causality() + "\nload buffering " + loads()
            + "\nfinal fields " + finals() + "\ntorn " + torn() + "\ncoherence " + coherence() + "\nlocked " + locked() + "\n";
    }

    public static void main(String[] args) throws Exception {
        String first = once();
        System.out.print(first);
        for (int i = 1; i < REPEAT; i++) {
            String again = once();
            if (!again.equals(first)) { System.out.println("repetition " + i + ":\n" + again); System.exit(1); }
        }
    }
}
