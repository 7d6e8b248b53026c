import java.lang.classfile.*;
import java.lang.constant.*;
import java.util.function.*;
import static java.lang.constant.ConstantDescs.*;

public class Main {
    static class Loader extends ClassLoader {
        Class<?> define(byte[] b) { return defineClass(null, b, 0, b.length); }
    }

    static int count;
    static final ClassDesc SB = ClassDesc.of("java.lang.StringBuilder");

    static void run(String what, MethodTypeDesc type, Consumer<CodeBuilder> body, Object... args) {
        Object result;
        try {
            byte[] b = ClassFile.of(ClassFile.DeadCodeOption.KEEP_DEAD_CODE).build(ClassDesc.of("Odd" + count++), cb -> cb.withMethodBody("m", type, ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC, c -> body.accept(c)));
            result = new Loader().define(b).getDeclaredMethods()[0].invoke(null, args);
        } catch (java.lang.reflect.InvocationTargetException e) {
            result = e.getCause();
        } catch (ReflectiveOperationException | LinkageError e) {
            result = e;
        }
        System.out.println(what + ": " + String.valueOf(result).replaceAll("@[0-9a-f]+", "@"));
    }

    public static void main(String[] args) {
        MethodTypeDesc noneL = MethodTypeDesc.of(CD_long), noneI = MethodTypeDesc.of(CD_int), noneO = MethodTypeDesc.of(CD_Object), io = MethodTypeDesc.of(CD_int, CD_int);
        run("dup2_x2 of two longs", noneL, c -> c.ldc(10L).ldc(3L).dup2_x2().lsub().ladd().lreturn());
        run("dup2_x2 of four ints", noneI, c -> c.iconst_1().iconst_2().iconst_3().iconst_4().dup2_x2().imul().iadd().iadd().imul().isub().ireturn());
        run("dup2_x2 long over two ints", noneL, c -> c.iconst_5().iconst_2().ldc(100L).dup2_x2().pop2().isub().i2l().ldiv().lreturn());
        run("dup2_x2 two ints over long", noneL, c -> c.ldc(1000L).iconst_5().iconst_3().dup2_x2().isub().i2l().ldiv().lstore(0).iadd().i2l().lload(0).ladd().lreturn());
        run("dup2_x1 long over int", noneL, c -> c.iconst_3().ldc(50L).dup2_x1().l2i().iadd().i2l().ladd().lreturn());
        run("dup2_x1 ints", noneI, c -> c.iconst_1().iconst_2().iconst_3().dup2_x1().iadd().iadd().imul().iadd().ireturn());
        run("dup_x2 over long", noneL, c -> c.ldc(7L).iconst_2().dup_x2().i2l().lmul().lstore(0).i2l().lload(0).lsub().lreturn());
        run("dup_x2 over ints", noneI, c -> c.iconst_1().iconst_2().iconst_5().dup_x2().imul().iadd().isub().ireturn());
        run("dup2 ints", noneI, c -> c.iconst_4().iconst_3().dup2().isub().imul().iadd().ireturn());
        run("swap refs", noneO, c -> c.ldc("a").ldc("b").swap().invokevirtual(CD_String, "concat", MethodTypeDesc.of(CD_String, CD_String)).areturn());
        run("pop2 mixed", noneI, c -> c.iconst_1().ldc(2.0).pop2().iconst_2().ldc("x").pop2().ireturn());
        run("nops", noneI, c -> { for (int i = 0; i < 500; i++) c.nop(); c.bipush(42).ireturn(); });
        run("wide iinc", io, c -> c.iinc(0, 30000).iload(0).istore(400).iinc(400, -1).iload(400).ireturn(), 5);
        run("goto_w and back", io, c -> {
            Label far = c.newLabel(), back = c.newLabel();
            c.goto_w(far).labelBinding(back).iload(0).ireturn();
            c.labelBinding(far).iinc(0, 1).goto_w(back);
        }, 9);
        run("empty lookupswitch", io, c -> {
            Label d = c.newLabel();
            c.iload(0).lookupswitch(d, java.util.List.of()).labelBinding(d).iconst_m1().ireturn();
        }, 9);
        run("one-case tableswitch at the top", io, c -> {
            Label d = c.newLabel(), x = c.newLabel();
            c.iload(0).tableswitch(Integer.MAX_VALUE, Integer.MAX_VALUE, d, java.util.List.of(java.lang.classfile.instruction.SwitchCase.of(Integer.MAX_VALUE, x))).labelBinding(x).iconst_5().ireturn().labelBinding(d).iconst_m1().ireturn();
        }, Integer.MAX_VALUE);
        run("constructor after other work", noneO, c -> c.new_(SB).dup().ldc("x").astore(0).aload(0).invokespecial(SB, "<init>", MethodTypeDesc.of(CD_void, CD_String)).ldc("y").invokevirtual(SB, "append", MethodTypeDesc.of(SB, CD_String)).invokevirtual(SB, "toString", MethodTypeDesc.of(CD_String)).areturn());
        run("two uninitialized", noneO, c -> c.new_(SB).astore(0).new_(SB).astore(1).aload(1).ldc("second").invokespecial(SB, "<init>", MethodTypeDesc.of(CD_void, CD_String)).aload(0).ldc("first").invokespecial(SB, "<init>", MethodTypeDesc.of(CD_void, CD_String)).aload(1).aload(0).invokevirtual(SB, "append", MethodTypeDesc.of(SB, CD_Object)).invokevirtual(CD_Object, "toString", MethodTypeDesc.of(CD_String)).areturn());
        run("boolean as int", noneI, c -> c.iconst_1().newarray(TypeKind.BOOLEAN).dup().iconst_0().iconst_3().bastore().iconst_0().baload().ireturn());
        run("byte store truncates", noneI, c -> c.iconst_1().newarray(TypeKind.BYTE).dup().iconst_0().sipush(300).bastore().iconst_0().baload().ireturn());
        run("int returned as byte", MethodTypeDesc.of(CD_byte), c -> c.sipush(300).ireturn());
        run("int returned as boolean", MethodTypeDesc.of(CD_boolean), c -> c.iconst_2().ireturn());
        run("int returned as char", MethodTypeDesc.of(CD_char), c -> c.ldc(0x10041).ireturn());
        run("handler covering itself", io, c -> {
            Label s = c.newLabel(), e = c.newLabel(), h = c.newLabel(), out = c.newLabel();
            c.labelBinding(s).labelBinding(h).iconst_0().istore(1);
            c.iinc(0, -1).iload(0).ifle(out).iconst_1().iload(1).idiv().ireturn();
            c.labelBinding(out).iload(0).ireturn().labelBinding(e);
        }, 5);
        run("handler with a loop", io, c -> {
            Label s = c.newLabel(), e = c.newLabel(), h = c.newLabel(), out = c.newLabel();
            c.labelBinding(s).iinc(0, -1).iload(0).ifle(out).iconst_1().iconst_0().idiv().pop().labelBinding(e);
            c.labelBinding(out).bipush(77).ireturn();
            c.labelBinding(h).pop().goto_(s);
            c.exceptionCatch(s, e, h, ClassDesc.of("java.lang.ArithmeticException"));
        }, 5);
        run("athrow null", noneI, c -> c.aconst_null().athrow());
        run("monitor not released", noneI, c -> c.new_(CD_Object).dup().invokespecial(CD_Object, "<init>", MethodTypeDesc.of(CD_void)).monitorenter().iconst_1().ireturn());
        run("monitor released too often", noneI, c -> c.ldc("lock").dup().monitorexit().pop().iconst_1().ireturn());
        run("static call on an interface", noneO, c -> c.ldc("x").invokestatic(ClassDesc.of("java.util.List"), "of", MethodTypeDesc.of(ClassDesc.of("java.util.List"), CD_Object), true).areturn());
        run("wrong kind of method reference", noneO, c -> c.ldc("x").invokestatic(ClassDesc.of("java.util.List"), "of", MethodTypeDesc.of(ClassDesc.of("java.util.List"), CD_Object), false).areturn());
        run("missing method", noneO, c -> c.ldc("x").iconst_1().invokevirtual(CD_String, "gone", MethodTypeDesc.of(CD_String, CD_int)).areturn());
        run("missing field", noneI, c -> c.getstatic(CD_String, "gone", CD_int).ireturn());
        run("missing class", noneO, c -> c.new_(ClassDesc.of("no.Such")).pop().aconst_null().areturn());
        run("instance as static", noneI, c -> c.invokestatic(CD_String, "length", MethodTypeDesc.of(CD_int)).ireturn());
        run("abstract instantiation", noneO, c -> c.new_(ClassDesc.of("java.lang.Number")).dup().invokespecial(ClassDesc.of("java.lang.Number"), "<init>", MethodTypeDesc.of(CD_void)).areturn());
        run("private field of another class", noneO, c -> c.ldc("x").getfield(CD_String, "value", CD_byte.arrayType()).areturn());
        run("class constants", noneO, c -> c.ldc(CD_int.arrayType()).invokevirtual(CD_Class, "getName", MethodTypeDesc.of(CD_String)).areturn());
        run("anewarray of arrays", noneO, c -> c.iconst_2().anewarray(CD_String.arrayType()).invokevirtual(CD_Object, "getClass", MethodTypeDesc.of(CD_Class)).areturn());
        run("multianewarray with one dimension", noneO, c -> c.iconst_2().multianewarray(CD_int.arrayType().arrayType(), 1).invokevirtual(CD_Object, "getClass", MethodTypeDesc.of(CD_Class)).areturn());
        run("fcmp chain", noneI, c -> c.ldc(Float.NaN).fconst_1().fcmpl().ldc(Float.NaN).fconst_1().fcmpg().isub().ldc(Double.NaN).dconst_0().dcmpg().iadd().ireturn());
        run("lcmp", noneI, c -> c.ldc(Long.MIN_VALUE).lconst_1().lcmp().ireturn());
    }
}
