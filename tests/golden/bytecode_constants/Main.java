import java.lang.classfile.*;
import java.lang.constant.*;
import java.util.*;
import static java.lang.constant.ConstantDescs.*;

public class Main {
    static final int I = Integer.MIN_VALUE; static final long L = Long.MAX_VALUE; static final float F = Float.MIN_VALUE; static final double D = -0.0; static final String S = "nul\0 ü 中 \ud83d\ude00 lone \ud800"; static final boolean Z = true; static final char C = '\uffff'; static final byte B = -128; static final short H = -32768;
    static final float NANF = Float.NaN; static final double INF = Double.NEGATIVE_INFINITY;

    static long sums() {
        return -1 + 0 + 1 + 5 + 6 + 127 + 128 + -128 + -129 + 32767 + 32768 + -32768 + -32769 + 65535 + 65536 + 1_000_000_007 + 0L + 1L + 2L + 4_294_967_296L + (long) (0f + 1f + 2f + 3f + 0.5f) + (long) (0.0 + 1.0 + 2.5);
    }

    static class Loader extends ClassLoader {
        Class<?> define(byte[] b) { return defineClass(null, b, 0, b.length); }
    }

    public static void main(String[] args) throws Exception {
        System.out.println(I + " " + L + " " + F + " " + D + " " + S.length() + " " + S.hashCode() + " " + Z + (int) C + B + H + NANF + INF + " " + sums());
        for (String f : new String[] {"I", "L", "F", "D", "Z", "B", "H"}) System.out.print(Main.class.getDeclaredField(f).get(null) + " ");
        System.out.println(((String) Main.class.getDeclaredField("S").get(null)) == S);
        ClassDesc g = ClassDesc.of("Consts");
        MethodTypeDesc t = MethodTypeDesc.of(CD_String);
        String max = "y".repeat(65535), wide = "中".repeat(21845);
        byte[] b = ClassFile.of().build(g, cb -> {
            cb.withMethodBody("m", t, 9, c -> {
                ClassDesc sb = ClassDesc.of("java.lang.StringBuilder");
                c.new_(sb).dup().invokespecial(sb, "<init>", MTD_void);
                for (int i = 0; i < 400; i++) c.ldc("s" + i).invokevirtual(sb, "append", MethodTypeDesc.of(sb, CD_String));
                for (int i = 0; i < 300; i++) c.loadConstant(100_000 + i).invokevirtual(sb, "append", MethodTypeDesc.of(sb, CD_int));
                for (int i = 0; i < 300; i++) c.loadConstant(1L << 40 | i).invokevirtual(sb, "append", MethodTypeDesc.of(sb, CD_long));
                for (int i = 0; i < 10; i++) c.loadConstant(i * 1.25).invokevirtual(sb, "append", MethodTypeDesc.of(sb, CD_double)).loadConstant(i * 0.5f).invokevirtual(sb, "append", MethodTypeDesc.of(sb, CD_float));
                c.ldc(CD_int.arrayType().arrayType()).invokevirtual(sb, "append", MethodTypeDesc.of(sb, CD_Object));
                c.ldc(CD_Map).invokevirtual(sb, "append", MethodTypeDesc.of(sb, CD_Object));
                c.ldc(MethodTypeDesc.of(CD_void, CD_long, CD_String)).invokevirtual(sb, "append", MethodTypeDesc.of(sb, CD_Object));
                c.ldc(MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.VIRTUAL, CD_String, "length", MethodTypeDesc.of(CD_int))).invokevirtual(sb, "append", MethodTypeDesc.of(sb, CD_Object));
                c.ldc(max).invokevirtual(sb, "append", MethodTypeDesc.of(sb, CD_String)).ldc(wide).invokevirtual(sb, "append", MethodTypeDesc.of(sb, CD_String));
                c.invokevirtual(sb, "toString", t).areturn();
            });
            cb.withMethodBody("same", MethodTypeDesc.of(CD_boolean), 9, c -> {
                Label no = c.newLabel();
                c.ldc("carafe constant").ldc("carafe constant").if_acmpne(no).ldc(CD_String).ldc(CD_String).if_acmpne(no).iconst_1().ireturn().labelBinding(no).iconst_0().ireturn();
            });
            cb.withMethodBody("shared", t, 9, c -> c.ldc("shared literal").areturn());
        });
        Class<?> k = new Loader().define(b);
        String s = (String) k.getMethod("m").invoke(null);
        System.out.println(s.length() + " " + s.hashCode() + " " + s.substring(0, 30) + " " + s.indexOf("[[I") + " " + s.contains("interface java.util.Map(long,String)voidMethodHandle(String)int"));
        System.out.println(k.getMethod("same").invoke(null) + " " + (k.getMethod("shared").invoke(null) == "shared literal"));
        int[] big = {0x7fffffff, 1, -1, 300, 40000, 0xdeadbeef, 'c', (byte) 200, (short) 40000, 1 << 31};
        long[] longs = {1L << 63, 0xffL, -1};
        double[] doubles = {1e308, 4.9e-324, 1f / 3, 0x1p-3};
        char[][] chars = {{'a', '\u1234'}, "str".toCharArray()};
        System.out.println(Arrays.toString(big) + Arrays.toString(longs) + Arrays.toString(doubles) + Arrays.deepHashCode(chars));
    }
}
