import java.io.*;
import java.lang.classfile.*;
import java.lang.classfile.attribute.*;
import java.lang.classfile.constantpool.*;
import java.lang.classfile.instruction.*;
import java.lang.constant.*;
import java.util.*;
import java.util.function.*;
import java.util.stream.*;
import static java.lang.constant.ConstantDescs.*;

public class Main {
    static class Loader extends ClassLoader {
        Class<?> define(byte[] b) { return defineClass(null, b, 0, b.length); }
    }

    public static class Target {
        int state = 3;
        public String greet(String who, int n) {
            StringBuilder sb = new StringBuilder();
            for (int i = 0; i < n; i++) sb.append("hello ").append(who).append(state);
            return sb.toString();
        }
        public int old() { return 1 + 2; }
    }

    public static void main(String[] args) throws Exception {
        ClassDesc self = ClassDesc.of("gen.Fact"), fn = ClassDesc.of("java.util.function.IntUnaryOperator");
        byte[] b = ClassFile.of().build(self, cb -> {
            cb.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL).withInterfaceSymbols(fn).with(SourceFileAttribute.of("Fact.gen"));
            cb.withField("calls", CD_int, ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC);
            cb.withField("K", CD_long, f -> f.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC | ClassFile.ACC_FINAL).with(ConstantValueAttribute.of(77L)));
            cb.withMethodBody("<init>", MTD_void, ClassFile.ACC_PUBLIC, c -> c.aload(0).invokespecial(CD_Object, "<init>", MTD_void).return_());
            cb.withMethodBody("applyAsInt", MethodTypeDesc.of(CD_int, CD_int), ClassFile.ACC_PUBLIC, c -> {
                c.lineNumber(10).getstatic(self, "calls", CD_int).iconst_1().iadd().putstatic(self, "calls", CD_int);
                c.iload(1).ifThenElse(Opcode.IFGT, t -> t.iload(1).aload(0).iload(1).iconst_1().isub().invokevirtual(self, "applyAsInt", MethodTypeDesc.of(CD_int, CD_int)).imul().ireturn(), e -> e.iconst_1().ireturn());
            });
            cb.withMethodBody("classify", MethodTypeDesc.of(CD_String, CD_int), ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC, c -> {
                Label d = c.newLabel(), one = c.newLabel(), five = c.newLabel(), neg = c.newLabel();
                c.iload(0).lookupswitch(d, List.of(SwitchCase.of(-9, neg), SwitchCase.of(1, one), SwitchCase.of(5, five)));
                c.labelBinding(one).ldc("one").areturn().labelBinding(five).ldc("five").areturn().labelBinding(neg).ldc("neg").areturn().labelBinding(d).ldc("other").areturn();
            });
            cb.withMethodBody("safe", MethodTypeDesc.of(CD_int, CD_String), ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC, c -> c.trying(t -> t.lineNumber(33).aload(0).invokestatic(CD_Integer, "parseInt", MethodTypeDesc.of(CD_int, CD_String)).ireturn(), k -> k.catching(ClassDesc.of("java.lang.NumberFormatException"), h -> h.pop().iconst_m1().ireturn())));
            cb.withMethodBody("crash", MTD_void, ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC, c -> c.lineNumber(44).aconst_null().lineNumber(45).invokevirtual(CD_Object, "hashCode", MethodTypeDesc.of(CD_int)).pop().return_());
        });
        Class<?> k = new Loader().define(b);
        IntUnaryOperator f = (IntUnaryOperator) k.getConstructor().newInstance();
        System.out.println(f.applyAsInt(10) + " " + k.getField("calls").get(null) + " " + k.getField("K").get(null) + " " + k.getPackageName());
        var classify = k.getMethod("classify", int.class);
        System.out.println(classify.invoke(null, 1) + " " + classify.invoke(null, 5) + " " + classify.invoke(null, -9) + " " + classify.invoke(null, 2) + " " + k.getMethod("safe", String.class).invoke(null, "12") + k.getMethod("safe", String.class).invoke(null, "zz"));
        try {
            k.getMethod("crash").invoke(null);
        } catch (java.lang.reflect.InvocationTargetException e) {
            System.out.println(e.getCause().getMessage() + " at " + e.getCause().getStackTrace()[0]);
        }
        byte[] own;
        try (InputStream in = Main.class.getResourceAsStream("Main$Target.class")) {
            own = in.readAllBytes();
        }
        ClassModel m = ClassFile.of().parse(own);
        System.out.println(m.thisClass().asInternalName() + " " + m.superclass().get().asInternalName() + " " + m.majorVersion() + " " + m.flags().flags() + " " + m.fields().size());
        for (MethodModel mm : m.methods()) {
            Map<String, Long> ops = mm.code().get().elementStream().filter(e -> e instanceof Instruction).map(e -> ((Instruction) e).opcode().name()).collect(Collectors.groupingBy(x -> x, TreeMap::new, Collectors.counting()));
            System.out.println(mm.methodName().stringValue() + mm.methodType().stringValue() + " " + ops);
        }
        byte[] changed = ClassFile.of().transformClass(m, ClassTransform.transformingMethodBodies(mm -> true, (c, e) -> {
            switch (e) {
                case ConstantInstruction.LoadConstantInstruction l when l.constantValue().equals("hello ") -> c.ldc("goodbye ");
                case ConstantInstruction i when Integer.valueOf(3).equals(i.constantValue()) -> c.bipush(99);
                default -> c.with(e);
            }
        }).andThen(ClassTransform.dropping(e -> e instanceof MethodModel mm && mm.methodName().equalsString("old"))));
        Class<?> t = new Loader() { @Override protected Class<?> loadClass(String n, boolean r) throws ClassNotFoundException { return super.loadClass(n, r); } }.define(changed);
        Object o = t.getConstructor().newInstance();
        System.out.println(t.getMethod("greet", String.class, int.class).invoke(o, "x", 2) + " " + (t != Target.class) + " " + new Target().greet("y", 1) + " " + Arrays.stream(t.getDeclaredMethods()).map(x -> x.getName()).toList());
        System.out.println(ClassFile.of().verify(changed).size() + " " + ClassFile.of().verify(b).size());
        int pool = 0;
        for (PoolEntry e : m.constantPool()) pool += e.tag();
        System.out.println(pool > 0);
    }
}
