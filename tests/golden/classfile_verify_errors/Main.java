import java.lang.classfile.*;
import java.lang.constant.*;
import java.util.*;
import java.util.function.*;
import static java.lang.constant.ConstantDescs.*;

public class Main {
    static class Loader extends ClassLoader {
        Class<?> define(byte[] b) { return defineClass(null, b, 0, b.length); }
    }

    static int count;
    static final ClassDesc SB = ClassDesc.of("java.lang.StringBuilder");

    static void link(String what, byte[] b) {
        String result;
        try {
            Class<?> c = new Loader().define(b);
            Class.forName(c.getName(), true, c.getClassLoader());
            result = "accepted";
        } catch (LinkageError e) {
            String m = String.valueOf(e.getMessage());
            result = e.getClass().getSimpleName() + (e instanceof VerifyError ? " " + m.lines().findFirst().get() : "");
        } catch (ClassNotFoundException e) {
            result = e.toString();
        }
        System.out.println(what + ": " + result);
    }

    static byte[] make(MethodTypeDesc type, Consumer<CodeBuilder> body) {
        return ClassFile.of(ClassFile.DeadCodeOption.KEEP_DEAD_CODE, ClassFile.StackMapsOption.STACK_MAPS_WHEN_REQUIRED).build(ClassDesc.of("Bad" + count++), cb -> cb.withMethodBody("m", type, ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC, c -> body.accept(c)));
    }

    static void code(String what, MethodTypeDesc type, Consumer<CodeBuilder> body) {
        byte[] b;
        try {
            b = make(type, body);
        } catch (IllegalArgumentException e) {
            System.out.println(what + ": not even assembled");
            return;
        }
        link(what, b);
    }

    /** The class file of a method that returns nothing, so that tests may break its bytes. */
    static byte[] good() {
        return make(MethodTypeDesc.of(CD_void), c -> c.nop().nop().nop().nop().nop().nop().return_());
    }

    static byte[] patch(int... code) {
        byte[] b = good();
        for (int i = 0; i < b.length - 7; i++) {
            if (b[i] == 0 && b[i + 1] == 0 && b[i + 2] == 0 && b[i + 3] == 0 && b[i + 4] == 0 && b[i + 5] == 0 && b[i + 6] == (byte) 0xb1) {
                for (int k = 0; k < code.length; k++) b[i + k] = (byte) code[k];
                return b;
            }
        }
        throw new AssertionError("no code found");
    }

