import java.lang.management.ManagementFactory;

/** The machine, its users, processes, clocks, signals and terminal, and code that is not Java's. */
class MachineCases extends Natives {
    static final String BEAN = "com/sun/management/internal/OperatingSystemImpl";
    static final String VM = "sun/management/VMManagementImpl";
    static final String PROCESS = "java/lang/ProcessHandleImpl.";
    static final String INFO = "java/lang/ProcessHandleImpl$Info";
    static final String USERS = "sun/nio/fs/UnixNativeDispatcher.";
    static final String START = "java/lang/ProcessImpl.forkAndExec";
    /** A step of the coarse clock that the test gives. */
    static final long HOUR = 3_600_000;

    static void add() {
        machine();
        users();
        ids();
        processes();
        programs();
        clocks();
        rest();
    }

    static long fact(String name) {
        return Long.parseLong(facts.get(name));
    }

    static void machine() {
        Body processors = () -> (long) number("java/lang/Runtime.availableProcessors", Runtime.getRuntime());
        tell("java/lang/Runtime.availableProcessors", "", "sys.processors", v -> v.equals(1L), v -> v.equals(fact("processors")), processors);
        tell(VM + ".getAvailableProcessors", "", "sys.processors", v -> v.equals(1), v -> v.equals((int) fact("processors")),
            () -> call(VM + ".getAvailableProcessors", blank(VM)));
        for (String name : new String[] {".getHostConfiguredCpuCount0", ".getHostOnlineCpuCount0"}) {
            tell(BEAN + name, "", "sys.processors", v -> v.equals(1), v -> v.equals((int) fact("processors")),
                () -> call(BEAN + name, blank(BEAN)));
        }
        tell(BEAN + ".getTotalMemorySize0", "", "sys.memory", v -> v.equals(1L << 30), v -> v.equals(fact("memory")),
            () -> call(BEAN + ".getTotalMemorySize0", blank(BEAN)));
        amount(".getFreeMemorySize0", "sys.memory", 1);
        amount(".getTotalSwapSpaceSize0", "sys.memory", 0);
        amount(".getFreeSwapSpaceSize0", "sys.memory", 0);
        amount(".getCommittedVirtualMemorySize0", "sys.process", 1 << 20);
        amount(".getOpenFileDescriptorCount0", "sys.process", 3);
        amount(".getMaxFileDescriptorCount0", "sys.process", 3);
        amount(".getProcessCpuTime0", "sys.process", 1);
        amount(".getHostTotalCpuTicks0", "sys.cpu", 1);
        ask(BEAN + ".getCpuLoad0", "", "sys.cpu", () -> load(".getCpuLoad0"));
        ask(BEAN + ".getProcessCpuLoad0", "sys.processors", "sys.process", () -> load(".getProcessCpuLoad0"));
        // With one processor, as everybody has it, the load is another; what it is the share of is told nowhere.
        tell(BEAN + ".getProcessCpuLoad0", "sys.process", "sys.processors", v -> (double) v <= 1, v -> (double) v <= 1,
            () -> load(".getProcessCpuLoad0"));
        ask("jdk/internal/misc/Unsafe.getLoadAverage0", "", "sys.loadavg", () -> {
            double[] loads = {-1, -1, -1};
            same(3, call("jdk/internal/misc/Unsafe.getLoadAverage0", U, loads, 3));
            check(loads[0] >= 0 && loads[2] >= 0, loads[0]);
            return null;
        });
        String zone = "java/util/TimeZone.getSystemTimeZoneID", offset = "java/util/TimeZone.getSystemGMTOffsetID";
        tell(zone, "", "sys.timezone", v -> v.equals("UTC"), v -> v.equals("Asia/Tokyo"), () -> call(zone, null, "/"));
        tell(offset, "", "sys.timezone", v -> v.equals("GMT"), v -> v.equals(facts.get("offset")), () -> call(offset, null));
        property(22, "sys.os", "6.0", facts.get("release"));
        property(39, "sys.user", "user", facts.get("name"));
        property(1, "sys.locale", "en", "ja");
        property(37, "sys.directory", "/", folder);
        tell(USERS + "getcwd", "", "sys.directory", v -> v.equals("/"), v -> v.equals(folder), () -> new String((byte[]) call(USERS + "getcwd", null)));
    }

