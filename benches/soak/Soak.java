import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Cleaner;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A mix of everything that a collector meets, for minutes or hours, which checks itself: a cache with much alive whose
 * garbage is old, threads that come and go, references of all kinds, class loaders that are made and dropped, large
 * arrays. Every value carries what is needed to recognize it; whatever is dropped must be reported by its reference, its
 * cleaner and its finalizer in the same round. Prints a line each ten seconds; the first failure ends it with code 1.
 *
 * Arguments: minutes, megabytes alive in the cache. -Dsoak.unloading=false leaves out the check that dropped loaders die.
 */
public final class Soak {
    private static final int LIVE_MB = 512;
    /** Map node, boxed key, value, string and its bytes, array header. */
    private static final int OVERHEAD = 40 + 24 + 32 + 24 + 24 + 20;
    private static final int SHARDS = 2;
    /** A round of references waits this long for what it has dropped. */
    private static final long REFERENCES_SECONDS = 120;
    private static final int STATUS_SECONDS = 10;

    private static volatile boolean stop;
    private static volatile Throwable failure;

    private static final AtomicLong REQUESTS = new AtomicLong();
    private static final AtomicLong MISSES = new AtomicLong();
    private static final AtomicLong ENTRIES = new AtomicLong();
    private static final AtomicLong THREADS_ENDED = new AtomicLong();
    private static final AtomicLong REFERENCE_ROUNDS = new AtomicLong();
    private static final AtomicLong WEAK = new AtomicLong();
    private static final AtomicLong SOFT = new AtomicLong();
    private static final AtomicLong PHANTOM = new AtomicLong();
    private static final AtomicLong CLEANED = new AtomicLong();
    private static final AtomicLong FINALIZED = new AtomicLong();
    private static final AtomicLong LOADERS = new AtomicLong();
    private static final AtomicLong LOADERS_GONE = new AtomicLong();
    private static final AtomicLong ARRAYS = new AtomicLong();

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    // ------------------------------------------------------------------------------------------------ the cache

    private static final class Value {
        final long key;
        final String name;
        final byte[] data;

        Value(long key) {
            this.key = key;
            this.name = Long.toString(key, 36);
            this.data = new byte[sizeOf(key)];
            for (int i = 0; i < data.length; i += 61) {
                data[i] = (byte) (key + i);
            }
        }

        static int sizeOf(long key) {
            return 64 + (int) ((key * 0x9E3779B97F4A7C15L) >>> 40) % 1920;
        }

        void verify(long wanted) {
            check(key == wanted && data.length == sizeOf(wanted), "entry " + key + " in place of " + wanted);
            check(name.equals(Long.toString(wanted, 36)), "name " + name + " of " + wanted);
            for (int i = 0; i < data.length; i += 61) {
                check(data[i] == (byte) (key + i), "byte " + i + " of entry " + key);
            }
        }
    }

    private static void churn(int shard, long bytesMax) {
        Map<Long, Value> cache = new LinkedHashMap<>(16, 0.75f, true);
        long seed = shard + 1;
        long bytes = 0;
        long filled = 0;
        long keys = Long.MAX_VALUE;
        while (!stop) {
            long key;
            if (bytes < bytesMax && keys == Long.MAX_VALUE) {
                key = filled++;
            } else {
                keys = filled * 2;
                seed = seed * 6364136223846793005L + 1442695040888963407L;
                key = (seed >>> 24) % keys;
                REQUESTS.incrementAndGet();
            }
            Value value = cache.get(key);
            if (value != null) {
                value.verify(key);
                continue;
            }
            MISSES.incrementAndGet();
            value = new Value(key);
            cache.put(key, value);
            bytes += value.data.length + OVERHEAD;
            ENTRIES.incrementAndGet();
            for (Iterator<Value> eldest = cache.values().iterator(); bytes > bytesMax && keys != Long.MAX_VALUE; ) {
                Value gone = eldest.next();
                gone.verify(gone.key);
                bytes -= gone.data.length + OVERHEAD;
                eldest.remove();
                ENTRIES.decrementAndGet();
            }
        }
        long found = 0;
        for (Map.Entry<Long, Value> entry : cache.entrySet()) {
            entry.getValue().verify(entry.getKey());
            found += entry.getValue().data.length + OVERHEAD;
        }
        check(found == bytes, "the cache holds " + found + " bytes, booked are " + bytes);
    }

    // ---------------------------------------------------------------------------------------------- the threads

