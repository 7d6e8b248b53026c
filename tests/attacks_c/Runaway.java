import java.io.*;
import java.lang.invoke.MethodHandles;
import java.lang.ref.Cleaner;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.*;
import java.nio.ByteBuffer;
import java.nio.channels.*;
import java.nio.file.*;
import java.security.MessageDigest;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.locks.*;
import java.util.function.*;
import java.util.regex.Pattern;
import java.util.zip.*;

/** Never ends by itself, in the way that the argument names. Part C of the attack catalogue. */
public class Runaway {
    static final Object LOCK = new Object();
    static final int LARGE = 24 << 20;
    static volatile Object sink;
    static volatile int count;

    /** A reader of the host's tells by this that the form has begun. */
    static void begin() {
        System.out.println("began");
    }

    public static void run(String form) throws Throwable {
        Runnable prepared = prepare(form);
        begin();
        prepared.run();
    }

    interface Body { void run() throws Throwable; }

    static Runnable forever(Body body) {
        return () -> { for (;;) quietly(body); };
    }

    static void quietly(Body body) {
        try {
            body.run();
        } catch (Throwable t) {
            throw sneak(t);
        }
    }

    @SuppressWarnings("unchecked")
    static <T extends Throwable> RuntimeException sneak(Throwable t) throws T { throw (T) t; }

    static Runnable once(Body body) { return () -> quietly(body); }

