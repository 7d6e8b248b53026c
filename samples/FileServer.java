import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Serves the files of a folder over HTTP, or with a key over HTTPS, on the loopback interface.
 *
 * <p>Usage: {@code FileServer FOLDER [PORT] [virtual|fixed] [KEYS]}; port 0 lets the system choose, and the one it is
 * stands in the first line of output. Each request runs on a virtual thread, or on one of eight threads. KEYS is a key
 * store with the password {@code changeit}, as {@code keytool -genkeypair} makes it.
 *
 * <p>What it needs is in {@code FileServer.toml}.
 */
public class FileServer {
    private final Path folder;

    FileServer(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    public static void main(String[] args) throws IOException, GeneralSecurityException {
        if (args.length < 1) {
            System.err.println("usage: FileServer FOLDER [PORT] [virtual|fixed] [KEYS]");
            System.exit(2);
        }
        int port = args.length > 1 ? Integer.parseInt(args[1]) : 0;
        boolean fixed = args.length > 2 && args[2].equals("fixed");
        SSLContext tls = args.length > 3 ? tls(Path.of(args[3])) : null;
        HttpServer server = new FileServer(Path.of(args[0])).start(port, fixed, tls);
        System.out.println("serving on port " + server.getAddress().getPort());
    }

    private static SSLContext tls(Path keys) throws IOException, GeneralSecurityException {
        char[] password = "changeit".toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, password);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    HttpServer start(int port, boolean fixed, SSLContext tls) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        HttpServer server;
        if (tls == null) {
            server = HttpServer.create(address, 0);
        } else {
            HttpsServer https = HttpsServer.create(address, 0);
            https.setHttpsConfigurator(new HttpsConfigurator(tls));
            server = https;
        }
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
