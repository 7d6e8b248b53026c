package svc;

public class Hello implements Greeter {
    static {
        System.out.println("Hello initialized");
    }

    public String greet() {
        return "hello";
    }
}