    public static void main(String[] args) {
        MethodTypeDesc v = MethodTypeDesc.of(CD_void), i = MethodTypeDesc.of(CD_int), o = MethodTypeDesc.of(CD_Object), ii = MethodTypeDesc.of(CD_int, CD_int), so = MethodTypeDesc.of(CD_String, CD_Object);
        link("control", good());
        code("int where a reference is needed", o, c -> c.iconst_0().areturn());
        code("reference where an int is needed", i, c -> c.ldc("x").ireturn());
        code("object returned as string", so, c -> c.aload(0).areturn());
        code("void return in an int method", i, c -> c.return_());
        code("value return in a void method", v, c -> c.iconst_1().ireturn());
        code("local never written", i, c -> c.iload(5).ireturn());
        code("half of a long", i, c -> c.lconst_1().lstore(0).iload(1).ireturn());
        code("overwritten half of a long", MethodTypeDesc.of(CD_long), c -> c.lconst_1().lstore(0).iconst_0().istore(1).lload(0).lreturn());
        code("swap of a long", v, c -> c.lconst_1().iconst_0().swap().return_());
        code("pop of half a long", v, c -> c.lconst_1().pop().pop().return_());
        code("dup of half a long", v, c -> c.lconst_1().dup().return_());
        code("float added to int", i, c -> c.iconst_1().fconst_1().iadd().ireturn());
        code("uninitialized object used", o, c -> c.new_(SB).areturn());
        code("uninitialized object passed", v, c -> c.new_(SB).invokestatic(CD_String, "valueOf", MethodTypeDesc.of(CD_String, CD_Object)).pop().return_());
        code("constructor called twice", v, c -> c.new_(SB).dup().dup().invokespecial(SB, "<init>", v).invokespecial(SB, "<init>", v).return_());
        code("constructor of another class", v, c -> c.new_(SB).invokespecial(CD_Object, "<init>", v).return_());
        code("method of a wrong receiver", i, c -> c.ldc("x").invokevirtual(SB, "length", i).ireturn());
        code("wrong argument", v, c -> c.iconst_1().invokestatic(CD_String, "valueOf", MethodTypeDesc.of(CD_String, CD_Object)).pop().return_());
        code("interface call on any object", v, c -> c.ldc("x").invokeinterface(ClassDesc.of("java.lang.Runnable"), "run", v).return_());
        code("field of a wrong object", i, c -> c.ldc("x").getfield(ClassDesc.of("java.awt.Point"), "x", CD_int).ireturn());
        code("athrow of a string", v, c -> c.ldc("x").athrow());
        code("array load of a non-array", i, c -> c.ldc("x").iconst_0().iaload().ireturn());
        code("int load of a byte array", i, c -> c.iconst_1().newarray(TypeKind.BYTE).iconst_0().iaload().ireturn());
        code("monitorenter of an int", v, c -> c.iconst_0().monitorenter().return_());
        code("handler for a class that is no Throwable", v, c -> {
            Label s = c.newLabel(), e = c.newLabel(), h = c.newLabel();
            c.labelBinding(s).nop().labelBinding(e).return_().labelBinding(h).pop().return_();
            c.exceptionCatch(s, e, h, CD_String);
        });
        link("falls off the end", patch(0, 0, 0, 0, 0, 0, 0));
        link("jump out of the method", patch(0xa7, 0x40, 0x00));
        link("jump into an operand", patch(0xa7, 0x00, 0x01));
        link("jump backwards out", patch(0xa7, 0xff, 0xf0));
        link("undefined opcode", patch(0xcb));
        link("breakpoint opcode", patch(0xca));
        link("constant index zero", patch(0x12, 0x00, 0x57));
        link("constant index too large", patch(0x12, 0xf0, 0x57));
        link("underflow", patch(0x57));
        link("overflow of max_stack", patch(0x03, 0x57));
        link("local beyond max_locals", patch(0x1a, 0x57));
        link("truncated instruction", patch(0, 0, 0, 0, 0, 0, 0x11));
        link("newarray of a strange type", patch(0x03, 0xbc, 0x03, 0x57));
        link("wide of a wrong opcode", patch(0xc4, 0x60, 0, 0));
        byte[] g = good();
        for (int cut : new int[] {0, 4, 8, 10, 30, g.length - 1}) link("cut at " + (cut == g.length - 1 ? "the last byte" : cut), Arrays.copyOf(g, cut));
        link("extra byte", Arrays.copyOf(g, g.length + 1));
        byte[] m = g.clone();
        m[0] = 0;
        link("magic", m);
        m = g.clone();
        m[7] = 99;
        link("too new", m);
        m = g.clone();
        m[6] = 0;
        m[7] = 44;
        link("too old", m);
        m = g.clone();
        m[8] = m[9] = 0;
        link("empty pool", m);
        m = g.clone();
        m[10] = 2;
        link("unknown tag", m);
        for (int[] flags : new int[][] {{0x0411, 0}, {0x0201, 1}, {0x0611, 2}, {0x2001, 3}, {0x4021, 4}}) {
            byte[] b = ClassFile.of().build(ClassDesc.of("Flags" + flags[1]), cb -> cb.withFlags(flags[0]));
            link("class flags " + Integer.toHexString(flags[0]), b);
        }
        link("final superclass", ClassFile.of().build(ClassDesc.of("Sub1"), cb -> cb.withSuperclass(CD_String)));
        link("interface as superclass", ClassFile.of().build(ClassDesc.of("Sub2"), cb -> cb.withSuperclass(ClassDesc.of("java.lang.Runnable"))));
        link("class as interface", ClassFile.of().build(ClassDesc.of("Sub3"), cb -> cb.withInterfaceSymbols(CD_String)));
        link("missing superclass", ClassFile.of().build(ClassDesc.of("Sub4"), cb -> cb.withSuperclass(ClassDesc.of("no.Such"))));
        link("itself as superclass", ClassFile.of().build(ClassDesc.of("Sub5"), cb -> cb.withSuperclass(ClassDesc.of("Sub5"))));
        link("sealed interface", ClassFile.of().build(ClassDesc.of("Sub6"), cb -> cb.withFlags(0x0400).withInterfaceSymbols(ClassDesc.of("java.lang.constant.ConstantDesc"))));
        link("duplicate field", ClassFile.of().build(ClassDesc.of("Dup1"), cb -> cb.withField("f", CD_int, 0).withField("f", CD_int, 0)));
        link("duplicate method", ClassFile.of().build(ClassDesc.of("Dup2"), cb -> cb.withMethodBody("m", v, 8, c -> c.return_()).withMethodBody("m", v, 8, c -> c.return_())));
        link("duplicate interface", ClassFile.of().build(ClassDesc.of("Dup3"), cb -> cb.withInterfaceSymbols(ClassDesc.of("java.lang.Runnable"), ClassDesc.of("java.lang.Runnable"))));
        link("abstract method with code", ClassFile.of().build(ClassDesc.of("Abs1"), cb -> cb.withFlags(0x0421).withMethodBody("m", v, 0x0401, c -> c.return_())));
        link("method without code", ClassFile.of().build(ClassDesc.of("Abs2"), cb -> cb.withMethod("m", v, 1, mb -> {})));
        link("static constructor", ClassFile.of().build(ClassDesc.of("Ctor1"), cb -> cb.withMethodBody("<init>", v, 8, c -> c.return_())));
        link("constructor without super call", ClassFile.of().build(ClassDesc.of("Ctor2"), cb -> cb.withMethodBody("<init>", v, 1, c -> c.return_())));
        link("private and public field", ClassFile.of().build(ClassDesc.of("Acc1"), cb -> cb.withField("f", CD_int, 3)));
        link("final volatile field", ClassFile.of().build(ClassDesc.of("Acc2"), cb -> cb.withField("f", CD_int, 0x50)));
    }
}
