package host;

/** What the plugin host supplies. Plugins are compiled against this; what they run with is made by the host. */
public final class Host {
    private Host() {}

    /** Writes a line to the host's log. */
    public static native void log(String line);

    /** Keeps a value under a name, until the host ends. Each plugin has names of its own. */
    public static native void store(String name, byte[] value) throws java.io.IOException;

    /** What was stored, or null. */
    public static native byte[] load(String name);
}