    private static void threads() throws InterruptedException {
        for (int round = 0; !stop; round++) {
            int count = 1 + round % 12;
            long[] sums = new long[count];
            Thread[] threads = new Thread[count];
            for (int t = 0; t < count; t++) {
                int id = t;
                threads[t] = new Thread(() -> sums[id] = deep(20 + id * 10, id));
                threads[t].start();
            }
            for (int t = 0; t < count; t++) {
                threads[t].join();
                long depth = 20 + t * 10;
                check(sums[t] == t * (depth + 1) + depth * (depth + 1) / 2, "thread " + t + " computed " + sums[t]);
                THREADS_ENDED.incrementAndGet();
            }
            Thread.sleep(5);
        }
    }

    /** Recursion with live references in each frame and garbage beside them. */
    private static long deep(int depth, int id) {
        int[] mine = new int[100 + depth];
        mine[depth] = id + depth;
        Object[] garbage = new Object[depth];
        for (int i = 0; i < depth; i++) {
            garbage[i] = new int[i];
        }
        long below = depth == 0 ? 0 : deep(depth - 1, id);
        check(depth == 0 || ((int[]) garbage[depth - 1]).length == depth - 1, "garbage of depth " + depth);
        return below + mine[depth];
    }

    // ------------------------------------------------------------------------------------------- the references

    private static final class Finalized {
        final AtomicLong count;
        final int[] data = {7};

        Finalized(AtomicLong count) {
            this.count = count;
        }

        @Override
        @SuppressWarnings({"deprecation", "removal"})
        protected void finalize() {
            check(data[0] == 7, "a finalizer sees " + data[0]);
            count.incrementAndGet();
        }
    }

    private static final class Numbered extends WeakReference<int[]> {
        final int number;

        Numbered(int[] referent, ReferenceQueue<? super int[]> queue) {
            super(referent, queue);
            number = referent[0];
        }
    }

    private static void references() throws InterruptedException {
        final int each = 1000;
        Cleaner cleaner = Cleaner.create();
        for (int round = 0; !stop; round++) {
            ReferenceQueue<Object> queue = new ReferenceQueue<>();
            List<Reference<?>> made = new ArrayList<>();
            List<int[]> kept = new ArrayList<>();
            AtomicLong cleaned = new AtomicLong();
            AtomicLong finalized = new AtomicLong();
            drop(each, queue, made, kept, cleaner, cleaned, finalized);
            check(made.size() == 3 * each, "made " + made.size());
            int weak = 0;
            int phantom = 0;
            int soft = 0;
            int softCleared = 0;
            // Half of the weak ones have a referent that is kept.
            int weakExpected = each / 2;
            long deadline = System.nanoTime() + REFERENCES_SECONDS * 1_000_000_000L;
            System.gc();
            while (true) {
                for (Reference<?> gone = queue.poll(); gone != null; gone = queue.poll()) {
                    check(gone.refersTo(null), "enqueued before it was cleared");
                    if (gone instanceof Numbered numbered) {
                        check(numbered.number % 2 == 1, "weak reference " + numbered.number + " cleared while it is used");
                        weak++;
                    } else if (gone instanceof SoftReference) {
                        soft++;
                    } else {
                        phantom++;
                    }
                }
                softCleared = 0;
                for (Reference<?> reference : made) {
                    if (reference instanceof SoftReference<?> softly) {
                        int[] data = (int[]) softly.get();
                        softCleared += data == null ? 1 : 0;
                        check(data == null || data[data.length - 1] == data[0] * 3, "soft reference to something else");
                    }
                }
                if (weak == weakExpected && phantom == each && soft == softCleared && cleaned.get() == each
                    && finalized.get() == each) {
                    break;
                }
                check(weak <= weakExpected && phantom <= each && cleaned.get() <= each && finalized.get() <= each,
                    "more references than there were");
                check(System.nanoTime() < deadline, "after " + REFERENCES_SECONDS + " s of " + each + ": weak " + weak
                    + " (of " + weakExpected + "), phantom " + phantom + ", soft " + soft + " of " + softCleared
                    + " cleared, cleaned " + cleaned + ", finalized " + finalized);
                Thread.sleep(50);
                if (System.nanoTime() > deadline - (REFERENCES_SECONDS - 5) * 1_000_000_000L) {
                    System.gc();
                }
            }
            for (int[] data : kept) {
                check(data[data.length - 1] == data[0] * 3, "a kept array changed");
            }
            for (Reference<?> reference : made) {
                if (reference instanceof Numbered numbered && numbered.number % 2 == 0) {
                    check(numbered.get() != null && numbered.get()[0] == numbered.number, "weak " + numbered.number);
                }
            }
            check(queue.poll() == null && kept.size() == each / 2, "one more");
            WEAK.addAndGet(weak);
            SOFT.addAndGet(soft);
            PHANTOM.addAndGet(phantom);
            CLEANED.addAndGet(each);
            FINALIZED.addAndGet(each);
            REFERENCE_ROUNDS.incrementAndGet();
            pause(5000);
        }
    }

