import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class Main {
    static int deep(int n, Object[] keep) {
        Object[] mine = {n, keep};
        if (n == 0) {
            System.gc();
            return 0;
        }
        int r = deep(n - 1, mine);
        return r + ((int) mine[0] == n && mine[1] == keep ? 1 : 1000);
    }

    public static void main(String[] args) throws Exception {
        int rounds = Integer.getInteger("golden.scale", 20);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger bad = new AtomicInteger();
        List<Thread> ts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int id = i;
            Thread t = new Thread(() -> {
                Map<Integer, String> m = new HashMap<>();
                for (int k = 0; !stop.get(); k++) {
                    m.put(k % 50, "v" + id + (k % 50));
                    String s = m.get((k * 7) % 50);
                    if (s != null && !s.equals("v" + id + ((k * 7) % 50))) bad.incrementAndGet();
                    if (k % 1000 == 0) m = new HashMap<>();
                }
            });
            ts.add(t);
            t.start();
        }
        Object lock = new Object();
        Thread waiting = new Thread(() -> {
            int[] local = {1, 2, 3};
            synchronized (lock) {
                while (!stop.get()) {
                    try {
                        lock.wait(50);
                    } catch (InterruptedException e) {
                        break;
                    }
                }
            }
            if (local[2] != 3) bad.incrementAndGet();
        });
        ts.add(waiting);
        waiting.start();
        Thread virtual = Thread.startVirtualThread(() -> {
            byte[][] held = {{1}, {2}};
            while (!stop.get()) {
                try {
                    Thread.sleep(1);
                } catch (InterruptedException e) {
                    return;
                }
                if (held[1][0] != 2) bad.incrementAndGet();
            }
        });
        ts.add(virtual);
        int sum = 0;
        for (int i = 0; i < rounds; i++) sum += deep(100, null);
        stop.set(true);
        for (Thread t : ts) t.join();
        System.out.println((sum == rounds * 100) + " " + bad);
        ConcurrentHashMap<Object, Object> m = new ConcurrentHashMap<>();
        Thread[] pair = new Thread[2];
        for (int i = 0; i < 2; i++) {
            int id = i;
            pair[i] = new Thread(() -> { for (int k = 0; k < 300; k++) { m.put(id * 1000 + k, new int[] {k}); if (k % 100 == 0) System.gc(); } });
            pair[i].start();
        }
        for (Thread t : pair) t.join();
        int ok = 0;
        for (int k = 0; k < 300; k++) if (((int[]) m.get(k))[0] == k && ((int[]) m.get(1000 + k))[0] == k) ok++;
        System.out.println(ok);
    }
}
