import java.lang.annotation.*;
import java.lang.reflect.*;
import java.util.*;

public class Main {
    enum Level { LOW, HIGH }
    @Retention(RetentionPolicy.RUNTIME) @interface Inner { int value() default 1; }
    @Retention(RetentionPolicy.RUNTIME) @Inherited @interface Full {
        byte b() default -1; short s() default 2; char c() default 'c'; int i() default 4; long l() default 5L; float f() default 6.5f; double d() default -7; boolean z() default true;
        String str() default "a\"b\n"; Class<?> cls() default Object.class; Level lvl() default Level.HIGH; Inner in() default @Inner(9); int[] is() default {1, 2}; String[] ss() default {}; Class<?>[] ks() default {int.class, String[].class}; Inner[] ins() default {@Inner, @Inner(2)}; Level[] ls() default Level.LOW;
    }
    @Retention(RetentionPolicy.RUNTIME) @Repeatable(Tags.class) @interface Tag { String value(); int n() default 0; }
    @Retention(RetentionPolicy.RUNTIME) @interface Tags { Tag[] value(); }
    @Retention(RetentionPolicy.SOURCE) @interface Src {}
    @Retention(RetentionPolicy.CLASS) @interface Cls {}
    @Retention(RetentionPolicy.RUNTIME) @Target({ElementType.TYPE_USE, ElementType.TYPE_PARAMETER}) @interface TU { String value() default "tu"; }
    @Retention(RetentionPolicy.RUNTIME) @interface NotInherited {}

    @Full(i = 44, str = "parent", ss = "one") @NotInherited @Src @Cls @Tag("single") static class Parent {}
    @Tag("a") @Tag(value = "b", n = 2) static class Child extends Parent implements Marked {}
    @Tag("itf") interface Marked {}
    @Tags({@Tag("c1"), @Tag("c2")}) static class Container {}

    @Deprecated(since = "1", forRemoval = true) @Tag("field") static int field;
    @Tag("ctor") Main(@Tag("p0") int a, String plain, @Inner @Tag("p2") Object o) {}
    @Inner(3) static void method(@Inner(4) int a) {}
    static class Gen<@TU("tp") T extends @TU("bound") Number> extends @TU("super") ArrayList<@TU("arg") String> implements @TU("itf") Runnable {
        @TU("f") List<@TU("el") ? extends @TU("wild") T> list;
        @TU("elem") String @TU("dim") [] arr;
        public @TU("ret") String run2(@TU("recv") Gen<T> this, @TU("par") int x) throws @TU("exc") RuntimeException { return null; }
        public void run() {}
    }

    public static void main(String[] args) throws Exception {
        System.out.println(Parent.class.getAnnotation(Full.class));
        System.out.println(Child.class.getAnnotation(Full.class).i() + " " + Child.class.isAnnotationPresent(NotInherited.class) + " " + Child.class.getDeclaredAnnotation(Full.class) + " " + Arrays.toString(Child.class.getAnnotationsByType(Tag.class)));
        List<String> names = new ArrayList<>();
        for (Annotation a : Parent.class.getAnnotations()) names.add(a.annotationType().getSimpleName());
        System.out.println(names + " " + Parent.class.getAnnotationsByType(Tag.class).length + Child.class.getAnnotation(Tag.class) + Container.class.getAnnotationsByType(Tag.class)[1].value() + Container.class.getAnnotation(Tags.class).value().length + Container.class.getDeclaredAnnotationsByType(Inner.class).length);
        Full f = Parent.class.getAnnotation(Full.class);
        System.out.println(f.b() + " " + f.s() + f.c() + f.i() + f.l() + f.f() + f.d() + f.z() + f.cls() + f.lvl() + f.in().value() + Arrays.toString(f.is()) + Arrays.toString(f.ss()) + Arrays.toString(f.ks()) + f.ins().length + Arrays.toString(f.ls()));
        f.is()[0] = 99;
        System.out.println(f.is()[0] + " " + (f.is() != f.is()) + " " + f.equals(Child.class.getAnnotation(Full.class)) + " " + (f.hashCode() == Child.class.getAnnotation(Full.class).hashCode()) + " " + Proxy.isProxyClass(f.getClass()) + f.annotationType());
        Tag t1 = Container.class.getAnnotationsByType(Tag.class)[0];
        Tag mine = new Tag() {
            public String value() { return "c1"; }
            public int n() { return 0; }
            public Class<? extends Annotation> annotationType() { return Tag.class; }
        };
        System.out.println(t1.equals(mine) + " " + t1.hashCode() + " " + t1);
        Field fld = Main.class.getDeclaredField("field");
        System.out.println(fld.getAnnotation(Deprecated.class) + " " + fld.getAnnotation(Tag.class).value() + fld.getDeclaredAnnotations().length);
        Constructor<?> k = Main.class.getDeclaredConstructors()[0];
        System.out.println(k.getAnnotation(Tag.class) + " " + Arrays.deepToString(k.getParameterAnnotations()) + k.getParameters()[2].getAnnotations().length + k.getParameters()[1].getAnnotations().length);
        Method m = Main.class.getDeclaredMethod("method", int.class);
        System.out.println(m.getAnnotation(Inner.class).value() + " " + m.getParameters()[0].getAnnotation(Inner.class) + " " + Full.class.getMethod("i").getDefaultValue() + Full.class.getMethod("cls").getDefaultValue() + Tag.class.getMethod("value").getDefaultValue() + Arrays.toString((int[]) Full.class.getMethod("is").getDefaultValue()));
        Class<?> g = Gen.class;
        System.out.println(Arrays.toString(g.getTypeParameters()[0].getAnnotations()) + Arrays.toString(g.getTypeParameters()[0].getAnnotatedBounds()[0].getAnnotations()) + g.getAnnotatedSuperclass() + " " + Arrays.toString(g.getAnnotatedInterfaces()));
        System.out.println(g.getDeclaredField("list").getAnnotatedType() + " | " + g.getDeclaredField("arr").getAnnotatedType() + " | " + ((AnnotatedArrayType) g.getDeclaredField("arr").getAnnotatedType()).getAnnotatedGenericComponentType());
        Method r = g.getDeclaredMethod("run2", int.class);
        System.out.println(r.getAnnotatedReturnType() + " " + r.getAnnotatedReceiverType() + " " + r.getAnnotatedParameterTypes()[0] + " " + r.getAnnotatedExceptionTypes()[0]);
        System.out.println(Retention.class.getAnnotation(Target.class).value()[0] + " " + Override.class.getAnnotation(Retention.class).value() + " " + FunctionalInterface.class.isAnnotation() + Runnable.class.isAnnotationPresent(FunctionalInterface.class));
        System.out.println(int.class.getAnnotations().length + " " + Parent[].class.getAnnotations().length + Package.class.isAnnotationPresent(Deprecated.class));
        try {
            new Tag[1][0].getClass();
        } catch (RuntimeException e) {
            System.out.println(e.getClass().getSimpleName());
        }
    }
}
