/** The first program: {@code ./carafe samples/Hello.java [name]}. */
public class Hello {
    public static void main(String[] args) {
        String whom = args.length > 0 ? String.join(" ", args) : "world";
        System.out.println("Hello, " + whom + ", from " + System.getProperty("java.vm.name") + "!");
    }
}
