/**
 * Guards: large arrays, which are costly to copy and to clear. A ring of arrays that live for a while (primitive and of
 * references, 16 KiB to 8 MiB), and beside it arrays that die at once. Arguments: arrays, megabytes that stay.
 * Heap: 192m.
 */
public final class Arrays {
    private static final int ARRAYS = 12_000;
    private static final int LIVE_MB = 80;
    /** Distance between the places that are written and read again. */
    private static final int STEP = 1021;

    private static final class Cell {
        final int value;

        Cell(int value) {
            this.value = value;
        }
    }

    private long seed = 7;
    private long sum;
    private int arrays;

    private int random(int bound) {
        seed = seed * 6364136223846793005L + 1442695040888963407L;
        return (int) ((seed >>> 33) % bound);
    }

    /** Sizes in bytes; small ones are common, one in a hundred is above 4 MiB. */
    private int size() {
        int kind = random(100);
        int power = kind == 0 ? 22 : kind < 10 ? 20 : kind < 40 ? 17 : 14;
        return (1 << power) + random(1 << power);
    }

    private Object make(int bytes) {
        int mark = ++arrays;
        switch (random(4)) {
            case 0: {
                byte[] array = new byte[bytes];
                for (int i = 0; i < array.length; i += STEP) {
                    array[i] = (byte) (mark + i);
                }
                return array;
            }
            case 1: {
                int[] array = new int[bytes / 4];
                for (int i = 0; i < array.length; i += STEP) {
                    array[i] = mark ^ i;
                }
                return array;
            }
            case 2: {
                long[] array = new long[bytes / 8];
                for (int i = 0; i < array.length; i += STEP) {
                    array[i] = (long) mark << 32 | i;
                }
                return array;
            }
            default: {
                Object[] array = new Object[bytes / 4];
                for (int i = 0; i < array.length; i += STEP) {
                    array[i] = new Cell(mark + i);
                }
                return array;
            }
        }
    }

    /** Adds what stands in the array, all of it that was written. */
    private void read(Object array) {
        long found = 0;
        if (array instanceof byte[] bytes) {
            for (int i = 0; i < bytes.length; i += STEP) {
                found += bytes[i];
            }
        } else if (array instanceof int[] ints) {
            for (int i = 0; i < ints.length; i += STEP) {
                found += ints[i];
            }
        } else if (array instanceof long[] longs) {
            for (int i = 0; i < longs.length; i += STEP) {
                found += longs[i];
            }
        } else {
            Object[] cells = (Object[]) array;
            for (int i = 0; i < cells.length; i += STEP) {
                found += ((Cell) cells[i]).value;
                // The places between are null: memory that was not cleared is noticed here.
                if (i + 1 < cells.length && cells[i + 1] != null) {
                    throw new AssertionError("not null at " + (i + 1));
                }
            }
        }
        sum = sum * 31 + found;
    }

    public static void main(String[] args) {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : ARRAYS;
        long liveMax = (args.length > 1 ? Long.parseLong(args[1]) : LIVE_MB) << 20;
        Arrays work = new Arrays();
        java.util.ArrayDeque<Object> kept = new java.util.ArrayDeque<>();
        java.util.ArrayDeque<Integer> sizes = new java.util.ArrayDeque<>();
        long live = 0;
        for (int i = 0; i < count; i++) {
            int bytes = work.size();
            Object array = work.make(bytes);
            if (i % 4 == 0) {
                kept.addLast(array);
                sizes.addLast(bytes);
                live += bytes;
                while (live > liveMax) {
                    live -= sizes.removeFirst();
                    work.read(kept.removeFirst());
                }
            } else {
                work.read(array);
            }
        }
        for (Object array : kept) {
            work.read(array);
        }
        System.out.println("Arrays " + count + ": " + kept.size() + " kept, " + work.sum);
    }
}
