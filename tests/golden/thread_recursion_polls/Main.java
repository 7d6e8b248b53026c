public class Main {
    static int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
    public static void main(String[] args) throws Exception {
        Thread t = new Thread(() -> fib(60));
        t.setDaemon(true);
        t.start();
        Thread.sleep(100);
        System.gc();
        System.out.println("collected");
    }
}
