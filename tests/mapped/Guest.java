import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Adler32;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;

/** Touches mapped files that somebody has made shorter. */
public class Guest {
    static final int PAGE = 4096;

    interface Access {
        Object run() throws Throwable;
    }

    static void attempt(String name, Access access) {
        try {
            System.out.println(name + ": " + access.run());
        } catch (Throwable t) {
            System.out.println(name + ": " + t.getClass().getName());
        }
    }

    static FileChannel open(String path) throws Exception {
        return FileChannel.open(Path.of(path), StandardOpenOption.READ, StandardOpenOption.WRITE,
                StandardOpenOption.CREATE);
    }

    /** Everything that takes a buffer, natives above all: where the reference machine falls dead. */
    static void natives(String path) throws Exception {
        int size = 64 * PAGE;
        FileChannel channel = open(path);
        MappedByteBuffer map = channel.map(MapMode.READ_WRITE, 0, size);
        MappedByteBuffer own = channel.map(MapMode.PRIVATE, 0, size);
        ByteBuffer direct = ByteBuffer.allocateDirect(size);
        channel.truncate(PAGE);
        for (int round = 0; round < 3; round++) {
            attempt("crc", () -> { CRC32 sum = new CRC32(); sum.update(map.duplicate()); return sum; });
            attempt("adler", () -> { Adler32 sum = new Adler32(); sum.update(map.duplicate()); return sum; });
            attempt("crc32c", () -> { CRC32C sum = new CRC32C(); sum.update(map.duplicate()); return sum; });
            attempt("deflate", () -> {
                Deflater deflater = new Deflater();
                deflater.setInput(map.duplicate());
                return deflater.deflate(direct.duplicate());
            });
            attempt("mismatch", () -> map.mismatch(direct));
            attempt("equals", () -> map.equals(own));
            attempt("copy out", () -> direct.duplicate().put(map.duplicate()));
            attempt("copy in", () -> map.duplicate().put(direct.duplicate()));
            attempt("array", () -> map.get(0, new byte[size]));
            attempt("segment", () -> MemorySegment.ofBuffer(map).get(ValueLayout.JAVA_LONG_UNALIGNED, 20 * PAGE + 1));
            attempt("fill", () -> MemorySegment.ofBuffer(map).fill((byte) 1));
            attempt("copy", () -> MemorySegment.ofBuffer(direct).copyFrom(MemorySegment.ofBuffer(map)));
            attempt("hash", () -> map.hashCode() == 0 ? "" : "hashed");
            attempt("private", () -> own.get(size - 1));
            attempt("load", () -> map.load());
            attempt("virtual", () -> {
                Throwable[] thrown = new Throwable[1];
                Thread.ofVirtual().start(() -> {
                    try {
                        map.get(size - 1);
                        Thread.yield();
                    } catch (Throwable t) {
                        thrown[0] = t;
                    }
                }).join();
                throw thrown[0];
            });
            attempt("there", () -> map.duplicate().limit(PAGE).mismatch(ByteBuffer.allocate(PAGE)));
        }
        // The system's calls are refused what is not there, or take as much as is.
        try (FileChannel to = open(path + ".to")) {
            attempt("write", () -> to.write(map.slice(0, 2 * PAGE)) <= 2 * PAGE);
            attempt("write of nothing that is there", () -> to.write(map.slice(PAGE, PAGE)));
            attempt("read", () -> {
                to.write(ByteBuffer.allocate(PAGE), 0);
                return to.read(map.slice(2 * PAGE, PAGE), 0);
            });
            attempt("transfer", () -> channel.transferTo(0, size, to));
        }
        attempt("force", () -> { map.force(); return "forced"; });
        System.out.println("end");
    }

    /** Somebody else cuts the file when this one has said that it is mapped. */
    static void other(String path) throws Exception {
        FileChannel channel = open(path);
        MappedByteBuffer map = channel.map(MapMode.READ_WRITE, 0, 64 * PAGE);
        map.put(40 * PAGE, (byte) 3);
        System.out.println("mapped");
        for (int line = 0; System.in.read() >= 0; line++) {
            attempt("answer", () -> map.get(40 * PAGE));
            attempt("first", () -> map.get(0));
        }
    }

    /** Much that was never in the file is written to: none of it may stay. */
    static void flood(String path) throws Exception {
        long size = 1L << 30;
        FileChannel channel = open(path);
        MappedByteBuffer map = channel.map(MapMode.READ_WRITE, 0, size);
        channel.truncate(0);
        byte[] some = new byte[1 << 20];
        java.util.Arrays.fill(some, (byte) 1);
        int faults = 0;
        for (long at = 0; at < size; at += some.length) {
            try {
                map.put((int) at, some);
            } catch (InternalError e) {
                faults++;
            }
        }
        attempt("all at once", () -> MemorySegment.ofBuffer(map).fill((byte) 1));
        System.out.println("faults " + faults + " of " + size / some.length);
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM")) {
                System.out.println(line.replaceAll("[^0-9]", ""));
            }
        }
    }

    /** Threads that cut, touch, map and unmap the same file at once. */
    static void storm(String path, int rounds) throws Exception {
        AtomicInteger wrong = new AtomicInteger(), errors = new AtomicInteger();
        FileChannel channel = open(path);
        channel.write(ByteBuffer.allocate(64 * PAGE), 0);
        MappedByteBuffer shared = channel.map(MapMode.READ_WRITE, 0, 64 * PAGE);
        Thread[] threads = new Thread[6];
        for (int i = 0; i < threads.length; i++) {
            int me = i;
            threads[i] = new Thread(() -> {
                for (int round = 0; round < rounds; round++) {
                    try {
                        switch (me) {
                            case 0 -> {
                                channel.truncate(PAGE * (1 + round % 60));
                                channel.write(ByteBuffer.allocate(1), 64 * PAGE - 1);
                            }
                            case 1 -> {
                                try (Arena arena = Arena.ofShared()) {
                                    MemorySegment segment = channel.map(MapMode.READ_ONLY, 0, 64 * PAGE, arena);
                                    segment.get(ValueLayout.JAVA_BYTE, 63 * PAGE);
                                }
                            }
                            case 2 -> shared.get(0, new byte[64 * PAGE]);
                            case 3 -> shared.duplicate().put(ByteBuffer.allocate(64 * PAGE));
                            default -> {
                                if (shared.get((round * 7919 + me) % (64 * PAGE)) != 0) {
                                    wrong.incrementAndGet();
                                }
                            }
                        }
                    } catch (InternalError e) {
                        errors.incrementAndGet();
                    } catch (java.io.IOException | IllegalStateException e) {
                        wrong.incrementAndGet();
                    }
                }
            });
        }
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println("wrong " + wrong + (errors.get() >= 0 ? "" : " impossible"));
    }

    static void beat() throws Exception {
        System.out.println("beat");
        long sum = 0;
        for (int i = 0; System.in.read() >= 0; i++) {
            for (int j = 0; j < 10_000; j++) {
                sum += j;
            }
            System.out.println("beat " + i);
        }
    }

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "natives" -> natives(args[1]);
            case "other" -> other(args[1]);
            case "flood" -> flood(args[1]);
            case "storm" -> storm(args[1], Integer.parseInt(args[2]));
            case "beat" -> beat();
            default -> throw new IllegalArgumentException(args[0]);
        }
    }
}
