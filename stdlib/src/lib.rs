//! Native methods of the JDK's class library, in Rust, a module per Java package.
//!
//! Each package module has a `tables()`; [`register`] puts them all into the VM's table of natives. What reaches the
//! operating system does so through [`gate`], and nothing else here may. What natives remember between calls lies in
//! [`State`], one per isolate.
//!
//! Rows named `registerNatives`, `initIDs`, `initNative`, `init` and the like that do nothing are honest: they bind C
//! functions and look up field offsets for the library's own C code, and here tables and offsets exist already.
//! Natives of features that no supported program reaches are missing rows, not rows that pretend.

// The list of what only the gate may call stands in clippy.toml.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod gate;
pub mod refusals;
pub mod state;

mod errors;
mod fields;
mod java_io;
mod java_lang;
mod java_lang_invoke;
mod java_lang_process;
mod java_lang_reflect;
mod java_lang_stack_walker;
mod java_net;
mod java_nio;
mod java_util;
mod java_util_prefs;
mod java_util_zip;
mod jdk_internal_io;
mod jdk_internal_jimage;
mod jdk_internal_loader;
mod jdk_internal_misc;
mod jdk_internal_reflect;
mod jdk_internal_util;
mod jdk_internal_vm;
mod jdk_net;
mod management;
mod memory;
mod noop;
mod opening;
mod slab;
mod sun_instrument;
mod sun_net;
mod sun_nio_ch;
mod sun_nio_fs;

use carafe_vm::natives::{BadRow, NativeTable};

pub use state::State;

/// Registers every native method of this crate.
pub fn register(table: &mut NativeTable) -> Result<(), BadRow> {
    let packages = [
        java_io::tables(),
        java_lang::tables(),
        java_lang_invoke::tables(),
        java_lang_process::tables(),
        java_lang_reflect::tables(),
        java_lang_stack_walker::tables(),
        java_net::tables(),
        java_nio::tables(),
        java_util::tables(),
        java_util_prefs::tables(),
        java_util_zip::tables(),
        jdk_internal_io::tables(),
        jdk_internal_jimage::tables(),
        jdk_internal_loader::tables(),
        jdk_internal_misc::tables(),
        jdk_internal_reflect::tables(),
        jdk_internal_util::tables(),
        jdk_internal_vm::tables(),
        jdk_net::tables(),
        sun_instrument::tables(),
        management::tables(),
        sun_net::tables(),
        sun_nio_ch::tables(),
        sun_nio_fs::tables(),
    ];
    table.outside = gate::outside::OUTSIDE;
    for rows in packages.into_iter().flatten() {
        table.register(rows)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_fits_its_descriptor_and_stands_once() {
        let mut table = NativeTable::default();
        register(&mut table).unwrap();
        assert!(table.find("java/io/FileOutputStream", "writeBytes", "([BIIZ)V").is_some());
        assert!(table.find("java/io/FileOutputStream", "writeBytes", "([BII)V").is_none());
    }
}
