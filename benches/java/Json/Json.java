import java.util.ArrayList;

/**
 * Guards: charAt, StringBuilder, substring and number parsing as a hand-written parser uses them. Parses a
 * document that is generated at the start (some 60,000 characters of nested records), then writes it out again
 * and compares.
 */
public final class Json {
    private static final int DEFAULT_ROUNDS = 40;
    private static final int RECORDS = 300;
    private static final long EXPECTED = -1_663_465_369_953_761_996L;

    // ------------------------------------------------------------------------------------------------- the document

    private static String document() {
        StringBuilder out = new StringBuilder();
        out.append("{\"version\":1,\"records\":[");
        int seed = 42;
        for (int i = 0; i < RECORDS; i++) {
            seed = seed * 1664525 + 1013904223;
            int number = seed >>> 8;
            out.append(i == 0 ? "" : ",").append("{\"id\":").append(i);
            out.append(",\"name\":\"record ").append(number % 1000);
            out.append("\",\"quote\":\"a \\\"b\\\" \\\\ \\n\\u00e9\"");
            out.append(",\"weight\":").append(number % 500).append('.').append(number % 10).append("5");
            out.append(",\"balance\":-").append(number % 100_000);
            out.append(",\"active\":").append((number & 1) == 0).append(",\"parent\":null");
            out.append(",\"scores\":[");
            for (int j = 0; j < 1 + number % 12; j++) {
                out.append(j == 0 ? "" : ",").append((number >>> j) & 255);
            }
            out.append("],\"place\":{\"x\":").append(number & 1023).append(",\"tags\":[[],{},[\"a\",[\"b\"]]]}}");
        }
        return out.append("]}").toString();
    }

    // --------------------------------------------------------------------------------------------------- the values

    private abstract static class Value {
        abstract void write(StringBuilder out);

        abstract long sum();
    }

    private static final class Literal extends Value {
        private final String word;

        Literal(String word) {
            this.word = word;
        }

        @Override
        void write(StringBuilder out) {
            out.append(word);
        }

        @Override
        long sum() {
            return word.length();
        }
    }

    /** A number, kept in hundredths, with its text. */
    private static final class Number extends Value {
        private final String text;
        private final long hundredths;

        Number(String text, long hundredths) {
            this.text = text;
            this.hundredths = hundredths;
        }

        @Override
        void write(StringBuilder out) {
            out.append(text);
        }

        @Override
        long sum() {
            return hundredths;
        }
    }

    private static final class Text extends Value {
        private final String text;

        Text(String text) {
            this.text = text;
        }

        @Override
        void write(StringBuilder out) {
            quote(text, out);
        }

        @Override
        long sum() {
            return text.hashCode();
        }
    }

    private static final class List extends Value {
        final ArrayList<Value> values = new ArrayList<>();

        @Override
        void write(StringBuilder out) {
            char before = '[';
            if (values.isEmpty()) {
                out.append(before);
            }
            for (Value value : values) {
                out.append(before);
                value.write(out);
                before = ',';
            }
            out.append(']');
        }

        @Override
        long sum() {
            long sum = values.size();
            for (Value value : values) {
                sum = sum * 3 + value.sum();
            }
            return sum;
        }
    }

    /** Names and values in the order of the document; a few, so that a search from the front is quick. */
    private static final class Record extends Value {
        private final ArrayList<String> names = new ArrayList<>();
        private final ArrayList<Value> values = new ArrayList<>();

        void add(String name, Value value) {
            names.add(name);
            values.add(value);
        }

        Value get(String name) {
            int at = names.indexOf(name);
            return at < 0 ? null : values.get(at);
        }

        @Override
        void write(StringBuilder out) {
            out.append('{');
            for (int i = 0; i < names.size(); i++) {
                if (i > 0) {
                    out.append(',');
                }
                quote(names.get(i), out);
                out.append(':');
                values.get(i).write(out);
            }
            out.append('}');
        }

        @Override
        long sum() {
            long sum = 1;
            for (int i = 0; i < names.size(); i++) {
                sum = sum * 5 + names.get(i).length() + values.get(i).sum();
            }
            return sum;
        }
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c == '\n') {
                out.append("\\n");
            } else if (c < ' ' || c > '~') {
                out.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    out.append(Character.forDigit(c >> shift & 15, 16));
                }
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    // --------------------------------------------------------------------------------------------------- the parser

