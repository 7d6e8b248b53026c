public class Main {
    static final String CONST = """
            const""";

    public static void main(String[] args) {
        String a = """
            first
              second
            third
            """;
        System.out.print(a.replace(' ', '.'));
        String b = """
            no newline at the end \
            continued \
            here""";
        System.out.println(b + "|");
        String c = """
            trailing space kept\s\s
            stripped here   \040
            tab\tquote " two "" three \""" backslash \\ octal \101 unicode \u0042
        left""";
        System.out.println(c.replace(' ', '.'));
        String d = """
            """;
        System.out.println(d.length());
        String e = """

              blank lines around

            """;
        System.out.println(e.replace("\n", "$") + "|");
        System.out.println(CONST == "const");
        System.out.println("""
            {"name": "%s",
             "n": %d}""".formatted("x", 3));
        System.out.println("""
            ""\"""".length() + """
            a""" + """
            b""".toUpperCase());
        switch (CONST) {
            case """
                const""" -> System.out.println("matched");
            default -> System.out.println("no");
        }
    }
}
