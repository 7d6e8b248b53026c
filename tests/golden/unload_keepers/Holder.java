public class Holder {
    public static Object held;
}
