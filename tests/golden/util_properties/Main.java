import java.io.*;
import java.util.*;

public class Main {
    public static void main(String[] args) throws Exception {
        for (String k : new String[] {"java.version", "java.vendor", "java.home", "java.class.path", "java.vm.name", "java.io.tmpdir", "user.dir", "os.name", "os.arch", "os.version"}) System.out.print(k + "=" + (System.getProperty(k) != null) + " ");
        System.out.println();
        System.out.println(System.getProperty("java.specification.version") + " " + System.getProperty("java.class.version") + " " + System.getProperty("java.vm.specification.version") + " " + System.getProperty("file.separator") + System.getProperty("path.separator") + System.getProperty("line.separator").length() + " " + System.getProperty("file.encoding") + " " + System.getProperty("native.encoding") + " " + System.getProperty("sun.jnu.encoding") + " " + System.getProperty("user.language") + " " + System.getProperty("os.name"));
        System.out.println(System.getProperty("golden.given") + " " + System.getProperty("golden.empty").isEmpty() + " " + System.getProperty("golden.flag") + " " + System.getProperty("none") + System.getProperty("none", "default") + " " + Integer.getInteger("golden.number") + Long.getLong("golden.number", 1L) + Boolean.getBoolean("golden.flag") + Integer.getInteger("golden.given"));
        System.out.println(System.setProperty("mine", "1") + System.setProperty("mine", "2") + System.clearProperty("mine") + System.getProperty("mine"));
        for (Runnable r : new Runnable[] {() -> System.getProperty(""), () -> System.getProperty(null), () -> System.setProperty("x", null)}) {
            try {
                r.run();
            } catch (RuntimeException e) {
                System.out.println(e);
            }
        }
        Runtime rt = Runtime.getRuntime();
        System.out.println((rt.availableProcessors() > 0) + " " + (rt.totalMemory() > 0 && rt.freeMemory() > 0 && rt.maxMemory() >= rt.totalMemory()) + " " + Runtime.version().feature() + " " + Runtime.Version.parse("25.0.3+9-LTS").compareTo(Runtime.Version.parse("24")) + " " + Runtime.Version.parse("17.0.2").interim());
        long n = System.nanoTime(), m = System.currentTimeMillis();
        System.out.println((System.nanoTime() >= n) + " " + (System.currentTimeMillis() >= m) + " " + (m > 1_600_000_000_000L));
        Properties defaults = new Properties();
        defaults.setProperty("d", "def");
        Properties p = new Properties(defaults);
        p.load(new StringReader("a=1\nb : two\\\n   lines\nc\\=d\\ e   f\n#comment\n!x\n\\u0041=\\t\\n\\\\\nempty=\n  lead = trail  \nü=raw"));
        for (String k : new TreeSet<>(p.stringPropertyNames())) System.out.println("[" + k + "]=[" + p.getProperty(k) + "]");
        System.out.println(p.get("d") + " " + p.getProperty("d") + p.size() + p.containsKey("d") + p.getProperty("zz", "dd") + p.getOrDefault("q", 5));
        StringWriter w = new StringWriter();
        Properties one = new Properties();
        one.setProperty("key with=:", " value\tü\n#");
        one.store(w, "head");
        System.out.println(w.toString().lines().filter(l -> !l.startsWith("#") || l.equals("#head")).toList());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        one.store(out, null);
        System.out.println(out.toString().lines().filter(l -> !l.startsWith("#")).toList());
        Properties back = new Properties();
        back.load(new ByteArrayInputStream(out.toByteArray()));
        System.out.println(back.equals(one));
        try {
            new Properties().load(new StringReader("bad=\\u12"));
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        try {
            one.put("k", 5);
            one.store(new StringWriter(), null);
        } catch (ClassCastException e) {
            System.out.println("not a string");
        }
        System.out.println(one.getProperty("k") + " " + System.lineSeparator().equals("\n") + " " + System.identityHashCode(null));
    }
}
