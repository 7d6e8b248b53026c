import java.io.*;
import java.util.*;

public class Main {
    static abstract sealed class Node implements Comparable<Node> permits Leaf, Inner {
        final int freq, order;
        Node(int f, int o) { freq = f; order = o; }
        public int compareTo(Node n) { return freq != n.freq ? Integer.compare(freq, n.freq) : Integer.compare(order, n.order); }
    }
    static final class Leaf extends Node { final byte b; Leaf(byte b, int f) { super(f, b & 0xff); this.b = b; } }
    static final class Inner extends Node { final Node l, r; Inner(Node l, Node r, int o) { super(l.freq + r.freq, o); this.l = l; this.r = r; } }

    static class Bits {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        int cur, n, total;
        void put(String bits) { for (char c : bits.toCharArray()) { cur = cur << 1 | c - '0'; total++; if (++n == 8) { out.write(cur); cur = n = 0; } } }
        byte[] done() { if (n > 0) out.write(cur << (8 - n)); return out.toByteArray(); }
    }

    static Node tree(byte[] in) {
        int[] f = new int[256];
        for (byte b : in) f[b & 0xff]++;
        PriorityQueue<Node> q = new PriorityQueue<>();
        for (int i = 0; i < 256; i++) if (f[i] > 0) q.add(new Leaf((byte) i, f[i]));
        int o = 256;
        while (q.size() > 1) q.add(new Inner(q.poll(), q.poll(), o++));
        return q.poll();
    }

    static void codes(Node n, String prefix, Map<Byte, String> m) {
        switch (n) {
            case Leaf l -> m.put(l.b, prefix.isEmpty() ? "0" : prefix);
            case Inner i -> { codes(i.l, prefix + "0", m); codes(i.r, prefix + "1", m); }
        }
    }

    static byte[] decode(byte[] bits, int count, Node root) {
        byte[] out = new byte[count];
        Node n = root;
        int k = 0;
        for (int i = 0; k < count; i++) {
            int bit = bits[i / 8] >> (7 - i % 8) & 1;
            if (n instanceof Inner in) n = bit == 0 ? in.l : in.r;
            if (n instanceof Leaf l) { out[k++] = l.b; n = root; }
        }
        return out;
    }

    record Tok(int back, int len, char next) {}

    static List<Tok> lz(String s, int window) {
        List<Tok> out = new ArrayList<>();
        for (int i = 0; i < s.length(); ) {
            int bestLen = 0, bestBack = 0;
            for (int j = Math.max(0, i - window); j < i; j++) {
                int k = 0;
                while (i + k < s.length() - 1 && s.charAt(j + k) == s.charAt(i + k)) k++;
                if (k > bestLen) { bestLen = k; bestBack = i - j; }
            }
            out.add(new Tok(bestBack, bestLen, s.charAt(i + bestLen)));
            i += bestLen + 1;
        }
        return out;
    }

    static String unlz(List<Tok> ts) {
        StringBuilder sb = new StringBuilder();
        for (Tok t : ts) {
            int from = sb.length() - t.back();
            for (int k = 0; k < t.len(); k++) sb.append(sb.charAt(from + k));
            sb.append(t.next());
        }
        return sb.toString();
    }

    public static void main(String[] args) {
        String text = "she sells sea shells by the sea shore; the shells she sells are sea shells, for sure";
        for (byte[] in : new byte[][] {text.getBytes(), "aaaa".getBytes(), "abracadabra".getBytes(), {-1, 0, -1, 5, -1}}) {
            Node root = tree(in);
            Map<Byte, String> m = new TreeMap<>();
            codes(root, "", m);
            Bits b = new Bits();
            for (byte x : in) b.put(m.get(x));
            byte[] packed = b.done();
            System.out.println(m);
            System.out.println(in.length + " -> " + packed.length + " (" + b.total + " bits) " + Arrays.equals(in, decode(packed, in.length, root)) + " " + HexFormat.of().formatHex(packed));
            Map<Integer, List<Byte>> byLength = new TreeMap<>();
            m.forEach((k, v) -> byLength.computeIfAbsent(v.length(), l -> new ArrayList<>()).add(k));
            StringBuilder canon = new StringBuilder();
            int code = 0, last = 0;
            for (var e : byLength.entrySet()) for (byte k : e.getValue()) { code <<= e.getKey() - last; last = e.getKey(); canon.append(k).append('=').append(Integer.toBinaryString(code | 1 << last).substring(1)).append(' '); code++; }
            System.out.println(canon);
        }
        List<Tok> ts = lz(text, 40);
        System.out.println(ts.size() + " " + unlz(ts).equals(text) + " " + ts.subList(0, 6) + " " + ts.getLast());
    }
}
