import java.util.*;
import java.util.stream.*;

public class Main {
    static class JsonException extends RuntimeException { JsonException(String m) { super(m); } }

    static class Reader {
        final String s;
        int i, line = 1;
        Reader(String s) { this.s = s; }
        JsonException err(String m) { return new JsonException(m + " at line " + line + " offset " + i); }
        void ws() { while (i < s.length() && " \t\r\n".indexOf(s.charAt(i)) >= 0) if (s.charAt(i++) == '\n') line++; }
        Object value() {
            ws();
            if (i >= s.length()) throw err("unexpected end");
            switch (s.charAt(i)) {
                case '{': {
                    Map<String, Object> m = new LinkedHashMap<>();
                    i++;
                    ws();
                    if (at('}')) return m;
                    do {
                        ws();
                        if (i >= s.length() || s.charAt(i) != '"') throw err("expected a key");
                        String k = string();
                        ws();
                        if (!at(':')) throw err("expected ':'");
                        if (m.put(k, value()) != null) throw err("duplicate key " + k);
                        ws();
                    } while (at(','));
                    if (!at('}')) throw err("expected '}'");
                    return m;
                }
                case '[': {
                    List<Object> l = new ArrayList<>();
                    i++;
                    ws();
                    if (at(']')) return l;
                    do { l.add(value()); ws(); } while (at(','));
                    if (!at(']')) throw err("expected ']'");
                    return l;
                }
                case '"': return string();
                case 't': return word("true", true);
                case 'f': return word("false", false);
                case 'n': return word("null", null);
                default: return number();
            }
        }
        boolean at(char c) { if (i < s.length() && s.charAt(i) == c) { i++; return true; } return false; }
        Object word(String w, Object v) { if (!s.startsWith(w, i)) throw err("unknown word"); i += w.length(); return v; }
        Object number() {
            int st = i;
            while (i < s.length() && "+-.eE0123456789".indexOf(s.charAt(i)) >= 0) i++;
            String t = s.substring(st, i);
            if (!t.matches("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?")) { i = st; throw err("bad number '" + t + "'"); }
            if (t.matches("-?\\d+")) { try { return Long.parseLong(t); } catch (NumberFormatException e) { return new java.math.BigInteger(t); } }
            return Double.parseDouble(t);
        }
        String string() {
            StringBuilder sb = new StringBuilder();
            i++;
            while (true) {
                if (i >= s.length()) throw err("unterminated string");
                char c = s.charAt(i++);
                if (c == '"') return sb.toString();
                if (c < ' ') throw err("control character");
                if (c != '\\') { sb.append(c); continue; }
                char e = s.charAt(i++);
                switch (e) {
                    case 'n' -> sb.append('\n');
                    case 't' -> sb.append('\t');
                    case 'r' -> sb.append('\r');
                    case 'b' -> sb.append('\b');
                    case 'f' -> sb.append('\f');
                    case 'u' -> { sb.append((char) Integer.parseInt(s, i, i + 4, 16)); i += 4; }
                    case '"', '\\', '/' -> sb.append(e);
                    default -> throw err("bad escape \\" + e);
                }
            }
        }
    }

    static Object parse(String s) {
        Reader r = new Reader(s);
        Object o = r.value();
        r.ws();
        if (r.i < s.length()) throw r.err("trailing text");
        return o;
    }

    static String print(Object o, String indent) {
        return switch (o) {
            case null -> "null";
            case String s -> quote(s);
            case Map<?, ?> m when m.isEmpty() -> "{}";
            case Map<?, ?> m when indent == null -> m.entrySet().stream().map(e -> quote((String) e.getKey()) + ":" + print(e.getValue(), null)).collect(Collectors.joining(",", "{", "}"));
            case Map<?, ?> m -> m.entrySet().stream().map(e -> indent + "  " + quote((String) e.getKey()) + ": " + print(e.getValue(), indent + "  ")).collect(Collectors.joining(",\n", "{\n", "\n" + indent + "}"));
            case List<?> l when indent == null || l.stream().noneMatch(x -> x instanceof Map || x instanceof List) -> l.stream().map(x -> print(x, null)).collect(Collectors.joining(indent == null ? "," : ", ", "[", "]"));
            case List<?> l -> l.stream().map(x -> indent + "  " + print(x, indent + "  ")).collect(Collectors.joining(",\n", "[\n", "\n" + indent + "]"));
            default -> o.toString();
        };
    }

    static String quote(String s) {
        StringBuilder sb = new StringBuilder("\"");
        for (char c : s.toCharArray()) {
            switch (c) {
                case '"' -> sb.append("\\\"");
                case '\\' -> sb.append("\\\\");
                case '\n' -> sb.append("\\n");
                case '\t' -> sb.append("\\t");
                default -> { if (c < ' ' || c > 0x7e) sb.append(String.format("\\u%04x", (int) c)); else sb.append(c); }
            }
        }
        return sb.append('"').toString();
    }

    static Object path(Object o, String p) {
        for (String k : p.split("\\.")) o = o instanceof Map<?, ?> m ? m.get(k) : ((List<?>) o).get(Integer.parseInt(k));
        return o;
    }

    public static void main(String[] args) {
        String doc = """
            {"name": "carafe", "tags": ["vm", "java\\n", "\\u00e9\\ud83d\\ude00"], "nested": {"deep": [{"x": 1}, {"x": -2.5e3}, []], "empty": {}},
             "big": 123456789012345678901234567890, "t": true, "f": false, "n": null, "zero": -0, "esc": "a\\"b\\\\c\\/\\t"}
            """;
        Object o = parse(doc);
        System.out.println(print(o, ""));
        System.out.println(print(o, null));
        System.out.println(parse(print(o, null)).equals(o) + " " + parse(print(o, "")).equals(o));
        System.out.println(path(o, "nested.deep.1.x") + " " + path(o, "tags.0") + " " + path(o, "big").getClass().getSimpleName() + path(o, "zero").getClass().getSimpleName());
        for (String bad : new String[] {"", "{", "[1,", "{\"a\" 1}", "[1 2]", "tru", "01", "1.", "-", "\"abc", "\"\\q\"", "{\"a\":1,\"a\":2}", "[1]\n\nx", "{a:1}", "nul", "[\n1,\n,]", "\"\u0001\""}) {
            try {
                System.out.println(print(parse(bad), null));
            } catch (JsonException e) {
                System.out.println(e.getMessage());
            }
        }
        StringBuilder deep = new StringBuilder();
        for (int i = 0; i < 200; i++) deep.append("[");
        deep.append("7");
        for (int i = 0; i < 200; i++) deep.append("]");
        Object d = parse(deep.toString());
        int depth = 0;
        while (d instanceof List<?> l) { d = l.get(0); depth++; }
        System.out.println(depth + " " + d);
    }
}
