import java.lang.invoke.*;
import java.nio.ByteOrder;
import java.util.*;

public class Main {
    int i = 1; long l = 2; float f = 3; double d = 4; boolean z; byte b = 6; short s = 7; char c = '8'; String str = "nine";
    static int si = 10;
    final int fin = 11;

    static void t(String what, Throwing r) {
        try {
            System.out.println(what + " " + r.run());
        } catch (Throwable e) {
            System.out.println(what + " " + e.getClass().getSimpleName() + " " + String.valueOf(e.getMessage()).replaceAll("@[0-9a-f]+", "@"));
        }
    }

    interface Throwing { Object run() throws Throwable; }

    public static void main(String[] args) throws Throwable {
        MethodHandles.Lookup lk = MethodHandles.lookup();
        VarHandle I = lk.findVarHandle(Main.class, "i", int.class), L = lk.findVarHandle(Main.class, "l", long.class), F = lk.findVarHandle(Main.class, "f", float.class), D = lk.findVarHandle(Main.class, "d", double.class), Z = lk.findVarHandle(Main.class, "z", boolean.class), B = lk.findVarHandle(Main.class, "b", byte.class), S = lk.findVarHandle(Main.class, "s", short.class), C = lk.findVarHandle(Main.class, "c", char.class), STR = lk.findVarHandle(Main.class, "str", String.class), SI = lk.findStaticVarHandle(Main.class, "si", int.class), FIN = lk.findVarHandle(Main.class, "fin", int.class);
        Main m = new Main();
        System.out.println((int) I.get(m) + " " + (long) L.getVolatile(m) + (float) F.getOpaque(m) + (double) D.getAcquire(m) + (boolean) Z.get(m) + (byte) B.get(m) + (short) S.get(m) + (char) C.get(m) + (String) STR.get(m) + (int) SI.get() + (int) FIN.get(m));
        I.set(m, 100);
        L.setVolatile(m, 200L);
        F.setOpaque(m, 1.5f);
        D.setRelease(m, 2.5);
        Z.set(m, true);
        SI.setVolatile(55);
        System.out.println(m.i + " " + m.l + m.f + m.d + m.z + si);
        System.out.println(I.compareAndSet(m, 100, 101) + " " + I.compareAndSet(m, 100, 102) + (int) I.compareAndExchange(m, 101, 103) + (int) I.compareAndExchangeAcquire(m, 0, 1) + (int) I.compareAndExchangeRelease(m, 103, 104) + " " + (int) I.getAndAdd(m, 6) + (int) I.getAndAddAcquire(m, 1) + (int) I.getAndSet(m, 7) + (int) I.getAndBitwiseOr(m, 8) + (int) I.getAndBitwiseAnd(m, 12) + (int) I.getAndBitwiseXor(m, 5) + m.i);
        boolean w = false;
        for (int k = 0; k < 100 && !w; k++) w = I.weakCompareAndSet(m, m.i, 1);
        System.out.println(w + " " + (long) L.getAndAdd(m, 1L) + (float) F.getAndAdd(m, 1f) + (double) D.getAndAdd(m, 0.5) + (byte) B.getAndAdd(m, (byte) 127) + (short) S.getAndSet(m, (short) -1) + (char) C.compareAndExchange(m, '8', 'x') + (boolean) Z.getAndBitwiseXor(m, true) + (boolean) Z.compareAndSet(m, false, true));
        System.out.println(m.l + " " + m.f + m.d + m.b + m.s + m.c + m.z + STR.compareAndSet(m, "nine", "ten") + (String) STR.getAndSet(m, "eleven") + m.str + (int) SI.getAndAdd(5) + si);
        VarHandle IA = MethodHandles.arrayElementVarHandle(int[].class), OA = MethodHandles.arrayElementVarHandle(Object[].class), SA = MethodHandles.arrayElementVarHandle(String[].class), BA = MethodHandles.arrayElementVarHandle(byte[].class), DA = MethodHandles.arrayElementVarHandle(double[].class);
        int[] ia = {1, 2, 3};
        String[] sa = {"a", "b"};
        System.out.println((int) IA.getAndAdd(ia, 1, 40) + " " + (int) IA.getVolatile(ia, 1) + IA.compareAndSet(ia, 2, 3, 33) + Arrays.toString(ia) + (String) SA.getAndSet(sa, 0, "z") + sa[0] + OA.compareAndSet((Object[]) sa, 1, "b", "y") + sa[1]);
        t("index", () -> (int) IA.get(ia, 3));
        t("negative", () -> (int) IA.get(ia, -1));
        t("null array", () -> (int) IA.get((int[]) null, 0));
        t("store check", () -> { OA.set((Object[]) sa, 0, (Object) 5); return "stored"; });
        t("null receiver", () -> (int) I.get((Main) null));
        t("wrong receiver", () -> (int) I.get("str"));
        t("wrong value", () -> { I.set(m, "str"); return "set"; });
        t("wrong result", () -> (String) I.get(m));
        t("widening value", () -> { L.set(m, 5); return m.l; });
        t("boxed", () -> { I.set(m, Integer.valueOf(9)); return (Integer) I.get(m); });
        t("missing argument", () -> (int) I.get());
        t("object result", () -> { Object o = I.get(m); return o; });
        t("final set", () -> { FIN.set(m, 1); return "set"; });
        t("bitwise on float", () -> (float) F.getAndBitwiseOr(m, 1f));
        t("add on string", () -> STR.getAndAdd(m, "x"));
        System.out.println(FIN.isAccessModeSupported(VarHandle.AccessMode.SET) + " " + F.isAccessModeSupported(VarHandle.AccessMode.GET_AND_ADD) + Z.isAccessModeSupported(VarHandle.AccessMode.GET_AND_ADD) + I.varType() + I.coordinateTypes() + I.accessModeType(VarHandle.AccessMode.COMPARE_AND_SET) + " " + I);
        VarHandle exact = I.withInvokeExactBehavior();
        t("exact", () -> { exact.set(m, (byte) 1); return "set"; });
        t("exact right", () -> { exact.set(m, 1); return (int) exact.get(m); });
        VarHandle VI = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN), VL = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN), VS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
        byte[] bytes = new byte[16];
        VI.set(bytes, 1, 0x01020304);
        VL.set(bytes, 5, 0x1122334455667788L);
        System.out.println(Arrays.toString(bytes) + Integer.toHexString((int) VI.get(bytes, 3)) + " " + Integer.toHexString((short) VS.get(bytes, 4)));
        t("view bounds", () -> (int) VI.get(bytes, 13));
        t("view negative", () -> (int) VI.get(bytes, -1));
        t("view volatile", () -> (int) VI.getVolatile(bytes, 1));
        java.nio.ByteBuffer direct = java.nio.ByteBuffer.allocateDirect(16);
        VarHandle BV = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
        BV.setVolatile(direct, 4, 77);
        System.out.println((int) BV.getAndAdd(direct, 4, 3) + " " + (int) BV.get(direct, 4) + BV.compareAndSet(direct, 4, 80, 81));
        t("buffer unaligned", () -> (int) BV.getVolatile(direct, 3));
        t("not found", () -> lk.findVarHandle(Main.class, "nope", int.class));
        t("wrong type", () -> lk.findVarHandle(Main.class, "i", long.class));
        t("static as instance", () -> lk.findVarHandle(Main.class, "si", int.class));
        t("private elsewhere", () -> lk.findVarHandle(String.class, "value", byte[].class));
        MethodHandle getter = I.toMethodHandle(VarHandle.AccessMode.GET);
        System.out.println((int) getter.invokeExact(m) + " " + getter.type() + MethodHandles.insertCoordinates(IA, 0, ia).coordinateTypes());
        VarHandle filtered = MethodHandles.filterValue(I, MethodHandles.lookup().findStatic(Integer.class, "parseInt", MethodType.methodType(int.class, String.class)), MethodHandles.lookup().findStatic(Integer.class, "toString", MethodType.methodType(String.class, int.class)));
        filtered.set(m, "321");
        System.out.println((String) filtered.get(m) + m.i);
        VarHandle.fullFence();
        VarHandle.acquireFence();
    }
}
