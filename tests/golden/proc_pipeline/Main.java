import java.io.*;
import java.lang.ProcessBuilder.Redirect;
import java.util.*;
import java.util.concurrent.*;
import java.util.stream.*;

public class Main {
    static String text(Process p) throws IOException {
        return new String(p.getInputStream().readAllBytes()).replace("\n", "|");
    }

    public static void main(String[] args) throws Exception {
        pipelines();
        runtime();
        many();
        threads();
    }

    static ProcessBuilder of(String... words) {
        return new ProcessBuilder(words);
    }

    static void pipelines() throws Exception {
        List<Process> all = ProcessBuilder.startPipeline(
            List.of(of("sh", "-c", "for i in 3 1 2 1; do echo $i; done"), of("sort"), of("uniq", "-c"), of("tr", "-d", " ")));
        System.out.println(all.size() + " " + text(all.getLast()));
        for (Process p : all) System.out.print(p.waitFor() + " ");
        System.out.println(all.getFirst().getInputStream().read() + " " + all.get(1).getOutputStream().getClass().getSimpleName());
        List<Process> fed = ProcessBuilder.startPipeline(List.of(of("cat"), of("tr", "a-z", "A-Z")));
        try (Writer w = fed.getFirst().outputWriter()) {
            w.write("through both");
        }
        System.out.println(text(fed.getLast()));
        List<Process> failing = ProcessBuilder.startPipeline(
            List.of(of("sh", "-c", "echo said; exit 4"), of("sh", "-c", "cat; echo wrong >&2; exit 5").redirectErrorStream(true)));
        System.out.println(text(failing.getLast()) + " " + failing.get(0).waitFor() + " " + failing.get(1).waitFor());
        for (List<ProcessBuilder> bad : List.of(
                List.of(of("echo"), of("cat").redirectInput(Redirect.INHERIT)),
                List.of(of("echo").redirectOutput(Redirect.DISCARD), of("cat")),
                List.of(of("echo", "x"), of("no-such-program")))) {
            try {
                ProcessBuilder.startPipeline(bad);
                System.out.println("started");
            } catch (Exception e) {
                System.out.println(e);
            }
        }
        System.out.println(ProcessBuilder.startPipeline(List.of()).size());
    }

    @SuppressWarnings("deprecation")
    static void runtime() throws Exception {
        Runtime r = Runtime.getRuntime();
        System.out.println(text(r.exec("echo one  two\tthree")));
        System.out.println(text(r.exec(new String[] {"sh", "-c", "echo $A-$B"}, new String[] {"A=1", "B=2", "A=3", "noequals"})));
        System.out.println(text(r.exec(new String[] {"pwd"}, null, new File("/"))));
        System.out.println(text(r.exec("env", new String[0])));
        for (String bad : new String[] {"", " ", "no-such-program x"}) {
            try {
                r.exec(bad);
            } catch (Exception e) {
                System.out.println(e);
            }
        }
    }

    static void many() throws Exception {
        for (int round = 0; round < 5; round++) {
            List<Process> all = new ArrayList<>();
            for (int i = 0; i < 10; i++) all.add(of("echo", round + "." + i).start());
            System.out.println(all.stream().map(p -> {
                try {
                    return text(p) + p.waitFor();
                } catch (Exception e) {
                    return e.toString();
                }
            }).collect(Collectors.joining(" ")));
        }
    }

    static void threads() throws Exception {
        for (boolean virtual : new boolean[] {false, true}) {
            try (ExecutorService pool = virtual ? Executors.newVirtualThreadPerTaskExecutor() : Executors.newFixedThreadPool(4)) {
                List<Future<String>> all = new ArrayList<>();
                for (int i = 0; i < 12; i++) {
                    int n = i;
                    all.add(pool.submit(() -> {
                        Process p = of("sh", "-c", "read x; echo $x; exit " + n).start();
                        try (Writer w = p.outputWriter()) {
                            w.write("to " + n + "\n");
                        }
                        return text(p) + p.waitFor();
                    }));
                }
                for (Future<String> one : all) System.out.print(one.get() + " ");
                System.out.println();
            }
        }
    }
}
