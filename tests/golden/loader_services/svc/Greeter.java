package svc;

public interface Greeter {
    String greet();
}
