import java.lang.invoke.*;
import java.nio.*;
import java.util.*;
import java.util.concurrent.atomic.*;

/** As juc_litmus_volatile, with the access modes of VarHandle on plain fields, arrays and buffers, and with fences. */
public class Main {
    static final int REPEAT = Integer.getInteger("golden.repeat", 1);
    static final int SCALE = Integer.getInteger("golden.scale", 800);

    interface Body { void run() throws Exception; }

    static final AtomicReference<Throwable> failure = new AtomicReference<>();
    static final AtomicInteger ready = new AtomicInteger();

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

    static class Cell { int x, y, plain; long wide; int[] box; int a, b, c, d; }

    static final VarHandle X, Y, WIDE, BOX;
    static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);
    static final VarHandle REFS = MethodHandles.arrayElementVarHandle(Object[].class);
    static final VarHandle VIEW = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    static {
        try {
            MethodHandles.Lookup l = MethodHandles.lookup();
            X = l.findVarHandle(Cell.class, "x", int.class);
            Y = l.findVarHandle(Cell.class, "y", int.class);
            WIDE = l.findVarHandle(Cell.class, "wide", long.class);
            BOX = l.findVarHandle(Cell.class, "box", int[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    static Cell[] cells() {
        Cell[] cells = new Cell[SCALE];
        for (int i = 0; i < SCALE; i++) cells[i] = new Cell();
        return cells;
    }

    static int message() throws Exception {
        Cell[] cells = cells();
        race(() -> { for (Cell c : cells) { c.plain = 7; X.setRelease(c, 1); } }, () -> { for (Cell c : cells) { c.a = (int) X.getAcquire(c); c.b = c.plain; } });
        int bad = 0;
        for (Cell c : cells) if (c.a == 1 && c.b != 7) bad++;
        return bad;
    }

    static int published() throws Exception {
        Cell[] cells = cells();
        race(() -> { for (int i = 0; i < SCALE; i++) BOX.setRelease(cells[i], new int[] {i, i * 3}); },
            () -> { for (int i = 0; i < SCALE; i++) { int[] box = (int[]) BOX.getAcquire(cells[i]); if (box != null && (box.length != 2 || box[0] != i || box[1] != i * 3)) cells[i].a = 1; } });
        int bad = 0;
        for (Cell c : cells) bad += c.a;
        return bad;
    }

    static int fences() throws Exception {
        Cell[] cells = cells();
        race(() -> { for (Cell c : cells) { c.plain = 7; VarHandle.releaseFence(); X.setOpaque(c, 1); } }, () -> { for (Cell c : cells) { c.a = (int) X.getOpaque(c); VarHandle.acquireFence(); c.b = c.plain; } });
        int bad = 0;
        for (Cell c : cells) if (c.a == 1 && c.b != 7) bad++;
        return bad;
    }

    static int dekker() throws Exception {
        Cell[] cells = cells();
        race(() -> { for (Cell c : cells) { X.setVolatile(c, 1); c.a = (int) Y.getVolatile(c); } }, () -> { for (Cell c : cells) { Y.setVolatile(c, 1); c.b = (int) X.getVolatile(c); } });
        int bad = 0;
        for (Cell c : cells) if (c.a == 0 && c.b == 0) bad++;
        return bad;
    }

    static int fullFence() throws Exception {
        Cell[] cells = cells();
        race(() -> { for (Cell c : cells) { X.setOpaque(c, 1); VarHandle.fullFence(); c.a = (int) Y.getOpaque(c); } }, () -> { for (Cell c : cells) { Y.setOpaque(c, 1); VarHandle.fullFence(); c.b = (int) X.getOpaque(c); } });
        int bad = 0;
        for (Cell c : cells) if (c.a == 0 && c.b == 0) bad++;
        return bad;
    }

    /** Read-modify-writes take part in the total order of volatile accesses. */
    static int swaps() throws Exception {
        Cell[] cells = cells();
        race(() -> { for (Cell c : cells) { int old = (int) X.getAndSet(c, 1); c.a = (int) Y.getAndAdd(c, 0) + old; } }, () -> { for (Cell c : cells) { Y.compareAndSet(c, 0, 1); c.b = (int) X.compareAndExchange(c, 5, 6); } });
        int bad = 0;
        for (Cell c : cells) if (c.a == 0 && c.b == 0) bad++;
        return bad;
    }

    static int iriw() throws Exception {
        Cell[] cells = cells();
        race(() -> { for (Cell c : cells) X.setVolatile(c, 1); }, () -> { for (Cell c : cells) Y.setVolatile(c, 1); },
            () -> { for (Cell c : cells) { c.a = (int) X.getVolatile(c); c.b = (int) Y.getVolatile(c); } }, () -> { for (Cell c : cells) { c.c = (int) Y.getVolatile(c); c.d = (int) X.getVolatile(c); } });
        int bad = 0;
        for (Cell c : cells) if (c.a == 1 && c.b == 0 && c.c == 1 && c.d == 0) bad++;
        return bad;
    }

    /** Opaque: one variable has one order of values, and a loop sees the store at last. */
    static int opaque() throws Exception {
        Cell c = new Cell();
        int[] bad = new int[2];
        race(() -> { for (int i = 1; i <= SCALE; i++) X.setOpaque(c, i); },
            () -> { int last = 0; while (last < SCALE) { int now = (int) X.getOpaque(c); if (now < last) bad[0]++; last = now; } },
            () -> { int last = 0; while (last < SCALE) { int now = (int) X.getOpaque(c); if (now < last) bad[1]++; last = now; Thread.yield(); } });
        return bad[0] + bad[1];
    }

    /** Opaque, acquire and volatile longs are not torn, in fields nor in buffers. */
    static int torn() throws Exception {
        Cell c = new Cell();
        ByteBuffer bytes = ByteBuffer.allocateDirect(64);
        int at = bytes.alignmentOffset(0, 8) == 0 ? 8 : 16 - bytes.alignmentOffset(0, 8);
        int[] bad = new int[1];
        race(() -> { for (int i = 0; i < SCALE; i++) { WIDE.setOpaque(c, i % 2 == 0 ? -1L : 0L); VIEW.setRelease(bytes, at, i % 2 == 0 ? -1L : 0L); } },
            () -> { for (int i = 0; i < SCALE; i++) { long w = (long) WIDE.getOpaque(c), v = (long) VIEW.getAcquire(bytes, at); if (w != 0 && w != -1L || v != 0 && v != -1L) bad[0]++; } });
        return bad[0];
    }

    /** Counters by every way to add: nothing is lost. */
    static String counters() throws Exception {
        Cell c = new Cell();
        int[] array = new int[3];
        Object[] refs = {0};
        Body adds = () -> {
            for (int i = 0; i < SCALE; i++) {
                X.getAndAdd(c, 1);
                for (int old = (int) Y.get(c); !Y.weakCompareAndSet(c, old, old + 1); ) old = (int) Y.getVolatile(c);
                for (long old = (long) WIDE.getAcquire(c), seen; (seen = (long) WIDE.compareAndExchangeRelease(c, old, old + 1)) != old; ) old = seen;
                INTS.getAndAddRelease(array, 0, 2);
                INTS.getAndBitwiseXorAcquire(array, 1, i);
                while (!INTS.weakCompareAndSetPlain(array, 2, (int) INTS.getOpaque(array, 2), (int) INTS.getOpaque(array, 2))) Thread.onSpinWait();
                for (Object old = REFS.getVolatile(refs, 0); !REFS.compareAndSet(refs, 0, old, (Integer) old + 1); ) old = REFS.getVolatile(refs, 0);
            }
        };
        race(adds, adds, adds);
        return (c.x == 3 * SCALE) + " " + (c.y == 3 * SCALE) + " " + (c.wide == 3L * SCALE) + " " + (array[0] == 6 * SCALE) + " " + array[2] + " " + refs[0].equals(3 * SCALE);
    }

    /** A spin lock of acquire and release guards plain data. */
    static boolean spinLock() throws Exception {
        Cell c = new Cell();
        Body work = () -> {
            for (int i = 0; i < SCALE / 4; i++) {
                while (!X.weakCompareAndSetAcquire(c, 0, 1)) Thread.yield();
                c.plain++;
                X.setRelease(c, 0);
            }
        };
        race(work, work, work);
        return c.plain == 3 * (SCALE / 4);
    }

    static String once() throws Exception {
        return "message passing " + message() + "\npublication " + published() + "\nfences " + fences() + "\ndekker " + dekker() + "\nfull fence " + fullFence() + "\nswaps " + swaps()
            + "\niriw " + iriw() + "\nopaque " + opaque() + "\ntorn " + torn() + "\ncounters " + counters() + "\nspin lock " + spinLock() + "\n";
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
