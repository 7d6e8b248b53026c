/** A neighbour that does honest work: a call allocates, takes locks and computes for a fraction of a millisecond. */
public class Canary {
    static int calls;

    public static synchronized int tick(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < 50; i++) out.append(text).append(i);
        int sum = 0;
        for (int i = 0; i < out.length(); i++) sum = 31 * sum + out.charAt(i);
        return ++calls + (sum & 0);
    }
}
