import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.function.ToIntFunction;

public class Main {
    static final Map<String, byte[]> BYTES = new HashMap<>();

    static class Own extends ClassLoader {
        Own() { super(Main.class.getClassLoader()); }
        @Override protected Class<?> loadClass(String n, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(n)) {
                Class<?> c = findLoadedClass(n);
                byte[] b = BYTES.get(n);
                if (c == null && b != null) c = defineClass(n, b, 0, b.length);
                return c != null ? c : super.loadClass(n, resolve);
            }
        }
    }

    @SuppressWarnings("unchecked")
    static int round(Queue<WeakReference<ClassLoader>> dropped, int n, Object[] shared) throws Exception {
        Own loader = new Own();
        dropped.add(new WeakReference<>(loader));
        var task = (ToIntFunction<int[]>) loader.loadClass("Task").getDeclaredConstructor().newInstance();
        // Whoever comes later runs a task of an earlier loader, too.
        Object before = shared[n % shared.length];
        shared[n % shared.length] = task;
        int[] numbers = {n, n + 1, n + 2};
        int sum = task.applyAsInt(numbers);
        return before == null ? 2 * sum : sum + ((ToIntFunction<int[]>) before).applyAsInt(numbers);
    }

    public static void main(String[] args) throws Exception {
        for (String name : new String[] {"Task", "Task$Step", "Task$Add", "Task$Twice"}) {
            try (InputStream in = Main.class.getResourceAsStream("/" + name + ".class")) { BYTES.put(name, in.readAllBytes()); }
        }
        int rounds = Integer.getInteger("golden.scale", 300);
        var dropped = new ConcurrentLinkedQueue<WeakReference<ClassLoader>>();
        var wrong = new AtomicInteger();
        var done = new AtomicBoolean();
        Object[] shared = new Object[16];
        var churn = new Thread(() -> {
            var held = new ArrayDeque<Object>();
            while (!done.get()) {
                held.add(new byte[1000 + held.size()]);
                held.add(new Object[] {held.peekLast(), "x".repeat(20)});
                if (held.size() > 4000) held.clear();
            }
        });
        churn.start();
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 4; t++) {
            int start = t;
            var builder = t % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
            threads.add(builder.start(() -> {
                for (int i = 0; i < rounds; i++) {
                    int n = start * 1000 + i;
                    try {
                        // 3 (n + (n + 1) + (n + 2)) of the steps, with what they add
                        int one = 0;
                        for (int k = n; k < n + 3; k++) one += k + 1 + 2 * k + k - 3;
                        if (round(dropped, n, shared) != 2 * one) wrong.incrementAndGet();
                    } catch (Throwable e) {
                        System.out.println(e);
                        wrong.incrementAndGet();
                    }
                }
            }));
        }
        for (Thread t : threads) t.join();
        done.set(true);
        churn.join();
        System.out.println("wrong: " + wrong);
        Arrays.fill(shared, null);
        for (int i = 0; i < 50 && !dropped.isEmpty(); i++) {
            System.gc();
            dropped.removeIf(r -> r.refersTo(null));
        }
        System.out.println("left: " + dropped.size());
    }
}
