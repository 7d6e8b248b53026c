/**
 * Guards: field reads and writes of a few live objects in a loop of small method calls. Balls that bounce in a
 * box.
 */
public final class Bounce {
    private static final int DEFAULT_ROUNDS = 475;
    private static final int BALLS = 100;
    private static final int STEPS = 1_000;
    private static final int BOX = 500;
    private static final long EXPECTED = 6_996_573_953_477_303_806L;

    private static final class Random {
        private int seed = 74755;

        int next(int bound) {
            seed = (seed * 1309 + 13849) & 0xFFFF;
            return seed % bound;
        }
    }

    private static final class Ball {
        private int x;
        private int y;
        private int speedX;
        private int speedY;

        Ball(Random random) {
            x = random.next(BOX);
            y = random.next(BOX);
            speedX = random.next(300) - 150;
            speedY = random.next(300) - 150;
        }

        /** One step; says whether a wall was hit. */
        boolean move() {
            x += speedX;
            y += speedY;
            boolean hit = false;
            if (x > BOX) {
                x = BOX;
                speedX = -Math.abs(speedX);
                hit = true;
            } else if (x < 0) {
                x = 0;
                speedX = Math.abs(speedX);
                hit = true;
            }
            if (y > BOX) {
                y = BOX;
                speedY = -Math.abs(speedY);
                hit = true;
            } else if (y < 0) {
                y = 0;
                speedY = Math.abs(speedY);
                hit = true;
            }
            return hit;
        }

        int position() {
            return x * 1_000 + y;
        }
    }

    private static long run() {
        Random random = new Random();
        Ball[] balls = new Ball[BALLS];
        for (int i = 0; i < BALLS; i++) {
            balls[i] = new Ball(random);
        }
        int hits = 0;
        for (int step = 0; step < STEPS; step++) {
            for (Ball ball : balls) {
                if (ball.move()) {
                    hits++;
                }
            }
        }
        long positions = 0;
        for (Ball ball : balls) {
            positions = positions * 31 + ball.position();
        }
        return positions ^ hits;
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        for (int round = 0; round < rounds; round++) {
            long checksum = run();
            if (checksum != EXPECTED) {
                System.out.print("Bounce: wrong checksum ");
                System.out.println(checksum);
                System.exit(1);
            }
        }
        System.out.print("Bounce ");
        System.out.println(EXPECTED);
    }
}
