//! sun.nio.ch.NativeSocketAddress: where the parts of an address lie in the kernel's form of it.

use carafe_vm::env::{Env, JResult};
use carafe_vm::natives;

natives! { pub(super) static NATIVE_SOCKET_ADDRESS for "sun/nio/ch/NativeSocketAddress" {
    "AFINET" "()I" = af_inet(): isolate;
    "AFINET6" "()I" = af_inet6(): isolate;
    "sizeofSockAddr4" "()I" = size_4(): isolate;
    "sizeofSockAddr6" "()I" = size_6(): isolate;
    "sizeofFamily" "()I" = size_of_family(): isolate;
    "offsetFamily" "()I" = family_at(): isolate;
    "offsetSin4Port" "()I" = port_at(): isolate;
    "offsetSin4Addr" "()I" = address_4_at(): isolate;
    "offsetSin6Port" "()I" = port_at(): isolate;
    "offsetSin6Addr" "()I" = address_6_at(): isolate;
    "offsetSin6ScopeId" "()I" = scope_at(): isolate;
    "offsetSin6FlowInfo" "()I" = flow_at(): isolate;
} }

/// A function for each number.
macro_rules! numbers {
    ($($name:ident = $value:expr;)*) => { $(
        fn $name(_: &mut Env<'_>) -> JResult<i32> {
            Ok($value as i32)
        }
    )* };
}

numbers! {
    af_inet = libc::AF_INET;
    af_inet6 = libc::AF_INET6;
    size_4 = size_of::<libc::sockaddr_in>();
    size_6 = size_of::<libc::sockaddr_in6>();
    size_of_family = size_of::<libc::sa_family_t>();
    family_at = std::mem::offset_of!(libc::sockaddr_in6, sin6_family);
    port_at = std::mem::offset_of!(libc::sockaddr_in6, sin6_port);
    address_4_at = std::mem::offset_of!(libc::sockaddr_in, sin_addr);
    address_6_at = std::mem::offset_of!(libc::sockaddr_in6, sin6_addr);
    scope_at = std::mem::offset_of!(libc::sockaddr_in6, sin6_scope_id);
    flow_at = std::mem::offset_of!(libc::sockaddr_in6, sin6_flowinfo);
}

const _: () = assert!(
    std::mem::offset_of!(libc::sockaddr_in, sin_port) == std::mem::offset_of!(libc::sockaddr_in6, sin6_port)
);
