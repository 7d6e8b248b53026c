import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.function.*;
import java.util.stream.*;

public class Main {
    public static void main(String[] args) throws Exception {
        int n = Integer.getInteger("golden.scale", 2000);
        List<Integer> in = IntStream.range(0, n).map(i -> (int) (i * 2654435761L % 1009)).boxed().toList();
        System.out.println(in.parallelStream().map(x -> x + 1).toList().equals(in.stream().map(x -> x + 1).toList()));
        System.out.println(in.parallelStream().filter(x -> x % 3 == 0).sorted().toList().equals(in.stream().filter(x -> x % 3 == 0).sorted().toList()));
        System.out.println(in.parallelStream().distinct().limit(50).toList().equals(in.stream().distinct().limit(50).toList()));
        System.out.println(in.parallelStream().skip(n / 2).mapToInt(x -> x).sum() == in.stream().skip(n / 2).mapToInt(x -> x).sum());
        System.out.println(in.parallelStream().reduce(0, (a, b) -> a + b).equals(in.stream().reduce(0, Integer::sum)) + " " + LongStream.rangeClosed(1, 1000).parallel().sum());
        System.out.println(in.parallelStream().collect(Collectors.groupingBy(x -> x % 10, TreeMap::new, Collectors.toList())).equals(in.stream().collect(Collectors.groupingBy(x -> x % 10, TreeMap::new, Collectors.toList()))));
        System.out.println(IntStream.range(0, 100).parallel().mapToObj(Integer::toString).collect(Collectors.joining(",")).hashCode());
        System.out.println(IntStream.range(0, 1000).parallel().filter(x -> x > 500).findFirst().getAsInt() + " " + IntStream.range(0, 1000).parallel().anyMatch(x -> x == 999) + IntStream.range(0, 1000).parallel().allMatch(x -> x < 500));
        int[] arr = IntStream.range(0, 3000).parallel().map(i -> i ^ 0x2A).toArray();
        System.out.println(arr.length + " " + arr[2999] + " " + Arrays.hashCode(arr));
        StringBuffer sb = new StringBuffer();
        IntStream.range(0, 20).parallel().forEachOrdered(i -> sb.append(i));
        System.out.println(sb);
        LongAdder adder = new LongAdder();
        IntStream.range(0, 500).parallel().forEach(adder::add);
        System.out.println(adder);
        System.out.println(Stream.iterate(1, x -> x * 2 % 1000003).parallel().limit(200).reduce(Integer::max).get() + " " + Stream.of(5, 3, 8).parallel().min(Comparator.naturalOrder()).get() + Stream.of(1, 2, 3, 4, 5).parallel().takeWhile(x -> x < 4).toList() + Stream.of(1, 2, 3, 4, 5).parallel().dropWhile(x -> x < 4).toList());
        try {
            IntStream.range(0, 100).parallel().forEach(i -> { if (i == 57) throw new IllegalStateException("at 57"); });
        } catch (IllegalStateException e) {
            while (e.getCause() instanceof IllegalStateException c) e = c;
            System.out.println(e.getMessage());
        }
        try (ForkJoinPool pool = new ForkJoinPool(3)) {
            System.out.println(pool.submit(() -> IntStream.range(0, 1000).parallel().map(x -> x * x % 7).sum()).get());
        }
        System.out.println(Arrays.stream(new String[] {"c", "a", "b"}).parallel().sorted().collect(Collectors.toCollection(LinkedList::new)) + " " + new TreeSet<>(Set.of(1, 2, 3)).parallelStream().map(x -> x * 2).collect(Collectors.toList()) + new HashSet<>(in).parallelStream().mapToLong(x -> x).sum());
        System.out.println(in.parallelStream().unordered().distinct().count() + " " + in.parallelStream().flatMap(x -> Stream.of(x, -x)).mapToInt(x -> x).sum() + " " + Stream.of("a", "b", "c", "d").parallel().collect(StringBuilder::new, StringBuilder::append, StringBuilder::append));
        System.out.println(in.parallelStream().collect(Collectors.toConcurrentMap(x -> x, x -> 1, Integer::sum)).values().stream().mapToInt(x -> x).sum() == n);
        ConcurrentSkipListSet<String> threads = new ConcurrentSkipListSet<>();
        IntStream.range(0, 64).parallel().forEach(i -> threads.add(Thread.currentThread().getName().replaceAll("\\d+", "N")));
        System.out.println(threads.stream().allMatch(s -> s.equals("main") || s.equals("ForkJoinPool.commonPool-worker-N")));
    }
}
