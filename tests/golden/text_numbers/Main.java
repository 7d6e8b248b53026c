import java.math.*;
import java.text.*;
import java.util.*;

public class Main {
    static String esc(String s) {
        StringBuilder sb = new StringBuilder();
        for (char c : s.toCharArray()) sb.append(c < 127 ? "" + c : String.format("\\u%04x", (int) c));
        return sb.toString();
    }

    public static void main(String[] args) throws Exception {
        double[] ds = {0, -0.0, 1234567.891, -0.5, 0.125, 1e20, Double.NaN, Double.POSITIVE_INFINITY, 2.5, 3.5, 1e-10};
        for (String p : new String[] {"#,##0.00", "0.###", "000.0", "#.##%", "0.00E0", "##0.##E0", "'#'0", "0;(0)", "$#,##0.00;-$#", "\u00a4#0.0", "#", "#,####", "0.0\u2030"}) {
            DecimalFormat f = new DecimalFormat(p, DecimalFormatSymbols.getInstance(Locale.US));
            StringBuilder sb = new StringBuilder(esc(p) + ":");
            for (double d : ds) sb.append(' ').append(esc(f.format(d)));
            System.out.println(sb + " " + esc(f.toPattern()));
        }
        for (RoundingMode m : RoundingMode.values()) {
            DecimalFormat f = new DecimalFormat("0", DecimalFormatSymbols.getInstance(Locale.ROOT));
            f.setRoundingMode(m);
            StringBuilder sb = new StringBuilder(m + ":");
            for (double d : new double[] {5.5, 2.5, 1.6, 1.1, 1.0, -1.1, -2.5}) {
                try {
                    sb.append(' ').append(f.format(d));
                } catch (ArithmeticException e) {
                    sb.append(" exact!");
                }
            }
            System.out.println(sb);
        }
        for (Locale l : new Locale[] {Locale.US, Locale.GERMANY, Locale.forLanguageTag("en-IN"), Locale.forLanguageTag("ar-EG")}) {
            System.out.println(l + " " + esc(NumberFormat.getInstance(l).format(-1234567.891) + " " + NumberFormat.getCurrencyInstance(l).format(1234.5) + " " + NumberFormat.getPercentInstance(l).format(0.256) + " " + NumberFormat.getIntegerInstance(l).format(2.5) + " " + NumberFormat.getCompactNumberInstance(l, NumberFormat.Style.SHORT).format(12345678)));
        }
        NumberFormat n = NumberFormat.getInstance(Locale.US);
        n.setMaximumFractionDigits(1);
        n.setMinimumIntegerDigits(4);
        n.setGroupingUsed(false);
        System.out.println(n.format(12.34) + " " + n.parse("1,234.5xyz") + " " + NumberFormat.getInstance(Locale.GERMANY).parse("1.234,5") + " " + n.parse("99999999999").getClass().getSimpleName() + n.parse("-1e3"));
        ParsePosition pos = new ParsePosition(2);
        System.out.println(n.parse("ab42cd", pos) + " " + pos.getIndex() + " " + n.parse("x", pos = new ParsePosition(0)) + pos.getErrorIndex());
        try {
            n.parse("abc");
        } catch (ParseException e) {
            System.out.println(e.getMessage());
        }
        for (Runnable r : new Runnable[] {() -> new DecimalFormat("0.0.0"), () -> n.format("text"), () -> new ChoiceFormat("x#y"), () -> new MessageFormat("{0"), () -> new MessageFormat("{x}")}) {
            try {
                r.run();
                System.out.println("fine");
            } catch (IllegalArgumentException e) {
                System.out.println(e.getMessage());
            }
        }
        DecimalFormat big = new DecimalFormat("#,##0.00", DecimalFormatSymbols.getInstance(Locale.US));
        big.setParseBigDecimal(true);
        System.out.println(big.format(new BigDecimal("12345678901234567890.125")) + " " + big.format(new BigInteger("-98765432109876543210")) + " " + big.parse("1,234.50") + " " + big.format(Long.MIN_VALUE));
        ChoiceFormat c = new ChoiceFormat("0#none|1#one|2#two|2<many");
        System.out.println(c.format(-1) + c.format(0.5) + c.format(1) + c.format(2) + c.format(2.1) + c.toPattern());
        System.out.println(new MessageFormat("{0,number,percent} {1,date,yyyy} {2} {3,choice,0#no files|1#one|1<{3} files} it''s {4}", Locale.US).format(new Object[] {0.5, new Date(0), "s", 7, null}));
        System.out.println(Arrays.toString(new MessageFormat("{0} is {1,number}").parse("x is 5")));
        Currency eur = Currency.getInstance("EUR");
        System.out.println(eur.getSymbol(Locale.FRANCE).equals("\u20ac") + " " + eur.getDefaultFractionDigits() + eur.getDisplayName(Locale.US) + eur.getNumericCode() + Currency.getInstance(Locale.JAPAN) + Currency.getInstance("JPY").getDefaultFractionDigits());
        DecimalFormatSymbols s = new DecimalFormatSymbols(Locale.ROOT);
        s.setDecimalSeparator('~');
        s.setGroupingSeparator('_');
        s.setMinusSign('m');
        System.out.println(new DecimalFormat("#,##0.0#", s).format(-12345.678));
        FieldPosition fp = new FieldPosition(NumberFormat.FRACTION_FIELD);
        StringBuffer out = new StringBuffer();
        n.format(123.45, out, fp);
        System.out.println(out + " " + fp.getBeginIndex() + "-" + fp.getEndIndex());
    }
}
