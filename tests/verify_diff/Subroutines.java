import static java.lang.constant.ConstantDescs.*;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.DiscontinuedInstruction.JsrInstruction;
import java.lang.classfile.instruction.DiscontinuedInstruction.RetInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes seed classes that no compiler makes any more: subroutines, as `finally` once was. Argument: folder. */
public class Subroutines {
    static final MethodTypeDesc II = MethodTypeDesc.of(CD_int, CD_int);
    static final ClassDesc OUT = ClassDesc.of("java.io.PrintStream");

    public static void main(String[] args) throws Exception {
        for (int version : new int[] {46, 49}) {
            String name = "Subroutines" + version;
            byte[] bytes = ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS, ClassFile.DeadCodeOption.KEEP_DEAD_CODE)
                .build(ClassDesc.of(name), builder -> {
                    builder.withVersion(version, 0).withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_SUPER);
                    int flags = ClassFile.ACC_STATIC;
                    builder.withMethodBody("twice", II, flags, Subroutines::twice);
                    builder.withMethodBody("nested", II, flags, Subroutines::nested);
                    builder.withMethodBody("finish", II, flags, Subroutines::finish);
                    builder.withMethodBody("loop", II, flags, Subroutines::loop);
                    builder.withMethodBody("untouched", II, flags, Subroutines::untouched);
                });
            Files.write(Path.of(args[0], name + ".class"), bytes);
        }
    }

    static CodeBuilder jsr(CodeBuilder c, Label to) { return c.with(JsrInstruction.of(to)); }

    static CodeBuilder ret(CodeBuilder c, int local) { return c.with(RetInstruction.of(local)); }

    static void twice(CodeBuilder c) {
        Label sub = c.newLabel();
        jsr(jsr(c, sub), sub).iload(0).ireturn();
        ret(c.labelBinding(sub).astore(1).iinc(0, 5), 1);
    }

    static void nested(CodeBuilder c) {
        Label outer = c.newLabel(), inner = c.newLabel();
        jsr(jsr(c, outer), outer).iload(0).ireturn();
        jsr(c.labelBinding(outer).astore(1).iinc(0, 100), inner).with(JsrInstruction.of(Opcode.JSR_W, inner));
        ret(c, 1).labelBinding(inner).astore(2).iload(0).iconst_2().imul().istore(0);
        ret(c, 2);
    }

    static void finish(CodeBuilder c) {
        Label start = c.newLabel(), end = c.newLabel(), handler = c.newLabel(), sub = c.newLabel();
        c.labelBinding(start).bipush(100).iload(0).idiv().istore(3);
        jsr(c, sub).iload(3).ireturn();
        c.labelBinding(end).labelBinding(handler).astore(1);
        jsr(c, sub).aload(1).athrow();
        c.labelBinding(sub).astore(2).getstatic(ClassDesc.of("java.lang.System"), "out", OUT);
        ret(c.ldc("finally").invokevirtual(OUT, "println", MethodTypeDesc.of(CD_void, CD_String)), 2);
        c.exceptionCatchAll(start, end, handler);
    }

    static void loop(CodeBuilder c) {
        Label again = c.newLabel(), sub = c.newLabel(), done = c.newLabel(), out = c.newLabel();
        c.iconst_0().istore(1).labelBinding(again).iload(1).iload(0).if_icmpge(done);
        jsr(c, sub).goto_(again).labelBinding(done).iload(1).ireturn();
        c.labelBinding(sub).astore(2).iinc(1, 1).iload(1).bipush(50).if_icmpgt(out);
        ret(c, 2).labelBinding(out).iload(1).ireturn();
    }

    static void untouched(CodeBuilder c) {
        Label sub = c.newLabel(), other = c.newLabel(), end = c.newLabel();
        c.iload(0).ifeq(other).ldc("text").astore(1);
        jsr(c, sub).aload(1).invokevirtual(CD_String, "length", MethodTypeDesc.of(CD_int)).ireturn();
        c.labelBinding(other).lconst_1().lstore(1);
        jsr(c, sub).lload(1).l2i().labelBinding(end).ireturn();
        ret(c.labelBinding(sub).astore(3).iinc(0, 1), 3);
    }
}
