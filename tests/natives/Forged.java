import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.net.InetSocketAddress;
import java.util.Set;

/**
 * Numbers and addresses that nobody has given to the program: of descriptors that the process has and the isolate does not, of
 * none at all, and of memory that is not the program's.
 */
class Forged extends Natives {
    /** The test has opened the first three in the process: a file, a connection, a server. */
    static int[] numbers;
    static final long[] ADDRESSES = {1, -1, 4096, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40, 0x7f0000000000L, 0x7fffffff0000L};
    static final String UNIX = FileCases.UNIX, LINUX = FileCases.LINUX, WATCH = FileCases.WATCH, FILE = FileCases.FILE;
    static final String NET = SocketCases.NET, LOCAL = SocketCases.LOCAL, INHERITED = FileCases.INHERITED;

    static void all() throws Throwable {
        String[] given = facts.get("numbers").split("\\+");
        numbers = new int[given.length + 4];
        for (int i = 0; i < given.length; i++) numbers[i] = Integer.parseInt(given[i]);
        int at = given.length;
        numbers[at++] = -1;
        numbers[at++] = 5000;
        numbers[at++] = Integer.MAX_VALUE;
        numbers[at] = Integer.MIN_VALUE;
        files();
        dispatcher();
        channels();
        sockets();
        processes();
        streams();
        addresses();
    }

    /** Refused, or answered with one of these values. */
    static void forge(String name, Set<?> neutral, Forgery forgery) {
        for (int number : numbers) {
            try {
                Object value = forgery.run(number);
                if (!neutral.contains(String.valueOf(value))) throw new AssertionError("it gave " + value);
            } catch (Throwable t) {
                if (!refuses(t)) {
                    wrong(name + " of " + number, t);
                    return;
                }
            }
        }
        say("forged", name);
    }

    static void forge(String name, Forgery forgery) {
        forge(name, Set.of(), forgery);
    }

    static boolean refuses(Throwable t) throws RuntimeException {
        try {
            if (t.getClass().getName().equals("sun.nio.fs.UnixException")) return field(t.getClass(), "errno").getInt(t) == 9;
        } catch (Throwable inner) {
            throw new AssertionError(inner);
        }
        String text = String.valueOf(t.getMessage());
        if (text.startsWith("Exec failed, error: 9 (Bad file descriptor)")) return true;
        return t instanceof java.io.IOException && Set.of("Bad file descriptor", "Stream Closed", "sync failed").contains(text);
    }

    static void files() throws Throwable {
        String in = "java/io/FileInputStream.", out = "java/io/FileOutputStream.", random = "java/io/RandomAccessFile.";
        forge("java/io/FileDescriptor.getAppend", Set.of("false"), n -> call("java/io/FileDescriptor.getAppend", null, n));
        // Closing what is closed is no error.
        forge("java/io/FileDescriptor.close0", Set.of("null"), n -> n == -1 ? call("java/io/FileDescriptor.close0", descriptor(n)) : mustFail(() -> call("java/io/FileDescriptor.close0", descriptor(n))));
        forge("java/io/FileDescriptor.sync0", n -> call("java/io/FileDescriptor.sync0", descriptor(n)));
        forge("java/io/FileCleanable.cleanupClose0", Set.of("null"), n -> n == -1 ? null : mustFail(() -> call("java/io/FileCleanable.cleanupClose0", null, n, 0L)));
        forge(in + "read0", n -> call(in + "read0", new FileInputStream(descriptor(n))));
        forge(in + "readBytes", n -> call(in + "readBytes", new FileInputStream(descriptor(n)), new byte[8], 0, 8));
        forge(in + "length0", n -> call(in + "length0", new FileInputStream(descriptor(n))));
        forge(in + "position0", n -> call(in + "position0", new FileInputStream(descriptor(n))));
        forge(in + "skip0", n -> call(in + "skip0", new FileInputStream(descriptor(n)), 1L));
        forge(in + "available0", n -> call(in + "available0", new FileInputStream(descriptor(n))));
        forge(in + "isRegularFile0", n -> call(in + "isRegularFile0", new FileInputStream(descriptor(n)), descriptor(n)));
        forge(out + "write", n -> call(out + "write", new FileOutputStream(descriptor(n)), 65, false));
        forge(out + "writeBytes", n -> call(out + "writeBytes", new FileOutputStream(descriptor(n)), new byte[8], 0, 8, false));
        forge(random + "read0", n -> call(random + "read0", FileCases.randomAccess(descriptor(n))));
        forge(random + "readBytes0", n -> call(random + "readBytes0", FileCases.randomAccess(descriptor(n)), new byte[8], 0, 8));
        forge(random + "write0", n -> call(random + "write0", FileCases.randomAccess(descriptor(n)), 65));
        forge(random + "writeBytes0", n -> call(random + "writeBytes0", FileCases.randomAccess(descriptor(n)), new byte[8], 0, 8));
        forge(random + "getFilePointer", n -> call(random + "getFilePointer", FileCases.randomAccess(descriptor(n))));
        forge(random + "seek0", n -> call(random + "seek0", FileCases.randomAccess(descriptor(n)), 1L));
        forge(random + "length0", n -> call(random + "length0", FileCases.randomAccess(descriptor(n))));
        forge(random + "setLength0", n -> call(random + "setLength0", FileCases.randomAccess(descriptor(n)), 0L));
    }

