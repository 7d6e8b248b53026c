import java.io.*;
import java.lang.invoke.*;
import java.lang.reflect.*;
import java.util.*;
import java.util.concurrent.atomic.*;

/** Attacks that the class library itself stops: carafe's outcome is to be HotSpot's, line by line. */
public class Library {
    interface Attack {
        Object run() throws Throwable;
    }

    static void attempt(String what, Attack attack) {
        String outcome;
        try {
            Object result = attack.run();
            outcome = "gave " + (result instanceof Object[] array ? Arrays.toString(array) : result);
        } catch (Throwable e) {
            String message = String.valueOf(e.getMessage());
            // Where classes come from, and hashes, differ from run to run.
            message = message.replaceAll("@[0-9a-f]+", "@hash").replaceAll("loader 'app'.*", "loader 'app'");
            outcome = e.getClass().getName() + ": " + message;
        }
        System.out.println(what + ": " + outcome);
    }

    public static void main(String[] args) {
        rawTypes();
        lengths();
        reflection();
        modules();
        hidden();
        lookups();
        managers();
        finalizers();
        deserialisation();
        locks();
    }

    // ---- B3: wrong receivers and values through raw types

    static class Holder {
        volatile String text = "text";
        volatile int number = 1;
        volatile long wide = 2;
    }

    @SuppressWarnings({"rawtypes", "unchecked"})
    static void rawTypes() {
        AtomicReferenceFieldUpdater reference = AtomicReferenceFieldUpdater.newUpdater(Holder.class, String.class, "text");
        AtomicIntegerFieldUpdater number = AtomicIntegerFieldUpdater.newUpdater(Holder.class, "number");
        AtomicLongFieldUpdater wide = AtomicLongFieldUpdater.newUpdater(Holder.class, "wide");
        Holder holder = new Holder();
        for (int i = 0; i < 200; i++) {
            // Often enough to be compiled, where there is a compiler.
            try {
                reference.set("x", "y");
            } catch (ClassCastException e) {
                continue;
            }
            throw new AssertionError();
        }
        attempt("updater, receiver", () -> reference.getAndSet("no holder", "x"));
        attempt("updater, value", () -> reference.getAndSet(holder, 7));
        attempt("updater, cas", () -> reference.compareAndSet(holder, "text", new Object()));
        attempt("int updater, receiver", () -> number.incrementAndGet("no holder"));
        attempt("int updater, null", () -> number.incrementAndGet(null));
        attempt("long updater, receiver", () -> wide.addAndGet(new Object(), 5));
        attempt("updater, wrong type", () -> AtomicReferenceFieldUpdater.newUpdater(Holder.class, Integer.class, "text"));
        attempt("updater, not volatile", () -> AtomicIntegerFieldUpdater.newUpdater(Point.class, "x"));
        attempt("updater, private of the library", () -> AtomicIntegerFieldUpdater.newUpdater(String.class, "hash"));
        attempt("VarHandle, receiver", () -> {
            VarHandle handle = MethodHandles.lookup().findVarHandle(Holder.class, "text", String.class);
            return (String) handle.getVolatile((Object) "x");
        });
        attempt("VarHandle, value", () -> {
            VarHandle handle = MethodHandles.lookup().findVarHandle(Holder.class, "text", String.class);
            handle.set((Object) holder, (Object) 7);
            return holder.text;
        });
        attempt("VarHandle, exact", () -> {
            VarHandle handle = MethodHandles.lookup().findVarHandle(Holder.class, "number", int.class).withInvokeExactBehavior();
            return (long) handle.get(holder);
        });
        attempt("VarHandle, array store", () -> {
            VarHandle handle = MethodHandles.arrayElementVarHandle(Object[].class);
            handle.setVolatile((Object[]) new String[1], 0, (Object) 7);
            return null;
        });
        attempt("VarHandle, array index", () -> (int) MethodHandles.arrayElementVarHandle(int[].class).getAcquire(new int[3], 3));
        attempt("VarHandle, bytes", () ->
                (long) MethodHandles.byteArrayViewVarHandle(long[].class, java.nio.ByteOrder.nativeOrder()).get(new byte[8], 1));
        attempt("MethodHandle, exact", () -> {
            MethodHandle handle = MethodHandles.lookup().findVirtual(String.class, "length", MethodType.methodType(int.class));
            return (int) handle.invokeExact((Object) "x");
        });
        attempt("MethodHandle, receiver", () -> {
            MethodHandle handle = MethodHandles.lookup().findVirtual(String.class, "length", MethodType.methodType(int.class));
            return (int) handle.invoke((Object) 7);
        });
        attempt("MethodHandle, arguments", () -> {
            MethodHandle handle = MethodHandles.lookup().findVirtual(String.class, "length", MethodType.methodType(int.class));
            return handle.invokeWithArguments("a", "b");
        });
        attempt("MethodHandle, spread", () ->
                MethodHandles.lookup().findStatic(Math.class, "max", MethodType.methodType(int.class, int.class, int.class))
                        .asSpreader(Object[].class, 2).invoke(new Object[] {1, "x"}));
        attempt("collection", () -> {
            List list = new ArrayList<String>();
            list.add(7);
            return ((List<String>) list).get(0).length();
        });
        attempt("checked collection", () -> Collections.checkedList((List) new ArrayList<String>(), String.class).add(7));
        attempt("toArray", () -> new ArrayList(List.of(1, 2)).toArray(new String[0]));
        attempt("array store", () -> ((Object[]) new String[1])[0] = 7);
        attempt("arraycopy", () -> {
            Object[] to = new String[2];
            System.arraycopy(new Object[] {"x", 7}, 0, to, 0, 2);
            return to;
        });
        attempt("reflected array", () -> {
            Array.setInt(new byte[1], 0, 7);
            return null;
        });
        attempt("reflected field", () -> {
            Holder.class.getDeclaredField("text").set(holder, 7);
            return null;
        });
        attempt("reflected field, receiver", () -> Holder.class.getDeclaredField("text").get("x"));
        attempt("reflected method, receiver", () -> String.class.getMethod("length").invoke(7));
        attempt("clone", () -> ((Object) new int[] {1}).getClass().cast("x"));
    }

