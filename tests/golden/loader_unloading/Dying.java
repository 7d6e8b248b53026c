public class Dying {
    public static int count;
    static final byte[] BALLAST = new byte[10_000];
    final int id;

    public Dying(int id) {
        this.id = id;
        count++;
    }

    @Override
    public String toString() {
        Runnable r = () -> count += 0;
        r.run();
        return "dying " + id;
    }
}
