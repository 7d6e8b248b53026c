import java.util.*;
import java.util.function.*;
import java.util.stream.*;

public class Main {
    static String ch(Spliterator<?> s) {
        String r = "";
        int[] bits = {Spliterator.ORDERED, Spliterator.DISTINCT, Spliterator.SORTED, Spliterator.SIZED, Spliterator.NONNULL, Spliterator.IMMUTABLE, Spliterator.CONCURRENT, Spliterator.SUBSIZED};
        String[] names = {"ORD", "DIST", "SORT", "SIZED", "NONNULL", "IMM", "CONC", "SUB"};
        for (int i = 0; i < bits.length; i++) if (s.hasCharacteristics(bits[i])) r += names[i] + " ";
        return r + s.estimateSize() + " " + s.getExactSizeIfKnown();
    }

    static class Fib implements Spliterator.OfLong {
        long a = 0, b = 1;
        int left;
        Fib(int n) { left = n; }
        public boolean tryAdvance(LongConsumer c) {
            if (left-- <= 0) return false;
            c.accept(a);
            long t = a + b;
            a = b;
            b = t;
            return true;
        }
        public OfLong trySplit() { return null; }
        public long estimateSize() { return left; }
        public int characteristics() { return ORDERED | SIZED; }
    }

    public static void main(String[] args) {
        System.out.println(ch(new ArrayList<>(List.of(1, 2)).spliterator()));
        System.out.println(ch(new TreeSet<>(List.of(1, 2)).spliterator()));
        System.out.println(ch(new HashSet<>(List.of(1, 2)).spliterator()));
        System.out.println(ch(Arrays.asList(1, 2, 3).spliterator()));
        System.out.println(ch(List.of(1).spliterator()));
        System.out.println(ch(new LinkedList<>(List.of(1)).spliterator()));
        System.out.println(ch(new java.util.concurrent.ConcurrentHashMap<>(Map.of(1, 1)).keySet().spliterator()));
        System.out.println(ch(IntStream.range(0, 10).spliterator()));
        System.out.println(ch(IntStream.range(0, 10).filter(x -> x > 1).spliterator()));
        System.out.println(ch(Stream.of(3, 1).sorted().spliterator()) + " | " + ch(Stream.iterate(1, x -> x).spliterator()) + " | " + ch("abc".chars().spliterator()));
        Spliterator<Integer> s = IntStream.range(0, 16).boxed().collect(Collectors.toList()).spliterator();
        List<Spliterator<Integer>> parts = new ArrayList<>(List.of(s));
        for (int round = 0; round < 3; round++) {
            List<Spliterator<Integer>> next = new ArrayList<>();
            for (Spliterator<Integer> p : parts) {
                Spliterator<Integer> left = p.trySplit();
                if (left != null) next.add(left);
                next.add(p);
            }
            parts = next;
        }
        StringBuilder sb = new StringBuilder();
        for (Spliterator<Integer> p : parts) {
            sb.append('[');
            p.tryAdvance(sb::append);
            sb.append('|');
            p.forEachRemaining(sb::append);
            sb.append(']');
        }
        System.out.println(sb);
        System.out.println(StreamSupport.longStream(new Fib(15), false).boxed().toList() + " " + StreamSupport.longStream(new Fib(50), true).sum());
        List<String> late = new ArrayList<>(List.of("a"));
        Stream<String> st = late.stream();
        late.add("b");
        System.out.println(st.toList());
        try {
            Spliterator<String> sp = late.spliterator();
            sp.tryAdvance(x -> late.add("c"));
            sp.forEachRemaining(x -> {});
            System.out.println("unnoticed");
        } catch (ConcurrentModificationException e) {
            System.out.println("CME");
        }
        try {
            late.stream().forEach(x -> late.add("d"));
        } catch (ConcurrentModificationException e) {
            System.out.println("CME " + late.size());
        }
        Iterator<Integer> it = Spliterators.iterator(List.of(1, 2).spliterator());
        System.out.println(it.next() + it.next() + " " + it.hasNext());
        PrimitiveIterator.OfInt pi = IntStream.of(4, 5).iterator();
        System.out.println(pi.nextInt() + pi.next());
        Iterable<Integer> countdown = () -> new Iterator<>() { int n = 5; public boolean hasNext() { return n > 0; } public Integer next() { return n--; } };
        System.out.println(StreamSupport.stream(countdown.spliterator(), false).map(String::valueOf).collect(Collectors.joining()) + StreamSupport.stream(countdown.spliterator(), true).mapToInt(x -> x).sum());
        System.out.println(StreamSupport.stream(Spliterators.spliteratorUnknownSize(List.of(9, 8).iterator(), Spliterator.ORDERED), false).toList() + ch(Spliterators.emptySpliterator()) + ch(Spliterators.spliterator(new Object[] {1}, 0)));
        BaseStream<Integer, Stream<Integer>> bs = Stream.of(1, 2, 3).parallel();
        System.out.println(bs.isParallel() + " " + bs.sequential().isParallel() + " " + bs.unordered().onClose(() -> System.out.println("closed")).iterator().next());
        try (Stream<Integer> c = Stream.of(1).onClose(() -> System.out.println("c1")).onClose(() -> { throw new RuntimeException("c2"); }).onClose(() -> System.out.println("c3"))) {
            System.out.println(c.count());
        } catch (RuntimeException e) {
            System.out.println(e.getMessage());
        }
    }
}
