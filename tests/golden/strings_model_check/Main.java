import java.nio.charset.StandardCharsets;
import java.util.*;

public class Main {
    static int slowIndex(String s, String p, int from) {
        outer:
        for (int i = Math.max(0, from); i + p.length() <= s.length(); i++) {
            for (int k = 0; k < p.length(); k++) if (s.charAt(i + k) != p.charAt(k)) continue outer;
            return i;
        }
        return -1;
    }

    static int slowLast(String s, String p) {
        for (int i = s.length() - p.length(); i >= 0; i--) if (slowIndex(s.substring(i, i + p.length()), p, 0) == 0) return i;
        return -1;
    }

    static int slowCompare(String a, String b) {
        for (int i = 0; i < Math.min(a.length(), b.length()); i++) if (a.charAt(i) != b.charAt(i)) return a.charAt(i) - b.charAt(i);
        return a.length() - b.length();
    }

    static String random(Random r, String alphabet, int max) {
        StringBuilder sb = new StringBuilder();
        for (int n = r.nextInt(max + 1); n > 0; n--) sb.append(alphabet.charAt(r.nextInt(alphabet.length())));
        return sb.toString();
    }

    public static void main(String[] args) {
        Random r = new Random(31);
        String[] alphabets = {"ab", "abÿé", "ab\u0100中", "aA1 \t", "\ud83d\ude00ab"};
        int bad = 0, n = 600;
        long h = 0;
        for (int i = 0; i < n; i++) {
            String al = alphabets[i % alphabets.length], s = random(r, al, i % 10 == 0 ? 80 : 12), p = random(r, al, 3);
            int from = r.nextInt(10) - 2;
            if (s.indexOf(p, from) != (p.isEmpty() ? Math.min(Math.max(from, 0), s.length()) : slowIndex(s, p, from))) bad++;
            if (s.lastIndexOf(p) != slowLast(s, p) || s.contains(p) != slowIndex(s, p, 0) >= 0) bad++;
            char c = al.charAt(r.nextInt(al.length()));
            int at = -1;
            for (int k = Math.max(0, from); k < s.length() && at < 0; k++) if (s.charAt(k) == c) at = k;
            if (s.indexOf(c, from) != at) bad++;
            String t = random(r, alphabets[r.nextInt(alphabets.length)], 12);
            if (Integer.signum(s.compareTo(t)) != Integer.signum(slowCompare(s, t)) || s.equals(t) != (slowCompare(s, t) == 0)) bad++;
            int hash = 0;
            for (char x : s.toCharArray()) hash = hash * 31 + x;
            if (s.hashCode() != hash) bad++;
            StringBuilder rep = new StringBuilder();
            for (char x : s.toCharArray()) rep.append(x == c ? 'Z' : x);
            if (!s.replace(c, 'Z').contentEquals(rep)) bad++;
            if (!p.isEmpty()) {
                StringBuilder all = new StringBuilder();
                int k = 0;
                for (int f; (f = slowIndex(s, p, k)) >= 0; k = f + p.length()) all.append(s, k, f).append("<>");
                if (!s.replace(p, "<>").contentEquals(all.append(s.substring(k)))) bad++;
                if (!String.join(p, s.split(java.util.regex.Pattern.quote(p), -1)).equals(s)) bad++;
            }
            if (!(s + t).equals(s.concat(t)) || (s + t).length() != s.length() + t.length() || !(s + t).startsWith(s) || !(s + t).endsWith(t) || !(s + t).substring(s.length()).equals(t)) bad++;
            boolean lone = s.codePoints().anyMatch(x -> x >= 0xd800 && x <= 0xdfff);
            if (!lone && (!new String(s.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).equals(s) || !new String(s.getBytes(StandardCharsets.UTF_16), StandardCharsets.UTF_16).equals(s))) bad++;
            if (!new String(s.toCharArray()).equals(s) || !s.chars().collect(StringBuilder::new, (b, x) -> b.append((char) x), StringBuilder::append).toString().equals(s)) bad++;
            if (s.strip().length() > s.trim().length() + 5 || s.isBlank() != s.strip().isEmpty()) bad++;
            if (!s.toUpperCase(Locale.ROOT).equalsIgnoreCase(s) && !s.contains("ÿ")) bad++;
            if (s.regionMatches(1, s, 1, 2) != (s.length() >= 3) || !new StringBuilder(s).reverse().reverse().toString().equals(s) && !lone) bad++;
            if (s.codePointCount(0, s.length()) != s.codePoints().count() || s.intern() != new String(s).intern()) bad++;
            StringBuilder ins = new StringBuilder(s);
            int pos = r.nextInt(s.length() + 1);
            ins.insert(pos, t);
            if (!ins.toString().equals(s.substring(0, pos) + t + s.substring(pos)) || !ins.delete(pos, pos + t.length()).toString().equals(s)) bad++;
            h = h * 31 + s.hashCode() + t.hashCode();
        }
        System.out.println(bad + " " + h);
    }
}
