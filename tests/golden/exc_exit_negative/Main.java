public class Main {
    public static void main(String[] args) throws Exception {
        System.out.print("no newline before exit");
        Thread t = new Thread(() -> System.exit(-2));
        t.start();
        t.join();
        Thread.sleep(10_000);
        System.out.println("never");
    }
}
