public class Main {
    public static void main(String[] args) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("never")));
        System.out.println("halting");
        try {
            Runtime.getRuntime().halt(3);
        } finally {
            System.out.println("never");
        }
    }
}
