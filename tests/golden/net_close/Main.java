import java.net.*;
import java.nio.*;
import java.nio.channels.*;

public class Main {
    interface Work { Object run() throws Exception; }
    interface Setup { AutoCloseable open() throws Exception; }

    static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    /** Runs work in a thread, and once it should be blocked does something to it. */
    static void blocked(String what, boolean virtual, Work work, boolean interrupt, AutoCloseable close) throws Exception {
        String[] result = new String[1];
        Runnable body = () -> {
            try {
                result[0] = "returned " + work.run();
            } catch (Throwable t) {
                result[0] = "threw " + t + ", interrupted " + Thread.currentThread().isInterrupted();
            }
        };
        Thread t = virtual ? Thread.ofVirtual().start(body) : Thread.ofPlatform().start(body);
        t.join(150);
        if (!t.isAlive()) System.out.print("not blocked: ");
        if (interrupt) t.interrupt(); else close.close();
        t.join();
        System.out.println(what + (virtual ? " (virtual) " : " ") + (interrupt ? "interrupted: " : "closed: ") + result[0]);
    }

    public static void main(String[] args) throws Exception {
        for (boolean virtual : new boolean[] {false, true}) {
            for (boolean interrupt : new boolean[] {false, true}) {
                channels(virtual, interrupt);
            }
            sockets(virtual);
        }
        before();
        race();
    }

    static void channels(boolean virtual, boolean interrupt) throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(ANY)) {
            blocked("accept", virtual, server::accept, interrupt, server);
            System.out.println("open " + server.isOpen());
        }
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(ANY);
                SocketChannel a = SocketChannel.open(server.getLocalAddress()); SocketChannel b = server.accept()) {
            blocked("read", virtual, () -> a.read(ByteBuffer.allocate(10)), interrupt, a);
            System.out.println("other end reads " + b.read(ByteBuffer.allocate(1)));
        }
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(ANY);
                SocketChannel a = SocketChannel.open(server.getLocalAddress()); SocketChannel b = server.accept()) {
            ByteBuffer big = ByteBuffer.allocateDirect(1 << 20);
            blocked("write", virtual, () -> { for (;;) { big.clear(); a.write(big); } }, interrupt, a);
        }
        try (DatagramChannel channel = DatagramChannel.open().bind(ANY)) {
            blocked("receive", virtual, () -> channel.receive(ByteBuffer.allocate(10)), interrupt, channel);
        }
        Pipe pipe = Pipe.open();
        blocked("pipe", virtual, () -> pipe.source().read(ByteBuffer.allocate(10)), interrupt, pipe.source());
        pipe.sink().close();
        try (Selector selector = Selector.open()) {
            blocked("select", virtual, selector::select, interrupt, selector);
            System.out.println("open " + selector.isOpen());
        }
    }

    static void sockets(boolean virtual) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            blocked("ServerSocket.accept", virtual, server::accept, false, server);
        }
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Socket a = new Socket(server.getInetAddress(), server.getLocalPort()); Socket b = server.accept()) {
            blocked("Socket.read", virtual, () -> a.getInputStream().read(), false, a);
            System.out.println("other end reads " + b.getInputStream().read());
        }
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Socket a = new Socket(server.getInetAddress(), server.getLocalPort()); Socket b = server.accept()) {
            a.setSoTimeout(60_000);
            blocked("Socket.read with timeout", virtual, () -> a.getInputStream().read(), false, a);
        }
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Socket a = new Socket(server.getInetAddress(), server.getLocalPort()); Socket b = server.accept()) {
            byte[] big = new byte[1 << 20];
            blocked("Socket.write", virtual, () -> { for (;;) a.getOutputStream().write(big); }, false, a);
        }
        try (DatagramSocket s = new DatagramSocket(ANY)) {
            blocked("DatagramSocket.receive", virtual, () -> { s.receive(new DatagramPacket(new byte[9], 9)); return ""; }, false, () -> s.close());
        }
        // An interrupt does nothing to a platform thread in a socket, and closes that of a virtual one.
        if (virtual) {
            try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
                blocked("ServerSocket.accept", true, server::accept, true, server);
                System.out.println("closed " + server.isClosed());
            }
        }
    }

    static void before() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(ANY)) {
            Thread.currentThread().interrupt();
            try {
                server.accept();
            } catch (ClosedByInterruptException e) {
                System.out.println(e + " " + Thread.interrupted() + " " + server.isOpen());
            }
        }
    }

    /** Closes come at any point of a read. */
    static void race() throws Exception {
        int rounds = Integer.getInteger("golden.scale", 200), closed = 0;
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(ANY)) {
            for (int i = 0; i < rounds; i++) {
                SocketChannel a = SocketChannel.open(server.getLocalAddress()), b = server.accept();
                boolean[] good = new boolean[1];
                Thread t = Thread.ofPlatform().start(() -> {
                    try {
                        a.read(ByteBuffer.allocate(10));
                    } catch (ClosedChannelException e) {
                        good[0] = true;
                    } catch (Exception e) {
                        System.out.println(e);
                    }
                });
                if (i % 2 == 0) Thread.onSpinWait(); else Thread.yield();
                a.close();
                t.join();
                if (good[0]) closed++;
                b.close();
            }
            System.out.println(closed == rounds);
        }
    }
}
