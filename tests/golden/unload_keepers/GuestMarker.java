public interface GuestMarker {
}