    static Object mustFail(Body body) throws Throwable {
        return "nothing refused " + body.run();
    }

    static void dispatcher() throws Throwable {
        long room = room(64), name = text("user.x");
        Object attributes = FileCases.attributes();
        forge(UNIX + "openat0", n -> call(UNIX + "openat0", null, n, text("inner"), 0, 0));
        forge(UNIX + "dup", n -> call(UNIX + "dup", null, n));
        forge(UNIX + "close0", Set.of("null"), n -> n == -1 ? null : mustFail(() -> call(UNIX + "close0", null, n)));
        forge(UNIX + "read0", n -> call(UNIX + "read0", null, n, room, 8));
        forge(UNIX + "write0", n -> call(UNIX + "write0", null, n, room, 8));
        forge(UNIX + "fgetxattr0", n -> call(UNIX + "fgetxattr0", null, n, name, room, 64));
        forge(UNIX + "fsetxattr0", n -> call(UNIX + "fsetxattr0", null, n, name, room, 8));
        forge(UNIX + "fremovexattr0", n -> call(UNIX + "fremovexattr0", null, n, name));
        forge(UNIX + "flistxattr", n -> call(UNIX + "flistxattr", null, n, room, 64));
        forge(UNIX + "fdopendir", n -> call(UNIX + "fdopendir", null, n));
        forge(UNIX + "fstat0", n -> call(UNIX + "fstat0", null, n, attributes));
        forge(UNIX + "fstatat0", n -> call(UNIX + "fstatat0", null, n, text("inner"), 0, attributes));
        forge(UNIX + "fchmod0", n -> call(UNIX + "fchmod0", null, n, 0777));
        forge(UNIX + "fchmodat0", n -> call(UNIX + "fchmodat0", null, n, text("inner"), 0777, 0));
        forge(UNIX + "fchown0", n -> call(UNIX + "fchown0", null, n, -1, -1));
        forge(UNIX + "futimens0", n -> call(UNIX + "futimens0", null, n, 0L, 0L));
        forge(UNIX + "utimensat0", n -> call(UNIX + "utimensat0", null, n, text("inner"), 0L, 0L, 0));
        forge(UNIX + "unlinkat0", n -> call(UNIX + "unlinkat0", null, n, text("inner"), 0));
        forge(UNIX + "renameat0", n -> call(UNIX + "renameat0", null, n, text("inner"), n, text("outer")));
        forge(LINUX + "posix_fadvise", n -> call(LINUX + "posix_fadvise", null, n, 0L, 0L, 0));
        forge(LINUX + "directCopy0", n -> call(LINUX + "directCopy0", null, n, n, 0L));
        forge("sun/nio/fs/UnixFileSystem.bufferedCopy0", n -> call("sun/nio/fs/UnixFileSystem.bufferedCopy0", null, n, n, room, 64, 0L));
        forge(WATCH + "inotifyAddWatch", n -> call(WATCH + "inotifyAddWatch", null, n, text(folder), 0x100));
        forge(WATCH + "inotifyRmWatch", n -> call(WATCH + "inotifyRmWatch", null, n, 1));
        forge(WATCH + "configureBlocking", n -> call(WATCH + "configureBlocking", null, n, false));
        forge(WATCH + "poll", n -> call(WATCH + "poll", null, n, n));
    }

