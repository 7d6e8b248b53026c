import java.util.ArrayList;
import java.util.Locale;

/**
 * Guards: the string operations that programs lean on: `+`, StringBuilder, split, substring, indexOf, equals,
 * hashCode, compareTo, trim, replace, case, join, conversion to and from numbers, in Latin-1 and in UTF-16. No
 * formatting.
 */
public final class Strings {
    private static final int DEFAULT_ROUNDS = 300;
    private static final int LINES = 100;
    private static final long EXPECTED = -629_952_639_213_073_527L;

    /** Lines such as " 17; Name17 ; 323.5; key=value17 ", some with a letter that is not in Latin-1. */
    private static String text() {
        String text = "";
        for (int i = 0; i < LINES; i++) {
            String name = i % 5 == 0 ? "\u0160koda" : "Name";
            text = text + " " + i + "; " + name + i + " ; " + i * 19 + "." + i % 10 + "; key=value" + i % 13 + " \n";
        }
        return text;
    }

    private static long fields(String text) {
        long sum = 0;
        for (String line : text.split("\n")) {
            String[] fields = line.split(";");
            int number = Integer.parseInt(fields[0].trim());
            String name = fields[1].trim();
            String amount = fields[2].substring(1);
            int point = amount.indexOf('.');
            int whole = Integer.parseInt(amount.substring(0, point));
            int tenths = whole * 10 + Integer.parseInt(amount.substring(point + 1));
            String value = fields[3].trim().substring("key=".length());
            sum = sum * 31 + number + name.length() + tenths + value.hashCode();
        }
        return sum;
    }

    private static long rewriting(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        String replaced = upper.replace("VALUE", "v").replace(';', ',');
        long sum = replaced.length() * 1_000L + replaced.hashCode();
        int at = replaced.indexOf("NAME");
        while (at >= 0) {
            sum += at;
            at = replaced.indexOf("NAME", at + 1);
        }
        return sum + (replaced.contains("\u0160KODA") ? 1 : 0) + replaced.lastIndexOf("v1");
    }

    private static long comparing(String text) {
        ArrayList<String> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == ' ') {
                if (i > start) {
                    words.add(text.substring(start, i));
                }
                start = i + 1;
            }
        }
        long sum = 0;
        for (int i = 1; i < words.size(); i++) {
            String one = words.get(i - 1);
            String other = words.get(i);
            sum = sum * 3 + Integer.signum(one.compareTo(other));
            sum += one.equals(other) ? 1 : 0;
            sum += one.equalsIgnoreCase(other.toLowerCase(Locale.ROOT)) ? 1 : 0;
            sum += other.startsWith("Name") ? 5 : 0;
            sum += other.endsWith("7") ? 7 : 0;
        }
        return sum + String.join("-", words).hashCode();
    }

    private static long building(int seed) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < LINES; i++) {
            out.append(i).append(' ').append((long) i * seed).append(i % 2 == 0).append((char) ('a' + i % 26));
            out.append(Integer.toHexString(i * 77)).append("tail", 1, 3);
        }
        out.insert(0, "head").reverse().setLength(out.length() - 5);
        out.deleteCharAt(3).setCharAt(0, 'z');
        String built = out.toString();
        char[] letters = built.toCharArray();
        int hash = 0;
        for (char letter : letters) {
            hash = hash * 31 + letter;
        }
        if (hash != built.hashCode()) {
            throw new IllegalStateException("the letters are not those of the string");
        }
        return hash + new String(letters, 5, 10).hashCode() + built.strip().length();
    }

    private static long joining(int seed) {
        long sum = 0;
        for (int i = 0; i < LINES; i++) {
            Object object = i % 3 == 0 ? null : Integer.valueOf(i);
            String joined = "a" + i + ',' + object + (i * 3L) + '=' + (i % 2 == 0) + seed;
            sum = sum * 31 + joined.hashCode();
        }
        return sum;
    }

    private static long run() {
        int seed = 3;
        String text = text();
        long sum = fields(text);
        sum = sum * 31 + rewriting(text);
        sum = sum * 31 + comparing(text);
        sum = sum * 31 + building(seed);
        return sum * 31 + joining(seed);
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        for (int round = 0; round < rounds; round++) {
            long checksum = run();
            if (checksum != EXPECTED) {
                System.out.print("Strings: wrong checksum ");
                System.out.println(checksum);
                System.exit(1);
            }
        }
        System.out.print("Strings ");
        System.out.println(EXPECTED);
    }
}