    /** In a method of its own, so that no frame that is alive holds what it drops. */
    private static void drop(int each, ReferenceQueue<Object> queue, List<Reference<?>> made, List<int[]> kept,
        Cleaner cleaner, AtomicLong cleaned, AtomicLong finalized) {
        for (int i = 0; i < each; i++) {
            int[] data = array(i);
            if (i % 2 == 0) {
                kept.add(data);
            }
            made.add(new Numbered(data, queue));
            made.add(new SoftReference<Object>(array(i), queue));
            made.add(new PhantomReference<Object>(array(i), queue));
            cleaner.register(new int[3], cleaned::incrementAndGet);
            new Finalized(finalized);
        }
    }

    private static int[] array(int number) {
        int[] data = new int[5 + number % 50];
        data[0] = number;
        data[data.length - 1] = number * 3;
        return data;
    }

    // ---------------------------------------------------------------------------------------------- the loaders

    /** What the fresh loaders define: its static fields exist once for each. */
    public static final class Guest {
        private static int calls;
        private static final int[] DATA = new int[1000];

        public static int call(int add) {
            calls++;
            DATA[calls] = add;
            return calls * 1000 + DATA[calls];
        }
    }

    private static final class Defining extends ClassLoader {
        Defining() {
            super(Soak.class.getClassLoader());
        }

        Class<?> define(byte[] bytes) {
            return defineClass(Guest.class.getName(), bytes, 0, bytes.length);
        }
    }

    private static void loaders() throws Exception {
        boolean unloading = Boolean.parseBoolean(System.getProperty("soak.unloading", "true"));
        String file = Guest.class.getName() + ".class";
        byte[] bytes;
        try (InputStream in = Soak.class.getResourceAsStream(file)) {
            bytes = in.readAllBytes();
        }
        URL here = Soak.class.getProtectionDomain().getCodeSource().getLocation();
        List<WeakReference<ClassLoader>> dropped = new ArrayList<>();
        for (int round = 0; !stop; round++) {
            for (int i = 0; i < 10; i++) {
                dropped.add(new WeakReference<>(i == 0 ? byUrl(here) : byBytes(bytes)));
                LOADERS.incrementAndGet();
            }
            pause(1000);
            if (round % 15 == 14 && unloading) {
                // All of these were dropped before this collection began.
                long deadline = System.nanoTime() + REFERENCES_SECONDS * 1_000_000_000L;
                while (!dropped.isEmpty()) {
                    System.gc();
                    int before = dropped.size();
                    dropped.removeIf(reference -> reference.refersTo(null));
                    LOADERS_GONE.addAndGet(before - dropped.size());
                    check(System.nanoTime() < deadline, dropped.size() + " dropped class loaders are still there");
                }
            }
        }
    }

    private static ClassLoader byBytes(byte[] bytes) throws Exception {
        Defining loader = new Defining();
        use(loader.define(bytes), loader);
        return loader;
    }

    private static ClassLoader byUrl(URL here) throws Exception {
        try (URLClassLoader loader = new URLClassLoader(new URL[] {here}, ClassLoader.getPlatformClassLoader())) {
            use(loader.loadClass(Guest.class.getName()), loader);
            return loader;
        } catch (IOException e) {
            throw new AssertionError("closing a loader", e);
        }
    }

    private static void use(Class<?> guest, ClassLoader loader) throws Exception {
        check(guest != Guest.class && guest.getClassLoader() == loader, "the class is " + guest.getClassLoader() + "'s");
        var call = guest.getMethod("call", int.class);
        for (int i = 1; i <= 3; i++) {
            int result = (int) call.invoke(null, i);
            check(result == i * 1001, "call " + i + " of a fresh class gave " + result);
        }
    }

    // ----------------------------------------------------------------------------------------------- the arrays

