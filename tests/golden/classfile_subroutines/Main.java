import java.lang.classfile.*;
import java.lang.classfile.instruction.*;
import java.lang.constant.*;
import java.util.function.*;
import static java.lang.constant.ConstantDescs.*;

public class Main {
    static class Loader extends ClassLoader {
        Class<?> define(byte[] b) { return defineClass(null, b, 0, b.length); }
    }

    static final MethodTypeDesc II = MethodTypeDesc.of(CD_int, CD_int);
    static int count;

    static byte[] make(int version, Consumer<CodeBuilder> body) {
        return ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS, ClassFile.DeadCodeOption.KEEP_DEAD_CODE).build(ClassDesc.of("Gen" + count++), cb -> {
            cb.withVersion(version, 0);
            cb.withMethodBody("m", II, ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC, c -> body.accept(c));
        });
    }

    static void run(String what, int version, Consumer<CodeBuilder> body, int... args) throws Exception {
        StringBuilder sb = new StringBuilder(what).append(':');
        try {
            var m = new Loader().define(make(version, body)).getMethod("m", int.class);
            for (int a : args) {
                try {
                    sb.append(' ').append(m.invoke(null, a));
                } catch (java.lang.reflect.InvocationTargetException e) {
                    sb.append(' ').append(e.getCause());
                }
            }
        } catch (LinkageError e) {
            sb.append(' ').append(e.getClass().getSimpleName());
        }
        System.out.println(sb);
    }

    static void jsr(CodeBuilder c, Label l) { c.with(DiscontinuedInstruction.JsrInstruction.of(l)); }
    static void jsrw(CodeBuilder c, Label l) { c.with(DiscontinuedInstruction.JsrInstruction.of(Opcode.JSR_W, l)); }
    static void ret(CodeBuilder c, int slot) { c.with(DiscontinuedInstruction.RetInstruction.of(slot)); }

    public static void main(String[] args) throws Exception {
        run("two calls of one subroutine", 49, c -> {
            Label sub = c.newLabel();
            jsr(c, sub);
            jsr(c, sub);
            c.iload(0).ireturn();
            c.labelBinding(sub).astore(1).iinc(0, 5);
            ret(c, 1);
        }, 0, 10);
        run("nested", 48, c -> {
            Label outer = c.newLabel(), inner = c.newLabel();
            jsr(c, outer);
            jsr(c, outer);
            c.iload(0).ireturn();
            c.labelBinding(outer).astore(1).iinc(0, 100);
            jsr(c, inner);
            jsrw(c, inner);
            ret(c, 1);
            c.labelBinding(inner).astore(2).iload(0).iconst_2().imul().istore(0);
            ret(c, 2);
        }, 1, 7);
        run("finally", 49, c -> {
            Label start = c.newLabel(), end = c.newLabel(), handler = c.newLabel(), sub = c.newLabel();
            c.labelBinding(start).bipush(100).iload(0).idiv().istore(3);
            jsr(c, sub);
            c.iload(3).ireturn();
            c.labelBinding(end);
            c.labelBinding(handler).astore(1);
            jsr(c, sub);
            c.aload(1).athrow();
            c.labelBinding(sub).astore(2).getstatic(ClassDesc.of("java.lang.System"), "out", ClassDesc.of("java.io.PrintStream")).ldc("finally").invokevirtual(ClassDesc.of("java.io.PrintStream"), "println", MethodTypeDesc.of(CD_void, CD_String));
            ret(c, 2);
            c.exceptionCatchAll(start, end, handler);
        }, 5, 0);
        run("different types of an untouched local", 49, c -> {
            Label sub = c.newLabel(), other = c.newLabel();
            c.iload(0).ifeq(other).ldc("text").astore(1);
            jsr(c, sub);
            c.aload(1).checkcast(CD_String).invokevirtual(CD_String, "length", MethodTypeDesc.of(CD_int)).iload(0).iadd().ireturn();
            c.labelBinding(other).dconst_1().dstore(1);
            jsr(c, sub);
            c.dload(1).d2i().iload(0).iadd().ireturn();
            c.labelBinding(sub).astore(5).iinc(0, 1);
            ret(c, 5);
        }, 0, 1, 41);
        run("loop inside a subroutine", 49, c -> {
            Label sub = c.newLabel(), top = c.newLabel(), out = c.newLabel();
            jsr(c, sub);
            c.iload(2).ireturn();
            c.labelBinding(sub).astore(1).iconst_0().istore(2);
            c.labelBinding(top).iload(0).ifle(out).iload(2).iload(0).iadd().istore(2).iinc(0, -1).goto_(top);
            c.labelBinding(out);
            ret(c, 1);
        }, 0, 10, 100);
        run("wide ret and return address kept on the stack", 49, c -> {
            Label sub = c.newLabel();
            c.iload(0);
            jsr(c, sub);
            c.iconst_3().iadd().ireturn();
            c.labelBinding(sub).astore(300).iload(0).iadd();
            ret(c, 300);
        }, 4, 20);
        run("subroutine left by a branch", 49, c -> {
            Label sub = c.newLabel(), away = c.newLabel();
            jsr(c, sub);
            c.iconst_1().ireturn();
            c.labelBinding(sub).astore(1).iload(0).ifne(away);
            ret(c, 1);
            c.labelBinding(away).iconst_2().ireturn();
        }, 0, 1);
        run("exception thrown in a subroutine", 49, c -> {
            Label sub = c.newLabel(), start = c.newLabel(), end = c.newLabel(), h = c.newLabel();
            c.labelBinding(start);
            jsr(c, sub);
            c.iload(0).ireturn();
            c.labelBinding(sub).astore(1).iconst_1().iload(0).idiv().pop();
            ret(c, 1);
            c.labelBinding(end).labelBinding(h).pop().bipush(-77).ireturn();
            c.exceptionCatch(start, end, h, ClassDesc.of("java.lang.ArithmeticException"));
        }, 3, 0);
        run("old class without frames", 49, c -> {
            Label a = c.newLabel(), b = c.newLabel();
            c.iload(0).ifgt(a).ldc("neg").goto_(b);
            c.labelBinding(a).aconst_null();
            c.labelBinding(b).astore(1).aload(1).invokestatic(CD_String, "valueOf", MethodTypeDesc.of(CD_String, CD_Object)).invokevirtual(CD_String, "length", MethodTypeDesc.of(CD_int)).ireturn();
        }, 1, -1);
    }
}
