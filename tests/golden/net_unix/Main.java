import java.io.*;
import java.net.*;
import java.nio.*;
import java.nio.channels.*;
import java.nio.file.*;
import java.util.*;

public class Main {
    interface Work { Object run() throws Exception; }

    static void say(String what, Work work) {
        try {
            System.out.println(what + ": " + work.run());
        } catch (Throwable t) {
            System.out.println(what + " throws " + t);
        }
    }

    static Path folder;

    static String name(SocketAddress address) {
        return address.toString().replace(folder.toString(), "FOLDER");
    }

    public static void main(String[] args) throws Exception {
        folder = Files.createTempDirectory("unix");
        Path path = folder.resolve("socket");
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            System.out.println(name(server.getLocalAddress()) + " " + Files.exists(path));
            say("bound twice", () -> ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address));
            for (int i = 0; i < 3; i++) {
                String text = "message " + i;
                Thread client = Thread.ofPlatform().start(() -> {
                    try (SocketChannel s = SocketChannel.open(address)) {
                        s.write(ByteBuffer.wrap(text.getBytes()));
                        s.shutdownOutput();
                        ByteBuffer in = ByteBuffer.allocate(100);
                        while (s.read(in) >= 0) { }
                        System.out.println("answer " + new String(in.array(), 0, in.position()) + ", local [" + s.getLocalAddress() + "] remote " + name(s.getRemoteAddress()));
                    } catch (IOException e) {
                        System.out.println(e);
                    }
                });
                try (SocketChannel s = server.accept()) {
                    ByteBuffer in = ByteBuffer.allocateDirect(100);
                    while (s.read(in) >= 0) { }
                    in.flip();
                    s.write(new ByteBuffer[] {ByteBuffer.wrap("re: ".getBytes()), in});
                    System.out.println("remote [" + s.getRemoteAddress() + "] " + s.getOption(jdk.net.ExtendedSocketOptions.SO_PEERCRED).user().getName().equals(Files.getOwner(path).getName()));
                }
                client.join();
            }
            select(server, address);
            say("not its option", () -> server.setOption(StandardSocketOptions.IP_TOS, 1));
            try (SocketChannel s = SocketChannel.open(address)) {
                System.out.println(new TreeSet<>(s.supportedOptions().stream().map(SocketOption::name).toList()));
                s.setOption(StandardSocketOptions.SO_SNDBUF, 30000);
                System.out.println(s.getOption(StandardSocketOptions.SO_SNDBUF));
                say("socket", s::socket);
            }
        }
        say("nobody listens", () -> SocketChannel.open(address));
        Files.delete(path);
        say("not there", () -> SocketChannel.open(address));
        say("too long", () -> ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of("/tmp/" + "x".repeat(200))));
        say("no name", () -> ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of("")));
        say("no folder", () -> ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of("/nowhere/socket")));
        say("another family", () -> SocketChannel.open(StandardProtocolFamily.UNIX).connect(new InetSocketAddress("127.0.0.1", 1)));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(null)) {
            Path given = ((UnixDomainSocketAddress) server.getLocalAddress()).getPath();
            System.out.println("given a name " + Files.exists(given));
            Files.delete(given);
        }
        Files.delete(folder);
    }

    static void select(ServerSocketChannel server, SocketAddress address) throws Exception {
        server.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            SelectionKey key = server.register(selector, SelectionKey.OP_ACCEPT);
            System.out.println("waiting " + selector.selectNow() + " " + server.accept());
            try (SocketChannel a = SocketChannel.open(address)) {
                System.out.println("waiting " + selector.select());
                try (SocketChannel b = server.accept()) {
                    a.write(ByteBuffer.wrap("x".getBytes()));
                    System.out.println("read " + b.read(ByteBuffer.allocate(5)));
                }
            }
            key.cancel();
            selector.selectNow();
        }
        server.configureBlocking(true);
    }
}
