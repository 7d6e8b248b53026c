import java.time.*;
import java.time.chrono.*;
import java.time.temporal.*;
import java.util.*;

public class Main {
    static void t(String what, java.util.function.Supplier<Object> r) {
        try {
            System.out.println(what + ": " + r.get());
        } catch (DateTimeException | ArithmeticException e) {
            System.out.println(what + ": " + e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }

    public static void main(String[] args) {
        LocalDate d = LocalDate.of(2024, 1, 31);
        System.out.println(d.plusMonths(1) + " " + d.plusMonths(13) + " " + d.minusYears(1).plusDays(366) + " " + d.withDayOfYear(366) + " " + d.isLeapYear() + d.lengthOfMonth() + " " + d.getDayOfWeek() + d.getDayOfYear() + " " + d.plusWeeks(-5) + " " + d.atStartOfDay() + " " + d.toEpochDay() + " " + LocalDate.ofEpochDay(-1) + " " + LocalDate.MIN + " " + LocalDate.MAX);
        System.out.println(d.with(TemporalAdjusters.firstDayOfNextMonth()) + " " + d.with(TemporalAdjusters.lastInMonth(DayOfWeek.FRIDAY)) + " " + d.with(TemporalAdjusters.next(DayOfWeek.WEDNESDAY)) + " " + d.with(TemporalAdjusters.previousOrSame(DayOfWeek.WEDNESDAY)) + " " + d.with(ChronoField.MONTH_OF_YEAR, 2) + " " + d.with(Month.APRIL) + " " + d.get(IsoFields.QUARTER_OF_YEAR) + d.get(ChronoField.ALIGNED_WEEK_OF_YEAR) + " " + d.get(WeekFields.ISO.weekOfWeekBasedYear()) + " " + d.range(ChronoField.DAY_OF_MONTH) + d.query(TemporalQueries.precision()));
        System.out.println(ChronoUnit.DAYS.between(d, LocalDate.of(2025, 3, 1)) + " " + ChronoUnit.MONTHS.between(d, LocalDate.of(2024, 2, 29)) + " " + d.until(LocalDate.of(2025, 3, 1)) + " " + Period.between(LocalDate.of(2020, 2, 29), LocalDate.of(2021, 2, 28)) + " " + Period.parse("P1Y2M3W4D").plusDays(1).negated() + " " + Period.of(0, 14, 3).normalized() + Period.ZERO + " " + d.datesUntil(d.plusDays(3)).toList());
        LocalTime t = LocalTime.of(23, 59, 58, 123456789);
        System.out.println(t.plusSeconds(3) + " " + t.truncatedTo(ChronoUnit.MINUTES) + " " + t.minusHours(24) + " " + t.toSecondOfDay() + " " + t.withNano(1000) + " " + LocalTime.of(10, 0) + LocalTime.MIDNIGHT + LocalTime.of(1, 2, 3) + " " + t.get(ChronoField.AMPM_OF_DAY) + t.getLong(ChronoField.MICRO_OF_DAY) + LocalTime.MAX);
        Duration u = Duration.ofSeconds(-3661, 5_000_000);
        System.out.println(u + " " + u.abs() + " " + u.toMinutes() + " " + u.getNano() + " " + u.multipliedBy(3).plusMillis(1) + " " + Duration.parse("P1DT2H3M4.005S") + " " + Duration.between(t, LocalTime.NOON) + " " + Duration.ofDays(1).dividedBy(7) + " " + Duration.ofHours(50).toDaysPart() + Duration.ofHours(50).toHoursPart() + Duration.ZERO + " " + Duration.ofMillis(-1) + Duration.ofMinutes(90).dividedBy(Duration.ofMinutes(7)) + Duration.ofNanos(Long.MIN_VALUE));
        LocalDateTime ldt = LocalDateTime.of(d, t);
        System.out.println(ldt + " " + ldt.plusNanos(2_000_000_000L) + " " + ldt.truncatedTo(ChronoUnit.HOURS) + " " + ldt.toLocalDate().equals(d) + " " + ldt.isBefore(ldt.plusNanos(1)) + ldt.compareTo(ldt.plusYears(1)) + " " + LocalDateTime.parse("2024-02-29T12:30").plusYears(1));
        Instant i = Instant.ofEpochSecond(1_700_000_000L, 42);
        System.out.println(i + " " + i.plus(1, ChronoUnit.DAYS) + " " + Instant.EPOCH + " " + Instant.ofEpochMilli(-1) + " " + i.toEpochMilli() + " " + Instant.parse("2024-01-01T00:00:00.5Z").getEpochSecond() + " " + Instant.MIN + Instant.MAX + " " + i.truncatedTo(ChronoUnit.HOURS) + " " + i.until(Instant.EPOCH, ChronoUnit.MINUTES));
        OffsetDateTime o = OffsetDateTime.of(ldt, ZoneOffset.ofHoursMinutes(5, 30));
        System.out.println(o + " " + o.toInstant() + " " + o.withOffsetSameInstant(ZoneOffset.UTC) + " " + o.withOffsetSameLocal(ZoneOffset.MIN) + " " + OffsetTime.of(1, 2, 3, 0, ZoneOffset.MAX) + ZoneOffset.of("-08:00").getTotalSeconds());
        System.out.println(Year.of(1900).isLeap() + " " + Year.of(2000).atDay(366) + YearMonth.of(2024, 2).atEndOfMonth() + MonthDay.of(2, 29).isValidYear(2023) + MonthDay.parse("--12-25").atYear(2024) + Month.JANUARY.minus(1) + DayOfWeek.MONDAY.plus(10) + YearMonth.parse("2023-11").plusMonths(3));
        System.out.println(Clock.fixed(i, ZoneOffset.UTC).instant() + " " + LocalDate.now(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC)) + " " + Clock.offset(Clock.fixed(i, ZoneOffset.UTC), Duration.ofDays(1)).millis());
        t("bad month", () -> LocalDate.of(2024, 13, 1));
        t("bad day", () -> LocalDate.of(2023, 2, 29));
        t("bad day 2", () -> LocalDate.of(2023, 4, 31));
        t("bad hour", () -> LocalTime.of(24, 0));
        t("parse", () -> LocalDate.parse("2024-02-30"));
        t("parse text", () -> LocalDate.parse("24-2-3"));
        t("parse time", () -> LocalTime.parse("12:60"));
        t("parse rest", () -> LocalDate.parse("2024-01-01T"));
        t("duration", () -> Duration.parse("1D"));
        t("overflow", () -> Duration.ofSeconds(Long.MAX_VALUE).plusSeconds(1));
        t("epoch day", () -> LocalDate.MAX.plusDays(1));
        t("unit", () -> LocalDate.EPOCH.plus(1, ChronoUnit.HOURS));
        t("field", () -> LocalTime.NOON.get(ChronoField.YEAR));
        t("offset", () -> ZoneOffset.ofHours(19));
        t("between", () -> ChronoUnit.DAYS.between(LocalTime.NOON, LocalDate.EPOCH));
        t("from", () -> LocalDate.from(LocalTime.NOON));
        t("int range", () -> LocalDateTime.MAX.get(ChronoField.NANO_OF_DAY));
        System.out.println(JapaneseDate.of(2019, 5, 1) + " " + ThaiBuddhistDate.from(d) + " " + MinguoDate.from(d) + " " + HijrahDate.from(d) + " " + IsoChronology.INSTANCE.eraOf(0) + " " + JapaneseDate.of(JapaneseEra.SHOWA, 64, 1, 7).plus(1, ChronoUnit.DAYS) + " " + IsoChronology.INSTANCE.dateNow(Clock.fixed(i, ZoneOffset.UTC)));
        List<LocalDate> sorted = new ArrayList<>(List.of(LocalDate.of(2024, 5, 1), LocalDate.of(-1, 1, 1), LocalDate.of(12345, 1, 1)));
        Collections.sort(sorted);
        System.out.println(sorted + " " + d.hashCode() + " " + t.hashCode() + " " + u.hashCode());
    }
}
