import java.util.*;
import java.util.concurrent.*;
import java.util.stream.*;

public class Main {
    static final int REPEAT = Integer.getInteger("golden.repeat", 1);
    static final int SCALE = Integer.getInteger("golden.scale", 3000);

    static String once() throws Exception {
        StringBuilder out = new StringBuilder();
        int n = SCALE;
        out.append(IntStream.range(0, n).parallel().sum() == n * (n - 1) / 2);
        out.append(LongStream.rangeClosed(1, 20).parallel().reduce(1, (a, b) -> a * b)).append('\n');
        List<Integer> list = IntStream.range(0, n).parallel().map(i -> i * 31 % n).boxed().collect(Collectors.toList());
        List<Integer> sequential = IntStream.range(0, n).map(i -> i * 31 % n).boxed().toList();
        out.append(list.equals(sequential));
        out.append(list.parallelStream().filter(i -> i % 3 == 0).map(i -> i * 2).toList().equals(sequential.stream().filter(i -> i % 3 == 0).map(i -> i * 2).toList()));
        out.append(list.parallelStream().sorted(Comparator.reverseOrder()).limit(5).toList().equals(sequential.stream().sorted(Comparator.reverseOrder()).limit(5).toList()));
        out.append(list.parallelStream().distinct().count() == new HashSet<>(list).size()).append('\n');
        Map<Integer, Long> grouped = list.parallelStream().collect(Collectors.groupingBy(i -> i % 10, TreeMap::new, Collectors.counting()));
        out.append(grouped.equals(sequential.stream().collect(Collectors.groupingBy(i -> i % 10, TreeMap::new, Collectors.counting()))));
        ConcurrentMap<Integer, List<Integer>> concurrent = list.parallelStream().unordered().collect(Collectors.groupingByConcurrent(i -> i % 4));
        out.append(concurrent.values().stream().mapToInt(List::size).sum() == n).append(concurrent.size()).append('\n');
        out.append(IntStream.range(0, 500).parallel().mapToObj(Integer::toString).collect(Collectors.joining(",")).hashCode()).append('\n');
        out.append(list.parallelStream().findFirst().get()).append(list.parallelStream().anyMatch(i -> i == n - 1)).append(list.parallelStream().noneMatch(i -> i < 0)).append('\n');
        StringBuffer ordered = new StringBuffer();
        IntStream.range(0, 40).parallel().forEachOrdered(i -> ordered.append(i).append(' '));
        out.append(ordered).append('\n');
        int[] sorted = list.stream().mapToInt(i -> i).toArray(), copy = sorted.clone();
        Arrays.parallelSort(sorted);
        Arrays.sort(copy);
        out.append(Arrays.equals(sorted, copy));
        long[] prefix = new long[n];
        Arrays.parallelSetAll(prefix, i -> i + 1);
        Arrays.parallelPrefix(prefix, Long::sum);
        out.append(prefix[n - 1] == (long) n * (n + 1) / 2).append('\n');
        try {
            list.parallelStream().forEach(i -> { if (i == n / 2) throw new IllegalStateException("element"); });
            out.append("no exception\n");
        } catch (IllegalStateException e) {
            Throwable last = e;
            while (last.getCause() != null) last = last.getCause();
            out.append(last.getMessage()).append('\n');
        }
        try (ForkJoinPool pool = new ForkJoinPool(3)) {
            out.append(pool.submit(() -> list.parallelStream().flatMap(i -> Stream.of(i, -i)).mapToInt(i -> i).sum()).get()).append('\n');
        }
        Spliterator<Integer> parts = list.spliterator();
        List<Spliterator<Integer>> all = new ArrayList<>(List.of(parts));
        for (int i = 0; i < all.size() && all.size() < 16; i++) { Spliterator<Integer> half = all.get(i).trySplit(); if (half != null) all.add(half); }
        out.append(all.stream().mapToLong(Spliterator::estimateSize).sum() == n).append(all.size() > 4).append('\n');
        return out.toString();
    }

    public static void main(String[] args) throws Exception {
        String first = once();
        System.out.print(first);
        for (int i = 1; i < REPEAT; i++) {
            String again = once();
            if (!again.equals(first)) { System.out.println("repetition " + i + ":\n" + again); System.exit(1); }
        }
    }
}
