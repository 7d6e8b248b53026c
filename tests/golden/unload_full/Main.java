import java.lang.classfile.ClassFile;
import java.lang.constant.*;
import java.util.*;

public class Main {
    static class Own extends ClassLoader {
        Own() { super(Main.class.getClassLoader()); }
        Class<?> define(byte[] b) { return defineClass(null, b, 0, b.length); }
    }

    /** A class with many methods. */
    static byte[] bytes(int methods) {
        return ClassFile.of().build(ClassDesc.of("Large"), c -> {
            for (int i = 0; i < methods; i++) {
                int n = i;
                c.withMethodBody("method" + n, MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_int), ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC, b -> {
                    for (int k = 0; k < 20; k++) b.iload(0).loadConstant(n + k).iadd().istore(0);
                    b.iload(0).ireturn();
                });
            }
        });
    }

    static final Class<?>[] KEPT = new Class<?>[10_000];

    /** How many classes there is room for. Some are dropped at the end: nothing works without any metaspace. */
    static int fill(byte[] large) {
        int count = 0;
        try {
            while (true) KEPT[count++] = new Own().define(large);
        } catch (OutOfMemoryError e) {
            KEPT[0] = KEPT[1] = KEPT[2] = KEPT[3] = KEPT[4] = null;
            return count;
        }
    }

    public static void main(String[] args) throws Exception {
        byte[] large = bytes(600);
        int first = fill(large);
        System.out.println("full: " + (first > 20));
        System.out.println("works: " + KEPT[first / 2].getMethod("method7", int.class).invoke(null, 1));
        Arrays.fill(KEPT, null);
        // No collection is asked for: the machine has to think of it.
        int again = fill(large);
        System.out.println("as many again: " + (again > first * 3 / 4 && again < first * 5 / 4));
        Arrays.fill(KEPT, null);
        for (int i = 0; i < first * 2; i++) new Own().define(large);
        System.out.println("done");
    }
}