    static void property(int index, String grant, String neutral, String truth) {
        String name = "jdk/internal/util/SystemProps$Raw.platformProperties";
        tell(name, "", grant, v -> v.equals(neutral), v -> v.equals(truth), () -> ((String[]) call(name, null))[index]);
    }

    static void amount(String name, String grant, long least) {
        ask(BEAN + name, "", grant, () -> {
            long amount = (long) call(BEAN + name, blank(BEAN));
            check(amount >= least, amount);
            return null;
        });
    }

    static Object load(String name) throws Throwable {
        double load = (double) call(BEAN + name, blank(BEAN));
        check(load >= 0 && load <= 1, load);
        return load;
    }

    static void users() {
        ask(USERS + "getpwuid", "", "sys.user", () -> {
            same(facts.get("name"), new String((byte[]) call(USERS + "getpwuid", null, (int) fact("user"))));
            return null;
        });
        ask(USERS + "getpwnam0", "", "sys.user", () -> {
            same((int) fact("user"), call(USERS + "getpwnam0", null, text(facts.get("name"))));
            return null;
        });
        ask(USERS + "getgrgid", "", "sys.user", () -> {
            same("root", new String((byte[]) call(USERS + "getgrgid", null, 0)));
            return null;
        });
        ask(USERS + "getgrnam0", "", "sys.user", () -> {
            same(0, call(USERS + "getgrnam0", null, text("root")));
            return null;
        });
    }

    static void ids() {
        for (String name : new String[] {"getuid", "geteuid", "getgid", "getegid"}) {
            tell("jdk/internal/misc/VM." + name, "", "sys.user", v -> v.equals(1000L), v -> v.equals(fact(name)),
                () -> call("jdk/internal/misc/VM." + name, null));
        }
    }

    /** `stranger` is a process that the test has started, and this program has not. */
    static void processes() {
        for (String name : new String[] {VM + ".getProcessId", PROCESS + "getCurrentPid0"}) {
            Body body = () -> ((Number) (name.startsWith(VM) ? call(name, blank(VM)) : call(name, null))).longValue();
            tell(name, "", "sys.pid", v -> v.equals(1L), v -> !v.equals(1L), body);
        }
        // Its own number: which one that is, is neutral or the truth. That it is alive, it knows.
        tell(PROCESS + "isAlive0", "", "sys.pid", v -> v.equals(0L), v -> v.equals(0L), () -> call(PROCESS + "isAlive0", null, own()));
        tell(PROCESS + "parent0", "", "sys.pid", v -> v.equals(0L), v -> v.equals(0L), () -> call(PROCESS + "parent0", null, own(), 0L));
        tell(PROCESS + "getProcessPids0", "", "sys.pid", v -> v.equals(0), v -> v.equals(0),
            () -> call(PROCESS + "getProcessPids0", null, own(), new long[8], null, null));
        // With the grant for processes the truth about it is told, if it is its number.
        tell(INFO + ".info0", "sys.process+sys.user", "sys.pid", v -> true, v -> v.equals(facts.get("name")), () -> {
            Object found = blank(INFO);
            call(INFO + ".info0", found, own());
            return String.valueOf(field(found.getClass(), "user").get(found));
        });
        long stranger = fact("stranger");
        ask(PROCESS + "isAlive0", "", "sys.process", () -> {
            check((long) call(PROCESS + "isAlive0", null, stranger) > 0, "no beginning");
            return null;
        });
        ask(PROCESS + "parent0", "", "sys.process", () -> {
            same(fact("parent"), call(PROCESS + "parent0", null, stranger, 0L));
            return null;
        });
        ask(PROCESS + "getProcessPids0", "", "sys.process", () -> {
            long[] ids = new long[1 << 16];
            int count = number(PROCESS + "getProcessPids0", null, 0L, ids, null, null);
            for (int i = 0; i < count; i++) if (ids[i] == stranger) return null;
            throw new AssertionError("it is not among " + count);
        });
        Body info = () -> {
            Object found = blank(INFO);
            call(INFO + ".info0", found, stranger);
            same(facts.get("name"), field(found.getClass(), "user").get(found));
            return null;
        };
        ask(INFO + ".info0", "sys.user", "sys.process", info);
        ask(INFO + ".info0", "sys.process", "sys.user", info);
        ask(PROCESS + "destroy0", "", "run-all", () -> {
            same(true, call(PROCESS + "destroy0", null, fact("victim"), 0L, true));
            effect("ended");
            return null;
        });
    }

