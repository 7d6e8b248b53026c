import java.io.*;
import java.util.*;
import java.util.logging.*;

public class Main {
    static class Lines extends java.util.logging.Formatter {
        @Override public String format(LogRecord r) { return r.getLevel() + "|" + r.getLoggerName() + "|" + formatMessage(r) + "|" + (r.getThrown() == null ? "" : r.getThrown().getMessage()) + "\n"; }
        @Override public String getHead(Handler h) { return "<head>\n"; }
        @Override public String getTail(Handler h) { return "<tail>\n"; }
    }

    public static void main(String[] args) throws Exception {
        Logger root = Logger.getLogger("");
        Logger log = Logger.getLogger("app.module");
        log.info("to the console");
        log.fine("invisible");
        log.log(Level.WARNING, "with {0} and {1}", new Object[] {"first", 2});
        log.log(Level.SEVERE, "thrown", new IllegalStateException("boom") { @Override public void printStackTrace(PrintWriter w) { w.println("trace of " + getMessage()); } });
        log.warning(() -> "supplied");
        System.out.println(root.getHandlers().length + " " + root.getLevel() + " " + log.getLevel() + " " + log.isLoggable(Level.FINE) + log.isLoggable(Level.INFO) + " " + log.getParent().getName().isEmpty() + log.getUseParentHandlers());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StreamHandler h = new StreamHandler(out, new Lines());
        h.setLevel(Level.ALL);
        log.addHandler(h);
        log.setUseParentHandlers(false);
        log.setLevel(Level.FINER);
        log.finer("finer {0}");
        log.finest("not this");
        log.entering("Cls", "meth", new Object[] {1, "x"});
        log.exiting("Cls", "meth", 5);
        log.throwing("Cls", "meth", new Exception("thr"));
        log.log(Level.CONFIG, "one {0}", "arg");
        log.logp(Level.INFO, "C", "m", "logp");
        Logger child = Logger.getLogger("app.module.child");
        child.info("from the child");
        child.setFilter(r -> !r.getMessage().contains("secret"));
        child.info("a secret");
        child.info("no problem");
        MemoryHandler mem = new MemoryHandler(h, 2, Level.SEVERE);
        Logger m = Logger.getLogger("mem");
        m.setUseParentHandlers(false);
        m.addHandler(mem);
        for (int i = 0; i < 4; i++) m.info("buffered " + i);
        m.severe("push");
        h.close();
        System.out.print(out);
        System.out.println(Level.parse("800") + " " + Level.parse("SEVERE").intValue() + " " + Level.WARNING.getLocalizedName() + " " + (Level.FINE.intValue() < Level.INFO.intValue()));
        try {
            Level.parse("LOUD");
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        LogRecord r = new LogRecord(Level.INFO, "msg");
        r.setInstant(java.time.Instant.ofEpochSecond(0));
        r.setSourceClassName("Src");
        r.setSourceMethodName("m");
        System.out.print(new SimpleFormatter().format(r));
        String xml = new XMLFormatter().format(r);
        System.out.println(xml.contains("<message>msg</message>") + " " + xml.contains("<class>Src</class>"));
        Logger anon = Logger.getAnonymousLogger();
        System.out.println(anon.getName() + " " + (Logger.getLogger("app.module") == log) + " " + LogManager.getLogManager().getLogger("nope"));
        LogManager.getLogManager().readConfiguration(new ByteArrayInputStream("handlers=java.util.logging.ConsoleHandler\n.level=SEVERE\nq.level=FINE\njava.util.logging.ConsoleHandler.level=FINE\n".getBytes()));
        Logger q = Logger.getLogger("q");
        q.fine("after reconfiguration");
        Logger.getLogger("z").warning("silenced");
        System.getLogger("sys").log(System.Logger.Level.ERROR, "system logger {0}", 7);
    }
}
