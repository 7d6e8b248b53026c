import java.util.*;
import java.util.regex.*;
import java.util.stream.*;

public class Main {
    static void find(String re, String in, int flags) {
        try {
            Matcher m = Pattern.compile(re, flags).matcher(in);
            StringBuilder s = new StringBuilder();
            while (m.find()) {
                s.append('[').append(m.start()).append(',').append(m.end()).append(' ');
                for (int g = 0; g <= m.groupCount(); g++) {
                    s.append(g > 0 ? "|" : "").append(m.group(g));
                }
                s.append(']');
            }
            System.out.println(re + " in " + in.replace("\n", "\\n") + ": " + s);
        } catch (PatternSyntaxException e) {
            System.out.println(e.getDescription() + " at " + e.getIndex());
            System.out.println(e.getMessage());
        }
    }

    static void find(String re, String in) {
        find(re, in, 0);
    }

    public static void main(String[] args) {
        find("a*", "baaac");
        find("a*?b", "aaab ab");
        find("a++b", "aaab");
        find("(a|ab)(c|bcd)(d*)", "abcd");
        find("(\\w+)\\s+\\1", "the the cat cat sat");
        find("(?<y>\\d{4})-(?<m>\\d\\d)", "2024-05 1999-12");
        find("(?<=\\$)\\d+(?!\\d|%)", "$100 $20% 30");
        find("(?<!x)y", "xy y");
        find("(?i)straße|É", "STRAßE é É");
        find("é", "É", Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
        find("^\\w+$", "one\ntwo\r\nthree", Pattern.MULTILINE);
        find("a.b", "a\nb axb", Pattern.DOTALL);
        find("a b # comment\n c", "abc", Pattern.COMMENTS);
        find("a.b*", "a.b* axb", Pattern.LITERAL);
        find("[a-c&&[^b]]+[\\d&&[^5]]", "ac1 b2 c5 aa9");
        find("\\p{Lu}\\p{L}*|\\p{Sc}|\\p{IsGreek}+|\\p{InCyrillic}", "Abc € αβγ Ж Éa");
        find("\\bfoo\\b|\\Bbar", "foo food xbar bar");
        find("(a(b)?)+", "aba");
        find("(?:(a)|b)*", "ab");
        find("(?>a+)ab|a+", "aaab");
        find("\\Qa.b\\E+", "a.bb a.b");
        find("x{2,3}?", "xxxxx");
        find("\\x41\\u0042\\103\\cA?\\t?", "ABC");
        find("\\R\\h*\\X", "a\r\n  e\u0301");
        find("\\G\\d", "12a3");
        find(".", "a\ud83d\ude00b");
        find("[\ud83d\ude00-\ud83d\ude02]", "\ud83d\ude01");
        find("$", "ab\n");
        find("(?s).*?(\\d)(?-s).", "\n\n1x");
        find("((a{1,3}){2})\\2", "aaaaa");
        find("", "ab");
        find("(", "x");
        find("a{2,1}", "x");
        find("[z-a]", "x");
        find("*a", "x");
        find("(?<n>a)(?<n>b)", "x");
        find("\\k<q>", "x");
        find("(?<=a*)b", "x");
        find("\\p{Foo}", "x");
        find("[a", "x");
        find("a\\", "x");
        System.out.println("a1b22".replaceAll("(\\d+)", "<$1$1>") + " " + "x.y".replaceAll("\\.", Matcher.quoteReplacement("$\\")) + " " + Pattern.compile("(?<w>\\w)").matcher("ab").replaceAll("${w}${w}") + " " + Pattern.compile("\\d").matcher("a1b2").replaceAll(r -> "" + (Integer.parseInt(r.group()) + 8)));
        try {
            "a".replaceAll("a", "$1");
        } catch (IndexOutOfBoundsException e) {
            System.out.println(e.getMessage());
        }
        try {
            "a".replaceAll("a", "$");
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        try {
            Pattern.compile("a").matcher("a").group();
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        Matcher m = Pattern.compile("(a)(b)?(c)?").matcher("xxabxx");
        System.out.println(m.matches() + " " + m.lookingAt() + " " + m.find(2) + " " + m.group(1) + m.group(3) + m.start(3) + " " + m.hitEnd() + " " + m.toMatchResult().groupCount());
        m.region(2, 4);
        System.out.println(m.matches() + " " + m.regionStart() + " " + m.usePattern(Pattern.compile("^b$")).find() + " " + m.reset("b").find());
        StringBuilder sb = new StringBuilder();
        Matcher am = Pattern.compile("o(.)").matcher("foo boo zoo");
        while (am.find()) {
            am.appendReplacement(sb, "0" + am.group(1).toUpperCase());
        }
        am.appendTail(sb);
        System.out.println(sb);
        System.out.println(Pattern.compile("\\d").splitAsStream("a1b2c").toList() + " " + Pattern.compile(",").matcher("a,b").results().map(MatchResult::start).toList() + " " + Stream.of("a1", "b").filter(Pattern.compile("\\d").asPredicate()).toList() + Pattern.matches("a?", "") + Pattern.quote("a\\Eb") + " " + Pattern.compile("a").flags());
        System.out.println("x".repeat(300).matches("(x|y)*") + " " + "aaaaaaaaaaaa!".matches("(a+)+") + " " + Pattern.compile("(\\d+)(\\D+)").matcher("12ab34cd").results().map(r -> r.group(2) + r.group(1)).collect(Collectors.joining(",")) + Pattern.compile("(?<b>x)").namedGroups());
    }
}
