import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Guards: pauses beside a large live set. A least-recently-used cache full of values of uneven size, half of whose
 * requests miss: what dies has been old for long. Arguments: megabytes alive, requests after the cache is full.
 * Heap: 1g.
 */
public final class Cache {
    private static final int LIVE_MB = 512;
    private static final int REQUESTS = 400_000;
    /** What an entry takes beside its data: map node, boxed key, value, string and its bytes, array header. */
    private static final int OVERHEAD = 40 + 24 + 32 + 24 + 24 + 20;
    private static final int DATA_MIN = 64;
    private static final int DATA_SPREAD = 1920;

    private static final class Value {
        final long key;
        final String name;
        final byte[] data;

        Value(long key) {
            this.key = key;
            this.name = Long.toString(key, 36);
            this.data = new byte[sizeOf(key)];
            data[0] = (byte) key;
            data[data.length - 1] = (byte) (key >>> 8);
        }

        long check() {
            return key * 31 + name.length() + data[0] * 7 + data[data.length - 1] + data.length;
        }
    }

    private static int sizeOf(long key) {
        return DATA_MIN + (int) ((key * 0x9E3779B97F4A7C15L) >>> 40) % DATA_SPREAD;
    }

    /** A LinkedHashMap in order of access whose limit is bytes and not entries. */
    private static final class Lru {
        private final Map<Long, Value> map = new LinkedHashMap<>(16, 0.75f, true);
        private final long bytesMax;
        private long bytes;

        Lru(long bytesMax) {
            this.bytesMax = bytesMax;
        }

        Value get(long key) {
            return map.get(key);
        }

        void put(Value value) {
            map.put(value.key, value);
            bytes += value.data.length + OVERHEAD;
            while (bytes > bytesMax) {
                var eldest = map.entrySet().iterator();
                bytes -= eldest.next().getValue().data.length + OVERHEAD;
                eldest.remove();
            }
        }
    }

    public static void main(String[] args) {
        int liveMb = args.length > 0 ? Integer.parseInt(args[0]) : LIVE_MB;
        int requests = args.length > 1 ? Integer.parseInt(args[1]) : REQUESTS;
        Lru cache = new Lru((long) liveMb << 20);
        long next = 0;
        while (cache.bytes < cache.bytesMax - DATA_MIN - DATA_SPREAD - OVERHEAD) {
            cache.put(new Value(next++));
        }
        long keys = next * 2;
        long seed = 42;
        long sum = 0;
        long misses = 0;
        for (int i = 0; i < requests; i++) {
            seed = seed * 6364136223846793005L + 1442695040888963407L;
            long key = (seed >>> 24) % keys;
            Value value = cache.get(key);
            if (value == null) {
                misses++;
                value = new Value(key);
                cache.put(value);
            }
            sum = sum * 31 + value.check();
        }
        long all = 0;
        for (Value value : cache.map.values()) {
            if (value.data.length != sizeOf(value.key)) {
                throw new AssertionError("value " + value.key + " has " + value.data.length + " bytes");
            }
            all += value.check();
        }
        System.out.println("Cache " + liveMb + ": " + cache.map.size() + " entries, " + misses + " misses of "
            + requests + ", " + sum + " " + all);
    }
}
