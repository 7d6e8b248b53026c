public class Main {
    String name;
    Main peer;

    static int length(String text, Main[] mains, int at) {
        if (at > 0) {
            return mains[at].peer.name.length();
        }
        String local = text;
        {
            Object scoped = local;
            return scoped.toString().length();
        }
    }

    void use(Main other) {
        other.name = "x";
    }

    public static void main(String[] args) {
        Runnable[] rs = {
            () -> length(null, null, 0),
            () -> length("x", null, 1),
            () -> length("x", new Main[2], 1),
            () -> length("x", new Main[] {null, new Main()}, 1),
            () -> new Main().use(null),
            () -> { Main captured = null; Runnable r = () -> captured.use(null); r.run(); },
            () -> { for (Main each : new Main[1]) { each.use(each); } },
            () -> { int[][] table = {null}; int row = 0, col = 5; table[row][col]++; },
            () -> { try { throw new IllegalStateException(); } catch (IllegalStateException caught) { caught.getCause().getMessage(); } },
            () -> { Object o = null; if (o instanceof String s || o.hashCode() == 0) { System.out.println(); } },
            () -> { String a = "", b = null; a = b; a.length(); },
        };
        for (Runnable r : rs) {
            try {
                r.run();
            } catch (NullPointerException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
