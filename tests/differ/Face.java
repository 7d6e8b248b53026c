/** What random programs call through an interface. */
public interface Face {
    float face(double d, Object o);
}
