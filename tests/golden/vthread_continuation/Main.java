import java.util.*;
import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;

public class Main {
    static final ContinuationScope OUTER = new ContinuationScope("outer");
    static final ContinuationScope INNER = new ContinuationScope("inner");
    static final List<String> LOG = new ArrayList<>();
    static int produced;

    static void produce(int depth) {
        if (depth > 0) {
            produce(depth - 1);
            return;
        }
        produced++;
        Continuation.yield(OUTER);
    }

    static class Pinned extends Continuation {
        Pinned(Runnable r) {
            super(OUTER, r);
        }

        @Override
        protected void onPinned(Continuation.Pinned reason) {
            System.out.println("pinned: " + reason);
        }
    }

    public static void main(String[] args) {
        Continuation generator = new Continuation(OUTER, () -> {
            for (int i = 0; i < 5; i++) produce(i * 3);
        });
        StringBuilder seen = new StringBuilder();
        while (!generator.isDone()) {
            generator.run();
            seen.append(produced).append(generator.isDone() ? "." : " ");
        }
        System.out.println(seen);
        try {
            generator.run();
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }

        // A continuation in a continuation yields to its own scope, and both to the outer one.
        Continuation outer = new Continuation(OUTER, () -> {
            Continuation inner = new Continuation(INNER, () -> {
                System.out.println("inner 1");
                Continuation.yield(INNER);
                System.out.println("inner 2");
                System.out.println("yielded " + Continuation.yield(OUTER));
                System.out.println("inner 3");
            });
            int runs = 0;
            while (!inner.isDone()) {
                inner.run();
                System.out.println("outer after run " + ++runs);
            }
            Continuation.yield(OUTER);
            System.out.println("outer ends");
        });
        for (int i = 1; !outer.isDone(); i++) {
            System.out.println("run " + i);
            outer.run();
        }

        Pinned pinned = new Pinned(() -> {
            Continuation.pin();
            try {
                System.out.println("yields " + Continuation.yield(OUTER) + " " + Continuation.isPinned(OUTER));
            } finally {
                Continuation.unpin();
            }
            System.out.println("is pinned " + Continuation.isPinned(OUTER));
            System.out.println("yields " + Continuation.yield(OUTER));
        });
        pinned.run();
        System.out.println("done " + pinned.isDone());
        pinned.run();
        System.out.println("done " + pinned.isDone());

        Continuation parked = new Continuation(OUTER, () -> produce(2));
        System.out.println(parked.getStackTrace().length);
        parked.run();
        for (StackTraceElement e : parked.getStackTrace()) System.out.println(e.getMethodName() + ":" + e.getLineNumber());
        parked.run();
        System.out.println(parked.getStackTrace().length);

        Continuation throwing = new Continuation(OUTER, () -> {
            Continuation.yield(OUTER);
            throw new IllegalStateException("out of the continuation");
        });
        throwing.run();
        try {
            throwing.run();
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage() + " " + throwing.isDone() + " " + e.getStackTrace()[0].getLineNumber());
        }
        try {
            Continuation.yield(OUTER);
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage().replaceAll("@.*", ""));
        }

        // Many alive at once, each with its own state.
        List<Continuation> many = new ArrayList<>();
        long[] sum = new long[1];
        for (int i = 0; i < 100; i++) {
            int k = i;
            many.add(new Continuation(OUTER, () -> {
                long own = k;
                String text = "c" + k;
                for (int r = 0; r < 3; r++) {
                    Continuation.yield(OUTER);
                    own = own * 3 + text.length();
                }
                sum[0] += own;
            }));
        }
        while (!many.isEmpty()) {
            for (Iterator<Continuation> it = many.iterator(); it.hasNext(); ) {
                Continuation c = it.next();
                c.run();
                if (c.isDone()) it.remove();
            }
            System.gc();
        }
        System.out.println(sum[0]);
    }
}
