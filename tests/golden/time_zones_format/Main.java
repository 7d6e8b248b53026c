import java.text.*;
import java.time.*;
import java.time.format.*;
import java.time.temporal.*;
import java.time.zone.*;
import java.util.*;

public class Main {
    static void t(String what, java.util.function.Supplier<Object> r) {
        try {
            System.out.println(what + ": " + r.get());
        } catch (DateTimeException | IllegalArgumentException e) {
            System.out.println(what + ": " + e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }

    public static void main(String[] args) throws Exception {
        ZoneId ny = ZoneId.of("America/New_York"), paris = ZoneId.of("Europe/Paris");
        ZonedDateTime gap = ZonedDateTime.of(2024, 3, 10, 2, 30, 0, 0, ny), overlap = ZonedDateTime.of(2024, 11, 3, 1, 30, 0, 0, ny);
        System.out.println(gap + " " + overlap + " " + overlap.withLaterOffsetAtOverlap() + " " + overlap.plusHours(1) + " " + overlap.plusDays(1) + " " + gap.minusHours(1) + " " + gap.withZoneSameInstant(paris) + " " + gap.toInstant() + " " + Duration.between(gap.truncatedTo(ChronoUnit.DAYS), gap.plusDays(1).truncatedTo(ChronoUnit.DAYS)));
        ZoneRules rules = paris.getRules();
        System.out.println(rules.getOffset(Instant.EPOCH) + " " + rules.isDaylightSavings(Instant.parse("2024-07-01T00:00:00Z")) + rules.nextTransition(Instant.parse("2024-07-01T00:00:00Z")) + rules.getTransitionRules().size() + rules.getValidOffsets(LocalDateTime.of(2024, 10, 27, 2, 30)) + " " + rules.getStandardOffset(Instant.parse("1940-07-01T00:00:00Z")) + ZoneId.of("UTC+3").getRules().isFixedOffset() + " " + ZoneId.of("Asia/Kolkata").getRules().getOffset(Instant.EPOCH));
        t("bad zone", () -> ZoneId.of("Nowhere/City"));
        t("bad format", () -> ZoneId.of("+25:00"));
        LocalDateTime dt = LocalDateTime.of(2024, 2, 5, 7, 8, 9, 123_456_789);
        ZonedDateTime z = dt.atZone(paris);
        for (String p : new String[] {"yyyy-MM-dd HH:mm:ss.SSS", "yy M d H m s n", "EEE EEEE e c, MMM MMMM LLL", "h:mm a B", "QQQ q", "D w W", "uuuu G", "'quoted' '' yyyy", "VV O OOOO X XXX x xxx Z ZZZZ", "SSSSSSSSS A N", "[yyyy][ HH]", "ppppH", "k K"}) {
            t(p, () -> DateTimeFormatter.ofPattern(p, Locale.ENGLISH).format(z));
        }
        for (Locale l : new Locale[] {Locale.US, Locale.GERMANY, Locale.JAPAN, Locale.forLanguageTag("ar-EG")}) {
            System.out.println(l + " | " + DateTimeFormatter.ofLocalizedDate(FormatStyle.FULL).withLocale(l).format(z) + " | " + DateTimeFormatter.ofLocalizedDateTime(FormatStyle.SHORT).withLocale(l).format(z) + " | " + DayOfWeek.MONDAY.getDisplayName(TextStyle.SHORT, l) + " " + Month.MAY.getDisplayName(TextStyle.FULL_STANDALONE, l) + " " + WeekFields.of(l).getFirstDayOfWeek());
        }
        System.out.println(DateTimeFormatter.ISO_ZONED_DATE_TIME.format(z) + " " + DateTimeFormatter.RFC_1123_DATE_TIME.format(z) + " " + DateTimeFormatter.BASIC_ISO_DATE.format(z) + " " + DateTimeFormatter.ISO_WEEK_DATE.format(z) + " " + DateTimeFormatter.ISO_ORDINAL_DATE.format(z) + " " + DateTimeFormatter.ISO_INSTANT.format(z));
        DateTimeFormatter b = new DateTimeFormatterBuilder().parseCaseInsensitive().appendPattern("d MMM uuuu").optionalStart().appendLiteral(' ').appendValue(ChronoField.HOUR_OF_DAY, 2).optionalEnd().parseDefaulting(ChronoField.HOUR_OF_DAY, 12).toFormatter(Locale.ENGLISH);
        System.out.println(LocalDateTime.parse("5 feb 2024 07", b.withResolverStyle(ResolverStyle.STRICT).withZone(paris).withLocale(Locale.ENGLISH).toString().isEmpty() ? null : new DateTimeFormatterBuilder().append(b).parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0).toFormatter(Locale.ENGLISH)) + " " + LocalDate.parse("5 FEB 2024", b) + " " + b.toString().replaceAll("@[0-9a-f]+", "@"));
        t("lenient", () -> LocalDate.parse("2024-14-35", DateTimeFormatter.ISO_LOCAL_DATE.withResolverStyle(ResolverStyle.LENIENT)));
        t("smart", () -> LocalDate.parse("2023-02-31", DateTimeFormatter.ofPattern("uuuu-MM-dd")));
        t("strict", () -> LocalDate.parse("2023-02-31", DateTimeFormatter.ofPattern("uuuu-MM-dd").withResolverStyle(ResolverStyle.STRICT)));
        t("zoned", () -> ZonedDateTime.parse("2024-07-01T12:00:00+02:00[Europe/Paris]"));
        t("offset conflict", () -> ZonedDateTime.parse("2024-07-01T12:00:00+05:00[Europe/Paris]"));
        t("missing field", () -> DateTimeFormatter.ofPattern("HH").format(LocalDate.EPOCH));
        t("bad pattern", () -> DateTimeFormatter.ofPattern("yyyy-bb"));
        t("unparsable", () -> LocalTime.parse("7 o'clock", DateTimeFormatter.ofPattern("H:mm")));
        t("month name", () -> YearMonth.parse("März 2024", DateTimeFormatter.ofPattern("MMMM yyyy", Locale.GERMAN)));
        t("best", () -> DateTimeFormatter.ofPattern("yyyy-MM-dd[ HH:mm]").parseBest("2024-01-02", LocalDateTime::from, LocalDate::from).getClass().getSimpleName());
        TimeZone tz = TimeZone.getTimeZone("America/New_York");
        GregorianCalendar cal = new GregorianCalendar(tz, Locale.US);
        cal.clear();
        cal.set(2024, Calendar.JANUARY, 31, 10, 20, 30);
        cal.add(Calendar.MONTH, 1);
        System.out.println(cal.getTimeInMillis() + " " + cal.get(Calendar.DAY_OF_MONTH) + " " + cal.get(Calendar.WEEK_OF_YEAR) + " " + cal.getActualMaximum(Calendar.DAY_OF_MONTH) + " " + cal.get(Calendar.ZONE_OFFSET) + " " + tz.getOffset(1720000000000L) + tz.inDaylightTime(new Date(1720000000000L)) + TimeZone.getTimeZone("Bogus").getID() + TimeZone.getTimeZone("GMT+5:30").getRawOffset());
        cal.roll(Calendar.MONTH, 11);
        cal.setLenient(false);
        System.out.println(cal.toZonedDateTime() + " " + cal.isLeapYear(1900) + " " + cal.getFirstDayOfWeek());
        try {
            cal.set(Calendar.MONTH, 12);
            cal.getTime();
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        SimpleDateFormat sdf = new SimpleDateFormat("yyyy-MM-dd'T'HH:mm:ss.SSSXXX EEE", Locale.US);
        sdf.setTimeZone(tz);
        System.out.println(sdf.format(new Date(1_700_000_000_123L)) + " " + sdf.parse("2024-07-04T12:00:00.000-04:00 Thu").getTime());
        try {
            sdf.parse("garbage");
        } catch (ParseException e) {
            System.out.println(e.getMessage() + " " + e.getErrorOffset());
        }
        System.out.println(DateFormat.getDateInstance(DateFormat.LONG, Locale.GERMANY).format(new Date(0)) + " | " + new SimpleDateFormat("MMMM", Locale.FRENCH).format(new Date(0)) + " | " + Arrays.toString(new DateFormatSymbols(Locale.ITALIAN).getShortWeekdays()));
    }
}
