import java.lang.classfile.*;
import java.lang.constant.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.function.*;
import static java.lang.classfile.ClassFile.*;
import static java.lang.constant.ConstantDescs.*;

public class Main {
    /** Answers whatever `answer` says for X and defines Use. */
    static class L extends ClassLoader {
        final Answer answer;
        final byte[] use;
        L(Answer answer, byte[] use) { super("l", Main.class.getClassLoader()); this.answer = answer; this.use = use; }
        Class<?> def(String n, byte[] b) { return defineClass(n, b, 0, b.length); }
        Class<?> known(String n) { return findLoadedClass(n); }
        @Override protected Class<?> loadClass(String n, boolean r) throws ClassNotFoundException {
            if (n.equals("X")) return answer.of(this);
            if (n.equals("Use")) { Class<?> c = findLoadedClass(n); return c != null ? c : def(n, use); }
            return super.loadClass(n, r);
        }
    }
    interface Answer { Class<?> of(L l) throws ClassNotFoundException; }

    static final ClassDesc X = ClassDesc.of("X"), USE = ClassDesc.of("Use");

    static byte[] empty(String n) { return ClassFile.of().build(ClassDesc.of(n), cb -> cb.withFlags(ACC_PUBLIC | ACC_SUPER)); }
    static byte[] use(Consumer<CodeBuilder> body) {
        return ClassFile.of().build(USE, cb -> cb.withFlags(ACC_PUBLIC | ACC_SUPER).withMethodBody("m", MethodTypeDesc.of(CD_Object), ACC_PUBLIC | ACC_STATIC, body::accept));
    }
    static byte[] extending() { return ClassFile.of().build(USE, cb -> cb.withFlags(ACC_PUBLIC | ACC_SUPER).withSuperclass(X).withMethodBody("m", MethodTypeDesc.of(CD_Object), ACC_PUBLIC | ACC_STATIC, c -> c.aconst_null().areturn())); }

    static String text(Throwable e) {
        if (e instanceof java.lang.reflect.InvocationTargetException i) e = i.getCause();
        return (e + (e.getCause() == null ? "" : " <- " + e.getCause())).replaceAll("@[0-9a-fx]+", "@");
    }

    static void t(String what, Answer answer) {
        // Asked by an instruction, as a superclass, and by name: each twice.
        for (String way : List.of("instruction", "superclass", "name")) {
            L l = new L(answer, way.equals("superclass") ? extending() : use(c -> c.ldc(X).areturn()));
            StringBuilder line = new StringBuilder();
            for (int round = 0; round < 2; round++) {
                String r;
                try {
                    r = way.equals("name") ? Class.forName("X", false, l).getName() : String.valueOf(l.loadClass("Use").getMethod("m").invoke(null));
                } catch (Throwable e) {
                    r = text(e);
                }
                line.append(round == 0 ? r : line.toString().equals(r) ? ", again" : ", then " + r);
            }
            System.out.println(what + " by " + way + ": " + line);
        }
    }

    static <T extends Throwable> RuntimeException sneak(Throwable t) throws T { throw (T) t; }

