import java.lang.classfile.*;
import java.lang.constant.*;
import java.util.*;
import java.util.function.*;
import static java.lang.constant.ConstantDescs.*;

public class Main {
    static class L extends ClassLoader {
        final Map<String, byte[]> defs = new HashMap<>();
        L() { super(Main.class.getClassLoader()); }
        @Override protected Class<?> findClass(String n) throws ClassNotFoundException {
            byte[] b = defs.get(n);
            if (b == null) throw new ClassNotFoundException(n);
            return defineClass(n, b, 0, b.length);
        }
    }

    static final int PS = ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC, P = ClassFile.ACC_PUBLIC;
    static final ClassDesc A = ClassDesc.of("A"), I = ClassDesc.of("I");
    static final MethodTypeDesc V = MTD_void, INT = MethodTypeDesc.of(CD_int);

    static byte[] cls(String name, Consumer<ClassBuilder> c) { return ClassFile.of().build(ClassDesc.of(name), cb -> { cb.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_SUPER); c.accept(cb); }); }
    static byte[] itf(String name, Consumer<ClassBuilder> c) { return ClassFile.of().build(ClassDesc.of(name), cb -> { cb.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_INTERFACE | ClassFile.ACC_ABSTRACT); c.accept(cb); }); }
    static void ctor(ClassBuilder cb, ClassDesc sup) { cb.withMethodBody("<init>", V, P, c -> c.aload(0).invokespecial(sup, "<init>", V).return_()); }
    static void method(ClassBuilder cb, String n, int flags, int result) { cb.withMethodBody(n, INT, flags, c -> c.loadConstant(result).ireturn()); }

    static void t(String what, Consumer<CodeBuilder> body, Object... classes) {
        L l = new L();
        for (int i = 0; i < classes.length; i += 2) l.defs.put((String) classes[i], (byte[]) classes[i + 1]);
        l.defs.put("Use", ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.defaultResolver().orElse(d -> ClassHierarchyResolver.ClassHierarchyInfo.ofClass(CD_Object)))).build(ClassDesc.of("Use"), cb -> cb.withMethodBody("m", INT, PS, c -> body.accept(c))));
        String first = null;
        for (int round = 0; round < 2; round++) {
            String r;
            try {
                r = String.valueOf(l.loadClass("Use").getMethod("m").invoke(null));
            } catch (java.lang.reflect.InvocationTargetException e) {
                r = e.getCause() + (e.getCause().getCause() == null ? "" : " <- " + e.getCause().getCause());
            } catch (ReflectiveOperationException | LinkageError e) {
                r = "outside " + e;
            }
            r = r.replaceAll("@[0-9a-fx]+", "@").replaceAll("(Conflicting default methods:).*", "$1");
            if (first == null) System.out.println(what + ": " + r);
            else if (!first.equals(r)) System.out.println("   then: " + r);
            first = r;
        }
    }

    public static void main(String[] args) {
        byte[] plain = cls("A", cb -> { ctor(cb, CD_Object); cb.withField("f", CD_int, P).withField("s", CD_int, PS); method(cb, "inst", P, 1); method(cb, "stat", PS, 2); });
        Consumer<CodeBuilder> newA = c -> c.new_(A).dup().invokespecial(A, "<init>", V);
        t("works", c -> { newA.accept(c); c.invokevirtual(A, "inst", INT).ireturn(); }, "A", plain);
        t("class gone", c -> c.invokestatic(A, "stat", INT).ireturn());
        t("method gone", c -> c.invokestatic(A, "gone", INT).ireturn(), "A", plain);
        t("other signature", c -> c.iconst_0().invokestatic(A, "stat", MethodTypeDesc.of(CD_int, CD_int)).ireturn(), "A", plain);
        t("other result", c -> c.invokestatic(A, "stat", MethodTypeDesc.of(CD_long)).l2i().ireturn(), "A", plain);
        t("field gone", c -> c.getstatic(A, "gone", CD_int).ireturn(), "A", plain);
        t("field of other type", c -> c.getstatic(A, "s", CD_long).l2i().ireturn(), "A", plain);
        t("static now instance", c -> c.invokestatic(A, "inst", INT).ireturn(), "A", plain);
        t("instance now static", c -> { newA.accept(c); c.invokevirtual(A, "stat", INT).ireturn(); }, "A", plain);
        t("static field now instance", c -> c.getstatic(A, "f", CD_int).ireturn(), "A", plain);
        t("instance field now static", c -> { newA.accept(c); c.getfield(A, "s", CD_int).ireturn(); }, "A", plain);
        t("class now interface", c -> c.invokestatic(A, "stat", INT).ireturn(), "A", itf("A", cb -> method(cb, "stat", PS, 5)));
        t("interface now class", c -> c.aconst_null().invokeinterface(A, "inst", INT).ireturn(), "A", plain);
        t("static interface method by the right reference", c -> c.invokestatic(A, "stat", INT, true).ireturn(), "A", itf("A", cb -> method(cb, "stat", PS, 5)));
        t("new of an interface", c -> { newA.accept(c); c.pop().iconst_0().ireturn(); }, "A", itf("A", cb -> {}));
        t("new of an abstract class", c -> { newA.accept(c); c.pop().iconst_0().ireturn(); }, "A", ClassFile.of().build(A, cb -> { cb.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_ABSTRACT); ctor(cb, CD_Object); }));
        t("private method", c -> c.invokestatic(A, "p", INT).ireturn(), "A", cls("A", cb -> method(cb, "p", ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC, 1)));
        t("private field", c -> c.getstatic(A, "p", CD_int).ireturn(), "A", cls("A", cb -> cb.withField("p", CD_int, ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC)));
        t("private constructor", c -> { newA.accept(c); c.pop().iconst_0().ireturn(); }, "A", cls("A", cb -> cb.withMethodBody("<init>", V, ClassFile.ACC_PRIVATE, x -> x.aload(0).invokespecial(CD_Object, "<init>", V).return_())));
        t("package private of the library", c -> c.invokestatic(ClassDesc.of("java.lang.StringCoding"), "hasNegatives", INT).ireturn());
        t("not exported", c -> c.invokestatic(ClassDesc.of("jdk.internal.misc.VM"), "initLevel", INT).ireturn());
        t("final field set", c -> c.iconst_1().putstatic(A, "K", CD_int).iconst_0().ireturn(), "A", cls("A", cb -> cb.withField("K", CD_int, PS | ClassFile.ACC_FINAL)));
        t("abstract method reached", c -> { c.new_(ClassDesc.of("B")).dup().invokespecial(ClassDesc.of("B"), "<init>", V).invokevirtual(A, "abs", INT).ireturn(); }, "A", ClassFile.of().build(A, cb -> { cb.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_ABSTRACT); ctor(cb, CD_Object); cb.withMethod("abs", INT, P | ClassFile.ACC_ABSTRACT, m -> {}); }), "B", ClassFile.of().build(ClassDesc.of("B"), cb -> { cb.withFlags(P | ClassFile.ACC_SUPER).withSuperclass(A); ctor(cb, A); }));
        Consumer<CodeBuilder> callI = c -> c.new_(A).dup().invokespecial(A, "<init>", V).invokeinterface(I, "m", INT).ireturn();
        byte[] implI = ClassFile.of().build(A, cb -> { cb.withFlags(P | ClassFile.ACC_SUPER).withInterfaceSymbols(I); ctor(cb, CD_Object); });
        t("interface method without implementation", callI, "A", implI, "I", itf("I", cb -> cb.withMethod("m", INT, P | ClassFile.ACC_ABSTRACT, m -> {})));
        t("default method", callI, "A", implI, "I", itf("I", cb -> method(cb, "m", P, 33)));
        t("implementation not public", callI, "A", ClassFile.of().build(A, cb -> { cb.withFlags(P | ClassFile.ACC_SUPER).withInterfaceSymbols(I); ctor(cb, CD_Object); method(cb, "m", ClassFile.ACC_PROTECTED, 3); }), "I", itf("I", cb -> cb.withMethod("m", INT, P | ClassFile.ACC_ABSTRACT, m -> {})));
        t("class does not implement the interface", c -> c.new_(A).dup().invokespecial(A, "<init>", V).invokeinterface(I, "m", INT).ireturn(), "A", plain, "I", itf("I", cb -> cb.withMethod("m", INT, P | ClassFile.ACC_ABSTRACT, m -> {})));
        t("two defaults", callI, "A", ClassFile.of().build(A, cb -> { cb.withFlags(P | ClassFile.ACC_SUPER).withInterfaceSymbols(ClassDesc.of("J"), ClassDesc.of("K")); ctor(cb, CD_Object); }), "I", itf("I", cb -> cb.withMethod("m", INT, P | ClassFile.ACC_ABSTRACT, m -> {})), "J", ClassFile.of().build(ClassDesc.of("J"), cb -> { cb.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_INTERFACE | ClassFile.ACC_ABSTRACT).withInterfaceSymbols(I); method(cb, "m", P, 1); }), "K", ClassFile.of().build(ClassDesc.of("K"), cb -> { cb.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_INTERFACE | ClassFile.ACC_ABSTRACT).withInterfaceSymbols(I); method(cb, "m", P, 2); }));
        t("final method overridden", c -> c.new_(ClassDesc.of("B")).pop().iconst_0().ireturn(), "A", cls("A", cb -> { ctor(cb, CD_Object); method(cb, "m", P | ClassFile.ACC_FINAL, 1); }), "B", ClassFile.of().build(ClassDesc.of("B"), cb -> { cb.withFlags(P | ClassFile.ACC_SUPER).withSuperclass(A); ctor(cb, A); method(cb, "m", P, 2); }));
        t("superclass is an interface", c -> c.new_(ClassDesc.of("B")).pop().iconst_0().ireturn(), "A", itf("A", cb -> {}), "B", ClassFile.of().build(ClassDesc.of("B"), cb -> cb.withSuperclass(A)));
        t("superclass is final", c -> c.new_(ClassDesc.of("B")).pop().iconst_0().ireturn(), "A", ClassFile.of().build(A, cb -> cb.withFlags(P | ClassFile.ACC_FINAL)), "B", ClassFile.of().build(ClassDesc.of("B"), cb -> cb.withSuperclass(A)));
        t("circular", c -> c.new_(A).pop().iconst_0().ireturn(), "A", ClassFile.of().build(A, cb -> cb.withSuperclass(ClassDesc.of("B"))), "B", ClassFile.of().build(ClassDesc.of("B"), cb -> cb.withSuperclass(A)));
        t("wrong class in the file", c -> c.new_(A).pop().iconst_0().ireturn(), "A", cls("Other", cb -> {}));
        t("superclass missing", c -> c.new_(A).pop().iconst_0().ireturn(), "A", ClassFile.of().build(A, cb -> cb.withSuperclass(ClassDesc.of("Missing"))));
        t("inherited field through a subclass", c -> c.getstatic(ClassDesc.of("B"), "s", CD_int).ireturn(), "A", plain, "B", ClassFile.of().build(ClassDesc.of("B"), cb -> cb.withFlags(P).withSuperclass(A)));
        t("native method with arguments", c -> c.aconst_null().iconst_0().invokestatic(A, "nat", MethodTypeDesc.of(CD_int, CD_String.arrayType(), CD_int)).ireturn(), "A", cls("A", cb -> cb.withMethod("nat", MethodTypeDesc.of(CD_int, CD_String.arrayType(), CD_int), PS | ClassFile.ACC_NATIVE, m -> {})));
        t("native method", c -> c.invokestatic(A, "nat", INT).ireturn(), "A", cls("A", cb -> cb.withMethod("nat", INT, PS | ClassFile.ACC_NATIVE, m -> {})));
        t("checkcast to a missing class", c -> c.ldc("x").checkcast(ClassDesc.of("Missing")).pop().iconst_0().ireturn());
        t("checkcast of null to a missing class", c -> c.aconst_null().checkcast(ClassDesc.of("Missing")).pop().iconst_0().ireturn());
        t("array of a missing class", c -> c.iconst_0().anewarray(ClassDesc.of("Missing")).arraylength().ireturn());
        t("class constant of a missing class", c -> c.ldc(ClassDesc.of("Missing")).pop().iconst_0().ireturn());
    }
}
