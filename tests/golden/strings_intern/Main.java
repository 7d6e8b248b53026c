public class Main {
    static final String A = "carafe";
    static class Other { static final String A = "carafe"; static String b() { return "car" + "afe"; } }

    public static void main(String[] args) {
        String s = new String("carafe");
        System.out.println((s == A) + " " + (s.intern() == A) + " " + (Other.A == A) + " " + (Other.b() == A) + " " + s.equals(A));
        String half = args.length == 0 ? "car" : "x";
        String computed = half + "afe";
        System.out.println((computed == A) + " " + (computed.intern() == A));
        String fresh = new StringBuilder("never seen ").append(System.lineSeparator().length()).toString();
        System.out.println((fresh.intern() == fresh) + " " + (new String(fresh).intern() == fresh));
        String latin = new String(new char[] {'\u00fc', '1'}), utf16 = new String(new char[] {'\u4e2d', '1'});
        System.out.println((latin.intern() == "\u00fc1") + " " + (utf16.intern() == "\u4e2d1") + " " + ("".intern() == "") + " " + (new String().intern() == ""));
        int same = 0;
        String[] keep = new String[200];
        for (int i = 0; i < 400; i++) {
            String t = ("pool" + i % 200).intern();
            if (i < 200) {
                keep[i] = t;
            } else if (keep[i - 200] == t) {
                same++;
            }
        }
        System.out.println(same);
        System.gc();
        for (int i = 0; i < 200; i++) {
            if (("po" + "ol" + i).intern() != keep[i]) {
                System.out.println("lost " + i);
            }
        }
        System.out.println(Main.class.getName() == Main.class.getName());
        System.out.println(Thread.State.NEW.name() == "NEW");
        System.out.println(Main.class.getDeclaredFields()[0].getName() == "A");
        System.out.println(String.valueOf(true) == "true");
        final String local = "car";
        System.out.println((local + "afe") == A);
        String longOne = "x".repeat(70000);
        System.out.println(longOne.intern() == new String(longOne).intern());
        System.out.println("\0".length() + " " + "\0a\0".hashCode() + " " + ("\0" == "\u0000") + " " + "a\0b".indexOf("\0b"));
    }
}
