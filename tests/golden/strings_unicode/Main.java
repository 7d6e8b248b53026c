import java.text.*;
import java.util.*;

public class Main {
    public static void main(String[] args) {
        int[] cps = {'a', 'Z', '5', ' ', '_', 0xe9, 0xdf, 0x130, 0x131, 0x1c5, 0x3a3, 0x3c2, 0x660, 0x4e2d, 0xac00, 0x2028, 0xfeff, 0xd800, 0xdc00, 0xe000, 0x10400, 0x1d7d8, 0x1f600, 0x10ffff, 0x0378, 0xfffe, 0, 0x1f, 0x7f, 0xad, 0x2160, 0x24b6};
        for (int cp : cps) {
            System.out.println(Integer.toHexString(cp) + " type " + Character.getType(cp) + " " + (Character.isLetter(cp) ? "L" : "") + (Character.isDigit(cp) ? "D" : "") + (Character.isLetterOrDigit(cp) ? "A" : "") + (Character.isAlphabetic(cp) ? "a" : "") + (Character.isUpperCase(cp) ? "U" : "") + (Character.isLowerCase(cp) ? "l" : "") + (Character.isTitleCase(cp) ? "T" : "")
                    + (Character.isWhitespace(cp) ? "W" : "") + (Character.isSpaceChar(cp) ? "S" : "") + (Character.isISOControl(cp) ? "C" : "") + (Character.isJavaIdentifierStart(cp) ? "J" : "") + (Character.isJavaIdentifierPart(cp) ? "j" : "") + (Character.isUnicodeIdentifierStart(cp) ? "I" : "") + (Character.isIdentifierIgnorable(cp) ? "g" : "") + (Character.isIdeographic(cp) ? "i" : "") + (Character.isMirrored(cp) ? "m" : "") + (Character.isDefined(cp) ? "d" : "") + (Character.isSurrogate((char) cp) ? "s" : "") + (Character.isEmoji(cp) ? "E" : "")
                    + " " + Integer.toHexString(Character.toUpperCase(cp)) + " " + Integer.toHexString(Character.toLowerCase(cp)) + " " + Integer.toHexString(Character.toTitleCase(cp)) + " " + Character.getNumericValue(cp) + " " + Character.digit(cp, 36) + " " + Character.charCount(cp) + " " + Character.UnicodeBlock.of(cp) + " " + Character.UnicodeScript.of(cp) + " " + Character.getDirectionality(cp));
        }
        System.out.println(Character.getName('a') + ", " + Character.getName(0x1F600) + ", " + Character.getName(0xac00) + ", " + Character.getName(0x4e2d) + " " + Integer.toHexString(Character.codePointOf("GREEK SMALL LETTER ALPHA")));
        System.out.println(Character.toChars(0x1F600).length + " " + Character.toCodePoint('\ud83d', '\ude00') + " " + Character.isSurrogatePair('\ud83d', '\ude00') + " " + Integer.toHexString(Character.highSurrogate(0x1F600)) + Character.MAX_RADIX + Character.forDigit(11, 16) + Character.toString(0x1F600).length());
        try {
            Character.toChars(0x110000);
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        String decomposed = "e\u0301a\u030a\u1100\u1161ﬁ½";
        for (Normalizer.Form f : Normalizer.Form.values()) {
            String n = Normalizer.normalize(decomposed, f);
            System.out.println(f + " " + n.codePoints().mapToObj(Integer::toHexString).toList() + " " + Normalizer.isNormalized(n, f));
        }
        BreakIterator words = BreakIterator.getWordInstance(Locale.ROOT);
        words.setText("Hello, world! It's 3.5 o'clock.");
        List<Integer> at = new ArrayList<>();
        for (int i = words.first(); i != BreakIterator.DONE; i = words.next()) at.add(i);
        System.out.println(at);
        BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
        sentences.setText("One. Two? Three! Four");
        at.clear();
        for (int i = sentences.first(); i != BreakIterator.DONE; i = sentences.next()) at.add(i);
        System.out.println(at);
        Collator col = Collator.getInstance(Locale.ROOT);
        List<String> sorted = new ArrayList<>(List.of("b", "a", "B", "A", "ä", "z", "é", "e", "E"));
        sorted.sort(col);
        System.out.println(sorted);
        col.setStrength(Collator.PRIMARY);
        System.out.println(col.compare("ä", "A") + " " + col.compare("a", "b"));
        String lone = "x\ud800y\udc00";
        System.out.println(lone.codePoints().mapToObj(Integer::toHexString).toList() + " " + Arrays.toString(lone.getBytes(java.nio.charset.StandardCharsets.UTF_8)) + " " + lone.codePointCount(0, 4));
        System.out.println("\u00e9 € 中 😀 \u05d0");
        String id = "变量";
        int größe = 3, \u0061b = 4;
        System.out.println(id + größe + ab);
    }
}
