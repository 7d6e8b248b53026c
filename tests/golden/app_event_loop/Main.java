import java.util.*;
import java.util.concurrent.*;
import java.util.function.*;

public class Main {
    static class Loop {
        record Task(long at, int seq, Runnable r) {}
        final PriorityQueue<Task> q = new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingInt(Task::seq));
        long now;
        int seq;
        void later(long ms, Runnable r) { q.add(new Task(now + ms, seq++, r)); }
        void run() { while (!q.isEmpty()) { Task t = q.poll(); now = t.at; t.r.run(); } }
    }

    static class Promise<T> {
        private List<Consumer<T>> then = new ArrayList<>();
        private List<Consumer<Throwable>> fail = new ArrayList<>();
        private T value;
        private Throwable error;
        private boolean done;
        void resolve(T t) { if (done) return; done = true; value = t; then.forEach(c -> c.accept(t)); }
        void reject(Throwable e) { if (done) return; done = true; error = e; fail.forEach(c -> c.accept(e)); }
        <R> Promise<R> map(Function<? super T, ? extends R> f) {
            Promise<R> p = new Promise<>();
            Consumer<T> c = t -> { try { p.resolve(f.apply(t)); } catch (RuntimeException e) { p.reject(e); } };
            if (done && error == null) c.accept(value); else if (done) p.reject(error); else { then.add(c); fail.add(p::reject); }
            return p;
        }
        Promise<T> recover(Function<Throwable, T> f) {
            Promise<T> p = new Promise<>();
            if (done && error == null) p.resolve(value); else if (done) p.resolve(f.apply(error)); else { then.add(p::resolve); fail.add(e -> p.resolve(f.apply(e))); }
            return p;
        }
        static <T> Promise<List<T>> all(List<Promise<T>> ps) {
            Promise<List<T>> out = new Promise<>();
            Object[] got = new Object[ps.size()];
            int[] left = {ps.size()};
            for (int i = 0; i < ps.size(); i++) { int k = i; ps.get(i).map(v -> { got[k] = v; if (--left[0] == 0) out.resolve((List<T>) Arrays.asList(got)); return v; }).recover(e -> { out.reject(e); return null; }); }
            return out;
        }
    }

    static class Actor<M> {
        private final BlockingQueue<Object> box = new LinkedBlockingQueue<>();
        private final Thread t;
        private static final Object STOP = new Object();
        @SuppressWarnings("unchecked") Actor(Consumer<M> c) { t = Thread.startVirtualThread(() -> { try { for (Object m; (m = box.take()) != STOP; ) c.accept((M) m); } catch (InterruptedException e) { } }); }
        void tell(M m) { box.add(m); }
        void stop() throws InterruptedException { box.add(STOP); t.join(); }
    }

    static Iterable<Integer> permutations(int n) {
        return () -> new Iterator<>() {
            final int[] a = new int[n];
            boolean more = true;
            { for (int i = 0; i < n; i++) a[i] = i + 1; }
            public boolean hasNext() { return more; }
            public Integer next() {
                int v = 0;
                for (int x : a) v = v * 10 + x;
                int i = n - 2;
                while (i >= 0 && a[i] > a[i + 1]) i--;
                if (i < 0) { more = false; return v; }
                int j = n - 1;
                while (a[j] < a[i]) j--;
                int t = a[i]; a[i] = a[j]; a[j] = t;
                for (int l = i + 1, r = n - 1; l < r; l++, r--) { t = a[l]; a[l] = a[r]; a[r] = t; }
                return v;
            }
        };
    }

    sealed interface Cmd { record Insert(int at, String s) implements Cmd {} record Delete(int at, int n) implements Cmd {} }

    public static void main(String[] args) throws Exception {
        Loop loop = new Loop();
        StringBuilder log = new StringBuilder();
        loop.later(30, () -> log.append("c@").append(loop.now).append(' '));
        loop.later(10, () -> { log.append("a@").append(loop.now).append(' '); loop.later(5, () -> log.append("nested@").append(loop.now).append(' ')); loop.later(0, () -> log.append("zero@").append(loop.now).append(' ')); });
        loop.later(10, () -> log.append("b@").append(loop.now).append(' '));
        List<Promise<Integer>> ps = new ArrayList<>();
        for (int i = 0; i < 4; i++) { Promise<Integer> p = new Promise<>(); int k = i; loop.later(40 - i * 7, () -> p.resolve(k * k)); ps.add(p); }
        Promise.all(ps).map(l -> { log.append("all").append(l).append('@').append(loop.now).append(' '); return l.get(9); }).recover(e -> { log.append(e.getClass().getSimpleName()).append(' '); return null; });
        ps.get(2).map(x -> x / 0).map(x -> "never").recover(e -> "recovered " + e.getMessage()).map(s -> log.append(s).append('@').append(loop.now).append(' '));
        loop.run();
        System.out.println(log);
        int[] sum = new int[1];
        List<String> order = new ArrayList<>();
        Actor<Integer> adder = new Actor<>(x -> sum[0] += x);
        Actor<String> logger = new Actor<>(order::add);
        for (int i = 0; i < 100; i++) { adder.tell(i); if (i % 25 == 0) logger.tell("m" + i); }
        adder.stop();
        logger.stop();
        System.out.println(sum[0] + " " + order);
        List<Integer> perms = new ArrayList<>();
        for (int p : permutations(4)) perms.add(p);
        System.out.println(perms.size() + " " + perms.getFirst() + " " + perms.get(10) + " " + perms.getLast());
        StringBuilder doc = new StringBuilder("hello");
        Deque<Cmd> undo = new ArrayDeque<>();
        for (Cmd c : new Cmd[] {new Cmd.Insert(5, " world"), new Cmd.Delete(0, 2), new Cmd.Insert(0, "HE")}) {
            switch (c) {
                case Cmd.Insert(int at, String s) -> { doc.insert(at, s); undo.push(new Cmd.Delete(at, s.length())); }
                case Cmd.Delete(int at, int n) -> { undo.push(new Cmd.Insert(at, doc.substring(at, at + n))); doc.delete(at, at + n); }
            }
            System.out.print(doc + " | ");
        }
        while (!undo.isEmpty()) {
            switch (undo.pop()) { case Cmd.Insert(int at, String s) -> doc.insert(at, s); case Cmd.Delete(int at, int n) -> doc.delete(at, at + n); }
            System.out.print(doc + " | ");
        }
        System.out.println();
    }
}
