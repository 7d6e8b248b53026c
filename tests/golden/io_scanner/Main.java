import java.io.*;
import java.math.*;
import java.util.*;
import java.util.regex.*;
import java.util.stream.*;

public class Main {
    static void t(String what, java.util.function.Supplier<Object> r) {
        try {
            System.out.println(what + ": " + r.get());
        } catch (RuntimeException e) {
            System.out.println(what + ": " + e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }

    public static void main(String[] args) {
        Scanner s = new Scanner("12 -7 3.5 1e3 true word 0xff 99999999999 12345678901234567890 1.25 rest of line\n\nnext line\n").useLocale(Locale.ROOT);
        System.out.println(s.nextInt() + " " + s.nextByte() + " " + s.nextDouble() + " " + s.nextFloat() + " " + s.nextBoolean() + " " + s.next() + " " + s.hasNextInt() + " " + s.next() + " " + s.hasNextInt() + s.nextLong() + " " + s.nextBigInteger() + " " + s.nextBigDecimal() + "|" + s.nextLine() + "|" + s.nextLine() + "|" + s.nextLine() + "|" + s.hasNextLine());
        t("exhausted", s::next);
        t("no line", s::nextLine);
        Scanner m = new Scanner("abc 300");
        t("mismatch", m::nextInt);
        t("still there", m::next);
        t("byte range", m::nextByte);
        t("as int", m::nextInt);
        Scanner c = new Scanner("a,b;;c , d").useDelimiter("\\s*[,;]\\s*");
        System.out.println(c.tokens().toList() + " " + c.delimiter());
        System.out.println(new Scanner("ff 10 -7f").useRadix(16).tokens().map(x -> Integer.parseInt(x, 16)).toList() + " " + new Scanner("zz").nextInt(36) + " " + new Scanner("1.234,5").useLocale(Locale.GERMANY).nextDouble() + " " + new Scanner("1,234").useLocale(Locale.US).nextInt());
        Scanner f = new Scanner("key1=val1 key22=val22 tail");
        System.out.println(f.findInLine("(\\w+)=(\\w+)") + " " + f.match().group(2) + " " + f.findWithinHorizon("\\d+", 3) + " " + f.findWithinHorizon("\\d+", 0) + " " + f.hasNext(Pattern.compile("=.*")) + " " + f.next() + f.nextLine());
        t("skip", () -> new Scanner("   x").skip("\\s*").next());
        t("skip fails", () -> new Scanner("y").skip("x"));
        System.out.println(new Scanner("a1b22c").findAll("\\d+").map(MatchResult::group).collect(Collectors.joining("+")) + " " + new Scanner("1 2 3").tokens().mapToInt(Integer::parseInt).sum());
        Scanner closed = new Scanner("x");
        closed.close();
        t("closed", closed::hasNext);
        Scanner big = new Scanner(new StringReader(IntStream.range(0, 500).mapToObj(Integer::toString).collect(Collectors.joining("\n"))));
        long sum = 0;
        while (big.hasNextInt()) sum += big.nextInt();
        System.out.println(sum);
        System.out.println(new Scanner(new ByteArrayInputStream("ünï\u2028two\u0085three".getBytes(java.nio.charset.StandardCharsets.UTF_8)), java.nio.charset.StandardCharsets.UTF_8).nextLine() + " " + new Scanner(System.in).hasNext());
        StringTokenizer st = new StringTokenizer("a b\tc,d", " \t");
        StringBuilder sb = new StringBuilder().append(st.countTokens());
        while (st.hasMoreTokens()) sb.append('[').append(st.nextToken()).append(']');
        StringTokenizer d = new StringTokenizer("1+2-3", "+-", true);
        while (d.hasMoreElements()) sb.append(d.nextElement());
        StringTokenizer chg = new StringTokenizer("a:b;c");
        sb.append(chg.nextToken(":")).append(chg.nextToken(";"));
        System.out.println(sb);
        t("no token", st::nextToken);
        StringJoiner j = new StringJoiner(", ", "{", "}").setEmptyValue("EMPTY");
        System.out.println(j + " " + j.add("a").add(null).length() + j + " " + j.merge(new StringJoiner("-").add("x").add("y")));
    }
}
