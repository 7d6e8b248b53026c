import java.util.*;

public class Main {
    static void f(String fmt, Object... a) {
        try {
            System.out.println("[" + String.format(Locale.ROOT, fmt, a) + "]");
        } catch (IllegalFormatException e) {
            System.out.println(fmt + ": " + e);
        }
    }

    record Fmt(String s) implements Formattable {
        public void formatTo(Formatter f, int flags, int width, int precision) {
            f.format("<%s %d %d %d>", s, flags, width, precision);
        }
    }

    public static void main(String[] args) {
        f("%d %5d %-5d| %05d %+d % d %(d %,d %x %X %o %#x %#o", 1, 2, 3, 4, 5, 6, -7, 1234567, 255, 255, 8, 255, 8);
        f("%d %d %d %d", (byte) -1, (short) -2, Long.MIN_VALUE, new java.math.BigInteger("123456789012345678901234567890"));
        f("%x %x %x %x %X", (byte) -1, (short) -1, -1, -1L, new java.math.BigInteger("-255"));
        f("%s %10s|%-10s|%.2s|%10.3s|%S %s %s", "a", "b", "c", "defg", "hijkl", "upper", null, List.of(1, 2));
        f("%c %C %c %5c|%-3c|%c", 'a', 'b', 0x1F600, 'd', 'e', null);
        f("%b %B %5b|%.1b %b", true, false, null, true, "x");
        f("%f %.0f %.2f %10.3f|%-10.1f|%010.2f %+f %(f %,.2f", 1.0, 2.5, 3.14159, 4.0, 5.55, -6.7, 7.0, -8.0, 1234567.891);
        f("%e %.3E %10.2e %e %e", 12345.678, 0.00012, 1e100, 0.0, -1e-310);
        f("%g %.3g %g %g %g %.0g", 12345.678, 0.00001234, 1e10, 0.0001, 123456789.0, 5.5);
        f("%a %A %.3a %a %a", 1.0, 255.5, Math.PI, Double.MIN_VALUE, -0.0);
        f("%f %e %g %a %5.1f|%-9f|%(f", Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, Double.POSITIVE_INFINITY, Double.NaN, Double.NEGATIVE_INFINITY);
        f("%f %.3f %.0f %e %g", new java.math.BigDecimal("12345678901234567890.12345"), new java.math.BigDecimal("-0.0005"), new java.math.BigDecimal("0.5"), new java.math.BigDecimal("1E-400"), new java.math.BigDecimal("99999.95"));
        f("%.1f %.1f %.1f %.1f %.2f %.3f", 0.05, 0.15, 0.25, 0.35, 1.005, 2.0005);
        f("%2$s %1$s %<s %s %s", "a", "b");
        f("%% %n".replace("%n", "") + "%-5%|%5%|");
        f("%h %H %h", "hello", "hello", null);
        f("%s %#s %-8.3s", new Fmt("x"), new Fmt("y"), new Fmt("z"));
        Calendar c = new GregorianCalendar(TimeZone.getTimeZone("UTC"), Locale.ROOT);
        c.setTimeInMillis(1_000_000_000_123L);
        f("%tY-%<tm-%<td %<tH:%<tM:%<tS.%<tL %<tZ %<tz %<tp %<tB %<tb %<tA %<ta %<te %<tj %<ty %<tC %<tI %<tl %<tk %<ts %<tQ %<tN", c);
        f("%tT %<tr %<tR %<tD %<tF %<tc", c);
        f("%tF %<tT", java.time.LocalDateTime.of(2024, 2, 29, 23, 59, 58));
        f("%TB %<TA", java.time.LocalDate.of(2024, 12, 31));
        f("%d", "x");
        f("%d", 1.5);
        f("%c", 0x110000);
        f("%c", "s");
        f("%f", 1);
        f("%q", 1);
        f("%s %s", 1);
        f("%5");
        f("%");
        f("%-d", 1);
        f("%-05d", 1);
        f("%+ d", 1);
        f("%.2d", 1);
        f("%#d", 1);
        f("%,x", 1);
        f("%+s", 1);
        f("%3$s", 1);
        f("%<s", 1);
        f("%tY", "x");
        f("%0$s", "zero");
        f("%99999999999d", 1);
        System.out.println(String.format(Locale.GERMANY, "%,d %.2f %,.3f", 1234567, 3.5, 9876.54321));
        System.out.println(String.format(Locale.FRANCE, "%,d", 1234567).codePoints().mapToObj(Integer::toHexString).toList());
        System.out.println(String.format(Locale.forLanguageTag("ar-EG"), "%d %s", 123, 456));
        StringBuilder sb = new StringBuilder();
        try (Formatter fm = new Formatter(sb, Locale.ROOT)) {
            fm.format("%s", "one").format("-%03d", 2);
            System.out.println(fm + " " + sb.length() + " " + fm.locale());
        }
        System.out.printf("%s %s%n", new int[0].length, Optional.of("x"));
        System.out.println(new java.text.MessageFormat("{0} and {1,number,#.##} {2,choice,0#none|1#one|1<many {2}} '{0}' ''", Locale.ROOT).format(new Object[] {"a", 3.14159, 5}));
    }
}
