/**
 * Guards: recursion with several arguments and the pushing and popping of linked objects. The towers of Hanoi.
 */
public final class Towers {
    private static final int DEFAULT_ROUNDS = 400;
    private static final int DISKS = 16;
    private static final int EXPECTED = (1 << DISKS) - 1; // the fewest moves that carry all disks over

    private static final class Disk {
        final int size;
        Disk below;

        Disk(int size) {
            this.size = size;
        }
    }

    private final Disk[] piles = new Disk[3];
    private int moves;

    private void push(int pile, Disk disk) {
        Disk top = piles[pile];
        if (top != null && top.size <= disk.size) {
            throw new IllegalStateException("a disk may not lie on a smaller one");
        }
        disk.below = top;
        piles[pile] = disk;
    }

    private Disk pop(int pile) {
        Disk top = piles[pile];
        if (top == null) {
            throw new IllegalStateException("no disk left on this pile");
        }
        piles[pile] = top.below;
        top.below = null;
        return top;
    }

    private void carry(int disks, int from, int to) {
        if (disks == 1) {
            push(to, pop(from));
            moves++;
            return;
        }
        int spare = 3 - from - to;
        carry(disks - 1, from, spare);
        carry(1, from, to);
        carry(disks - 1, spare, to);
    }

    private int play() {
        for (int size = DISKS; size > 0; size--) {
            push(0, new Disk(size));
        }
        carry(DISKS, 0, 1);
        return moves;
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        for (int round = 0; round < rounds; round++) {
            int checksum = new Towers().play();
            if (checksum != EXPECTED) {
                System.out.print("Towers: wrong checksum ");
                System.out.println(checksum);
                System.exit(1);
            }
        }
        System.out.print("Towers ");
        System.out.println(EXPECTED);
    }
}
