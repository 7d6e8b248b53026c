public interface Api {
    String say(int n);
    default String twice(int n) { return say(n) + say(n); }
}
