public class Main {
    static class Boom extends RuntimeException {
        Boom(String m) {
            super(m, null, true, false);
        }
    }

    static void in(Thread t) throws InterruptedException {
        t.start();
        t.join();
    }

    public static void main(String[] args) throws Exception {
        in(new Thread(() -> { throw new Boom("plain"); }, "worker one"));
        in(new Thread(() -> { throw new Boom(null); }, ""));
        Thread own = new Thread(() -> { throw new Boom("own"); }, "own");
        own.setUncaughtExceptionHandler((t, e) -> System.out.println("handler " + t.getName() + " " + e.getMessage() + " " + (Thread.currentThread() == t)));
        in(own);
        Thread bad = new Thread(() -> { throw new Boom("first"); }, "bad");
        bad.setUncaughtExceptionHandler((t, e) -> { throw new Boom("second"); });
        in(bad);
        ThreadGroup g = new ThreadGroup("group") {
            @Override
            public void uncaughtException(Thread t, Throwable e) {
                System.out.println("group " + t.getName() + " " + e.getMessage());
            }
        };
        in(new Thread(g, () -> { throw new Boom("in group"); }, "member"));
        in(new Thread(() -> { int[] a = new int[1]; a[1] = 0; }, "aioobe") {
            @Override
            public void run() {
                try {
                    super.run();
                } catch (ArrayIndexOutOfBoundsException e) {
                    System.out.println(e.getMessage());
                }
            }
        });
        Thread.setDefaultUncaughtExceptionHandler((t, e) -> System.out.println("default " + t.getName() + " " + e));
        in(new Thread(() -> { throw new Boom("to default"); }, "d"));
        in(Thread.ofVirtual().name("virt").unstarted(() -> { throw new Boom("virtual"); }));
        System.out.println(Thread.getDefaultUncaughtExceptionHandler() != null);
        Thread.currentThread().setUncaughtExceptionHandler((t, e) -> System.out.println("main's handler " + e.getMessage()));
        throw new Boom("from main");
    }
}
