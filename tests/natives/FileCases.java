import static java.util.Arrays.asList;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.RandomAccessFile;

/** Files, by the natives of java.io, java.nio, sun.nio.ch and sun.nio.fs. */
class FileCases extends Natives {
    static final String UNIX = "sun/nio/fs/UnixNativeDispatcher.";
    static final String LINUX = "sun/nio/fs/LinuxNativeDispatcher.";
    static final String WATCH = "sun/nio/fs/LinuxWatchService.";
    static final String OLD = "java/io/UnixFileSystem.";
    static final String FILE = "sun/nio/ch/UnixFileDispatcherImpl.";
    static final String INHERITED = "sun/nio/ch/InheritedChannel.";
    static final int RDONLY = 0, WRONLY = 1, RDWR = 2, CREAT = 0100, APPEND = 02000, CWD = -100, NOFOLLOW = 0x100;

    static void add() {
        reading();
        writing();
        preferences();
        lasting();
        both();
        changing();
        streams();
        channels();
        folders();
        dispatcher();
        watching();
        randomness();
    }

    static Object fileSystem() throws Throwable {
        return blank("java/io/UnixFileSystem");
    }

    static Object attributes() throws Throwable {
        return blank("sun/nio/fs/UnixFileAttributes");
    }

    static long sizeOf(Object attributes) throws Throwable {
        return field(attributes.getClass(), "st_size").getLong(attributes);
    }

    static int open(String path, int flags) throws Throwable {
        return number(UNIX + "open0", null, text(path), flags, 0600);
    }

    static FileDescriptor opened(String path, int flags) throws Throwable {
        return descriptor(open(path, flags));
    }

    static RandomAccessFile randomAccess(FileDescriptor descriptor) throws Throwable {
        RandomAccessFile file = (RandomAccessFile) blank("java/io/RandomAccessFile");
        field(RandomAccessFile.class, "fd").set(file, descriptor);
        return file;
    }

    // ---- what takes one grant ----------------------------------------------------------------------------------------

