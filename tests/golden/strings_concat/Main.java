public class Main {
    static int n;

    static String next() {
        return "n" + n++;
    }

    @Override
    public String toString() {
        return "Main!";
    }

    static class NullString {
        @Override
        public String toString() {
            return null;
        }
    }

    public static void main(String[] args) {
        byte b = -1; short s = 300; char c = 'ß'; int i = Integer.MIN_VALUE; long l = Long.MIN_VALUE; float f = 1.0e10f; double d = -0.0; boolean z = true;
        Object o = null; String str = null; char[] ca = {'a'};
        System.out.println("" + b + s + c + i + l + f + d + z + o + str);
        System.out.println(b + s + c + "|" + b + s + c);
        System.out.println(c + "" + c + 1 + 'x' + 1L);
        System.out.println("nullstring " + new NullString() + new Main());
        System.out.println(new NullString() + "");
        System.out.println(next() + next() + (next() + next()) + n);
        String t = "t";
        t += t + t;
        t += 1 + 2;
        t += 'c';
        t += null;
        t += new int[0].length;
        System.out.println(t);
        o = "obj";
        o += "ect";
        System.out.println(o);
        System.out.println("\u0001\u0002 marks " + i + "\u0001" + l + "\u0002");
        System.out.println(String.valueOf(ca) + ca.length + String.valueOf((Object) null));
        StringBuilder sb = new StringBuilder("x");
        String r = "" + sb + sb.append("y") + sb;
        System.out.println(r);
        String mixed = "lat" + "in" + 'ö' + "\u4e2d" + "\ud83d\ude00" + 1.5f + (char) 0xffff;
        System.out.println(mixed.length() + " " + mixed.hashCode() + " " + mixed.codePointCount(0, mixed.length()));
        System.out.println("" + 'a' + 'b' + ('a' + 'b') + (char) ('a' + 1));
        String many = "";
        for (int k = 0; k < 5; k++) {
            many = many + k + ":" + k * k + "," + (k % 2 == 0 ? "even" : null) + ";" + k + k + k + k + k + k + k + k + k + k + k + k + k + k + k + k + k + k + k + k + k + k + k + k + k + k;
        }
        System.out.println(many);
        String big = i + "a" + i + "b" + i + "c" + l + "d" + l + "e" + f + "f" + d + "g" + z + "h" + b + "i" + s + "j" + c + "k" + o + "l" + str + "m" + i + "n" + i + "o" + i + "p" + l + "q" + l + "r" + f + "s" + d + "t" + z + "u"
                + i + "a" + i + "b" + i + "c" + l + "d" + l + "e" + f + "f" + d + "g" + z + "h" + b + "i" + s + "j" + c + "k" + o + "l" + str + "m" + i + "n" + i + "o" + i + "p" + l + "q" + l + "r" + f + "s" + d + "t" + z + "u"
                + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i;
        System.out.println(big.length() + " " + big.hashCode());
        final String k1 = "con", k2 = "st";
        System.out.println((k1 + k2 == "const") + " " + (next() + "" == next()) + " " + ("a" + 1 + 2L + 3.0f + 4.0 + true + 'c' == "a123.04.0truec"));
        try {
            String fail = "x" + n / (n - n);
        } catch (ArithmeticException e) {
            System.out.println("caught " + e.getMessage());
        }
    }
}
