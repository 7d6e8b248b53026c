import java.lang.foreign.*;
import java.lang.ref.Cleaner;
import java.nio.*;
import java.nio.channels.FileChannel;
import java.nio.file.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

/** Attacks on memory: arrays that change under bulk operations, arenas that close under readers, files that shrink. */
public class Memory {
    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "tear" -> tear(Integer.parseInt(args[1]));
            case "arena" -> arena(Integer.parseInt(args[1]));
            case "buffers" -> buffers();
            case "truncate" -> truncate(Path.of(args[1]));
            case "zero" -> zero();
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    // ---- B4: another thread changes elements and arrays all the time

    static volatile Object[] shared = new String[] {"a", "b", "c", "d"};
    static volatile long[] numbers = new long[64];
    static final String[] STRINGS = {"a", "b", "c", "d", "e"};

    static void tear(int rounds) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Thread changer = new Thread(() -> {
            Random random = new Random(1);
            long[] values = {0, -1, 0x5555555555555555L, 0xaaaaaaaaaaaaaaaaL};
            int n = 0;
            while (!over.get()) {
                Object[] now = shared;
                for (int i = 0; i < now.length; i++) now[i] = STRINGS[random.nextInt(STRINGS.length)];
                Object[] next = new String[random.nextInt(9)];
                Arrays.fill(next, STRINGS[0]);
                shared = next;
                long[] all = numbers;
                Arrays.fill(all, values[n++ & 3]);
                if ((n & 63) == 0) numbers = new long[1 + random.nextInt(100)];
            }
        });
        changer.setDaemon(true);
        changer.start();
        byte[] bytes = new byte[32];
        Thread writer = new Thread(() -> {
            byte b = 0;
            while (!over.get()) {
                Arrays.fill(bytes, b++);
                ByteBuffer.wrap(bytes).putInt(8, b * 0x01010101);
            }
        });
        writer.setDaemon(true);
        writer.start();
        AtomicReferenceArray<Object> cells = new AtomicReferenceArray<>(4);
        for (int i = 0; i < rounds; i++) {
            Object[] source = shared;
            Object[] target = new String[source.length];
            System.arraycopy(source, 0, target, 0, source.length);
            check(target);
            check(source.clone());
            check(Arrays.copyOf(source, source.length + 3, String[].class));
            check(List.of(source).toArray());
            check(new ArrayList<>(Arrays.asList(source)).toArray(new String[0]));
            Arrays.stream(source).sorted().forEach(Memory::check);
            for (Object o : source) {
                cells.compareAndSet(i & 3, cells.get(i & 3), o);
                check(cells.getAndSet(i & 3, o));
            }
            for (long value : numbers.clone()) {
                if (value != 0 && value != -1 && value != 0x5555555555555555L && value != 0xaaaaaaaaaaaaaaaaL) {
                    throw new AssertionError("torn: " + value);
                }
            }
            // A String never changes, whatever its source does meanwhile.
            for (String charset : List.of("ISO-8859-1", "UTF-8", "UTF-16", "US-ASCII")) {
                String text = new String(bytes, charset);
                int hash = text.hashCode();
                String copy = new StringBuilder(text).toString();
                if (!copy.equals(text) || copy.hashCode() != hash || text.length() > 64) throw new AssertionError(text);
            }
        }
        over.set(true);
        System.out.println("nothing torn");
    }

    static void check(Object object) {
        if (object instanceof Object[] array) {
            for (Object element : array) check(element);
        } else if (object != null && !(object instanceof String s && s.length() == 1)) {
            throw new AssertionError(object);
        }
    }

    // ---- B5: a shared arena closes under its readers

    static void arena(int rounds) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(16);
        int closed = 0;
        for (int round = 0; round < rounds; round++) {
            Arena arena = Arena.ofShared();
            MemorySegment segment = arena.allocate(4096, 8);
            segment.fill((byte) 7);
            CountDownLatch begun = new CountDownLatch(16);
            List<Future<Boolean>> readers = new ArrayList<>();
            for (int reader = 0; reader < 16; reader++) {
                int kind = reader % 4;
                readers.add(pool.submit(() -> {
                    begun.countDown();
                    byte[] bytes = new byte[4096];
                    try {
                        while (true) {
                            switch (kind) {
                                case 0 -> {
                                    for (int i = 0; i < 4096; i += 8) {
                                        long value = segment.get(ValueLayout.JAVA_LONG, i);
                                        if (value != 0x0707070707070707L) throw new AssertionError(Long.toHexString(value));
                                    }
                                }
                                case 1 -> {
                                    MemorySegment.copy(segment, 0, MemorySegment.ofArray(bytes), 0, 4096);
                                    if (bytes[100] != 7 || bytes[4095] != 7) throw new AssertionError("freed memory");
                                }
                                case 2 -> {
                                    if (segment.asByteBuffer().getInt(512) != 0x07070707) throw new AssertionError("freed memory");
                                }
                                default -> {
                                    if (segment.mismatch(segment) != -1) throw new AssertionError("freed memory");
                                }
                            }
                        }
                    } catch (IllegalStateException e) {
                        return true;
                    }
                }));
            }
            begun.await();
            while (true) {
                try {
                    arena.close();
                    break;
                } catch (IllegalStateException e) {
                    // Somebody is in the middle of it.
                    Thread.yield();
                }
            }
            for (Future<Boolean> reader : readers) {
                if (reader.get()) closed++;
            }
            // Whoever gets the memory next finds nothing of it.
            try (Arena next = Arena.ofConfined()) {
                MemorySegment fresh = next.allocate(4096, 8);
                for (int i = 0; i < 4096; i++) {
                    if (fresh.get(ValueLayout.JAVA_BYTE, i) != 0) throw new AssertionError("dirty memory");
                }
            }
        }
        pool.shutdownNow();
        System.out.println("closed under " + closed + " readers");
    }

    // ---- B6: buffers outlive what they are slices of; a cleaner runs once

    static void buffers() throws Exception {
        List<ByteBuffer> slices = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
            for (int j = 0; j < 4096; j++) buffer.put(j, (byte) i);
            slices.add(i % 2 == 0 ? buffer.slice(1024, 1024) : buffer.duplicate().asReadOnlyBuffer().slice());
            if (i % 100 == 0) System.gc();
        }
        System.gc();
        for (int i = 0; i < 400; i++) {
            ByteBuffer slice = slices.get(i);
            for (int j = 0; j < slice.capacity(); j++) {
                if (slice.get(j) != (byte) i) throw new AssertionError("freed under a slice");
            }
        }
        AtomicInteger ran = new AtomicInteger();
        Cleaner.Cleanable cleanable = Cleaner.create().register(new Object(), ran::incrementAndGet);
        cleanable.clean();
        cleanable.clean();
        System.gc();
        cleanable.clean();
        System.out.println("slices live, cleaned " + ran.get());
    }

    // ---- B6: a mapped file is cut while it is read

    static void truncate(Path path) throws Exception {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[1 << 16]));
            MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_WRITE, 0, 1 << 16);
            System.out.println("before: " + map.get(50_000));
            channel.truncate(100);
            attempt("get", () -> map.get(50_000));
            attempt("bulk", () -> {
                byte[] bytes = new byte[60_000];
                map.get(0, bytes);
                return bytes.length;
            });
            attempt("put", () -> map.put(50_000, (byte) 1));
            attempt("copy", () -> ByteBuffer.allocateDirect(1 << 16).put(map.duplicate()));
            attempt("mismatch", () -> map.mismatch(ByteBuffer.allocate(1 << 16)));
            attempt("write to a channel", () -> {
                try (FileChannel other = FileChannel.open(path.resolveSibling("other"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                    return other.write(map.duplicate());
                }
            });
        }
        System.out.println("alive");
    }

    static void attempt(String what, Callable<?> attempt) {
        try {
            Object result = attempt.call();
            System.out.println(what + ": gave " + (result instanceof Buffer ? "a buffer" : result));
        } catch (Throwable e) {
            System.out.println(what + ": " + e.getClass().getSimpleName());
        }
    }

    // ---- B36: what is allocated is zero

    static void zero() {
        long sum = 0;
        for (int round = 0; round < 60; round++) {
            byte[][] pieces = new byte[64][];
            for (int i = 0; i < pieces.length; i++) {
                byte[] piece = new byte[1 << (8 + i % 9)];
                for (byte b : piece) sum += b;
                Arrays.fill(piece, (byte) 0x5a);
                pieces[i] = piece;
            }
            ByteBuffer direct = ByteBuffer.allocateDirect(1 << 14);
            while (direct.hasRemaining()) sum += direct.get();
            for (int i = 0; i < direct.capacity(); i++) direct.put(i, (byte) 0x5a);
            if (round % 10 == 0) System.gc();
        }
        System.out.println("sum " + sum);
    }
}
