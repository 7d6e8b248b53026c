public class Main {
    static final class Node {
        Node next, other;
        int v;
        Node(Node n, int v) { next = n; this.v = v; }
    }

    public static void main(String[] args) {
        int n = Integer.getInteger("golden.scale", 1_000_000);
        Node head = null;
        for (int i = 0; i < n; i++) {
            Node k = new Node(head, i);
            if (head != null && i % 1000 == 0) k.other = head.next;
            head = k;
        }
        System.gc();
        long sum = 0;
        int count = 0;
        for (Node k = head; k != null; k = k.next) {
            sum += k.v;
            count++;
        }
        System.out.println(count == n && sum == (long) n * (n - 1) / 2);
        Node mid = head;
        for (int i = 0; i < n / 2; i++) mid = mid.next;
        mid.next = null;
        System.gc();
        count = 0;
        for (Node k = head; k != null; k = k.next) count++;
        System.out.println(count == n / 2 + 1);
        Object[] nest = null;
        for (int i = 0; i < n / 10; i++) nest = new Object[] {nest};
        head = null;
        System.gc();
        int depth = 0;
        while (nest != null) {
            nest = (Object[]) nest[0];
            depth++;
        }
        System.out.println(depth == n / 10);
    }
}
