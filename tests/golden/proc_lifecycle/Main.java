import java.io.*;
import java.time.*;
import java.util.*;
import java.util.concurrent.*;

public class Main {
    static Process sh(String script) throws IOException {
        return new ProcessBuilder("sh", "-c", script).start();
    }

    public static void main(String[] args) throws Exception {
        codes();
        ending();
        waiting();
        handles();
        completion();
    }

    static void codes() throws Exception {
        for (int code : new int[] {0, 1, 2, 126, 127, 128, 200, 255}) System.out.print(sh("exit " + code).waitFor() + " ");
        System.out.println();
        for (String signal : new String[] {"KILL", "PIPE", "ALRM", "TERM", "USR1", "SEGV"}) {
            System.out.print(signal + "=" + new ProcessBuilder("sh", "-c", "ulimit -c 0; kill -" + signal + " $$").start().waitFor() + " ");
        }
        System.out.println();
    }

    static void ending() throws Exception {
        Process p = new ProcessBuilder("sleep", "1000").start();
        System.out.println(p.isAlive() + " " + p.supportsNormalTermination() + " " + p.toHandle().supportsNormalTermination());
        try {
            p.exitValue();
        } catch (IllegalThreadStateException e) {
            System.out.println(e.getMessage());
        }
        System.out.println(p.toString().replace(Long.toString(p.pid()), "PID"));
        p.destroy();
        System.out.println(p.waitFor() + " " + p.isAlive() + " " + p.exitValue());
        System.out.println(p.toString().replace(Long.toString(p.pid()), "PID"));
        p.destroy();
        p.destroyForcibly();
        Process q = new ProcessBuilder("sleep", "1000").start();
        System.out.println(q.destroyForcibly() == q ? "same" : "other");
        System.out.println(q.waitFor());
        Process stubborn = sh("trap '' TERM; echo ready; while :; do sleep 0.01; done");
        stubborn.getInputStream().read();
        stubborn.toHandle().destroy();
        System.out.println("stubborn " + stubborn.waitFor(200, TimeUnit.MILLISECONDS));
        System.out.println(stubborn.toHandle().destroyForcibly() + " " + stubborn.waitFor());
        System.out.println(stubborn.toHandle().destroy() + " " + stubborn.toHandle().isAlive());
        Process polite = sh("trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.01; done");
        BufferedReader r = polite.inputReader();
        System.out.println(r.readLine());
        polite.toHandle().destroy();
        System.out.println(r.readLine() + " " + polite.waitFor());
    }

    static void waiting() throws Exception {
        Process p = new ProcessBuilder("sleep", "1000").start();
        long start = System.nanoTime();
        System.out.println(p.waitFor(50, TimeUnit.MILLISECONDS) + " " + (System.nanoTime() - start >= 50_000_000L));
        System.out.println(p.waitFor(0, TimeUnit.SECONDS) + " " + p.waitFor(-1, TimeUnit.SECONDS) + " " + p.waitFor(Duration.ofMillis(1)));
        Thread main = Thread.currentThread();
        new Thread(main::interrupt).start();
        try {
            p.waitFor();
            System.out.println("not interrupted");
        } catch (InterruptedException e) {
            System.out.println("interrupted " + p.isAlive());
        }
        Thread waiter = new Thread(() -> {
            try {
                System.out.println("waited " + p.waitFor());
            } catch (InterruptedException e) {
                System.out.println(e);
            }
        });
        waiter.start();
        p.destroy();
        waiter.join();
        System.out.println(p.waitFor(1, TimeUnit.HOURS) + " " + p.waitFor());
    }

    static void handles() throws Exception {
        ProcessHandle me = ProcessHandle.current();
        Process p = sh("echo ready; read x; exit 5");
        BufferedReader r = p.inputReader();
        r.readLine();
        ProcessHandle h = p.toHandle();
        System.out.println(h.pid() == p.pid() && h.isAlive() && h.equals(ProcessHandle.of(p.pid()).get()));
        System.out.println(h.parent().get().equals(me) + " " + (h.hashCode() == Long.hashCode(h.pid())) + " " + h.compareTo(h));
        System.out.println(me.children().anyMatch(h::equals) + " " + me.descendants().anyMatch(h::equals)
            + " " + ProcessHandle.allProcesses().anyMatch(h::equals) + " " + p.children().count() + " " + p.descendants().count());
        ProcessHandle.Info info = p.info();
        System.out.println(info.command().map(c -> c.startsWith("/")).get() + " " + Arrays.toString(info.arguments().get()));
        System.out.println(info.startInstant().isPresent() + " " + info.totalCpuDuration().isPresent() + " " + info.user().equals(me.info().user()));
        System.out.println(info.startInstant().get().isAfter(me.info().startInstant().get().minusMillis(20)));
        for (boolean force : new boolean[] {false, true}) {
            try {
                if (force) me.destroyForcibly();
                else me.destroy();
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
        }
        try {
            me.onExit();
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        System.out.println(me.parent().isPresent() + " " + me.isAlive() + " " + ProcessHandle.of(0x7fffffffL).isPresent()
            + " " + ProcessHandle.of(-1).isPresent() + " " + ProcessHandle.of(1L << 40).isPresent());
        p.outputWriter().close();
        System.out.println(p.waitFor() + " " + h.isAlive() + " " + h.info() + " " + h.parent().isPresent() + " " + h.children().count());
        System.out.println(me.children().anyMatch(h::equals));
        Process family = sh("sleep 1000 & echo $!; wait");
        long child = Long.parseLong(family.inputReader().readLine());
        System.out.println(family.children().anyMatch(c -> c.pid() == child) + " " + me.descendants().anyMatch(c -> c.pid() == child)
            + " " + me.children().anyMatch(c -> c.pid() == child));
        ProcessHandle sleeper = ProcessHandle.of(child).get();
        System.out.println(sleeper.parent().get().pid() == family.pid());
        System.out.println(sleeper.destroy() + " " + family.waitFor());
        sleeper.onExit().get(20, TimeUnit.SECONDS);
        System.out.println(sleeper.isAlive());
    }

    static void completion() throws Exception {
        Process p = sh("read x; exit 9");
        CompletableFuture<Process> done = p.onExit();
        CompletableFuture<Integer> code = done.thenApply(Process::exitValue);
        CompletableFuture<ProcessHandle> handle = p.toHandle().onExit();
        System.out.println(done.isDone() + " " + handle.isDone());
        p.getOutputStream().close();
        System.out.println(code.get() + " " + (done.get() == p) + " " + handle.get().equals(p.toHandle()) + " " + p.isAlive());
        System.out.println(p.onExit().get().exitValue() + " " + p.toHandle().onExit().get().isAlive());
        List<CompletableFuture<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) all.add(sh("exit " + i).onExit().thenApply(Process::exitValue));
        int sum = 0;
        for (CompletableFuture<Integer> one : all) sum += one.get();
        System.out.println(sum);
        Process cancelled = new ProcessBuilder("sleep", "1000").start();
        CompletableFuture<Process> exit = cancelled.onExit();
        System.out.println(exit.cancel(true) + " " + cancelled.isAlive());
        cancelled.destroy();
        System.out.println(cancelled.waitFor());
    }
}
