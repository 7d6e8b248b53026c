import java.util.*;

public class Main {
    static int steps;

    static boolean solve(int[] g, int[] rows, int[] cols, int[] boxes) {
        int best = -1, bestN = 10, bestMask = 0;
        for (int i = 0; i < 81; i++) {
            if (g[i] != 0) continue;
            int m = ~(rows[i / 9] | cols[i % 9] | boxes[i / 27 * 3 + i % 9 / 3]) & 0x3fe, n = Integer.bitCount(m);
            if (n < bestN) { best = i; bestN = n; bestMask = m; }
        }
        if (best < 0) return true;
        steps++;
        for (int m = bestMask; m != 0; m &= m - 1) {
            int v = Integer.numberOfTrailingZeros(m), bit = 1 << v, r = best / 9, c = best % 9, b = best / 27 * 3 + c / 3;
            g[best] = v;
            rows[r] |= bit; cols[c] |= bit; boxes[b] |= bit;
            if (solve(g, rows, cols, boxes)) return true;
            g[best] = 0;
            rows[r] ^= bit; cols[c] ^= bit; boxes[b] ^= bit;
        }
        return false;
    }

    static void sudoku(String s) {
        int[] g = new int[81], rows = new int[9], cols = new int[9], boxes = new int[9];
        for (int i = 0; i < 81; i++) {
            int v = s.charAt(i) == '.' ? 0 : s.charAt(i) - '0';
            g[i] = v;
            if (v == 0) continue;
            rows[i / 9] |= 1 << v;
            cols[i % 9] |= 1 << v;
            boxes[i / 27 * 3 + i % 9 / 3] |= 1 << v;
        }
        steps = 0;
        boolean ok = solve(g, rows, cols, boxes);
        StringBuilder sb = new StringBuilder();
        for (int v : g) sb.append(v);
        System.out.println(ok + " " + steps + " " + sb);
    }

    static boolean[][] life(boolean[][] w) {
        int h = w.length, k = w[0].length;
        boolean[][] n = new boolean[h][k];
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < k; x++) {
                int c = 0;
                for (int dy = -1; dy <= 1; dy++) for (int dx = -1; dx <= 1; dx++) if ((dx != 0 || dy != 0) && w[(y + dy + h) % h][(x + dx + k) % k]) c++;
                n[y][x] = c == 3 || c == 2 && w[y][x];
            }
        }
        return n;
    }

    static int queens(int n, int row, int cols, int d1, int d2) {
        if (row == n) return 1;
        int count = 0;
        for (int free = ~(cols | d1 | d2) & ((1 << n) - 1); free != 0; free &= free - 1) {
            int bit = free & -free;
            count += queens(n, row + 1, cols | bit, (d1 | bit) << 1, (d2 | bit) >> 1);
        }
        return count;
    }

    public static void main(String[] args) {
        sudoku("53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79");
        sudoku("8..........36......7..9.2...5...7.......457.....1...3...1....68..85...1..9....4..");
        boolean[][] w = new boolean[12][16];
        int[][] glider = {{1, 0}, {2, 1}, {0, 2}, {1, 2}, {2, 2}}, r = {{8, 6}, {9, 6}, {7, 7}, {8, 7}, {8, 8}};
        for (int[] p : glider) w[p[1]][p[0]] = true;
        for (int[] p : r) w[p[1]][p[0]] = true;
        for (int g = 0; g < 40; g++) {
            if (g % 13 == 0) {
                for (boolean[] row : w) {
                    StringBuilder sb = new StringBuilder();
                    for (boolean c : row) sb.append(c ? '#' : '.');
                    System.out.println(sb);
                }
                System.out.println(g + " " + Arrays.deepHashCode(w));
            }
            w = life(w);
        }
        for (int n = 1; n <= 8; n++) System.out.print(queens(n, 0, 0, 0, 0) + " ");
        System.out.println();
    }
}
