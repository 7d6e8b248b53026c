public class Main {
    public static void main(String[] args) throws Exception {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
        Thread waiting = new Thread(() -> {
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException e) {
                System.out.println("never");
            }
        });
        waiting.start();
        try {
            nested();
        } finally {
            System.out.println("never");
        }
    }

    static void nested() {
        try {
            System.out.println("exiting");
            System.exit(42);
        } finally {
            System.out.println("never");
        }
    }
}
