import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** A program on a machine that fails, whose clock jumps, or that has no memory left. */
public class Guest {
    interface Step {
        void run() throws Throwable;
    }

    // ---- what the system refuses once ----------------------------------------------------------------------------------

    static void attempt(String name, Step step) {
        for (int n = 1; n <= 3; n++) {
            try {
                step.run();
                System.out.println(name + ": ok");
                return;
            } catch (Throwable t) {
                System.out.println(name + ": " + t.getClass().getName());
            }
        }
        System.out.println(name + ": never");
    }

    static void calls(Path folder) throws Exception {
        Path file = folder.resolve("file"), other = folder.resolve("other"), sub = folder.resolve("sub");
        byte[] text = "some text\n".repeat(1000).getBytes();
        attempt("write", () -> Files.write(file, text));
        attempt("read", () -> check(Files.readAllBytes(file).length == text.length));
        attempt("stream", () -> {
            try (var in = new java.io.FileInputStream(file.toFile())) {
                check(in.readAllBytes().length == text.length);
            }
        });
        attempt("attributes", () -> check(Files.size(file) == text.length && Files.isRegularFile(file)));
        attempt("map", () -> {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                var map = channel.map(FileChannel.MapMode.READ_WRITE, 0, 4096);
                map.put(0, (byte) 's');
                map.force();
            }
        });
        attempt("channel", () -> {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                channel.position(10);
                check(channel.write(ByteBuffer.wrap("x".getBytes())) == 1);
                check(channel.read(ByteBuffer.allocate(100)) == 100);
                channel.truncate(5000);
                channel.force(true);
                try (var lock = channel.lock()) {
                    check(lock.isValid());
                }
            }
        });
        attempt("random", () -> {
            try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
                random.seek(4990);
                random.write(1);
                random.setLength(4995);
                check(random.length() == 4995);
            }
        });
        attempt("copy", () -> {
            Files.deleteIfExists(other);
            Files.copy(file, other);
            check(Files.size(other) == 4995);
        });
        attempt("rename", () -> {
            if (Files.exists(other)) {
                Files.move(other, folder.resolve("third"));
            }
            Files.deleteIfExists(folder.resolve("third"));
        });
        attempt("folder", () -> {
            Files.createDirectories(sub);
            try (var list = Files.list(folder)) {
                check(list.count() >= 2);
            }
            Files.deleteIfExists(sub);
        });
        attempt("socket", () -> {
            try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    Socket socket = new Socket(server.getInetAddress(), server.getLocalPort());
                    Socket accepted = server.accept()) {
                socket.getOutputStream().write(text);
                socket.shutdownOutput();
                check(accepted.getInputStream().readAllBytes().length == text.length);
            }
        });
        attempt("selector", () -> {
            Pipe pipe = Pipe.open();
            try (Selector selector = Selector.open(); var source = pipe.source(); var sink = pipe.sink()) {
                source.configureBlocking(false);
                source.register(selector, SelectionKey.OP_READ);
                sink.write(ByteBuffer.allocate(1));
                check(selector.select(10_000) == 1);
            }
        });
        attempt("process", () -> check(new ProcessBuilder("true").start().waitFor() == 0));
        attempt("thread", () -> {
            Thread thread = new Thread(() -> { });
            thread.start();
            thread.join();
        });
        attempt("virtual thread", () -> Thread.ofVirtual().start(() -> { }).join());
        System.out.println("end");
    }

    static void check(boolean holds) throws IOException {
        if (!holds) {
            throw new IOException("wrong");
        }
    }

    // ---- clocks -----------------------------------------------------------------------------------------------------------

    /** Seconds that each kind of waiting for 0.3 seconds took, by a clock that never goes back. */
    static void clocks() throws Exception {
        long last = System.nanoTime();
        for (int i = 0; i < 200_000; i++) {
            long now = System.nanoTime();
            if (now < last) {
                System.out.println("back by " + (last - now));
            }
            last = now;
        }
        long before = System.currentTimeMillis(), spread = 0;
        for (int i = 0; i < 100; i++) {
            spread = Math.max(spread, Math.abs(System.currentTimeMillis() - before));
        }
        System.out.println("wall clock jumps " + (spread > 3_600_000));
        Object lock = new Object();
        took("sleep", () -> Thread.sleep(300));
        took("wait", () -> {
            synchronized (lock) {
                lock.wait(300);
            }
        });
        took("park", () -> {
            long end = System.nanoTime() + 300_000_000;
            while (System.nanoTime() < end) {
                LockSupport.parkNanos(end - System.nanoTime());
            }
        });
        took("latch", () -> new CountDownLatch(1).await(300, TimeUnit.MILLISECONDS));
        took("queue", () -> new java.util.concurrent.LinkedBlockingQueue<>().poll(300, TimeUnit.MILLISECONDS));
        took("select", () -> {
            try (Selector selector = Selector.open()) {
                selector.select(300);
            }
        });
        took("accept", () -> {
            try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                server.setSoTimeout(300);
                server.accept();
            } catch (java.net.SocketTimeoutException e) {
                return;
            }
        });
        took("scheduled", () -> {
            var executor = Executors.newScheduledThreadPool(1);
            executor.schedule(() -> 1, 300, TimeUnit.MILLISECONDS).get();
            executor.shutdownNow();
        });
        took("virtual", () -> Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(300);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }).join());
        System.out.println("end");
    }

    static void took(String name, Step step) throws Exception {
        long start = System.nanoTime();
        try {
            step.run();
        } catch (Throwable t) {
            System.out.println(name + ": " + t);
        }
        long millis = (System.nanoTime() - start) / 1_000_000;
        System.out.println(name + ": " + (millis >= 299 && millis < 20_000 ? "in time" : millis + " ms"));
    }

    // ---- no memory --------------------------------------------------------------------------------------------------------

    static List<Object> filling;

    static class First {
        static final byte[] BYTES = new byte[1 << 16];
        static int value = 1;
    }

    static class Second {
        static int value = new byte[1 << 16].length;
    }

    record Point(int x, int y) { }

    /** Takes all memory, to the last few bytes. */
    static void fill() {
        List<Object> list = new ArrayList<>(1 << 16);
        filling = list;
        for (int size = 1 << 20; size >= 16; size /= 2) {
            try {
                for (;;) {
                    list.add(new byte[size]);
                }
            } catch (OutOfMemoryError e) {
                // Smaller ones may fit.
            }
        }
    }

    static String without(String name, Step step) {
        String how;
        try {
            fill();
            step.run();
            how = "ok";
        } catch (Throwable t) {
            filling = null;
            how = t.getClass().getName();
        }
        filling = null;
        return how;
    }

    static int depth(int n) {
        try {
            return depth(n + 1);
        } catch (StackOverflowError e) {
            // Here, too, memory is wanted.
            return new byte[1 << 12].length;
        }
    }

    static void hungry() throws Exception {
        String[] names = {"exception", "string", "initializer", "lambda", "record", "inflate", "thread", "print", "intern",
            "reflect", "deep", "queue", "error in handler", "error in finally", "hash", "virtual", "class", "array",
            "clone", "proxy"};
        Step[] steps = {
            () -> { throw new IllegalStateException("text" + names.length); },
            () -> check(("a" + names.length + System.nanoTime()).length() > 3),
            () -> check(First.value == 1),
            () -> { Supplier<Object> s = () -> names; check(s.get() == names); },
            () -> check(new Point(1, 2).toString().startsWith("Point") && new Point(1, 2).equals(new Point(1, 2))),
            () -> {
                Object lock = new Object();
                synchronized (lock) {
                    lock.wait(1);
                }
            },
            () -> { Thread t = new Thread(() -> { throw new OutOfMemoryError("mine"); }); t.start(); t.join(); },
            () -> new Exception("to be printed").printStackTrace(),
            () -> check((names[0] + System.nanoTime()).intern() != null),
            () -> check(Guest.class.getDeclaredMethods().length > 5),
            () -> check(depth(0) == 1 << 12),
            () -> { var q = new ReferenceQueue<Object>(); var r = new WeakReference<>(new byte[8], q); System.gc(); check(q.poll() == r || r.get() == null); },
            () -> { try { throw new OutOfMemoryError(); } catch (OutOfMemoryError e) { filling.add(new byte[1 << 22]); } },
            () -> { try { filling.add(new byte[1 << 22]); } finally { filling.add(new byte[1 << 21]); } },
            () -> { for (int i = 0; i < 10_000; i++) System.identityHashCode(new Object()); },
            () -> Thread.ofVirtual().start(Thread::yield).join(),
            () -> check(Second.value == 1 << 16),
            () -> check(new int[100][100][].length == 100),
            () -> check(names.clone().length == names.length),
            () -> java.lang.reflect.Proxy.newProxyInstance(Guest.class.getClassLoader(), new Class<?>[] {Step.class}, (p, m, a) -> null),
        };
        for (int i = 0; i < steps.length; i++) {
            String how = without(names[i], steps[i]);
            System.out.println(names[i] + ": " + how);
            // Whatever happened, all of it works with memory, unless an initializer has failed for good.
            try {
                steps[i].run();
            } catch (Throwable t) {
                System.out.println(names[i] + " then: " + t.getClass().getName());
            }
        }
        System.out.println("end " + work());
    }

    static int work() throws Exception {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            all.append(new Point(i, i)).append(String.format("%d", i)).append(i);
        }
        Thread thread = new Thread(() -> all.append("x"));
        thread.start();
        thread.join();
        return all.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    // ---- inputs that change -------------------------------------------------------------------------------------------------

    /** Loads what it has not loaded before, when it is told to. */
    static void load() throws Exception {
        System.out.println("ready");
        System.in.read();
        for (String name : new String[] {"Guest$First", "Guest$Second", "Guest$Point", "Extra", "java.util.jar.Pack",
            "java.util.concurrent.Phaser", "java.text.ChoiceFormat", "java.util.zip.Adler32", "javax.crypto.KeyGenerator",
            "java.time.chrono.HijrahDate", "java.util.IllformedLocaleException"}) {
            try {
                Class.forName(name);
                System.out.println(name + ": ok");
            } catch (Throwable t) {
                System.out.println(name + ": " + t.getClass().getName());
            }
        }
        try (var in = Guest.class.getResourceAsStream("/Guest.class")) {
            System.out.println("resource: " + (in == null ? "none" : in.readAllBytes().length > 0));
        } catch (Throwable t) {
            System.out.println("resource: " + t.getClass().getName());
        }
        System.out.println("end");
    }

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "calls" -> calls(Path.of(args[1]));
            case "clocks" -> clocks();
            case "hungry" -> hungry();
            case "work" -> System.out.println(work());
            case "load" -> load();
            case "spin" -> { for (;;) { } }
            case "sleep" -> {
                System.out.println("ready");
                long start = System.nanoTime();
                Thread.sleep(2000);
                System.out.println("slept " + (System.nanoTime() - start >= 2_000_000_000L));
            }
            default -> throw new IllegalArgumentException(args[0]);
        }
    }
}