    static void reading() {
        ask("java/io/FileInputStream.open0", "", "read", () -> {
            FileDescriptor descriptor = new FileDescriptor();
            call("java/io/FileInputStream.open0", new FileInputStream(descriptor), file());
            check(numberOf(descriptor) >= 3, numberOf(descriptor));
            return null;
        });
        ask("java/io/RandomAccessFile.open0", "", "read", () -> {
            FileDescriptor descriptor = new FileDescriptor();
            call("java/io/RandomAccessFile.open0", randomAccess(descriptor), file(), 1);
            check(numberOf(descriptor) >= 3, numberOf(descriptor));
            return null;
        });
        ask(OLD + "canonicalize0", "", "read", () -> {
            same(folder + "/target", call(OLD + "canonicalize0", fileSystem(), link()));
            return null;
        });
        ask(OLD + "getBooleanAttributes0", "", "read", () -> {
            same(3, call(OLD + "getBooleanAttributes0", fileSystem(), new File(file())));
            return null;
        });
        ask(OLD + "checkAccess0", "", "read", () -> {
            same(true, call(OLD + "checkAccess0", fileSystem(), new File(file()), 4));
            return null;
        });
        ask(OLD + "getLastModifiedTime0", "", "read", () -> {
            check((long) call(OLD + "getLastModifiedTime0", fileSystem(), new File(file())) > 0, "no time");
            return null;
        });
        ask(OLD + "getLength0", "", "read", () -> {
            same(7L, call(OLD + "getLength0", fileSystem(), new File(file())));
            return null;
        });
        ask(OLD + "list0", "", "read", () -> {
            same(asList("inner"), asList((String[]) call(OLD + "list0", fileSystem(), new File(folder()))));
            String[] many = (String[]) call(OLD + "list0", fileSystem(), new File(folder + "/many"));
            java.util.Arrays.sort(many);
            check(many.length == 1000 && many[0].equals("n0") && many[999].equals("n999"), many.length);
            return null;
        });
        ask(OLD + "getSpace0", "", "read", () -> {
            check((long) call(OLD + "getSpace0", fileSystem(), new File(file()), 0) > 0, "no space");
            return null;
        });
        // Without the grant it is the length that nearly all file systems have.
        tell(OLD + "getNameMax0", "", "read", v -> v.equals(255L), v -> (long) v > 0,
            () -> call(OLD + "getNameMax0", fileSystem(), folder));
        ask(INHERITED + "open0", "", "read", () -> {
            int number = number(INHERITED + "open0", null, file(), 0);
            call(INHERITED + "close0", null, number);
            return null;
        });
        ask(UNIX + "open0", "", "read", () -> {
            int number = open(file(), RDONLY);
            long room = room(16);
            same(7, call(UNIX + "read0", null, number, room, 16));
            same("content", textAt(room, 7));
            call(UNIX + "close0", null, number);
            return null;
        });
        ask(UNIX + "openat0", "", "read", () -> {
            check(number(UNIX + "openat0", null, CWD, text(file()), RDONLY, 0) >= 3, "no number");
            int directory = open(folder(), RDONLY);
            check(number(UNIX + "openat0", null, directory, text("inner"), RDONLY, 0) >= 3, "no number");
            return null;
        });
        ask(UNIX + "opendir0", "", "read", () -> {
            check((long) call(UNIX + "opendir0", null, text(folder())) != 0, "no stream");
            return null;
        });
        ask(UNIX + "readlink0", "", "read", () -> {
            same("target", new String((byte[]) call(UNIX + "readlink0", null, text(link()))));
            return null;
        });
        ask(UNIX + "realpath0", "", "read", () -> {
            same(folder + "/target", new String((byte[]) call(UNIX + "realpath0", null, text(link()))));
            return null;
        });
        ask(UNIX + "stat0", "", "read", () -> {
            Object attributes = attributes();
            same(0, call(UNIX + "stat0", null, text(file()), attributes));
            same(7L, sizeOf(attributes));
            return null;
        });
        ask(UNIX + "lstat0", "", "read", () -> {
            Object attributes = attributes();
            call(UNIX + "lstat0", null, text(link()), attributes);
            same(6L, sizeOf(attributes));
            return null;
        });
        ask(UNIX + "fstatat0", "", "read", () -> {
            Object attributes = attributes();
            call(UNIX + "fstatat0", null, CWD, text(file()), 0, attributes);
            same(7L, sizeOf(attributes));
            return null;
        });
        ask(UNIX + "statvfs0", "", "read", () -> {
            Object attributes = blank("sun/nio/fs/UnixFileStoreAttributes");
            call(UNIX + "statvfs0", null, text(folder), attributes);
            check(field(attributes.getClass(), "f_blocks").getLong(attributes) > 0, "no blocks");
            return null;
        });
        ask(UNIX + "access0", "", "read", () -> {
            same(0, call(UNIX + "access0", null, text(file()), 4));
            return null;
        });
        ask(LINUX + "setmntent0", "", "read", () -> {
            long table = (long) call(LINUX + "setmntent0", null, text(folder + "/mounts"), text("r"));
            Object entry = blank("sun/nio/fs/UnixMountEntry");
            same(0, call(LINUX + "getmntent0", null, table, entry, 0L, 0));
            same("/a b", new String((byte[]) field(entry.getClass(), "dir").get(entry)));
            call(UNIX + "rewind", null, table);
            same("one /a\\040b ext4 rw 0 0\n".length(), call(UNIX + "getlinelen", null, table));
            call(LINUX + "endmntent", null, table);
            same(-1, call(LINUX + "getmntent0", null, table, entry, 0L, 0));
            return null;
        });
    }

