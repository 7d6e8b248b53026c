import java.util.*;

public class Main {
    static class Buffer<T> {
        final ArrayDeque<T> q = new ArrayDeque<>();
        final int max;
        Buffer(int max) { this.max = max; }
        synchronized void put(T t) throws InterruptedException { while (q.size() == max) wait(); q.add(t); notifyAll(); }
        synchronized T take() throws InterruptedException { while (q.isEmpty()) wait(); T t = q.poll(); notifyAll(); return t; }
    }

    static class PingPong {
        boolean ping = true;
        final StringBuilder out = new StringBuilder();
        synchronized void play(boolean me, int n) {
            for (int i = 0; i < n; i++) {
                while (ping != me) {
                    try { wait(); } catch (InterruptedException e) { return; }
                }
                out.append(me ? "ping " : "pong ");
                ping = !me;
                notify();
            }
        }
    }

    public static void main(String[] args) throws Exception {
        Buffer<Integer> b = new Buffer<>(3);
        int per = 200;
        long[] sums = new long[3];
        Thread[] ts = new Thread[6];
        for (int i = 0; i < 3; i++) {
            int id = i;
            ts[i] = new Thread(() -> { try { for (int k = 0; k < per; k++) b.put(id * 1000 + k); } catch (InterruptedException e) { } });
            ts[3 + i] = new Thread(() -> { try { for (int k = 0; k < per; k++) sums[id] += b.take(); } catch (InterruptedException e) { } });
        }
        for (Thread t : ts) t.start();
        for (Thread t : ts) t.join();
        System.out.println(sums[0] + sums[1] + sums[2] + " " + b.q.size());
        PingPong p = new PingPong();
        Thread a = new Thread(() -> p.play(false, 10));
        a.start();
        p.play(true, 10);
        a.join();
        System.out.println(p.out);
        Object gate = new Object();
        boolean[] open = {false};
        int[] passed = {0};
        Thread[] w = new Thread[5];
        for (int i = 0; i < w.length; i++) {
            w[i] = new Thread(() -> {
                synchronized (gate) {
                    while (!open[0]) {
                        try { gate.wait(); } catch (InterruptedException e) { }
                    }
                    passed[0]++;
                }
            });
            w[i].start();
        }
        for (Thread t : w) while (t.getState() != Thread.State.WAITING) Thread.yield();
        synchronized (gate) {
            open[0] = true;
            gate.notifyAll();
            System.out.println("passed while held " + passed[0]);
        }
        for (Thread t : w) t.join();
        System.out.println(passed[0]);
        Object outer = new Object(), inner = new Object();
        Thread nested = new Thread(() -> {
            synchronized (outer) {
                synchronized (inner) {
                    synchronized (inner) {
                        try { inner.wait(); } catch (InterruptedException e) { System.out.println("holds both " + Thread.holdsLock(outer) + Thread.holdsLock(inner)); }
                    }
                }
            }
        });
        nested.start();
        while (nested.getState() != Thread.State.WAITING) Thread.yield();
        Thread probe = new Thread(() -> { synchronized (outer) { } });
        probe.start();
        while (probe.getState() != Thread.State.BLOCKED) Thread.yield();
        synchronized (inner) {
            System.out.println("inner is free, outer is not");
        }
        nested.interrupt();
        nested.join();
        probe.join();
        synchronized (gate) {
            gate.wait(3);
            gate.wait(1, 500);
        }
        System.out.println("timed waits over");
    }
}
