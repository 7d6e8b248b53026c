public class Main {
    static String d(double a, double b) {
        return (a < b ? "lt " : "") + (a <= b ? "le " : "") + (a > b ? "gt " : "") + (a >= b ? "ge " : "") + (a == b ? "eq " : "") + (a != b ? "ne " : "")
                + (!(a < b) ? "!lt " : "") + (!(a <= b) ? "!le " : "") + (!(a > b) ? "!gt " : "") + (!(a >= b) ? "!ge" : "");
    }

    static String f(float a, float b) {
        return (a < b ? "lt " : "") + (a <= b ? "le " : "") + (a > b ? "gt " : "") + (a >= b ? "ge " : "") + (a == b ? "eq " : "") + (a != b ? "ne " : "")
                + (!(a < b) ? "!lt " : "") + (!(a <= b) ? "!le " : "") + (!(a > b) ? "!gt " : "") + (!(a >= b) ? "!ge" : "");
    }

    static int loops(double limit) {
        int n = 0;
        for (double x = 0; !(x >= limit); x += 0.5) {
            if (++n > 5) {
                break;
            }
        }
        double y = 0;
        while (y < limit && n < 20) {
            y++;
            n++;
        }
        do {
            n++;
        } while (limit > n && n < 30);
        return n;
    }

    public static void main(String[] args) {
        double[] v = {0.0, -0.0, 1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE};
        for (double a : v) {
            for (double b : v) {
                String x = d(a, b);
                System.out.println(a + " " + b + ": " + x);
                String y = f((float) a, (float) b);
                if (!x.equals(y)) {
                    System.out.println("  as float: " + y);
                }
            }
        }
        System.out.println(loops(2) + " " + loops(Double.NaN) + " " + loops(Double.POSITIVE_INFINITY) + " " + loops(-1));
        boolean t = 1.0 < 2.0, u = Double.NaN < 1 || Double.NaN >= 1;
        System.out.println((t & u) + " " + (t | u) + " " + (t ^ u) + " " + (!t) + " " + (t && !u));
        t &= u;
        u |= true;
        t ^= u;
        System.out.println(t + " " + u);
        long a = 1L << 32, b = 0;
        System.out.println((a > b) + " " + (a == b) + " " + ((int) a == (int) b) + " " + (a >= -a) + " " + (b <= -b));
        Object n = null;
        System.out.println((n == null) + " " + (n != null) + " " + (n == args));
    }
}
