//! Parts of the library that are doors for everybody who finds them, and are shut to whoever was not granted native code.
//!
//! `jdk.unsupported` opens the machine's memory and objects that no constructor has seen to all programs, without asking.
//! A program without the grant does not find these classes, as if the image did not have them. Nothing in the library itself
//! uses them. Deliberately not here: packages that the library does not export; those are closed by its modules.

use carafe_stdlib::gate::Grants;

/// By internal name.
const DOORS: [&str; 2] = ["sun/misc/Unsafe", "sun/reflect/ReflectionFactory"];

pub(crate) fn closed(grants: &Grants) -> Vec<String> {
    if grants.allows_native_code() { Vec::new() } else { DOORS.map(str::to_owned).to_vec() }
}
