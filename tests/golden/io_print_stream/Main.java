import java.io.*;
import java.nio.charset.*;
import java.util.*;

public class Main {
    public static void main(String[] args) throws Exception {
        PrintStream o = System.out;
        o.print(true);
        o.print('c');
        o.print(1);
        o.print(2L);
        o.print(3f);
        o.print(4d);
        o.print(new char[] {'x', 'y'});
        o.print((String) null);
        o.print((Object) null);
        o.println();
        o.println(false);
        o.println('ü');
        o.println(-1);
        o.println(Long.MAX_VALUE);
        o.println(1e-5f);
        o.println(1e21);
        o.println(new char[0]);
        o.println(new char[] {'€', '中'});
        o.println("str");
        o.println(List.of(1));
        o.append('a').append("bc").append("def", 1, 2).append(null).println();
        o.printf("%s %d%n", "fmt", 5).format(Locale.GERMANY, "%.1f%n", 1.5);
        o.write('W');
        o.write("bytes\n".getBytes());
        o.write("part".getBytes(), 1, 2);
        o.write(10);
        o.println("\ud83d\ude00 \ud800 lone");
        o.flush();
        System.err.println("to standard error ü");
        System.err.print("no newline;");
        System.err.printf(" %05d%n", 42);
        try {
            o.println((char[]) null);
        } catch (NullPointerException e) {
            o.println("NPE");
        }
        ByteArrayOutputStream buf = new ByteArrayOutputStream();
        PrintStream mine = new PrintStream(buf, true, StandardCharsets.UTF_16LE);
        System.setOut(mine);
        System.out.println("é");
        System.setOut(o);
        System.out.println(Arrays.toString(buf.toByteArray()) + " " + mine.charset() + " " + o.checkError());
        PrintStream failing = new PrintStream(new OutputStream() { public void write(int b) throws IOException { throw new IOException("disk full"); } });
        failing.println("x");
        System.out.println(failing.checkError());
        buf.reset();
        PrintStream noflush = new PrintStream(new BufferedOutputStream(buf, 100), false);
        noflush.print("kept");
        System.out.print(buf.size() + " ");
        noflush.flush();
        System.out.println(buf.size());
        noflush.close();
        noflush.print("after close");
        System.out.println(noflush.checkError() + " " + buf.size());
        StringBuilder big = new StringBuilder();
        for (int i = 0; i < 3000; i++) big.append((char) ('a' + i % 26));
        for (int i = 0; i < 5; i++) System.out.println(big.substring(i));
        for (int i = 0; i < 200; i++) System.out.print(i % 10);
        System.out.println();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream oldErr = System.err;
        System.setErr(new PrintStream(err, true));
        new IllegalStateException("printed").printStackTrace();
        System.setErr(oldErr);
        System.out.println(err.toString().lines().findFirst().get());
        System.out.println(System.out.charset() + " " + System.getProperty("file.encoding") + " " + Charset.defaultCharset() + " " + System.getProperty("stdout.encoding"));
        System.out.print("last line without newline");
    }
}