    static void channels() throws Throwable {
        Object none = blank("sun/nio/ch/UnixFileDispatcherImpl");
        long room = room(64), vector = vector(room, 8);
        forge(FILE + "read0", n -> call(FILE + "read0", none, descriptor(n), room, 8));
        forge(FILE + "pread0", n -> call(FILE + "pread0", none, descriptor(n), room, 8, 0L));
        forge(FILE + "readv0", n -> call(FILE + "readv0", none, descriptor(n), vector, 1));
        forge(FILE + "write0", n -> call(FILE + "write0", none, descriptor(n), room, 8));
        forge(FILE + "pwrite0", n -> call(FILE + "pwrite0", none, descriptor(n), room, 8, 0L));
        forge(FILE + "writev0", n -> call(FILE + "writev0", none, descriptor(n), vector, 1));
        forge(FILE + "force0", n -> call(FILE + "force0", none, descriptor(n), true));
        forge(FILE + "seek0", n -> call(FILE + "seek0", none, descriptor(n), 0L));
        forge(FILE + "truncate0", n -> call(FILE + "truncate0", none, descriptor(n), 0L));
        forge(FILE + "size0", n -> call(FILE + "size0", none, descriptor(n)));
        forge(FILE + "available0", n -> call(FILE + "available0", none, descriptor(n)));
        forge(FILE + "isOther0", n -> call(FILE + "isOther0", none, descriptor(n)));
        forge(FILE + "closeIntFD", Set.of("null"), n -> n == -1 ? null : mustFail(() -> call(FILE + "closeIntFD", null, n)));
        forge(FILE + "setDirect0", n -> call(FILE + "setDirect0", none, descriptor(n)));
        forge(FILE + "lock0", n -> call(FILE + "lock0", none, descriptor(n), false, 0L, 1L, false));
        forge(FILE + "release0", n -> call(FILE + "release0", none, descriptor(n), 0L, 1L));
        forge(FILE + "map0", n -> call(FILE + "map0", none, descriptor(n), 1, 0L, 8L, false));
        String transfer = "sun/nio/ch/FileDispatcherImpl.";
        forge(transfer + "transferTo0", n -> call(transfer + "transferTo0", none, descriptor(n), 0L, 8L, descriptor(n), false));
        forge(transfer + "transferFrom0", n -> call(transfer + "transferFrom0", none, descriptor(n), descriptor(n), 0L, 8L, false));
        forge("sun/nio/ch/FileKey.init", n -> call("sun/nio/ch/FileKey.init", null, descriptor(n), new long[2]));
        String util = "sun/nio/ch/IOUtil.";
        forge(util + "configureBlocking", n -> call(util + "configureBlocking", null, descriptor(n), false));
        forge(util + "write1", n -> call(util + "write1", null, n, (byte) 1));
        forge(util + "drain", n -> call(util + "drain", null, n));
        forge(util + "drain1", n -> call(util + "drain1", null, n));
        forge(INHERITED + "dup", n -> call(INHERITED + "dup", null, n));
        forge(INHERITED + "dup2", n -> call(INHERITED + "dup2", null, n, n));
        forge(INHERITED + "close0", n -> call(INHERITED + "close0", null, n));
        forge(INHERITED + "soType0", Set.of("-1"), n -> call(INHERITED + "soType0", null, n));
        forge(INHERITED + "addressFamily", Set.of("-1"), n -> call(INHERITED + "addressFamily", null, n));
        forge(INHERITED + "inetPeerAddress0", Set.of("null"), n -> call(INHERITED + "inetPeerAddress0", null, n));
        forge(INHERITED + "unixPeerAddress0", Set.of("null"), n -> call(INHERITED + "unixPeerAddress0", null, n));
        forge(INHERITED + "peerPort0", Set.of("-1"), n -> call(INHERITED + "peerPort0", null, n));
        forge(INHERITED + "isConnected", Set.of("false"), n -> call(INHERITED + "isConnected", null, n));
        String poll = "sun/nio/ch/EPoll.";
        String preferences = "java/util/prefs/FileSystemPreferences.unlockFile0";
        int set = number(poll + "create", null);
        // The error's number.
        forge(poll + "ctl", Set.of("9"), n -> call(poll + "ctl", null, set, 1, n, 1));
        forge(preferences, Set.of("9"), n -> call(preferences, null, n));
        forge(poll + "wait", n -> call(poll + "wait", null, n, room, 1, 0));
        forge("sun/nio/ch/EventFD.set0", n -> call("sun/nio/ch/EventFD.set0", null, n));
        forge("sun/nio/ch/PollSelectorImpl.poll", Set.of("32"), n -> {
            U.putInt(room, n);
            U.putInt(room + 4, 1);
            call("sun/nio/ch/PollSelectorImpl.poll", null, room, 1, 0);
            // POLLNVAL: there is no such descriptor.
            return (int) U.getShort(room + 6);
        });
    }

