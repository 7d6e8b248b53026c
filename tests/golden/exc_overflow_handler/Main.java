/** The type of the handler is resolved for the first time when there is no stack left to call the class loader on. */
public class Main {
    static int calls;

    static int nameless(int n) {
        calls++;
        try {
            return nameless(n + 1);
        } catch (StackOverflowError e) {
            return n > 100 ? 1 : 0;
        }
    }

    static class Mine extends RuntimeException {}

    static int absent(int n) {
        try {
            return absent(n + 1);
        } catch (Mine e) {
            return 2;
        } catch (StackOverflowError e) {
            return n > 100 ? 3 : 0;
        } finally {
            calls++;
        }
    }

    public static void main(String[] args) {
        System.out.println(nameless(0) + " " + (calls > 100));
        System.out.println(absent(0));
        try {
            throw new Mine();
        } catch (Mine e) {
            System.out.println(e);
        }
    }
}
