import com.sun.net.httpserver.*;
import java.io.*;
import java.math.BigInteger;
import java.net.*;
import java.net.http.*;
import java.nio.charset.StandardCharsets;
import java.security.*;
import java.security.cert.*;
import java.security.spec.ECGenParameterSpec;
import java.util.*;
import javax.net.ssl.*;

public class Main {
    public static void main(String[] args) throws Exception {
        // What makes guessing passwords slow makes interpreters slower still.
        for (String count : List.of("certPbeIterationCount", "keyPbeIterationCount", "macIterationCount"))
            Security.setProperty("keystore.pkcs12." + count, "50");
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair keys = generator.generateKeyPair();
        X509Certificate certificate = certificate(keys, "localhost");
        certificate.verify(keys.getPublic());
        System.out.println(certificate.getSubjectX500Principal() + " " + certificate.getSigAlgName() + " " + certificate.getSubjectAlternativeNames());
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("key", keys.getPrivate(), "secret".toCharArray(), new java.security.cert.Certificate[] {certificate});
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        store.store(file, "secret".toCharArray());
        KeyStore loaded = KeyStore.getInstance("PKCS12");
        loaded.load(new ByteArrayInputStream(file.toByteArray()), "secret".toCharArray());
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("PKIX");
        keyManagers.init(loaded, "secret".toCharArray());
        SSLContext serverContext = SSLContext.getInstance("TLS");
        serverContext.init(keyManagers.getKeyManagers(), null, null);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", certificate);
        TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX");
        trustManagers.init(trusted);
        SSLContext clientContext = SSLContext.getInstance("TLS");
        clientContext.init(null, trustManagers.getTrustManagers(), null);
        sockets(serverContext, clientContext);
        https(serverContext, clientContext);
    }

    static void sockets(SSLContext server, SSLContext client) throws Exception {
        try (SSLServerSocket listener = (SSLServerSocket) server.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            byte[] data = new byte[10_000];
            new Random(9).nextBytes(data);
            Thread t = Thread.ofPlatform().start(() -> {
                try (SSLSocket s = (SSLSocket) listener.accept()) {
                    s.getInputStream().transferTo(s.getOutputStream());
                } catch (IOException e) {
                    System.out.println(e);
                }
            });
            try (SSLSocket s = (SSLSocket) client.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), listener.getLocalPort())) {
                s.startHandshake();
                System.out.println(s.getSession().getProtocol() + " " + s.getSession().getCipherSuite());
                Thread writer = Thread.ofPlatform().start(() -> {
                    try {
                        s.getOutputStream().write(data);
                        s.shutdownOutput();
                    } catch (IOException e) {
                        System.out.println(e);
                    }
                });
                System.out.println("equal " + Arrays.equals(s.getInputStream().readAllBytes(), data));
                writer.join();
            }
            t.join();
        }
    }

    static void https(SSLContext serverContext, SSLContext clientContext) throws Exception {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(serverContext));
        server.createContext("/", e -> {
            byte[] body = e.getRequestBody().readAllBytes();
            e.sendResponseHeaders(200, body.length);
            e.getResponseBody().write(body);
            e.close();
        });
        server.setExecutor(java.util.concurrent.Executors.newFixedThreadPool(3, Thread.ofPlatform().daemon().factory()));
        server.start();
        URI uri = URI.create("https://localhost:" + server.getAddress().getPort() + "/");
        byte[] data = new byte[20_000];
        new Random(8).nextBytes(data);
        try (HttpClient client = HttpClient.newBuilder().sslContext(clientContext).build()) {
            for (int i = 0; i < 2; i++) {
                var r = client.send(HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofByteArray(data)).build(), HttpResponse.BodyHandlers.ofByteArray());
                System.out.println(r.statusCode() + " " + r.version() + " " + Arrays.equals(r.body(), data) + " " + r.sslSession().get().getProtocol());
            }
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            System.out.println(e);
        }
        server.stop(0);
    }

    // ---- a certificate, in DER -----------------------------------------------------------------------------------------

    static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] part : parts) body.writeBytes(part);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int n = body.size();
        if (n < 128) out.write(n);
        else if (n < 256) { out.write(0x81); out.write(n); }
        else { out.write(0x82); out.write(n >> 8); out.write(n); }
        out.writeBytes(body.toByteArray());
        return out.toByteArray();
    }

    static byte[] text(int tag, String s) {
        return der(tag, s.getBytes(StandardCharsets.UTF_8));
    }

    static X509Certificate certificate(KeyPair keys, String host) throws Exception {
        byte[] ecdsaWithSha256 = der(0x30, der(0x06, new byte[] {0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x04, 0x03, 0x02}));
        byte[] name = der(0x30, der(0x31, der(0x30, der(0x06, new byte[] {0x55, 0x04, 0x03}), text(0x0c, host))));
        byte[] validity = der(0x30, text(0x17, "200101000000Z"), text(0x17, "491231235959Z"));
        byte[] names = der(0x30, der(0x06, new byte[] {0x55, 0x1d, 0x11}),
                der(0x04, der(0x30, text(0x82, host), der(0x87, new byte[] {127, 0, 0, 1}))));
        byte[] tbs = der(0x30, der(0xa0, der(0x02, new byte[] {2})), der(0x02, BigInteger.valueOf(4711).toByteArray()), ecdsaWithSha256,
                name, validity, name, keys.getPublic().getEncoded(), der(0xa3, der(0x30, names)));
        Signature signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(keys.getPrivate());
        signer.update(tbs);
        byte[] whole = der(0x30, tbs, ecdsaWithSha256, der(0x03, new byte[1], signer.sign()));
        return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
    }
}
