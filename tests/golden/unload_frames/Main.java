import java.lang.classfile.ClassFile;
import java.lang.constant.*;
import java.lang.ref.WeakReference;
import java.util.concurrent.*;
import java.util.concurrent.locks.LockSupport;

public class Main {
    public interface Entry { int enter(Runnable wait); }

    static class Own extends ClassLoader {
        Own() { super(Main.class.getClassLoader()); }
        Class<?> define(byte[] b) { return defineClass(null, b, 0, b.length); }
    }

    /** int enter(Runnable r) { this = null; r.run(); return helper(n); }, which no Java source can say. */
    static byte[] bytes(int n) {
        ClassDesc self = ClassDesc.of("Gen"), entry = ClassDesc.of("Main$Entry"), runnable = ClassDesc.of("java.lang.Runnable");
        return ClassFile.of().build(self, c -> c.withSuperclass(ConstantDescs.CD_Object).withInterfaceSymbols(entry).withFlags(ClassFile.ACC_PUBLIC)
            .withMethodBody("<init>", ConstantDescs.MTD_void, ClassFile.ACC_PUBLIC, b -> b.aload(0).invokespecial(ConstantDescs.CD_Object, "<init>", ConstantDescs.MTD_void).return_())
            .withMethodBody("helper", MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_int), ClassFile.ACC_STATIC, b -> b.iload(0).bipush(100).iadd().ireturn())
            .withMethodBody("enter", MethodTypeDesc.of(ConstantDescs.CD_int, runnable), ClassFile.ACC_PUBLIC,
                b -> b.aconst_null().astore(0).aload(1).invokeinterface(runnable, "run", ConstantDescs.MTD_void).sipush(n).invokestatic(self, "helper", MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_int)).ireturn()));
    }

    static final SynchronousQueue<Entry> HANDED = new SynchronousQueue<>();
    static Entry entry;

    static Entry take() { Entry e = entry; entry = null; return e; }

    static WeakReference<ClassLoader> make(int n) throws Exception {
        Own loader = new Own();
        entry = (Entry) loader.define(bytes(n)).getDeclaredConstructor().newInstance();
        return new WeakReference<>(loader);
    }

    static boolean dies(WeakReference<?> reference) throws Exception {
        for (int i = 0; i < 30; i++) {
            System.gc();
            if (reference.refersTo(null)) return true;
            Thread.sleep(2);
        }
        return false;
    }

    static void churn(int n) throws Exception {
        for (int i = 0; i < n; i++) { make(i); if (take().enter(() -> {}) != 100 + i) System.out.println("wrong"); }
    }

    static void run(String what, Thread.Builder builder, boolean parks) throws Exception {
        WeakReference<ClassLoader> reference = make(23);
        CountDownLatch inside = new CountDownLatch(1), go = new CountDownLatch(1);
        int[] result = new int[1];
        Runnable wait = () -> {
            inside.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        Runnable spin = () -> { inside.countDown(); while (go.getCount() != 0) Thread.onSpinWait(); };
        Thread thread = builder.start(() -> result[0] = take().enter(parks ? wait : spin));
        inside.await();
        if (parks) while (thread.getState() != Thread.State.WAITING) Thread.sleep(1);
        for (int i = 0; i < 3; i++) { System.gc(); churn(3); }
        System.out.println(what + ": " + (reference.refersTo(null) ? "gone" : "kept") + " while it runs");
        go.countDown();
        thread.join();
        System.out.println(what + ": " + result[0] + ", then " + (dies(reference) ? "died" : "still there"));
    }

    public static void main(String[] args) throws Exception {
        run("spinning frame", Thread.ofPlatform(), false);
        run("waiting frame", Thread.ofPlatform(), true);
        run("frozen frame", Thread.ofVirtual(), true);
        run("mounted frame", Thread.ofVirtual(), false);
    }
}
