package alice;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Counts words of a file. May read the folder of texts, and nothing else. */
public class Words {
    public static String handle(String file) throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        for (String word : Files.readString(Path.of(file)).toLowerCase().split("\\W+")) {
            if (!word.isEmpty()) counts.merge(word, 1, Integer::sum);
        }
        return counts.entrySet().stream()
            .sorted(Map.Entry.<String, Integer>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
            .limit(3)
            .map(e -> e.getKey() + "=" + e.getValue())
            .reduce((a, b) -> a + " " + b)
            .orElse("");
    }
}
