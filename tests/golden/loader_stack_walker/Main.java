import java.lang.StackWalker.*;
import java.lang.invoke.*;
import java.util.*;
import java.util.stream.*;

public class Main {
    static final StackWalker PLAIN = StackWalker.getInstance();
    static final StackWalker CLASSES = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE);

    static class Caller {
        static Class<?> who() {
            return Callee.callerClass();
        }
    }

    static class Callee {
        static Class<?> callerClass() {
            return CLASSES.getCallerClass();
        }
    }

    static List<String> frames() {
        return PLAIN.walk(s -> s.map(f -> f.getClassName() + "." + f.getMethodName() + ":" + f.getLineNumber()).toList());
    }

    static List<String> deep(int n) {
        return n == 0 ? frames() : deep(n - 1);
    }

    interface Supplier2 {
        List<String> get();
    }

    public static List<String> reflective() {
        return StackWalker.getInstance(Option.SHOW_REFLECT_FRAMES).walk(s -> s.map(StackFrame::getMethodName).toList());
    }

    public static void main(String[] args) throws Throwable {
        System.out.println(frames());
        System.out.println(deep(3));
        System.out.println(Caller.who().getSimpleName());
        Supplier2 lambda = () -> frames();
        Supplier2 ref = Main::frames;
        System.out.println(lambda.get());
        System.out.println(ref.get());
        StackFrame f = CLASSES.walk(s -> s.findFirst().get());
        System.out.println(f.getDeclaringClass() + " " + f.getMethodName() + " " + f.getMethodType() + " " + f.getDescriptor() + " " + f.getFileName() + " " + f.isNativeMethod() + " " + (f.getByteCodeIndex() > 0) + " " + f + " " + f.toStackTraceElement().equals(new StackTraceElement("app", null, null, "Main", "main", "Main.java", f.getLineNumber())));
        for (Runnable r : new Runnable[] {() -> PLAIN.walk(s -> s.findFirst().get()).getDeclaringClass(), () -> PLAIN.getCallerClass(), () -> PLAIN.walk(s -> s.findFirst().get()).getMethodType(), () -> StackWalker.getInstance(Set.of(), 0)}) {
            try {
                r.run();
            } catch (RuntimeException e) {
                System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
            }
        }
        Stream<StackFrame>[] leaked = new Stream[1];
        PLAIN.walk(s -> leaked[0] = s);
        try {
            leaked[0].count();
        } catch (IllegalStateException e) {
            System.out.println("stream is closed");
        }
        System.out.println(recurse(500));
        List<String> skipped = PLAIN.walk(s -> s.skip(0).map(StackFrame::getMethodName).collect(Collectors.toList()));
        System.out.println(skipped);
        List<String> refl = (List<String>) Main.class.getMethod("reflective").invoke(null);
        System.out.println(refl.get(0) + " " + refl.contains("invoke") + " " + refl.getLast());
        List<String> plain = (List<String>) Main.class.getDeclaredMethod("frames").invoke(null);
        System.out.println(plain);
        MethodHandle mh = MethodHandles.lookup().findStatic(Main.class, "frames", MethodType.methodType(List.class));
        System.out.println((List) mh.invokeExact());
        PLAIN.forEach(x -> System.out.print(x.getMethodName() + " "));
        System.out.println();
        Thread t = new Thread(() -> {
            List<String> names = PLAIN.walk(s -> s.map(StackFrame::getMethodName).toList());
            System.out.println(names);
        });
        t.start();
        t.join();
        System.out.println(Stream.of(1).map(x -> CLASSES.walk(s -> s.filter(y -> y.getDeclaringClass() == Main.class).count())).toList());
    }

    static String recurse(int n) {
        if (n == 0) return PLAIN.walk(s -> s.filter(f -> f.getMethodName().equals("recurse")).count()) + " " + new Throwable().getStackTrace().length + " " + Thread.currentThread().getStackTrace().length;
        return recurse(n - 1);
    }
}
