int count = 3;

String greet(String who) {
    return "hello " + who;
}

record P(int a) {}

void main() {
    IO.println(greet("world"));
    for (int i = 0; i < count; i++) {
        IO.print(i + " ");
    }
    IO.println();
    var list = List.of(new P(1), new P(2));
    IO.println(list.stream().map(P::a).collect(Collectors.toList()));
    IO.println(getClass().getName() + " " + getClass().isSynthetic() + " " + new P(3));
}
