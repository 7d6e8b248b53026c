import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

public class Main {
    /** More than any allocation buffer of either machine in this heap, and what small things beside the arrays may take. */
    static final long BUFFER = 2 << 20;

    static final ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    static volatile Object kept;

    static void allocate(int arrays, int length) {
        for (int i = 0; i < arrays; i++) kept = new byte[length];
    }

    static boolean about(long bytes, long expected) {
        boolean is = Math.abs(bytes - expected) <= BUFFER;
        if (!is) System.out.println(bytes + " is not about " + expected);
        return is;
    }

    /** What the calling thread allocates for so many arrays, by its own figure: exact but for the call itself. */
    static void own(int arrays, int length) {
        long before = bean.getCurrentThreadAllocatedBytes();
        allocate(arrays, length);
        long bytes = bean.getCurrentThreadAllocatedBytes() - before;
        // An array has a header of 12 to 16 bytes, and may be rounded up.
        long least = arrays * (length + 12L), most = arrays * (length + 24L) + 4096;
        System.out.println(arrays + " of " + length + ": " + (bytes >= least && bytes <= most));
    }

    public static void main(String[] args) throws Exception {
        System.out.println(bean.isThreadAllocatedMemorySupported() + " " + bean.isThreadAllocatedMemoryEnabled());
        own(0, 0);
        own(1000, 100);
        own(20_000, 1000);
        own(20, 1 << 20);
        own(3, 5 << 20);

        CountDownLatch done = new CountDownLatch(3), end = new CountDownLatch(1);
        Thread[] threads = new Thread[3];
        for (int i = 0; i < threads.length; i++) {
            int n = i;
            threads[i] = new Thread(() -> {
                allocate(n * 10_000, 1000);
                done.countDown();
                try {
                    end.await();
                } catch (InterruptedException e) {
                    throw new Error(e);
                }
            });
            threads[i].start();
        }
        done.await();
        long[] ids = Arrays.stream(threads).mapToLong(Thread::threadId).toArray();
        long[] bytes = bean.getThreadAllocatedBytes(ids);
        for (int i = 0; i < ids.length; i++) {
            System.out.println("thread " + i + ": " + about(bytes[i], i * 10_000 * 1016L)
                + about(bean.getThreadAllocatedBytes(ids[i]), bytes[i]));
        }
        System.out.println("total " + (bean.getTotalThreadAllocatedBytes() >= bytes[1] + bytes[2]));
        end.countDown();
        for (Thread thread : threads) thread.join();
        System.out.println("ended " + Arrays.toString(bean.getThreadAllocatedBytes(ids)));
        try {
            bean.getThreadAllocatedBytes(new long[] {1, 0});
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        Thread virtual = Thread.ofVirtual().start(() -> System.out.println("virtual " + bean.getCurrentThreadAllocatedBytes()));
        virtual.join();
        bean.setThreadAllocatedMemoryEnabled(false);
        System.out.println("disabled " + bean.getCurrentThreadAllocatedBytes() + " " + bean.isThreadAllocatedMemoryEnabled());
    }
}
