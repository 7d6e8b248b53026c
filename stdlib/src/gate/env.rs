//! The process's environment variables.
//!
//! Java takes a copy of them once; what it sees is what was granted, and the rest does not exist for it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::{Gate, Request};

impl Gate {
    /// Every granted variable, in the environment's order.
    pub fn environment(&self) -> Vec<(OsString, OsString)> {
        let all = std::env::vars_os();
        all.filter(|(name, _)| self.check(Request::Env(&name.to_string_lossy())).is_ok()).collect()
    }

    /// One variable; one that was not granted is not there.
    pub fn variable(&self, name: &str) -> Option<OsString> {
        self.check(Request::Env(name)).ok()?;
        std::env::var_os(name)
    }

    /// The directory that relative paths start from. Not a secret: a program is always told where it stands.
    pub fn working_directory(&self) -> PathBuf {
        self.directory.clone()
    }

    /// Where temporary files go.
    pub fn temporary_directory(&self) -> &'static Path {
        Path::new("/tmp")
    }
}
