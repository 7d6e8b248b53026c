public class Helper {
    public Helper() {}

    public String say() {
        return "helper of " + getClass().getClassLoader().getName();
    }

    String packagePrivate() {
        return "reached";
    }
}
