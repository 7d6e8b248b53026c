import java.util.*;

public class Main {
    static int token(String s) {
        switch (s) {
            case "abstract": return 1; case "assert": return 2; case "boolean": return 3; case "break": return 4; case "byte": return 5; case "case": return 6; case "catch": return 7; case "char": return 8; case "class": return 9; case "const": return 10;
            case "continue": return 11; case "default": return 12; case "do": return 13; case "double": return 14; case "else": return 15; case "enum": return 16; case "extends": return 17; case "final": return 18; case "finally": return 19; case "float": return 20;
            default: return s.isEmpty() ? -1 : -s.length();
            case "for": return 21; case "goto": return 22; case "if": return 23; case "implements": return 24; case "import": return 25; case "instanceof": return 26; case "int": return 27; case "interface": return 28; case "long": return 29; case "native": return 30;
            case "Ea": case "FB": return 100; case "AaAa": return 101; case "BBBB": return 102; case "AaBB": return 103; case "BBAa": return 104; case "ünï": return 105; case "\0": return 106;
        }
    }

    enum Dir { N, E, S, W; Dir right() { return switch (this) { case N -> E; case E -> S; case S -> W; case W -> N; }; } }

    static String walk(String program) {
        int x = 0, y = 0, pen = 0;
        Dir d = Dir.N;
        StringBuilder log = new StringBuilder();
        for (String cmd : program.split(" ")) {
            int arg = cmd.length() > 1 ? Integer.parseInt(cmd.substring(1)) : 1;
            switch (cmd.substring(0, 1)) {
                case "F" -> {
                    switch (d) {
                        case N: y += arg; break;
                        case S: y -= arg; break;
                        case E: x += arg; break;
                        default: x -= arg;
                    }
                    if (pen > 0) log.append('(').append(x).append(',').append(y).append(')');
                }
                case "R" -> { for (int i = 0; i < arg; i++) d = d.right(); }
                case "P" -> pen = arg;
                case "?" -> log.append(switch (d) { case N, S -> switch (x) { case 0 -> "axis"; default -> "off"; }; case E -> { String s = "e"; for (int i = 0; i < 3; i++) s += i; yield s; } case W -> "w"; });
                default -> log.append("bad ").append(cmd);
            }
        }
        return log + " at " + x + "," + y + " " + d;
    }

    public static void main(String[] args) {
        StringBuilder sb = new StringBuilder();
        for (String s : "abstract goto FB Ea AaAa BBBB AaBB BBAa CCCC long native x xyz ünï instanceof int Int".split(" ")) sb.append(token(s)).append(' ');
        System.out.println(sb + "" + token("") + token("\0") + token(new String(new char[] {'i', 'f'})));
        System.out.println(walk("P F3 R F2 R R2 F1 ? R F4 ? R3 F10 ? X9 R2 ?"));
        int sum = 0;
        String[] words = {"for", "if", "nope", "AaAa", "BBBB"};
        for (int i = 0; i < 2000; i++) sum += token(words[i % words.length]);
        System.out.println(sum);
        Map<Dir, Integer> turns = new EnumMap<>(Dir.class);
        Dir d = Dir.W;
        for (int i = 0; i < 10; i++) turns.merge(d = d.right(), 1, Integer::sum);
        System.out.println(turns);
    }
}
