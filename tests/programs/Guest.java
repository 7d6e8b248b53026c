import java.io.*;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.*;
import java.util.*;
import java.util.concurrent.TimeUnit;

/** Does what the first argument names, and prints what came of it. */
public class Guest {
    interface Attempt {
        Object run() throws Throwable;
    }

    static void attempt(String what, Attempt attempt) {
        String outcome;
        try {
            outcome = "gave " + attempt.run();
        } catch (Throwable t) {
            outcome = t.getClass().getName() + ": " + t.getMessage();
        }
        System.out.println(what + ": " + outcome);
    }

    static String run(ProcessBuilder builder) throws Exception {
        Process p = builder.redirectErrorStream(true).start();
        p.getOutputStream().close();
        String text = new String(p.getInputStream().readAllBytes()).strip().replace('\n', '|');
        return text + " " + p.waitFor();
    }

    public static void main(String[] args) throws Throwable {
        String[] rest = Arrays.copyOfRange(args, 1, args.length);
        switch (args[0]) {
            case "run" -> attempt("run", () -> run(new ProcessBuilder(rest)));
            case "every" -> every();
            case "with" -> {
                // A variable, then the command.
                String[] words = Arrays.copyOfRange(rest, 1, rest.length);
                ProcessBuilder b = new ProcessBuilder(words);
                b.environment().put(rest[0].split("=", 2)[0], rest[0].split("=", 2)[1]);
                attempt("with", () -> run(b));
            }
            case "bare" -> {
                ProcessBuilder b = new ProcessBuilder(rest);
                b.environment().clear();
                attempt("bare", () -> run(b));
            }
            case "redirect" -> {
                attempt("from", () -> run(new ProcessBuilder("cat").redirectInput(new File(rest[0]))));
                attempt("to", () -> new ProcessBuilder("echo", "x").redirectOutput(new File(rest[1])).start().waitFor());
                attempt("append", () -> new ProcessBuilder("echo", "x").redirectError(Redirect.appendTo(new File(rest[1]))).start().waitFor());
                attempt("folder", () -> run(new ProcessBuilder("pwd").directory(new File(rest[0]).getParentFile())));
            }
            case "children" -> children();
            case "foreign" -> {
                long id = Long.parseLong(rest[0]);
                attempt("of", () -> ProcessHandle.of(id).isPresent());
                attempt("destroy", () -> ProcessHandle.of(id).get().destroy());
                attempt("all", () -> ProcessHandle.allProcesses().count() > 0);
            }
            case "sleep" -> {
                Process p = new ProcessBuilder("sleep", "1000").start();
                System.out.println(p.pid());
                p.waitFor();
            }
            case "crowded" -> {
                // As many files as there may be, but for the first pipes of a process.
                List<FileInputStream> open = new ArrayList<>();
                try {
                    while (true) open.add(new FileInputStream("/dev/null"));
                } catch (IOException e) {
                    open.removeLast().close();
                    open.removeLast().close();
                }
                attempt("crowded", () -> new ProcessBuilder("sleep", "1000").start());
                System.out.println(ProcessHandle.current().children().count());
                open.removeLast().close();
                attempt("room", () -> run(new ProcessBuilder("true")));
            }
            case "reopen" -> reopen();
            case "lost" -> {
                // The test ends the process that starts programs when it reads this line.
                Process before = new ProcessBuilder("sleep", "0.5").start();
                System.out.println("ready");
                System.in.read();
                attempt("after", () -> run(new ProcessBuilder("true")));
                attempt("again", () -> run(new ProcessBuilder("true")));
                attempt("before", () -> before.waitFor());
            }
            case "many" -> {
                for (int i = 0; i < 300; i++) new ProcessBuilder("true").start().waitFor();
                System.out.println("done");
                System.in.read();
            }
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    static void every() {
        attempt("start", () -> new ProcessBuilder("true").start());
        attempt("absent", () -> new ProcessBuilder("no-such-program").start());
        attempt("path", () -> new ProcessBuilder("/bin/true").start());
        attempt("exec", () -> Runtime.getRuntime().exec(new String[] {"true"}));
        attempt("pipeline", () -> ProcessBuilder.startPipeline(List.of(new ProcessBuilder("true"), new ProcessBuilder("true"))));
        attempt("all", () -> ProcessHandle.allProcesses().count());
        attempt("of", () -> ProcessHandle.of(2));
        attempt("parent", () -> ProcessHandle.current().parent());
        attempt("thread", () -> {
            Throwable[] caught = new Throwable[1];
            Thread t = Thread.ofVirtual().start(() -> {
                try {
                    new ProcessBuilder("true").start();
                } catch (Throwable e) {
                    caught[0] = e;
                }
            });
            t.join();
            throw caught[0];
        });
    }

    static void children() throws Exception {
        ProcessHandle me = ProcessHandle.current();
        Process p = new ProcessBuilder("cat").start();
        ProcessHandle h = p.toHandle();
        attempt("alive", () -> h.isAlive() + " " + h.info().command().get() + " " + Arrays.toString(h.info().arguments().get()));
        attempt("child", () -> me.children().anyMatch(h::equals) + " " + h.parent().get().equals(me) + " " + me.children().count());
        attempt("destroy", () -> h.destroy());
        attempt("code", () -> p.waitFor());
        attempt("gone", () -> h.isAlive() + " " + h.destroy() + " " + me.children().count());
        attempt("timeout", () -> {
            Process q = new ProcessBuilder("cat").start();
            boolean done = q.waitFor(20, TimeUnit.MILLISECONDS);
            return done + " " + q.destroyForcibly().waitFor();
        });
        attempt("exit", () -> new ProcessBuilder("cat").redirectInput(Redirect.from(new File("/dev/null"))).start().onExit().get().exitValue());
    }

    /** Starts, reads and ends many times, so that what is left open would show. */
    static void reopen() throws Exception {
        for (int i = 0; i < 200; i++) run(new ProcessBuilder("echo", "x"));
        System.out.println("reopened");
    }
}