    static void writing() {
        ask("java/io/FileOutputStream.open0", "", "write", () -> {
            FileDescriptor descriptor = new FileDescriptor();
            String path = fresh();
            call("java/io/FileOutputStream.open0", new FileOutputStream(descriptor), path, false);
            check(numberOf(descriptor) >= 3, numberOf(descriptor));
            effect("content", path, "");
            return null;
        });
        ask(OLD + "createFileExclusively0", "", "write", () -> {
            String path = fresh();
            same(true, call(OLD + "createFileExclusively0", fileSystem(), path));
            same(false, call(OLD + "createFileExclusively0", fileSystem(), path));
            effect("content", path, "");
            return null;
        });
        ask(OLD + "delete0", "", "write", () -> {
            String path = file();
            same(true, call(OLD + "delete0", fileSystem(), new File(path)));
            effect("gone", path);
            return null;
        });
        ask(OLD + "createDirectory0", "", "write", () -> {
            String path = fresh();
            same(true, call(OLD + "createDirectory0", fileSystem(), new File(path)));
            effect("folder", path);
            return null;
        });
        ask(OLD + "rename0", "", "write", () -> {
            String from = file(), to = fresh();
            same(true, call(OLD + "rename0", fileSystem(), new File(from), new File(to)));
            effect("gone", from);
            effect("content", to, "content");
            return null;
        });
        ask(INHERITED + "open0", "", "write", () -> {
            check(number(INHERITED + "open0", null, file(), 1) >= 3, "no number");
            return null;
        });
        ask(UNIX + "open0", "", "write", () -> {
            String path = fresh();
            int number = open(path, WRONLY | CREAT);
            same(4, call(UNIX + "write0", null, number, text("text"), 4));
            call(UNIX + "close0", null, number);
            effect("content", path, "text");
            return null;
        });
        ask(UNIX + "openat0", "", "write", () -> {
            String path = fresh();
            check(number(UNIX + "openat0", null, CWD, text(path), WRONLY | CREAT, 0600) >= 3, "no number");
            effect("content", path, "");
            return null;
        });
        ask(UNIX + "symlink0", "", "write", () -> {
            String path = fresh();
            call(UNIX + "symlink0", null, text("target"), text(path));
            effect("link", path, "target");
            return null;
        });
        ask(UNIX + "unlink0", "", "write", () -> {
            String path = file();
            call(UNIX + "unlink0", null, text(path));
            effect("gone", path);
            return null;
        });
        ask(UNIX + "unlinkat0", "", "write", () -> {
            String path = file();
            call(UNIX + "unlinkat0", null, CWD, text(path), 0);
            effect("gone", path);
            return null;
        });
        ask(UNIX + "rename0", "", "write", () -> {
            String from = file(), to = fresh();
            call(UNIX + "rename0", null, text(from), text(to));
            effect("gone", from);
            effect("content", to, "content");
            return null;
        });
        ask(UNIX + "renameat0", "", "write", () -> {
            String from = file(), to = fresh();
            call(UNIX + "renameat0", null, CWD, text(from), CWD, text(to));
            effect("gone", from);
            effect("content", to, "content");
            return null;
        });
        ask(UNIX + "mkdir0", "", "write", () -> {
            String path = fresh();
            call(UNIX + "mkdir0", null, text(path), 0700);
            effect("folder", path);
            return null;
        });
        ask(UNIX + "rmdir0", "", "write", () -> {
            String path = folder + "/empty";
            call(UNIX + "rmdir0", null, text(path));
            effect("gone", path);
            return null;
        });
        ask(UNIX + "mknod0", "", "write", () -> {
            String path = fresh();
            call(UNIX + "mknod0", null, text(path), 0010600, 0L);
            effect("pipe", path);
            return null;
        });
        ask(UNIX + "chmod0", "", "write", () -> {
            String path = file();
            call(UNIX + "chmod0", null, text(path), 0640);
            effect("mode", path, "640");
            return null;
        });
        ask(UNIX + "fchmodat0", "", "write", () -> {
            String path = file();
            call(UNIX + "fchmodat0", null, CWD, text(path), 0640, 0);
            effect("mode", path, "640");
            return null;
        });
        // As it was: to give a file to somebody else takes more than a grant.
        ask(UNIX + "chown0", "", "write", () -> call(UNIX + "chown0", null, text(file()), -1, -1));
        ask(UNIX + "lchown0", "", "write", () -> call(UNIX + "lchown0", null, text(link()), -1, -1));
        ask(UNIX + "utimensat0", "", "write", () -> {
            String path = file();
            call(UNIX + "utimensat0", null, CWD, text(path), 0L, 86_400_000_000_000L, 0);
            effect("modified", path, "86400");
            return null;
        });
        ask("com/sun/management/internal/HotSpotDiagnostic.dumpHeap0", "", "write", () -> {
            String path = fresh() + ".hprof", name = "com/sun/management/internal/HotSpotDiagnostic";
            call(name + ".dumpHeap0", blank(name), path, true);
            effect("begins", path, "JAVA PROFILE 1.0.2");
            return null;
        });
        ask("com/sun/management/internal/DiagnosticCommandImpl.executeDiagnosticCommand", "", "write", () -> {
            String path = fresh() + ".hprof", name = "com/sun/management/internal/DiagnosticCommandImpl";
            call(name + ".executeDiagnosticCommand", blank(name), "GC.heap_dump " + path);
            effect("begins", path, "JAVA PROFILE 1.0.2");
            return null;
        });
    }

