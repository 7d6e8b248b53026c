import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Asks a {@code FileServer} for the files of a folder that both can read, and compares every byte.
 *
 * <p>Usage: {@code FileClient FOLDER PORT [REQUESTS] [CLIENTS] [KEYS]}. The requests are shared by a number of virtual
 * threads. With KEYS, the key store of the server, it asks over HTTPS and trusts that key alone. Ends with 1 if an answer
 * was wrong.
 *
 * <p>What it needs is in {@code FileClient.toml}.
 */
public class FileClient {
    public static void main(String[] args) throws Exception {
        if (args.length < 2) {
            System.err.println("usage: FileClient FOLDER PORT [REQUESTS] [CLIENTS] [KEYS]");
            System.exit(2);
        }
        Path folder = Path.of(args[0]);
        boolean secure = args.length > 4;
        String base = (secure ? "https" : "http") + "://127.0.0.1:" + args[1] + "/";
        int requests = args.length > 2 ? Integer.parseInt(args[2]) : 10_000;
        int clients = args.length > 3 ? Integer.parseInt(args[3]) : 8;
        List<Path> files;
        try (var list = Files.list(folder)) {
            files = list.filter(Files::isRegularFile).sorted().toList();
        }
        long start = System.nanoTime();
        int good = 0;
        HttpClient.Builder builder = HttpClient.newBuilder();
        if (secure) builder.sslContext(tls(Path.of(args[4])));
        try (HttpClient client = builder.build(); var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> shares = new ArrayList<>();
            for (int c = 0; c < clients; c++) {
                int first = c;
                shares.add(pool.submit(() -> {
                    int right = 0;
                    for (int i = first; i < requests; i += clients) {
                        if (isRight(client, base, files.get(i % files.size()))) right++;
                    }
                    return right;
                }));
            }
            for (Future<Integer> share : shares) good += share.get();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.println(good + " of " + requests + " answers right");
        System.err.printf("%.0f requests per second%n", requests / seconds);
        System.exit(good == requests ? 0 : 1);
    }

    private static SSLContext tls(Path keys) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, "changeit".toCharArray());
        }
        // Of a key's own entry nobody is to trust more than its certificate.
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", store.getCertificate(store.aliases().nextElement()));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    private static boolean isRight(HttpClient client, String base, Path file) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + file.getFileName())).build();
        HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        return answer.statusCode() == 200 && Arrays.equals(answer.body(), Files.readAllBytes(file));
    }
}
