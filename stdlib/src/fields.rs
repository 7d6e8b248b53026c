//! Offsets of fields in library classes that only natives touch, looked up at first use and kept.
//!
//! Classes that every start-up loads belong in the VM's own table of well-known classes; these may never be loaded.

use std::sync::OnceLock;

use carafe_vm::env::{Env, JResult};

/// The offsets of `N` fields that one class of the boot loader declares.
pub(crate) struct Fields<const N: usize> {
    class: &'static str,
    names: [(&'static str, &'static str); N],
    offsets: OnceLock<[u32; N]>,
}

impl<const N: usize> Fields<N> {
    /// `names` are pairs of field name and descriptor.
    pub(crate) const fn new(class: &'static str, names: [(&'static str, &'static str); N]) -> Fields<N> {
        Fields { class, names, offsets: OnceLock::new() }
    }

    /// The offsets, in the order of the names.
    pub(crate) fn get(&self, env: &mut Env<'_>) -> JResult<[u32; N]> {
        if let Some(offsets) = self.offsets.get() {
            return Ok(*offsets);
        }
        let class = env.boot_class(self.class)?;
        let mut offsets = [0; N];
        for (offset, (name, descriptor)) in offsets.iter_mut().zip(self.names) {
            match env.field_offset(class, name, descriptor) {
                Some(at) => *offset = at,
                None => {
                    let text = format!("the class library's {} has no field {descriptor} {name}", self.class);
                    return Err(env.throw("java/lang/InternalError", &text));
                }
            }
        }
        Ok(*self.offsets.get_or_init(|| offsets))
    }
}

const FILE_DESCRIPTOR: &str = "Ljava/io/FileDescriptor;";

/// One cache per class, filled as the isolate first needs it.
pub(crate) struct FieldCaches {
    pub(crate) file_input_stream: Fields<1>,
    pub(crate) file_output_stream: Fields<1>,
    pub(crate) random_access_file: Fields<1>,
    pub(crate) file: Fields<1>,
    pub(crate) inet_address: Fields<1>,
    pub(crate) inet_address_holder: Fields<2>,
    pub(crate) inet6_address: Fields<1>,
    pub(crate) inet6_address_holder: Fields<5>,
    pub(crate) network_interface: Fields<8>,
    pub(crate) interface_address: Fields<3>,
    pub(crate) inflater: Fields<2>,
    pub(crate) unix_file_attributes: Fields<17>,
    pub(crate) unix_file_store_attributes: Fields<4>,
    pub(crate) unix_mount_entry: Fields<5>,
    pub(crate) process_info: Fields<5>,
    pub(crate) thread_snapshot: Fields<6>,
    pub(crate) thread_lock: Fields<2>,
}

impl Default for FieldCaches {
    fn default() -> Self {
        FieldCaches {
            file_input_stream: Fields::new("java/io/FileInputStream", [("fd", FILE_DESCRIPTOR)]),
            file_output_stream: Fields::new("java/io/FileOutputStream", [("fd", FILE_DESCRIPTOR)]),
            random_access_file: Fields::new("java/io/RandomAccessFile", [("fd", FILE_DESCRIPTOR)]),
            file: Fields::new("java/io/File", [("path", "Ljava/lang/String;")]),
            inet_address: Fields::new(
                "java/net/InetAddress",
                [("holder", "Ljava/net/InetAddress$InetAddressHolder;")],
            ),
            inet_address_holder: Fields::new(
                "java/net/InetAddress$InetAddressHolder",
                [("address", "I"), ("family", "I")],
            ),
            inet6_address: Fields::new(
                "java/net/Inet6Address",
                [("holder6", "Ljava/net/Inet6Address$Inet6AddressHolder;")],
            ),
            inet6_address_holder: Fields::new(
                "java/net/Inet6Address$Inet6AddressHolder",
                [
                    ("ipaddress", "[B"),
                    ("scope_id", "I"),
                    ("scope_id_set", "Z"),
                    ("scope_ifname", "Ljava/net/NetworkInterface;"),
                    ("scope_ifname_set", "Z"),
                ],
            ),
            network_interface: Fields::new(
                "java/net/NetworkInterface",
                [
                    ("name", "Ljava/lang/String;"),
                    ("displayName", "Ljava/lang/String;"),
                    ("index", "I"),
                    ("addrs", "[Ljava/net/InetAddress;"),
                    ("bindings", "[Ljava/net/InterfaceAddress;"),
                    ("childs", "[Ljava/net/NetworkInterface;"),
                    ("parent", "Ljava/net/NetworkInterface;"),
                    ("virtual", "Z"),
                ],
            ),
            interface_address: Fields::new(
                "java/net/InterfaceAddress",
                [
                    ("address", "Ljava/net/InetAddress;"),
                    ("broadcast", "Ljava/net/Inet4Address;"),
                    ("maskLength", "S"),
                ],
            ),
            inflater: Fields::new(
                "java/util/zip/Inflater",
                [("inputConsumed", "I"), ("outputConsumed", "I")],
            ),
            unix_file_attributes: Fields::new(
                "sun/nio/fs/UnixFileAttributes",
                [
                    ("st_mode", "I"),
                    ("st_ino", "J"),
                    ("st_dev", "J"),
                    ("st_rdev", "J"),
                    ("st_nlink", "I"),
                    ("st_uid", "I"),
                    ("st_gid", "I"),
                    ("st_size", "J"),
                    ("st_atime_sec", "J"),
                    ("st_atime_nsec", "J"),
                    ("st_mtime_sec", "J"),
                    ("st_mtime_nsec", "J"),
                    ("st_ctime_sec", "J"),
                    ("st_ctime_nsec", "J"),
                    ("st_birthtime_sec", "J"),
                    ("st_birthtime_nsec", "J"),
                    ("birthtime_available", "Z"),
                ],
            ),
            unix_file_store_attributes: Fields::new(
                "sun/nio/fs/UnixFileStoreAttributes",
                [("f_frsize", "J"), ("f_blocks", "J"), ("f_bfree", "J"), ("f_bavail", "J")],
            ),
            unix_mount_entry: Fields::new(
                "sun/nio/fs/UnixMountEntry",
                [("name", "[B"), ("dir", "[B"), ("fstype", "[B"), ("opts", "[B"), ("dev", "J")],
            ),
            thread_snapshot: Fields::new(
                "jdk/internal/vm/ThreadSnapshot",
                [
                    ("name", "Ljava/lang/String;"),
                    ("threadStatus", "I"),
                    ("stackTrace", "[Ljava/lang/StackTraceElement;"),
                    ("locks", "[Ljdk/internal/vm/ThreadSnapshot$ThreadLock;"),
                    ("blockerTypeOrdinal", "I"),
                    ("blockerObject", "Ljava/lang/Object;"),
                ],
            ),
            thread_lock: Fields::new(
                "jdk/internal/vm/ThreadSnapshot$ThreadLock",
                [("depth", "I"), ("obj", "Ljava/lang/Object;")],
            ),
            process_info: Fields::new(
                "java/lang/ProcessHandleImpl$Info",
                [
                    ("command", "Ljava/lang/String;"),
                    ("arguments", "[Ljava/lang/String;"),
                    ("startTime", "J"),
                    ("totalTime", "J"),
                    ("user", "Ljava/lang/String;"),
                ],
            ),
        }
    }
}
