import java.util.*;

public class Main {
    static final class Box implements Comparable<Box> {
        final int v;
        Box next;
        Box(int v) { this.v = v; }
        public int compareTo(Box o) { return Integer.compare(v, o.v); }
    }

    public static void main(String[] args) {
        int rounds = Integer.getInteger("golden.scale", 60);
        Box[] old = new Box[300];
        Object[] oldObjects = new Object[300];
        Box[][] grid = new Box[10][];
        System.gc();
        System.gc();
        boolean ok = true;
        for (int r = 0; r < rounds; r++) {
            Box[] young = new Box[300];
            for (int i = 0; i < young.length; i++) young[i] = new Box(r * 1000 + (i * 131) % 300);
            System.arraycopy(young, 0, old, 0, 300);
            System.arraycopy(young, 50, oldObjects, 100, 150);
            grid[r % 10] = young.clone();
            grid[(r + 1) % 10] = Arrays.copyOf(young, 310);
            young = null;
            junk();
            for (int i = 0; i < 300; i++) ok &= old[i].v == r * 1000 + (i * 131) % 300;
            for (int i = 0; i < 150; i++) ok &= ((Box) oldObjects[100 + i]).v == old[50 + i].v;
            Arrays.sort(old);
            for (int i = 0; i < 300; i++) ok &= old[i].v == r * 1000 + i;
            for (int i = 1; i < 300; i++) old[i].next = old[i - 1];
            Collections.reverse(Arrays.asList(old));
            junk();
            int n = 0;
            for (Box b = old[0]; b != null; b = b.next) n++;
            ok &= n == 300 && grid[r % 10][5].v == r * 1000 + (5 * 131) % 300 && grid[(r + 1) % 10][309] == null;
            Arrays.fill(oldObjects, new Box(r));
            Collections.addAll(new ArrayList<>(), oldObjects);
        }
        System.out.println(ok);
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            list.add(new Box(i));
            if (i % 3 == 0) list.remove(list.size() / 2);
            if (i % 500 == 0) junk();
        }
        long sum = 0;
        for (Object o : list) sum += ((Box) o).v;
        System.out.println(list.size() + " " + sum);
        ArrayDeque<Box> dq = new ArrayDeque<>();
        for (int i = 0; i < 3000; i++) {
            dq.addLast(new Box(i));
            if (dq.size() > 100) dq.removeFirst();
        }
        System.out.println(dq.peekFirst().v + " " + dq.peekLast().v);
        Object[] self = new Object[5];
        Arrays.fill(self, self);
        junk();
        System.out.println(self[4] == self && ((Object[]) self[0])[1] == self);
    }

    static void junk() {
        Object[] o = null;
        for (int i = 0; i < 200; i++) o = new Object[] {o == null || i % 20 == 0 ? null : o, new byte[20]};
        System.gc();
    }
}