    private static void arrays() throws InterruptedException {
        Object[] ring = new Object[8];
        for (int number = 0; !stop; number++) {
            int at = number % ring.length;
            if (ring[at] != null) {
                verify(ring[at], number - ring.length);
            }
            ring[at] = null;
            int megabytes = 1 + ThreadLocalRandom.current().nextInt(number % 10 == 0 ? 12 : 4);
            ring[at] = stamped(megabytes << 20, number);
            ARRAYS.incrementAndGet();
            pause(50);
        }
    }

    private static Object stamped(int bytes, int number) {
        switch (number % 3) {
            case 0: {
                long[] array = new long[bytes / 8];
                for (int i = 0; i < array.length; i += 509) {
                    array[i] = (long) number << 32 | i;
                }
                return array;
            }
            case 1: {
                Object[] array = new Object[bytes / 4];
                for (int i = 0; i < array.length; i += 4093) {
                    array[i] = new int[] {number, i};
                }
                return array;
            }
            default: {
                byte[] array = new byte[bytes];
                for (int i = 0; i < array.length; i += 4093) {
                    array[i] = (byte) (number + i);
                }
                return array;
            }
        }
    }

    private static void verify(Object object, int number) {
        if (object instanceof long[] array) {
            for (int i = 0; i < array.length; i += 509) {
                check(array[i] == ((long) number << 32 | i), "long " + i + " of array " + number);
            }
        } else if (object instanceof Object[] array) {
            for (int i = 0; i < array.length; i += 4093) {
                int[] pair = (int[]) array[i];
                check(pair[0] == number && pair[1] == i, "reference " + i + " of array " + number);
                check(i + 1 >= array.length || array[i + 1] == null, "not null behind " + i + " of array " + number);
            }
        } else {
            byte[] array = (byte[]) object;
            for (int i = 0; i < array.length; i += 4093) {
                check(array[i] == (byte) (number + i), "byte " + i + " of array " + number);
                check(i + 1 >= array.length || array[i + 1] == 0, "not zero behind " + i + " of array " + number);
            }
        }
    }

    // ------------------------------------------------------------------------------------------------- the whole

    private interface Work {
        void run() throws Exception;
    }

    /** Sleeps, but not beyond the end. */
    private static void pause(long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        while (!stop && System.nanoTime() < end) {
            Thread.sleep(Math.min(millis, 50));
        }
    }

    private static Thread start(String name, Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Throwable e) {
                synchronized (Soak.class) {
                    if (failure == null) {
                        failure = e;
                    }
                }
                stop = true;
            }
        }, name);
        thread.start();
        return thread;
    }

    private static void status(long started) {
        Runtime runtime = Runtime.getRuntime();
        long used = runtime.totalMemory() - runtime.freeMemory() >> 20;
        System.out.println((System.nanoTime() - started) / 1_000_000_000 + " s: heap " + used + " MB, cache "
            + ENTRIES + " entries " + REQUESTS + " requests " + MISSES + " misses, threads " + THREADS_ENDED
            + ", references in " + REFERENCE_ROUNDS + " rounds: weak " + WEAK + " soft " + SOFT + " phantom " + PHANTOM
            + " cleaned " + CLEANED + " finalized " + FINALIZED + ", loaders " + LOADERS + " gone " + LOADERS_GONE
            + ", arrays " + ARRAYS);
    }

    public static void main(String[] args) throws Exception {
        double minutes = args.length > 0 ? Double.parseDouble(args[0]) : 30;
        long liveMb = args.length > 1 ? Integer.parseInt(args[1]) : LIVE_MB;
        long started = System.nanoTime();
        long end = started + (long) (minutes * 60e9);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < SHARDS; i++) {
            int shard = i;
            threads.add(start("cache " + i, () -> churn(shard, (liveMb << 20) / SHARDS)));
        }
        threads.add(start("threads", Soak::threads));
        threads.add(start("references", Soak::references));
        threads.add(start("loaders", Soak::loaders));
        threads.add(start("arrays", Soak::arrays));
        for (long next = started; !stop && System.nanoTime() < end; Thread.sleep(100)) {
            if (System.nanoTime() >= next) {
                status(started);
                next += STATUS_SECONDS * 1_000_000_000L;
            }
        }
        stop = true;
        for (Thread thread : threads) {
            thread.join();
        }
        status(started);
        if (failure != null) {
            System.out.println("soak: FAILED");
            failure.printStackTrace(System.out);
            System.exit(1);
        }
        check(REFERENCE_ROUNDS.get() > 0 && LOADERS.get() > 0 && ARRAYS.get() > 0, "the time was too short for a round");
        System.out.println("soak: no failure");
    }
}
