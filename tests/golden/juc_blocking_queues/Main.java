import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class Main {
    static final int REPEAT = Integer.getInteger("golden.repeat", 1);
    static final int SCALE = Integer.getInteger("golden.scale", 300);
    static final int PRODUCERS = 2, CONSUMERS = 2;

    static final AtomicReference<Throwable> failure = new AtomicReference<>();

    interface Body { void run() throws Exception; }

    static Thread start(Body body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (Throwable e) {
                failure.compareAndSet(null, e);
            }
        });
        thread.start();
        return thread;
    }

    static void join(List<Thread> threads) throws Exception {
        for (Thread t : threads) t.join();
        if (failure.get() != null) throw new AssertionError(failure.get());
    }

    static void check(boolean holds, String what) { if (!holds) throw new AssertionError(what); }

    record Item(int producer, int number) implements Comparable<Item> {
        public int compareTo(Item other) { return Integer.compare(number, other.number); }
    }

    static final Item END = new Item(-1, Integer.MAX_VALUE);

    /** All arrive, once; where the queue is one of arrival, the items of a producer in their order at each consumer. */
    static String run(BlockingQueue<Item> queue, boolean fifo) throws Exception {
        List<Thread> threads = new ArrayList<>();
        AtomicLong sum = new AtomicLong();
        AtomicInteger count = new AtomicInteger(), bound = new AtomicInteger();
        int capacity = queue.remainingCapacity();
        for (int p = 0; p < PRODUCERS; p++) {
            int id = p;
            threads.add(start(() -> {
                for (int i = 0; i < SCALE; i++) {
                    Item item = new Item(id, i);
                    if (i % 3 == 0) check(queue.offer(item, 60, TimeUnit.SECONDS), "offer took a minute"); else queue.put(item);
                }
            }));
        }
        List<Thread> consumers = new ArrayList<>();
        for (int c = 0; c < CONSUMERS; c++) {
            consumers.add(start(() -> {
                int[] last = new int[PRODUCERS];
                Arrays.fill(last, -1);
                while (true) {
                    Item item = count.get() % 2 == 0 ? queue.take() : queue.poll(60, TimeUnit.SECONDS);
                    if (item == END) return;
                    check(!fifo || item.number > last[item.producer], "order of " + item);
                    last[item.producer] = item.number;
                    bound.accumulateAndGet(queue.size(), Math::max);
                    sum.addAndGet(item.number);
                    count.incrementAndGet();
                }
            }));
        }
        join(threads);
        for (int c = 0; c < CONSUMERS; c++) queue.put(END);
        join(consumers);
        check(bound.get() <= capacity || capacity == 0, "more than the capacity: " + bound);
        check(count.get() == PRODUCERS * SCALE, "count " + count);
        check(sum.get() == (long) PRODUCERS * SCALE * (SCALE - 1) / 2, "sum " + sum);
        return queue.getClass().getSimpleName() + " " + queue.isEmpty() + "\n";
    }

    record Late(int n, long at) implements Delayed {
        public long getDelay(TimeUnit unit) { return unit.convert(at - System.nanoTime(), TimeUnit.NANOSECONDS); }
        public int compareTo(Delayed other) { return Long.compare(at, ((Late) other).at); }
    }

    static String delayed() throws Exception {
        DelayQueue<Late> queue = new DelayQueue<>();
        long now = System.nanoTime();
        for (int i = 0; i < 10; i++) queue.add(new Late(i, now + (i * 7 % 10) * 300_000L));
        StringBuilder order = new StringBuilder("delayed ");
        for (int i = 0; i < 10; i++) {
            Late late = queue.take();
            check(System.nanoTime() - late.at >= 0, "too early");
            order.append(late.n);
        }
        return order.append('\n').toString();
    }

    static String transfer() throws Exception {
        LinkedTransferQueue<Item> queue = new LinkedTransferQueue<>();
        AtomicInteger handed = new AtomicInteger();
        Thread giver = start(() -> {
            for (int i = 0; i < 50; i++) { queue.transfer(new Item(0, i)); handed.incrementAndGet(); }
        });
        for (int i = 0; i < 50; i++) {
            check(handed.get() <= i, "transfer did not wait");
            check(queue.take().number == i, "transferred");
        }
        join(List.of(giver));
        return "transfer " + handed + queue.tryTransfer(END) + queue.tryTransfer(END, 1, TimeUnit.MILLISECONDS) + queue.size() + "\n";
    }

    static String refused() throws Exception {
        ArrayBlockingQueue<Integer> full = new ArrayBlockingQueue<>(2);
        StringBuilder out = new StringBuilder("refused ");
        out.append(full.offer(1)).append(full.offer(2)).append(full.offer(3)).append(full.offer(3, 1, TimeUnit.MILLISECONDS)).append(full.remainingCapacity());
        try {
            full.add(4);
        } catch (IllegalStateException e) {
            out.append(' ').append(e.getMessage());
        }
        // An interrupt ends the waits, and the queue stays whole.
        Thread put = start(() -> {
            try {
                full.put(5);
                check(false, "put into a full queue");
            } catch (InterruptedException e) {
                out.append(" interrupted");
            }
        });
        put.interrupt();
        join(List.of(put));
        List<Integer> drained = new ArrayList<>();
        return out.append(full.drainTo(drained)).append(drained).append(full.poll()).append('\n').toString();
    }

    static String once() throws Exception {
        return run(new ArrayBlockingQueue<>(7), true) + run(new ArrayBlockingQueue<>(3, true), true) + run(new LinkedBlockingQueue<>(), true) + run(new LinkedBlockingQueue<>(5), true)
            + run(new LinkedBlockingDeque<>(4), true) + run(new PriorityBlockingQueue<>(), false) + run(new SynchronousQueue<>(), true) + run(new SynchronousQueue<>(true), true)
            + run(new LinkedTransferQueue<>(), true) + delayed() + transfer() + refused();
    }

    public static void main(String[] args) throws Exception {
        String first = once();
        System.out.print(first);
        for (int i = 1; i < REPEAT; i++) {
            String again = once();
            if (!again.equals(first)) { System.out.println("repetition " + i + ":\n" + again); System.exit(1); }
        }
    }
}
