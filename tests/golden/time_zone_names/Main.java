import java.text.*;
import java.time.*;
import java.time.format.*;
import java.util.*;

public class Main {
    public static void main(String[] args) throws Exception {
        ZonedDateTime winter = ZonedDateTime.of(2024, 1, 15, 12, 0, 0, 0, ZoneId.of("America/New_York"));
        DateTimeFormatter f = DateTimeFormatter.ofPattern("HH:mm z / zzzz / v", Locale.US);
        System.out.println(f.format(winter) + " | " + f.format(winter.plusMonths(6)) + " | " + f.format(winter.withZoneSameInstant(ZoneId.of("UTC"))));
        TimeZone tz = TimeZone.getTimeZone("Europe/Paris");
        System.out.println(tz.getDisplayName(false, TimeZone.SHORT, Locale.US) + " " + tz.getDisplayName(true, TimeZone.LONG, Locale.US) + " " + ZoneId.of("Asia/Tokyo").getDisplayName(TextStyle.FULL, Locale.US));
        System.out.println(new Date(0) + " " + TimeZone.getDefault().getID() + " " + ZoneId.systemDefault());
        SimpleDateFormat sdf = new SimpleDateFormat("yyyy-MM-dd HH:mm z", Locale.US);
        System.out.println(sdf.parse("2024-07-04 12:00 EDT").getTime() + " " + ZonedDateTime.parse("12:00 PST", new DateTimeFormatterBuilder().appendPattern("HH:mm z").parseDefaulting(java.time.temporal.ChronoField.EPOCH_DAY, 0).toFormatter(Locale.US)));
    }
}
