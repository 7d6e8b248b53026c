//! Facts about the machine and the process.
//!
//! What every program needs to size itself (processors, memory, page size, the kernel's name) is open; what tells one
//! machine or process from another asks for a grant.

use std::num::NonZero;

use super::{Gate, Outcome, Request};

/// What the kernel calls itself.
#[derive(Clone, Debug)]
pub struct SystemName {
    pub name: String,
    pub release: String,
    pub machine: String,
}

impl Gate {
    pub fn system_name(&self) -> SystemName {
        let uname = rustix::system::uname();
        SystemName {
            name: uname.sysname().to_string_lossy().into_owned(),
            release: uname.release().to_string_lossy().into_owned(),
            machine: uname.machine().to_string_lossy().into_owned(),
        }
    }

    pub fn host_name(&self) -> Outcome<String> {
        self.check(Request::Sys("hostname"))?;
        Ok(rustix::system::uname().nodename().to_string_lossy().into_owned())
    }

    /// Processors that this process may use: affinity and control groups count.
    pub fn processors(&self) -> usize {
        std::thread::available_parallelism().map_or(1, NonZero::get)
    }

    /// Bytes of memory of the machine.
    pub fn physical_memory_bytes(&self) -> u64 {
        let info = rustix::system::sysinfo();
        (info.totalram as u64).saturating_mul(u64::from(info.mem_unit))
    }

    pub fn process_id(&self) -> Outcome<i32> {
        self.check(Request::Sys("pid"))?;
        Ok(rustix::process::getpid().as_raw_nonzero().get())
    }

    pub fn parent_process_id(&self) -> Outcome<Option<i32>> {
        self.check(Request::Sys("pid"))?;
        Ok(rustix::process::getppid().map(|p| p.as_raw_nonzero().get()))
    }

    /// Runnable tasks averaged over 1, 5 and 15 minutes.
    pub fn load_averages(&self) -> Outcome<[f64; 3]> {
        self.check(Request::Sys("loadavg"))?;
        Ok(rustix::system::sysinfo().loads.map(|l| l as f64 / 65536.0))
    }
}
