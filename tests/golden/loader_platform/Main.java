import java.sql.Timestamp;

public class Main {
    static class Loader extends ClassLoader {
        Class<?> define(String name, byte[] b) { return defineClass(name, b, 0, b.length); }
        Class<?> define(byte[] b) { return defineClass(null, b, 0, b.length); }
    }

    public static void main(String[] args) throws Exception {
        System.out.println(Timestamp.valueOf("2020-01-01 00:00:00") + " " + Timestamp.class.getClassLoader().getName() + " " + Timestamp.class.getModule());
        try {
            java.sql.DriverManager.getConnection("jdbc:none");
        } catch (java.sql.SQLException e) {
            System.out.println(e.getMessage());
        }
        byte[] own = java.lang.classfile.ClassFile.of().build(java.lang.constant.ClassDesc.of("java.sql.Own"), c -> { });
        try {
            new Loader().define("java.sql.Own", own);
        } catch (SecurityException e) {
            System.out.println(e.getMessage());
        }
        try {
            new Loader().define(own);
        } catch (SecurityException e) {
            System.out.println(e.getMessage().replaceAll("@[0-9a-f]+", "@"));
        }
    }
}
