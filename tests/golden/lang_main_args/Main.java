public class Main extends Base {
}

class Base {
    public static void main(String... args) throws InterruptedException {
        System.out.println(args.length);
        for (String a : args) {
            System.out.println("[" + a + "] " + a.length());
        }
        System.out.println(Thread.currentThread().getName() + " " + Thread.currentThread().getThreadGroup().getName() + " " + Thread.currentThread().isDaemon() + " " + Thread.currentThread().getPriority());
        StackTraceElement[] st = new Throwable().getStackTrace();
        System.out.println(st.length + " " + st[0]);
        Thread t = new Thread(() -> {
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                return;
            }
            System.out.println("outlives main");
        });
        t.start();
    }
}
