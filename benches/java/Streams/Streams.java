import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Guards: java.util.stream: its deep towers of small interface calls, lambdas, boxing and collectors. What an
 * interpreter pays for abstraction.
 */
public final class Streams {
    private static final int DEFAULT_ROUNDS = 350;
    private static final int ITEMS = 1_000;
    private static final long EXPECTED = -2_803_065_181_580_318_674L;

    private static final class Item {
        final int number;
        final String group;
        final int price;

        Item(int number) {
            this.number = number;
            this.group = "group".concat(Integer.toString(number % 7));
            this.price = number * 7919 % 1_009;
        }

        String group() {
            return group;
        }

        int price() {
            return price;
        }

        int number() {
            return number;
        }
    }

    private static long primitive() {
        int sum = IntStream.range(0, ITEMS).filter(i -> i % 3 == 0).map(i -> i * i % 101).sum();
        long count = IntStream.rangeClosed(1, ITEMS).mapToLong(i -> i * 31L).filter(i -> (i & 4) != 0).count();
        int most = IntStream.iterate(1, i -> i * 75 % 65_537).limit(ITEMS).max().orElse(0);
        return sum * 1_000_000L + count * 1_000 + most % 1_000;
    }

    private static long objects(List<Item> items) {
        List<String> names = items.stream()
                .filter(item -> item.price > 500)
                .sorted(Comparator.comparing(Item::group).thenComparing(Item::price).thenComparing(Item::number))
                .skip(10)
                .limit(200)
                .map(item -> item.group.concat(Integer.toString(item.number)))
                .collect(Collectors.toList());
        long sum = 0;
        for (String name : names) {
            sum = sum * 31 + name.hashCode();
        }
        return sum;
    }

    private static long grouped(List<Item> items) {
        Map<String, Integer> prices =
                items.stream().collect(Collectors.groupingBy(Item::group, Collectors.summingInt(Item::price)));
        Map<Boolean, Long> parts =
                items.stream().collect(Collectors.partitioningBy(i -> i.price < 300, Collectors.counting()));
        String joined = items.stream().map(Item::group).distinct().sorted().collect(Collectors.joining("+"));
        long sum = parts.get(true) * 31 + parts.get(false) + joined.hashCode();
        for (Map.Entry<String, Integer> entry : prices.entrySet()) {
            sum = sum * 31 + entry.getKey().hashCode() + entry.getValue();
        }
        return sum;
    }

    private static long nested(List<Item> items) {
        int flat = items.stream()
                .limit(100)
                .flatMap(item -> IntStream.range(0, item.number % 10).boxed())
                .reduce(0, (a, b) -> (a * 3 + b) % 65_521);
        boolean found = items.stream().anyMatch(item -> item.price == 1_008);
        boolean all = items.stream().allMatch(item -> item.price >= 0);
        return flat * 4L + (found ? 2 : 0) + (all ? 1 : 0);
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < ITEMS; i++) {
            items.add(new Item(i));
        }
        for (int round = 0; round < rounds; round++) {
            long checksum = primitive();
            checksum = checksum * 31 + objects(items);
            checksum = checksum * 31 + grouped(items);
            checksum = checksum * 31 + nested(items);
            if (checksum != EXPECTED) {
                System.out.print("Streams: wrong checksum ");
                System.out.println(checksum);
                System.exit(1);
            }
        }
        System.out.print("Streams ");
        System.out.println(EXPECTED);
    }
}