    static void sockets() throws Throwable {
        long room = room(64), vector = vector(room, 8);
        byte[] six = new byte[16];
        forge(NET + "bind0", n -> call(NET + "bind0", null, descriptor(n), false, false, SocketCases.address(), 0));
        forge(NET + "listen", n -> call(NET + "listen", null, descriptor(n), 5));
        forge(NET + "connect0", n -> call(NET + "connect0", null, false, descriptor(n), SocketCases.address(), 9));
        forge(NET + "accept", n -> call(NET + "accept", null, descriptor(n), new FileDescriptor(), new InetSocketAddress[1]));
        forge(NET + "shutdown", n -> call(NET + "shutdown", null, descriptor(n), 2));
        forge(NET + "localPort", n -> call(NET + "localPort", null, descriptor(n)));
        forge(NET + "localInetAddress", n -> call(NET + "localInetAddress", null, descriptor(n)));
        forge(NET + "remotePort", n -> call(NET + "remotePort", null, descriptor(n)));
        forge(NET + "remoteInetAddress", n -> call(NET + "remoteInetAddress", null, descriptor(n)));
        forge(NET + "poll", n -> call(NET + "poll", null, descriptor(n), 1, 0L));
        forge(NET + "pollConnect", n -> call(NET + "pollConnect", null, descriptor(n), 0L));
        forge(NET + "available", n -> call(NET + "available", null, descriptor(n)));
        forge(NET + "sendOOB", n -> call(NET + "sendOOB", null, descriptor(n), (byte) 1));
        forge(NET + "getIntOption0", n -> call(NET + "getIntOption0", null, descriptor(n), true, 1, 9));
        forge(NET + "setIntOption0", n -> call(NET + "setIntOption0", null, descriptor(n), true, 1, 9, 1, false));
        forge(NET + "joinOrDrop4", n -> call(NET + "joinOrDrop4", null, true, descriptor(n), SocketCases.GROUP, 0, 0));
        forge(NET + "blockOrUnblock4", n -> call(NET + "blockOrUnblock4", null, true, descriptor(n), SocketCases.GROUP, 0, 0));
        forge(NET + "joinOrDrop6", n -> call(NET + "joinOrDrop6", null, true, descriptor(n), six, 0, null));
        forge(NET + "blockOrUnblock6", n -> call(NET + "blockOrUnblock6", null, true, descriptor(n), six, 0, six));
        forge(NET + "getInterface4", n -> call(NET + "getInterface4", null, descriptor(n)));
        forge(NET + "setInterface4", n -> call(NET + "setInterface4", null, descriptor(n), 0));
        forge(NET + "getInterface6", n -> call(NET + "getInterface6", null, descriptor(n)));
        forge(NET + "setInterface6", n -> call(NET + "setInterface6", null, descriptor(n), 0));
        forge(LOCAL + "bind0", n -> call(LOCAL + "bind0", null, descriptor(n), fresh().getBytes()));
        forge(LOCAL + "connect0", n -> call(LOCAL + "connect0", null, descriptor(n), fresh().getBytes()));
        forge(LOCAL + "accept0", n -> call(LOCAL + "accept0", null, descriptor(n), new FileDescriptor(), new Object[1]));
        forge(LOCAL + "localAddress0", n -> call(LOCAL + "localAddress0", null, descriptor(n)));
        forge("sun/nio/ch/UnixDispatcher.preClose0", Set.of("null"), n -> n < 0 ? null : mustFail(() -> call("sun/nio/ch/UnixDispatcher.preClose0", null, descriptor(n))));
        forge("sun/nio/ch/UnixDispatcher.close0", Set.of("null"), n -> n < 0 ? null : mustFail(() -> call("sun/nio/ch/UnixDispatcher.close0", null, descriptor(n))));
        forge("sun/nio/ch/UnixAsynchronousSocketChannelImpl.checkConnect", n -> call("sun/nio/ch/UnixAsynchronousSocketChannelImpl.checkConnect", null, n));
        String stream = SocketCases.STREAM, datagram = SocketCases.DATAGRAM, channel = SocketCases.CHANNEL, options = SocketCases.OPTIONS;
        for (String type : new String[] {stream, datagram}) {
            forge(type + "read0", n -> call(type + "read0", null, descriptor(n), room, 8));
            forge(type + "readv0", n -> call(type + "readv0", null, descriptor(n), vector, 1));
            forge(type + "write0", n -> call(type + "write0", null, descriptor(n), room, 8));
            forge(type + "writev0", n -> call(type + "writev0", null, descriptor(n), vector, 1));
        }
        forge(datagram + "dup0", n -> call(datagram + "dup0", null, descriptor(n), descriptor(n)));
        forge(channel + "disconnect0", n -> call(channel + "disconnect0", null, descriptor(n), false));
        forge(channel + "receive0", n -> call(channel + "receive0", null, descriptor(n), room, 8, room(28), false));
        forge(channel + "send0", n -> call(channel + "send0", null, descriptor(n), room, 8, SocketCases.target(9), 16));
        for (String option : new String[] {"TcpKeepAliveProbes", "TcpKeepAliveTime", "TcpKeepAliveIntvl"}) {
            forge(options + "get" + option + "0", n -> call(options + "get" + option + "0", null, n));
            forge(options + "set" + option + "0", n -> call(options + "set" + option + "0", null, n, 1));
        }
        forge(options + "getQuickAck0", n -> call(options + "getQuickAck0", null, n));
        forge(options + "setQuickAck0", n -> call(options + "setQuickAck0", null, n, true));
        forge(options + "getIpDontFragment0", n -> call(options + "getIpDontFragment0", null, n, false));
        forge(options + "setIpDontFragment0", n -> call(options + "setIpDontFragment0", null, n, true, false));
        forge(options + "getIncomingNapiId0", n -> call(options + "getIncomingNapiId0", null, n));
        forge(options + "getSoPeerCred0", n -> call(options + "getSoPeerCred0", null, n));
    }

