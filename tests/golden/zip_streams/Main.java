import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.jar.*;
import java.util.zip.*;

public class Main {
    static byte[] deflate(byte[] in, int level, int strategy, boolean raw) {
        Deflater d = new Deflater(level, raw);
        d.setStrategy(strategy);
        d.setInput(in);
        d.finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buf = new byte[100];
        while (!d.finished()) out.write(buf, 0, d.deflate(buf));
        d.end();
        return out.toByteArray();
    }

    static byte[] inflate(byte[] in, boolean raw) throws DataFormatException {
        Inflater i = new Inflater(raw);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buf = new byte[64];
        int at = 0;
        while (!i.finished()) {
            if (i.needsInput()) {
                if (at >= in.length) break;
                int n = Math.min(33, in.length - at);
                i.setInput(in, at, n);
                at += n;
            }
            out.write(buf, 0, i.inflate(buf));
        }
        i.end();
        return out.toByteArray();
    }

    public static void main(String[] args) throws Exception {
        byte[] text = "to be or not to be, that is the question; ".repeat(60).getBytes(StandardCharsets.UTF_8), rnd = new byte[2000], zeros = new byte[10_000];
        new Random(1).nextBytes(rnd);
        for (byte[] in : new byte[][] {text, rnd, zeros, {}, {42}}) {
            boolean ok = true, smaller = false;
            for (int level : new int[] {-1, 0, 1, 6, 9}) for (int st : new int[] {Deflater.DEFAULT_STRATEGY, Deflater.FILTERED, Deflater.HUFFMAN_ONLY}) for (boolean raw : new boolean[] {true, false}) {
                byte[] c = deflate(in, level, st, raw);
                ok &= Arrays.equals(in, inflate(c, raw));
                smaller |= c.length < in.length / 2;
            }
            System.out.println(in.length + " " + ok + " " + smaller);
        }
        Inflater known = new Inflater();
        known.setInput(HexFormat.of().parseHex("789ccb48cdc9c957c8402701680308b1"));
        byte[] out = new byte[50];
        try {
            int n = known.inflate(out);
            System.out.println(new String(out, 0, n).trim() + " " + known.finished() + " " + known.getTotalIn() + " " + known.getTotalOut() + " " + known.getRemaining());
        } catch (DataFormatException e) {
            System.out.println(e.getMessage());
        }
        byte[] good = deflate(text, 6, 0, false);
        byte[] bad = good.clone();
        bad[good.length - 1] ^= 1;
        for (byte[] b : new byte[][] {bad, {1, 2, 3}, {0x78, (byte) 0x9c, 7}}) {
            try {
                inflate(b, false);
                System.out.println("fine?");
            } catch (DataFormatException e) {
                System.out.println(e.getMessage());
            }
        }
        Deflater dd = new Deflater();
        dd.setDictionary("question that is".getBytes());
        dd.setInput(text);
        dd.finish();
        byte[] dict = new byte[1000];
        int dn = dd.deflate(dict);
        Inflater di = new Inflater();
        di.setInput(dict, 0, dn);
        System.out.println(di.inflate(new byte[10]) + " " + di.needsDictionary() + " " + Integer.toHexString(di.getAdler()) + " " + (dd.getAdler() != 1));
        di.setDictionary("question that is".getBytes());
        byte[] res = new byte[text.length];
        System.out.println(di.inflate(res) + " " + Arrays.equals(res, text) + " " + di.finished());
        Deflater sync = new Deflater();
        sync.setInput("part".getBytes());
        byte[] sb = new byte[100];
        int sn = sync.deflate(sb, 0, 100, Deflater.SYNC_FLUSH);
        Inflater si = new Inflater();
        si.setInput(sb, 0, sn);
        System.out.println(new String(out, 0, si.inflate(out)) + " " + si.finished() + " " + sync.needsInput());
        try {
            dd.end();
            dd.deflate(dict);
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        ByteArrayOutputStream gz = new ByteArrayOutputStream();
        try (GZIPOutputStream g = new GZIPOutputStream(gz)) { g.write(text); }
        byte[] two = Arrays.copyOf(gz.toByteArray(), gz.size() * 2);
        System.arraycopy(gz.toByteArray(), 0, two, gz.size(), gz.size());
        System.out.println(new GZIPInputStream(new ByteArrayInputStream(two)).readAllBytes().length + " " + (gz.toByteArray()[0] == 0x1f));
        for (byte[] b : new byte[][] {Arrays.copyOf(gz.toByteArray(), 30), {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, {}}) {
            try {
                new GZIPInputStream(new ByteArrayInputStream(b)).readAllBytes();
                System.out.println("fine?");
            } catch (IOException e) {
                System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
            }
        }
        ByteArrayOutputStream zo = new ByteArrayOutputStream();
        try (ZipOutputStream z = new ZipOutputStream(zo)) {
            ZipEntry e = new ZipEntry("dir/text.txt");
            e.setTimeLocal(java.time.LocalDateTime.of(2024, 1, 2, 3, 4, 6));
            e.setComment("a comment");
            z.putNextEntry(e);
            z.write(text);
            z.closeEntry();
            ZipEntry st = new ZipEntry("stored ü");
            st.setMethod(ZipEntry.STORED);
            st.setSize(3);
            CRC32 crc = new CRC32();
            crc.update("abc".getBytes());
            st.setCrc(crc.getValue());
            z.putNextEntry(st);
            z.write("abc".getBytes());
            z.putNextEntry(new ZipEntry("empty/"));
            try {
                z.putNextEntry(new ZipEntry("dir/text.txt"));
            } catch (ZipException x) {
                System.out.println(x.getMessage());
            }
        }
        try (ZipInputStream z = new ZipInputStream(new ByteArrayInputStream(zo.toByteArray()))) {
            for (ZipEntry e; (e = z.getNextEntry()) != null; ) {
                byte[] b = z.readAllBytes();
                System.out.println(e.getName() + " " + b.length + " " + e.isDirectory() + " " + e.getMethod() + " " + Long.toHexString(e.getCrc()) + " " + e.getSize() + " " + (e.getName().startsWith("dir") ? e.getTimeLocal() : ""));
            }
        }
        Manifest m = new Manifest();
        m.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        m.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "a.b.C");
        m.getMainAttributes().putValue("Long", "x".repeat(100));
        Attributes per = new Attributes();
        per.putValue("Sealed", "true");
        m.getEntries().put("p/", per);
        ByteArrayOutputStream jo = new ByteArrayOutputStream();
        try (JarOutputStream j = new JarOutputStream(jo, m)) {
            j.putNextEntry(new JarEntry("p/x"));
            j.write(1);
        }
        try (JarInputStream j = new JarInputStream(new ByteArrayInputStream(jo.toByteArray()))) {
            Manifest r = j.getManifest();
            System.out.println(r.getMainAttributes().getValue("main-class") + " " + r.getMainAttributes().getValue("Long").length() + " " + r.equals(m) + " " + r.getAttributes("p/").getValue("Sealed") + " " + j.getNextJarEntry().getName() + " " + j.getNextEntry());
        }
        ByteArrayOutputStream mo = new ByteArrayOutputStream();
        m.write(mo);
        System.out.print(mo.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"));
        System.out.println(new InflaterInputStream(new DeflaterInputStream(new ByteArrayInputStream(text))).readAllBytes().length);
    }
}
