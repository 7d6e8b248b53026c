import com.sun.net.httpserver.HttpServer;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;

/**
 * What programs do with the outside: a file server on the loopback interface and its client, a walk over a tree of files, and
 * reads of the clock.
 *
 * <p>Usage: {@code Workload serve|walk|clock FOLDER ROUNDS}. Prints a sum, the same for everyone.
 */
public class Workload {
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[1]);
        int rounds = Integer.parseInt(args[2]);
        System.out.println(switch (args[0]) {
            case "serve" -> serve(folder, rounds);
            case "walk" -> walk(folder, rounds);
            case "clock" -> clock(rounds);
            default -> throw new IllegalArgumentException(args[0]);
        });
    }

    static long serve(Path folder, int rounds) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            Path file = folder.resolve(exchange.getRequestURI().getPath().substring(1));
            exchange.sendResponseHeaders(200, Files.size(file));
            try (OutputStream body = exchange.getResponseBody()) {
                Files.copy(file, body);
            }
        });
        server.setExecutor(Executors.newFixedThreadPool(2));
        server.start();
        List<Path> files;
        try (var list = Files.list(folder)) {
            files = list.filter(Files::isRegularFile).sorted().toList();
        }
        String base = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
        long sum = 0;
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < rounds; i++) {
                URI uri = URI.create(base + files.get(i % files.size()).getFileName());
                HttpRequest request = HttpRequest.newBuilder(uri).build();
                for (byte b : client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body()) sum += b;
            }
        }
        System.out.println(sum);
        System.exit(0);
        return sum;
    }

    static long walk(Path folder, int rounds) throws Exception {
        long sum = 0;
        for (int i = 0; i < rounds; i++) {
            try (var tree = Files.walk(folder)) {
                for (Path path : (Iterable<Path>) tree::iterator) {
                    sum += path.getNameCount();
                    if (Files.isRegularFile(path)) sum += Files.size(path) + Files.readAllBytes(path).length;
                }
            }
        }
        return sum;
    }

    static long clock(int rounds) {
        long last = System.nanoTime();
        for (int i = 0; i < rounds; i++) {
            long now = System.nanoTime() + (System.currentTimeMillis() & 0);
            if (now < last) throw new AssertionError("a clock that goes back");
            last = now;
        }
        return rounds;
    }
}
