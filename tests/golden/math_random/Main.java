import java.util.*;
import java.util.random.*;
import java.util.stream.*;

public class Main {
    public static void main(String[] args) {
        Random r = new Random(42);
        System.out.println(r.nextInt() + " " + r.nextInt(100) + " " + r.nextInt(64) + " " + r.nextInt(5, 10) + " " + r.nextLong() + " " + r.nextLong(1000) + " " + r.nextDouble() + " " + r.nextFloat() + " " + r.nextBoolean() + " " + r.nextGaussian() + " " + r.nextGaussian() + " " + r.nextDouble(2, 3) + " " + r.nextExponential());
        byte[] b = new byte[7];
        r.nextBytes(b);
        System.out.println(Arrays.toString(b) + " " + r.ints(4).boxed().toList() + r.longs(2, 0, 50).boxed().toList() + r.doubles(2).boxed().toList() + r.ints(5, 1, 7).boxed().toList());
        r.setSeed(42);
        System.out.println(r.nextInt() + " " + new Random(42L ^ 0).nextInt() + " " + new Random(-1).nextLong());
        SplittableRandom s = new SplittableRandom(99);
        SplittableRandom t = s.split();
        System.out.println(s.nextInt() + " " + s.nextLong() + " " + s.nextInt(10) + " " + s.nextDouble() + " " + s.nextBoolean() + " " + t.nextInt() + " " + t.nextLong(5, 1_000_000_000_000L) + " " + s.ints(3, 0, 9).boxed().toList() + t.doubles(1).boxed().toList() + s.nextGaussian());
        for (String n : new String[] {"L64X128MixRandom", "Xoroshiro128PlusPlus", "Xoshiro256PlusPlus", "L32X64MixRandom", "L128X256MixRandom"}) {
            RandomGenerator g = RandomGeneratorFactory.of(n).create(7);
            System.out.println(n + " " + g.nextInt() + " " + g.nextLong() + " " + g.nextInt(6) + " " + g.nextDouble() + " " + g.nextFloat(2f) + " " + g.nextGaussian(10, 2));
        }
        RandomGenerator.JumpableGenerator j = (RandomGenerator.JumpableGenerator) RandomGeneratorFactory.of("Xoshiro256PlusPlus").create(1);
        RandomGenerator j2 = j.copyAndJump();
        System.out.println(j.nextLong() + " " + j2.nextLong());
        List<Integer> l = new ArrayList<>(IntStream.range(0, 20).boxed().toList());
        Collections.shuffle(l, new Random(7));
        System.out.println(l);
        int[] hist = new int[10];
        Random u = new Random(1);
        for (int i = 0; i < 5000; i++) hist[u.nextInt(10)]++;
        System.out.println(Arrays.toString(hist));
        double mean = 0, sq = 0;
        for (int i = 0; i < 1000; i++) {
            double g = u.nextGaussian();
            mean += g;
            sq += g * g;
        }
        System.out.println(mean / 1000 + " " + sq / 1000);
        class Fixed extends Random { int n; @Override protected int next(int bits) { return (n += 0x1234567) >>> (32 - bits); } }
        System.out.println(new Fixed().nextInt() + " " + new Fixed().nextDouble() + " " + new Fixed().nextInt(10));
        for (Runnable x : new Runnable[] {() -> r.nextInt(0), () -> r.nextInt(5, 5), () -> r.ints(-1), () -> r.nextDouble(1, 0), () -> RandomGeneratorFactory.of("Nope"), () -> new SplittableRandom(1).nextLong(-1)}) {
            try {
                x.run();
            } catch (IllegalArgumentException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
