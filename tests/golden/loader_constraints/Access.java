/** Public, because the other loader's classes are in another run-time package. */
public class Access {
    public static Shared field = new Shared();

    public Access() {}

    public Shared make() {
        return new Shared();
    }

    public void take(Shared s) {}

    public Shared[] array() {
        return null;
    }

    public String plain() {
        return "plain";
    }
}
