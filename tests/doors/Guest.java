import java.io.*;
import java.lang.foreign.*;
import java.lang.invoke.*;
import java.lang.reflect.*;
import java.net.URI;
import java.nio.file.*;
import java.util.*;

/** Tries doors of the library, and prints what came of it: one line for each attempt. */
public class Guest {
    interface Attempt {
        Object run() throws Throwable;
    }

    static void attempt(String what, Attempt attempt) {
        String outcome;
        try {
            outcome = "gave " + attempt.run();
        } catch (Throwable t) {
            Throwable cause = t;
            while (cause instanceof InvocationTargetException || cause instanceof ExceptionInInitializerError) cause = cause.getCause();
            outcome = cause.getClass().getName() + ": " + cause.getMessage();
        }
        System.out.println(what + ": " + outcome);
    }

    /** Linked only when it is called. */
    static class Direct {
        static Object unsafe() {
            return sun.misc.Unsafe.class.getName();
        }

        static Object factory() {
            return sun.reflect.ReflectionFactory.getReflectionFactory() != null;
        }
    }

    static class Own extends ClassLoader {
        Class<?> define(String name, byte[] bytes) {
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    static Object call(String type, String method, Object... args) throws Throwable {
        for (Method m : Class.forName(type).getMethods()) {
            if (m.getName().equals(method) && m.getParameterCount() == args.length) return m.invoke(null, args);
        }
        throw new NoSuchMethodException(method);
    }

    static void unsupported() {
        for (String name : new String[] {"sun.misc.Unsafe", "sun.reflect.ReflectionFactory"}) {
            attempt("name " + name, () -> Class.forName(name).getName());
            attempt("platform " + name, () -> ClassLoader.getPlatformClassLoader().loadClass(name).getName());
            attempt("lookup " + name, () -> MethodHandles.lookup().findClass(name).getName());
            attempt("module " + name, () -> Class.forName(ModuleLayer.boot().findModule("jdk.unsupported").get(), name));
            attempt("array " + name, () -> Class.forName("[L" + name + ";").getSimpleName());
        }
        attempt("direct unsafe", Direct::unsafe);
        attempt("direct factory", Direct::factory);
        attempt("type", () -> MethodType.fromMethodDescriptorString("()Lsun/misc/Unsafe;", null).returnType().getName());
        attempt("copy", () -> {
            byte[] bytes = Files.readAllBytes(Path.of(URI.create("jrt:/jdk.unsupported/sun/misc/Unsafe.class")));
            Class<?> copy = new Own().define("sun.misc.Unsafe", bytes);
            Field f = copy.getDeclaredField("theUnsafe");
            f.setAccessible(true);
            return f.get(null);
        });
        attempt("signal", () -> Class.forName("sun.misc.Signal").getName());
    }

    static void internals() {
        attempt("internal unsafe", () -> call("jdk.internal.misc.Unsafe", "getUnsafe"));
        attempt("internal field", () -> {
            Field f = Class.forName("jdk.internal.misc.Unsafe").getDeclaredField("theUnsafe");
            f.setAccessible(true);
            return f.get(null);
        });
        attempt("secrets", () -> call("jdk.internal.access.SharedSecrets", "getJavaLangAccess"));
        attempt("private lookup", () -> MethodHandles.privateLookupIn(Class.forName("java.lang.ClassLoader"), MethodHandles.lookup()));
        attempt("own export", () -> Guest.class.getModule().addExports("x", Guest.class.getModule()));
        attempt("their opens", () -> Object.class.getModule().addOpens("java.lang", Guest.class.getModule()));
        attempt("agent", () -> call("sun.instrument.InstrumentationImpl", "loadAgent", "x.jar"));
        attempt("compiler", () -> call("jdk.vm.ci.runtime.JVMCI", "getRuntime"));
        attempt("attach", () -> call("com.sun.tools.attach.VirtualMachine", "attach", "1"));
        attempt("attach other", () -> call("com.sun.tools.attach.VirtualMachine", "attach", "99999"));
        attempt("attach list", () -> ((List<?>) call("com.sun.tools.attach.VirtualMachine", "list")).size());
        attempt("debugger", () -> {
            Object manager = call("com.sun.jdi.Bootstrap", "virtualMachineManager");
            Object connector = manager.getClass().getMethod("defaultConnector").invoke(manager);
            return connector;
        });
        attempt("recorder", () -> call("jdk.jfr.FlightRecorder", "getFlightRecorder"));
        attempt("recording", () -> {
            Object recording = Class.forName("jdk.jfr.Recording").getConstructor().newInstance();
            recording.getClass().getMethod("start").invoke(recording);
            return recording;
        });
        attempt("library", () -> {
            System.loadLibrary("net");
            return "loaded";
        });
        attempt("lookup", () -> SymbolLookup.libraryLookup("libc.so.6", Arena.global()));
        attempt("downcall", () -> Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(ValueLayout.JAVA_INT)));
        attempt("default symbol", () -> Linker.nativeLinker().defaultLookup().find("getpid").isPresent());
        attempt("reinterpret", () -> MemorySegment.ofAddress(4096).reinterpret(8).get(ValueLayout.JAVA_LONG, 0));
        attempt("security manager", () -> {
            System.setSecurityManager(null);
            return "set";
        });
    }

    static void watch(String... folders) throws Exception {
        try (WatchService service = FileSystems.getDefault().newWatchService()) {
            for (String folder : folders) {
                attempt("watch", () -> Path.of(folder).register(service, StandardWatchEventKinds.ENTRY_CREATE).isValid());
            }
        }
        attempt("closed", () -> FileSystems.getDefault().newWatchService().poll());
    }

    static void event(String denied, String folder, String file) throws Exception {
        try (WatchService service = FileSystems.getDefault().newWatchService()) {
            attempt("denied", () -> Path.of(denied).register(service, StandardWatchEventKinds.ENTRY_CREATE));
            WatchKey key = Path.of(folder).register(service, StandardWatchEventKinds.ENTRY_CREATE);
            Files.writeString(Path.of(file), "x");
            WatchKey got = service.take();
            System.out.println((key == got) + " " + got.pollEvents().getFirst().context());
        }
    }

    static void locks(String file) throws Exception {
        try (RandomAccessFile f = new RandomAccessFile(file, "rw")) {
            var channel = f.getChannel();
            attempt("lock", () -> channel.lock(0, 10, false).isValid());
            attempt("again", () -> channel.tryLock(5, 10, false));
            attempt("beside", () -> channel.tryLock(10, 10, true).isShared());
        }
        attempt("read only", () -> {
            try (var in = new FileInputStream(file)) {
                return in.getChannel().tryLock(0, 1, true).isShared();
            }
        });
        attempt("read only, exclusive", () -> {
            try (var in = new FileInputStream(file)) {
                return in.getChannel().tryLock();
            }
        });
    }

    static void odd(String... paths) {
        for (String path : paths) {
            String name = path.substring(path.lastIndexOf('/') + 1);
            attempt("read " + name, () -> Files.readString(Path.of(path)));
            attempt("write " + name, () -> Files.writeString(Path.of(path), "x", StandardOpenOption.WRITE));
            attempt("stream " + name, () -> new FileInputStream(path).read());
        }
    }

    public static void main(String[] args) throws Exception {
        String[] rest = Arrays.copyOfRange(args, 1, args.length);
        switch (args[0]) {
            case "unsupported" -> unsupported();
            case "internals" -> internals();
            case "watch" -> watch(rest);
            case "event" -> event(rest[0], rest[1], rest[2]);
            case "locks" -> locks(rest[0]);
            case "odd" -> odd(rest);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }
}
