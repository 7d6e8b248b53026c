import java.util.*;
import java.util.concurrent.*;

public class Main {
    record Task(int pri, String name) {}

    static void t(String what, Runnable r) {
        try {
            r.run();
            System.out.println(what + " fine");
        } catch (RuntimeException e) {
            System.out.println(what + " " + e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }

    public static void main(String[] args) throws Exception {
        PriorityQueue<Integer> pq = new PriorityQueue<>();
        Random r = new Random(7);
        for (int i = 0; i < 30; i++) pq.add(r.nextInt(100));
        System.out.println(pq + " " + pq.peek() + " " + pq.contains(50));
        for (int i = 0; i < 100; i += 7) pq.remove(i);
        pq.removeIf(x -> x % 5 == 0);
        StringBuilder sb = new StringBuilder();
        while (!pq.isEmpty()) sb.append(pq.poll()).append(' ');
        System.out.println(sb);
        PriorityQueue<Task> tasks = new PriorityQueue<>(Comparator.comparingInt(Task::pri).reversed().thenComparing(Task::name));
        tasks.addAll(List.of(new Task(1, "low"), new Task(9, "b"), new Task(9, "a"), new Task(5, "mid")));
        while (tasks.size() > 1) System.out.print(tasks.remove().name() + " ");
        System.out.println(tasks.comparator() != null);
        t("null", () -> new PriorityQueue<>().add(null));
        t("not comparable", () -> { PriorityQueue<Object> q = new PriorityQueue<>(); q.add(new Object()); q.add(new Object()); });
        t("remove empty", () -> new PriorityQueue<>().remove());
        ArrayDeque<Integer> d = new ArrayDeque<>(4);
        for (int i = 0; i < 100; i++) {
            d.addLast(i);
            if (i % 3 == 0) d.addFirst(-i);
            if (i % 4 == 0) d.pollFirst();
            if (i % 5 == 0) d.pollLast();
        }
        System.out.println(d + " " + d.size());
        d.removeIf(x -> x < 50);
        d.removeFirstOccurrence(68);
        Iterator<Integer> it = d.descendingIterator();
        it.next();
        it.remove();
        System.out.println(d + " " + d.peekFirst() + d.peekLast() + d.contains(52) + d.reversed());
        t("deque null", () -> new ArrayDeque<>().push(null));
        t("deque pop", () -> new ArrayDeque<>().pop());
        t("deque getLast", () -> new ArrayDeque<>().getLast());
        System.out.println(new ArrayDeque<>().poll() + " " + new ArrayDeque<>().peekLast());
        ArrayBlockingQueue<String> abq = new ArrayBlockingQueue<>(2);
        System.out.println(abq.offer("a") + " " + abq.offer("b") + " " + abq.offer("c") + " " + abq.offer("d", 1, TimeUnit.MILLISECONDS) + abq.remainingCapacity() + abq.poll() + abq.take() + abq.poll(1, TimeUnit.MILLISECONDS));
        t("full", () -> { abq.add("1"); abq.add("2"); abq.add("3"); });
        LinkedBlockingDeque<Integer> lbd = new LinkedBlockingDeque<>();
        lbd.putFirst(1);
        lbd.offerLast(2);
        List<Integer> drained = new ArrayList<>();
        System.out.println(lbd.takeLast() + " " + lbd.drainTo(drained) + drained);
        PriorityBlockingQueue<String> pbq = new PriorityBlockingQueue<>(1, String.CASE_INSENSITIVE_ORDER);
        pbq.addAll(List.of("b", "A", "c"));
        System.out.println(pbq.take() + pbq.take() + pbq.take());
        ConcurrentLinkedQueue<Integer> clq = new ConcurrentLinkedQueue<>(List.of(1, 2, 3));
        for (Integer x : clq) if (x == 2) clq.add(4);
        System.out.println(clq + " " + clq.remove(2) + clq);
        ConcurrentLinkedDeque<Integer> cld = new ConcurrentLinkedDeque<>(List.of(1, 2));
        cld.addFirst(0);
        cld.removeLastOccurrence(2);
        System.out.println(cld);
        SynchronousQueue<Integer> sq = new SynchronousQueue<>();
        System.out.println(sq.offer(1) + " " + sq.poll() + sq.size());
        Thread giver = new Thread(() -> { try { sq.put(42); } catch (InterruptedException e) { } });
        giver.start();
        System.out.println(sq.take());
        LinkedTransferQueue<String> ltq = new LinkedTransferQueue<>();
        System.out.println(ltq.tryTransfer("x") + " " + ltq.offer("y") + ltq.take());
        class D implements Delayed {
            final long at; final String n;
            D(long ms, String n) { at = ms; this.n = n; }
            public long getDelay(TimeUnit u) { return u.convert(at - 1000, TimeUnit.MILLISECONDS); }
            public int compareTo(Delayed o) { return Long.compare(at, ((D) o).at); }
        }
        DelayQueue<D> dq = new DelayQueue<>();
        dq.add(new D(900, "second"));
        dq.add(new D(1_000_000, "later"));
        dq.add(new D(100, "first"));
        System.out.println(dq.take().n + dq.take().n + dq.poll() + dq.size());
        Queue<Integer> seen = Collections.asLifoQueue(new ArrayDeque<>());
        seen.add(1);
        seen.add(2);
        System.out.println(seen);
    }
}
