import java.util.*;

public class Main {
    static int tryReturn(int k) {
        int x = 1;
        try {
            if (k == 0) return x;
            if (k == 1) throw new RuntimeException();
            x = 5;
        } catch (RuntimeException e) {
            x = 10;
            return x;
        } finally {
            x = 100;
            if (k == 3) return x;
        }
        return x + k;
    }

    static String loops() {
        StringBuilder s = new StringBuilder();
        outer:
        for (int i = 0, j = 10; i < j; i++, j--) {
            inner:
            do {
                switch (i) {
                    case 1: continue outer;
                    case 2: break inner;
                    case 4: break outer;
                }
                s.append(i).append(j).append(' ');
            } while (false);
            s.append('|');
        }
        int w = 0;
        while (true) {
            try {
                if (++w == 2) continue;
                if (w > 4) break;
                s.append('w').append(w);
            } finally {
                s.append('f');
            }
        }
        block: {
            if (s.length() > 5) break block;
            s.append("not reached");
        }
        for (;;) {
            s.append('!');
            break;
        }
        return s.toString();
    }

    static int nested(int d) {
        for (int i = 0; ; i++) {
            try {
                try {
                    if (i == d) return i;
                } finally {
                    if (i % 2 == 1) continue;
                }
                if (i > 6) break;
            } finally {
                d--;
            }
        }
        return -d;
    }

    static boolean side(StringBuilder sb, boolean v, String n) {
        sb.append(n);
        return v;
    }

    public static void main(String[] args) {
        for (int k = 0; k < 5; k++) System.out.print(tryReturn(k) + " ");
        System.out.println(loops());
        for (int k = 0; k < 9; k++) System.out.print(nested(k) + " ");
        System.out.println();
        StringBuilder sb = new StringBuilder();
        boolean r = side(sb, true, "a") || side(sb, true, "b");
        r &= side(sb, false, "c") && side(sb, true, "d");
        r |= side(sb, true, "e") & side(sb, false, "f") | side(sb, true, "g") ^ side(sb, true, "h");
        r = !r ? side(sb, true, "i") : side(sb, false, "j");
        System.out.println(sb + " " + r);
        var list = new ArrayList<Map<String, ? extends Number>>();
        list.add(Map.of("k", 1));
        list.add(Map.of("k", 2.5));
        for (var m : list) for (var e : m.entrySet()) System.out.print(e.getKey() + e.getValue().intValue() + " ");
        long total = 0;
        for (byte b : new byte[] {1, -1, 127}) total += b;
        for (char c : "xyz".toCharArray()) total += c;
        for (long l : new long[] {1L << 40}) total += l;
        for (double x : new double[] {0.5, 0.5}) total += x;
        for (int[] row : new int[][] {{1, 2}, {}, {3}}) for (int v : row) total *= v;
        System.out.println(total);
        int grade = 73;
        System.out.println(grade >= 90 ? "A" : grade >= 80 ? "B" : grade >= 70 ? grade > 75 ? "C+" : "C" : "D");
        int i = 0;
        i += i++ + ++i;
        System.out.println(i);
        final int f;
        if (args.length == 0) f = 3; else f = 4;
        Runnable run = () -> System.out.println(f);
        run.run();
        ;;
        assert i > 1000 : "assertions are off";
        int hex = 0xCAFE_BABE, bin = 0b1010_1010, oct = 0_17, und = 1__000;
        System.out.println(hex + " " + bin + " " + oct + " " + und + " " + 0x1.8p1 + " " + 1e3f + " " + 'A' + '\u0041' + '\101' + " " + 0xFFFFFFFFFFFFFFFFL + " " + .5e-3);
        int a = 5, b2 = 3;
        a ^= b2 ^= a ^= b2;
        System.out.println(a + " " + b2);
        System.out.println(1 + 2 + "3" + 4 * 5 + (6 + 7) + -8 + - -9 + ~0 + !true);
        System.out.println((5 & 6) + (5 | 6) + (5 ^ 6) + " " + (7 >> 1 << 2 >>> 1) + " " + (1 < 2 == true) + " " + (5 % 3 * 2 - 1));
        synchronized (Main.class) { for (Iterator<Integer> it = List.of(1, 2).iterator(); it.hasNext(); ) System.out.print(it.next()); }
        System.out.println();
        char c = 'x';
        switch (c) { case 'x' -> System.out.println("arrow"); case 'y' -> throw new RuntimeException(); default -> {} }
    }
}
