import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;

public class Main {
    interface Throwing { Object go() throws Exception; }

    static void t(String what, Throwing r) {
        try {
            System.out.println(what + ": " + r.go());
        } catch (Exception e) {
            System.out.println(what + ": " + e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }

    public static void main(String[] args) throws Exception {
        byte[] data = new byte[300];
        for (int i = 0; i < data.length; i++) data[i] = (byte) i;
        BufferedInputStream b = new BufferedInputStream(new ByteArrayInputStream(data), 16);
        b.read();
        b.mark(40);
        byte[] chunk = b.readNBytes(30);
        b.reset();
        System.out.println(chunk[29] + " " + b.read() + " " + b.skip(10) + " " + b.read() + " " + b.available() + " " + b.markSupported() + " " + b.transferTo(OutputStream.nullOutputStream()) + " " + b.read());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DataOutputStream d = new DataOutputStream(new BufferedOutputStream(out, 5))) {
            d.writeBoolean(true);
            d.writeByte(-1);
            d.writeShort(-2);
            d.writeChar('ß');
            d.writeInt(-3);
            d.writeLong(Long.MIN_VALUE);
            d.writeFloat(1.5f);
            d.writeDouble(-0.0);
            d.writeUTF("a\0ü€\ud83d\ude00");
            d.writeBytes("xyz");
            d.writeChars("é");
            System.out.println(d.size());
        }
        System.out.println(HexFormat.of().formatHex(out.toByteArray()));
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(out.toByteArray()));
        System.out.println(in.readBoolean() + " " + in.readByte() + in.readUnsignedShort() + in.readChar() + in.readInt() + " " + in.readLong() + in.readFloat() + in.readDouble() + in.readUTF().length() + " " + (char) in.readUnsignedByte() + in.skipBytes(2) + in.readChar());
        t("end", in::readInt);
        t("bad utf", () -> new DataInputStream(new ByteArrayInputStream(new byte[] {0, 2, (byte) 0xc3, 0x28})).readUTF());
        t("too long utf", () -> { new DataOutputStream(out).writeUTF("x".repeat(70000)); return ""; });
        SequenceInputStream seq = new SequenceInputStream(Collections.enumeration(List.of(new ByteArrayInputStream("ab".getBytes()), new ByteArrayInputStream(new byte[0]), new ByteArrayInputStream("cd".getBytes()))));
        System.out.println(new String(seq.readAllBytes()));
        PushbackInputStream pb = new PushbackInputStream(new ByteArrayInputStream("xyz".getBytes()), 2);
        int first = pb.read();
        pb.unread('A');
        pb.unread('B');
        System.out.println((char) first + new String(pb.readAllBytes()));
        t("pushback full", () -> { pb.unread("123".getBytes()); return ""; });
        PipedInputStream pin = new PipedInputStream(16);
        PipedOutputStream pout = new PipedOutputStream(pin);
        Thread w = new Thread(() -> {
            try (pout) {
                for (int i = 0; i < 200; i++) pout.write(i);
            } catch (IOException e) {
                System.out.println(e);
            }
        });
        w.start();
        int sum = 0, n = 0;
        for (int c; (c = pin.read()) >= 0; n++) sum += c;
        w.join();
        System.out.println(n + " " + sum);
        LineNumberReader ln = new LineNumberReader(new StringReader("one\r\ntwo\nthree\rfour"));
        StringBuilder sb = new StringBuilder();
        for (String l; (l = ln.readLine()) != null; ) sb.append(ln.getLineNumber()).append(l).append(' ');
        System.out.println(sb);
        StreamTokenizer st = new StreamTokenizer(new StringReader("x = 3.5 + 'q' /* c */ \"str\\n\" // eol\n-7 word_2 a.b"));
        st.slashSlashComments(true);
        st.slashStarComments(true);
        st.eolIsSignificant(true);
        sb.setLength(0);
        while (st.nextToken() != StreamTokenizer.TT_EOF) sb.append(st.ttype == StreamTokenizer.TT_NUMBER ? "n" + st.nval : st.ttype == StreamTokenizer.TT_WORD ? "w" + st.sval : st.ttype == StreamTokenizer.TT_EOL ? "EOL" : st.ttype == '"' || st.ttype == '\'' ? "s" + st.sval.trim() : "" + (char) st.ttype).append(' ');
        System.out.println(sb + "" + st.lineno());
        StringWriter sw = new StringWriter();
        try (PrintWriter pw = new PrintWriter(sw)) {
            pw.printf(Locale.ROOT, "%5.2f|%s", 3.14159, "x").append('c').append("abc", 1, 2).print(new char[] {'d', 'e'});
            pw.println(1L);
            pw.write("end", 1, 2);
            System.out.println(pw.checkError());
        }
        System.out.println(sw.toString().replace(System.lineSeparator(), "$"));
        CharArrayWriter cw = new CharArrayWriter();
        new StringReader("transfer me").transferTo(cw);
        System.out.println(cw + " " + cw.size() + " " + new BufferedReader(new CharArrayReader(cw.toCharArray(), 3, 4)).readLine() + new StringReader("all").readAllAsString());
        InputStreamReader r = new InputStreamReader(new ByteArrayInputStream("häß€😀".getBytes(StandardCharsets.UTF_8)) { @Override public synchronized int read(byte[] x, int o, int l) { return super.read(x, o, Math.min(l, 1)); } }, StandardCharsets.UTF_8);
        char[] cs = new char[20];
        int total = 0;
        for (int k; (k = r.read(cs, total, 20 - total)) > 0; ) total += k;
        System.out.println(total + new String(cs, 0, total) + r.getEncoding());
        OutputStreamWriter ow = new OutputStreamWriter(out, StandardCharsets.UTF_16BE);
        out.reset();
        ow.write("aé\ud83d");
        ow.write("\ude00");
        ow.close();
        System.out.println(HexFormat.of().formatHex(out.toByteArray()));
        t("closed writer", () -> { ow.write("x"); ow.flush(); return ""; });
        BufferedReader br = new BufferedReader(new StringReader("a\nb"));
        br.readLine();
        br.close();
        t("closed reader", br::readLine);
        t("null stream", () -> InputStream.nullInputStream().read());
        t("reset without mark", () -> { new BufferedInputStream(new ByteArrayInputStream(data)).reset(); return ""; });
        t("negative", () -> new ByteArrayInputStream(data).readNBytes(-1));
        t("bounds", () -> new ByteArrayInputStream(data).read(new byte[5], 3, 3));
        FilterOutputStream upper = new FilterOutputStream(out) { @Override public void write(int c) throws IOException { super.write(Character.toUpperCase(c)); } };
        out.reset();
        upper.write("filtered".getBytes());
        System.out.println(out + " " + new BufferedReader(new StringReader("x\ny\nz")).lines().toList());
        System.out.println(System.in.read() + " " + System.in.available());
        ObjectOutputStream oos = new ObjectOutputStream(OutputStream.nullOutputStream());
        oos.writeObject(data);
        System.out.println(new File("/a/../b/./c.txt").getName() + " " + new File("a/b/../c").getParent() + " " + new File("x/y").toPath().resolve("../z").normalize() + " " + new File("/a/b").compareTo(new File("/a/c")) + new File("/a//b/").getPath() + " " + new File("rel").isAbsolute());
    }
}
