import java.util.*;
import java.util.concurrent.atomic.*;

public class Main {
    volatile int vi = 5;
    volatile long vl = 6;
    volatile String vs = "s";
    int plain;
    static final AtomicIntegerFieldUpdater<Main> FI = AtomicIntegerFieldUpdater.newUpdater(Main.class, "vi");
    static final AtomicLongFieldUpdater<Main> FL = AtomicLongFieldUpdater.newUpdater(Main.class, "vl");
    static final AtomicReferenceFieldUpdater<Main, String> FS = AtomicReferenceFieldUpdater.newUpdater(Main.class, String.class, "vs");

    public static void main(String[] args) throws Exception {
        AtomicInteger i = new AtomicInteger(1);
        System.out.println(i.getAndIncrement() + " " + i.incrementAndGet() + " " + i.getAndAdd(10) + " " + i.addAndGet(-3) + " " + i.compareAndSet(10, 20) + i.compareAndSet(10, 30) + " " + i.getAndUpdate(x -> x * 2) + " " + i.updateAndGet(x -> x + 1) + " " + i.accumulateAndGet(5, Math::max) + " " + i.getAndSet(7) + " " + i.compareAndExchange(7, 8) + i.compareAndExchange(7, 9) + " " + i.getPlain() + i.getAcquire() + i.decrementAndGet() + i);
        AtomicLong l = new AtomicLong(Long.MAX_VALUE);
        System.out.println(l.incrementAndGet() + " " + l.getAndAccumulate(3, (a, b) -> b) + " " + l.weakCompareAndSetVolatile(99, 1) + l.intValue() + l.doubleValue());
        AtomicBoolean b = new AtomicBoolean();
        System.out.println(b.compareAndSet(false, true) + " " + b.getAndSet(false) + b.get() + b.compareAndExchange(false, true) + b);
        AtomicReference<String> r = new AtomicReference<>("a");
        String a2 = new String("a");
        System.out.println(r.compareAndSet(a2, "x") + " " + r.compareAndSet("a", "b") + r.updateAndGet(s -> s + s) + r.accumulateAndGet("c", String::concat) + r.getAndSet(null) + r);
        AtomicIntegerArray ia = new AtomicIntegerArray(new int[] {1, 2, 3});
        System.out.println(ia.incrementAndGet(0) + ia.getAndAdd(1, 10) + " " + ia + ia.length() + ia.compareAndSet(2, 3, 9) + ia.accumulateAndGet(2, 4, Integer::sum));
        AtomicReferenceArray<Object> ra = new AtomicReferenceArray<>(2);
        System.out.println(ra.compareAndSet(0, null, "q") + " " + ra.getAndUpdate(0, x -> x + "!") + ra + new AtomicLongArray(3));
        try {
            ia.get(3);
        } catch (IndexOutOfBoundsException e) {
            System.out.println(e.getMessage());
        }
        Main m = new Main();
        System.out.println(FI.incrementAndGet(m) + " " + FL.getAndAdd(m, 5) + FS.compareAndSet(m, "s", "t") + FS.getAndSet(m, "u") + m.vi + m.vl + m.vs);
        for (Runnable q : new Runnable[] {() -> AtomicIntegerFieldUpdater.newUpdater(Main.class, "plain"), () -> AtomicIntegerFieldUpdater.newUpdater(Main.class, "none"), () -> AtomicIntegerFieldUpdater.newUpdater(Main.class, "vl"), () -> ((AtomicReferenceFieldUpdater) FS).set(m, 5), () -> ((AtomicIntegerFieldUpdater) FI).get("x")}) {
            try {
                q.run();
                System.out.println("fine");
            } catch (RuntimeException e) {
                System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
            }
        }
        LongAdder la = new LongAdder();
        LongAccumulator max = new LongAccumulator(Long::max, Long.MIN_VALUE);
        DoubleAdder da = new DoubleAdder();
        AtomicInteger cas = new AtomicInteger();
        Thread[] ts = new Thread[4];
        for (int t = 0; t < 4; t++) {
            int id = t;
            ts[t] = new Thread(() -> {
                for (int k = 0; k < 1000; k++) {
                    la.increment();
                    max.accumulate(id * 1000 + k);
                    da.add(0.5);
                    int old;
                    do old = cas.get(); while (!cas.compareAndSet(old, old + 1));
                    FI.getAndIncrement(m);
                    ia.getAndIncrement(0);
                }
            });
            ts[t].start();
        }
        for (Thread t : ts) t.join();
        System.out.println(la + " " + max + " " + da + " " + cas + " " + m.vi + " " + ia.get(0) + " " + la.sumThenReset() + la.sum() + max.getThenReset() + max.get());
        AtomicStampedReference<String> sr = new AtomicStampedReference<>("v", 1);
        int[] st = new int[1];
        System.out.println(sr.compareAndSet("v", "w", 2, 3) + " " + sr.compareAndSet("v", "w", 1, 2) + sr.get(st) + st[0] + sr.attemptStamp("w", 9) + sr.getStamp());
        AtomicMarkableReference<String> mr = new AtomicMarkableReference<>("v", false);
        System.out.println(mr.attemptMark("v", true) + " " + mr.isMarked() + mr.compareAndSet("v", "z", true, false) + mr.getReference());
    }
}
