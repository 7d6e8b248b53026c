import java.util.*;

public class Main {
    static Object sink;

    static void t(String what, Runnable r) {
        try {
            r.run();
            System.out.println(what + ": no error");
        } catch (OutOfMemoryError e) {
            System.out.println(what + ": " + e.getMessage());
        }
    }

    static int fill() {
        List<byte[]> all = new ArrayList<>();
        try {
            while (true) all.add(new byte[1 << 20]);
        } catch (OutOfMemoryError e) {
            return all.size();
        }
    }

    public static void main(String[] args) {
        t("max", () -> sink = new byte[Integer.MAX_VALUE]);
        t("max - 1", () -> sink = new Object[Integer.MAX_VALUE - 1]);
        t("max - 2", () -> sink = new int[Integer.MAX_VALUE - 2]);
        t("long array", () -> sink = new long[1 << 28]);
        t("two dimensions", () -> sink = new int[100][1 << 24]);
        t("clone", () -> { byte[] b = new byte[20 << 20]; sink = b; byte[][] keep = new byte[9][]; for (int i = 0; i < 9; i++) keep[i] = b.clone(); });
        sink = null;
        t("string", () -> sink = "x".repeat(Integer.MAX_VALUE));
        t("builder", () -> { StringBuilder sb = new StringBuilder("0123456789abcdef"); while (true) sb.append(sb); });
        for (int i = 0; i < 5; i++) {
            int n = fill();
            System.out.println("filled " + (n > 20 && n < 64));
        }
        try {
            Object[] head = null;
            while (true) {
                Object[] o = new Object[10_000];
                o[0] = head;
                head = o;
            }
        } catch (OutOfMemoryError e) {
            System.out.println("chain " + e.getMessage());
        }
        byte[] after = new byte[16 << 20];
        after[after.length - 1] = 7;
        System.out.println("usable " + after[after.length - 1]);
        t("capacity", () -> sink = new ArrayList<>(Integer.MAX_VALUE));
        t("negative is another error", () -> { try { sink = new int[-5]; } catch (NegativeArraySizeException e) { System.out.println(e.getMessage()); } });
        System.out.println(Runtime.getRuntime().maxMemory() <= (64L << 20));
    }
}
