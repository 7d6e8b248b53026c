import java.lang.reflect.*;
import java.util.*;

public class Main {
    static Object sink;

    interface Body { Object run() throws Throwable; }

    static void t(String what, Body body) {
        try {
            sink = body.run();
            System.out.println(what + ": fine");
        } catch (Throwable e) {
            System.out.println(what + ": " + e.getClass().getSimpleName() + " " + e.getMessage());
        }
        sink = null;
    }

    public static void main(String[] args) {
        int max = Integer.MAX_VALUE;
        for (Class<?> type : new Class<?>[] {boolean.class, byte.class, char.class, short.class, int.class, float.class, long.class, double.class, Object.class, int[].class}) {
            t(type + " max", () -> Array.newInstance(type, max));
            t(type + " max - 1", () -> Array.newInstance(type, max - 1));
            t(type + " max - 2", () -> Array.newInstance(type, max - 2));
            t(type + " max - 8", () -> Array.newInstance(type, max - 8));
        }
        t("byte", () -> new byte[max]);
        t("boolean", () -> new boolean[max - 1]);
        t("char", () -> new char[max]);
        t("int", () -> new int[max - 1]);
        t("long", () -> new long[max]);
        t("reference", () -> new String[max]);
        t("outer dimension", () -> new int[max][1]);
        t("inner dimension", () -> new int[1][max]);
        t("inner dimension, none of them", () -> new int[0][max]);
        t("negative first", () -> new int[-1][max]);
        t("by reflection", () -> Array.newInstance(int.class, 1, max));
        t("copyOf", () -> Arrays.copyOf(new byte[1], max));
        t("copyOfRange", () -> Arrays.copyOfRange(new Object[1], 0, max));
        t("list", () -> new ArrayList<>(max));
        t("deque", () -> new ArrayDeque<>(max - 1));
        t("bit set", () -> new BitSet(max));
        t("heap buffer", () -> java.nio.ByteBuffer.allocate(max));
        t("toArray", () -> List.of(1).toArray(n -> new Integer[max]));
        t("repeat", () -> "ab".repeat(max / 2 + 1));
        t("nCopies", () -> Collections.nCopies(max, 1).size());
        t("array list of copies", () -> new ArrayList<>(Collections.nCopies(max, 1)));
        t("after all", () -> new int[1000].length);
    }
}
