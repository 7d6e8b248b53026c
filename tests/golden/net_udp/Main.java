import java.net.*;
import java.nio.*;
import java.nio.channels.*;
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

    static final InetAddress HERE = InetAddress.getLoopbackAddress();

    static DatagramPacket packet(String text, SocketAddress to) {
        byte[] bytes = text.getBytes();
        return new DatagramPacket(bytes, bytes.length, to);
    }

    static String text(DatagramPacket p) {
        return new String(p.getData(), p.getOffset(), p.getLength());
    }

    public static void main(String[] args) throws Exception {
        try (DatagramSocket a = new DatagramSocket(0, HERE); DatagramSocket b = new DatagramSocket(0, HERE)) {
            for (int i = 0; i < 20; i++) {
                a.send(packet("packet " + i, b.getLocalSocketAddress()));
                DatagramPacket in = new DatagramPacket(new byte[100], 100);
                b.receive(in);
                b.send(packet("re: " + text(in), in.getSocketAddress()));
                a.receive(in);
                if (i % 5 == 0) System.out.println(text(in) + " " + in.getAddress() + " " + (in.getPort() == b.getLocalPort()));
            }
            a.send(packet("too long for that", b.getLocalSocketAddress()));
            DatagramPacket small = new DatagramPacket(new byte[10], 2, 4);
            b.receive(small);
            System.out.println(text(small) + " " + small.getOffset() + " " + small.getLength());
            a.send(packet("", b.getLocalSocketAddress()));
            b.receive(small);
            System.out.println("empty " + small.getLength());
            b.setSoTimeout(30);
            say("receive", () -> { b.receive(small); return ""; });
            a.connect(b.getLocalSocketAddress());
            System.out.println(a.isConnected() + " " + (a.getPort() == b.getLocalPort()));
            say("elsewhere", () -> { a.send(packet("x", new InetSocketAddress(HERE, 9))); return ""; });
            a.disconnect();
            System.out.println(a.isConnected() + " " + a.getRemoteSocketAddress() + " " + a.isBound());
            say("too large", () -> { a.send(new DatagramPacket(new byte[65535], 65535, b.getLocalSocketAddress())); return ""; });
            a.setBroadcast(false);
            a.setTrafficClass(8);
            System.out.println(a.getBroadcast() + " " + a.getTrafficClass() + " " + a.getReuseAddress());
            byte[] large = new byte[60000];
            new Random(1).nextBytes(large);
            a.send(new DatagramPacket(large, large.length, b.getLocalSocketAddress()));
            DatagramPacket in = new DatagramPacket(new byte[65000], 65000);
            b.receive(in);
            System.out.println(in.getLength() + " " + Arrays.equals(Arrays.copyOf(in.getData(), in.getLength()), large));
        }
        channels();
        unreachable();
        selector();
    }

    static void channels() throws Exception {
        try (DatagramChannel a = DatagramChannel.open(); DatagramChannel b = DatagramChannel.open()) {
            a.bind(new InetSocketAddress(HERE, 0));
            b.bind(new InetSocketAddress(HERE, 0));
            ByteBuffer direct = ByteBuffer.allocateDirect(50), heap = ByteBuffer.allocate(50);
            for (int i = 0; i < 10; i++) {
                System.out.print(a.send(ByteBuffer.wrap(("datagram " + i).getBytes()), b.getLocalAddress()) + " ");
                ByteBuffer in = i % 2 == 0 ? direct : heap;
                in.clear();
                SocketAddress from = b.receive(in);
                in.flip();
                System.out.println(java.nio.charset.StandardCharsets.UTF_8.decode(in) + " " + from.equals(a.getLocalAddress()));
            }
            b.configureBlocking(false);
            heap.clear();
            System.out.println("nothing " + b.receive(heap));
            say("read", () -> a.read(heap));
            a.connect(b.getLocalAddress());
            b.connect(a.getLocalAddress());
            b.configureBlocking(true);
            System.out.println("gathered " + a.write(new ByteBuffer[] {ByteBuffer.wrap("ab".getBytes()), ByteBuffer.wrap("cde".getBytes())}));
            ByteBuffer[] parts = {ByteBuffer.allocate(1), ByteBuffer.allocate(10)};
            System.out.println("scattered " + b.read(parts) + " " + parts[0].position() + " " + parts[1].position());
            System.out.println("written " + a.write(ByteBuffer.wrap("more".getBytes())) + " read " + b.read(heap));
            say("send", () -> a.send(ByteBuffer.allocate(1), new InetSocketAddress(HERE, 9)));
            System.out.println(a.getRemoteAddress().equals(b.getLocalAddress()));
            a.disconnect();
            System.out.println(a.getRemoteAddress() + " " + a.isConnected());
        }
    }

    static void unreachable() throws Exception {
        SocketAddress nobody;
        try (DatagramChannel c = DatagramChannel.open().bind(new InetSocketAddress(HERE, 0))) {
            nobody = c.getLocalAddress();
        }
        try (DatagramChannel c = DatagramChannel.open().connect(nobody)) {
            c.write(ByteBuffer.wrap(new byte[] {1}));
            say("read", () -> c.read(ByteBuffer.allocate(10)));
        }
        try (DatagramSocket s = new DatagramSocket()) {
            s.connect(nobody);
            s.send(packet("x", nobody));
            say("receive", () -> { s.receive(new DatagramPacket(new byte[1], 1)); return ""; });
        }
        try (DatagramChannel c = DatagramChannel.open()) {
            c.bind(new InetSocketAddress(HERE, 0));
            say("bind again", () -> c.bind(null));
            SocketAddress taken = c.getLocalAddress();
            say("taken", () -> DatagramChannel.open().bind(taken));
            say("taken socket", () -> new DatagramSocket(taken));
        }
    }

    static void selector() throws Exception {
        try (Selector selector = Selector.open(); DatagramChannel a = DatagramChannel.open(); DatagramChannel b = DatagramChannel.open()) {
            a.bind(new InetSocketAddress(HERE, 0)).configureBlocking(false);
            b.bind(new InetSocketAddress(HERE, 0));
            SelectionKey key = a.register(selector, SelectionKey.OP_READ);
            System.out.println("none " + selector.selectNow());
            b.send(ByteBuffer.wrap("hello".getBytes()), a.getLocalAddress());
            System.out.println("one " + selector.select() + " " + key.isReadable());
            ByteBuffer in = ByteBuffer.allocate(9);
            a.receive(in);
            System.out.println(in.position() + " then " + a.receive(in));
            key.interestOps(SelectionKey.OP_WRITE);
            selector.selectedKeys().clear();
            System.out.println("writable " + selector.select() + " " + key.isWritable());
        }
    }
}
