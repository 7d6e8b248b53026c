import java.lang.ref.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.*;

public class Main {
    static boolean until(BooleanSupplier b) throws InterruptedException {
        for (int i = 0; i < 200; i++) {
            if (b.getAsBoolean()) return true;
            System.gc();
            Thread.sleep(i < 5 ? 0 : 5);
        }
        return false;
    }

    static Object fresh(String s) { return new StringBuilder(s); }

    static class Res implements AutoCloseable {
        static final Cleaner CLEANER = Cleaner.create();
        static final List<String> cleaned = Collections.synchronizedList(new ArrayList<>());
        private final Cleaner.Cleanable c;
        Res(String n) { c = CLEANER.register(this, () -> cleaned.add(n)); }
        public void close() { c.clean(); }
    }

    @SuppressWarnings("removal")
    static class Fin {
        static final List<Fin> saved = Collections.synchronizedList(new ArrayList<>());
        final String n;
        Fin(String n) { this.n = n; }
        @Override protected void finalize() { saved.add(this); if (n.equals("throws")) throw new IllegalStateException("ignored"); }
    }

    static void makeFins() { new Fin("one"); new Fin("throws"); new Fin("three"); }

    static List<Reference<?>> make(ReferenceQueue<Object> q, Object strong) {
        List<Reference<?>> l = new ArrayList<>();
        l.add(new WeakReference<>(fresh("dead"), q));
        l.add(new PhantomReference<>(fresh("phantom"), q));
        l.add(new WeakReference<>(strong, q));
        l.add(new SoftReference<>(fresh("soft"), q));
        l.add(new PhantomReference<>(strong, q));
        return l;
    }

    static void useAndDrop(String n) { new Res(n); }

    public static void main(String[] args) throws Exception {
        ReferenceQueue<Object> q = new ReferenceQueue<>();
        Object strong = fresh("strong");
        List<Reference<?>> l = make(q, strong);
        System.out.println(l.get(1).get() + " " + l.get(2).get() + " " + new ReferenceQueue<Object>().poll() + " " + l.get(2).refersTo(null));
        System.out.println(until(() -> l.get(0).get() == null && l.get(1).refersTo(null)));
        Set<Reference<?>> queued = new HashSet<>();
        Reference<?> r;
        for (int i = 0; i < 2; i++) queued.add(q.remove(5000));
        System.out.println(queued.contains(l.get(0)) + " " + queued.contains(l.get(1)) + " " + queued.size() + " " + l.get(2).get() + " " + l.get(3).get() + " " + q.remove(5));
        System.out.println(((WeakReference<Object>) l.get(2)).refersTo(strong) + " " + l.get(2).enqueue() + " " + (q.poll() == l.get(2)) + " " + l.get(2).get() + " " + l.get(2).enqueue());
        l.get(3).clear();
        System.out.println(l.get(3).get());

        WeakHashMap<Object, String> whm = new WeakHashMap<>();
        Object key = fresh("key");
        whm.put(key, "kept");
        for (int i = 0; i < 20; i++) whm.put(fresh("k" + i), "v" + i);
        System.out.println(until(() -> whm.size() == 1) + " " + whm.get(key) + " " + whm.containsValue("v3"));
        key.hashCode();

        try (Res a = new Res("closed")) {
            System.out.println(Res.cleaned);
        }
        System.out.println(Res.cleaned);
        useAndDrop("dropped");
        System.out.println(until(() -> Res.cleaned.contains("dropped")) + " " + Res.cleaned);

        makeFins();
        System.out.println(until(() -> Fin.saved.size() == 3));
        Set<String> names = new TreeSet<>();
        for (Fin f : Fin.saved) names.add(f.n);
        System.out.println(names);
        List<WeakReference<Fin>> again = new ArrayList<>();
        for (Fin f : Fin.saved) again.add(new WeakReference<>(f));
        Fin.saved.clear();
        System.out.println(until(() -> again.stream().allMatch(w -> w.get() == null)) + " finalized once " + Fin.saved.size());

        Object[] ring = {new Object[1], new Object[1]};
        ((Object[]) ring[0])[0] = ring[1];
        ((Object[]) ring[1])[0] = ring[0];
        WeakReference<Object> cyc = new WeakReference<>(ring[0]);
        ring = null;
        System.out.println("cycle " + until(() -> cyc.get() == null));
        WeakReference<Object>[] many = new WeakReference[300];
        Object[] half = new Object[300];
        for (int i = 0; i < 300; i++) {
            Object o = new int[] {i};
            many[i] = new WeakReference<>(o);
            if (i % 2 == 0) half[i] = o;
        }
        System.out.println(until(() -> { int n = 0; for (WeakReference<Object> w : many) if (w.get() == null) n++; return n == 150; }));
        int ok = 0;
        for (int i = 0; i < 300; i += 2) if (many[i].get() == half[i] && ((int[]) half[i])[0] == i) ok++;
        System.out.println(ok);
        Reference.reachabilityFence(strong);
        ReferenceQueue<Object> q2 = new ReferenceQueue<>();
        WeakReference<Object> early = new WeakReference<>(strong, q2);
        Thread waiter = new Thread(() -> { try { System.out.println("removed " + (q2.remove() == early)); } catch (InterruptedException e) { } });
        waiter.start();
        early.enqueue();
        waiter.join();
    }
}
