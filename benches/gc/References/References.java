import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Guards: the collector's work on java.lang.ref. A soft cache larger than the heap, a weak canonicalizing map, phantom
 * references in number. What a cache has lost is computed again, so the result does not depend on what was cleared.
 * Arguments: requests, distinct keys. Heap: 64m.
 */
public final class References {
    private static final int REQUESTS = 250_000;
    private static final int KEYS = 20_000;

    private static final class Page {
        final int key;
        final int[] words;

        Page(int key) {
            this.key = key;
            words = new int[200 + key % 800];
            for (int i = 0; i < words.length; i += 50) {
                words[i] = key * 31 + i;
            }
        }

        long check() {
            return words[words.length / 50 * 50 == words.length ? words.length - 50 : words.length / 50 * 50] + key;
        }
    }

    private static final class Name {
        final String text;

        Name(String text) {
            this.text = text;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Name name && name.text.equals(text);
        }

        @Override
        public int hashCode() {
            return text.hashCode();
        }
    }

    private static final class SoftPage extends SoftReference<Page> {
        final int key;

        SoftPage(Page page, ReferenceQueue<Page> queue) {
            super(page, queue);
            key = page.key;
        }
    }

    private static final class Watch extends PhantomReference<Object> {
        Watch(Object watched, ReferenceQueue<Object> queue) {
            super(watched, queue);
        }
    }

    public static void main(String[] args) {
        int requests = args.length > 0 ? Integer.parseInt(args[0]) : REQUESTS;
        int keys = args.length > 1 ? Integer.parseInt(args[1]) : KEYS;
        ReferenceQueue<Page> cleared = new ReferenceQueue<>();
        Map<Integer, SoftPage> cache = new HashMap<>();
        WeakHashMap<Name, WeakReference<Name>> names = new WeakHashMap<>();
        Name[] held = new Name[500];
        ReferenceQueue<Object> dead = new ReferenceQueue<>();
        Set<Watch> watches = new HashSet<>();
        long sum = 0;
        int seed = 5;
        for (int i = 0; i < requests; i++) {
            seed = seed * 1103515245 + 12345;
            int key = (seed >>> 7) % keys;
            SoftPage soft = cache.get(key);
            Page page = soft == null ? null : soft.get();
            if (page == null) {
                page = new Page(key);
                cache.put(key, new SoftPage(page, cleared));
            }
            if (page.key != key) {
                throw new AssertionError("page " + page.key + " for " + key);
            }
            sum = sum * 31 + page.check();
            for (Reference<? extends Page> gone = cleared.poll(); gone != null; gone = cleared.poll()) {
                if (gone.get() != null) {
                    throw new AssertionError("enqueued but not cleared");
                }
                cache.remove(((SoftPage) gone).key, gone);
            }
            Name wanted = new Name("n" + key % 5000);
            WeakReference<Name> weak = names.get(wanted);
            Name canonical = weak == null ? null : weak.get();
            if (canonical == null) {
                canonical = wanted;
                names.put(wanted, new WeakReference<>(wanted));
            }
            held[i % held.length] = canonical;
            sum += canonical.text.length();
            if (i % 4 == 0) {
                watches.add(new Watch(new int[10], dead));
            }
            for (Reference<?> gone = dead.poll(); gone != null; gone = dead.poll()) {
                if (!watches.remove(gone)) {
                    throw new AssertionError("a phantom reference came twice");
                }
            }
        }
        System.out.println("References " + requests + ": " + sum);
    }
}
