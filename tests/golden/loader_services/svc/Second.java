package svc;

public class Second implements Greeter {
    public String greet() {
        return "second";
    }
}