    private static final class Parser {
        private static final Literal TRUE = new Literal("true");
        private static final Literal FALSE = new Literal("false");
        private static final Literal NULL = new Literal("null");

        private final String source;
        private int at;

        Parser(String source) {
            this.source = source;
        }

        Value parse() {
            Value value = value();
            skipBlanks();
            if (at != source.length()) {
                throw bad("the end");
            }
            return value;
        }

        private IllegalArgumentException bad(String wanted) {
            return new IllegalArgumentException(wanted.concat(" was wanted at ").concat(Integer.toString(at)));
        }

        private char peek() {
            return at < source.length() ? source.charAt(at) : '\0';
        }

        private void skipBlanks() {
            while (peek() == ' ' || peek() == '\n') {
                at++;
            }
        }

        private boolean accept(char wanted) {
            skipBlanks();
            if (peek() != wanted) {
                return false;
            }
            at++;
            return true;
        }

        private void expect(char wanted) {
            if (!accept(wanted)) {
                throw bad(String.valueOf(wanted));
            }
        }

        private Value value() {
            skipBlanks();
            switch (peek()) {
                case '{':
                    return record();
                case '[':
                    return list();
                case '"':
                    return new Text(string());
                case 't':
                    return literal(TRUE);
                case 'f':
                    return literal(FALSE);
                case 'n':
                    return literal(NULL);
                default:
                    return number();
            }
        }

        private Value literal(Literal literal) {
            if (!source.startsWith(literal.word, at)) {
                throw bad(literal.word);
            }
            at += literal.word.length();
            return literal;
        }

        private Value record() {
            expect('{');
            Record record = new Record();
            if (accept('}')) {
                return record;
            }
            do {
                skipBlanks();
                String name = string();
                expect(':');
                record.add(name, value());
            } while (accept(','));
            expect('}');
            return record;
        }

        private Value list() {
            expect('[');
            List list = new List();
            if (accept(']')) {
                return list;
            }
            do {
                list.values.add(value());
            } while (accept(','));
            expect(']');
            return list;
        }

        private String string() {
            expect('"');
            int start = at;
            while (peek() != '"' && peek() != '\\') {
                if (at >= source.length()) {
                    throw bad("\"");
                }
                at++;
            }
            if (peek() == '"') {
                String plain = source.substring(start, at);
                at++;
                return plain;
            }
            StringBuilder text = new StringBuilder().append(source, start, at);
            while (peek() != '"') {
                if (at >= source.length()) {
                    throw bad("\"");
                }
                char c = source.charAt(at);
                at++;
                text.append(c == '\\' ? escape() : c);
            }
            at++;
            return text.toString();
        }

        private char escape() {
            char c = peek();
            at++;
            if (c == 'n') {
                return '\n';
            }
            if (c != 'u') {
                return c;
            }
            if (at + 4 > source.length()) {
                throw bad("four digits");
            }
            at += 4;
            return (char) Integer.parseInt(source.substring(at - 4, at), 16);
        }

        private Value number() {
            int start = at;
            boolean negative = accept('-');
            long whole = digits();
            long hundredths = whole * 100;
            if (accept('.')) {
                int fractionStart = at;
                long fraction = digits();
                hundredths += at - fractionStart == 1 ? fraction * 10 : fraction;
            }
            return new Number(source.substring(start, at), negative ? -hundredths : hundredths);
        }

        private long digits() {
            long sum = 0;
            int start = at;
            while (peek() >= '0' && peek() <= '9') {
                sum = sum * 10 + (peek() - '0');
                at++;
            }
            if (at == start) {
                throw bad("a digit");
            }
            return sum;
        }
    }

    private static long run(String document) {
        Value value = new Parser(document).parse();
        StringBuilder written = new StringBuilder();
        value.write(written);
        if (!document.contentEquals(written)) {
            throw new IllegalStateException("what was written is not what was read");
        }
        int found = ((List) ((Record) value).get("records")).values.size();
        return value.sum() * 1_000 + found;
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        String document = document();
        for (int round = 0; round < rounds; round++) {
            long checksum = run(document);
            if (checksum != EXPECTED) {
                System.out.print("Json: wrong checksum ");
                System.out.println(checksum);
                System.exit(1);
            }
        }
        System.out.print("Json ");
        System.out.println(EXPECTED);
    }
}
