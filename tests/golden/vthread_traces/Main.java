import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.locks.*;
import java.util.stream.*;

public class Main {
    static final Object LOCK = new Object();
    static volatile boolean stop;
    static volatile int spun;

    static void await(Thread t, Thread.State state) {
        while (t.getState() != state) Thread.yield();
    }

    static void show(String what, StackTraceElement[] trace) {
        System.out.println(what);
        for (StackTraceElement e : trace) {
            System.out.println("  " + e.getModuleName() + "/" + e.getClassName() + "." + e.getMethodName()
                + ("Main.java".equals(e.getFileName()) ? ":" + e.getLineNumber() : "") + (e.isNativeMethod() ? " native" : ""));
        }
    }

    static void park() {
        LockSupport.park();
    }

    static void sleep() {
        try {
            Thread.sleep(1_000_000);
        } catch (InterruptedException e) {
            show("interrupted", e.getStackTrace());
        }
    }

    static void block() {
        synchronized (LOCK) {
            stop = true;
        }
    }

    static void waitFor() {
        synchronized (LOCK) {
            try {
                LOCK.wait();
            } catch (InterruptedException e) {
                show("interrupted", e.getStackTrace());
            }
        }
    }

    static void spin() {
        while (!stop) spun++;
    }

    static int fail(int depth) {
        if (depth > 0) return 1 + fail(depth - 1);
        throw new IllegalStateException("deep");
    }

    public static void main(String[] args) throws Exception {
        show("unstarted", Thread.ofVirtual().unstarted(Main::park).getStackTrace());
        Thread parked = Thread.ofVirtual().name("parker").start(Main::park);
        await(parked, Thread.State.WAITING);
        show("parked", parked.getStackTrace());
        System.out.println(parked.getName() + " " + parked.toString().replaceAll("#\\d+", "#n"));
        LockSupport.unpark(parked);
        parked.join();
        show("ended", parked.getStackTrace());
        System.out.println(parked.toString().replaceAll("#\\d+", "#n"));

        Thread sleeper = Thread.ofVirtual().name("sleeper-", 7).start(Main::sleep);
        await(sleeper, Thread.State.TIMED_WAITING);
        show("sleeping", sleeper.getStackTrace());
        System.out.println(sleeper.toString().replaceAll("#\\d+", "#n"));
        sleeper.interrupt();
        sleeper.join();

        Thread blocked;
        synchronized (LOCK) {
            blocked = Thread.startVirtualThread(Main::block);
            await(blocked, Thread.State.BLOCKED);
            show("blocked", blocked.getStackTrace());
        }
        blocked.join();
        Thread waiting = Thread.startVirtualThread(Main::waitFor);
        await(waiting, Thread.State.WAITING);
        show("waiting", waiting.getStackTrace());
        waiting.interrupt();
        waiting.join();

        stop = false;
        Thread spinning = Thread.startVirtualThread(Main::spin);
        while (spun < 1000) Thread.yield();
        show("running", spinning.getStackTrace());
        System.out.println(spinning.getState());
        stop = true;
        spinning.join();

        Thread inside = Thread.startVirtualThread(() -> {
            show("own", Thread.currentThread().getStackTrace());
            try {
                fail(3);
            } catch (IllegalStateException e) {
                show("thrown", e.getStackTrace());
            }
            Thread.yield();
            try {
                fail(2);
            } catch (IllegalStateException e) {
                show("thrown after a yield", e.getStackTrace());
            }
            StackWalker walker = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
            System.out.println("walk " + walker.walk(s -> s.map(f -> f.getDeclaringClass().getSimpleName() + "." + f.getMethodName())
                .collect(Collectors.toList())));
            System.out.println("caller " + caller());
            StackWalker hidden = StackWalker.getInstance(StackWalker.Option.SHOW_HIDDEN_FRAMES);
            System.out.println("hidden " + hidden.walk(s -> s.map(StackWalker.StackFrame::getMethodName)
                .filter(name -> !name.startsWith("lambda")).collect(Collectors.toList())));
        });
        inside.join();

        Map<Thread, StackTraceElement[]> all = Thread.getAllStackTraces();
        System.out.println("virtual threads among all: " + all.keySet().stream().filter(Thread::isVirtual).count());
    }

    static String caller() {
        return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE).getCallerClass().getName();
    }
}
