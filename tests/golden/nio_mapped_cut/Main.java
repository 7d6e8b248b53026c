import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

public class Main {
    interface Access {
        Object run() throws Exception;
    }

    static final int PAGE = 4096;
    static final int SIZE = 16 * PAGE;

    static void attempt(String name, Access access) {
        try {
            System.out.println(name + " " + access.run());
        } catch (Throwable t) {
            System.out.println(name + " " + t);
        }
    }

    static Object fill(ByteBuffer buffer, int at) {
        buffer.put(at, (byte) 1);
        return "stored";
    }

    static int sum(ByteBuffer buffer, int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i++) {
            sum += buffer.get(i);
        }
        return sum;
    }

    /** Each page on its own, so that errors come again and again. */
    static int faults(ByteBuffer buffer, int from) {
        int faults = 0;
        for (int at = from; at < SIZE; at += PAGE) {
            try {
                buffer.get(at);
                nothing();
            } catch (InternalError e) {
                faults++;
            }
        }
        return faults;
    }

    static void nothing() {
    }

    static void all(ByteBuffer shared, ByteBuffer read, ByteBuffer own) {
        byte[] some = new byte[2 * PAGE];
        attempt("there", () -> shared.get(5));
        attempt("get", () -> shared.get(3 * PAGE));
        attempt("put", () -> fill(shared, 3 * PAGE + 1));
        attempt("long", () -> shared.getLong(7 * PAGE + 8));
        attempt("swapped", () -> shared.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(9 * PAGE));
        attempt("longs", () -> shared.asLongBuffer().get(PAGE));
        attempt("bulk get", () -> shared.get(PAGE, some));
        attempt("bulk put", () -> shared.put(SIZE - some.length, some));
        attempt("read only", () -> read.get(SIZE - 1));
        attempt("slice", () -> read.slice(2 * PAGE, PAGE).get(1));
        attempt("private there", () -> own.get(5));
        attempt("private", () -> own.get(4 * PAGE));
        attempt("loop", () -> sum(shared, 0, SIZE));
        attempt("loop that ends before", () -> sum(shared, 0, PAGE));
        attempt("faults", () -> faults(shared, PAGE) + " " + faults(read, PAGE));
        attempt("there", () -> shared.get(5));
    }

    public static void main(String[] args) throws IOException {
        Path file = Files.createTempFile("cut", null);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer shared = channel.map(MapMode.READ_WRITE, 0, SIZE);
            MappedByteBuffer read = channel.map(MapMode.READ_ONLY, 0, SIZE);
            MappedByteBuffer own = channel.map(MapMode.PRIVATE, 0, SIZE);
            shared.put(5, (byte) 42);
            own.put(6, (byte) 43);
            channel.truncate(PAGE);
            all(shared, read, own);
            System.out.println("-- again");
            all(shared, read, own);
            System.out.println("-- longer");
            channel.write(ByteBuffer.wrap(new byte[] {9}), SIZE - 1);
            System.out.println(shared.get(SIZE - 1) + " " + read.get(SIZE - 1) + " " + sum(shared, 0, SIZE));
            shared.put(3 * PAGE, (byte) 7);
            System.out.println(read.get(3 * PAGE) + " " + own.get(6));
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, 3 * PAGE);
            System.out.println(one.get(0));
            System.out.println("-- empty");
            channel.truncate(0);
            attempt("first", () -> shared.get(0));
            attempt("first of read only", () -> read.get(0));
        } finally {
            Files.delete(file);
        }
    }
}
