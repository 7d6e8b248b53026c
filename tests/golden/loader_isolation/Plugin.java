public class Plugin implements Runnable {
    static int count;
    public static Plugin shared;

    public void run() {
        System.out.println("plugin " + ++count + " " + new Helper().say());
    }

    public static Object helper() {
        return new Helper();
    }

    public String touch() {
        return new Helper().packagePrivate();
    }
}
