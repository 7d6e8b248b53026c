import java.lang.classfile.*;
import java.lang.constant.*;
import java.util.*;
import java.util.function.*;
import static java.lang.classfile.ClassFile.*;
import static java.lang.constant.ConstantDescs.*;

/** Names of odd characters and of the greatest length load, resolve and print. */
public class Main {
    static class L extends ClassLoader {
        L() { super("l", Main.class.getClassLoader()); }
        Class<?> def(byte[] b) { return defineClass(null, b, 0, b.length); }
    }

    static String show(String s) {
        StringBuilder out = new StringBuilder();
        for (char c : s.toCharArray()) out.append(c < 0x20 || c > 0x7e ? String.format("\\u%04x", (int) c) : "" + c);
        return out.length() > 90 ? out.substring(0, 40) + "..." + out.substring(out.length() - 20) + " (" + s.length() + ")" : out.toString();
    }

    static byte[] cls(String n, String member) {
        ClassDesc d = ClassDesc.ofInternalName(n);
        return ClassFile.of().build(d, cb -> {
            cb.withFlags(ACC_PUBLIC | ACC_SUPER);
            cb.withField(member, CD_int, ACC_PUBLIC | ACC_STATIC);
            cb.withMethodBody(member, MethodTypeDesc.of(CD_int, CD_int), ACC_PUBLIC | ACC_STATIC, c -> c.iload(0).iconst_1().iadd().dup().putstatic(d, member, CD_int).ireturn());
            cb.withMethodBody("call", MethodTypeDesc.of(CD_int), ACC_PUBLIC | ACC_STATIC, c -> c.bipush(6).invokestatic(d, member, MethodTypeDesc.of(CD_int, CD_int)).ireturn());
            cb.withMethodBody("fail", MethodTypeDesc.of(CD_int), ACC_PUBLIC | ACC_STATIC, c -> c.iconst_0().invokestatic(d, "no" + member, MethodTypeDesc.of(CD_int, CD_int)).ireturn());
            cb.withMethodBody("cast", MethodTypeDesc.of(CD_Object), ACC_PUBLIC | ACC_STATIC, c -> c.ldc("x").checkcast(d).areturn());
        });
    }

    static void t(String name, String member) {
        System.out.println(show(name) + " / " + show(member));
        // Messages are not asked to keep what is no character.
        boolean odd = (name + " " + member).codePoints().anyMatch(c -> c >= 0xd800 && c < 0xe000);
        try {
            Class<?> c = new L().def(cls(name, member));
            System.out.println("  " + show(c.getName()) + " | " + show(c.getSimpleName()) + " | " + show(c.getPackageName()) + " " + c.getMethod("call").invoke(null) + " " + c.getField(member).get(null));
            System.out.println("  " + show(c.getMethod(member, int.class).toString()) + " " + show(c.arrayType().getName()) + " " + (c.getName().equals(name.replace('/', '.'))));
            for (String m : List.of("fail", "cast")) try {
                c.getMethod(m).invoke(null);
            } catch (java.lang.reflect.InvocationTargetException e) {
                System.out.println("  " + e.getCause().getClass().getName() + " " + (odd || name.length() > 1000 ? "" : show(e.getCause().getMessage().replaceAll("@[0-9a-f]+", "@"))));
                System.out.println("  " + show(e.getCause().getStackTrace()[0].toString()));
            }
        } catch (Throwable e) {
            System.out.println("  " + e.getClass().getName() + ": " + show(String.valueOf(e.getMessage())));
        }
    }

    public static void main(String[] args) {
        t("Plain", "plain");
        t("\ud800", "\udc00");
        t("a\udfffb", "\ud800\ud800");
        t("\ud83d\ude00", "\ud83d\ude00");
        t("\u0000", "\u0000nul");
        t("p/\u0000/q", "a\u0000b");
        t(" ", " ");
        t("a b/c d", "e f");
        t("(", ")");
        t("a)b", "(I)V");
        t("<", "f>".substring(0, 1));
        t("package-info", "if");
        t("1", "2");
        t("+0x0000", "+");
        t("a+b/c+0x1", "-");
        t("\u202e", "\ufeff");
        t("x".repeat(65_535), "y".repeat(65_535));
        t("p/".repeat(1000) + "C", "m");
    }
}
