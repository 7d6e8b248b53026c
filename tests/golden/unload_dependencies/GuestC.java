public class GuestC implements Api {
    private static int said;
    public String say(int n) { said += n; return "C" + said + Lib.name(n); }
    @Override public String twice(int n) { return "c" + say(n + 1); }
}
