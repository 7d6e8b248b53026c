import java.util.*;
import java.util.concurrent.*;

public class Main {
    static final ThreadLocal<Integer> TL = ThreadLocal.withInitial(() -> 10);
    static final InheritableThreadLocal<String> ITL = new InheritableThreadLocal<>() {
        @Override protected String childValue(String p) { return "child of " + p; }
    };
    static final ScopedValue<String> USER = ScopedValue.newInstance();
    static final ScopedValue<Integer> LEVEL = ScopedValue.newInstance();

    static void inThread(Runnable r) throws InterruptedException {
        Thread t = new Thread(r);
        t.start();
        t.join();
    }

    static String show() {
        return USER.orElse("nobody") + "@" + (LEVEL.isBound() ? LEVEL.get() : -1);
    }

    public static void main(String[] args) throws Exception {
        TL.set(TL.get() + 1);
        inThread(() -> { System.out.println(TL.get()); TL.set(99); });
        System.out.println(TL.get());
        TL.remove();
        System.out.println(TL.get());
        ThreadLocal<String> plain = new ThreadLocal<>();
        System.out.println(plain.get());
        plain.set(null);
        System.out.println(plain.get());
        ITL.set("main");
        inThread(() -> {
            System.out.println(ITL.get());
            Thread t = new Thread(() -> System.out.println(ITL.get()));
            t.start();
            try { t.join(); } catch (InterruptedException e) { }
            Thread no = Thread.ofPlatform().inheritInheritableThreadLocals(false).unstarted(() -> System.out.println(ITL.get()));
            no.start();
            try { no.join(); } catch (InterruptedException e) { }
        });
        List<ThreadLocal<Integer>> many = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            ThreadLocal<Integer> t = new ThreadLocal<>();
            t.set(i);
            many.add(t);
        }
        for (int i = 0; i < 200; i += 3) many.get(i).remove();
        int sum = 0;
        for (ThreadLocal<Integer> t : many) sum += t.get() == null ? 0 : t.get();
        System.out.println(sum);
        many = null;
        System.gc();
        for (int i = 0; i < 50; i++) new ThreadLocal<byte[]>().set(new byte[10]);
        System.out.println(TL.get());
        System.out.println(show());
        ScopedValue.where(USER, "ann").where(LEVEL, 1).run(() -> {
            System.out.println(show());
            ScopedValue.where(LEVEL, 2).run(() -> {
                System.out.println(show());
                ScopedValue.where(USER, "bob").run(() -> System.out.println(show()));
                System.out.println(show());
            });
            System.out.println(show());
        });
        System.out.println(show() + " " + ScopedValue.where(USER, "call").call(() -> USER.get().length()));
        try {
            USER.get();
        } catch (NoSuchElementException e) {
            System.out.println(e.getClass().getSimpleName());
        }
        try {
            ScopedValue.where(USER, "x").run(() -> { throw new IllegalStateException(show()); });
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage() + " then " + show());
        }
        ScopedValue.where(USER, "parent").run(() -> {
            Thread t = new Thread(() -> System.out.println("thread sees " + show()));
            t.start();
            try { t.join(); } catch (InterruptedException e) { }
        });
        System.out.println(ScopedValue.where(LEVEL, 0).call(() -> rec(50)));
    }

    static int rec(int n) {
        return n == 0 ? LEVEL.get() : ScopedValue.where(LEVEL, LEVEL.get() + n).call(() -> rec(n - 1));
    }
}
