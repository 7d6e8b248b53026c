/**
 * Guards: the time and memory from process start to the end of an empty program. Run by `compare.sh --startup`
 * only, because as a benchmark it is all start-up and no work.
 */
public final class Hello {
    public static void main(String[] args) {
        System.out.println("Hello, world");
    }
}
