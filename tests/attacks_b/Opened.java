import java.lang.foreign.MemorySegment;
import java.util.concurrent.Callable;

/** Uses what its jar's manifest asks for. */
public class Opened {
    public static void main(String[] args) {
        attempt("opens", () -> {
            var field = String.class.getDeclaredField("value");
            field.setAccessible(true);
            return ((byte[]) field.get("x")).length;
        });
        attempt("exports", () -> Class.forName("jdk.internal.misc.Unsafe").getMethod("getUnsafe").invoke(null) != null);
        attempt("reinterpret", () -> MemorySegment.ofAddress(4096).reinterpret(8).byteSize());
    }

    static void attempt(String what, Callable<?> attempt) {
        try {
            System.out.println(what + ": gave " + attempt.call());
        } catch (Throwable e) {
            System.out.println(what + ": " + e.getClass().getName());
        }
    }

    public static void agentmain(String argument) {
        System.out.println("agent runs");
    }
}
