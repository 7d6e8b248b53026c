import java.io.*;
import java.net.*;
import java.util.*;
import java.util.concurrent.*;

public class Main {
    interface Work { Object run() throws Exception; }

    static void say(String what, Work work) {
        try {
            System.out.println(what + ": " + work.run());
        } catch (Throwable t) {
            System.out.println(what + " throws " + t);
        }
    }

    public static void main(String[] args) throws Exception {
        InetAddress here = InetAddress.getLoopbackAddress();
        echo(here);
        large(here);
        timeouts(here);
        halfClose(here);
        options(here);
        errors(here);
        states(here);
    }

    static void echo(InetAddress here) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, here); ExecutorService pool = Executors.newCachedThreadPool()) {
            for (int i = 0; i < 3; i++) {
                int n = i;
                Future<String> answer = pool.submit(() -> {
                    try (Socket s = new Socket(here, server.getLocalPort())) {
                        var out = new PrintWriter(new OutputStreamWriter(s.getOutputStream(), "UTF-8"), true);
                        var in = new BufferedReader(new InputStreamReader(s.getInputStream(), "UTF-8"));
                        out.println("line " + n + " äöü");
                        return in.readLine();
                    }
                });
                try (Socket s = server.accept()) {
                    var in = new BufferedReader(new InputStreamReader(s.getInputStream(), "UTF-8"));
                    String line = in.readLine();
                    s.getOutputStream().write(("echo of " + line + "\n").getBytes("UTF-8"));
                    System.out.println(answer.get() + " " + s.getInetAddress() + " " + (s.getLocalPort() == server.getLocalPort()));
                    System.out.println("then " + in.readLine());
                }
            }
        }
    }

    static void large(InetAddress here) throws Exception {
        byte[] data = new byte[3_000_001];
        new Random(7).nextBytes(data);
        try (ServerSocket server = new ServerSocket(0, 50, here)) {
            Thread sender = Thread.ofPlatform().start(() -> {
                try (Socket s = new Socket(here, server.getLocalPort())) {
                    s.getOutputStream().write(data);
                } catch (IOException e) {
                    System.out.println(e);
                }
            });
            try (Socket s = server.accept()) {
                byte[] got = s.getInputStream().readAllBytes();
                System.out.println(got.length + " bytes, equal " + Arrays.equals(got, data));
            }
            sender.join();
        }
    }

    static void timeouts(InetAddress here) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, here)) {
            server.setSoTimeout(30);
            say("accept", server::accept);
            try (Socket a = new Socket(here, server.getLocalPort()); Socket b = server.accept()) {
                a.setSoTimeout(30);
                say("read", () -> a.getInputStream().read());
                b.getOutputStream().write(42);
                say("read", () -> a.getInputStream().read());
                System.out.println("timeouts " + a.getSoTimeout() + " " + b.getSoTimeout() + " " + server.getSoTimeout());
            }
        }
    }

    static void halfClose(InetAddress here) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, here);
                Socket a = new Socket(here, server.getLocalPort()); Socket b = server.accept()) {
            a.getOutputStream().write("question".getBytes());
            a.shutdownOutput();
            System.out.println(new String(b.getInputStream().readAllBytes()));
            b.getOutputStream().write("answer".getBytes());
            b.shutdownOutput();
            System.out.println(new String(a.getInputStream().readAllBytes()));
            say("write after shutdown", () -> { a.getOutputStream().write(1); return "written"; });
            a.shutdownInput();
            say("read after shutdown", () -> a.getInputStream().read());
            say("shut down twice", () -> { a.shutdownInput(); return "done"; });
            System.out.println(a.isInputShutdown() + " " + a.isOutputShutdown() + " " + a.isClosed());
        }
    }

    static void options(InetAddress here) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, here);
                Socket a = new Socket(here, server.getLocalPort()); Socket b = server.accept()) {
            System.out.println(a.getTcpNoDelay() + " " + a.getKeepAlive() + " " + a.getSoLinger() + " " + a.getOOBInline());
            a.setTcpNoDelay(true);
            a.setKeepAlive(true);
            a.setSoLinger(true, 5);
            a.setOOBInline(true);
            a.setTrafficClass(0x10);
            System.out.println(a.getTcpNoDelay() + " " + a.getKeepAlive() + " " + a.getSoLinger() + " " + a.getOOBInline()
                    + " " + a.getTrafficClass());
            a.setSoLinger(false, 0);
            a.setSendBufferSize(20000);
            a.setReceiveBufferSize(30000);
            System.out.println(a.getSoLinger() + " " + a.getSendBufferSize() + " " + a.getReceiveBufferSize());
            System.out.println(new TreeSet<>(a.supportedOptions().stream().map(SocketOption::name).toList()));
            a.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            System.out.println(a.getOption(StandardSocketOptions.SO_REUSEPORT) + " " + server.getReuseAddress());
            a.setOption(jdk.net.ExtendedSocketOptions.TCP_KEEPIDLE, 11);
            a.setOption(jdk.net.ExtendedSocketOptions.TCP_KEEPINTERVAL, 12);
            a.setOption(jdk.net.ExtendedSocketOptions.TCP_KEEPCOUNT, 13);
            System.out.println(a.getOption(jdk.net.ExtendedSocketOptions.TCP_KEEPIDLE) + " "
                    + a.getOption(jdk.net.ExtendedSocketOptions.TCP_KEEPINTERVAL) + " "
                    + a.getOption(jdk.net.ExtendedSocketOptions.TCP_KEEPCOUNT));
            say("traffic class", () -> { a.setTrafficClass(256); return ""; });
            b.setOOBInline(true);
            a.sendUrgentData('u');
            System.out.println((char) b.getInputStream().read());
        }
    }

    static void errors(InetAddress here) throws Exception {
        ServerSocket server = new ServerSocket(0, 50, here);
        int port = server.getLocalPort();
        say("bind", () -> new ServerSocket(port, 50, here));
        say("bind socket", () -> { var s = new Socket(); s.bind(new InetSocketAddress(here, port)); return s; });
        server.close();
        say("connect", () -> new Socket(here, port));
        say("connect with timeout", () -> { new Socket().connect(new InetSocketAddress(here, port), 1000); return ""; });
        say("accept closed", server::accept);
        say("bind elsewhere", () -> new ServerSocket(0, 50, InetAddress.getByName("192.0.2.77")));
        say("port", () -> new Socket(here, 70000));
        say("unresolved", () -> { new Socket().connect(InetSocketAddress.createUnresolved("nowhere.invalid", 80)); return ""; });
        say("null", () -> new Socket((InetAddress) null, -1));
    }

    static void states(InetAddress here) throws Exception {
        Socket s = new Socket();
        System.out.println(s + " " + s.isBound() + " " + s.isConnected() + " " + s.isClosed() + " " + s.getPort() + " "
                + s.getLocalPort() + " " + s.getRemoteSocketAddress() + " " + s.getLocalSocketAddress());
        say("input", s::getInputStream);
        try (ServerSocket server = new ServerSocket()) {
            say("accept", server::accept);
            server.bind(new InetSocketAddress(here, 0), 1);
            say("bind again", () -> { server.bind(new InetSocketAddress(here, 0)); return ""; });
            s.connect(server.getLocalSocketAddress());
            say("connect again", () -> { s.connect(server.getLocalSocketAddress()); return ""; });
            try (Socket peer = server.accept()) {
                System.out.println(s.isBound() + " " + s.isConnected() + " " + s.isClosed() + " "
                        + (s.getPort() == server.getLocalPort()) + " " + (peer.getPort() == s.getLocalPort()));
                peer.setSoLinger(true, 0);
                peer.getOutputStream().write(1);
                peer.close();
                say("read", () -> s.getInputStream().read());
                say("read after reset", () -> s.getInputStream().read());
                say("write after reset", () -> { for (int i = 0; i < 100; i++) { s.getOutputStream().write(new byte[1000]); Thread.sleep(1); } return ""; });
            }
        }
        s.close();
        say("closed", s::getInputStream);
        System.out.println(s.isClosed() + " " + s.isConnected());
    }
}
