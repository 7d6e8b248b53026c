import java.io.*;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.*;
import java.util.*;

public class Main {
    static String text(InputStream in) throws IOException {
        return new String(in.readAllBytes()).replace("\n", "|");
    }

    static void show(String what, ProcessBuilder builder) throws Exception {
        Process p = builder.start();
        p.getOutputStream().close();
        String out = text(p.getInputStream()), err = text(p.getErrorStream());
        System.out.println(what + ": " + p.waitFor() + " out=" + out + " err=" + err);
    }

    static void fails(String what, ProcessBuilder builder) {
        try {
            builder.start();
            System.out.println(what + ": started");
        } catch (Exception e) {
            System.out.println(what + ": " + e);
            for (Throwable c = e.getCause(); c != null; c = c.getCause()) System.out.println("  by " + c);
        }
    }

    static ProcessBuilder sh(String script, String... args) {
        List<String> words = new ArrayList<>(List.of("sh", "-c", script));
        words.addAll(List.of(args));
        return new ProcessBuilder(words);
    }

    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory("proc").toRealPath();
        try {
            arguments(folder);
            environment(folder);
            redirects(folder);
            failures(folder);
            conversation();
        } finally {
            try (var all = Files.walk(folder)) {
                for (Path p : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(p);
            }
        }
    }

    static void arguments(Path folder) throws Exception {
        show("echo", new ProcessBuilder("echo", "a", "", "b c", "*", "$HOME", "\u00e9\u4e16"));
        show("both", sh("echo out; echo err >&2; exit 3"));
        show("merged", sh("echo out; echo err >&2; exit 3").redirectErrorStream(true));
        show("zero", sh("echo $0 $# \"$@\"", "name", "x", "y z"));
        show("empty", sh(""));
        show("absolute", new ProcessBuilder("/bin/echo", "x"));
        show("folder", sh("pwd -P").directory(folder.toFile()) .redirectErrorStream(false)
            .command("sh", "-c", "test \"$(pwd -P)\" = '" + folder + "' && echo same"));
        Path script = Files.writeString(folder.resolve("script"), "echo a script of $0 with $#\n");
        script.toFile().setExecutable(true);
        Process p = new ProcessBuilder(script.toString(), "1", "2").start();
        System.out.println("script: " + text(p.getInputStream()).replace(folder.toString(), "FOLDER") + " " + p.waitFor());
        Process q = new ProcessBuilder("./script", "1").directory(folder.toFile()).start();
        System.out.println("here: " + text(q.getInputStream()) + " " + q.waitFor());
    }