    /** Processes that the program has not started: those of the test, and its own parent. */
    static void processes() throws Throwable {
        String handle = MachineCases.PROCESS, info = MachineCases.INFO;
        for (long process : new long[] {MachineCases.fact("stranger"), MachineCases.fact("parent")}) {
            same(-2, call(handle + "waitForProcessExit0", null, process, true));
            for (Body body : new Body[] {
                () -> call(handle + "isAlive0", null, process),
                () -> call(handle + "parent0", null, process, 0L),
                () -> call(handle + "getProcessPids0", null, process, new long[8], null, null),
                () -> call(handle + "destroy0", null, process, 0L, true),
                () -> call(info + ".info0", blank(info), process),
            }) {
                try {
                    throw new AssertionError("it gave " + body.run());
                } catch (SecurityException refused) {
                    // As it has to be.
                }
            }
        }
        for (String name : new String[] {"waitForProcessExit0", "isAlive0", "parent0", "getProcessPids0", "destroy0"}) say("forged", handle + name);
        say("forged", info + ".info0");
        // A stream of a new process that is no descriptor of the program's. That it may be run is asked later.
        forge(MachineCases.START, n -> n == -1 ? throwBad() : MachineCases.start(null, null, new int[] {n, -1, -1}, "/bin/cat"));
        same(0, number("java/io/Console.ttyStatus", null) & 2);
        say("forged", "java/io/Console.ttyStatus");
        call("jdk/internal/util/SystemProps$Raw.platformProperties", null);
        say("forged", "jdk/internal/util/SystemProps$Raw.platformProperties");
        // It is about standard input and nothing else.
        say("forged", "jdk/internal/io/JdkConsoleImpl.echo");
    }

    /** -1 stands for a pipe there. */
    static Object throwBad() throws Throwable {
        throw new java.io.IOException("Bad file descriptor");
    }

    /** Streams of folders and tables, which have numbers of their own. */
    static void streams() throws Throwable {
        Object entry = blank("sun/nio/fs/UnixMountEntry");
        forge(UNIX + "readdir0", n -> call(UNIX + "readdir0", null, (long) n));
        forge(UNIX + "closedir", n -> call(UNIX + "closedir", null, (long) n));
        forge(UNIX + "rewind", n -> call(UNIX + "rewind", null, (long) n));
        forge(UNIX + "getlinelen", n -> call(UNIX + "getlinelen", null, (long) n));
        forge(LINUX + "getmntent0", Set.of("-1"), n -> call(LINUX + "getmntent0", null, (long) n, entry, 0L, 0));
        forge(LINUX + "endmntent", Set.of("null"), n -> call(LINUX + "endmntent", null, (long) n));
    }

    // ---- memory ------------------------------------------------------------------------------------------------------

