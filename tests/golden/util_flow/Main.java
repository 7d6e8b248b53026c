import java.util.*;
import java.util.concurrent.*;
import java.util.function.*;

public class Main {
    static class Collect<T> implements Flow.Subscriber<T> {
        final List<Object> got = Collections.synchronizedList(new ArrayList<>());
        final CountDownLatch done = new CountDownLatch(1);
        final int batch;
        Flow.Subscription s;
        int left;
        Collect(int batch) { this.batch = batch; }
        public void onSubscribe(Flow.Subscription s) { this.s = s; left = batch; s.request(batch); }
        public void onNext(T t) { got.add(t); if (--left == 0) { left = batch; s.request(batch); } }
        public void onError(Throwable t) { got.add("error " + t.getMessage()); done.countDown(); }
        public void onComplete() { got.add("complete"); done.countDown(); }
    }

    static class Mapper<A, B> extends SubmissionPublisher<B> implements Flow.Processor<A, B> {
        final Function<A, B> f;
        Flow.Subscription s;
        Mapper(Function<A, B> f) { super(Runnable::run, 16); this.f = f; }
        public void onSubscribe(Flow.Subscription s) { this.s = s; s.request(1); }
        public void onNext(A a) { submit(f.apply(a)); s.request(1); }
        public void onError(Throwable t) { closeExceptionally(t); }
        public void onComplete() { close(); }
    }

    public static void main(String[] args) throws Exception {
        Collect<Integer> a = new Collect<>(1), b = new Collect<>(7);
        try (SubmissionPublisher<Integer> p = new SubmissionPublisher<>()) {
            p.subscribe(a);
            p.subscribe(b);
            for (int i = 0; i < 20; i++) p.submit(i);
            System.out.println(p.getNumberOfSubscribers() + " " + p.isSubscribed(a));
        }
        a.done.await();
        b.done.await();
        System.out.println(a.got + " " + a.got.equals(b.got));
        Collect<String> c = new Collect<>(2);
        SubmissionPublisher<Integer> src = new SubmissionPublisher<>();
        Mapper<Integer, String> m = new Mapper<>(x -> "<" + x * x + ">");
        m.subscribe(c);
        src.subscribe(m);
        for (int i = 0; i < 5; i++) src.submit(i);
        src.close();
        c.done.await();
        System.out.println(c.got);
        Collect<Integer> e = new Collect<>(10);
        SubmissionPublisher<Integer> bad = new SubmissionPublisher<>();
        bad.subscribe(e);
        bad.submit(1);
        bad.closeExceptionally(new IllegalStateException("source failed"));
        e.done.await();
        System.out.println(e.got.getLast() + " " + bad.isClosed() + bad.getClosedException().getMessage());
        try {
            bad.submit(2);
        } catch (IllegalStateException x) {
            System.out.println(x.getMessage());
        }
        SubmissionPublisher<Integer> con = new SubmissionPublisher<>();
        List<Integer> consumed = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Void> f = con.consume(consumed::add);
        con.submit(5);
        con.submit(6);
        con.close();
        f.get();
        System.out.println(consumed);
        SubmissionPublisher<Integer> slow = new SubmissionPublisher<>(Runnable::run, 2);
        Collect<Integer> none = new Collect<>(1) { @Override public void onSubscribe(Flow.Subscription s) { this.s = s; } };
        slow.subscribe(none);
        int dropped = 0;
        for (int i = 0; i < 5; i++) if (slow.offer(i, null) < 0) dropped++;
        System.out.println(dropped + " " + slow.estimateMaximumLag());
        none.s.request(2);
        none.s.cancel();
        System.out.println(none.got + " " + slow.hasSubscribers());
    }
}
