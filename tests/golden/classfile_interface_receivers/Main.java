import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.InvocationTargetException;
import static java.lang.classfile.ClassFile.*;
import static java.lang.constant.ConstantDescs.*;

public class Main {
    static class Loader extends ClassLoader {
        Class<?> define(byte[] b) {
            return defineClass(null, b, 0, b.length);
        }
    }

    public static void main(String[] args) throws Exception {
        ClassDesc i = ClassDesc.of("I");
        MethodTypeDesc toInt = MethodTypeDesc.of(CD_int), ofObject = MethodTypeDesc.of(CD_int, CD_Object), toVoid = MethodTypeDesc.of(CD_void);
        Loader loader = new Loader();
        Class<?> face = loader.define(ClassFile.of().build(i, cb -> cb.withFlags(ACC_PUBLIC | ACC_INTERFACE | ACC_ABSTRACT)
            .withMethodBody("secret", toInt, ACC_PRIVATE, c -> c.bipush(42).ireturn())
            .withMethodBody("special", ofObject, ACC_PUBLIC | ACC_STATIC, c -> c.aload(0).invokespecial(i, "secret", toInt, true).ireturn())
            .withMethodBody("inter", ofObject, ACC_PUBLIC | ACC_STATIC, c -> c.aload(0).invokeinterface(i, "secret", toInt).ireturn())
            .withMethodBody("object", ofObject, ACC_PUBLIC | ACC_STATIC, c -> c.aload(0).invokespecial(CD_Object, "hashCode", toInt).pop().iconst_3().ireturn())
            .withMethodBody("made", ofObject, ACC_PUBLIC | ACC_STATIC, c -> c.new_(CD_Object).dup().invokespecial(CD_Object, "<init>", toVoid).pop().iconst_4().ireturn())));
        Class<?> does = loader.define(ClassFile.of().build(ClassDesc.of("Does"), cb -> cb.withFlags(ACC_PUBLIC).withInterfaceSymbols(i)
            .withMethodBody("<init>", toVoid, ACC_PUBLIC, c -> c.aload(0).invokespecial(CD_Object, "<init>", toVoid).return_())));
        Object good = does.getConstructor().newInstance();
        for (int round = 0; round < 2; round++) {
            for (String name : new String[] {"special", "inter", "object", "made"}) {
                for (Object receiver : new Object[] {good, "text", null, new int[1], face}) {
                    String result;
                    try {
                        result = String.valueOf(face.getMethod(name, Object.class).invoke(null, receiver));
                    } catch (InvocationTargetException e) {
                        result = e.getCause().toString();
                    }
                    System.out.println(name + ": " + result);
                }
            }
        }
    }
}
