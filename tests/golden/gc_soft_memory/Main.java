import java.lang.ref.*;
import java.util.*;

public class Main {
    public static void main(String[] args) {
        List<SoftReference<byte[]>> soft = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            byte[] b = new byte[1 << 20];
            b[0] = (byte) i;
            soft.add(new SoftReference<>(b));
        }
        Map<Integer, String> strong = new HashMap<>();
        for (int i = 0; i < 500; i++) strong.put(i, "value " + i);
        List<byte[]> hog = new ArrayList<>();
        try {
            while (true) hog.add(new byte[1 << 20]);
        } catch (OutOfMemoryError e) {
            int n = hog.size();
            hog = null;
            System.out.println("full " + (n > 10));
        }
        int cleared = 0;
        for (SoftReference<byte[]> s : soft) if (s.get() == null) cleared++;
        System.out.println("all soft references cleared: " + (cleared == soft.size()));
        boolean ok = true;
        for (int i = 0; i < 500; i++) ok &= strong.get(i).equals("value " + i);
        System.out.println("strong data " + ok);
        Map<Integer, SoftReference<int[]>> cache = new HashMap<>();
        int misses = 0;
        long sum = 0;
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 60; i++) {
                int[] v = cache.containsKey(i) ? cache.get(i).get() : null;
                if (v == null) {
                    misses++;
                    v = new int[100_000];
                    v[i] = i;
                    cache.put(i, new SoftReference<>(v));
                }
                sum += v[i];
            }
        }
        System.out.println(sum + " " + (misses >= 60));
    }
}