    static void wild(String name, Wild call) {
        for (long address : ADDRESSES) {
            try {
                Object value = call.run(address);
                wrong(name + " at " + address, new AssertionError("it gave " + value));
                return;
            } catch (Throwable t) {
                // Nothing but an ordinary exception: the process goes on.
                if (t instanceof AssertionError) throw new AssertionError(name, t);
            }
        }
        say("wild", name);
    }

    /** With descriptors that are the program's own, so that only the address is wrong. */
    static void addresses() throws Throwable {
        long pipe = (long) call("sun/nio/ch/IOUtil.makePipe", null, false);
        int reader = (int) (pipe >> 32), writer = (int) pipe;
        FileDescriptor in = descriptor(reader), out = descriptor(writer);
        Object none = blank("sun/nio/ch/UnixFileDispatcherImpl"), attributes = FileCases.attributes();
        call("sun/nio/ch/IOUtil.write1", null, writer, (byte) 1);
        wild(UNIX + "read0", a -> call(UNIX + "read0", null, reader, a, 64));
        wild(UNIX + "write0", a -> call(UNIX + "write0", null, writer, a, 64));
        wild(FILE + "read0", a -> call(FILE + "read0", none, in, a, 64));
        wild(FILE + "write0", a -> call(FILE + "write0", none, out, a, 64));
        wild(FILE + "readv0", a -> call(FILE + "readv0", none, in, a, 1));
        wild(FILE + "writev0", a -> call(FILE + "writev0", none, out, vector(a, 64), 1));
        wild(FILE + "pread0", a -> call(FILE + "pread0", none, in, a, 64, 0L));
        wild(FILE + "pwrite0", a -> call(FILE + "pwrite0", none, out, a, 64, 0L));
        wild(FILE + "unmap0", a -> call(FILE + "unmap0", null, a, 4096L));
        for (String type : new String[] {SocketCases.STREAM, SocketCases.DATAGRAM}) {
            wild(type + "read0", a -> call(type + "read0", null, in, a, 64));
            wild(type + "write0", a -> call(type + "write0", null, out, a, 64));
            wild(type + "readv0", a -> call(type + "readv0", null, in, vector(a, 64), 1));
            wild(type + "writev0", a -> call(type + "writev0", null, out, a, 1));
        }
        wild(SocketCases.CHANNEL + "receive0", a -> call(SocketCases.CHANNEL + "receive0", null, in, a, 64, room(28), false));
        wild(SocketCases.CHANNEL + "send0", a -> call(SocketCases.CHANNEL + "send0", null, out, a, 64, SocketCases.target(9), 16));
        int set = number("sun/nio/ch/EPoll.create", null), event = number("sun/nio/ch/EventFD.eventfd0", null);
        call("sun/nio/ch/EPoll.ctl", null, set, 1, event, 1);
        call("sun/nio/ch/EventFD.set0", null, event);
        wild("sun/nio/ch/EPoll.wait", a -> call("sun/nio/ch/EPoll.wait", null, set, a, 4, 0));
        wild("sun/nio/ch/PollSelectorImpl.poll", a -> call("sun/nio/ch/PollSelectorImpl.poll", null, a, 4, 0));
        for (String name : new String[] {"load0", "isLoaded0", "force0"}) {
            String mapped = "java/nio/MappedMemoryUtils." + name;
            wild(mapped, a -> switch (name) {
                case "load0" -> call(mapped, null, a, 4096L);
                case "isLoaded0" -> call(mapped, null, a, 4096L, 1L);
                default -> call(mapped, null, out, a, 4096L);
            });
            say("forged", mapped);
        }
        say("forged", FILE + "unmap0");
        wild(UNIX + "open0", a -> call(UNIX + "open0", null, a, 0, 0));
        wild(UNIX + "stat0", a -> call(UNIX + "stat0", null, a, attributes));
        wild(UNIX + "mkdir0", a -> call(UNIX + "mkdir0", null, a, 0700));
        wild(UNIX + "opendir0", a -> call(UNIX + "opendir0", null, a));
        wild(UNIX + "getpwnam0", a -> call(UNIX + "getpwnam0", null, a));
        wild(UNIX + "fgetxattr0", a -> call(UNIX + "fgetxattr0", null, reader, text("user.x"), a, 64));
        wild(UNIX + "flistxattr", a -> call(UNIX + "flistxattr", null, reader, a, 64));
        wild(LINUX + "setmntent0", a -> call(LINUX + "setmntent0", null, a, a));
    }
}
