import java.util.function.Supplier;

public class User implements Supplier<String> {
    public String get() { return Lib.token(null) + Lib.name(1) + Lib.calls; }
}