    static long own() throws Throwable {
        return (long) call(PROCESS + "getCurrentPid0", null);
    }

    static int start(String environment, String directory, int[] streams, String... words) throws Throwable {
        StringBuilder arguments = new StringBuilder();
        for (int i = 1; i < words.length; i++) arguments.append(words[i]).append('\0');
        byte[] block = environment == null ? null : (environment + "\0").getBytes();
        byte[] folder = directory == null ? null : (directory + "\0").getBytes();
        return number(START, blank("java/lang/ProcessImpl"), 2, null, (words[0] + "\0").getBytes(), arguments.toString().getBytes(),
            words.length - 1, block, block == null ? 0 : 1, folder, streams, false);
    }

    /** Starts a program that tells something, and reads that. */
    static String told(String environment, String directory, String... words) throws Throwable {
        int[] streams = {-1, -1, -1};
        int process = start(environment, directory, streams, words);
        String text = new String(new java.io.FileInputStream(descriptor(streams[1])).readAllBytes());
        same(0, call(PROCESS + "waitForProcessExit0", null, (long) process, true));
        return text;
    }

    static void programs() {
        ask(START, "", "run", () -> {
            same("said\n", told(null, null, "/bin/echo", "said"));
            return null;
        });
        ask(START, "run", "read", () -> {
            same(folder + "\n", told(null, folder, "/bin/pwd", "-P"));
            return null;
        });
        ask(START, "run", "env", () -> {
            check(told("CARAFE_NATIVES=other", null, "/usr/bin/env").contains("CARAFE_NATIVES=other\n"), "it is not there");
            return null;
        });
        use("run", () -> {
            int[] streams = {-1, -1, -1};
            long process = start(null, null, streams, "/bin/cat");
            check((long) call(PROCESS + "isAlive0", null, process) > 0, "it is not there");
            same((long) number(PROCESS + "waitForProcessExit0", null, 1L, false), -2L);
            check((long) call(PROCESS + "parent0", null, process, 0L) > 0, "no parent");
            long[] ids = new long[4];
            same(1, call(PROCESS + "getProcessPids0", null, (long) call(PROCESS + "getCurrentPid0", null), ids, null, null));
            same(process, ids[0]);
            Object info = blank(INFO);
            call(INFO + ".info0", info, process);
            check(((String) field(info.getClass(), "command").get(info)).endsWith("cat"), "another program");
            same(true, call(PROCESS + "destroy0", null, process, 0L, true));
            same(137, call(PROCESS + "waitForProcessExit0", null, process, true));
            return null;
        });
        String environ = "java/lang/ProcessEnvironment.environ";
        tell(environ, "", "env", v -> v.equals(0), v -> v.equals(2), () -> ((byte[][]) call(environ, null)).length);
    }

