import java.lang.foreign.*;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.*;
import static java.lang.foreign.ValueLayout.*;

public class Main {
    interface Throwing { Object go() throws Exception; }

    static void t(String what, Throwing r) {
        try {
            System.out.println(what + ": " + r.go());
        } catch (Exception e) {
            System.out.println(what + ": " + e.getClass().getSimpleName() + " " + String.valueOf(e.getMessage()).replaceAll("address: ?\\w+", "address").replaceAll("@[0-9a-f]+", "@"));
        }
    }

    public static void main(String[] args) throws Exception {
        MemorySegment heap = MemorySegment.ofArray(new int[] {1, 2, 3, 4});
        System.out.println(heap.byteSize() + " " + heap.getAtIndex(JAVA_INT, 2) + " " + heap.asSlice(4, 8).toArray(JAVA_INT).length + heap.isNative() + heap.isReadOnly() + heap.heapBase().isPresent() + heap.asReadOnly().isReadOnly());
        StructLayout point = MemoryLayout.structLayout(JAVA_INT.withName("x"), JAVA_INT.withName("y"), MemoryLayout.paddingLayout(0 + 8), JAVA_LONG.withName("z"));
        VarHandle X = point.varHandle(MemoryLayout.PathElement.groupElement("x")), Z = point.varHandle(MemoryLayout.PathElement.groupElement("z"));
        System.out.println(point + " " + point.byteSize() + " " + point.byteOffset(MemoryLayout.PathElement.groupElement("z")) + " " + point.byteAlignment());
        SequenceLayout seq = MemoryLayout.sequenceLayout(5, point);
        VarHandle SY = seq.varHandle(MemoryLayout.PathElement.sequenceElement(), MemoryLayout.PathElement.groupElement("y"));
        MemorySegment dead;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment p = arena.allocate(point), all = arena.allocate(seq);
            X.set(p, 0L, 42);
            Z.set(p, 0L, -1L);
            System.out.println((int) X.get(p, 0L) + " " + (long) Z.getAndAdd(p, 0L, 5L) + " " + (long) Z.getVolatile(p, 0L) + " " + X.compareAndSet(p, 0L, 42, 43) + p.get(JAVA_INT, 0));
            for (long i = 0; i < 5; i++) SY.set(all, 0L, i, (int) i * 10);
            int sum = 0;
            for (MemorySegment e : (Iterable<MemorySegment>) all.elements(point)::iterator) sum += e.get(JAVA_INT, 4);
            System.out.println(sum + " " + all.byteSize());
            MemorySegment str = arena.allocateFrom("grüße €");
            System.out.println(str.byteSize() + " " + str.getString(0) + " " + str.get(JAVA_BYTE, str.byteSize() - 1));
            MemorySegment b = arena.allocate(32, 8);
            b.fill((byte) 0x5a);
            b.set(JAVA_LONG_UNALIGNED, 3, 0x0102030405060708L);
            b.set(JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN), 20, (short) 0x1122);
            System.out.println(HexFormat.of().formatHex(b.toArray(JAVA_BYTE)) + " " + b.mismatch(arena.allocate(32)) + " " + b.asByteBuffer().get(20));
            MemorySegment.copy(heap, JAVA_INT, 4, b, JAVA_INT, 0, 3);
            MemorySegment.copy(b, JAVA_INT, 0, new int[3], 0, 3);
            System.out.println(b.getAtIndex(JAVA_INT, 0) + b.getAtIndex(JAVA_INT, 2));
            t("bounds", () -> b.get(JAVA_INT, 30));
            t("negative", () -> b.get(JAVA_BYTE, -1));
            t("alignment", () -> b.get(JAVA_INT, 2));
            t("read only", () -> { b.asReadOnly().set(JAVA_BYTE, 0, (byte) 1); return ""; });
            t("slice", () -> b.asSlice(20, 20));
            t("zero length", () -> MemorySegment.ofAddress(b.address()).get(JAVA_BYTE, 0));
            Exception[] other = new Exception[1];
            Thread th = new Thread(() -> { try { b.get(JAVA_BYTE, 0); } catch (Exception e) { other[0] = e; } });
            th.start();
            th.join();
            System.out.println(other[0].getClass().getSimpleName());
            dead = b;
            SegmentAllocator bump = SegmentAllocator.slicingAllocator(arena.allocate(16));
            bump.allocate(10);
            t("allocator full", () -> bump.allocate(10));
        }
        t("dead", () -> dead.get(JAVA_BYTE, 0));
        System.out.println(dead.scope().isAlive());
        try (Arena shared = Arena.ofShared()) {
            MemorySegment s = shared.allocate(8);
            Thread th = new Thread(() -> s.set(JAVA_LONG, 0, 77));
            th.start();
            th.join();
            System.out.println(s.get(JAVA_LONG, 0));
        }
        t("heap long view", () -> MemorySegment.ofArray(new byte[16]).get(JAVA_LONG, 0));
        t("auto", () -> Arena.ofAuto().allocate(4).get(JAVA_INT, 0));
        t("close global", () -> { Arena.global().close(); return ""; });
        System.out.println(MemorySegment.NULL.address() + " " + JAVA_INT.withName("n").name().get() + ADDRESS.byteSize() + JAVA_DOUBLE.order() + MemoryLayout.unionLayout(JAVA_INT, JAVA_LONG).byteSize());
    }
}