    static void preferences() {
        String name = "java/util/prefs/FileSystemPreferences.";
        ask(name + "chmod", "", "write", () -> {
            String path = file();
            same(0, call(name + "chmod", null, path, 0600));
            effect("mode", path, "600");
            return null;
        });
        ask(name + "lockFile0", "", "write", () -> {
            String path = fresh();
            int[] locked = (int[]) call(name + "lockFile0", null, path, 0600, false);
            check(locked[0] >= 3 && locked[1] == 0, locked[1]);
            int[] again = (int[]) call(name + "lockFile0", null, path, 0600, false);
            check(again[0] == 0 && again[1] == 11, again[1]);
            same(0, call(name + "unlockFile0", null, locked[0]));
            effect("mode", path, "600");
            return null;
        });
        ask(name + "lockFile0", "", "read", () -> {
            int[] locked = (int[]) call(name + "lockFile0", null, file(), 0600, true);
            check(locked[0] >= 3 && locked[1] == 0, locked[1]);
            return null;
        });
    }

    /** What these natives are there for: preferences that last. */
    static void lasting() {
        use("read+write", () -> {
            String place = fresh();
            var logger = java.util.logging.Logger.getLogger("java.util.prefs");
            logger.setLevel(java.util.logging.Level.OFF);
            System.setProperty("java.util.prefs.userRoot", place);
            var node = java.util.prefs.Preferences.userRoot().node("carafe");
            node.put("key", "value");
            node.flush();
            same("value", node.get("key", ""));
            effect("folder", place + "/.java/.userPrefs/carafe");
            check(new String(new FileInputStream(place + "/.java/.userPrefs/carafe/prefs.xml").readAllBytes()).contains("value"), "not kept");
            return null;
        });
        use("read+write", () -> {
            String place = fresh();
            var log = new java.util.logging.FileHandler(place + "%u.log");
            log.publish(new java.util.logging.LogRecord(java.util.logging.Level.INFO, "said"));
            log.close();
            check(new String(new FileInputStream(place + "0.log").readAllBytes()).contains("said"), "not kept");
            return null;
        });
    }

    // ---- what takes two ----------------------------------------------------------------------------------------------

    /** Refused with either of the two, works with both. */
    static void pair(String name, Body body) {
        ask(name, "read", "write", body);
        ask(name, "write", "read", body);
    }

    static void both() {
        pair("java/io/RandomAccessFile.open0", () -> {
            FileDescriptor descriptor = new FileDescriptor();
            call("java/io/RandomAccessFile.open0", randomAccess(descriptor), file(), 2);
            check(numberOf(descriptor) >= 3, numberOf(descriptor));
            return null;
        });
        pair(OLD + "setPermission0", () -> {
            String path = file();
            same(true, call(OLD + "setPermission0", fileSystem(), new File(path), 1, true, true));
            effect("mode", path, "744");
            return null;
        });
        pair(OLD + "setReadOnly0", () -> {
            String path = file();
            same(true, call(OLD + "setReadOnly0", fileSystem(), new File(path)));
            effect("mode", path, "444");
            return null;
        });
        pair(OLD + "setLastModifiedTime0", () -> {
            String path = file();
            same(true, call(OLD + "setLastModifiedTime0", fileSystem(), new File(path), 86_400_000L));
            effect("modified", path, "86400");
            return null;
        });
        pair(UNIX + "link0", () -> {
            String path = fresh();
            call(UNIX + "link0", null, text(file()), text(path));
            effect("content", path, "content");
            return null;
        });
        pair(UNIX + "open0", () -> {
            check(open(file(), RDWR) >= 3, "no number");
            return null;
        });
        pair(UNIX + "openat0", () -> {
            check(number(UNIX + "openat0", null, CWD, text(file()), RDWR, 0) >= 3, "no number");
            return null;
        });
        pair(INHERITED + "open0", () -> {
            check(number(INHERITED + "open0", null, file(), 2) >= 3, "no number");
            return null;
        });
    }

