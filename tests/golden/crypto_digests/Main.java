import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.*;
import java.util.*;
import java.util.zip.*;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public class Main {
    static String hex(byte[] b) {
        return HexFormat.of().formatHex(b);
    }

    public static void main(String[] args) throws Exception {
        byte[] abc = "abc".getBytes(StandardCharsets.UTF_8), big = new byte[3000];
        for (int i = 0; i < big.length; i++) big[i] = (byte) (i * 31);
        for (String a : new String[] {"MD5", "SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512", "SHA-512/256", "SHA3-256", "SHA3-512", "MD2"}) {
            MessageDigest md = MessageDigest.getInstance(a);
            String one = hex(md.digest(abc)), empty = hex(md.digest());
            for (int i = 0; i < big.length; i += 77) md.update(big, i, Math.min(77, big.length - i));
            MessageDigest clone = (MessageDigest) md.clone();
            md.update((byte) 1);
            System.out.println(a + " " + one + " " + empty + " " + hex(md.digest()).substring(0, 16) + " " + hex(clone.digest()).equals(hex(MessageDigest.getInstance(a).digest(big))) + " " + md.getDigestLength());
        }
        for (String a : new String[] {"HmacMD5", "HmacSHA1", "HmacSHA256", "HmacSHA512", "HmacSHA3-256"}) {
            Mac m = Mac.getInstance(a);
            m.init(new SecretKeySpec("key".getBytes(), a));
            System.out.println(a + " " + hex(m.doFinal("The quick brown fox jumps over the lazy dog".getBytes())) + " " + m.getMacLength());
        }
        CRC32 crc = new CRC32();
        CRC32C crcc = new CRC32C();
        Adler32 ad = new Adler32();
        for (Checksum c : new Checksum[] {crc, crcc, ad}) {
            c.update("123456789".getBytes());
            String s = Long.toHexString(c.getValue());
            c.reset();
            c.update(big, 5, 2900);
            c.update(77);
            ByteBuffer direct = ByteBuffer.allocateDirect(3000).put(big).flip();
            c.update(direct);
            System.out.println(s + " " + Long.toHexString(c.getValue()) + " " + direct.remaining());
        }
        CheckedInputStream in = new CheckedInputStream(new java.io.ByteArrayInputStream(big), new CRC32());
        in.readAllBytes();
        System.out.println(Long.toHexString(in.getChecksum().getValue()));
        byte[] odd = {0, -1, 127, -128, 62, 63, 5};
        for (int n = 0; n <= 7; n++) {
            byte[] x = Arrays.copyOf(odd, n);
            String e = Base64.getEncoder().encodeToString(x);
            System.out.print(e + " " + Base64.getUrlEncoder().withoutPadding().encodeToString(x) + " " + Arrays.equals(Base64.getDecoder().decode(e), x) + "; ");
        }
        System.out.println();
        System.out.println(Base64.getMimeEncoder().encodeToString(Arrays.copyOf(big, 70)).replace("\r\n", "|") + " " + new String(Base64.getMimeDecoder().decode("aGVs\r\nbG8*gd29ybGQ=")) + " " + Base64.getMimeEncoder(8, "-".getBytes()).encodeToString(abc));
        for (String bad : new String[] {"a", "ab=", "a===", "ab*d", "YQ=="}) {
            try {
                System.out.println(new String(Base64.getDecoder().decode(bad)));
            } catch (IllegalArgumentException e) {
                System.out.println(e.getMessage());
            }
        }
        HexFormat hf = HexFormat.ofDelimiter(":").withUpperCase().withPrefix("0x");
        System.out.println(hf.formatHex(odd) + " " + Arrays.toString(hf.parseHex("0xFF:0x00")) + HexFormat.fromHexDigits("ff") + HexFormat.isHexDigit('g') + HexFormat.of().toHexDigits((short) -2));
        try {
            HexFormat.of().parseHex("abc");
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        UUID u = UUID.fromString("123e4567-e89b-12d3-a456-426614174000"), n = UUID.nameUUIDFromBytes(abc);
        System.out.println(u + " " + u.version() + u.variant() + " " + u.timestamp() + " " + n + " " + n.version() + " " + new UUID(1, 2) + " " + u.compareTo(n) + " " + u.hashCode() + u.equals(UUID.fromString(u.toString().toUpperCase())));
        try {
            UUID.fromString("x-y");
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        try {
            MessageDigest.getInstance("NOPE");
        } catch (NoSuchAlgorithmException e) {
            System.out.println(e.getMessage());
        }
        System.out.println(MessageDigest.isEqual(abc, abc.clone()) + " " + new DigestIn(abc).hex());
    }

    static class DigestIn {
        final byte[] in;
        DigestIn(byte[] in) { this.in = in; }
        String hex() throws Exception {
            DigestInputStream d = new DigestInputStream(new java.io.ByteArrayInputStream(in), MessageDigest.getInstance("SHA-256"));
            d.readAllBytes();
            return Main.hex(d.getMessageDigest().digest());
        }
    }
}
