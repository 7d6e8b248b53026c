import java.util.*;

public class Main {
    static Integer field;
    static Integer nul() { return null; }

    public static void main(String[] args) {
        Integer a = 127, b = 127, c = 128, d = 128, e = -128, f = -128, g = -129, h = -129;
        System.out.println((a == b) + " " + (c == d) + " " + (e == f) + " " + (g == h) + " " + c.equals(d) + " " + (c <= d && c >= d));
        Long l1 = 127L, l2 = 127L, l3 = 128L, l4 = 128L;
        System.out.println((l1 == l2) + " " + (l3 == l4) + " " + l1.equals(127) + " " + l1.equals(127L) + " " + new HashSet<Object>(List.of(1, 1L, 1.0, 1f, (short) 1, (byte) 1, '1')).size());
        Character c1 = '\u007f', c2 = '\u007f', c3 = '\u0080', c4 = '\u0080';
        Byte b1 = -128, b2 = -128;
        Short s1 = 127, s2 = 127, s3 = 1000, s4 = 1000;
        Boolean t1 = true, t2 = Boolean.valueOf("TRUE");
        System.out.println((c1 == c2) + " " + (c3 == c4) + " " + (b1 == b2) + " " + (s1 == s2) + " " + (s3 == s4) + " " + (t1 == t2));
        Double d1 = 0.0, d2 = -0.0, n1 = Double.NaN, n2 = Double.NaN;
        System.out.println(d1.equals(d2) + " " + (d1 == (double) d2) + " " + n1.equals(n2) + " " + (n1 == (double) n2) + " " + d1.compareTo(d2) + " " + d1.hashCode() + " " + d2.hashCode() + " " + n1.hashCode() + " " + Float.valueOf(1.5f).hashCode());
        System.out.println(Long.hashCode(-1L) + " " + Long.valueOf(1L << 32).hashCode() + " " + Boolean.hashCode(true) + Boolean.FALSE.hashCode() + " " + Character.valueOf('a').hashCode() + " " + Byte.hashCode((byte) -1) + " " + Short.hashCode((short) -2));
        Integer i = 5;
        i++;
        i += 10;
        i = -i;
        Integer old = i++;
        System.out.println(i + " " + old + " " + ~i + " " + (i << 2));
        int[] arr = {1, 2, 3};
        Integer idx = 1;
        arr[idx]++;
        arr[idx++] += idx;
        System.out.println(Arrays.toString(arr) + idx);
        List<Integer> list = new ArrayList<>(List.of(10, 20, 30, 1));
        list.remove(1);
        list.remove(Integer.valueOf(1));
        System.out.println(list);
        Map<Character, Integer> counts = new TreeMap<>();
        for (char ch : "mississippi".toCharArray()) {
            counts.merge(ch, 1, Integer::sum);
        }
        System.out.println(counts);
        long sum = 0;
        for (Integer x : list) {
            sum += x;
        }
        System.out.println(sum);
        String[] what = {"plain", "ternary", "loop", "switch", "arith", "method", "array", "field"};
        for (int k = 0; k < what.length; k++) {
            try {
                switch (k) {
                    case 0 -> { int x = nul(); }
                    case 1 -> { Integer n = null; int x = k > 0 ? n : 0; }
                    case 2 -> { for (int x : Arrays.asList(1, null)) { sum += x; } }
                    case 3 -> { Integer n = null; switch (n) { case 1: break; } }
                    case 4 -> { Long n = null; n++; }
                    case 5 -> Math.abs((Integer) null);
                    case 6 -> { Boolean[] bs = new Boolean[1]; if (bs[0]) sum++; }
                    case 7 -> field += 1;
                }
            } catch (NullPointerException ex) {
                System.out.println(what[k] + ": " + ex.getMessage());
            }
        }
        System.out.println(true ? null : 0);
        Object o = false ? 1 : "s";
        System.out.println(o + " " + (true ? 1 : 'c') + " " + (true ? (Integer) 1 : (Double) 2.0) + " " + (true ? (short) 1 : 'a') + " " + (args.length > 5 ? 1 : 'b'));
        System.out.println(Integer.valueOf(77) == Integer.valueOf("77"));
        System.out.println(Integer.parseInt("-80000000", 16) + " " + Integer.parseUnsignedInt("4294967295") + " " + Integer.decode("-0x1F") + " " + Integer.decode("#ff") + " " + Integer.decode("010") + " " + Byte.parseByte("-128") + " " + Integer.parseInt("xx123yy", 2, 5, 10));
        for (String s : new String[] {"2147483648", "", "12a", "-", "٤٢", " 1"}) {
            try {
                System.out.println(Integer.parseInt(s));
            } catch (NumberFormatException ex) {
                System.out.println(ex.getMessage());
            }
        }
        try {
            Byte.parseByte("128");
        } catch (NumberFormatException ex) {
            System.out.println(ex.getMessage());
        }
        try {
            Integer.parseInt("1", 99);
        } catch (NumberFormatException ex) {
            System.out.println(ex.getMessage());
        }
        System.out.println(Integer.getInteger("no.such", 3) + " " + Boolean.parseBoolean("yes") + Boolean.logicalXor(true, false) + " " + Integer.toString(255, 2) + " " + Integer.toString(-255, 36) + " " + Integer.toUnsignedString(-1) + " " + Character.getNumericValue('z') + " " + Short.toUnsignedInt((short) -1) + " " + Integer.signum(-9) + " " + Number.class.cast(3).doubleValue() + " " + Double.valueOf(3.99).intValue() + " " + Integer.valueOf(300).byteValue());
    }
}
