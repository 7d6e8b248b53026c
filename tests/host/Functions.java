package host;

/** What the host supplies; only for the compiler. */
public final class Functions {
    public static native int twice(int n);
    public static native String shout(String text);
    public static native byte[] bytes(byte[] in);
    public static native void fail() throws java.io.IOException;
    public static native void failOddly();
    public static native long mixed(boolean z, byte b, char c, short s, int i, long j, float f, double d);
    public static native void panic();
    public static native int nest(int depth);
    public static native int again();
}