    static Runnable prepare(String form) throws Throwable {
        return switch (form) {
            // C7
            case "loop" -> () -> { for (;;) {} };
            case "counted" -> () -> { for (;;) for (int i = 0; i < Integer.MAX_VALUE; i++) count = i; };
            case "initializer" -> () -> sink = Endless.x;
            case "comparator" -> () -> new ArrayList<>(List.of(2, 1)).sort((a, b) -> { for (;;) {} });
            case "finalizer" -> () -> { new Finalizing(); for (;;) { System.gc(); LockSupport.parkNanos(1000_000); } };
            case "cleaner" -> () -> {
                Cleaner.create().register(new Object(), () -> { for (;;) count++; });
                for (;;) { System.gc(); LockSupport.parkNanos(1000_000); }
            };
            case "loader" -> once(() -> Class.forName("x.Y", true, new ClassLoader() {
                protected Class<?> findClass(String name) { for (;;) count++; }
            }));
            case "method handle" -> once(() -> {
                var spin = MethodHandles.lookup().findStatic(Runaway.class, "spin", java.lang.invoke.MethodType.methodType(void.class));
                spin.invokeExact();
            });
            case "reflection" -> once(() -> Runaway.class.getDeclaredMethod("spin").invoke(null));
            case "stream" -> () -> java.util.stream.Stream.iterate(0, x -> x + 1).filter(x -> x < 0).findFirst();
            case "parallel stream" -> () -> java.util.stream.LongStream.range(0, Long.MAX_VALUE).parallel().filter(x -> x < 0).findAny();
            // C8
            case "arraycopy" -> { byte[] a = new byte[LARGE], b = new byte[LARGE]; yield forever(() -> System.arraycopy(a, 0, b, 0, LARGE)); }
            case "arraycopy objects" -> {
                Object[] a = new Object[LARGE / 8]; Arrays.fill(a, "x"); Object[] b = new String[LARGE / 8];
                yield forever(() -> System.arraycopy(a, 0, b, 0, a.length));
            }
            case "fill" -> { byte[] a = new byte[LARGE]; yield forever(() -> Arrays.fill(a, (byte) 1)); }
            case "equals" -> { byte[] a = new byte[LARGE], b = new byte[LARGE]; yield forever(() -> count = Arrays.equals(a, b) ? 1 : 0); }
            case "clone" -> { byte[] a = new byte[LARGE]; yield forever(() -> sink = a.clone()); }
            case "crc" -> { byte[] a = new byte[LARGE]; CRC32 crc = new CRC32(); yield forever(() -> crc.update(a)); }
            case "adler" -> { byte[] a = new byte[LARGE]; Adler32 adler = new Adler32(); yield forever(() -> adler.update(a)); }
            case "digest" -> { byte[] a = new byte[LARGE]; var sha = MessageDigest.getInstance("SHA-256"); yield forever(() -> sha.update(a)); }
            case "deflate" -> {
                byte[] a = new byte[LARGE], out = new byte[LARGE]; new Random(1).nextBytes(a);
                yield forever(() -> { var d = new Deflater(9); d.setInput(a); d.finish(); d.deflate(out); d.end(); });
            }
            case "inflate" -> {
                byte[] bomb = bomb();
                byte[] out = new byte[LARGE];
                yield forever(() -> { var i = new Inflater(); i.setInput(bomb); i.inflate(out); i.end(); });
            }
            case "index of" -> { String s = "a".repeat(LARGE); yield forever(() -> count = s.indexOf("ab")); }
            case "string equals" -> { String s = "a".repeat(LARGE), t = "a".repeat(LARGE); yield forever(() -> count = s.compareTo(t)); }
            case "intern" -> { String s = "a".repeat(LARGE); yield forever(() -> sink = s.intern()); }
            case "concat" -> { String s = "\u1234".repeat(LARGE / 8); yield forever(() -> sink = s + s); }
            case "multiply" -> { BigInteger a = BigInteger.ONE.shiftLeft(4_000_000).subtract(BigInteger.ONE); yield forever(() -> sink = a.multiply(a)); }
            case "digits" -> () -> sink = BigInteger.TWO.pow(30_000_000).toString();
            case "big decimal" -> once(() -> sink = new BigDecimal("1E100000000").toBigInteger());
            case "power" -> () -> sink = BigInteger.valueOf(3).pow(1_200_000_000);
            case "set memory" -> { ByteBuffer b = ByteBuffer.allocateDirect(LARGE), c = ByteBuffer.allocateDirect(LARGE); yield forever(() -> { b.clear(); c.clear(); b.put(c); }); }
            case "mismatch" -> { ByteBuffer b = ByteBuffer.allocateDirect(LARGE), c = ByteBuffer.allocateDirect(LARGE); yield forever(() -> count = b.mismatch(c)); }
            case "new arrays" -> forever(() -> sink = new byte[LARGE]);
            case "sort" -> { int[] a = new Random(1).ints(LARGE / 16).toArray(); yield forever(() -> Arrays.sort(a.clone())); }
            case "hash" -> { byte[] a = new byte[LARGE]; yield forever(() -> count = Arrays.hashCode(a)); }
            case "regex" -> () -> Pattern.compile("(.*)".repeat(8) + "b").matcher("a".repeat(300)).matches();
            case "regex groups" -> () -> Pattern.compile("(a|aa)*\\1b").matcher("a".repeat(64)).matches();
            case "deep equals" -> { Object a = nested(60), b = nested(60); yield () -> count = Objects.deepEquals(a, b) ? 1 : 0; }
            case "nested sets" -> { Set<Object> s = sets(60); yield () -> count = s.hashCode(); }
            case "hash flood" -> { Map<Object, Object> m = new HashMap<>(); yield () -> { for (;;) m.put(new Colliding(), ""); }; }
            // C9
            case "sleep" -> forever(() -> Thread.sleep(Long.MAX_VALUE));
            case "park" -> forever(LockSupport::park);
            case "wait" -> once(() -> { synchronized (LOCK) { for (;;) LOCK.wait(); } });
            case "join" -> once(() -> Thread.currentThread().join());
            case "read" -> once(() -> System.in.read());
            case "write" -> once(() -> { System.setOut(null); var out = new FileOutputStream(FileDescriptor.err); byte[] a = new byte[1 << 20]; for (;;) out.write(a); });
            case "pipe" -> { var pipe = Pipe.open(); yield once(() -> pipe.source().read(ByteBuffer.allocate(1))); }
            case "pipe write" -> { var pipe = Pipe.open(); yield once(() -> { for (;;) pipe.sink().write(ByteBuffer.allocate(1 << 20)); }); }
            case "accept" -> { var s = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()); yield once(s::accept); }
            case "socket" -> {
                var s = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var c = new Socket(s.getInetAddress(), s.getLocalPort());
                yield once(() -> c.getInputStream().read());
            }
            case "receive" -> { var s = new DatagramSocket(); yield once(() -> s.receive(new DatagramPacket(new byte[1], 1))); }
            case "select" -> { var s = Selector.open(); yield forever(s::select); }
            case "file lock" -> {
                Path file = Files.createTempFile("carafe", "lock");
                var a = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
                var b = new RandomAccessFile(file.toFile(), "rw").getChannel();
                a.lock(0, 1, false);
                yield once(() -> { for (;;) try { b.lock(0, 1, false); } catch (OverlappingFileLockException e) { count++; } });
            }
            case "dead owner" -> {
                Lock lock = new ReentrantLock();
                Thread owner = new Thread(lock::lock); owner.start(); owner.join();
                yield lock::lock;
            }
            case "monitor" -> {
                var taken = new CountDownLatch(1);
                Thread.ofPlatform().daemon().start(() -> { synchronized (LOCK) { taken.countDown(); for (;;) count++; } });
                taken.await();
                yield () -> { synchronized (LOCK) { count = 0; } };
            }
            case "queue" -> once(() -> new SynchronousQueue<>().take());
            case "virtual sleep" -> once(() -> Thread.ofVirtual().start(() -> quietly(() -> Thread.sleep(Long.MAX_VALUE))).join());
            // C10
            case "catch" -> () -> { for (;;) try { for (;;) {} } catch (Throwable t) { System.out.println("caught"); } };
            case "finally" -> () -> { for (;;) try { for (;;) {} } finally { System.out.println("finally"); continue; } };
            case "uncaught" -> once(() -> {
                Thread t = new Thread(() -> { throw new Error(); });
                t.setUncaughtExceptionHandler((x, e) -> { for (;;) count++; });
                t.start();
                t.join();
            });
            case "hook" -> () -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> { for (;;) try { for (;;) {} } finally { continue; } }));
                System.exit(0);
            };
            case "breeding cleaner" -> () -> {
                Cleaner cleaner = Cleaner.create();
                for (;;) { cleaner.register(new Object(), () -> new Thread(() -> { for (;;) count++; }).start()); System.gc(); LockSupport.parkNanos(20_000_000); }
            };
            case "collecting" -> {
                List<byte[]> live = new ArrayList<>();
                for (int i = 0; i < 4000; i++) live.add(new byte[4000]);
                yield () -> { for (;;) { System.gc(); sink = live; } };
            }
            case "allocating" -> { Object[] ring = new Object[20_000]; yield () -> { for (int i = 0; ; i++) ring[i % ring.length] = new Object[200]; }; }
            case "loading" -> { byte[] bytes = own(); yield forever(() -> new Definer().define(bytes)); }
            case "inflating" -> () -> {
                for (int i = 0; i < 4; i++) Thread.ofPlatform().daemon().start(() -> { for (;;) synchronized (LOCK) { LOCK.notifyAll(); count++; } });
                for (;;) synchronized (LOCK) { quietly(() -> LOCK.wait(1)); }
            };
            case "recursion" -> () -> { for (;;) try { deep(0); } catch (StackOverflowError e) { count++; } };
            case "throwing" -> () -> { for (;;) try { throw new Exception(); } catch (Exception e) { count++; } };
            case "out of memory" -> () -> {
                for (;;) try { List<byte[]> all = new ArrayList<>(); for (;;) all.add(new byte[100_000]); } catch (OutOfMemoryError e) { count++; }
            };
            // C14, C15
            case "threads" -> () -> { for (int i = 0; i < 20; i++) Thread.ofPlatform().start(() -> { for (;;) count++; }); for (;;) count++; };
            case "thread flood" -> () -> { for (;;) try { new Thread(LockSupport::park).start(); } catch (OutOfMemoryError e) { count++; } };
            case "virtual flood" -> () -> { for (;;) Thread.startVirtualThread(LockSupport::park); };
            case "virtual loops" -> () -> { for (int i = 0; i < 100; i++) Thread.startVirtualThread(() -> { for (;;) count++; }); for (;;) count++; };
            case "timers" -> () -> { for (;;) try { new Timer(true).schedule(new TimerTask() { public void run() {} }, 0, 1); } catch (OutOfMemoryError e) { count++; } };
            case "deadlock" -> once(() -> {
                Object a = new Object(), b = new Object();
                var both = new CyclicBarrier(2);
                Thread t = new Thread(() -> quietly(() -> { synchronized (a) { both.await(); synchronized (b) { count = 1; } } }));
                t.start();
                synchronized (b) { both.await(); synchronized (a) { count = 2; } }
            });
            case "livelock" -> () -> { AtomicFlag f = new AtomicFlag(); for (;;) if (!f.set) Thread.yield(); };
            case "pinned" -> () -> {
                for (int i = 0; i < 10; i++) Thread.startVirtualThread(() -> { synchronized (new Object()) { for (;;) count++; } });
                for (;;) Thread.yield();
            };
            // C18
            case "host call" -> once(() -> plugin.Host.block());
            case "host calls" -> () -> { for (;;) plugin.Host.nothing(); };
            default -> throw new IllegalArgumentException(form);
        };
    }

    static class AtomicFlag { volatile boolean set; }

    static void spin() { for (;;) count++; }

    static int deep(int n) { return deep(n + 1) + 1; }

    static byte[] bomb() {
        byte[] zeros = new byte[LARGE], out = new byte[1 << 20];
        Deflater deflater = new Deflater(1);
        deflater.setInput(zeros);
        deflater.finish();
        return Arrays.copyOf(out, deflater.deflate(out));
    }

    static Object nested(int depth) {
        Object o = new Object[] {""};
        for (int i = 0; i < depth; i++) o = new Object[] {o, o};
        return o;
    }

    static Set<Object> sets(int depth) {
        Set<Object> s = new HashSet<>();
        for (int i = 0; i < depth; i++) { Set<Object> t = new LinkedHashSet<>(); list(t).add(s); list(t).add(new ArrayList<>(List.of(s))); s = t; }
        return s;
    }

    /** Adds to the set without asking for the element's hash more than once. */
    static Collection<Object> list(Set<Object> to) {
        return new AbstractCollection<>() {
            public boolean add(Object o) { return to.add(new Wrapped(o)); }
            public Iterator<Object> iterator() { return to.iterator(); }
            public int size() { return to.size(); }
        };
    }

    static class Wrapped {
        final Object of;
        boolean asked;
        Wrapped(Object of) { this.of = of; }
        public int hashCode() { if (!asked) { asked = true; return 1; } return of.hashCode(); }
    }

    static class Colliding { public int hashCode() { return 1; } }

    static class Endless {
        static int x;
        static { while (x >= 0) x = (x + 1) & 0xff; }
    }

    static class Finalizing {
        @SuppressWarnings("removal")
        protected void finalize() { for (;;) count++; }
    }

    static byte[] own() throws IOException {
        try (InputStream in = Runaway.class.getResourceAsStream("Runaway.class")) { return in.readAllBytes(); }
    }

    static class Definer extends ClassLoader {
        void define(byte[] bytes) { sink = defineClass("Runaway", bytes, 0, bytes.length); }
    }
}