    /** Having opened a file to read is not enough to change what the system keeps about it. */
    static void changing() {
        ask(UNIX + "fchmod0", "read", "write", () -> {
            String path = file();
            call(UNIX + "fchmod0", null, open(path, RDONLY), 0640);
            effect("mode", path, "640");
            return null;
        });
        ask(UNIX + "fchown0", "read", "write", () -> call(UNIX + "fchown0", null, open(file(), RDONLY), -1, -1));
        ask(UNIX + "futimens0", "read", "write", () -> {
            String path = file();
            call(UNIX + "futimens0", null, open(path, RDONLY), 0L, 86_400_000_000_000L);
            effect("modified", path, "86400");
            return null;
        });
        ask(UNIX + "fsetxattr0", "read", "write", () -> {
            int number = open(file(), RDONLY);
            attribute(number);
            long list = room(64);
            int length = number(UNIX + "flistxattr", null, number, list, 64);
            check(textAt(list, length).contains("user.carafe"), textAt(list, length));
            same(5, call(UNIX + "fgetxattr0", null, number, text("user.carafe"), list, 64));
            same("value", textAt(list, 5));
            return null;
        });
        ask(UNIX + "fremovexattr0", "read", "write", () -> {
            String path = folder + "/attributed";
            int number = open(path, RDONLY);
            call(UNIX + "fremovexattr0", null, number, text("user.given"));
            long list = room(64);
            int length = number(UNIX + "flistxattr", null, number, list, 64);
            check(!textAt(list, length).contains("user.given"), textAt(list, length));
            return null;
        });
        // By a folder that is open to be read.
        ask(UNIX + "unlinkat0", "read", "write", () -> {
            String path = folder();
            call(UNIX + "unlinkat0", null, open(path, RDONLY), text("inner"), 0);
            effect("gone", path + "/inner");
            return null;
        });
        ask(UNIX + "renameat0", "read", "write", () -> {
            String path = folder();
            int directory = open(path, RDONLY);
            call(UNIX + "renameat0", null, directory, text("inner"), directory, text("outer"));
            effect("content", path + "/outer", "content");
            return null;
        });
        ask(UNIX + "fchmodat0", "read", "write", () -> {
            String path = folder();
            call(UNIX + "fchmodat0", null, open(path, RDONLY), text("inner"), 0640, 0);
            effect("mode", path + "/inner", "640");
            return null;
        });
        ask(UNIX + "utimensat0", "read", "write", () -> {
            String path = folder();
            call(UNIX + "utimensat0", null, open(path, RDONLY), text("inner"), 0L, 86_400_000_000_000L, 0);
            effect("modified", path + "/inner", "86400");
            return null;
        });
    }

    static void attribute(int number) throws Throwable {
        call(UNIX + "fsetxattr0", null, number, text("user.carafe"), text("value"), 5);
    }

    // ---- what is open ------------------------------------------------------------------------------------------------

    static void streams() {
        use("", () -> {
            int terminals = number("java/io/Console.ttyStatus", null);
            same(0, terminals & 2);
            return null;
        });
        use("read", () -> {
            FileInputStream in = new FileInputStream(opened(file(), RDONLY));
            String name = "java/io/FileInputStream.";
            same((int) 'c', call(name + "read0", in));
            byte[] bytes = new byte[8];
            same(3, call(name + "readBytes", in, bytes, 1, 3));
            same("ont", new String(bytes, 1, 3));
            same(7L, call(name + "length0", in));
            same(4L, call(name + "position0", in));
            same(1L, call(name + "skip0", in, 1L));
            same(2, call(name + "available0", in));
            same(true, call(name + "isRegularFile0", in, in.getFD()));
            call("java/io/FileDescriptor.sync0", in.getFD());
            int number = numberOf(in.getFD());
            same(false, call("java/io/FileDescriptor.getAppend", null, number));
            call("java/io/FileDescriptor.close0", in.getFD());
            same(-1, numberOf(in.getFD()));
            call("java/io/FileCleanable.cleanupClose0", null, open(file(), RDONLY), 0L);
            return null;
        });
        use("write", () -> {
            String path = file();
            FileOutputStream out = new FileOutputStream(opened(path, WRONLY | APPEND));
            same(true, call("java/io/FileDescriptor.getAppend", null, numberOf(out.getFD())));
            call("java/io/FileOutputStream.write", out, (int) '+', true);
            call("java/io/FileOutputStream.writeBytes", out, "and more".getBytes(), 0, 8, true);
            effect("content", path, "content+and more");
            return null;
        });
        use("read+write", () -> {
            String path = file(), name = "java/io/RandomAccessFile.";
            RandomAccessFile file = randomAccess(opened(path, RDWR));
            same((int) 'c', call(name + "read0", file));
            byte[] bytes = new byte[3];
            same(3, call(name + "readBytes0", file, bytes, 0, 3));
            same("ont", new String(bytes));
            same(4L, call(name + "getFilePointer", file));
            call(name + "write0", file, (int) 'E');
            call(name + "seek0", file, 6L);
            call(name + "writeBytes0", file, "T!!".getBytes(), 0, 3);
            same(9L, call(name + "length0", file));
            call(name + "setLength0", file, 8L);
            effect("content", path, "contEnT!");
            return null;
        });
    }

