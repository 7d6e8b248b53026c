public class Main {
    public static void main(String[] args) throws Exception {
        Runtime rt = Runtime.getRuntime();
        Thread removed = new Thread(() -> System.out.println("never"));
        rt.addShutdownHook(removed);
        System.out.println(rt.removeShutdownHook(removed) + " " + rt.removeShutdownHook(removed));
        Thread hook = new Thread(() -> {
            System.out.println("hook in " + Thread.currentThread().getName());
            try {
                rt.addShutdownHook(new Thread());
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
            Thread t = new Thread(() -> System.out.println("thread started by a hook"));
            t.start();
            try {
                t.join();
            } catch (InterruptedException e) {
                System.out.println(e);
            }
            System.out.flush();
        }, "my-hook");
        rt.addShutdownHook(hook);
        try {
            rt.addShutdownHook(hook);
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        Thread started = new Thread(() -> {});
        started.start();
        started.join();
        try {
            rt.addShutdownHook(Thread.currentThread());
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        Thread last = new Thread(() -> System.out.println("non-daemon thread ends first"));
        last.start();
        last.join();
        throw new IllegalStateException("main fails");
    }
}
