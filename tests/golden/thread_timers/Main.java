import java.util.*;
import java.util.concurrent.*;

public class Main {
    public static void main(String[] args) throws Exception {
        Timer timer = new Timer("timer", true);
        StringBuffer sb = new StringBuffer();
        CountDownLatch done = new CountDownLatch(1);
        timer.schedule(new TimerTask() { public void run() { sb.append("once "); } }, 1);
        timer.schedule(new TimerTask() {
            int n;
            public void run() {
                sb.append("rep").append(n).append(' ');
                if (++n == 3) {
                    System.out.println(cancel() + " " + cancel());
                    done.countDown();
                }
            }
        }, 40, 2);
        done.await();
        System.out.println(sb);
        TimerTask never = new TimerTask() { public void run() { System.out.println("never"); } };
        timer.schedule(never, 100_000);
        System.out.println(never.cancel() + " " + never.cancel() + " " + (timer.purge() >= 0));
        CountDownLatch ran = new CountDownLatch(1);
        TimerTask dated = new TimerTask() { public void run() { ran.countDown(); } };
        timer.schedule(dated, new Date(0));
        ran.await();
        try {
            timer.schedule(dated, 5);
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        for (long[] bad : new long[][] {{-1, 1}, {1, 0}}) {
            try {
                timer.schedule(new TimerTask() { public void run() { } }, bad[0], bad[1]);
            } catch (IllegalArgumentException e) {
                System.out.println(e.getMessage());
            }
        }
        Thread[] th = new Thread[1];
        CountDownLatch in = new CountDownLatch(1);
        timer.schedule(new TimerTask() {
            public void run() {
                th[0] = Thread.currentThread();
                Thread.currentThread().setUncaughtExceptionHandler((t, e) -> System.out.println(t.getName() + " dies of " + e.getMessage()));
                in.countDown();
                throw new IllegalStateException("task");
            }
        }, 0);
        in.await();
        th[0].join();
        try {
            timer.schedule(new TimerTask() { public void run() { } }, 1);
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        Timer second = new Timer();
        second.cancel();
        try {
            second.schedule(new TimerTask() { public void run() { } }, 1);
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
    }
}