    static void channels() {
        use("read+write", () -> {
            String path = file();
            FileDescriptor file = opened(path, RDWR);
            Object none = blank("sun/nio/ch/UnixFileDispatcherImpl");
            long room = room(16);
            same(3, call(FILE + "read0", none, file, room, 3));
            same(2, call(FILE + "pread0", none, file, room, 2, 5L));
            same("nt", textAt(room, 2));
            same(4L, call(FILE + "readv0", none, file, vector(room, 16), 1));
            same("tent", textAt(room, 4));
            same(2, call(FILE + "write0", none, file, text("12"), 2));
            same(1, call(FILE + "pwrite0", none, file, text("C"), 1, 0L));
            same(2L, call(FILE + "writev0", none, file, vector(text("34"), 2), 1));
            same(0, call(FILE + "force0", none, file, true));
            same(11L, call(FILE + "seek0", none, file, -1L));
            same(11L, call(FILE + "size0", none, file));
            same(0, call(FILE + "truncate0", none, file, 10L));
            same(0, call(FILE + "available0", none, file));
            same(false, call(FILE + "isOther0", none, file));
            same(0, call(FILE + "lock0", none, file, false, 0L, 1L, false));
            call(FILE + "release0", none, file, 0L, 1L);
            long[] key = new long[2], other = new long[2];
            call("sun/nio/ch/FileKey.init", null, file, key);
            call("sun/nio/ch/FileKey.init", null, opened(path, RDONLY), other);
            check(key[1] != 0 && key[1] == other[1], key[1] + " " + other[1]);
            long address = (long) call(FILE + "map0", none, file, 1, 0L, 10L, false);
            same("Content123", textAt(address, 10));
            U.putByte(address + 1, (byte) '0');
            String mapped = "java/nio/MappedMemoryUtils.";
            call(mapped + "load0", null, address, 4096L);
            same(true, call(mapped + "isLoaded0", null, address, 4096L, 1L));
            call(mapped + "force0", null, file, address, 4096L);
            same(0, call(FILE + "unmap0", null, address, 10L));
            effect("content", path, "C0ntent123");
            return null;
        });
        use("read+write", () -> {
            String path = fresh(), name = "sun/nio/ch/FileDispatcherImpl.";
            Object none = blank("sun/nio/ch/UnixFileDispatcherImpl");
            FileDescriptor from = opened(file(), RDONLY), to = opened(path, WRONLY | CREAT);
            same(7L, call(name + "transferTo0", none, from, 0L, 7L, to, false));
            long came = (long) call(name + "transferFrom0", none, from, to, 7L, 7L, false);
            // The kernel may not do this one: then the library copies.
            check(came == 7 || came == -4 || came == -6 || came == -2, came);
            return null;
        });
        // Only opened so that the caches are passed by; a file system may not know of that.
        use("read", () -> {
            Object none = blank("sun/nio/ch/UnixFileDispatcherImpl");
            int number = open(file(), RDONLY);
            try {
                check(number(FILE + "setDirect0", none, descriptor(number)) > 0, "no alignment");
            } catch (java.io.IOException unknown) {
                same("Invalid argument", unknown.getMessage());
                done.add(FILE + "setDirect0");
            }
            call(FILE + "closeIntFD", null, number);
            return null;
        });
        use("read", () -> {
            int number = open(file(), RDONLY);
            int copy = number(INHERITED + "dup", null, number);
            call(INHERITED + "dup2", null, number, copy);
            same(-1, call(INHERITED + "soType0", null, copy));
            same(-1, call(INHERITED + "addressFamily", null, copy));
            same(false, call(INHERITED + "isConnected", null, copy));
            call(INHERITED + "close0", null, copy);
            return null;
        });
    }