    public static void main(String[] args) throws Exception {
        t("null", l -> null);
        t("another class", l -> String.class);
        t("array", l -> Object[].class);
        t("primitive", l -> int.class);
        t("class of another name", l -> { Class<?> c = l.known("Y"); return c != null ? c : l.def("Y", empty("Y")); });
        t("not found", l -> { throw new ClassNotFoundException("told so"); });
        t("not found with a cause", l -> { throw new ClassNotFoundException("told so", new java.io.IOException("disk")); });
        t("runtime exception", l -> { throw new IllegalStateException("no"); });
        t("checked exception", l -> { throw Main.<RuntimeException>sneak(new java.io.IOException("no")); });
        t("linkage error", l -> { throw new LinkageError("mine"); });
        t("error", l -> { throw new AssertionError("mine"); });
        t("thread death", l -> { throw Main.<RuntimeException>sneak(new ThreadDeath()); });
        t("defined under the name asked for", l -> { Class<?> c = l.known("X"); return c != null ? c : l.def("X", empty("X")); });
        t("other bytes than the name", l -> l.def("X", empty("Z")));
        t("defined again and again", l -> l.def("X", empty("X")));
        t("another loader's class of that name", l -> new L(null, null).def("X", empty("X")));
        AtomicInteger turn = new AtomicInteger();
        t("alternating", l -> { if (turn.getAndIncrement() % 2 == 0) throw new ClassNotFoundException("not now"); Class<?> c = l.known("X"); return c != null ? c : l.def("X", empty("X")); });
        t("asks itself", l -> { Class<?> c = l.known("X"); if (c != null) return c; c = l.def("X", empty("X")); return Class.forName("X", false, l); });

        // A new class for each request: what was answered first holds where it was resolved.
        L fickle = new L(l -> new L(null, null).def("X", empty("X")), use(c -> c.ldc(X).areturn()));
        Class<?> use = fickle.loadClass("Use");
        Object a = use.getMethod("m").invoke(null), b = use.getMethod("m").invoke(null);
        System.out.println("one constant stays one class: " + (a == b) + ", asked by hand differs: " + (fickle.loadClass("X") != a));
        System.out.println("by name the first answer holds: " + (Class.forName("X", false, fickle) == a));

        // Recursion without end in the loader.
        L endless = new L(l -> Class.forName("X", false, l), use(c -> c.ldc(X).areturn()));
        try {
            endless.loadClass("Use").getMethod("m").invoke(null);
        } catch (java.lang.reflect.InvocationTargetException e) {
            System.out.println("endless: " + e.getCause().getClass().getName());
        }

        // Many threads define one name: one wins, the others hear that it is taken.
        L raced = new L(null, null);
        AtomicInteger won = new AtomicInteger(), lost = new AtomicInteger();
        Set<String> words = ConcurrentHashMap.newKeySet();
        CyclicBarrier start = new CyclicBarrier(4);
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) (threads[i] = new Thread(() -> {
            try { start.await(); } catch (Exception e) { throw new RuntimeException(e); }
            for (int n = 0; n < 50; n++) try {
                raced.def("R" + n, empty("R" + n));
                won.incrementAndGet();
            } catch (LinkageError e) {
                lost.incrementAndGet();
                words.add(e.toString().replaceAll("@[0-9a-fx]+", "@").replaceAll("R[0-9]+", "R"));
            }
        })).start();
        for (Thread t : threads) t.join();
        System.out.println("raced: won " + won + ", lost " + lost + " " + words);

        // A loader that blocks harms only who asked it.
        CountDownLatch asked = new CountDownLatch(1), release = new CountDownLatch(1);
        L blocking = new L(l -> { asked.countDown(); try { release.await(); } catch (InterruptedException e) { throw new ClassNotFoundException("interrupted"); } return l.def("X", empty("X")); }, use(c -> c.ldc(X).areturn()));
        List<String> done = Collections.synchronizedList(new ArrayList<>());
        Thread waiter = new Thread(() -> { try { done.add(String.valueOf(blocking.loadClass("Use").getMethod("m").invoke(null))); } catch (Throwable e) { done.add(text(e)); } });
        waiter.start();
        asked.await();
        System.gc();
        System.out.println("meanwhile: " + new L(l -> l.def("X", empty("X")), use(c -> c.ldc(X).areturn())).loadClass("Use").getMethod("m").invoke(null) + " " + done);
        release.countDown();
        waiter.join();
        System.out.println("at last: " + done);
        Thread interrupted = new Thread(() -> { try { Class.forName("X", false, new L(l -> { asked.countDown(); try { Thread.sleep(100_000); } catch (InterruptedException e) { throw new ClassNotFoundException("interrupted"); } return null; }, null)); } catch (Throwable e) { System.out.println(text(e)); } });
        interrupted.start();
        interrupted.interrupt();
        interrupted.join();
    }
}
