import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Guards: strings, of which most heaps consist. Lines are built, split, looked up, joined and interned; a window of them
 * stays for a while and then dies in the order of its birth. Arguments: lines, lines that stay.
 * Heap: 64m.
 */
public final class Texts {
    private static final int LINES = 60_000;
    private static final int WINDOW = 20_000;
    private static final int VOCABULARY = 20_000;

    private int seed = 12345;

    private int random(int bound) {
        seed = seed * 1103515245 + 12345;
        return (seed >>> 8) % bound;
    }

    private String word() {
        int number = random(VOCABULARY);
        // Skewed: few words are common, and one in sixteen is not Latin-1.
        number = number % 3 == 0 ? number : number % 100;
        String word = "w" + Integer.toString(number, 26);
        return number % 16 == 5 ? word + '\u03b1' : word;
    }

    private String line(int number) {
        StringBuilder text = new StringBuilder();
        text.append(number).append('\t');
        int words = 4 + random(12);
        for (int i = 0; i < words; i++) {
            text.append(i == 0 ? "" : " ").append(word());
        }
        return text.toString();
    }

    public static void main(String[] args) {
        int lines = args.length > 0 ? Integer.parseInt(args[0]) : LINES;
        int window = args.length > 1 ? Integer.parseInt(args[1]) : WINDOW;
        Texts texts = new Texts();
        Map<String, Integer> counts = new HashMap<>();
        Map<String, List<Integer>> index = new HashMap<>();
        ArrayDeque<String> recent = new ArrayDeque<>();
        long sum = 0;
        for (int i = 0; i < lines; i++) {
            String line = texts.line(i);
            int tab = line.indexOf('\t');
            String[] words = line.substring(tab + 1).split(" ");
            for (String word : words) {
                counts.merge(word, 1, Integer::sum);
            }
            String first = words[0].intern();
            if (first != words[0].intern()) {
                throw new AssertionError("two interned strings " + first);
            }
            List<Integer> places = index.computeIfAbsent(first, unused -> new ArrayList<>());
            if (places.size() == 50) {
                places.clear();
            }
            places.add(i);
            recent.addLast(String.join("|", words));
            if (recent.size() > window) {
                String gone = recent.removeFirst();
                sum = sum * 31 + gone.hashCode();
            }
        }
        long counted = 0;
        for (Map.Entry<String, Integer> entry : counts.entrySet()) {
            counted += (long) entry.getKey().hashCode() * entry.getValue();
        }
        long indexed = 0;
        for (List<Integer> places : index.values()) {
            for (int place : places) {
                indexed += place;
            }
        }
        System.out.println("Texts " + lines + ": " + counts.size() + " words, " + recent.size() + " lines, " + sum + " "
            + counted + " " + indexed);
    }
}
