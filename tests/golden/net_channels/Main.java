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

    static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    public static void main(String[] args) throws Exception {
        selector();
        scatterGather();
        transfer();
        pipe();
        nonBlocking();
        options();
        errors();
        wakeups();
    }

    static void selector() throws Exception {
        int clients = 5, rounds = 40;
        try (Selector selector = Selector.open(); ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(ANY).configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            SocketAddress address = server.getLocalAddress();
            List<Thread> threads = new ArrayList<>();
            String[] results = new String[clients];
            for (int c = 0; c < clients; c++) {
                int id = c;
                threads.add(Thread.ofPlatform().start(() -> results[id] = client(address, id, rounds)));
            }
            int accepted = 0, closed = 0;
            long bytes = 0;
            while (closed < clients) {
                selector.select();
                for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext();) {
                    SelectionKey key = keys.next();
                    keys.remove();
                    if (key.isAcceptable()) {
                        SocketChannel s = server.accept();
                        s.configureBlocking(false);
                        s.register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(64));
                        accepted++;
                        continue;
                    }
                    SocketChannel s = (SocketChannel) key.channel();
                    ByteBuffer buffer = (ByteBuffer) key.attachment();
                    if (key.isReadable()) {
                        int n = s.read(buffer);
                        if (n < 0) { s.close(); closed++; continue; }
                        bytes += n;
                        buffer.flip();
                        key.interestOps(SelectionKey.OP_WRITE);
                    } else if (key.isWritable()) {
                        s.write(buffer);
                        if (!buffer.hasRemaining()) { buffer.clear(); key.interestOps(SelectionKey.OP_READ); }
                    }
                }
            }
            for (Thread t : threads) t.join();
            selector.selectNow();
            System.out.println(accepted + " clients, " + bytes + " bytes, keys " + selector.keys().size());
            System.out.println(String.join("\n", results));
        }
    }

    static String client(SocketAddress address, int id, int rounds) {
        try (SocketChannel s = SocketChannel.open(address)) {
            ByteBuffer out = ByteBuffer.allocateDirect(100), in = ByteBuffer.allocate(100);
            int good = 0;
            for (int i = 0; i < rounds; i++) {
                out.clear();
                for (int k = 0; k < 100; k++) out.put((byte) (id * 31 + i * 7 + k));
                out.flip();
                while (out.hasRemaining()) s.write(out);
                in.clear();
                while (in.hasRemaining()) if (s.read(in) < 0) return "closed early";
                boolean same = true;
                for (int k = 0; k < 100; k++) same &= in.get(k) == (byte) (id * 31 + i * 7 + k);
                if (same) good++;
            }
            return "client " + id + ": " + good;
        } catch (IOException e) {
            return e.toString();
        }
    }

    static SocketChannel[] pair() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(ANY)) {
            SocketChannel a = SocketChannel.open(server.getLocalAddress());
            return new SocketChannel[] {a, server.accept()};
        }
    }

    static void scatterGather() throws Exception {
        SocketChannel[] pair = pair();
        try (SocketChannel a = pair[0]; SocketChannel b = pair[1]) {
            ByteBuffer[] parts = {ByteBuffer.wrap("first ".getBytes()), ByteBuffer.allocate(0), ByteBuffer.allocateDirect(7), ByteBuffer.wrap("third".getBytes())};
            parts[2].put("second ".getBytes()).flip();
            System.out.println("gathered " + a.write(parts));
            a.shutdownOutput();
            ByteBuffer[] into = {ByteBuffer.allocate(3), ByteBuffer.allocateDirect(8), ByteBuffer.allocate(100)};
            long n, total = 0;
            while ((n = b.read(into)) >= 0) total += n;
            StringBuilder text = new StringBuilder();
            for (ByteBuffer part : into) { part.flip(); text.append('[').append(java.nio.charset.StandardCharsets.UTF_8.decode(part)).append(']'); }
            System.out.println("scattered " + total + " " + text);
        }
    }

    static void transfer() throws Exception {
        Path file = Files.createTempFile("net", ".bin"), copy = Files.createTempFile("net", ".copy");
        byte[] data = new byte[2_500_000];
        new Random(3).nextBytes(data);
        Files.write(file, data);
        SocketChannel[] pair = pair();
        try (SocketChannel a = pair[0]; SocketChannel b = pair[1];
                FileChannel from = FileChannel.open(file); FileChannel to = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            Thread sender = Thread.ofPlatform().start(() -> {
                try {
                    long sent = 0;
                    while (sent < data.length) sent += from.transferTo(sent, data.length - sent, a);
                    a.shutdownOutput();
                } catch (IOException e) {
                    System.out.println(e);
                }
            });
            long got = 0, n;
            while ((n = to.transferFrom(b, got, 1 << 20)) > 0) got += n;
            sender.join();
            System.out.println("transferred " + got + " equal " + Arrays.equals(Files.readAllBytes(copy), data));
        }
        Files.delete(file);
        Files.delete(copy);
    }

    static void pipe() throws Exception {
        Pipe pipe = Pipe.open();
        try (Pipe.SinkChannel sink = pipe.sink(); Pipe.SourceChannel source = pipe.source()) {
            Thread writer = Thread.ofPlatform().start(() -> {
                try {
                    ByteBuffer big = ByteBuffer.allocate(200_000);
                    for (int i = 0; i < 200_000; i++) big.put((byte) i);
                    big.flip();
                    System.out.println("wrote " + sink.write(big));
                    sink.close();
                } catch (IOException e) {
                    System.out.println(e);
                }
            });
            ByteBuffer in = ByteBuffer.allocate(300_000);
            writer.join(20);
            while (source.read(in) >= 0) { }
            writer.join();
            boolean same = true;
            for (int i = 0; i < in.position(); i++) same &= in.get(i) == (byte) i;
            System.out.println("read " + in.position() + " " + same);
            say("write to closed", () -> sink.write(ByteBuffer.allocate(1)));
        }
        Pipe other = Pipe.open();
        other.source().close();
        say("nobody reads", () -> other.sink().write(ByteBuffer.allocate(1)));
        other.sink().close();
        Pipe third = Pipe.open();
        third.source().configureBlocking(false);
        System.out.println("nothing there " + third.source().read(ByteBuffer.allocate(9)));
        try (Selector selector = Selector.open()) {
            third.source().register(selector, SelectionKey.OP_READ);
            System.out.println("ready " + selector.selectNow());
            third.sink().write(ByteBuffer.wrap(new byte[] {1, 2}));
            System.out.println("ready " + selector.select() + " read " + third.source().read(ByteBuffer.allocate(9)));
        }
        third.sink().close();
        third.source().close();
    }

    static void nonBlocking() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(ANY).configureBlocking(false);
            System.out.println("accept " + server.accept());
            SocketChannel a = SocketChannel.open();
            a.configureBlocking(false);
            boolean now = a.connect(server.getLocalAddress());
            try (Selector selector = Selector.open()) {
                if (!now) {
                    a.register(selector, SelectionKey.OP_CONNECT);
                    selector.select();
                    a.finishConnect();
                }
            }
            System.out.println("connected " + a.isConnected() + " pending " + a.isConnectionPending());
            server.configureBlocking(true);
            SocketChannel b = server.accept();
            System.out.println("read " + a.read(ByteBuffer.allocate(10)));
            a.configureBlocking(true);
            b.write(ByteBuffer.wrap("xyz".getBytes()));
            System.out.println("read " + a.read(ByteBuffer.allocate(2)) + " " + a.read(ByteBuffer.allocate(2)));
            a.configureBlocking(false);
            long total = 0;
            ByteBuffer big = ByteBuffer.allocate(1 << 20);
            for (int n = 1; n > 0; total += n) { big.clear(); n = a.write(big); }
            System.out.println("filled " + (total > 100_000) + " more " + a.write(ByteBuffer.allocate(1 << 20)));
            b.close();
            a.close();
        }
    }

    static void options() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open(); SocketChannel s = SocketChannel.open(); DatagramChannel d = DatagramChannel.open()) {
            for (NetworkChannel c : List.of(server, s, d)) {
                var names = new TreeSet<String>();
                for (SocketOption<?> o : c.supportedOptions()) names.add(o.name());
                System.out.println(names);
            }
            s.setOption(StandardSocketOptions.SO_SNDBUF, 12345).setOption(StandardSocketOptions.TCP_NODELAY, true).setOption(StandardSocketOptions.SO_LINGER, 3);
            System.out.println(s.getOption(StandardSocketOptions.SO_SNDBUF) + " " + s.getOption(StandardSocketOptions.TCP_NODELAY) + " " + s.getOption(StandardSocketOptions.SO_LINGER));
            s.setOption(StandardSocketOptions.SO_LINGER, -1).setOption(StandardSocketOptions.IP_TOS, 0x28);
            System.out.println(s.getOption(StandardSocketOptions.SO_LINGER) + " " + s.getOption(StandardSocketOptions.IP_TOS));
            d.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 4).setOption(StandardSocketOptions.IP_MULTICAST_LOOP, false).setOption(StandardSocketOptions.SO_BROADCAST, true);
            System.out.println(d.getOption(StandardSocketOptions.IP_MULTICAST_TTL) + " " + d.getOption(StandardSocketOptions.IP_MULTICAST_LOOP) + " " + d.getOption(StandardSocketOptions.SO_BROADCAST) + " " + d.getOption(StandardSocketOptions.IP_MULTICAST_IF));
            say("broadcast", () -> s.setOption(StandardSocketOptions.SO_BROADCAST, true));
            say("size", () -> s.setOption(StandardSocketOptions.SO_RCVBUF, -1));
        }
    }

    static void errors() throws Exception {
        ServerSocketChannel server = ServerSocketChannel.open();
        say("accept", server::accept);
        server.bind(ANY);
        InetSocketAddress at = (InetSocketAddress) server.getLocalAddress();
        say("bind", () -> ServerSocketChannel.open().bind(at));
        say("bind again", () -> server.bind(ANY));
        server.close();
        say("closed", server::accept);
        SocketChannel s = SocketChannel.open();
        say("read", () -> s.read(ByteBuffer.allocate(1)));
        say("connect", () -> s.connect(at));
        say("after", () -> s.read(ByteBuffer.allocate(1)));
        say("open", () -> SocketChannel.open(at));
        say("unresolved", () -> SocketChannel.open(InetSocketAddress.createUnresolved("a.invalid", 1)));
        SocketChannel n = SocketChannel.open();
        n.configureBlocking(false);
        say("connect later", () -> { if (!n.connect(at)) while (!n.finishConnect()) Thread.sleep(1); return "connected"; });
    }

    static void wakeups() throws Exception {
        Selector selector = Selector.open();
        System.out.println("now " + selector.selectNow() + " timed " + selector.select(10));
        selector.wakeup();
        System.out.println("woken " + selector.select());
        Thread t = Thread.ofPlatform().start(() -> {
            try {
                System.out.println("selected " + selector.select() + " interrupted " + Thread.interrupted());
                System.out.println("again " + selector.select());
            } catch (Exception e) {
                System.out.println(e);
            }
        });
        Thread.sleep(30);
        t.interrupt();
        Thread.sleep(30);
        selector.close();
        t.join();
        say("closed", selector::select);
    }
}
