import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/**
 * Serves the files of a folder over HTTP on the loopback interface.
 *
 * <p>Usage: {@code FileServer FOLDER [PORT] [virtual|fixed]}; port 0 lets the system choose, and the one it is stands in
 * the first line of output. Each request runs on a virtual thread, or on one of eight threads.
 */
public class FileServer {
    private final Path folder;

    FileServer(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    public static void main(String[] args) throws IOException {
        if (args.length < 1) {
            System.err.println("usage: FileServer FOLDER [PORT] [virtual|fixed]");
            System.exit(2);
        }
        int port = args.length > 1 ? Integer.parseInt(args[1]) : 0;
        boolean fixed = args.length > 2 && args[2].equals("fixed");
        HttpServer server = new FileServer(Path.of(args[0])).start(port, fixed);
        System.out.println("serving on port " + server.getAddress().getPort());
    }

    HttpServer start(int port, boolean fixed) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", this::handle);
        server.setExecutor(fixed ? Executors.newFixedThreadPool(8) : Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return server;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Path file = folder.resolve(exchange.getRequestURI().getPath().substring(1)).normalize();
            if (!exchange.getRequestMethod().equals("GET")) {
                exchange.sendResponseHeaders(405, -1);
            } else if (!file.startsWith(folder) || !Files.isRegularFile(file)) {
                exchange.sendResponseHeaders(404, -1);
            } else {
                long size = Files.size(file);
                exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
                // A length of 0 would announce a body of unknown length.
                exchange.sendResponseHeaders(200, size == 0 ? -1 : size);
                if (size > 0) {
                    try (OutputStream body = exchange.getResponseBody()) {
                        Files.copy(file, body);
                    }
                }
            }
        }
    }
}
