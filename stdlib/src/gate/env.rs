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
        all.filter(|(name, _)| self.tells(Request::Env(&name.to_string_lossy()))).collect()
    }

    /// The program looks at a variable, or at all of them, in the copy that it has.
    pub fn looks_at_variable(&self, name: Option<&str>) {
        if let Some(lesson) = self.overseer.as_ref().and_then(|overseer| overseer.lesson()) {
            // What is not set looks the same with a grant and without.
            if name.is_none_or(|name| std::env::var_os(name).is_some()) {
                lesson.variable(name);
            }
        }
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
