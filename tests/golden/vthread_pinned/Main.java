import java.lang.invoke.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.locks.*;

public class Main {
    static final CountDownLatch GO = new CountDownLatch(1);
    static final Object LOCK = new Object();

    static class Slow {
        static final int VALUE;
        static {
            try {
                Thread.sleep(20);
                GO.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            VALUE = 42;
        }
    }

    static class Locking {
        static int value;
        static {
            synchronized (LOCK) {
                value = 1;
            }
            synchronized (LOCK) {
                try {
                    LOCK.wait(10);
                } catch (InterruptedException e) {
                    value = -1;
                }
                value++;
            }
        }
    }

    static class Failing {
        static {
            LockSupport.parkNanos(1_000_000);
            if (true) throw new IllegalStateException("from the initializer");
        }
        static void touch() {
        }
    }

    static class Loader extends ClassLoader {
        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("absent.")) {
                try {
                    Thread.sleep(5);
                } catch (InterruptedException e) {
                    throw new ClassNotFoundException(name, e);
                }
                throw new ClassNotFoundException(name + " after a sleep");
            }
            return super.loadClass(name, resolve);
        }
    }

    static void await(Thread t, Thread.State state) {
        while (t.getState() != state) Thread.yield();
    }

    public static void main(String[] args) throws Exception {
        Thread first = Thread.startVirtualThread(() -> System.out.println("slow " + Slow.VALUE));
        while (first.getState() != Thread.State.WAITING) Thread.yield();
        GO.countDown();
        first.join();

        Thread locking;
        synchronized (LOCK) {
            locking = Thread.startVirtualThread(() -> System.out.println("locking " + Locking.value));
            await(locking, Thread.State.BLOCKED);
        }
        locking.join();

        Thread failing = Thread.startVirtualThread(() -> {
            for (int i = 0; i < 2; i++) {
                try {
                    Failing.touch();
                } catch (ExceptionInInitializerError e) {
                    System.out.println(e.getCause());
                } catch (NoClassDefFoundError e) {
                    System.out.println(e.getMessage());
                }
            }
        });
        failing.join();

        Thread loading = Thread.startVirtualThread(() -> {
            try {
                Class.forName("absent.Here", true, new Loader());
            } catch (ClassNotFoundException e) {
                System.out.println(e.getMessage());
            }
        });
        loading.join();

        // A method handle and a reflective call are no obstacles.
        MethodHandle park = MethodHandles.lookup().findStatic(Main.class, "parkFor", MethodType.methodType(int.class, int.class));
        Thread handles = Thread.startVirtualThread(() -> {
            try {
                System.out.println("handle " + (int) park.invokeExact(3));
                System.out.println("reflection " + Main.class.getDeclaredMethod("parkFor", int.class).invoke(null, 4));
            } catch (Throwable e) {
                System.out.println(e);
            }
        });
        handles.join();

        // More pinned threads than processors, each waiting for the next: the initializers end one after the other.
        List<Thread> sorters = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            sorters.add(Thread.startVirtualThread(() -> {
                Integer[] values = {5, 3, 9, 1, 7};
                Arrays.sort(values, (a, b) -> {
                    Thread.yield();
                    LockSupport.parkNanos(1000);
                    return Integer.compare(a, b);
                });
                if (!Arrays.equals(values, new Integer[] {1, 3, 5, 7, 9})) System.out.println("not sorted");
            }));
        }
        for (Thread t : sorters) t.join();
        System.out.println("sorted");
    }

    static int parkFor(int millis) {
        LockSupport.parkNanos(millis * 1_000_000L);
        Thread.yield();
        return millis;
    }
}
