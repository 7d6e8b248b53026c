public class Main {
    static class Nested { static boolean on() { boolean on = false; assert on = true; return on; } }

    static void check(int n) {
        assert n > 0;
        assert n > 1 : "message " + n;
        assert n > 2 : n;
        assert n > 3 : 'c';
        assert n > 4 : 1.5;
        assert n > 5 : new RuntimeException("cause");
        assert n > 6 : null;
        assert n > 7 : Long.MAX_VALUE;
        assert n > 8 : true;
    }

    public static void main(String[] args) {
        for (int n = 0; n < 10; n++) {
            try {
                check(n);
                System.out.println("passed " + n);
            } catch (AssertionError e) {
                System.out.println(e + " cause " + e.getCause());
            }
        }
        System.out.println(Nested.on() + " " + Main.class.desiredAssertionStatus() + " " + String.class.desiredAssertionStatus());
        ClassLoader cl = Main.class.getClassLoader();
        cl.setClassAssertionStatus("Late", false);
        System.out.println(Late.on());
    }
}

class Late {
    static boolean on() { boolean on = false; assert on = true; return on; }
}
