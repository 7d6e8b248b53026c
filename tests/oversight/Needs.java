import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Needs one grant of each of several kinds, and fails without any of them.
 *
 * <p>Arguments: a file to read, a file to write, the port of somebody who answers with a line on the loopback interface.
 */
public class Needs {
    public static void main(String[] args) throws Exception {
        String text = Files.readString(Path.of(args[0]));
        String name = System.getenv("CARAFE_TEST_NAME");
        if (name == null) throw new IllegalStateException("no name");
        if (System.getenv("CARAFE_TEST_NONE") != null) throw new IllegalStateException("a name");
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        if (load < 0) throw new IllegalStateException("no load");
        String line;
        try (Socket socket = new Socket("localhost", Integer.parseInt(args[2]))) {
            line = new String(socket.getInputStream().readAllBytes());
        }
        Files.writeString(Path.of(args[1]), text + name + line);
        System.out.println("done " + ownServer());
        if (args.length > 3) System.exit(Integer.parseInt(args[3]));
    }

    private static int ownServer() throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        try (ServerSocket server = new ServerSocket(0, 5, here);
                Socket client = new Socket(here, server.getLocalPort());
                Socket accepted = server.accept()) {
            accepted.getOutputStream().write(7);
            return client.getInputStream().read();
        }
    }
}
