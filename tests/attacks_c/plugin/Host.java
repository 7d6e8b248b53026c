package plugin;

/** What the host supplies; only for the compiler. */
public final class Host {
    public static native void block();
    public static native void nothing();
}
