public class Lib {
    public static int calls;
    public static class Token { public String toString() { return "token"; } }
    public static String name(int n) { calls++; return "lib" + n; }
    public static Token token(Token t) { return t == null ? new Token() : t; }
}
