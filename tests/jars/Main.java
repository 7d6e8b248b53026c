/** The class in the jars; a copy of it says "second". */
public class Main {
    public static String who() { return "first."; }
    public static void main(String[] args) { System.out.println(who()); }
}