    static void folders() {
        use("read", () -> {
            int number = open(folder(), RDONLY);
            long stream = (long) call(UNIX + "fdopendir", null, number);
            boolean found = false;
            for (byte[] name; (name = (byte[]) call(UNIX + "readdir0", null, stream)) != null; ) {
                found |= new String(name).equals("inner");
            }
            check(found, "inner");
            call(UNIX + "closedir", null, stream);
            return null;
        });
    }

    static void dispatcher() {
        use("read", () -> {
            int number = open(file(), RDONLY);
            int copy = number(UNIX + "dup", null, number);
            Object attributes = attributes();
            call(UNIX + "fstat0", null, copy, attributes);
            same(7L, sizeOf(attributes));
            same(0, call(LINUX + "posix_fadvise", null, copy, 0L, 0L, 2));
            return null;
        });
        use("read+write", () -> {
            String one = fresh(), two = fresh();
            int status = number(LINUX + "directCopy0", null, open(one, WRONLY | CREAT), open(file(), RDONLY), 0L);
            if (status == 0) effect("content", one, "content");
            call("sun/nio/fs/UnixFileSystem.bufferedCopy0", null, open(two, WRONLY | CREAT), open(file(), RDONLY), room(64), 64, 0L);
            effect("content", two, "content");
            return null;
        });
    }

    static void watching() {
        ask(WATCH + "inotifyAddWatch", "", "read", () -> {
            int set = number(WATCH + "inotifyInit", null);
            int watch = number(WATCH + "inotifyAddWatch", null, set, text(folder()), 0x100);
            check(watch > 0, watch);
            call(WATCH + "inotifyRmWatch", null, set, watch);
            return null;
        });
        use("", () -> {
            int[] ends = new int[2];
            call(WATCH + "socketpair", null, ends);
            call(WATCH + "configureBlocking", null, ends[0], false);
            same(1, call(UNIX + "write0", null, ends[1], text("x"), 1));
            same(1, call(WATCH + "poll", null, ends[0], ends[1]));
            return null;
        });
    }

    static void randomness() {
        String device = "/dev/urandom";
        ask("java/io/FileInputStream.read0", "", "random", () -> {
            int value = number("java/io/FileInputStream.read0", new FileInputStream(opened(device, RDONLY)));
            check(value >= 0 && value < 256, value);
            return null;
        });
        ask("java/io/FileInputStream.readBytes", "", "random", () -> {
            byte[] bytes = new byte[32];
            same(32, call("java/io/FileInputStream.readBytes", new FileInputStream(opened(device, RDONLY)), bytes, 0, 32));
            check(differ(bytes), "zeros");
            return null;
        });
        ask("java/io/RandomAccessFile.read0", "", "random", () -> {
            int value = number("java/io/RandomAccessFile.read0", randomAccess(opened(device, RDONLY)));
            check(value >= 0 && value < 256, value);
            return null;
        });
        ask("java/io/RandomAccessFile.readBytes0", "", "random", () -> {
            byte[] bytes = new byte[32];
            same(32, call("java/io/RandomAccessFile.readBytes0", randomAccess(opened(device, RDONLY)), bytes, 0, 32));
            check(differ(bytes), "zeros");
            return null;
        });
        for (String name : new String[] {"read0", "pread0", "readv0"}) {
            ask(FILE + name, "", "random", () -> {
                Object none = blank("sun/nio/ch/UnixFileDispatcherImpl");
                FileDescriptor source = opened(device, RDONLY);
                long room = room(32);
                Object count = switch (name) {
                    case "read0" -> call(FILE + name, none, source, room, 32);
                    case "pread0" -> call(FILE + name, none, source, room, 32, 0L);
                    default -> call(FILE + name, none, source, vector(room, 32), 1);
                };
                same(32L, ((Number) count).longValue());
                check(differ(textAt(room, 32).getBytes()), "zeros");
                return null;
            });
        }
    }

    private static boolean differ(byte[] bytes) {
        for (byte b : bytes) if (b != bytes[0]) return true;
        return false;
    }
}
