import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.stream.*;

public class Main {
    static String out(CompletableFuture<?> f) {
        try {
            return String.valueOf(f.join());
        } catch (CompletionException e) {
            return "CE(" + e.getCause() + ")";
        } catch (CancellationException e) {
            return "cancelled";
        }
    }

    static <T> CompletableFuture<T> fail(String m) {
        return CompletableFuture.failedFuture(new IllegalStateException(m));
    }

    public static void main(String[] args) throws Exception {
        CompletableFuture<Integer> a = CompletableFuture.supplyAsync(() -> 6), b = CompletableFuture.completedFuture(7);
        System.out.println(out(a.thenApply(x -> x * 2)) + " " + out(a.thenCombine(b, (x, y) -> x * y)) + " " + out(a.thenCompose(x -> CompletableFuture.supplyAsync(() -> x + 100))) + " " + out(a.thenApplyAsync(x -> "s" + x).thenAccept(s -> {})));
        System.out.println(out(fail("f").thenApply(x -> "skipped")) + " " + out(fail("g").exceptionally(e -> "recovered " + e.getMessage())) + " " + out(fail("h").handle((v, e) -> v + "/" + e.getMessage())) + " " + out(b.handle((v, e) -> v + "/" + e)));
        System.out.println(out(fail("i").thenApply(x -> x).exceptionally(e -> e.getClass().getSimpleName() + " " + e.getCause().getMessage())));
        AtomicReference<Object> seen = new AtomicReference<>();
        System.out.println(out(b.whenComplete((v, e) -> seen.set(v))) + seen + " " + out(b.whenComplete((v, e) -> { throw new RuntimeException("in whenComplete"); })) + " " + out(fail("j").whenComplete((v, e) -> { throw new RuntimeException("lost"); })));
        System.out.println(out(b.thenApply(x -> x / 0)) + " " + out(b.thenCompose(x -> null)));
        CompletableFuture<String> manual = new CompletableFuture<>();
        CompletableFuture<String> dep = manual.thenApply(s -> s + "!");
        System.out.println(manual.isDone() + " " + manual.getNow("default") + manual.getNumberOfDependents() + " " + manual.complete("done") + manual.complete("again") + out(dep) + manual.isDone() + manual.isCompletedExceptionally());
        CompletableFuture<String> ex = new CompletableFuture<>();
        ex.completeExceptionally(new TimeoutException("t"));
        try {
            ex.get();
        } catch (ExecutionException e) {
            System.out.println(e.getCause() + " " + ex.isCompletedExceptionally() + ex.state() + ex.exceptionNow().getMessage());
        }
        CompletableFuture<Integer> c = new CompletableFuture<>();
        System.out.println(c.cancel(true) + " " + c.isCancelled() + out(c) + out(c.thenApply(x -> x)));
        System.out.println(out(CompletableFuture.allOf(IntStream.range(0, 5).mapToObj(i -> CompletableFuture.runAsync(() -> {})).toArray(CompletableFuture[]::new))) + " " + out(CompletableFuture.anyOf(new CompletableFuture<>(), CompletableFuture.completedFuture("first"))) + " " + out(CompletableFuture.allOf(a, fail("one of all"))));
        System.out.println(out(new CompletableFuture<String>().completeOnTimeout("timed default", 1, TimeUnit.MILLISECONDS)) + " " + out(new CompletableFuture<String>().orTimeout(1, TimeUnit.MILLISECONDS)));
        System.out.println(out(a.applyToEither(new CompletableFuture<>(), x -> "either " + x)) + " " + out(a.acceptEither(b, x -> {})) + out(a.runAfterBoth(b, () -> {})) + out(a.thenAcceptBoth(b, (x, y) -> seen.set(x + y))) + seen);
        List<CompletableFuture<Integer>> many = IntStream.rangeClosed(1, 20).mapToObj(i -> CompletableFuture.supplyAsync(() -> i).thenApplyAsync(x -> x * x)).toList();
        System.out.println(many.stream().map(CompletableFuture::join).mapToInt(x -> x).sum());
        CompletableFuture<Integer> chain = CompletableFuture.completedFuture(0);
        for (int i = 0; i < 1000; i++) chain = chain.thenApply(x -> x + 1);
        System.out.println(out(chain));
        CompletableFuture<Integer> head = new CompletableFuture<>(), tail = head;
        for (int i = 0; i < 2000; i++) tail = tail.thenApply(x -> x + 1);
        head.complete(1);
        System.out.println(out(tail));
        System.out.println(out(fail("k").exceptionallyCompose(e -> CompletableFuture.completedFuture("composed"))) + " " + out(a.copy()) + out(a.minimalCompletionStage().toCompletableFuture()) + out(b.thenApplyAsync(x -> Thread.currentThread().getName(), r -> new Thread(r, "custom").start())));
        System.out.println(out(CompletableFuture.supplyAsync(() -> { throw new CompletionException("wrapped", new Error("inner")); })) + " " + new CompletableFuture<>().toString().replaceAll("@\\w+", "@") + " " + b.toString().replaceAll("@\\w+", "@"));
        Executor delayed = CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS);
        System.out.println(out(CompletableFuture.supplyAsync(() -> "delayed", delayed)));
    }
}
