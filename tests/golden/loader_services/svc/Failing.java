package svc;

public class Failing implements Greeter {
    public Failing() {
        throw new IllegalStateException("constructor");
    }

    public String greet() {
        return "never";
    }
}
