/**
 * Guards: double fields of objects, arithmetic and square roots. The sun and its four giant planets, stepped by
 * a symplectic integrator.
 */
public final class NBody {
    private static final int DEFAULT_ROUNDS = 1_750;
    private static final int STEPS = 1_000;
    /** The energies known for this system before and after 1,000 steps: -0.169075164 and -0.169087605. */
    private static final long EXPECTED = -169_075_164L * 1_000_000_000 - 169_087_605L;

    private static final double SOLAR_MASS = 4 * Math.PI * Math.PI;
    private static final double DAYS_PER_YEAR = 365.24;

    private static final class Body {
        double x;
        double y;
        double z;
        double speedX;
        double speedY;
        double speedZ;
        final double mass;

        Body(double x, double y, double z, double speedX, double speedY, double speedZ, double suns) {
            this.x = x;
            this.y = y;
            this.z = z;
            this.speedX = speedX * DAYS_PER_YEAR;
            this.speedY = speedY * DAYS_PER_YEAR;
            this.speedZ = speedZ * DAYS_PER_YEAR;
            this.mass = suns * SOLAR_MASS;
        }
    }

    private final Body[] bodies = {
        new Body(0, 0, 0, 0, 0, 0, 1),
        new Body(4.84143144246472090, -1.16032004402742839, -0.103622044471123109,
                0.00166007664274403694, 0.00769901118419740425, -0.0000690460016972063023, 0.000954791938424326609),
        new Body(8.34336671824457987, 4.12479856412430479, -0.403523417114321381,
                -0.00276742510726411462, 0.00499852801234917238, 0.0000230417297573763929, 0.000285885980666130812),
        new Body(12.8943695621391310, -15.1111514016986312, -0.223307578892655734,
                0.00296460137564761618, 0.00237847173959480950, -0.0000296589568540237556, 0.0000436624404335156298),
        new Body(15.3796971148509165, -25.9193146099879641, 0.179258772950371181,
                0.00268067772490389322, 0.00162824170038242295, -0.0000951592254519715870, 0.0000515138902046611451),
    };

    /** Gives the sun the speed that leaves the whole system at rest. */
    private void rest() {
        double x = 0;
        double y = 0;
        double z = 0;
        for (Body body : bodies) {
            x += body.speedX * body.mass;
            y += body.speedY * body.mass;
            z += body.speedZ * body.mass;
        }
        Body sun = bodies[0];
        sun.speedX = -x / SOLAR_MASS;
        sun.speedY = -y / SOLAR_MASS;
        sun.speedZ = -z / SOLAR_MASS;
    }

    private void step(double years) {
        for (int i = 0; i < bodies.length; i++) {
            Body a = bodies[i];
            for (int j = i + 1; j < bodies.length; j++) {
                Body b = bodies[j];
                double dx = a.x - b.x;
                double dy = a.y - b.y;
                double dz = a.z - b.z;
                double square = dx * dx + dy * dy + dz * dz;
                double pull = years / (square * Math.sqrt(square));
                a.speedX -= dx * b.mass * pull;
                a.speedY -= dy * b.mass * pull;
                a.speedZ -= dz * b.mass * pull;
                b.speedX += dx * a.mass * pull;
                b.speedY += dy * a.mass * pull;
                b.speedZ += dz * a.mass * pull;
            }
        }
        for (Body body : bodies) {
            body.x += years * body.speedX;
            body.y += years * body.speedY;
            body.z += years * body.speedZ;
        }
    }

    private double energy() {
        double sum = 0;
        for (int i = 0; i < bodies.length; i++) {
            Body a = bodies[i];
            sum += a.mass * (a.speedX * a.speedX + a.speedY * a.speedY + a.speedZ * a.speedZ) / 2;
            for (int j = i + 1; j < bodies.length; j++) {
                Body b = bodies[j];
                double dx = a.x - b.x;
                double dy = a.y - b.y;
                double dz = a.z - b.z;
                sum -= a.mass * b.mass / Math.sqrt(dx * dx + dy * dy + dz * dz);
            }
        }
        return sum;
    }

    /** The energies before and after, in billionths, as one number. */
    private static long run() {
        NBody system = new NBody();
        system.rest();
        long before = Math.round(system.energy() * 1e9);
        for (int i = 0; i < STEPS; i++) {
            system.step(0.01);
        }
        return before * 1_000_000_000 + Math.round(system.energy() * 1e9);
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        for (int round = 0; round < rounds; round++) {
            long checksum = run();
            if (checksum != EXPECTED) {
                System.out.print("NBody: wrong checksum ");
                System.out.println(checksum);
                System.exit(1);
            }
        }
        System.out.print("NBody ");
        System.out.println(EXPECTED);
    }
}
