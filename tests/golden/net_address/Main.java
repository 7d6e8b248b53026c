import java.io.*;
import java.net.*;
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

    public static void main(String[] args) throws Exception {
        for (String text : List.of("127.0.0.1", "1.2.3.4", "1.2.772", "0x7f.1", "127.1", "256.1.1.1", "1.2.3.4.5", "::1", "::", "[::1]",
                "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4", "::1.2.3.4", "fe80::1%1", "1::2::3", "g::1", "[::1", "224.0.0.1", "ff02::1", "10.0.0.1", "169.254.1.1", "fec0::1", "255.255.255.255"))
            say(text, () -> {
                InetAddress a = InetAddress.getByName(text);
                return a + " " + a.getClass().getSimpleName() + " " + a.isLoopbackAddress() + a.isAnyLocalAddress() + a.isMulticastAddress()
                        + a.isSiteLocalAddress() + a.isLinkLocalAddress() + " " + Arrays.toString(a.getAddress()) + " " + a.hashCode();
            });
        say("unknown", () -> InetAddress.getByName("no.such.host.invalid"));
        say("blank", () -> InetAddress.getByName("bad host"));
        say("unknown again", () -> InetAddress.getAllByName("no.such.host.invalid"));
        say("localhost", () -> InetAddress.getByName("localhost"));
        say("null", () -> InetAddress.getByName(null));
        say("empty", () -> InetAddress.getByName(""));
        say("bytes", () -> InetAddress.getByAddress(new byte[] {1, 2, 3}));
        say("named", () -> InetAddress.getByAddress("name", new byte[] {1, 2, 3, 4}));
        say("literal", () -> InetAddress.ofLiteral("::1"));
        say("no literal", () -> InetAddress.ofLiteral("localhost"));
        say("posix", () -> Inet4Address.ofPosixLiteral("0177.1"));
        say("loopback", InetAddress::getLoopbackAddress);
        say("reverse", () -> InetAddress.getByAddress(new byte[] {127, 0, 0, 1}).getHostName());
        say("reachable", () -> InetAddress.getLoopbackAddress().isReachable(2000));
        say("negative", () -> InetAddress.getLoopbackAddress().isReachable(-1));
        say("local", () -> InetAddress.getLocalHost().getHostName().isEmpty());
        say("unresolved", () -> new InetSocketAddress("no.such.host.invalid", 80));
        say("resolved", () -> new InetSocketAddress("127.0.0.1", 80));
        say("port", () -> new InetSocketAddress(65536));
        NetworkInterface lo = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
        System.out.println(lo + " up " + lo.isUp() + " loopback " + lo.isLoopback() + " p2p " + lo.isPointToPoint() + " virtual " + lo.isVirtual()
                + " hardware " + Arrays.toString(lo.getHardwareAddress()) + " parent " + lo.getParent());
        System.out.println(lo.getInterfaceAddresses() + " " + Collections.list(lo.getInetAddresses()) + " " + Collections.list(lo.getSubInterfaces()));
        System.out.println(lo.equals(NetworkInterface.getByName(lo.getName())) + " " + lo.equals(NetworkInterface.getByIndex(lo.getIndex()))
                + " " + NetworkInterface.networkInterfaces().anyMatch(lo::equals) + " " + (lo.getMTU() > 1000) + " " + lo.supportsMulticast());
        say("no interface", () -> NetworkInterface.getByName("none77"));
        say("none at index", () -> NetworkInterface.getByIndex(7777));
        say("negative index", () -> NetworkInterface.getByIndex(-1));
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName("::1")); Socket a = new Socket("::1", server.getLocalPort()); Socket b = server.accept()) {
            b.getOutputStream().write("over IPv6".getBytes());
            b.close();
            System.out.println(new String(a.getInputStream().readAllBytes()) + " " + a.getInetAddress() + " " + a.getLocalAddress() + " " + server.getInetAddress());
        }
        try (ServerSocket server = new ServerSocket(0); Socket a = new Socket("127.0.0.1", server.getLocalPort()); Socket b = server.accept()) {
            System.out.println(b.getInetAddress() + " " + b.getLocalAddress() + " " + server.getInetAddress());
        }
        try (DatagramSocket a = new DatagramSocket(0, InetAddress.getByName("::1")); DatagramSocket b = new DatagramSocket(0, InetAddress.getByName("::1"))) {
            a.send(new DatagramPacket(new byte[] {1, 2}, 2, b.getLocalSocketAddress()));
            DatagramPacket p = new DatagramPacket(new byte[9], 9);
            b.receive(p);
            System.out.println(p.getLength() + " from " + p.getAddress());
        }
    }
}