    /** Everybody has a clock; the test's coarse one goes in steps of an hour. */
    static void clocks() {
        time("java/lang/System.currentTimeMillis", 1, () -> call("java/lang/System.currentTimeMillis", null));
        time("java/lang/System.nanoTime", 1_000_000, () -> call("java/lang/System.nanoTime", null));
        time("jdk/internal/misc/VM.getNanoTimeAdjustment", 1_000_000, () -> call("jdk/internal/misc/VM.getNanoTimeAdjustment", null, 0L));
        time("jdk/internal/perf/Perf.highResCounter", 1_000_000, () -> call("jdk/internal/perf/Perf.highResCounter", blank("jdk/internal/perf/Perf")));
        time(VM + ".getStartupTime", 1, () -> call(VM + ".getStartupTime", blank(VM)));
        time(VM + ".getUptime0", 1, () -> call(VM + ".getUptime0", blank(VM)));
        time(VM + ".getTotalApplicationNonStoppedTime", 1, () -> call(VM + ".getTotalApplicationNonStoppedTime", blank(VM)));
        String threads = "sun/management/ThreadImpl.";
        for (String kind : new String[] {"Total", "User"}) {
            String one = threads + "getThread" + kind + "CpuTime0", many = threads + "getThread" + kind + "CpuTime1";
            time(one, 1_000_000, () -> {
                spend();
                return call(one, null, 0L);
            });
            time(many, 1_000_000, () -> {
                spend();
                long[] times = new long[1];
                call(many, null, new long[] {Thread.currentThread().threadId()}, times);
                return times[0];
            });
        }
        String collection = "com/sun/management/internal/GcInfoBuilder.getLastGcInfo0";
        time(collection, 1, () -> through(collection, () -> {
            System.gc();
            long latest = -1;
            for (var bean : ManagementFactory.getGarbageCollectorMXBeans()) {
                var last = ((com.sun.management.GarbageCollectorMXBean) bean).getLastGcInfo();
                if (last != null) latest = Math.max(latest, last.getEndTime());
            }
            return latest;
        }));
        String command = "com/sun/management/internal/DiagnosticCommandImpl";
        time(command + ".executeDiagnosticCommand", 1, () -> {
            String text = (String) call(command + ".executeDiagnosticCommand", blank(command), "VM.uptime");
            return (long) (Double.parseDouble(text.split(" ")[0]) * 1000);
        });
    }

    /** So much that even a clock that ticks seldom has seen it. */
    static void spend() {
        long end = System.nanoTime() + 60_000_000;
        if (granted.contains("coarse")) {
            for (long i = 0, x = 1; i < 3_000_000; i++) if ((x = x * 31 + i) == 7) say("x");
        } else {
            while (System.nanoTime() < end) Thread.onSpinWait();
        }
    }

    static void time(String name, long units, Body body) {
        long step = HOUR * units;
        cases.add(new Case(name, words("coarse"), "clock", body, v -> (long) v % step == 0, v -> true));
        use("", () -> {
            long time = (long) body.run();
            check(time > 0 && time % step != 0, name + " gave " + time);
            say("works", name, "clock");
            return null;
        });
    }

    static void rest() {
        ask("jdk/internal/loader/NativeLibraries.findBuiltinLib", "", "ffi", () -> {
            check(call("jdk/internal/loader/NativeLibraries.findBuiltinLib", null, "libother.so") == null, "it is built in");
            return null;
        });
        ask("jdk/internal/loader/RawNativeLibraries.load0", "", "ffi", () -> {
            String library = "jdk/internal/loader/RawNativeLibraries$RawNativeLibraryImpl";
            same(false, call("jdk/internal/loader/RawNativeLibraries.load0", null, blank(library), "/lib/libc.so.6"));
            return null;
        });
        int winch = 28;
        ask("jdk/internal/misc/Signal.handle0", "", "signal", () -> {
            same(0L, call("jdk/internal/misc/Signal.handle0", null, winch, 1L));
            same(1L, call("jdk/internal/misc/Signal.handle0", null, winch, 0L));
            return null;
        });
        ask("jdk/internal/misc/Signal.raise0", "", "signal", () -> call("jdk/internal/misc/Signal.raise0", null, winch));
        ask("jdk/internal/io/JdkConsoleImpl.echo", "", "terminal", () -> {
            same(true, call("jdk/internal/io/JdkConsoleImpl.echo", null, false));
            same(false, call("jdk/internal/io/JdkConsoleImpl.echo", null, true));
            return null;
        });
    }
}
