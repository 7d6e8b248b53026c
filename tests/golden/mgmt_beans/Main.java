import com.sun.management.DiagnosticCommandMBean;
import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.lang.management.RuntimeMXBean;
import java.util.Arrays;
import java.util.TreeSet;
import javax.management.MBeanServer;
import javax.management.NotificationEmitter;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;

public class Main {
    static byte[][] kept;

    static class Marker {}

    static void check(String what, boolean holds) {
        System.out.println(what + ": " + holds);
    }

    static boolean sane(MemoryUsage usage) {
        return usage.getUsed() >= 0 && usage.getCommitted() >= usage.getUsed() && (usage.getMax() == -1 || usage.getMax() >= usage.getCommitted());
    }

    public static void main(String[] args) throws Exception {
        // Memory.
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        check("heap is sane", sane(memory.getHeapMemoryUsage()));
        check("other memory is sane", sane(memory.getNonHeapMemoryUsage()) && memory.getNonHeapMemoryUsage().getUsed() > 100_000);
        check("the limit", memory.getHeapMemoryUsage().getMax() <= 64L << 20 && memory.getHeapMemoryUsage().getMax() > 48L << 20);
        memory.gc();
        long before = memory.getHeapMemoryUsage().getUsed();
        kept = new byte[16][1 << 20];
        memory.gc();
        long with = memory.getHeapMemoryUsage().getUsed();
        check("what is allocated is seen", with - before >= 15L << 20);
        kept = null;
        memory.gc();
        check("what is freed is seen", with - memory.getHeapMemoryUsage().getUsed() >= 15L << 20);
        check("finalization", memory.getObjectPendingFinalizationCount() >= 0);

        long sum = 0, peaks = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (!pool.isValid() || !sane(pool.getUsage()) || !sane(pool.getPeakUsage())) System.out.println("insane " + pool.getName());
            if (pool.getType() == java.lang.management.MemoryType.HEAP) peaks += pool.getPeakUsage().getUsed();
            if (pool.getName().equals("Metaspace")) sum += pool.getUsage().getUsed();
            pool.resetPeakUsage();
        }
        check("metaspace and peaks", sum > 100_000 && peaks >= 15L << 20);

        // Collectors.
        long count = 0, time = 0;
        for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
            count += gc.getCollectionCount();
            time += gc.getCollectionTime();
            var info = ((com.sun.management.GarbageCollectorMXBean) gc).getLastGcInfo();
            if (gc.getCollectionCount() > 0 != (info != null)) System.out.println("no info of " + gc.getName());
            if (info != null && (info.getEndTime() < info.getStartTime() || info.getMemoryUsageAfterGc().isEmpty())) System.out.println(info);
        }
        check("collections", count >= 3 && time >= 0 && ManagementFactory.getGarbageCollectorMXBeans().size() >= 2);

        // The machine.
        RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
        check("pid", runtime.getPid() == ProcessHandle.current().pid() && runtime.getName().startsWith(runtime.getPid() + "@"));
        check("times", runtime.getUptime() > 0 && Math.abs(System.currentTimeMillis() - runtime.getStartTime() - runtime.getUptime()) < 5000);
        System.out.println(runtime.getSpecVersion() + " " + runtime.getManagementSpecVersion() + " " + runtime.getInputArguments().contains("-Xmx64m") + " " + runtime.isBootClassPathSupported());
        ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
        int loaded = classes.getLoadedClassCount();
        new Object() {}.getClass();
        check("classes", loaded > 300 && classes.getTotalLoadedClassCount() > loaded && classes.getUnloadedClassCount() == 0 && !classes.isVerbose());
        UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        check("system", system.getAvailableProcessors() == Runtime.getRuntime().availableProcessors() && system.getArch().equals("amd64") && system.getName().equals("Linux"));
        check("cpu", system.getProcessCpuTime() > 0 && between(system.getProcessCpuLoad()) && between(system.getCpuLoad()) && system.getSystemLoadAverage() >= 0);
        check("files", system.getOpenFileDescriptorCount() > 2 && system.getMaxFileDescriptorCount() >= system.getOpenFileDescriptorCount());
        check("memory", system.getTotalMemorySize() > system.getFreeMemorySize() && system.getFreeMemorySize() > 0
            && system.getCommittedVirtualMemorySize() > 1 << 20 && system.getTotalSwapSpaceSize() >= system.getFreeSwapSpaceSize());

        // The server.
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        TreeSet<String> names = new TreeSet<>();
        for (ObjectName name : server.queryNames(null, null)) {
            String type = name.getKeyProperty("type");
            if (name.getDomain().startsWith("java.lang") && !type.startsWith("Memory") && !type.equals("GarbageCollector") && !type.equals("Compilation")) names.add(name.toString());
        }
        System.out.println(names);
        ObjectName commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
        Marker[] markers = {new Marker(), new Marker(), new Marker()};
        String histogram = (String) server.invoke(commands, "gcClassHistogram", new Object[] {new String[0]}, new String[] {String[].class.getName()});
        histogram.lines().limit(2).forEach(System.out::println);
        for (String line : histogram.lines().toList()) {
            if (line.endsWith(" Main$Marker") || line.endsWith(" [LMain$Marker;")) System.out.println(line.trim().split(" +")[1] + " of " + line.trim().split(" +")[3]);
        }
        String[] parts = histogram.lines().toList().getLast().split(" +");
        check("total of " + markers.length, parts[0].equals("Total") && parts.length == 3);
        check("run", server.invoke(commands, "gcRun", null, null).equals(""));
        String dump = (String) server.invoke(commands, "threadPrint", new Object[] {new String[0]}, new String[] {String[].class.getName()});
        check("threads", dump.contains("\"main\" #") && dump.contains("at Main.main("));
        try {
            server.invoke(commands, "gcClassHistogram", new Object[] {new String[] {"-what"}}, new String[] {String[].class.getName()});
        } catch (Exception e) {
            System.out.println(e.getCause() == null ? e.getClass() : e.getCause().getClass());
        }
        try {
            server.invoke(commands, "noSuchThing", null, null);
        } catch (Exception e) {
            System.out.println(e.getClass() + " " + e.getCause().getMessage());
        }
        HotSpotDiagnosticMXBean diagnostic = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        check("flag", diagnostic.getVMOption("MaxHeapSize").getValue().equals("67108864") && !diagnostic.getVMOption("MaxHeapSize").isWriteable());
        check("beans", ManagementFactory.getPlatformManagementInterfaces().stream().mapToInt(kind -> ManagementFactory.getPlatformMXBeans(kind).size()).sum() > 10);
        var told = new java.util.concurrent.ArrayBlockingQueue<String>(100);
        for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
            ((NotificationEmitter) gc).addNotificationListener((notification, back) -> {
                var info = GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData());
                if (info.getGcCause().equals("System.gc()")) {
                    told.offer(notification.getType() + " " + info.getGcAction() + " " + (info.getGcInfo().getDuration() >= 0) + " " + info.getGcInfo().getMemoryUsageAfterGc().isEmpty());
                }
            }, null, null);
        }
        System.gc();
        System.out.println(told.take());
        check("command bean", server.isInstanceOf(commands, DiagnosticCommandMBean.class.getName()));
    }

    static boolean between(double load) {
        return load >= 0 && load <= 1;
    }
}
