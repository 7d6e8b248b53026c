//! Facts about the machine and the process.
//!
//! What every program asks (processors, memory, the system's name and version, its own number) has a neutral answer that is
//! the same everywhere for those who are not granted the true one. The rest is refused without a grant.

use std::num::NonZero;
use std::time::Duration;

use super::{Gate, Outcome, Request};

/// What the kernel calls itself.
#[derive(Clone, Debug)]
pub struct SystemName {
    pub name: String,
    pub release: String,
    pub machine: String,
}

/// Time of all processors together, in units of the kernel.
#[derive(Clone, Copy, Debug, Default)]
pub struct MachineTicks {
    pub busy: u64,
    pub total: u64,
}

impl Gate {
    pub fn system_name(&self) -> SystemName {
        if !self.knows("os") {
            return SystemName { name: "Linux".into(), release: "6.0".into(), machine: "x86_64".into() };
        }
        let uname = rustix::system::uname();
        SystemName {
            name: uname.sysname().to_string_lossy().into_owned(),
            release: uname.release().to_string_lossy().into_owned(),
            machine: uname.machine().to_string_lossy().into_owned(),
        }
    }

    pub fn host_name(&self) -> String {
        if !self.knows("hostname") {
            return "localhost".into();
        }
        rustix::system::uname().nodename().to_string_lossy().into_owned()
    }

    /// Processors that this process may use: affinity and control groups count.
    pub fn processors(&self) -> usize {
        if !self.knows("processors") {
            return 1;
        }
        std::thread::available_parallelism().map_or(1, NonZero::get)
    }

    /// Bytes of memory of the machine.
    pub fn physical_memory_bytes(&self) -> u64 {
        if !self.knows("memory") {
            return 1 << 30;
        }
        let info = rustix::system::sysinfo();
        (info.totalram as u64).saturating_mul(u64::from(info.mem_unit))
    }

    pub fn process_id(&self) -> i32 {
        if !self.knows("pid") {
            return 1;
        }
        rustix::process::getpid().as_raw_nonzero().get()
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

    /// Bytes of memory that nobody uses.
    pub fn free_memory_bytes(&self) -> Outcome<u64> {
        self.check(Request::Sys("memory"))?;
        let info = rustix::system::sysinfo();
        Ok((info.freeram as u64).saturating_mul(u64::from(info.mem_unit)))
    }

    /// Bytes of swap space: all, and free.
    pub fn swap_bytes(&self) -> Outcome<(u64, u64)> {
        self.check(Request::Sys("memory"))?;
        let info = rustix::system::sysinfo();
        let bytes = |n: u64| n.saturating_mul(u64::from(info.mem_unit));
        Ok((bytes(info.totalswap as u64), bytes(info.freeswap as u64)))
    }

    /// Bytes of the process's address space.
    pub fn process_virtual_bytes(&self) -> Outcome<u64> {
        self.check(Request::Sys("process"))?;
        let pages = read_first("/proc/self/statm").unwrap_or(0);
        Ok(pages.saturating_mul(rustix::param::page_size() as u64))
    }

    /// The process's open file descriptors, and how many it may have.
    pub fn descriptor_counts(&self) -> Outcome<(u64, u64)> {
        self.check(Request::Sys("process"))?;
        let open = std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count) as u64;
        let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
        // The one that reads the folder is among them.
        Ok((open.saturating_sub(1), limit.unwrap_or(i64::MAX as u64)))
    }

    /// Time that the process spent on processors.
    pub fn process_cpu_time(&self) -> Outcome<Duration> {
        self.check(Request::Sys("process"))?;
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        Ok(self.in_clock_steps(Duration::new(time.tv_sec as u64, time.tv_nsec as u32)))
    }

    /// Time that a thread of this process spent on processors; `None` if it is gone.
    pub fn thread_cpu_time(&self, tid: u32) -> Option<Duration> {
        super::outside::thread_cpu(tid)
    }

    /// The same, without what the kernel did on its behalf; with it where that cannot be told apart.
    pub fn thread_user_time(&self, tid: u32) -> Option<Duration> {
        const TICKS_PER_SECOND: u64 = 100;
        const USER_TIME: usize = 11;
        let Ok(stat) = std::fs::read_to_string(format!("/proc/self/task/{tid}/stat")) else {
            return self.thread_cpu_time(tid);
        };
        // The name stands in parentheses and may hold anything.
        let (_, fields) = stat.rsplit_once(')')?;
        let ticks: u64 = fields.split_whitespace().nth(USER_TIME)?.parse().ok()?;
        Some(Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND))
    }

    pub fn machine_ticks(&self) -> Outcome<MachineTicks> {
        self.check(Request::Sys("cpu"))?;
        let stat = std::fs::read_to_string("/proc/stat").unwrap_or_default();
        Ok(ticks_of(&stat))
    }
}

/// The first number of a file.
fn read_first(path: &str) -> Option<u64> {
    std::fs::read_to_string(path).ok()?.split_whitespace().next()?.parse().ok()
}

/// From the line `cpu user nice system idle iowait irq softirq steal guest guest_nice`.
fn ticks_of(stat: &str) -> MachineTicks {
    const COUNTED: usize = 8;
    let line = stat.lines().next().and_then(|line| line.strip_prefix("cpu ")).unwrap_or_default();
    let ticks: Vec<u64> = line.split_whitespace().take(COUNTED).filter_map(|n| n.parse().ok()).collect();
    let (total, idle) = (ticks.iter().sum::<u64>(), ticks.iter().skip(3).take(2).sum::<u64>());
    MachineTicks { busy: total - idle, total }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::Grants;

    #[test]
    fn waiting_processors_are_not_busy() {
        let ticks = ticks_of("cpu  10 20 30 400 50 6 7 8 9 9\ncpu0 1 2 3 4\n");
        assert_eq!((ticks.busy, ticks.total), (81, 531));
        let none = ticks_of("");
        assert_eq!((none.busy, none.total), (0, 0));
    }

    #[test]
    fn figures_of_this_process_make_sense() {
        let gate = Gate::new(Grants::everything());
        let (open, limit) = gate.descriptor_counts().unwrap();
        assert!(open >= 3 && open <= limit, "{open} of {limit}");
        assert!(gate.process_virtual_bytes().unwrap() > 1 << 20);
        assert!(gate.process_cpu_time().unwrap() > Duration::ZERO);
        let me = rustix::thread::gettid().as_raw_nonzero().get() as u32;
        assert!(gate.thread_user_time(me).is_some() && gate.thread_user_time(u32::MAX / 16).is_none());
        assert!(gate.free_memory_bytes().unwrap() <= gate.physical_memory_bytes());
    }
}
