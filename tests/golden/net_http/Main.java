import com.sun.net.httpserver.*;
import java.io.*;
import java.net.*;
import java.net.http.*;
import java.net.http.HttpClient.Version;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;

public class Main {
    public static void main(String[] args) throws Exception {
        int blocks = Integer.getInteger("golden.scale", 40);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        Set<Integer> ports = ConcurrentHashMap.newKeySet();
        server.createContext("/hello", e -> {
            ports.add(e.getRemoteAddress().getPort());
            answer(e, 200, ("hello, " + e.getRequestMethod() + " " + e.getRequestURI() + " " + e.getRequestHeaders().getFirst("X-Number")).getBytes());
        });
        server.createContext("/echo", e -> answer(e, 200, e.getRequestBody().readAllBytes()));
        server.createContext("/large", e -> {
            e.sendResponseHeaders(200, 0);
            try (OutputStream out = e.getResponseBody()) {
                for (int i = 0; i < blocks; i++) out.write(block(i));
            }
        });
        server.createContext("/error", e -> answer(e, 503, "busy".getBytes()));
        server.createContext("/away", e -> { e.getResponseHeaders().set("Location", "/hello"); e.sendResponseHeaders(302, -1); e.close(); });
        server.createContext("/slow", e -> { try { Thread.sleep(1200); } catch (InterruptedException x) { } answer(e, 200, new byte[0]); });
        ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(pool);
        server.start();
        String base = "http://localhost:" + server.getAddress().getPort();
        try (HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build()) {
            for (int i = 0; i < 5; i++) {
                var r = client.send(HttpRequest.newBuilder(URI.create(base + "/hello?n=" + i)).header("X-Number", "" + i).build(), BodyHandlers.ofString());
                System.out.println(r.statusCode() + " " + r.version() + " " + r.body());
            }
            System.out.println("connections " + ports.size());
            byte[] big = new byte[25_000 * blocks];
            new Random(5).nextBytes(big);
            var echo = client.send(HttpRequest.newBuilder(URI.create(base + "/echo")).POST(HttpRequest.BodyPublishers.ofByteArray(big)).build(), BodyHandlers.ofByteArray());
            System.out.println(echo.statusCode() + " " + Arrays.equals(big, echo.body()) + " " + (echo.headers().firstValueAsLong("content-length").getAsLong() == big.length));
            var large = client.send(HttpRequest.newBuilder(URI.create(base + "/large")).version(Version.HTTP_1_1).build(), BodyHandlers.ofInputStream());
            boolean same = true;
            try (InputStream in = large.body()) {
                for (int i = 0; i < blocks; i++) same &= Arrays.equals(in.readNBytes(10_000), block(i));
                same &= in.read() == -1;
            }
            System.out.println("large " + same + " " + large.headers().firstValue("transfer-encoding").orElse("none"));
            for (String path : List.of("/error", "/away", "/missing")) {
                var r = client.send(HttpRequest.newBuilder(URI.create(base + path)).build(), BodyHandlers.ofString());
                System.out.println(path + " " + r.statusCode() + " " + r.body() + " " + r.uri().getPath());
            }
            List<CompletableFuture<String>> all = new ArrayList<>();
            for (int i = 0; i < 20; i++)
                all.add(client.sendAsync(HttpRequest.newBuilder(URI.create(base + "/echo")).PUT(HttpRequest.BodyPublishers.ofString("body " + i)).build(), BodyHandlers.ofString()).thenApply(HttpResponse::body));
            StringJoiner bodies = new StringJoiner(",");
            for (var f : all) bodies.add(f.get());
            System.out.println(bodies);
            try {
                client.send(HttpRequest.newBuilder(URI.create(base + "/slow")).timeout(Duration.ofMillis(300)).build(), BodyHandlers.ofString());
            } catch (HttpTimeoutException e) {
                System.out.println(e);
            }
        }
        HttpURLConnection c = (HttpURLConnection) URI.create(base + "/echo").toURL().openConnection();
        c.setDoOutput(true);
        c.getOutputStream().write("old style".getBytes());
        System.out.println(c.getResponseCode() + " " + c.getResponseMessage() + " " + new String(c.getInputStream().readAllBytes()) + " " + c.getContentLength());
        try {
            URI.create(base + "/missing").toURL().openStream();
        } catch (FileNotFoundException e) {
            System.out.println(e.getMessage().replace(base, "BASE"));
        }
        server.stop(0);
        pool.shutdownNow();
        try (HttpClient client = HttpClient.newHttpClient()) {
            client.send(HttpRequest.newBuilder(URI.create(base + "/hello")).build(), BodyHandlers.ofString());
        } catch (ConnectException e) {
            System.out.println(e);
        }
    }

    static byte[] block(int i) {
        byte[] b = new byte[10_000];
        new Random(i).nextBytes(b);
        return b;
    }

    static void answer(HttpExchange e, int status, byte[] body) throws IOException {
        e.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (OutputStream out = e.getResponseBody()) { out.write(body); }
    }
}
