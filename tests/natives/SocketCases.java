import java.io.FileDescriptor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;

/** Sockets, names of hosts and interfaces, by the natives of java.net, sun.net, sun.nio.ch and jdk.net. */
class SocketCases extends Natives {
    static final String NET = "sun/nio/ch/Net.";
    static final String LOCAL = "sun/nio/ch/UnixDomainSockets.";
    static final String STREAM = "sun/nio/ch/SocketDispatcher.";
    static final String DATAGRAM = "sun/nio/ch/DatagramDispatcher.";
    static final String CHANNEL = "sun/nio/ch/DatagramChannelImpl.";
    static final String INHERITED = "sun/nio/ch/InheritedChannel.";
    static final String OPTIONS = "jdk/net/LinuxSocketOptions.";
    static final String INTERFACE = "java/net/NetworkInterface.";
    static final String[] NETWORK = {"net", "listen", "dns", "sys.interfaces"};
    static final int GROUP = 0xe0010203, LOOPBACK = 0x7f000001;

    static void add() {
        families();
        making();
        names();
        interfaces();
        connections();
        datagrams();
        local();
        selectors();
    }

    static InetAddress address() throws Throwable {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    static FileDescriptor socket(boolean stream) throws Throwable {
        return descriptor(number(NET + "socket0", null, false, stream, true, false));
    }

    static FileDescriptor bound(boolean stream) throws Throwable {
        FileDescriptor socket = socket(stream);
        call(NET + "bind0", null, socket, false, false, address(), 0);
        return socket;
    }

    static int port(FileDescriptor socket) throws Throwable {
        return number(NET + "localPort", null, socket);
    }

    // ---- what takes a grant ------------------------------------------------------------------------------------------

    /** Who has nothing to do with the network sees the same everywhere. */
    static void families() {
        for (String grant : NETWORK) {
            for (String name : new String[] {"java/net/InetAddress.isIPv6Supported", NET + "isIPv6Available0"}) {
                tell(name, "", grant, v -> v.equals(true), v -> v.equals(facts.get("ipv6").equals("true")), () -> call(name, null));
            }
            for (String name : new String[] {"sun/net/PortConfig.getLower0", "sun/net/PortConfig.getUpper0"}) {
                tell(name, "", grant, v -> v.equals(-1), v -> (int) v > 0, () -> call(name, null));
            }
            ask(NET + "socket0", "", grant, () -> {
                check(number(NET + "socket0", null, false, false, true, false) >= 3, "no number");
                return null;
            });
        }
    }

    static void making() {
        int server = Integer.parseInt(facts.get("port"));
        ask(NET + "connect0", "", "net", () -> {
            FileDescriptor socket = socket(true);
            int status = number(NET + "connect0", null, false, socket, address(), server);
            check(status == 1 || status == -2, status);
            same(true, call(NET + "pollConnect", null, socket, 5000L));
            same(server, call(NET + "remotePort", null, socket));
            return null;
        });
        ask(NET + "bind0", "", "listen", () -> {
            check(port(bound(true)) > 0, "no port");
            return null;
        });
        // A socket that is not bound is bound by this.
        ask(NET + "listen", "", "listen", () -> {
            FileDescriptor socket = socket(true);
            call(NET + "listen", null, socket, 5);
            check(port(socket) > 0, "no port");
            return null;
        });
        for (String version : new String[] {"4", "6"}) {
            String name = "java/net/Inet" + version + "AddressImpl.isReachable0";
            byte[] to = {127, 0, 0, 1};
            // Nobody has to listen there: a refused connection is an answer.
            Body reach = () -> {
                same(true, version.equals("4")
                    ? call(name, blank("java/net/Inet4AddressImpl"), to, 5000, null, 0)
                    : call(name, blank("java/net/Inet6AddressImpl"), to, 0, 5000, null, 0, 0));
                return null;
            };
            ask(name, "", "net", reach);
            ask(name, "net", "listen", () -> {
                same(true, version.equals("4")
                    ? call(name, blank("java/net/Inet4AddressImpl"), to, 5000, to, 0)
                    : call(name, blank("java/net/Inet6AddressImpl"), to, 0, 5000, to, 0, 0));
                return null;
            });
        }
        ask(CHANNEL + "send0", "listen", "net", () -> {
            FileDescriptor from = socket(false), to = bound(false);
            same(1, call(CHANNEL + "send0", null, from, text("x"), 1, target(port(to)), 16));
            same(1, call(CHANNEL + "receive0", null, to, room(8), 8, room(28), false));
            return null;
        });
        ask(NET + "joinOrDrop4", "listen", "net", () -> {
            FileDescriptor socket = socket(false);
            same(0, call(NET + "joinOrDrop4", null, true, socket, GROUP, LOOPBACK, 0));
            call(NET + "blockOrUnblock4", null, true, socket, GROUP, LOOPBACK, LOOPBACK);
            call(NET + "joinOrDrop4", null, false, socket, GROUP, LOOPBACK, 0);
            return null;
        });
        ask(NET + "joinOrDrop6", "listen", "net", () -> {
            byte[] group = new byte[16], source = new byte[16];
            group[0] = (byte) 0xff;
            group[1] = 1;
            group[15] = source[15] = 1;
            if (facts.get("ipv6").equals("false")) {
                // The refusal does not depend on it, and there is nothing to join.
                group = InetAddress.getByName("ff01::1").getAddress();
            }
            FileDescriptor socket = descriptor(number(NET + "socket0", null, facts.get("ipv6").equals("true"), false, true, false));
            int index = Integer.parseInt(facts.get("loopback"));
            try {
                same(0, call(NET + "joinOrDrop6", null, true, socket, group, index, null));
                call(NET + "blockOrUnblock6", null, true, socket, group, index, source);
            } catch (java.net.SocketException e) {
                check(facts.get("ipv6").equals("false"), e);
                done.add(NET + "joinOrDrop6");
                done.add(NET + "blockOrUnblock6");
            }
            return null;
        });
    }

    /** The kernel's form of an address of the loopback network. */
    static long target(int port) {
        long address = room(28);
        U.putShort(address, (short) 2);
        U.putByte(address + 2, (byte) (port >> 8));
        U.putByte(address + 3, (byte) port);
        U.putByte(address + 4, (byte) 127);
        U.putByte(address + 7, (byte) 1);
        return address;
    }

    static void names() {
        byte[] loopback = {127, 0, 0, 1};
        for (String version : new String[] {"4", "6"}) {
            String type = "java/net/Inet" + version + "AddressImpl";
            ask(type + ".lookupAllHostAddr", "", "dns", () -> {
                Object[] arguments = version.equals("4") ? new Object[] {"localhost"} : new Object[] {"localhost", 1};
                InetAddress[] found = (InetAddress[]) call(type + ".lookupAllHostAddr", blank(type), arguments);
                same("127.0.0.1", found[0].getHostAddress());
                return null;
            });
            ask(type + ".getHostByAddr", "", "dns", () -> {
                try {
                    check(!((String) call(type + ".getHostByAddr", blank(type), (Object) loopback)).isEmpty(), "no name");
                } catch (java.net.UnknownHostException nameless) {
                    // The machine's own tables decide about that; it has been asked.
                    done.add(type + ".getHostByAddr");
                }
                return null;
            });
            tell(type + ".getLocalHostName", "", "sys.hostname", v -> v.equals("localhost"), v -> v.equals(facts.get("host")),
                () -> call(type + ".getLocalHostName", blank(type)));
        }
        String domain = "sun/net/dns/ResolverConfigurationImpl.fallbackDomain0", host = facts.get("host");
        Object truth = host.indexOf('.') < 0 ? "null" : host.substring(host.indexOf('.') + 1);
        tell(domain, "", "sys.hostname", v -> v.equals("null"), v -> v.equals(truth), () -> String.valueOf(call(domain, null)));
    }

    static void interfaces() {
        String grant = "sys.interfaces", loopback = "lo";
        int index = Integer.parseInt(facts.get("loopback"));
        tell(INTERFACE + "getAll", "", grant, v -> v == null, v -> has((NetworkInterface[]) v), () -> call(INTERFACE + "getAll", null));
        tell(INTERFACE + "getByName0", "", grant, v -> v == null, v -> is(v), () -> call(INTERFACE + "getByName0", null, loopback));
        tell(INTERFACE + "getByIndex0", "", grant, v -> v == null, v -> is(v), () -> call(INTERFACE + "getByIndex0", null, index));
        tell(INTERFACE + "getByInetAddress0", "", grant, v -> v == null, v -> is(v),
            () -> call(INTERFACE + "getByInetAddress0", null, address()));
        tell(INTERFACE + "boundInetAddress0", "", grant, v -> v.equals(false), v -> v.equals(true),
            () -> call(INTERFACE + "boundInetAddress0", null, address()));
        ask(INTERFACE + "isUp0", "", grant, () -> {
            same(true, call(INTERFACE + "isUp0", null, loopback, index));
            return null;
        });
        ask(INTERFACE + "isLoopback0", "", grant, () -> {
            same(true, call(INTERFACE + "isLoopback0", null, loopback, index));
            return null;
        });
        ask(INTERFACE + "isP2P0", "", grant, () -> {
            same(false, call(INTERFACE + "isP2P0", null, loopback, index));
            return null;
        });
        ask(INTERFACE + "supportsMulticast0", "", grant, () -> call(INTERFACE + "supportsMulticast0", null, loopback, index));
        ask(INTERFACE + "getMTU0", "", grant, () -> {
            check(number(INTERFACE + "getMTU0", null, loopback, index) > 1000, "small");
            return null;
        });
        ask(INTERFACE + "getMacAddr0", "", grant, () -> {
            check(call(INTERFACE + "getMacAddr0", null, null, loopback, index) == null, "the loopback interface has none");
            return null;
        });
    }

    static boolean is(Object found) {
        return ((NetworkInterface) found).getName().equals("lo");
    }

    static boolean has(NetworkInterface[] all) {
        for (NetworkInterface one : all) if (is(one)) return true;
        return false;
    }

    // ---- what is open ------------------------------------------------------------------------------------------------

    static void connections() {
        use("listen+net", () -> {
            FileDescriptor server = bound(true), client = socket(true), accepted = new FileDescriptor();
            call(NET + "listen", null, server, 5);
            int port = port(server);
            number(NET + "connect0", null, false, client, address(), port);
            same(1, call(NET + "accept", null, server, accepted, new InetSocketAddress[1]));
            int poll = number(NET + "poll", null, client, 4, 5000L);
            check((poll & 4) != 0, poll);
            call("sun/nio/ch/UnixAsynchronousSocketChannelImpl.checkConnect", null, numberOf(client));
            same("/127.0.0.1", call(NET + "localInetAddress", null, client).toString());
            same("/127.0.0.1", call(NET + "remoteInetAddress", null, client).toString());
            same(port, call(NET + "remotePort", null, client));
            same(1, call(INHERITED + "soType0", null, numberOf(client)));
            same(1, call(INHERITED + "addressFamily", null, numberOf(client)));
            same("/127.0.0.1", call(INHERITED + "inetPeerAddress0", null, numberOf(client)).toString());
            same(port, call(INHERITED + "peerPort0", null, numberOf(client)));
            same(true, call(INHERITED + "isConnected", null, numberOf(client)));
            long room = room(8);
            same(3, call(STREAM + "write0", null, client, text("abc"), 3));
            same(2L, call(STREAM + "writev0", null, client, vector(text("de"), 2), 1));
            call(NET + "poll", null, accepted, 1, 5000L);
            check(number(NET + "available", null, accepted) > 0, "nothing");
            same(2, call(STREAM + "read0", null, accepted, room, 2));
            same("ab", textAt(room, 2));
            same(3L, call(STREAM + "readv0", null, accepted, vector(room, 8), 1));
            same(1, call(NET + "sendOOB", null, client, (byte) 1));
            call("sun/nio/ch/IOUtil.configureBlocking", null, client, false);
            options(client);
            call(NET + "shutdown", null, client, 1);
            Object none = blank("sun/nio/ch/SocketDispatcher");
            call("sun/nio/ch/UnixDispatcher.preClose0", null, client);
            call("sun/nio/ch/UnixDispatcher.close0", null, client);
            return null;
        });
    }

    static void options(FileDescriptor socket) throws Throwable {
        int number = numberOf(socket);
        // SO_KEEPALIVE of SOL_SOCKET.
        call(NET + "setIntOption0", null, socket, true, 1, 9, 1, false);
        same(1, call(NET + "getIntOption0", null, socket, true, 1, 9));
        for (String option : new String[] {"Probes", "Time", "Intvl"}) {
            call(OPTIONS + "setTcpKeepAlive" + option + "0", null, number, 7);
            same(7, call(OPTIONS + "getTcpKeepAlive" + option + "0", null, number));
        }
        call(OPTIONS + "setQuickAck0", null, number, true);
        same(true, call(OPTIONS + "getQuickAck0", null, number));
        call(OPTIONS + "setIpDontFragment0", null, number, true, false);
        same(true, call(OPTIONS + "getIpDontFragment0", null, number, false));
        check(number(OPTIONS + "getIncomingNapiId0", null, number) >= 0, "no number");
    }

    static void datagrams() {
        use("listen+net", () -> {
            FileDescriptor one = bound(false), two = bound(false);
            number(NET + "connect0", null, false, one, address(), port(two));
            number(NET + "connect0", null, false, two, address(), port(one));
            long room = room(8);
            same(1, call(DATAGRAM + "write0", null, one, text("x"), 1));
            same(2L, call(DATAGRAM + "writev0", null, one, vector(text("yz"), 2), 1));
            same(1, call(DATAGRAM + "read0", null, two, room, 8));
            same("x", textAt(room, 1));
            same(2L, call(DATAGRAM + "readv0", null, two, vector(room, 8), 1));
            same("yz", textAt(room, 2));
            call(CHANNEL + "disconnect0", null, one, false);
            call(NET + "setInterface4", null, one, LOOPBACK);
            same(LOOPBACK, call(NET + "getInterface4", null, one));
            call(DATAGRAM + "dup0", null, one, two);
            same(port(one), port(two));
            if (facts.get("ipv6").equals("true")) {
                FileDescriptor six = descriptor(number(NET + "socket0", null, true, false, true, false));
                call(NET + "setInterface6", null, six, Integer.parseInt(facts.get("loopback")));
                same(Integer.parseInt(facts.get("loopback")), call(NET + "getInterface6", null, six));
            } else {
                done.add(NET + "setInterface6");
                done.add(NET + "getInterface6");
            }
            return null;
        });
    }

    static void local() {
        ask(LOCAL + "bind0", "", "write", () -> {
            String path = fresh();
            call(LOCAL + "bind0", null, descriptor(number(LOCAL + "socket0", null)), path.getBytes());
            effect("socket", path);
            return null;
        });
        Body connect = () -> {
            FileDescriptor socket = descriptor(number(LOCAL + "socket0", null));
            check(number(LOCAL + "connect0", null, socket, (folder + "/server").getBytes()) >= -2, "no connection");
            return null;
        };
        ask(LOCAL + "connect0", "read", "write", connect);
        ask(LOCAL + "connect0", "write", "read", connect);
        use("read+write", () -> {
            String path = fresh();
            FileDescriptor server = descriptor(number(LOCAL + "socket0", null));
            FileDescriptor client = descriptor(number(LOCAL + "socket0", null)), accepted = new FileDescriptor();
            call(LOCAL + "bind0", null, server, path.getBytes());
            call(NET + "listen", null, server, 5);
            check(number(LOCAL + "connect0", null, client, path.getBytes()) >= -2, "no connection");
            same(1, call(LOCAL + "accept0", null, server, accepted, new Object[1]));
            check(((byte[]) call(LOCAL + "localAddress0", null, server)).length > 0, "no address");
            check(((byte[]) call(INHERITED + "unixPeerAddress0", null, numberOf(client))).length > 0, "no address");
            same(Long.parseLong(facts.get("user")), (long) call(OPTIONS + "getSoPeerCred0", null, numberOf(client)) >>> 32);
            return null;
        });
    }

    static void selectors() {
        use("", () -> {
            String util = "sun/nio/ch/IOUtil.", poll = "sun/nio/ch/EPoll.";
            long pipe = (long) call(util + "makePipe", null, false);
            int reader = (int) (pipe >> 32), writer = (int) pipe;
            same(1, call(util + "write1", null, writer, (byte) 1));
            same(1, call(util + "drain1", null, reader));
            same(false, call(util + "drain", null, reader));
            call(util + "configureBlocking", null, descriptor(reader), false);
            int set = number(poll + "create", null), event = number("sun/nio/ch/EventFD.eventfd0", null);
            same(0, call(poll + "ctl", null, set, 1, event, 1));
            same(0, call(poll + "wait", null, set, room(48), 4, 0));
            same(0, call("sun/nio/ch/EventFD.set0", null, event));
            same(1, call(poll + "wait", null, set, room(48), 4, 0));
            long entry = room(8);
            U.putInt(entry, event);
            U.putShort(entry + 4, (short) 1);
            same(1, call("sun/nio/ch/PollSelectorImpl.poll", null, entry, 1, 0));
            return null;
        });
    }
}
