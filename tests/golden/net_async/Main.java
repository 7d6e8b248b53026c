import java.net.*;
import java.nio.*;
import java.nio.channels.*;
import java.util.*;
import java.util.concurrent.*;

public class Main {
    static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    interface Work { Object run() throws Exception; }

    static void say(String what, Work work) {
        try {
            System.out.println(what + ": " + work.run());
        } catch (Throwable t) {
            System.out.println(what + " throws " + t);
        }
    }

    public static void main(String[] args) throws Exception {
        futures();
        handlers();
        errors();
        group();
    }

    static void futures() throws Exception {
        try (var server = AsynchronousServerSocketChannel.open().bind(ANY); var a = AsynchronousSocketChannel.open()) {
            Future<AsynchronousSocketChannel> accepted = server.accept();
            a.connect(server.getLocalAddress()).get();
            try (AsynchronousSocketChannel b = accepted.get()) {
                System.out.println("written " + a.write(ByteBuffer.wrap("ping".getBytes())).get());
                ByteBuffer in = ByteBuffer.allocate(10);
                System.out.println("read " + b.read(in).get());
                Future<Integer> later = a.read(in);
                System.out.println("done " + later.isDone());
                b.write(ByteBuffer.wrap("pong!".getBytes())).get();
                System.out.println("read " + later.get(5, TimeUnit.SECONDS) + " " + new String(in.array(), 0, in.position()));
                b.shutdownOutput();
                System.out.println("end " + a.read(in).get());
            }
        }
    }

    static void handlers() throws Exception {
        int rounds = 50;
        var done = new CountDownLatch(2);
        try (var server = AsynchronousServerSocketChannel.open().bind(ANY); var client = AsynchronousSocketChannel.open()) {
            server.accept(null, new CompletionHandler<AsynchronousSocketChannel, Void>() {
                public void completed(AsynchronousSocketChannel s, Void v) { echo(s, ByteBuffer.allocate(1000), done); }
                public void failed(Throwable t, Void v) { System.out.println(t); }
            });
            client.connect(server.getLocalAddress()).get();
            ByteBuffer out = ByteBuffer.allocateDirect(1000), in = ByteBuffer.allocate(1000);
            new CompletionHandler<Integer, Integer>() {
                public void completed(Integer n, Integer round) {
                    if (n >= 0 && in.position() < 1000 && n != 0) { client.read(in, round, this); return; }
                    if (n != 0 && !Arrays.equals(in.array(), sent(round))) System.out.println("wrong");
                    int next = n == 0 ? round : round + 1;
                    if (next == rounds) {
                        try { client.shutdownOutput(); } catch (Exception e) { System.out.println(e); }
                        done.countDown();
                        return;
                    }
                    in.clear();
                    out.clear();
                    out.put(sent(next)).flip();
                    var self = this;
                    client.write(out, next, new CompletionHandler<Integer, Integer>() {
                        public void completed(Integer n, Integer r) {
                            if (out.hasRemaining()) client.write(out, r, this); else client.read(in, r, self);
                        }
                        public void failed(Throwable t, Integer r) { System.out.println(t); }
                    });
                }
                public void failed(Throwable t, Integer r) { System.out.println(t); }
                byte[] sent(int round) { byte[] b = new byte[1000]; new Random(round).nextBytes(b); return b; }
            }.completed(0, 0);
            System.out.println("echoed " + done.await(20, TimeUnit.SECONDS));
        }
    }

    static void echo(AsynchronousSocketChannel s, ByteBuffer buffer, CountDownLatch done) {
        s.read(buffer, null, new CompletionHandler<Integer, Void>() {
            public void completed(Integer n, Void v) {
                if (n < 0) {
                    try { s.close(); } catch (Exception e) { System.out.println(e); }
                    done.countDown();
                    return;
                }
                buffer.flip();
                var reader = this;
                s.write(buffer, null, new CompletionHandler<Integer, Void>() {
                    public void completed(Integer n, Void v) {
                        if (buffer.hasRemaining()) { s.write(buffer, null, this); return; }
                        buffer.clear();
                        s.read(buffer, null, reader);
                    }
                    public void failed(Throwable t, Void v) { System.out.println(t); }
                });
            }
            public void failed(Throwable t, Void v) { System.out.println(t); }
        });
    }

    static void errors() throws Exception {
        SocketAddress nobody;
        try (var server = AsynchronousServerSocketChannel.open().bind(ANY)) { nobody = server.getLocalAddress(); }
        var s = AsynchronousSocketChannel.open();
        say("connect", () -> s.connect(nobody).get());
        say("read", () -> s.read(ByteBuffer.allocate(1)).get());
        try (var server = AsynchronousServerSocketChannel.open().bind(ANY); var a = AsynchronousSocketChannel.open()) {
            a.connect(server.getLocalAddress()).get();
            var b = server.accept().get();
            var failure = new CompletableFuture<Throwable>();
            a.read(ByteBuffer.allocate(9), 20, TimeUnit.MILLISECONDS, null, new CompletionHandler<Integer, Void>() {
                public void completed(Integer n, Void v) { failure.complete(null); }
                public void failed(Throwable t, Void v) { failure.complete(t); }
            });
            System.out.println("time " + failure.get());
            say("read after", () -> a.read(ByteBuffer.allocate(9)).get());
            Future<Integer> reading = b.read(ByteBuffer.allocate(9));
            say("second read", () -> b.read(ByteBuffer.allocate(9)));
            b.close();
            say("closed", reading::get);
            Future<AsynchronousSocketChannel> accepting = server.accept();
            server.close();
            say("closed", accepting::get);
        }
    }

    static void group() throws Exception {
        var group = AsynchronousChannelGroup.withFixedThreadPool(2, Thread.ofPlatform().daemon().factory());
        try (var server = AsynchronousServerSocketChannel.open(group).bind(ANY); var a = AsynchronousSocketChannel.open(group)) {
            Future<AsynchronousSocketChannel> accepted = server.accept();
            a.connect(server.getLocalAddress()).get();
            accepted.get().write(ByteBuffer.wrap(new byte[] {9})).get();
            ByteBuffer in = ByteBuffer.allocate(1);
            System.out.println(a.read(in).get() + " " + in.get(0));
            accepted.get().close();
        }
        group.shutdown();
        System.out.println(group.awaitTermination(5, TimeUnit.SECONDS) + " " + group.isTerminated());
    }
}
