import java.util.concurrent.*;
import java.util.concurrent.locks.*;

public class Main {
    static void fails(String text) {
        throw new IllegalArgumentException(text);
    }

    public static void main(String[] args) throws Exception {
        Thread.ofVirtual().name("first").start(() -> fails("one")).join();
        Thread.ofVirtual().name("second").start(() -> {
            Thread.yield();
            try {
                fails("two");
            } catch (IllegalArgumentException e) {
                throw new IllegalStateException("wrapped", e);
            }
        }).join();
        Thread.setDefaultUncaughtExceptionHandler((t, e) -> System.out.println("default: " + t.getName() + " " + e));
        Thread.ofVirtual().name("third").start(() -> fails("three")).join();
        Thread.ofVirtual().name("fourth").uncaughtExceptionHandler((t, e) -> {
            System.out.println("own: " + t.isVirtual() + " " + (Thread.currentThread() == t) + " " + e.getMessage());
            throw new IllegalStateException("from the handler");
        }).start(() -> fails("four")).join();
        try (var pool = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("task-", 0).factory())) {
            Future<?> f = pool.submit(() -> fails(Thread.currentThread().getName()));
            try {
                f.get();
            } catch (ExecutionException e) {
                System.out.println(e.getCause());
            }
        }
        Thread error = Thread.ofVirtual().name("fifth").unstarted(() -> {
            throw new AssertionError("five");
        });
        error.start();
        error.join();
        System.out.println(error.getState() + " " + error.isAlive());
        try {
            error.start();
        } catch (IllegalThreadStateException e) {
            System.out.println(e);
        }
        for (int i = 0; i < 50; i++) {
            Thread.ofVirtual().start(() -> {
                try {
                    LockSupport.park();
                } finally {
                    System.out.println("never");
                }
            });
        }
        System.out.println("main ends");
    }
}
