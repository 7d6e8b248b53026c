import java.io.Serializable;
import java.lang.reflect.*;
import java.util.*;

public class Main {
    sealed interface S permits A, B {}
    static final class A implements S {}
    static non-sealed class B implements S, Serializable {}
    static abstract class Abs<T> extends ArrayList<T> implements Comparable<Abs<T>> { private static class Priv {} protected interface Prot {} }
    enum E { X { }, Y }
    @interface Ann {}
    record R(int a) {}
    private int f;

    static void show(Class<?> c) {
        System.out.println(c + " | " + c.getName() + " | " + c.getSimpleName() + " | " + c.getTypeName() + " | " + c.getCanonicalName() + " | " + c.descriptorString() + " | " + Modifier.toString(c.getModifiers()) + " | " + c.getPackageName() + " | " + (c.getSuperclass() == null ? null : c.getSuperclass().getName()) + " | " + Arrays.toString(c.getInterfaces())
                + " | " + (c.isInterface() ? "interface " : "") + (c.isArray() ? "array " : "") + (c.isPrimitive() ? "primitive " : "") + (c.isAnnotation() ? "annotation " : "") + (c.isEnum() ? "enum " : "") + (c.isRecord() ? "record " : "") + (c.isSealed() ? "sealed " : "") + (c.isHidden() ? "hidden " : "") + (c.isAnonymousClass() ? "anonymous " : "") + (c.isLocalClass() ? "local " : "") + (c.isMemberClass() ? "member " : "") + (c.isSynthetic() ? "synthetic " : "")
                + "| " + c.getDeclaringClass() + " | " + c.getEnclosingClass() + " | " + c.getEnclosingMethod() + " | " + c.getEnclosingConstructor() + " | " + c.getNestHost().getSimpleName() + " | " + c.getComponentType() + " | " + c.toGenericString());
    }

    Main() {
        class InCtor {}
        show(InCtor.class);
    }

    public static void main(String[] args) throws Exception {
        class Local {}
        Object anon = new Object() {};
        Class<?>[] cs = {Main.class, S.class, A.class, B.class, Abs.class, Abs.Priv.class, Abs.Prot.class, E.class, E.X.getClass(), E.Y.getClass(), Ann.class, R.class, Local.class, anon.getClass(), int.class, void.class, int[].class, String[][].class, Local[].class, Object.class, String.class, List.class, Map.Entry.class, Override.class, Thread.State.class, Comparable[].class};
        for (Class<?> c : cs) show(c);
        new Main();
        System.out.println(Arrays.toString(S.class.getPermittedSubclasses()) + " " + Arrays.toString(A.class.getPermittedSubclasses()) + " " + A.class.isNestmateOf(R.class) + A.class.isNestmateOf(String.class) + " " + Main.class.getNestMembers().length);
        TreeSet<String> names = new TreeSet<>();
        for (Class<?> c : Main.class.getDeclaredClasses()) names.add(c.getSimpleName());
        System.out.println(names + " " + Main.class.getClasses().length + " " + Abs.class.getDeclaredClasses().length + " " + Map.class.getClasses()[0]);
        System.out.println(Number.class.isAssignableFrom(Integer.class) + " " + int.class.isAssignableFrom(short.class) + Object.class.isAssignableFrom(int.class) + Object[].class.isAssignableFrom(String[].class) + Object[].class.isAssignableFrom(int[].class) + Serializable.class.isAssignableFrom(int[].class) + S.class.isInstance(new A()) + int.class.isInstance(1) + Void.class.isInstance(null));
        System.out.println(String.class.getModule() + " " + Main.class.getModule().isNamed() + " " + String.class.getClassLoader() + " " + int.class.getModule() + " " + Main[].class.getModule().equals(Main.class.getModule()) + " " + (Main[].class.getClassLoader() == Main.class.getClassLoader()) + " " + Main.class.getPackage() + "|" + Main.class.getPackageName() + "| " + String.class.getPackage() + " " + String.class.getModule().getDescriptor().name() + " " + String.class.getModule().isExported("java.lang") + String.class.getModule().isOpen("java.lang") + String.class.getModule().isExported("jdk.internal.misc"));
        System.out.println(int[].class.arrayType() + " " + int[].class.componentType() + " " + String.class.arrayType() + " " + int.class.arrayType() + " " + Class.forName("[I") + " " + Class.forName("[[Ljava.lang.String;") + " " + Class.forName("Main$E").isEnum() + " " + Class.forPrimitiveName("long") + " " + Class.forName(String.class.getModule(), "java.util.List") + " " + Class.forName(String.class.getModule(), "no.Such"));
        for (String n : new String[] {"int", "I", "[Main", "Main$Nope", "main", "", "[", "java.lang.String[]", "[V", "Main.E"}) {
            try {
                System.out.println(Class.forName(n));
            } catch (ClassNotFoundException e) {
                System.out.println("not found " + e.getMessage());
            }
        }
        System.out.println(Arrays.toString(E.class.getEnumConstants()) + E.X.getClass().isEnum() + E.X.getDeclaringClass() + Main.class.getEnumConstants() + " " + Integer.TYPE + Integer.class.equals(int.class) + int.class.equals(Integer.TYPE) + " " + Class.class.getClass() + new int[0].getClass().hashCode() * 0 + Main.class.desiredAssertionStatus());
        System.out.println(Main.class.getProtectionDomain().getCodeSource() != null);
        System.out.println(String.class.getProtectionDomain().getCodeSource());
        System.out.println(Integer.class.accessFlags() + " " + Main.class.getDeclaredField("f").accessFlags() + Integer.class.describeConstable().get().displayName() + Main.class.cast(null));
    }
}
