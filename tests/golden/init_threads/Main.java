import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class Main {
    static AtomicInteger runs = new AtomicInteger();
    static CountDownLatch started = new CountDownLatch(1);

    static class Slow {
        static int value;
        static {
            started.countDown();
            runs.incrementAndGet();
            try { Thread.sleep(100); } catch (InterruptedException e) { }
            value = recursive();
        }
        static int recursive() { return Slow.value + 41 + runs.get(); }
    }

    static class Failing {
        static { runs.incrementAndGet(); try { Thread.sleep(30); } catch (InterruptedException e) { } int z = Integer.parseInt("no"); }
        static int v;
    }

    static class Holder { static final Object O = make(); static Object make() { runs.incrementAndGet(); return "held"; } }

    public static void main(String[] args) throws Exception {
        Thread[] ts = new Thread[6];
        int[] seen = new int[ts.length];
        for (int i = 0; i < ts.length; i++) {
            int k = i;
            ts[i] = new Thread(() -> seen[k] = Slow.value);
            ts[i].start();
        }
        for (Thread t : ts) t.join();
        System.out.println(runs + " " + java.util.Arrays.toString(seen));
        runs.set(0);
        ConcurrentHashMap<String, Integer> kinds = new ConcurrentHashMap<>();
        for (int i = 0; i < ts.length; i++) {
            ts[i] = new Thread(() -> {
                try {
                    System.out.println(Failing.v);
                } catch (Throwable t) {
                    kinds.merge(t.getClass().getSimpleName(), 1, Integer::sum);
                }
            });
            ts[i].start();
        }
        for (Thread t : ts) t.join();
        System.out.println(runs + " " + new java.util.TreeMap<>(kinds));
        runs.set(0);
        for (int i = 0; i < ts.length; i++) {
            ts[i] = new Thread(() -> { if (Holder.O != "held") System.out.println("bad"); });
            ts[i].start();
        }
        for (Thread t : ts) t.join();
        System.out.println(runs);
    }
}
