public class Main {
    static class AppException extends RuntimeException {
        AppException(String m, Throwable c) {
            super(m, c);
        }
    }

    static void level3() {
        throw new IllegalArgumentException("bad input\nwith a second line");
    }

    static void level2() {
        try {
            level3();
        } catch (IllegalArgumentException e) {
            AppException a = new AppException("level 2", e);
            a.addSuppressed(new Exception("suppressed"));
            throw a;
        } finally {
            System.out.println("finally runs");
        }
    }

    public static void main(String[] args) {
        System.out.println("before");
        level2();
        System.out.println("never");
    }
}
