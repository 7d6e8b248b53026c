/** Other receivers for calls of virtual and interface methods. */
public class Derived extends Base {
    @Override
    public int virt(int a, long b) {
        if (a == 3) {
            throw new IllegalArgumentException("three " + b);
        }
        return a * 17 + (int) (b >>> 3);
    }

    @Override
    public float face(double d, Object o) {
        return (float) (d * 2) - i;
    }

    static final class Further extends Derived {
        @Override
        public int virt(int a, long b) {
            i += a;
            return i ^ (int) b;
        }

        @Override
        public Base self() {
            return p;
        }
    }
}