    static void environment(Path folder) throws Exception {
        ProcessBuilder b = new ProcessBuilder("/usr/bin/env");
        b.environment().clear();
        b.environment().put("ONE", "1");
        show("one", b);
        b.environment().put("ONE", "=x=");
        show("equals", b);
        b.environment().clear();
        show("none", b);
        ProcessBuilder all = sh("echo $EXTRA $LC_ALL $TZ");
        all.environment().put("EXTRA", "more");
        System.out.println(all.environment().get("TZ") + " " + all.environment().containsKey("NONE"));
        show("inherited", all);
        try {
            b.environment().put("A=B", "x");
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        try {
            b.environment().put(null, "x");
        } catch (NullPointerException e) {
            System.out.println("null refused");
        }
    }

    static void redirects(Path folder) throws Exception {
        File in = folder.resolve("in").toFile(), out = folder.resolve("out").toFile(), err = folder.resolve("err").toFile();
        Files.writeString(in.toPath(), "line 1\nline 2\n");
        ProcessBuilder b = sh("cat; echo error >&2").redirectInput(in).redirectOutput(out).redirectError(err);
        Process p = b.start();
        System.out.println("files: " + p.waitFor() + " " + Files.readAllLines(out.toPath()) + Files.readAllLines(err.toPath()));
        System.out.println(p.getInputStream().read() + " " + p.getErrorStream().read() + " " + p.getInputStream().available());
        try {
            p.getOutputStream().write(1);
            System.out.println("written");
        } catch (IOException e) {
            System.out.println(e);
        }
        b.redirectOutput(Redirect.appendTo(out)).redirectError(Redirect.appendTo(err));
        System.out.println("appended: " + b.start().waitFor() + " " + Files.readAllLines(out.toPath()));
        b.redirectOutput(Redirect.DISCARD).redirectErrorStream(true);
        show("discarded", b);
        b.redirectOutput(out);
        System.out.println("merged to file: " + b.start().waitFor() + " " + Files.readAllLines(out.toPath()));
        System.out.println(b.redirectInput() .type() + " " + b.redirectOutput().type() + " " + b.redirectError().type());
        System.out.println("inherited:");
        System.out.flush();
        System.out.println(sh("echo straight; echo to the error stream >&2").inheritIO().start().waitFor());
        show("input of nothing", new ProcessBuilder("cat").redirectInput(Redirect.from(new File("/dev/null"))));
        show("inherited input", new ProcessBuilder("cat").redirectInput(Redirect.INHERIT));
        fails("no input", new ProcessBuilder("cat").redirectInput(new File("/nowhere/in")));
        fails("no output", new ProcessBuilder("cat").redirectOutput(new File("/nowhere/out")));
        fails("read for write", new ProcessBuilder("cat").redirectError(new File("/")));
        try {
            new ProcessBuilder("cat").redirectInput(Redirect.to(new File("in")));
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
    }

    static void failures(Path folder) throws Exception {
        fails("missing", new ProcessBuilder("no-such-program-anywhere", "x"));
        fails("missing path", new ProcessBuilder("/nowhere/program"));
        fails("folder", new ProcessBuilder("/"));
        fails("no program", new ProcessBuilder(""));
        fails("not executable", new ProcessBuilder("/etc/passwd"));
        fails("below a file", new ProcessBuilder("/etc/passwd/x"));
        fails("no directory", new ProcessBuilder("echo").directory(new File("/nowhere")));
        fails("file as directory", new ProcessBuilder("echo").directory(new File("/etc/passwd")));
        fails("nul", new ProcessBuilder("ec\0ho"));
        fails("nul in argument", new ProcessBuilder("echo", "a\0"));
        fails("null", new ProcessBuilder("echo", null));
        fails("empty list", new ProcessBuilder(List.of()));
        fails("too long", new ProcessBuilder("echo", "x".repeat(3_000_000)));
        Path bad = Files.write(folder.resolve("bad"), new byte[] {0x7f, 'E', 'L', 'F', 1, 2, 3});
        bad.toFile().setExecutable(true);
        Process p = new ProcessBuilder(bad.toString()).redirectErrorStream(true).start();
        p.getInputStream().readAllBytes();
        System.out.println("no program inside: " + (p.waitFor() != 0));
        Path interpreter = Files.writeString(folder.resolve("odd"), "#!/nowhere/interpreter\n");
        interpreter.toFile().setExecutable(true);
        try {
            new ProcessBuilder(interpreter.toString()).start();
        } catch (IOException e) {
            System.out.println(e.getMessage().replace(folder.toString(), "FOLDER"));
        }
    }

    /** Both directions, more than a pipe holds. */
    static void conversation() throws Exception {
        Process p = new ProcessBuilder("cat").start();
        byte[] block = new byte[100_000];
        for (int i = 0; i < block.length; i++) block[i] = (byte) (i * 31);
        Thread writer = new Thread(() -> {
            try (OutputStream out = p.getOutputStream()) {
                for (int i = 0; i < 5; i++) out.write(block);
            } catch (IOException e) {
                System.out.println(e);
            }
        });
        writer.start();
        byte[] back = p.getInputStream().readAllBytes();
        writer.join();
        boolean same = back.length == 500_000;
        for (int i = 0; i < back.length && same; i++) same = back[i] == block[i % block.length];
        System.out.println("conversation: " + same + " " + p.waitFor());
        Process lines = sh("while read x; do echo got $x; done").start();
        try (BufferedWriter w = lines.outputWriter(); BufferedReader r = lines.inputReader()) {
            for (String word : List.of("one", "two")) {
                w.write(word + "\n");
                w.flush();
                System.out.println(r.readLine());
            }
        }
        System.out.println("end " + lines.waitFor());
        Process deaf = sh("exec <&-; echo closed; sleep 0.1").start();
        deaf.getInputStream().read();
        try {
            OutputStream out = deaf.getOutputStream();
            for (int i = 0; i < 100; i++) {
                out.write(block);
                out.flush();
            }
            System.out.println("written");
        } catch (IOException e) {
            System.out.println("nobody reads: " + e.getMessage());
        }
        deaf.waitFor();
        System.out.println("left over: " + text(deaf.getInputStream()));
    }
}
