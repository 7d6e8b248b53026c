import java.nio.charset.*;
import java.util.*;

public class Main {
    public static void main(String[] args) {
        String l1 = "abc\u00ff", u = "abc\u0100", mixed = l1 + u;
        System.out.println(l1.equals(u) + " " + l1.compareTo(u) + " " + u.compareTo(l1) + " " + mixed.length() + " " + mixed.indexOf(u) + " " + mixed.indexOf(l1) + " " + mixed.indexOf('\u00ff') + " " + mixed.indexOf('\u0100') + " " + l1.indexOf('\u0100') + " " + l1.indexOf(u));
        String back = mixed.substring(0, 4);
        System.out.println(back.equals(l1) + " " + (back.hashCode() == l1.hashCode()) + " " + l1.contentEquals(new StringBuffer(back)));
        System.out.println(mixed.replace('\u0100', 'z').equals("abc\u00ffabcz") + " " + "abc".replace('b', '\u4e2d') + " " + mixed.replace("abc", "") + " " + mixed.lastIndexOf("c") + " " + mixed.startsWith(l1) + " " + mixed.endsWith(u) + " " + l1.startsWith("\u0100"));
        System.out.println(mixed.toUpperCase(Locale.ROOT) + " " + "\u00b5\u00ff".toUpperCase(Locale.ROOT).codePoints().boxed().toList() + " " + "\u0178\u039c".toLowerCase(Locale.ROOT).codePoints().boxed().toList());
        System.out.println(mixed.regionMatches(4, u, 0, 4) + " " + mixed.regionMatches(true, 0, "ABC\u0178", 0, 4) + " " + l1.equalsIgnoreCase("ABC\u0178"));
        for (Charset cs : List.of(StandardCharsets.US_ASCII, StandardCharsets.ISO_8859_1, StandardCharsets.UTF_8, StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, StandardCharsets.UTF_32)) {
            byte[] bytes = mixed.getBytes(cs);
            System.out.println(cs + " " + HexFormat.of().formatHex(bytes) + " " + new String(bytes, cs).equals(mixed) + " " + new String(bytes, cs).length());
        }
        byte[] bad = {'a', (byte) 0xc3, 'b', (byte) 0xe2, (byte) 0x82, (byte) 0xff, (byte) 0xf0, (byte) 0x9f, (byte) 0x98, (byte) 0x80, (byte) 0xed, (byte) 0xa0, (byte) 0x80, (byte) 0xc0, (byte) 0x80};
        System.out.println(new String(bad, StandardCharsets.UTF_8).codePoints().mapToObj(Integer::toHexString).toList());
        System.out.println(new String(bad, 0, 3, StandardCharsets.US_ASCII).codePoints().mapToObj(Integer::toHexString).toList());
        StringBuilder sb = new StringBuilder();
        for (int i = 0; i < 200; i += 7) {
            sb.append((char) (i * 3));
        }
        String all = sb.toString();
        int found = 0;
        for (int i = 0; i < all.length(); i++) {
            found += all.indexOf(all.charAt(i));
            found += all.indexOf(all.substring(i));
            found ^= all.substring(0, i).hashCode();
        }
        System.out.println(found + " " + all.hashCode());
        System.out.println(String.valueOf(new char[] {'a', '\u0100'}, 0, 1).equals("a") + " " + new String(new char[] {'\u00ff'}).equals("\u00ff") + " " + "\u4e2d\u0041".strip().substring(1).equals("A"));
        System.out.println("a\u0100".compareTo("a") + " " + "\uffff".compareTo("\u00ff") + " " + "\ud83d\ude00".compareTo("\uffff"));
        System.out.println(String.join("", "a", "\u0100", "b").chars().sum() + " " + "x".concat("\u0100").length() + " " + "\u0100".concat("").length() + " " + "é\u0100".repeat(3).hashCode());
        char[] dst = new char[4];
        l1.getChars(0, 4, dst, 0);
        u.getChars(3, 4, dst, 0);
        System.out.println((int) dst[0] + " " + (int) dst[3]);
    }
}
