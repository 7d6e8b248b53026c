//! What `--max-...` said, and the line that a program leaves which has passed a limit in time or output.
//!
//! Deliberately not here: the limits themselves, which belong to the isolate (`vm/src/limits.rs`).

use std::time::Duration;

use carafe::VmConfig;
use carafe_vm::isolate::Isolate;
use carafe_vm::limits::End;

/// What `--max-...` said; `None` is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) heap_bytes: Option<u64>,
    pub(crate) cpu: Option<Duration>,
    pub(crate) time: Option<Duration>,
    pub(crate) output_bytes: Option<u64>,
    pub(crate) code_bytes: Option<u64>,
    pub(crate) files: Option<usize>,
    pub(crate) threads: Option<usize>,
}

impl Limits {
    pub(super) fn apply(&self, config: &mut VmConfig) {
        config.cpu_max = self.cpu;
        config.time_max = self.time;
        config.output_max = self.output_bytes.unwrap_or(config.output_max);
        config.code_max = self.code_bytes.unwrap_or(config.code_max);
        config.threads_max = self.threads.unwrap_or(config.threads_max);
        config.files_max = self.files.unwrap_or(config.files_max);
    }
}

/// Says why a program was ended, if a limit did it. The process ends now, whatever the program's threads wait for.
pub(super) fn report(vm: &Isolate) {
    if let Some(End::Limit(limit)) = vm.end() {
        eprintln!("carafe: the program was ended: {limit}");
    }
}
