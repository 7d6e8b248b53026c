/**
 * Guards: invokeinterface and invokevirtual at sites that see one, two, four and many receiver classes, with
 * inherited and default methods, instanceof and casts. This is what inline caches and method tables are for.
 */
public final class InterfaceCalls {
    private static final int DEFAULT_ROUNDS = 1_750;
    private static final int CALLS = 5_000;
    private static final long EXPECTED = 251_024_422_337L;

    private interface Shape {
        int area(int scale);

        default int twice(int scale) {
            return 2 * area(scale);
        }
    }

    /** Not at the front of the classes' interface lists, so that a search has something to pass by. */
    private interface Named {
        int nameLength();
    }

    private interface Coloured {
        int colour();
    }

    private abstract static class Base implements Coloured, Named, Shape {
        final int size;

        Base(int size) {
            this.size = size;
        }

        @Override
        public int colour() {
            return size & 7;
        }

        @Override
        public int nameLength() {
            return 3;
        }

        abstract int corners();
    }

    private static final class Square extends Base {
        Square(int size) {
            super(size);
        }

        @Override
        public int area(int scale) {
            return size * size * scale;
        }

        @Override
        int corners() {
            return 4;
        }
    }

    private static class Rectangle extends Base {
        Rectangle(int size) {
            super(size);
        }

        @Override
        public int area(int scale) {
            return size * (size + 1) * scale;
        }

        @Override
        int corners() {
            return 4;
        }

        @Override
        public int nameLength() {
            return 9;
        }
    }

    private static final class Sheet extends Rectangle {
        Sheet(int size) {
            super(size);
        }

        @Override
        public int twice(int scale) {
            return area(scale) + 1;
        }
    }

    private static final class Triangle extends Base {
        Triangle(int size) {
            super(size);
        }

        @Override
        public int area(int scale) {
            return size * size / 2 * scale;
        }

        @Override
        int corners() {
            return 3;
        }
    }

    private static final class Hexagon extends Base {
        Hexagon(int size) {
            super(size);
        }

        @Override
        public int area(int scale) {
            return size * size * 26 / 10 * scale;
        }

        @Override
        int corners() {
            return 6;
        }

        @Override
        public int colour() {
            return 1;
        }
    }

    private static final class Disc extends Base {
        Disc(int size) {
            super(size);
        }

        @Override
        public int area(int scale) {
            return size * size * 314 / 100 * scale;
        }

        @Override
        int corners() {
            return 0;
        }
    }

    private static final class Point implements Named, Shape {
        @Override
        public int area(int scale) {
            return 0;
        }

        @Override
        public int nameLength() {
            return 5;
        }
    }

    private static Shape shape(int kind) {
        int size = kind % 11 + 1;
        switch (kind % 7) {
            case 0:
                return new Square(size);
            case 1:
                return new Rectangle(size);
            case 2:
                return new Triangle(size);
            case 3:
                return new Disc(size);
            case 4:
                return new Hexagon(size);
            case 5:
                return new Sheet(size);
            default:
                return new Point();
        }
    }

    /** Shapes of the first `kinds` classes in turn. */
    private static Shape[] shapes(int kinds) {
        Shape[] shapes = new Shape[28];
        for (int i = 0; i < shapes.length; i++) {
            shapes[i] = shape(i % kinds);
        }
        return shapes;
    }

    // The four loops are one loop written four times on purpose: each is to see its own classes only.

    private static int one(Shape[] shapes) {
        int sum = 0;
        for (int i = 0, at = 0; i < CALLS; i++) {
            sum += shapes[at].area(i & 3);
            at = at + 1 == shapes.length ? 0 : at + 1;
        }
        return sum;
    }

    private static int two(Shape[] shapes) {
        int sum = 0;
        for (int i = 0, at = 0; i < CALLS; i++) {
            sum += shapes[at].area(i & 3);
            at = at + 1 == shapes.length ? 0 : at + 1;
        }
        return sum;
    }

    private static int four(Shape[] shapes) {
        int sum = 0;
        for (int i = 0, at = 0; i < CALLS; i++) {
            sum += shapes[at].area(i & 3);
            at = at + 1 == shapes.length ? 0 : at + 1;
        }
        return sum;
    }

    private static int many(Shape[] shapes) {
        int sum = 0;
        for (int i = 0, at = 0; i < CALLS; i++) {
            sum += shapes[at].area(i & 3);
            at = at + 1 == shapes.length ? 0 : at + 1;
        }
        return sum;
    }

    private static int manyDefaults(Shape[] shapes) {
        int sum = 0;
        for (int i = 0, at = 0; i < CALLS; i++) {
            sum += shapes[at].twice(i & 3);
            at = at + 1 == shapes.length ? 0 : at + 1;
        }
        return sum;
    }

    private static int manyTypes(Shape[] shapes) {
        int sum = 0;
        for (int i = 0, at = 0; i < CALLS; i++) {
            Shape shape = shapes[at];
            if (shape instanceof Rectangle) {
                sum += 1_000;
            }
            if (shape instanceof Coloured) {
                sum += ((Coloured) shape).colour();
            }
            if (shape instanceof Base) {
                sum += ((Base) shape).corners();
            }
            sum += ((Named) shape).nameLength();
            at = at + 1 == shapes.length ? 0 : at + 1;
        }
        return sum;
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_ROUNDS;
        Shape[] of1 = shapes(1);
        Shape[] of2 = shapes(2);
        Shape[] of4 = shapes(4);
        Shape[] of7 = shapes(7);
        for (int round = 0; round < rounds; round++) {
            long checksum = one(of1);
            checksum = checksum * 31 + two(of2);
            checksum = checksum * 31 + four(of4);
            checksum = checksum * 31 + many(of7);
            checksum = checksum * 31 + manyDefaults(of7);
            checksum = checksum * 31 + manyTypes(of7);
            if (checksum != EXPECTED) {
                System.out.print("InterfaceCalls: wrong checksum ");
                System.out.println(checksum);
                System.exit(1);
            }
        }
        System.out.print("InterfaceCalls ");
        System.out.println(EXPECTED);
    }
}
