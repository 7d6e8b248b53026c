public class Main {
    public static void main(String[] args) throws Exception {
        Thread d = new Thread(() -> {
            try {
                Thread.sleep(100_000);
            } catch (InterruptedException e) {
                System.out.println("never");
            }
        });
        d.setDaemon(true);
        d.start();
        new Sub();
    }
}

class Sub {
    static final Object O = make();

    static Object make() {
        Runnable r = () -> {
            throw new java.io.UncheckedIOException(new java.io.IOException("disk"));
        };
        r.run();
        return null;
    }
}