    record Point(int x, int y) {}

    // ---- B7: lengths near the end of int

    static void lengths() {
        int max = Integer.MAX_VALUE;
        byte[] bytes = new byte[16];
        for (int[] c : new int[][] {{0, 8, max}, {max, 0, 1}, {1, max, max}, {-1, 0, 1}, {0, -1, 1}, {0, 0, -1}, {8, 8, 9},
            {max, max, max}, {Integer.MIN_VALUE, 0, max}}) {
            attempt("arraycopy " + Arrays.toString(c), () -> {
                System.arraycopy(bytes, c[0], bytes, c[1], c[2]);
                return null;
            });
            attempt("String " + Arrays.toString(c), () -> new String(bytes, c[0], c[2], "ISO-8859-1"));
            attempt("buffer " + Arrays.toString(c), () -> java.nio.ByteBuffer.allocate(16).put(c[1] & 15, bytes, c[0], c[2]));
            attempt("stream " + Arrays.toString(c), () -> new ByteArrayInputStream(bytes).read(bytes, c[0], c[2]));
            attempt("crc " + Arrays.toString(c), () -> {
                new java.util.zip.CRC32().update(bytes, c[0], c[2]);
                return null;
            });
            attempt("inflater " + Arrays.toString(c), () -> {
                java.util.zip.Inflater inflater = new java.util.zip.Inflater();
                inflater.setInput(bytes, c[0], c[2]);
                return null;
            });
            attempt("digest " + Arrays.toString(c), () -> {
                java.security.MessageDigest.getInstance("SHA-256").update(bytes, c[0], c[2]);
                return null;
            });
            attempt("mismatch " + Arrays.toString(c), () -> Arrays.mismatch(bytes, c[0], c[2], bytes, c[1], c[2]));
            attempt("fill " + Arrays.toString(c), () -> {
                Arrays.fill(bytes, c[0], c[2], (byte) 0);
                return null;
            });
            attempt("copyOfRange " + Arrays.toString(c), () -> Arrays.copyOfRange(bytes, c[0], c[0] > 16 ? c[0] : c[1]).length);
            attempt("segment " + Arrays.toString(c), () ->
                    java.lang.foreign.MemorySegment.ofArray(bytes).asSlice(c[0], c[2]).byteSize());
        }
        attempt("negative array", () -> new int[-1]);
        attempt("negative dimension", () -> Array.newInstance(int.class, 3, -1));
        attempt("dimensions", () -> Array.newInstance(int.class, new int[256]));
        attempt("repeat", () -> "ab".repeat(max));
        attempt("direct", () -> java.nio.ByteBuffer.allocateDirect(-1));
        attempt("arena", () -> java.lang.foreign.Arena.ofAuto().allocate(-1));
        attempt("arena, alignment", () -> java.lang.foreign.Arena.ofAuto().allocate(8, 3));
        attempt("empty segment", () -> java.lang.foreign.MemorySegment.ofAddress(1234).get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0));
        attempt("BitSet", () -> BitSet.valueOf(new long[1]).get(-1));
        attempt("substring", () -> "abc".substring(2, 1));
        attempt("charAt", () -> "abc".charAt(max));
        attempt("builder", () -> new StringBuilder("abc").insert(max, "x"));
        attempt("builder length", () -> {
            new StringBuilder("abc").setLength(-1);
            return null;
        });
    }

    // ---- B9: reflection on what is closed

    static void reflection() {
        attempt("String.value", () -> {
            String.class.getDeclaredField("value").setAccessible(true);
            return null;
        });
        attempt("String.value, unasked", () -> String.class.getDeclaredField("value").get("x"));
        attempt("trySetAccessible", () -> String.class.getDeclaredField("value").trySetAccessible());
        attempt("private constructor", () -> {
            Constructor<?> constructor = Class.class.getDeclaredConstructors()[0];
            constructor.setAccessible(true);
            return constructor;
        });
        attempt("Unsafe", () -> {
            Field field = Class.forName("jdk.internal.misc.Unsafe").getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return field.get(null);
        });
        attempt("getUnsafe", () -> Class.forName("jdk.internal.misc.Unsafe").getMethod("getUnsafe").invoke(null));
        attempt("SharedSecrets", () ->
                Class.forName("jdk.internal.access.SharedSecrets").getMethod("getJavaLangAccess").invoke(null));
        for (Class<?> type : new Class<?>[] {Class.class, Module.class, AccessibleObject.class, Field.class, Method.class,
            Constructor.class, ClassLoader.class, MethodHandles.Lookup.class, System.class}) {
            attempt("fields of " + type.getSimpleName(), () -> {
                List<String> names = new ArrayList<>();
                for (Field field : type.getDeclaredFields()) names.add(field.getName());
                names.retainAll(List.of("override", "module", "classLoader", "loader", "allowedModes", "lookupClass", "security",
                        "accessCheckCache", "parent", "classes", "layer", "descriptor", "root", "slot"));
                return names;
            });
        }
        attempt("final static", () -> {
            Field field = Library.class.getDeclaredField("FINAL");
            field.setAccessible(true);
            field.set(null, "changed");
            return FINAL;
        });
        attempt("record field", () -> {
            Point point = new Point(1, 2);
            Field field = Point.class.getDeclaredField("x");
            field.setAccessible(true);
            field.set(point, 7);
            return point;
        });
        attempt("enum", () -> {
            Constructor<?> constructor = Thread.State.class.getDeclaredConstructors()[0];
            constructor.setAccessible(true);
            return constructor.newInstance("X", 7);
        });
        attempt("defineClass", () -> {
            Method method = ClassLoader.class.getDeclaredMethod("defineClass", byte[].class, int.class, int.class);
            method.setAccessible(true);
            return method;
        });
        attempt("invoke a caller-sensitive method", () -> Class.class.getMethod("forName", String.class)
                .invoke(null, "jdk.internal.misc.VM").toString());
        attempt("MethodHandle of invoke", () -> MethodHandles.lookup()
                .findVirtual(Method.class, "invoke", MethodType.methodType(Object.class, Object.class, Object[].class))
                .invoke(String.class.getDeclaredMethod("coder"), "x", new Object[0]));
    }

    static final String FINAL = new String("final");

    // ---- B10: modules

    static void modules() {
        Module base = Object.class.getModule(), own = Library.class.getModule();
        attempt("addOpens", () -> base.addOpens("java.lang", own));
        attempt("addExports", () -> base.addExports("jdk.internal.misc", own));
        attempt("addReads", () -> base.addReads(own));
        attempt("addUses", () -> base.addUses(Runnable.class));
        attempt("own addOpens", () -> own.addOpens("x", base) == own);
        attempt("implAddOpens", () -> {
            Method method = Module.class.getDeclaredMethod("implAddOpens", String.class);
            method.setAccessible(true);
            return method.invoke(base, "java.lang");
        });
        attempt("controller", () -> {
            ModuleLayer.Controller controller = ModuleLayer.defineModulesWithOneLoader(
                    ModuleLayer.boot().configuration().resolve(
                            java.lang.module.ModuleFinder.of(), java.lang.module.ModuleFinder.of(), Set.of()),
                    List.of(ModuleLayer.boot()), ClassLoader.getSystemClassLoader());
            return controller.addOpens(base, "java.lang", own);
        });
        attempt("layer of java.base", () -> ModuleLayer.boot().findModule("java.base").get().isOpen("java.lang", own));
        attempt("isExported", () -> base.isExported("jdk.internal.misc", own));
    }

    // ---- B11: hidden classes and proxies

    static void hidden() {
        attempt("hidden in another package", () -> MethodHandles.lookup().defineHiddenClass(bytes("java/lang/Evil"), true));
        attempt("class in another package", () -> MethodHandles.lookup().defineClass(bytes("java/lang/Evil")));
        attempt("nestmate of the library", () -> MethodHandles.privateLookupIn(String.class, MethodHandles.lookup())
                .defineHiddenClass(bytes("java/lang/Evil"), true, MethodHandles.Lookup.ClassOption.NESTMATE));
        attempt("hidden of one's own", () -> MethodHandles.lookup().defineHiddenClass(bytes("Evil"), true).lookupClass().isHidden());
        attempt("proxy of a closed interface", () -> Proxy.newProxyInstance(Library.class.getClassLoader(),
                new Class<?>[] {Class.forName("jdk.internal.access.JavaLangAccess")}, (p, m, a) -> null));
        attempt("proxy in another loader", () -> Proxy.newProxyInstance(null, new Class<?>[] {Attack.class}, (p, m, a) -> null));
        attempt("proxy", () -> {
            Object proxy = Proxy.newProxyInstance(Library.class.getClassLoader(), new Class<?>[] {Runnable.class}, (p, m, a) -> null);
            return proxy.getClass().getModule() == Object.class.getModule();
        });
        attempt("loader, java.lang", () -> new ClassLoader() {
            Class<?> define() {
                byte[] bytes = bytes("java/lang/Evil");
                return defineClass(null, bytes, 0, bytes.length);
            }
        }.define());
    }

    /** The smallest class of a name. */
    static byte[] bytes(String name) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            DataOutputStream data = new DataOutputStream(out);
            data.writeInt(0xcafebabe);
            data.writeInt(61);
            data.writeShort(5);
            data.writeByte(1);
            data.writeUTF(name);
            data.writeByte(7);
            data.writeShort(1);
            data.writeByte(1);
            data.writeUTF("java/lang/Object");
            data.writeByte(7);
            data.writeShort(3);
            data.writeShort(0x21);
            data.writeShort(2);
            data.writeShort(4);
            for (int i = 0; i < 4; i++) data.writeShort(0);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- B9: lookups

    static void lookups() {
        MethodHandles.Lookup own = MethodHandles.lookup();
        attempt("privateLookupIn", () -> MethodHandles.privateLookupIn(String.class, own));
        attempt("in", () -> own.in(String.class).findVirtual(String.class, "coder", MethodType.methodType(byte.class)));
        attempt("private virtual", () -> own.findVirtual(String.class, "coder", MethodType.methodType(byte.class)));
        attempt("private getter", () -> own.findGetter(String.class, "value", byte[].class));
        attempt("private static", () -> own.findStatic(Class.class, "registerNatives", MethodType.methodType(void.class)));
        attempt("special", () -> own.findSpecial(Object.class, "clone", MethodType.methodType(Object.class), Object.class));
        attempt("IMPL_LOOKUP", () -> own.findStaticGetter(MethodHandles.Lookup.class, "IMPL_LOOKUP", MethodHandles.Lookup.class));
        attempt("closed class", () -> own.findClass("jdk.internal.misc.Unsafe"));
        attempt("linkToStatic", () -> MethodHandle.class.getDeclaredMethod("linkToStatic", Object[].class).invoke(null, (Object) new Object[0]));
        attempt("dropped", () -> own.dropLookupMode(MethodHandles.Lookup.PRIVATE).findStaticGetter(Library.class, "FINAL", String.class).type());
        attempt("revealDirect", () -> MethodHandles.publicLookup().revealDirect(
                own.findStatic(Library.class, "locks", MethodType.methodType(void.class))).getName());
    }

    // ---- B15: managers, and the arguments of checks

    @SuppressWarnings("removal")
    static void managers() {
        attempt("setSecurityManager", () -> {
            System.setSecurityManager(new SecurityManager());
            return null;
        });
        attempt("getSecurityManager", System::getSecurityManager);
        attempt("stop", () -> {
            Thread.currentThread().stop();
            return null;
        });
        attempt("suspend", () -> Thread.class.getMethod("suspend"));
        attempt("loaders", () -> Class.forName("sun.misc.Launcher"));
        attempt("instrumentation", () -> Class.forName("sun.instrument.InstrumentationImpl").getMethods().length > 0
                ? Class.forName("sun.instrument.InstrumentationImpl").getDeclaredConstructors()[0].newInstance() : null);
    }

    // ---- B38: objects that escape a constructor that throws

    static class Leaking extends Thread {
        static volatile Leaking leaked;

        Leaking() {
            super(fail(), "leaking");
        }

        @Override
        @SuppressWarnings("removal")
        protected void finalize() {
            leaked = this;
        }

        static ThreadGroup fail() {
            throw new IllegalStateException("refused");
        }
    }

    static void finalizers() {
        attempt("constructor", Leaking::new);
        System.gc();
        attempt("leaked", () -> {
            // Whether the finalizer came to it or not: such a thread starts nowhere.
            Leaking.leaked.start();
            return null;
        });
    }

    // ---- B19: deserialisation

    static class Gadget implements Serializable {
        final String path = "/etc/passwd";

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            throw new InvalidObjectException("run at " + path);
        }
    }

    static void deserialisation() {
        attempt("gadget", () -> copy(new Gadget()));
        attempt("lambda", () -> ((Comparator<?>) copy((Comparator<String> & Serializable) (a, b) -> 0)).compare(null, null));
        attempt("filter", () -> {
            ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(serial(new ArrayList<>(List.of(1)))));
            in.setObjectInputFilter(ObjectInputFilter.Config.createFilter("!java.util.*"));
            return in.readObject();
        });
        attempt("class of the library that is not serializable", () -> {
            byte[] bytes = serial(new Gadget());
            String text = new String(bytes, "ISO-8859-1").replace("Library$Gadget", "java.lang.Opt");
            return new ObjectInputStream(new ByteArrayInputStream(text.getBytes("ISO-8859-1"))).readObject();
        });
        attempt("class object", () -> copy(int[].class));
        attempt("huge array", () -> {
            byte[] bytes = serial(new byte[3]);
            bytes[bytes.length - 7] = 0x7f;
            bytes[bytes.length - 6] = (byte) 0xff;
            ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes));
            in.setObjectInputFilter(ObjectInputFilter.Config.createFilter("maxarray=100"));
            return in.readObject();
        });
        attempt("garbage", () -> new ObjectInputStream(new ByteArrayInputStream(new byte[64])).readObject());
        attempt("thread", () -> serial(new Thread()));
        attempt("lookup", () -> serial(MethodHandles.lookup()));
    }

    static byte[] serial(Object object) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ObjectOutputStream stream = new ObjectOutputStream(out)) {
            stream.writeObject(object);
        }
        return out.toByteArray();
    }

    static Object copy(Object object) throws IOException, ClassNotFoundException {
        return new ObjectInputStream(new ByteArrayInputStream(serial(object))).readObject();
    }

    static void locks() {
        attempt("notify unowned", () -> {
            new Object().notify();
            return null;
        });
        attempt("unlock unowned", () -> {
            new java.util.concurrent.locks.ReentrantLock().unlock();
            return null;
        });
    }
}
