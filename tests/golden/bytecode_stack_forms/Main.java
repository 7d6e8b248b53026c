public class Main {
    static int si = 1;
    static long sl = 1;
    int fi = 1;
    long fl = 1;
    double fd = 1;
    static StringBuilder trace = new StringBuilder();

    static int n(int v) {
        trace.append(v).append(' ');
        return v;
    }

    static long nl(long v) {
        trace.append(v).append("L ");
        return v;
    }

    static int[] arr(int[] a) {
        trace.append("arr ");
        return a;
    }

    Main self() {
        trace.append("self ");
        return this;
    }

    static int deep(int a) {
        return a + (a * (a - (a ^ (a | (a & (a + (a * (a - (a + (a * (a + (a - (a + (a * 3))))))))))))));
    }

    static String concat(int a, long b, double c, Object d) {
        return "" + a + (b + (a + "x" + (c + (d + "y" + b))));
    }

    static int six(int a, long b, int c, double d, float e, String f) {
        return a + (int) b + c + (int) d + (int) e + f.length();
    }

    public static void main(String[] args) {
        Main m = new Main();
        int x;
        long y;
        x = si++ + ++si + si-- - --si;
        System.out.println(x + " " + si);
        y = sl++ + ++sl + sl-- - --sl;
        System.out.println(y + " " + sl);
        x = m.fi++ + ++m.fi;
        System.out.println(x + " " + m.fi);
        y = m.fl++ + ++m.fl + (m.fl *= 10);
        System.out.println(y + " " + m.fl);
        double d = m.fd++ + (m.fd /= 4) + --m.fd;
        System.out.println(d + " " + m.fd);
        int[] a = {1, 2, 3};
        long[] l = {1, 2, 3};
        Object[] o = new Object[2];
        x = a[1]++ + ++a[1] + (a[1] <<= 2);
        y = l[1]++ + ++l[1] + (l[1] <<= 2);
        System.out.println(x + " " + a[1] + " " + y + " " + l[1]);
        o[0] = o[1] = "both";
        System.out.println(o[0] + " " + o[1]);
        a[0] = a[1] = a[2] = 9;
        l[0] = l[1] = l[2] = 8L;
        System.out.println(a[0] + a[1] + a[2] + " " + (l[0] + l[1] + l[2]));
        m.fl = sl = y = 5;
        m.fi = si = x = 6;
        System.out.println(m.fl + sl + y + m.fi + si + x);
        arr(a)[n(1)] = n(2) + n(3) * n(4);
        System.out.println(trace + "" + a[1]);
        trace.setLength(0);
        m.self().fl += nl(1) + (m.self().fl = nl(2));
        System.out.println(trace + "" + m.fl);
        trace.setLength(0);
        System.out.println(six(n(1), nl(2), n(3), n(4), n(5), "" + n(6)) + " " + trace);
        trace.setLength(0);
        try {
            arr(null)[n(5)] = n(1) / n(0);
        } catch (ArithmeticException e) {
            System.out.println(trace + e.getMessage());
        }
        trace.setLength(0);
        try {
            arr(null)[n(5)] = n(1);
        } catch (NullPointerException e) {
            System.out.println(trace + "NPE");
        }
        trace.setLength(0);
        try {
            m = null;
            m.fi = n(7);
        } catch (NullPointerException e) {
            System.out.println(trace + e.getMessage());
        }
        System.out.println(deep(3) + " " + deep(-7));
        System.out.println(concat(1, 2L, 3.5, 'z'));
        String s = "a";
        s += 1 + 2 + "b" + 1 + 2 + 'c' + (char) ('c' + 1) + null + 1.0f;
        System.out.println(s);
        String[] ss = {"p", "q"};
        int i = 0;
        ss[i++] += ss[i] + i;
        System.out.println(ss[0] + ss[1]);
        long big = (long) (si = 3) << (sl = 33);
        System.out.println(big + " " + si + " " + sl);
        boolean b = false;
        if (b = true) {
            System.out.println(b);
        }
        x = b ? b ? 1 : 2 : 3;
        System.out.println(x);
        ((Runnable) () -> System.out.println("lambda receiver")).run();
        new Object() { void hello() { System.out.println("anonymous receiver"); } }.hello();
    }
}
