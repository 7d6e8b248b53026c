package bob;

import host.Host;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Counts visitors in the host's store. Has no grants at all: functions of the host are what it works with. */
public class Visits {
    public static synchronized String handle(String visitor) throws IOException {
        byte[] known = Host.load(visitor);
        int visits = known == null ? 1 : Integer.parseInt(new String(known, StandardCharsets.UTF_8)) + 1;
        Host.store(visitor, Integer.toString(visits).getBytes(StandardCharsets.UTF_8));
        if (visits == 1) Host.log("new visitor " + visitor);
        return visitor + " was here " + visits + " times";
    }
}
