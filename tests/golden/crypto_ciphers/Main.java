import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.*;
import java.security.interfaces.*;
import java.security.spec.*;
import java.util.*;
import javax.crypto.*;
import javax.crypto.spec.*;

public class Main {
    static String hex(byte[] b) {
        return HexFormat.of().formatHex(b);
    }

    public static void main(String[] args) throws Exception {
        byte[] key = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f"), iv = HexFormat.of().parseHex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
        byte[] text = "The quick brown fox jumps over the lazy dog; twice.".getBytes(StandardCharsets.UTF_8);
        SecretKey aes = new SecretKeySpec(key, "AES"), aes256 = new SecretKeySpec(Arrays.copyOf(key, 32), "AES");
        System.out.println(hex(cipher("AES/ECB/NoPadding", Cipher.ENCRYPT_MODE, aes, null, HexFormat.of().parseHex("00112233445566778899aabbccddeeff"))));
        for (Object[] c : new Object[][] {{"AES/ECB/PKCS5Padding", aes, null}, {"AES/CBC/PKCS5Padding", aes, new IvParameterSpec(iv)}, {"AES/CTR/NoPadding", aes256, new IvParameterSpec(iv)}, {"AES/CFB8/NoPadding", aes, new IvParameterSpec(iv)}, {"AES/OFB/NoPadding", aes, new IvParameterSpec(iv)}, {"AES/GCM/NoPadding", aes, new GCMParameterSpec(128, Arrays.copyOf(iv, 12))}, {"DES/CBC/PKCS5Padding", new SecretKeySpec(Arrays.copyOf(key, 8), "DES"), new IvParameterSpec(Arrays.copyOf(iv, 8))}, {"DESede/ECB/PKCS5Padding", new SecretKeySpec(Arrays.copyOf(iv, 24), "DESede"), null}, {"ChaCha20-Poly1305", new SecretKeySpec(Arrays.copyOf(iv, 32), "ChaCha20"), new IvParameterSpec(Arrays.copyOf(key, 12))}, {"Blowfish/ECB/PKCS5Padding", new SecretKeySpec(key, "Blowfish"), null}}) {
            byte[] enc = cipher((String) c[0], Cipher.ENCRYPT_MODE, (Key) c[1], (AlgorithmParameterSpec) c[2], text);
            System.out.println(c[0] + " " + hex(enc) + " " + Arrays.equals(text, cipher((String) c[0], Cipher.DECRYPT_MODE, (Key) c[1], (AlgorithmParameterSpec) c[2], enc)));
        }
        Cipher g = Cipher.getInstance("AES/GCM/NoPadding");
        g.init(Cipher.ENCRYPT_MODE, aes, new GCMParameterSpec(96, Arrays.copyOf(iv, 12)));
        g.updateAAD("header".getBytes());
        byte[] part = g.update(text, 0, 20), fin = g.doFinal(text, 20, text.length - 20);
        System.out.println((part == null ? 0 : part.length) + fin.length);
        byte[] all = new byte[(part == null ? 0 : part.length) + fin.length];
        if (part != null) System.arraycopy(part, 0, all, 0, part.length);
        System.arraycopy(fin, 0, all, all.length - fin.length, fin.length);
        all[3] ^= 1;
        try {
            g.init(Cipher.DECRYPT_MODE, aes, new GCMParameterSpec(96, Arrays.copyOf(iv, 12)));
            g.updateAAD("header".getBytes());
            g.doFinal(all);
        } catch (AEADBadTagException e) {
            System.out.println(e.getMessage());
        }
        Object[][] bad = {{"AES/CBC/PKCS5Padding", aes, new IvParameterSpec(iv), new byte[17]}, {"AES/ECB/NoPadding", aes, null, new byte[5]}, {"AES/CBC/PKCS5Padding", aes, new IvParameterSpec(new byte[3]), new byte[16]}, {"AES/ECB/PKCS5Padding", new SecretKeySpec(new byte[5], "AES"), null, new byte[16]}, {"AES/ECB/PKCS5Padding", aes, null, new byte[16]}, {"Nope/X/Y", aes, null, new byte[1]}};
        for (Object[] b : bad) {
            try {
                cipher((String) b[0], Cipher.DECRYPT_MODE, (Key) b[1], (AlgorithmParameterSpec) b[2], (byte[]) b[3]);
                System.out.println("fine?");
            } catch (GeneralSecurityException e) {
                System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
            }
        }
        System.out.println(hex(SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(new PBEKeySpec("password".toCharArray(), "salt".getBytes(), 20, 256)).getEncoded()));
        BigInteger p = new BigInteger("c846008638daf051b79e4444ed6897d8fc5ab8f2f33dc30a8f1233c76f31b6928298956cfca65f8e9f66ad57e1464135", 16), q = new BigInteger("d32257ab426c166ee4148cc4172def237c7326fb0b836a953c8ee07c4a6607d677b5e2e5b34f33bc60cfd110a7083d45", 16), e = BigInteger.valueOf(65537);
        BigInteger mod = p.multiply(q), d = e.modInverse(p.subtract(BigInteger.ONE).multiply(q.subtract(BigInteger.ONE)));
        KeyFactory kf = KeyFactory.getInstance("RSA");
        PrivateKey priv = kf.generatePrivate(new RSAPrivateKeySpec(mod, d));
        PublicKey pub = kf.generatePublic(new RSAPublicKeySpec(mod, e));
        Signature s = Signature.getInstance("SHA256withRSA");
        s.initSign(priv);
        s.update(text);
        byte[] sig = s.sign();
        s.initVerify(pub);
        s.update(text);
        System.out.println(mod.bitLength() + " " + hex(sig).substring(0, 32) + " " + s.verify(sig));
        s.update(new byte[1]);
        System.out.println(s.verify(sig) + " " + pub.getAlgorithm() + " " + pub.getFormat() + " " + hex(MessageDigest.getInstance("SHA-1").digest(pub.getEncoded())));
        Cipher rsa = Cipher.getInstance("RSA/ECB/NoPadding");
        rsa.init(Cipher.ENCRYPT_MODE, pub);
        System.out.println(new BigInteger(1, rsa.doFinal(text)).equals(new BigInteger(1, text).modPow(e, mod)));
        KeyPair ed = edKey();
        Signature es = Signature.getInstance("Ed25519");
        es.initSign(ed.getPrivate());
        es.update("abc".getBytes());
        System.out.println(hex(es.sign()));
        System.out.println(new TreeSet<>(List.of(Security.getProvider("SUN").getName(), Security.getProvider("SunJCE").getName())));
    }

    static KeyPair edKey() throws Exception {
        KeyFactory kf = KeyFactory.getInstance("Ed25519");
        return new KeyPair(null, kf.generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))));
    }

    static byte[] cipher(String alg, int mode, Key k, AlgorithmParameterSpec spec, byte[] in) throws GeneralSecurityException {
        Cipher c = Cipher.getInstance(alg);
        c.init(mode, k, spec);
        return c.doFinal(in);
    }
}
