import java.nio.*;
import java.nio.charset.*;
import java.util.*;

public class Main {
    static String hex(byte[] b) {
        return HexFormat.of().formatHex(b);
    }

    public static void main(String[] args) throws Exception {
        String s = "aé€😀\u0000ß中";
        for (String n : new String[] {"UTF-8", "UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32", "UTF-32LE", "US-ASCII", "ISO-8859-1", "ISO-8859-15", "windows-1252", "IBM437", "Shift_JIS", "EUC-JP", "GBK", "Big5", "EUC-KR", "KOI8-R", "windows-1251", "ISO-2022-JP", "GB18030"}) {
            Charset c = Charset.forName(n);
            byte[] b = s.getBytes(c);
            System.out.println(c.name() + " " + hex(b) + " " + new String(b, c).equals(s) + " " + c.canEncode() + (c.canEncode() ? " " + c.newEncoder().maxBytesPerChar() + " " + c.newEncoder().canEncode('中') : ""));
        }
        System.out.println(Charset.forName("latin1") + " " + Charset.forName("utf8") + " " + Charset.isSupported("nope") + " " + StandardCharsets.UTF_8.contains(StandardCharsets.US_ASCII) + new TreeSet<>(StandardCharsets.US_ASCII.aliases()).first());
        for (String bad : new String[] {"nope", "bad name!", ""}) {
            try {
                Charset.forName(bad);
            } catch (IllegalArgumentException e) {
                System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
            }
        }
        CharsetDecoder d = StandardCharsets.UTF_8.newDecoder();
        byte[] euro = "€uro".getBytes(StandardCharsets.UTF_8);
        CharBuffer out = CharBuffer.allocate(2);
        ByteBuffer in = ByteBuffer.wrap(euro, 0, 2);
        System.out.println(d.decode(in, out, false) + " " + in.remaining());
        in = ByteBuffer.wrap(euro);
        System.out.println(d.decode(in, out, true) + " " + out.flip() + " " + in.remaining());
        d.reset();
        byte[][] malformed = {{(byte) 0xff}, {(byte) 0xc3}, {(byte) 0xe2, (byte) 0x82}, {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, {(byte) 0xc0, (byte) 0x80}, {(byte) 0xf5, (byte) 0x80, (byte) 0x80, (byte) 0x80}, {'a', (byte) 0x80, 'b'}};
        for (byte[] m : malformed) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(m));
                System.out.println("fine?");
            } catch (CharacterCodingException e) {
                System.out.println(e.getClass().getSimpleName() + " " + e.getMessage() + " -> " + hex(new String(m, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16BE)));
            }
        }
        System.out.println(StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPLACE).replaceWith("!").decode(ByteBuffer.wrap(malformed[6])) + " " + StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.IGNORE).decode(ByteBuffer.wrap(malformed[6])));
        CharsetEncoder e = StandardCharsets.ISO_8859_1.newEncoder();
        try {
            e.encode(CharBuffer.wrap("€"));
        } catch (UnmappableCharacterException x) {
            System.out.println(x.getMessage());
        }
        try {
            StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap("x\ud800y"));
        } catch (MalformedInputException x) {
            System.out.println(x.getMessage());
        }
        e.onUnmappableCharacter(CodingErrorAction.REPLACE).replaceWith(new byte[] {'#'});
        System.out.println(new String(e.encode(CharBuffer.wrap("a€b")).array(), 0, 3, StandardCharsets.ISO_8859_1));
        ByteBuffer small = ByteBuffer.allocate(4);
        CharsetEncoder u = StandardCharsets.UTF_8.newEncoder();
        CharBuffer src = CharBuffer.wrap("ab€c");
        System.out.println(u.encode(src, small, true) + " " + small.position() + " " + src.remaining());
        small.clear();
        System.out.println(u.encode(src, small, true) + " " + u.flush(small) + " " + hex(Arrays.copyOf(small.array(), small.position())));
        System.out.println(hex(StandardCharsets.UTF_16.encode("A").array()).substring(0, 8) + " " + StandardCharsets.UTF_16.decode(ByteBuffer.wrap(new byte[] {-1, -2, 'A', 0})) + StandardCharsets.UTF_16.decode(ByteBuffer.wrap(new byte[] {0, 'B'})));
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 256; i++) all.append((char) i);
        System.out.println(hex(all.toString().getBytes(Charset.forName("windows-1252"))).hashCode() + " " + new String(all.toString().getBytes(StandardCharsets.ISO_8859_1), Charset.forName("IBM037")).hashCode() + " " + Charset.availableCharsets().containsKey("UTF-8"));
        String big = "äöü€😀".repeat(500);
        System.out.println(new String(big.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).equals(big) + " " + big.getBytes(StandardCharsets.UTF_8).length);
    }
}
