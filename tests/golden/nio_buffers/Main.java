import java.nio.*;
import java.util.*;

public class Main {
    interface Throwing { Object go() throws Exception; }

    static void t(String what, Throwing r) {
        try {
            System.out.println(what + ": " + r.go());
        } catch (Exception e) {
            System.out.println(what + ": " + e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }

    static String dump(ByteBuffer b) {
        StringBuilder sb = new StringBuilder();
        for (int i = 0; i < b.capacity(); i++) sb.append(String.format("%02x", b.get(i)));
        return sb.toString();
    }

    static void exercise(ByteBuffer b) {
        b.putInt(0x01020304).order(ByteOrder.LITTLE_ENDIAN).putShort((short) 0x0506).putLong(0x1112131415161718L).putChar('A').putFloat(1.5f).putDouble(Math.PI).put((byte) -1).put(new byte[] {1, 2, 3}, 1, 2);
        System.out.println(b + " " + dump(b));
        b.flip();
        System.out.println(b.order(ByteOrder.BIG_ENDIAN).getInt() + " " + b.order(ByteOrder.LITTLE_ENDIAN).getShort() + " " + b.getLong() + b.getChar() + b.getFloat() + " " + b.getDouble() + b.get() + " " + b.remaining());
        b.rewind().position(4).mark().position(6).limit(12);
        ByteBuffer s = b.slice(), d = b.duplicate(), r = b.asReadOnlyBuffer();
        s.put(0, (byte) 99);
        System.out.println(s + " " + d.get(6) + " " + r.get(6) + r.isReadOnly() + d.order() + " " + b.slice(2, 3));
        b.compact();
        System.out.println(b + " " + dump(b));
        b.clear();
        IntBuffer ib = b.asIntBuffer();
        ib.put(new int[] {1, -1, 0x7fffffff}).put(3, 42);
        LongBuffer lb = b.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
        System.out.println(ib + " " + lb.get(0) + " " + lb.get(1) + " " + b.asShortBuffer().get(3) + " " + b.asDoubleBuffer().limit() + b.asFloatBuffer().order() + b.asCharBuffer().length() + " " + dump(b));
        System.out.println(b.getInt(3) + " " + b.getLong(1) + " " + b.putDouble(5, 2.5).getDouble(5) + " " + b.putInt(30, -7).getInt(30) + b.getShort(31));
    }

    public static void main(String[] args) {
        exercise2(ByteBuffer.allocate(40));
        exercise2(ByteBuffer.allocateDirect(40));
        exercise2(ByteBuffer.wrap(new byte[60], 10, 40).slice());
        ByteBuffer b = ByteBuffer.allocate(8), ro = b.asReadOnlyBuffer();
        t("overflow", () -> b.position(5).putInt(1));
        t("underflow", () -> b.position(7).getShort());
        t("index", () -> b.get(8));
        t("index long", () -> b.getLong(1));
        t("negative", () -> b.get(-1));
        t("position", () -> b.position(9));
        t("limit", () -> b.limit(9));
        t("read only", () -> ro.put((byte) 1));
        t("array of read only", ro::array);
        t("array of direct", () -> ByteBuffer.allocateDirect(1).array());
        t("reset", () -> b.duplicate().clear().reset());
        t("self", () -> b.put(b));
        t("capacity", () -> ByteBuffer.allocate(-1));
        t("bulk", () -> b.clear().get(new byte[9]));
        t("wrap", () -> ByteBuffer.wrap(new byte[3], 2, 2));
        t("slice", () -> b.slice(5, 4));
        ByteBuffer x = ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), y = ByteBuffer.allocateDirect(4).put(new byte[] {1, 2, 9, 4}).flip();
        System.out.println(x.compareTo(y) + " " + x.mismatch(y) + " " + x.equals(y) + " " + x.limit(2).equals(y.limit(2)) + " " + x.hashCode() + x.compareTo(y) + " " + x.hasArray() + y.hasArray() + y.isDirect() + x.arrayOffset());
        CharBuffer c = CharBuffer.wrap("hello world");
        System.out.println(c.subSequence(2, 5) + " " + c.get() + c.charAt(0) + c.length() + c.isReadOnly() + " " + CharBuffer.allocate(5).put("ab").flip() + "|" + c.chars().sum() + c.compareTo(CharBuffer.wrap("ello")));
        IntBuffer ints = IntBuffer.allocate(5).put(new int[] {5, 4, 3, 2, 1}).flip();
        int[] got = new int[3];
        ints.get(1, got);
        System.out.println(Arrays.toString(got) + ints.put(0, new int[] {7, 8}, 1, 1).get(0) + " " + LongBuffer.wrap(new long[] {1, 2}).get(1) + DoubleBuffer.allocate(2).put(1.5).get(0) + ShortBuffer.wrap(new short[2]).hasRemaining() + FloatBuffer.allocate(1).put(0, Float.NaN).equals(FloatBuffer.allocate(1).put(0, Float.NaN)));
        ByteBuffer al = ByteBuffer.allocateDirect(20);
        System.out.println(al.alignedSlice(8).capacity() % 8 + " " + (al.alignmentOffset(0, 8) >= 0) + " " + ByteOrder.nativeOrder());
        ByteBuffer copy = ByteBuffer.allocate(10);
        copy.put(x.clear()).put(0, y.clear(), 1, 2).flip();
        System.out.println(copy.remaining() + dump(copy.clear()));
        int h = 0;
        ByteBuffer many = ByteBuffer.allocateDirect(4096).order(ByteOrder.nativeOrder());
        for (int i = 0; i < 1024; i++) many.putInt(i * i);
        many.flip();
        while (many.hasRemaining()) h = h * 31 + many.getInt();
        System.out.println(h);
        MappedByteBuffer none = null;
        System.out.println(none instanceof ByteBuffer);
    }

    static void exercise2(ByteBuffer b) {
        exercise(b);
    }
}
