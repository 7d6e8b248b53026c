public class GuestA implements Api {
    private static int said;
    public String say(int n) { said += n; return "A" + said + Lib.name(n); }
}
