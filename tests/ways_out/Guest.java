import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.RandomAccessFile;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** Looks for ways out that no single grant is about. */
public class Guest {
    interface Attempt {
        Object run() throws Throwable;
    }

    static void attempt(String name, Attempt attempt) {
        try {
            System.out.println(name + ": gave " + attempt.run());
        } catch (Throwable t) {
            System.out.println(name + ": " + t.getClass().getSimpleName() + " " + t.getMessage());
        }
    }

    static void doors(String... paths) {
        for (String path : paths) {
            attempt("read " + path, () -> {
                try (var in = new FileInputStream(path)) {
                    return in.read();
                }
            });
            attempt("channel " + path, () -> {
                try (var in = FileChannel.open(Path.of(path))) {
                    return in.read(ByteBuffer.allocate(1));
                }
            });
            attempt("write " + path, () -> {
                try (var out = new RandomAccessFile(path, "rw")) {
                    return out.getFilePointer();
                }
            });
            attempt("append " + path, () -> {
                try (var out = new FileOutputStream(path, true)) {
                    return out.getChannel().position();
                }
            });
            attempt("copy " + path, () -> Files.copy(Path.of(path), System.out));
        }
    }

    static void borrow(Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x"), given = folder.resolve("given");
        for (int mode : new int[] {04755, 02755, 06777}) {
            attempt("mode", () -> Files.setAttribute(file, "unix:mode", mode));
        }
        attempt("copy", () -> Files.copy(given, folder.resolve("copy"), StandardCopyOption.COPY_ATTRIBUTES));
        attempt("plain", () -> Files.setAttribute(file, "unix:mode", 0750));
        for (String name : new String[] {"file", "copy"}) {
            Path path = folder.resolve(name);
            if (Files.exists(path)) {
                System.out.println(name + " " + Integer.toOctalString((int) Files.getAttribute(path, "unix:mode") & 07777));
            }
        }
    }

    static void moved(Path folder) throws Exception {
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            var secure = (SecureDirectoryStream<Path>) stream;
            FileChannel open = FileChannel.open(folder.resolve("kept"));
            attempt("before", () -> secure.newByteChannel(Path.of("kept"), Set.of(StandardOpenOption.READ)).size());
            System.out.println("ready");
            System.in.read();
            // What was open stays open; the folder's files are elsewhere now.
            attempt("open", () -> open.size());
            attempt("read", () -> secure.newByteChannel(Path.of("kept"), Set.of(StandardOpenOption.READ)).size());
            attempt("create", () -> secure.newByteChannel(Path.of("new"),
                    Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)).size());
            attempt("delete", () -> { secure.deleteFile(Path.of("kept")); return "deleted"; });
            attempt("folder", () -> secure.newDirectoryStream(Path.of("inner")));
            attempt("up", () -> secure.newByteChannel(Path.of("../kept"), Set.of(StandardOpenOption.READ)).size());
            attempt("move", () -> { secure.move(Path.of("kept"), secure, Path.of("taken")); return "moved"; });
        }
    }

    static void six(int port) {
        attempt("stream", () -> {
            try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("::1"));
                    Socket socket = new Socket("::1", server.getLocalPort());
                    Socket accepted = server.accept()) {
                socket.getOutputStream().write(6);
                return accepted.getInputStream().read();
            }
        });
        attempt("channel", () -> {
            try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress("::1", 0));
                    SocketChannel channel = SocketChannel.open(server.getLocalAddress())) {
                return channel.isConnected();
            }
        });
        attempt("datagram", () -> {
            try (DatagramSocket a = new DatagramSocket(new InetSocketAddress("::1", 0));
                    DatagramSocket b = new DatagramSocket(new InetSocketAddress("::1", 0))) {
                a.send(new DatagramPacket(new byte[] {7}, 1, b.getLocalSocketAddress()));
                DatagramPacket packet = new DatagramPacket(new byte[1], 1);
                b.receive(packet);
                return packet.getData()[0];
            }
        });
        attempt("outside", () -> {
            try (Socket socket = new Socket("::1", port)) {
                return socket.getInputStream().read();
            }
        });
    }

    static void end(long id) {
        attempt("end", () -> ProcessHandle.of(id).get().destroy());
        attempt("end at once", () -> ProcessHandle.of(id).get().destroyForcibly());
        attempt("steer", () -> {
            ProcessBuilder builder = new ProcessBuilder("/bin/true");
            builder.environment().put("LD_PRELOAD", "/nowhere.so");
            return builder.start();
        });
        attempt("datagram", () -> new DatagramSocket());
    }

    static void run(String... words) {
        attempt("run", () -> {
            Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
            return new String(process.getInputStream().readAllBytes()).strip() + " " + process.waitFor();
        });
    }

    public static void main(String[] args) throws Exception {
        String[] rest = java.util.Arrays.copyOfRange(args, 1, args.length);
        switch (args[0]) {
            case "doors" -> doors(rest);
            case "borrow" -> borrow(Path.of(args[1]));
            case "moved" -> moved(Path.of(args[1]));
            case "six" -> six(Integer.parseInt(args[1]));
            case "end" -> end(Long.parseLong(args[1]));
            case "run" -> run(rest);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }
}
