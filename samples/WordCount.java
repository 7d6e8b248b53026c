import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Counts words with records, streams and lambdas: {@code ./carafe samples/WordCount.java [words...]}. */
public class WordCount {
    record Entry(String word, long count) {}

    static List<Entry> count(Stream<String> lines) {
        return lines.flatMap(line -> Stream.of(line.toLowerCase().split("\\W+")))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
                .entrySet()
                .stream()
                .map(entry -> new Entry(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(Entry::count).reversed().thenComparing(Entry::word))
                .toList();
    }

    public static void main(String[] args) {
        String text = args.length > 0 ? String.join(" ", args) : """
                How much wood would a woodchuck chuck
                if a woodchuck could chuck wood?
                As much wood as a woodchuck could,
                if a woodchuck could chuck wood.
                """;
        var entries = count(text.lines());
        entries.stream().limit(5).forEach(entry -> System.out.printf("%-10s %d%n", entry.word(), entry.count()));
        System.out.println(entries.size() + " different words");
    }
}
