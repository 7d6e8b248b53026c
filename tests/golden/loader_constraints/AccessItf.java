public interface AccessItf {
    void accept(Shared s);
}
