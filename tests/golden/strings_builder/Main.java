public class Main {
    static void t(Runnable r) {
        try {
            r.run();
            System.out.println("fine");
        } catch (RuntimeException e) {
            System.out.println(e);
        }
    }

    public static void main(String[] args) {
        StringBuilder sb = new StringBuilder();
        System.out.println(sb.capacity() + " " + new StringBuilder("abc").capacity() + " " + new StringBuilder(5).capacity());
        sb.append(1).append('c').append(2L).append(3f).append(4d).append(true).append((Object) null).append((String) null).append(new char[] {'x', 'y'}).append("hello", 1, 3).append(new char[] {'p', 'q', 'r'}, 1, 2).appendCodePoint(0x1F600).append((CharSequence) new StringBuilder("sub"));
        System.out.println(sb + " " + sb.length());
        sb.setLength(5);
        System.out.println(sb + "|");
        sb.setLength(8);
        System.out.println(sb.toString().replace('\0', '0'));
        sb = new StringBuilder("abcdef");
        sb.insert(0, 12).insert(2, 'x').insert(3, true).insert(sb.length(), "end").insert(1, new char[] {'[', ']'}).insert(0, 1.5).insert(0, (String) null);
        System.out.println(sb);
        sb.delete(0, 4).deleteCharAt(0).replace(1, 3, "REPLACED").replace(sb.length() - 1, 1000, "!");
        System.out.println(sb + " " + sb.indexOf("E") + " " + sb.lastIndexOf("E") + " " + sb.indexOf("E", 3) + " " + sb.charAt(2));
        sb.setCharAt(0, '\u4e2d');
        System.out.println(sb + " " + sb.reverse());
        System.out.println(new StringBuilder("a\ud83d\ude00b\ude00\ud83d").reverse().chars().mapToObj(Integer::toHexString).toList());
        StringBuilder inflate = new StringBuilder("latin");
        inflate.append('\u00ff').append('\u0100').append("é").insert(2, "\u20ac");
        inflate.deleteCharAt(inflate.indexOf("\u0100")).deleteCharAt(2);
        System.out.println(inflate + " " + inflate.toString().equals("latin\u00ffé") + " " + inflate.toString().hashCode() + " " + "latin\u00ffé".hashCode());
        System.out.println(inflate.compareTo(new StringBuilder("latin\u00ff")) + " " + new StringBuilder("x").equals(new StringBuilder("x")) + " " + new StringBuilder("x").compareTo(new StringBuilder("x")));
        StringBuilder grow = new StringBuilder();
        int h = 0;
        for (int i = 0; i < 300; i++) {
            grow.append(i).append(i % 50 == 49 ? "\u0416" : ",");
            h = h * 31 + grow.length();
        }
        System.out.println(grow.length() + " " + h + " " + grow.toString().hashCode());
        grow.setLength(3);
        grow.trimToSize();
        System.out.println(grow + " " + grow.capacity());
        grow.ensureCapacity(10);
        System.out.println(grow.capacity());
        System.out.println(new StringBuilder().repeat("ab", 3).repeat('x', 2).repeat(0x1F600, 2) + " " + new StringBuilder("abc").substring(1) + new StringBuilder("abc").subSequence(0, 1) + " " + new StringBuilder("a b").chars().count() + new StringBuilder().isEmpty());
        StringBuffer buf = new StringBuffer("buffer");
        buf.append(1).insert(0, "x").reverse().setCharAt(0, 'Y');
        System.out.println(buf + " " + buf.toString().equals(buf.toString()) + " " + "Yreffubx".contentEquals(buf));
        char[] out = {'-', '-', '-', '-', '-'};
        new StringBuilder("hello").getChars(1, 4, out, 1);
        System.out.println(out);
        StringBuilder e = new StringBuilder("abc");
        t(() -> e.charAt(3));
        t(() -> e.setCharAt(-1, 'x'));
        t(() -> e.deleteCharAt(3));
        t(() -> e.delete(4, 5));
        t(() -> e.delete(2, 1));
        t(() -> e.delete(3, 99));
        t(() -> e.insert(4, "x"));
        t(() -> e.replace(4, 5, "x"));
        t(() -> e.setLength(-1));
        t(() -> e.substring(2, 1));
        t(() -> new StringBuilder(-1));
        t(() -> e.append("x", 1, 3));
        t(() -> e.append(new char[2], 1, 2));
        t(() -> e.appendCodePoint(-1));
        t(() -> e.getChars(0, 5, new char[9], 0));
        t(() -> e.append((char[]) null));
        System.out.println(e.append(e).append(e) + " " + e.insert(1, e));
    }
}
