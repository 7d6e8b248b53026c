import java.lang.annotation.*;
import java.util.*;

/** Attributes: annotations of all kinds, signatures, parameters, exceptions, nests, enclosing methods. */
@Annotated.Mark(value = "x", numbers = {1, 2}, kind = RetentionPolicy.RUNTIME, type = int[].class, inner = @Deprecated(since = "3"))
public abstract class Annotated<T extends Comparable<? super T> & Cloneable, @Annotated.Mark("p") U> implements Iterable<Map.Entry<T, U[]>> {
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.TYPE, ElementType.TYPE_USE, ElementType.TYPE_PARAMETER, ElementType.METHOD, ElementType.PARAMETER, ElementType.FIELD})
    @interface Mark {
        String value() default "none";
        int[] numbers() default {};
        RetentionPolicy kind() default RetentionPolicy.CLASS;
        Class<?> type() default Object.class;
        Deprecated inner() default @Deprecated;
        double real() default 1.5;
    }

    static final long LONG = 1L << 40;
    static final float FLOAT = 1.5f;
    static final char CHAR = 'x';
    static final boolean FLAG = true;
    static final String TEXT = "text";
    @Mark transient List<@Mark("use") String> list;

    protected abstract <X extends Exception> T get(@Mark("a") int a, final U... more) throws X, java.io.IOException;

    @Deprecated @SafeVarargs
    static <A> List<A> listOf(A... items) {
        class Local { A first = items[0]; }
        Object anonymous = new Object() { @Override public String toString() { return "" + new Local().first; } };
        List<A> result = new ArrayList<>();
        for (@Mark A item : items) if (!item.equals(anonymous)) result.add((@Mark A) item);
        return result;
    }
}
