package svc;

public class NotOne {
}
