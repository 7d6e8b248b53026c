public class Main {
    static String table(int i) {
        switch (i) {
            case -2: return "a";
            case -1: return "b";
            case 0: return "c";
            case 3: return "d";
            default: return "?";
        }
    }

    static String lookup(int i) {
        switch (i) {
            case Integer.MIN_VALUE: return "min";
            case -1000: return "-1000";
            case 1_000_000: return "mio";
            case Integer.MAX_VALUE: return "max";
            case 77: return "77";
        }
        return "none";
    }

    static String edge(int i) {
        switch (i) {
            case Integer.MAX_VALUE: return "top";
            case Integer.MAX_VALUE - 1: return "top-1";
            case Integer.MAX_VALUE - 2: return "top-2";
            case Integer.MAX_VALUE - 3: return "top-3";
        }
        return "below";
    }

    static String fall(int i) {
        StringBuilder s = new StringBuilder();
        switch (i) {
            case 1: s.append("one ");
            default: s.append("default ");
            case 2: s.append("two "); break;
            case 3: s.append("three "); break;
            case 4: case 5: case 6: s.append("456 ");
        }
        return s.append("end").toString();
    }

    static int chars(char c) {
        switch (c) {
            case 'a': return 1;
            case 'z': return 26;
            case '\u20ac': return 100;
            case '\uffff': return 101;
            default: return -1;
        }
    }

    static int strings(String s) {
        switch (s) {
            case "Aa": return 1;
            case "BB": return 2;
            case "AaAa": return 3;
            case "BBBB": return 4;
            case "AaBB": return 5;
            case "": return 6;
            default: return 0;
        }
    }

    static int yields(int i) {
        return switch (i) {
            case 1, 2, 3 -> i * 10;
            case 4 -> {
                int k = 0;
                for (int j = 0; j < i; j++) {
                    k += switch (j % 2) {
                        case 0 -> 1;
                        default -> 100;
                    };
                }
                yield k;
            }
            default -> throw new IllegalArgumentException("no " + i);
        };
    }

    static int stackful(int i) {
        return 100 + i * (switch (i) { case 1: yield 5; case 2: yield 7; default: try { yield Integer.parseInt("x"); } catch (NumberFormatException e) { yield 9; } });
    }

    static int big(int i) {
        switch (i) {
            case 0: return 10; case 1: return 11; case 2: return 12; case 3: return 13; case 4: return 14; case 5: return 15; case 6: return 16; case 7: return 17;
            case 8: return 18; case 9: return 19; case 10: return 20; case 11: return 21; case 12: return 22; case 13: return 23; case 14: return 24; case 15: return 25;
            case 100: return 1; case 200: return 2; case 300: return 3; case 400: return 4; case 500: return 5; case 600: return 6; case 700: return 7; case 800: return 8;
            case 10000: return -1; case 20000: return -2; case 30000: return -3; case 40000: return -4; case -50000: return -5; case 60000: return -6; case 70000: return -7;
        }
        return 99;
    }

    public static void main(String[] args) {
        for (int i : new int[] {-3, -2, -1, 0, 1, 2, 3, 4, 77, -1000, 1_000_000, Integer.MIN_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE - 3, Integer.MAX_VALUE - 4}) {
            System.out.println(i + " " + table(i) + " " + lookup(i) + " " + edge(i) + " " + fall(i));
        }
        for (char c : new char[] {'a', 'b', 'z', '\u20ac', '\uffff', 0}) {
            System.out.print(chars(c) + " ");
        }
        System.out.println();
        for (String s : new String[] {"Aa", "BB", "AaAa", "BBBB", "AaBB", "BBAa", "", "x"}) {
            System.out.print(strings(s) + " ");
        }
        System.out.println();
        try {
            strings(null);
        } catch (NullPointerException e) {
            System.out.println("NPE");
        }
        for (int i = 1; i <= 5; i++) {
            try {
                System.out.println(yields(i) + " " + stackful(i));
            } catch (IllegalArgumentException e) {
                System.out.println(e.getMessage());
            }
        }
        long sum = 0;
        for (int i = -60000; i <= 80000; i += 100) {
            sum = sum * 3 + big(i);
        }
        System.out.println(sum + " " + big(15) + " " + big(16) + " " + big(-50000) + " " + big(70000));
        outer:
        for (int i = 0; ; i++) {
            switch (i) {
                case 3: continue outer;
                case 5: break outer;
                default: System.out.print(i + " ");
            }
        }
        System.out.println();
        switch (1) { }
        switch (2) { default: System.out.println("only default"); }
    }
}
