import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class Main {
    static final ThreadLocal<Integer> LOCAL = ThreadLocal.withInitial(() -> -1);
    static final InheritableThreadLocal<String> INHERITED = new InheritableThreadLocal<>();
    static final ScopedValue<String> NAME = ScopedValue.newInstance();
    static final ScopedValue<Integer> NUMBER = ScopedValue.newInstance();

    public static void main(String[] args) throws Exception {
        int n = Integer.getInteger("golden.scale", 500);
        AtomicInteger wrong = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            int k = i;
            threads.add(Thread.startVirtualThread(() -> {
                if (LOCAL.get() != -1) wrong.incrementAndGet();
                LOCAL.set(k);
                for (int r = 0; r < 5; r++) {
                    Thread.yield();
                    if (LOCAL.get() != k) wrong.incrementAndGet();
                }
                ScopedValue.where(NUMBER, k).where(NAME, "t" + k).run(() -> {
                    for (int r = 0; r < 5; r++) {
                        if (NUMBER.get() != k || !NAME.get().equals("t" + k)) wrong.incrementAndGet();
                        Thread.yield();
                        ScopedValue.where(NUMBER, k + 1).run(() -> {
                            Thread.yield();
                            if (NUMBER.get() != k + 1 || !NAME.get().equals("t" + k)) wrong.incrementAndGet();
                        });
                    }
                });
                if (NUMBER.isBound()) wrong.incrementAndGet();
                if (Thread.currentThread().getContextClassLoader() != ClassLoader.getSystemClassLoader()) wrong.incrementAndGet();
            }));
        }
        for (Thread t : threads) t.join();
        System.out.println("wrong " + wrong + " " + LOCAL.get());

        INHERITED.set("from main");
        Thread.ofVirtual().start(() -> System.out.println(INHERITED.get())).join();
        Thread.ofVirtual().inheritInheritableThreadLocals(false).start(() -> System.out.println(INHERITED.get())).join();
        Thread.startVirtualThread(() -> {
            INHERITED.set("changed");
            try {
                Thread inner = Thread.startVirtualThread(() -> System.out.println("inner " + INHERITED.get()));
                inner.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }).join();
        System.out.println(INHERITED.get());

        Thread.startVirtualThread(() -> {
            ClassLoader own = new ClassLoader(null) {
            };
            Thread.currentThread().setContextClassLoader(own);
            Thread.yield();
            System.out.println("context " + (Thread.currentThread().getContextClassLoader() == own));
        }).join();
        System.out.println("main's " + (Thread.currentThread().getContextClassLoader() == ClassLoader.getSystemClassLoader()));

        String result = ScopedValue.where(NAME, "outer").call(() -> {
            try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
                return NAME.get() + " " + pool.submit(() -> NAME.isBound()).get();
            }
        });
        System.out.println(result);
        try {
            Thread.startVirtualThread(() -> {
                try {
                    ScopedValue.where(NAME, "x").call(() -> {
                        Thread.yield();
                        throw new java.io.IOException("through the scope");
                    });
                } catch (Exception e) {
                    System.out.println(e.getMessage() + " " + NAME.isBound());
                }
            }).join();
        } finally {
            System.out.println("end");
        }
    }
}
