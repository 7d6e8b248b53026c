import java.util.*;
import java.util.stream.*;

public class Main {
    static void t(Runnable r) {
        try {
            r.run();
        } catch (RuntimeException e) {
            System.out.println(e);
        }
    }

    public static void main(String[] args) {
        String s = "Hello, World, Hello";
        System.out.println(s.indexOf("Hello", 1) + " " + s.lastIndexOf("Hello") + " " + s.indexOf('o', -5) + " " + s.lastIndexOf('H', 13) + " " + s.indexOf("") + " " + s.indexOf("", 99) + " " + s.lastIndexOf("") + " " + s.indexOf("World", 3, 9) + " " + s.indexOf('W', 0, 8) + " " + "abc".indexOf(0x1F600));
        System.out.println(s.contains("lo, W") + " " + s.startsWith("World", 7) + " " + s.startsWith("x", -1) + " " + s.endsWith("") + " " + s.regionMatches(true, 7, "wOrLd!", 0, 5) + " " + s.regionMatches(0, "Hello", 0, -1) + " " + s.contentEquals(new StringBuilder(s)));
        System.out.println(s.replace('l', 'L') + s.replace("Hello", "") + s.replace("", "-") + "aaa".replace("aa", "b") + s.replaceAll("[oO]", "0") + s.replaceFirst("l+", "\\$"));
        for (String[] in : new String[][] {{"a,b,,c,,", ","}, {",a", ","}, {"", ","}, {"abc", ""}, {"a1b22c", "\\d+"}, {"a.b|c", "|"}, {"a.b", "."}, {"a\tb  c", "\\s+"}}) {
            System.out.println(Arrays.toString(in[0].split(in[1])) + Arrays.toString(in[0].split(in[1], -1)) + Arrays.toString(in[0].split(in[1], 2)) + Arrays.toString(in[0].splitWithDelimiters(in[1], 0)));
        }
        System.out.println("[" + " \t x \u2003\n".trim() + "][" + " \t x \u2003\n".strip() + "][" + "  x ".stripLeading() + "][" + "  x ".stripTrailing() + "]" + " \u2003".isBlank() + "".isEmpty() + "\u00a0".isBlank());
        System.out.println("ab".repeat(3) + "x".repeat(0) + "é".repeat(2) + "中".repeat(2));
        System.out.println("a\nb\r\nc\rd\n\n".lines().map(x -> "<" + x + ">").collect(Collectors.joining()));
        System.out.println("abc".compareTo("abd") + " " + "abc".compareTo("ab") + " " + "a".compareTo("é") + " " + "中".compareTo("a") + " " + "ABC".compareToIgnoreCase("abd") + " " + "ß".compareToIgnoreCase("ẞ") + " " + "".compareTo("x"));
        System.out.println("straße ıİ ﬁ Σς".toUpperCase(Locale.ROOT) + " " + "STRASSE İI ΑΣ".toLowerCase(Locale.ROOT) + " " + "title".toUpperCase(Locale.of("tr")) + " " + "TITLE".toLowerCase(Locale.of("tr")) + " " + "ŉ".toUpperCase(Locale.ROOT).length());
        System.out.println("AbC".equalsIgnoreCase("aBc") + " " + "ı".equalsIgnoreCase("I") + " " + "K".equalsIgnoreCase("\u212a") + " " + "a".equals(null));
        System.out.println(String.join("-", "a", "b", null) + String.join("|", List.of("x")) + String.join(",", new ArrayList<>()));
        System.out.println("abc".chars().sum() + " " + "a\ud83d\ude00b".codePoints().mapToObj(Integer::toHexString).toList() + " " + "a\ud83d\ude00b".codePointAt(1) + " " + "a\ud83d\ude00b".codePointBefore(3) + " " + "a\ud83d\ude00b".offsetByCodePoints(0, 2) + " " + new StringBuilder("a\ud83d\ude00b").reverse().equals(new StringBuilder("b\ud83d\ude00a")));
        System.out.print("x\n y\n".indent(2) + "   x\n y".indent(-2) + "tab\\tq\\101\\s|".translateEscapes() .replace("\t", "<tab>") + "\n");
        System.out.println("  a\n    b\n  c".stripIndent() + "abc".transform(x -> x + x) + "%d-%s".formatted(1, "z"));
        System.out.println("abcdef".substring(2) + "abcdef".substring(1, 3) + "abc".substring(3).isEmpty() + "abcdef".subSequence(4, 6) + "abc".charAt(1) + String.valueOf(new char[] {'a', 'b', 'c'}, 1, 2) + String.copyValueOf(new char[] {'q'}));
        System.out.println(new String(new int[] {0x41, 0x1F600, 0xe9}, 0, 3) + new String(new char[0]) + new String(new byte[] {65, -61, -87}, java.nio.charset.StandardCharsets.UTF_8) + new String(new StringBuffer("sb")) + new String("dup"));
        System.out.println("hash: " + "".hashCode() + " " + "a".hashCode() + " " + "Aa".hashCode() + " " + "BB".hashCode() + " " + "\u4e2d\u6587".hashCode() + " " + "polygenelubricants".hashCode());
        t(() -> "abc".charAt(3));
        t(() -> "abc".charAt(-1));
        t(() -> "abc".substring(2, 1));
        t(() -> "abc".substring(4));
        t(() -> "abc".repeat(-1));
        t(() -> "ab".codePointAt(2));
        t(() -> new String(new char[3], 1, 3));
        t(() -> "x".concat(null));
        t(() -> "a".compareTo(null));
        t(() -> String.valueOf((char[]) null));
        t(() -> "中".charAt(1));
        t(() -> "ab".getChars(0, 3, new char[5], 0));
        t(() -> "ab".getChars(0, 2, new char[1], 0));
        t(() -> "bad\\q".translateEscapes());
        t(() -> String.valueOf(new char[2], 0, 3));
        System.out.println("x".describeConstable().get() + " " + "a-b".chars().filter(Character::isLetter).count() + " " + "Zebra".chars().boxed().sorted().toList());
        TreeSet<String> ci = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        Collections.addAll(ci, "b", "A", "B", "a", "É", "é");
        System.out.println(ci);
    }
}
