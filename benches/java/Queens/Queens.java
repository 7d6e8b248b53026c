/**
 * Guards: backtracking recursion through instance methods and boolean array fields. Counts all ways to place
 * eight queens.
 */
public final class Queens {
    private static final int DEFAULT_ROUNDS = 3_000;
    private static final int SIZE = 8;
    private static final int EXPECTED = 92; // solutions of the eight queens problem

    private final boolean[] columnTaken = new boolean[SIZE];
    private final boolean[] risingTaken = new boolean[2 * SIZE];
    private final boolean[] fallingTaken = new boolean[2 * SIZE];
    private int solutions;

    private boolean isFree(int row, int column) {
        return !columnTaken[column] && !risingTaken[row + column] && !fallingTaken[row - column + SIZE];
    }

    private void setTaken(int row, int column, boolean taken) {
        columnTaken[column] = taken;
        risingTaken[row + column] = taken;
        fallingTaken[row - column + SIZE] = taken;
    }

    private void placeFrom(int row) {
        if (row == SIZE) {
            solutions++;
            return;
        }
        for (int column = 0; column < SIZE; column++) {
            if (isFree(row, column)) {
                setTaken(row, column, true);
                placeFrom(row + 1);
                setTaken(row, column, false);
            }
        }
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        for (int round = 0; round < rounds; round++) {
            Queens board = new Queens();
            board.placeFrom(0);
            if (board.solutions != EXPECTED) {
                System.out.print("Queens: wrong checksum ");
                System.out.println(board.solutions);
                System.exit(1);
            }
        }
        System.out.print("Queens ");
        System.out.println(EXPECTED);
    }
}
