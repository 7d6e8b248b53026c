import java.util.ArrayList;
import java.util.List;

/** Starts threads until there is no room for another one; then they end, and one more is started. */
public class Refused {
    public static void main(String[] args) throws Exception {
        List<Thread> threads = new ArrayList<>();
        Object gate = new Object();
        String said = null;
        try {
            while (threads.size() < 3000) {
                Thread t = new Thread(null, () -> { synchronized (gate) { try { gate.wait(); } catch (InterruptedException e) { } } }, "t", 8L << 20);
                t.setDaemon(true);
                t.start();
                threads.add(t);
            }
        } catch (OutOfMemoryError e) { said = e.getMessage(); }
        System.out.println(said + " " + (threads.size() > 5) + " " + (threads.size() < 3000));
        synchronized (gate) { gate.notifyAll(); }
        for (Thread t : threads) t.interrupt();
        for (Thread t : threads) t.join();
        Thread again = new Thread(() -> System.out.println("again"));
        again.start(); again.join();
    }
}
