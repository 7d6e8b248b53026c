public class GuestB implements Api {
    private static int said;
    public String say(int n) { said += n; return "B" + said + Lib.name(n); }
    public String toString() { return "b"; }
}
