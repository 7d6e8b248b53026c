import java.util.*;
import java.util.stream.*;

public class Main {
    enum Big { A0, A1, A2, A3, A4, A5, A6, A7, A8, A9, B0, B1, B2, B3, B4, B5, B6, B7, B8, B9, C0, C1, C2, C3, C4, C5, C6, C7, C8, C9, D0, D1, D2, D3, D4, D5, D6, D7, D8, D9, E0, E1, E2, E3, E4, E5, E6, E7, E8, E9, F0, F1, F2, F3, F4, F5, F6, F7, F8, F9, G0, G1, G2, G3, G4, G5, G6, G7, G8, G9 }
    enum Small { X, Y, Z }

    public static void main(String[] args) {
        EnumSet<Big> big = EnumSet.range(Big.F5, Big.G5);
        big.add(Big.A0);
        big.remove(Big.G0);
        System.out.println(big + " " + big.size() + big.contains(Big.G5) + big.contains(Big.G6) + " " + EnumSet.complementOf(big).size());
        EnumSet<Big> other = EnumSet.of(Big.A0, Big.G9, Big.G1);
        EnumSet<Big> c = big.clone();
        c.retainAll(other);
        System.out.println(c + " " + big.containsAll(c) + big.removeAll(other) + big + big.addAll(other) + big.equals(new HashSet<>(big)) + big.hashCode() * 0);
        Iterator<Big> it = big.iterator();
        it.next();
        it.remove();
        System.out.println(big);
        EnumMap<Small, List<Integer>> em = new EnumMap<>(Small.class);
        for (int i = 0; i < 7; i++) em.computeIfAbsent(Small.values()[i * 2 % 3], k -> new ArrayList<>()).add(i);
        System.out.println(em + " " + em.firstKeyOr() );
        BitSet b = new BitSet();
        b.set(1);
        b.set(64, 70);
        b.set(200);
        b.flip(66);
        b.clear(68, 300);
        System.out.println(b + " " + b.cardinality() + " " + b.length() + " " + b.size() + " " + b.nextSetBit(2) + " " + b.nextClearBit(64) + " " + b.previousSetBit(63) + " " + b.previousClearBit(65) + " " + b.get(0) + b.get(5000) + " " + b.nextSetBit(1000));
        BitSet p = new BitSet(500);
        p.set(2, 500);
        for (int i = 2; i * i < 500; i = p.nextSetBit(i + 1)) for (int k = i * i; k < 500; k += i) p.clear(k);
        System.out.println(p.cardinality() + " " + p.stream().skip(90).boxed().toList() + p.get(0, 20));
        BitSet x = BitSet.valueOf(new long[] {0b1100, 1}), y = BitSet.valueOf(new byte[] {0b1010});
        BitSet and = (BitSet) x.clone(), or = (BitSet) x.clone(), xor = (BitSet) x.clone(), not = (BitSet) x.clone();
        and.and(y);
        or.or(y);
        xor.xor(y);
        not.andNot(y);
        System.out.println(and + "" + or + xor + not + x.intersects(y) + x.hashCode() + " " + Arrays.toString(x.toLongArray()) + Arrays.toString(y.toByteArray()) + x.equals(or));
        for (Runnable r : new Runnable[] {() -> b.set(-1), () -> b.get(3, 1), () -> new BitSet(-1), () -> b.nextSetBit(-5)}) {
            try {
                r.run();
            } catch (RuntimeException e) {
                System.out.println(e);
            }
        }
        System.out.println(IntStream.range(0, 70).filter(i -> i % 9 == 0).collect(BitSet::new, BitSet::set, BitSet::or));
    }

    static class EnumMap<K extends Enum<K>, V> extends java.util.EnumMap<K, V> {
        EnumMap(Class<K> k) { super(k); }
        String firstKeyOr() { return keySet().iterator().next() + "" + containsValue(List.of(1, 4)); }
    }
}
