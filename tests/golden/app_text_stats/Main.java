import java.util.*;
import java.util.function.*;
import java.util.stream.*;

public class Main {
    static final String TEXT = """
        It is a truth universally acknowledged, that a single man in possession of a good fortune, must be in want of a wife.
        However little known the feelings or views of such a man may be on his first entering a neighbourhood, this truth is so well
        fixed in the minds of the surrounding families, that he is considered the rightful property of some one or other of their daughters.
        """;

    static class Trie {
        final TreeMap<Character, Trie> kids = new TreeMap<>();
        int count;
        void add(String s) { Trie t = this; for (char c : s.toCharArray()) t = t.kids.computeIfAbsent(c, k -> new Trie()); t.count++; }
        List<String> withPrefix(String p) { Trie t = this; for (char c : p.toCharArray()) { t = t.kids.get(c); if (t == null) return List.of(); } List<String> out = new ArrayList<>(); t.collect(new StringBuilder(p), out); return out; }
        void collect(StringBuilder sb, List<String> out) { if (count > 0) out.add(sb + "x" + count); kids.forEach((c, k) -> { sb.append(c.charValue()); k.collect(sb, out); sb.setLength(sb.length() - 1); }); }
        int size() { return 1 + kids.values().stream().mapToInt(Trie::size).sum(); }
    }

    static String lcs(String a, String b) {
        int[][] t = new int[a.length() + 1][b.length() + 1];
        for (int i = a.length() - 1; i >= 0; i--) for (int j = b.length() - 1; j >= 0; j--) t[i][j] = a.charAt(i) == b.charAt(j) ? t[i + 1][j + 1] + 1 : Math.max(t[i + 1][j], t[i][j + 1]);
        StringBuilder sb = new StringBuilder();
        for (int i = 0, j = 0; i < a.length() && j < b.length(); ) if (a.charAt(i) == b.charAt(j)) { sb.append(a.charAt(i++)); j++; } else if (t[i + 1][j] >= t[i][j + 1]) i++; else j++;
        return sb.toString();
    }

    static int distance(String a, String b) {
        int[] prev = IntStream.rangeClosed(0, b.length()).toArray();
        for (int i = 1; i <= a.length(); i++) {
            int[] cur = new int[b.length() + 1];
            cur[0] = i;
            for (int j = 1; j <= b.length(); j++) cur[j] = Math.min(Math.min(cur[j - 1], prev[j]) + 1, prev[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1));
            prev = cur;
        }
        return prev[b.length()];
    }

    static List<Integer> kmp(String s, String p) {
        int[] f = new int[p.length()];
        for (int i = 1, k = 0; i < p.length(); i++) { while (k > 0 && p.charAt(k) != p.charAt(i)) k = f[k - 1]; if (p.charAt(k) == p.charAt(i)) k++; f[i] = k; }
        List<Integer> out = new ArrayList<>();
        for (int i = 0, k = 0; i < s.length(); i++) { while (k > 0 && p.charAt(k) != s.charAt(i)) k = f[k - 1]; if (p.charAt(k) == s.charAt(i)) k++; if (k == p.length()) { out.add(i - k + 1); k = f[k - 1]; } }
        return out;
    }

    static List<String> justify(List<String> words, int width) {
        List<String> out = new ArrayList<>();
        for (int i = 0; i < words.size(); ) {
            int j = i, len = 0;
            while (j < words.size() && len + words.get(j).length() + (j - i) <= width) len += words.get(j++).length();
            int gaps = j - i - 1, spaces = width - len;
            StringBuilder sb = new StringBuilder();
            for (int k = i; k < j; k++) { sb.append(words.get(k)); if (k < j - 1) sb.append(" ".repeat(j == words.size() ? 1 : spaces / gaps + (k - i < spaces % gaps ? 1 : 0))); }
            out.add(sb.toString());
            i = j;
        }
        return out;
    }

    public static void main(String[] args) {
        List<String> words = Arrays.stream(TEXT.toLowerCase(Locale.ROOT).split("[^a-z]+")).toList();
        Map<String, Long> counts = words.stream().collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
        System.out.println(counts.entrySet().stream().sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey())).limit(6).toList());
        Map<Integer, Set<String>> byLength = words.stream().collect(Collectors.groupingBy(String::length, TreeMap::new, Collectors.toCollection(TreeSet::new)));
        System.out.println(byLength);
        int[] freq = new int[26];
        TEXT.toLowerCase(Locale.ROOT).chars().filter(c -> c >= 'a' && c <= 'z').forEach(c -> freq[c - 'a']++);
        System.out.println(Arrays.toString(freq));
        Trie t = new Trie();
        words.forEach(t::add);
        System.out.println(t.withPrefix("th") + " " + t.withPrefix("f") + " " + t.withPrefix("zz") + " " + t.size());
        System.out.println(lcs("possession of a good fortune", "passion for a food portion") + " " + distance("kitten", "sitting") + distance("", "abc") + distance("same", "same") + distance("neighbourhood", "neighborhood"));
        System.out.println(kmp(TEXT, "th") + " " + kmp("aaaaa", "aa") + kmp("abc", "d"));
        justify(words.subList(0, 40), 36).forEach(l -> System.out.println("|" + l + "|"));
        String s = "mississippi";
        System.out.println(IntStream.range(0, s.length()).boxed().sorted(Comparator.comparing(s::substring)).toList());
        Map<String, List<String>> anagrams = Stream.of("listen", "silent", "enlist", "abc", "cab", "x").collect(Collectors.groupingBy(w -> w.chars().sorted().mapToObj(c -> "" + (char) c).collect(Collectors.joining()), TreeMap::new, Collectors.toList()));
        System.out.println(anagrams);
        UnaryOperator<String> rot13 = x -> x.chars().map(c -> Character.isUpperCase(c) ? 'A' + (c - 'A' + 13) % 26 : Character.isLowerCase(c) ? 'a' + (c - 'a' + 13) % 26 : c).collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
        System.out.println(rot13.apply("Hello, World") + " " + rot13.andThen(rot13).apply("Hello, World"));
        String key = "LEMON", plain = "ATTACKATDAWN";
        StringBuilder enc = new StringBuilder();
        for (int i = 0; i < plain.length(); i++) enc.append((char) ('A' + (plain.charAt(i) - 'A' + key.charAt(i % 5) - 'A') % 26));
        System.out.println(enc + " " + new StringBuilder("level").reverse().toString().equals("level") + " " + TEXT.codePoints().filter(Character::isUpperCase).count() + " " + TEXT.lines().map(String::strip).mapToInt(String::length).summaryStatistics());
    }
}
