import java.lang.annotation.*;
import java.lang.reflect.*;
import java.lang.reflect.Array;
import java.util.*;

public class Main {
    @Retention(RetentionPolicy.RUNTIME) @interface A { String value() default ""; }
    record Plain(int x, @A("comp") String s, long[] ls) { Plain { if (x < 0) throw new IllegalArgumentException("neg"); } }

    static void t(String what, Throwing r) {
        try {
            System.out.println(what + ": " + r.go());
        } catch (Throwable e) {
            System.out.println(what + ": " + e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }

    interface Throwing { Object go() throws Throwable; }

    public static void main(String[] args) throws Exception {
        Plain p = new Plain(5, "five", new long[] {1});
        for (RecordComponent c : Plain.class.getRecordComponents()) {
            System.out.println(c.getName() + " " + c.getType() + " " + c.getAccessor() + " " + Arrays.toString(c.getAnnotations()) + " " + c.getDeclaringRecord().getSimpleName());
        }
        System.out.println(Plain.class.getRecordComponents()[0].getAccessor().invoke(p) + " " + Plain.class.getDeclaredField("s").getAnnotation(A.class).value() + Plain.class.getDeclaredMethod("s").isAnnotationPresent(A.class) + Plain.class.getDeclaredConstructors()[0].getParameters()[1].isAnnotationPresent(A.class) + " " + Main.class.getRecordComponents());
        Class<?>[] types = Arrays.stream(Plain.class.getRecordComponents()).map(RecordComponent::getType).toArray(Class[]::new);
        t("canonical", () -> Plain.class.getDeclaredConstructor(types).newInstance(1, "a", null));
        t("canonical rejects", () -> { try { return Plain.class.getDeclaredConstructor(types).newInstance(-1, "a", null); } catch (InvocationTargetException e) { throw e.getCause(); } });
        System.out.println(Plain.class.getDeclaredConstructor(types).getParameters()[0] + " " + Modifier.toString(Plain.class.getDeclaredField("x").getModifiers()));

        Object ints = Array.newInstance(int.class, 3);
        Array.set(ints, 0, 5);
        Array.setInt(ints, 1, 6);
        Array.setByte(ints, 2, (byte) -7);
        Array.set(ints, 0, (short) 9);
        System.out.println(Array.getLength(ints) + " " + Array.get(ints, 0) + Array.getLong(ints, 1) + Array.getDouble(ints, 2) + Arrays.toString((int[]) ints));
        Object grid = Array.newInstance(String.class, 2, 3);
        Array.set(Array.get(grid, 1), 2, "x");
        System.out.println(Arrays.deepToString((Object[]) grid) + grid.getClass().getSimpleName() + Array.newInstance(int[].class, 0).getClass());
        for (Class<?> c : new Class<?>[] {boolean.class, byte.class, char.class, short.class, long.class, float.class, double.class, Object.class}) System.out.print(Array.get(Array.newInstance(c, 1), 0) instanceof Character ch ? (int) ch + " " : Array.get(Array.newInstance(c, 1), 0) + " ");
        System.out.println();
        t("not array", () -> Array.getLength("x"));
        t("null", () -> Array.getLength(null));
        t("index", () -> Array.get(ints, 3));
        t("negative index", () -> Array.getInt(ints, -1));
        t("narrow", () -> { Array.setLong(ints, 0, 1L); return ""; });
        t("wrong box", () -> { Array.set(ints, 0, "s"); return ""; });
        t("null into int", () -> { Array.set(ints, 0, null); return ""; });
        t("boolean as int", () -> Array.getInt(new boolean[1], 0));
        t("wrong ref", () -> { Array.set(new String[1], 0, 1); return ""; });
        t("negative size", () -> Array.newInstance(int.class, -1));
        t("void", () -> Array.newInstance(void.class, 1));
        t("null type", () -> Array.newInstance(null, 1));
        t("zero dims", () -> Array.newInstance(int.class, new int[0]));
        t("256 dims", () -> Array.newInstance(int.class, new int[256]));
        t("negative dim", () -> Array.newInstance(int.class, 2, -3));
        t("255 dims", () -> Array.newInstance(int.class, new int[255]).getClass().getName().length());
        for (int m : new int[] {0, 1, 2, 4, 8 | 16, 0x20, 0x40 | 0x80, 0x100, 0x200 | 0x400, 0x800, 0xffff}) System.out.println(m + " " + Modifier.toString(m));
        System.out.println(Modifier.toString(Modifier.methodModifiers()) + "|" + Modifier.toString(Modifier.fieldModifiers()) + "|" + Modifier.isStatic(9) + AccessFlag.maskToAccessFlags(0x19, AccessFlag.Location.FIELD));
    }
}
