import java.io.*;
import java.util.*;

public class Main {
    enum Color { RED, GREEN { @Override public String toString() { return "green!"; } } }
    record Rec(int a, String b, Rec next) implements Serializable { Rec { if (a < 0) throw new IllegalArgumentException("negative"); } }
    static class Base { int base = 1; Base() { base = 42; } }
    static class Mid extends Base implements Serializable { private static final long serialVersionUID = 1L; int mid = 2; transient int tr = 3; static int st = 4; Mid() { base = 99; } }
    static class Node extends Mid { private static final long serialVersionUID = 2L; String name; Node next; List<Node> others = new ArrayList<>(); Object any; final int fin; Node(String n, int f) { name = n; fin = f; } }
    static class Prims implements Serializable { private static final long serialVersionUID = 3L; boolean z = true; byte b = -1; char c = 'ß'; short s = -2; int i = 3; long l = 1L << 40; float f = 1.5f; double d = -0.0; int[] ia = {1, 2}; long[][] la = {{1}, {}}; Object[] oa = {"x", 1, null}; boolean[] za = {true}; char[] ca = {'a'}; }
    static class NotSer { }
    static class Holder implements Serializable { Object o = new NotSer(); }

    static byte[] ser(Object o) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ObjectOutputStream oos = new ObjectOutputStream(out)) { oos.writeObject(o); }
        return out.toByteArray();
    }

    @SuppressWarnings("unchecked")
    static <T> T deser(byte[] b) throws Exception {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(b))) { return (T) in.readObject(); }
    }

    static <T> T copy(T t) throws Exception { return deser(ser(t)); }

    public static void main(String[] args) throws Exception {
        Node a = new Node("a", 7), b = new Node("b", 8);
        a.next = b;
        b.next = a;
        a.others.add(a);
        a.others.add(b);
        a.any = a.others;
        a.mid = 20;
        a.tr = 30;
        Mid.st = 40;
        Node c = copy(a);
        System.out.println(c.name + " " + c.fin + " " + c.next.name + " " + (c.next.next == c) + (c.others.get(0) == c) + (c.others == c.any) + " " + c.mid + " " + c.tr + " " + c.base + " " + Mid.st + (c != a));
        Prims p = copy(new Prims());
        System.out.println(p.z + " " + p.b + p.c + p.s + p.i + p.l + p.f + p.d + Arrays.toString(p.ia) + Arrays.deepToString(p.la) + Arrays.toString(p.oa) + p.za[0] + p.ca[0]);
        Rec r = copy(new Rec(1, "x", new Rec(2, null, null)));
        System.out.println(r + " " + r.equals(new Rec(1, "x", new Rec(2, null, null))));
        System.out.println((copy(Color.GREEN) == Color.GREEN) + " " + copy(Color.GREEN) + copy(new EnumMap<>(Map.of(Color.RED, 1))) + copy(EnumSet.allOf(Color.class)));
        System.out.println(copy("string ü 中 \0") + " " + copy("x".repeat(70000)).length() + copy(null) + copy(int.class) + copy(String[].class) + copy(Main.Color.class));
        List<Object> lib = new ArrayList<>(List.of(1, 2L, 'c', 1.5, new java.math.BigInteger("123456789012345678901"), new java.math.BigDecimal("1.50"), new Date(0), Locale.FRANCE, UUID.fromString("00000000-0000-0001-0000-000000000002"), Optional.class, new BitSet(), List.of(1, 2, 3), Map.of("k", "v"), new TreeMap<>(Map.of("b", 1, "a", 2)), new HashMap<>(Map.of("x", 1)), new LinkedHashSet<>(List.of(3, 1)), new ArrayDeque<>(List.of(1)), new PriorityQueue<>(List.of(3, 1)), Collections.unmodifiableList(List.of(1)), java.time.LocalDate.of(2024, 2, 29), java.time.Duration.ofMinutes(5), java.time.ZonedDateTime.of(2024, 1, 1, 0, 0, 0, 0, java.time.ZoneId.of("Europe/Paris")), new StringBuilder("sb"), java.util.concurrent.TimeUnit.DAYS, new Random(1) {}.getClass().getSuperclass(), Collections.emptyList(), Arrays.asList(1, 2), new IdentityHashMap<>(), new int[0][0].getClass()));
        List<Object> back = copy(lib);
        System.out.println(back.toString().equals(lib.toString()) + " " + back.size() + " " + back.get(13) + back.get(21));
        try {
            ser(new Holder());
        } catch (NotSerializableException e) {
            System.out.println(e.getMessage());
        }
        byte[] bytes = ser(new Rec(5, "five", null));
        System.out.println(bytes.length + " " + HexFormat.of().formatHex(bytes, 0, 30) + " " + Arrays.hashCode(ser(new Prims())));
        for (byte[] bad : new byte[][] {Arrays.copyOf(ser("x"), 4), {1, 2, 3, 4}, Arrays.copyOf(ser(a), 100), {}}) {
            try {
                deser(bad);
                System.out.println("fine?");
            } catch (IOException e) {
                System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ObjectOutputStream oos = new ObjectOutputStream(out)) {
            int[] shared = {1};
            oos.writeObject(shared);
            shared[0] = 2;
            oos.writeObject(shared);
            oos.reset();
            oos.writeObject(shared);
            oos.writeUnshared("u");
            oos.writeInt(77);
            oos.writeUTF("utf ü");
            oos.writeBoolean(true);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(out.toByteArray()))) {
            int[] x = (int[]) in.readObject(), y = (int[]) in.readObject(), z = (int[]) in.readObject();
            System.out.println(x[0] + " " + (x == y) + z[0] + in.readUnshared() + in.readInt() + in.readUTF() + in.readBoolean() + in.available());
            try {
                in.readObject();
            } catch (EOFException e) {
                System.out.println("end");
            }
        }
        System.out.println(ObjectStreamClass.lookup(Node.class).getSerialVersionUID() + " " + ObjectStreamClass.lookup(Rec.class).getSerialVersionUID() + " " + ObjectStreamClass.lookup(NotSer.class) + " " + ObjectStreamClass.lookup(Holder.class).getSerialVersionUID() + " " + Arrays.toString(ObjectStreamClass.lookup(Prims.class).getFields()));
        class Deep implements Serializable { Deep d; }
        Deep d = null;
        for (int i = 0; i < 200; i++) { Deep n = new Deep(); n.d = d; d = n; }
        int depth = 0;
        for (Deep x = copy(d); x != null; x = x.d) depth++;
        System.out.println(depth);
    }
}
