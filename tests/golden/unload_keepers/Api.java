import java.lang.invoke.MethodHandle;

public interface Api {
    int value();
    Object array();
    Object lambda();
    MethodHandle handle() throws Exception;
    RuntimeException exception();
    Object bound();
}
