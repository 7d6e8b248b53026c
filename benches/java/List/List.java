/**
 * Guards: deep recursion over linked objects (field loads, null tests, three-argument calls). Takeuchi's
 * function on lists, where a list's length stands for the number.
 */
public final class List {
    private static final int DEFAULT_ROUNDS = 375;
    private static final int EXPECTED = 7; // tak(18, 12, 6) is 7

    private static final class Cell {
        final Cell rest;

        Cell(Cell rest) {
            this.rest = rest;
        }

        int length() {
            return rest == null ? 1 : 1 + rest.length();
        }
    }

    private static Cell ofLength(int length) {
        return length == 0 ? null : new Cell(ofLength(length - 1));
    }

    private static boolean isShorter(Cell left, Cell right) {
        Cell a = left;
        Cell b = right;
        while (b != null) {
            if (a == null) {
                return true;
            }
            a = a.rest;
            b = b.rest;
        }
        return false;
    }

    private static Cell tak(Cell x, Cell y, Cell z) {
        if (!isShorter(y, x)) {
            return z;
        }
        return tak(tak(x.rest, y, z), tak(y.rest, z, x), tak(z.rest, x, y));
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        for (int round = 0; round < rounds; round++) {
            int checksum = tak(ofLength(18), ofLength(12), ofLength(6)).length();
            if (checksum != EXPECTED) {
                System.out.print("List: wrong checksum ");
                System.out.println(checksum);
                System.exit(1);
            }
        }
        System.out.print("List ");
        System.out.println(EXPECTED);
    }
}
