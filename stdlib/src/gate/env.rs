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

    /// The directory that relative paths start from: the true one for those who were granted paths or asked to know it.
    pub fn working_directory(&self) -> PathBuf {
        self.directory.clone()
    }

    /// Where temporary files go.
    pub fn temporary_directory(&self) -> &'static Path {
        Path::new("/tmp")
    }
}
