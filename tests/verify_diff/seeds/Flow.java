/** Branches, loops, switches of both kinds, merged types, long and double pairs across joins. */
public class Flow {
    static int collatz(long n) {
        int steps = 0;
        while (n != 1) {
            n = (n & 1) == 0 ? n / 2 : 3 * n + 1;
            if (++steps > 1000) break;
        }
        return steps;
    }

    static String table(int i) {
        switch (i) {
            case 0: return "zero";
            case 1: case 2: i += 5;
            case 3: return "few" + i;
            case 4: break;
            default: return null;
        }
        return "four";
    }

    static int lookup(String s) {
        return switch (s) { case "a" -> 1; case "bb" -> 2; case "Aa", "BB" -> 3; default -> s.length(); };
    }

    static Number merge(boolean b, int i) {
        Number n = b ? Integer.valueOf(i) : i > 3 ? Long.valueOf(i) : Double.valueOf(i);
        Comparable<?> c = b ? "text" : Integer.valueOf(2);
        return c.hashCode() > i ? n : null;
    }

    static double pairs(double a, long b, float f) {
        double sum = 0;
        for (long l = b; l > 0; l--) {
            double t = a * l;
            if (t > f) { long x = (long) t; sum += x; } else { int y = (int) t; sum -= y; }
        }
        return sum > a ? sum : -sum;
    }

    static Object arrays(int n) {
        int[] ints = {1, 2, 3};
        byte[] bytes = new byte[n];
        boolean[] flags = {true, false};
        char[] chars = "abc".toCharArray();
        short[] shorts = new short[2];
        float[] floats = {1f};
        double[] doubles = {2d};
        long[][] longs = new long[n][2];
        Object[] objects = n > 2 ? new String[n] : new Integer[n];
        String[][] deep = new String[2][];
        bytes[0] = (byte) ints[1]; flags[1] = bytes[0] == 2; shorts[1] = (short) chars[0];
        floats[0] += shorts[1]; doubles[0] = floats[0]; longs[0][1] = (long) doubles[0];
        objects[0] = null; deep[1] = new String[] {"x"};
        Object any = flags[0] ? ints : objects;
        return any.equals(deep) ? longs : (Object) deep[1][0].length();
    }

    static boolean logic(int a, Object o, boolean c) {
        return a > 3 && o != null || c && !(o instanceof String s && s.isEmpty()) ^ a == 7;
    }

    static void labels(int n) {
        outer:
        for (int i = 0; i < n; i++) {
            do {
                if (i * n == 12) continue outer;
                if (i - n > 5) break outer;
                n -= 2;
            } while (n > i);
        }
    }
}
