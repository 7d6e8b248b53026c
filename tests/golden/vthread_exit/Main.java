import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.locks.*;

public class Main {
    static final Object LOCK = new Object();

    static void await(Thread t, Thread.State state) {
        while (t.getState() != state) Thread.yield();
    }

    public static void main(String[] args) throws Exception {
        int n = Integer.getInteger("golden.scale", 3000);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                Thread.startVirtualThread(() -> System.out.println("a virtual thread in a hook")).join();
            } catch (InterruptedException e) {
                System.out.println("interrupted");
            }
        }));
        List<Thread> threads = new ArrayList<>();
        Object other = new Object();
        synchronized (other) {
            for (int i = 0; i < n; i++) {
                int kind = i % 4;
                threads.add(Thread.startVirtualThread(() -> {
                    try {
                        switch (kind) {
                            case 0 -> LockSupport.park();
                            case 1 -> Thread.sleep(1_000_000);
                            case 2 -> {
                                synchronized (LOCK) {
                                    LOCK.wait();
                                }
                            }
                            default -> {
                                synchronized (other) {
                                    System.out.println("entered");
                                }
                            }
                        }
                    } catch (InterruptedException e) {
                        System.out.println("interrupted");
                    } finally {
                        System.out.println("finally");
                    }
                }));
            }
            Thread.State[] states = {Thread.State.WAITING, Thread.State.TIMED_WAITING, Thread.State.WAITING, Thread.State.BLOCKED};
            for (int i = 0; i < n; i++) await(threads.get(i), states[i % 4]);
            Thread.startVirtualThread(() -> {
                System.out.println("exits");
                try {
                    System.exit(7);
                } finally {
                    System.out.println("never");
                }
            }).join();
        }
    }
}
