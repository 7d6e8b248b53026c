import java.util.Enumeration;
import java.util.Vector;

/** What a compiler of long ago could be asked: no lambdas, no string switches; compiled so that any version number fits. */
public class Old extends Vector implements Enumeration {
    static int instances = 0;
    int position;
    Object saved;
    double ratio;

    Old(int n) {
        super(n > 5 ? n : 5);
        position = n;
        synchronized ("lock") { instances++; }
    }

    public boolean hasMoreElements() { return position < size(); }

    public Object nextElement() {
        try {
            Object o = elementAt(position++);
            return o == null ? saved : o;
        } catch (ArrayIndexOutOfBoundsException e) {
            throw new IllegalStateException(e.getMessage());
        } finally {
            ratio = position / (double) size();
        }
    }

    long sum(long[] values, int from) {
        long sum = 0;
        for (int i = from; i < values.length; i++) {
            long v = values[i];
            if (v < 0) continue;
            sum += v > Integer.MAX_VALUE ? (int) v : v << 2;
        }
        return sum;
    }

    static String describe(Object o, int kind) {
        StringBuffer buffer = new StringBuffer();
        switch (kind) {
            case 1: buffer.append((String) o); break;
            case 2: buffer.append(((Number) o).doubleValue()); break;
            case 3: buffer.append(((Object[]) o).length).append(((int[][]) o)[0][1]); break;
            default:
                Old old = o instanceof Old ? (Old) o : new Old(kind);
                buffer.append(old.saved);
        }
        return buffer.toString();
    }

    protected Object[] pair(float f, boolean b) {
        Object[] pair = new Object[2];
        Runnable r = new Runnable() { public void run() { position = 0; } };
        pair[0] = b ? (Object) new Float(f) : r;
        pair[1] = pair[0] instanceof Runnable ? pair : new String[][] {{"a"}, null};
        return pair;
    }

    int search(int[] a, int key) {
        int low = 0, high = a.length - 1;
        while (low <= high) {
            int mid = (low + high) >>> 1, c = a[mid];
            if (c < key) low = mid + 1; else if (c > key) high = mid - 1; else return mid;
        }
        return ~low;
    }
}
