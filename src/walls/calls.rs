//! System calls, kept by a seccomp filter.
//!
//! The filter lists what the machine and the granted natives use; every other call fails with EPERM. Three kinds of answers:
//!
//! * EPERM for what is not listed: a library of the system that tries something in good faith goes on without it;
//! * ENOSYS for calls that have an older form which can be looked at: what `clone3` asks for lies in memory, out of a filter's
//!   sight, and the C library then uses `clone`;
//! * death for what no code of the machine does: becoming another program, making a process, reaching into another one, into
//!   the kernel or its modules. Whoever gets as far as to try has taken the machine over, and is given no second try.
//!
//! A filter sees numbers and not what they point to, so it cannot tell one address or path from another: files and ports are
//! the matter of `files`.

use std::collections::BTreeMap;

use carafe_stdlib::gate::needs::{Needs, Reach};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch, apply_filter_all_threads,
};

use super::WallError;

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// Memory, threads, time, waiting, what is open already: needed by every program.
const ALWAYS: &[i64] = &[
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_readv,
    libc::SYS_writev,
    libc::SYS_pread64,
    libc::SYS_pwrite64,
    libc::SYS_preadv,
    libc::SYS_pwritev,
    libc::SYS_preadv2,
    libc::SYS_pwritev2,
    libc::SYS_close,
    libc::SYS_close_range,
    libc::SYS_lseek,
    libc::SYS_dup,
    libc::SYS_dup2,
    libc::SYS_dup3,
    libc::SYS_fcntl,
    libc::SYS_flock,
    libc::SYS_fsync,
    libc::SYS_fdatasync,
    libc::SYS_ftruncate,
    libc::SYS_fallocate,
    libc::SYS_fadvise64,
    libc::SYS_readahead,
    libc::SYS_sync_file_range,
    libc::SYS_copy_file_range,
    libc::SYS_sendfile,
    libc::SYS_splice,
    libc::SYS_getdents64,
    libc::SYS_pipe,
    libc::SYS_pipe2,
    libc::SYS_eventfd2,
    libc::SYS_memfd_create,
    // What lies where: looking is not kept by Landlock either.
    libc::SYS_open,
    libc::SYS_openat,
    libc::SYS_openat2,
    libc::SYS_stat,
    libc::SYS_fstat,
    libc::SYS_lstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_statfs,
    libc::SYS_fstatfs,
    libc::SYS_access,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_readlink,
    libc::SYS_readlinkat,
    libc::SYS_getcwd,
    libc::SYS_getxattr,
    libc::SYS_lgetxattr,
    libc::SYS_fgetxattr,
    libc::SYS_listxattr,
    libc::SYS_llistxattr,
    libc::SYS_flistxattr,
    libc::SYS_inotify_init1,
    libc::SYS_inotify_add_watch,
    libc::SYS_inotify_rm_watch,
    // Memory.
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_brk,
    libc::SYS_mincore,
    libc::SYS_msync,
    libc::SYS_membarrier,
    // Threads.
    libc::SYS_set_robust_list,
    libc::SYS_get_robust_list,
    libc::SYS_rseq,
    libc::SYS_set_tid_address,
    libc::SYS_gettid,
    libc::SYS_getpid,
    libc::SYS_getppid,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_futex,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_getparam,
    libc::SYS_sched_getscheduler,
    libc::SYS_getpriority,
    libc::SYS_setpriority,
    libc::SYS_restart_syscall,
    // Signals.
    libc::SYS_sigaltstack,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_rt_sigpending,
    libc::SYS_rt_sigtimedwait,
    // Time, waiting, figures.
    libc::SYS_nanosleep,
    libc::SYS_clock_nanosleep,
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_gettimeofday,
    libc::SYS_time,
    libc::SYS_times,
    libc::SYS_getrusage,
    libc::SYS_sysinfo,
    libc::SYS_uname,
    libc::SYS_getrlimit,
    libc::SYS_getrandom,
    libc::SYS_poll,
    libc::SYS_ppoll,
    libc::SYS_select,
    libc::SYS_pselect6,
    libc::SYS_epoll_create1,
    libc::SYS_epoll_ctl,
    libc::SYS_epoll_wait,
    libc::SYS_epoll_pwait,
    libc::SYS_epoll_pwait2,
    libc::SYS_timerfd_create,
    libc::SYS_timerfd_settime,
    libc::SYS_timerfd_gettime,
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getegid,
    libc::SYS_getgroups,
    libc::SYS_umask,
    libc::SYS_getcpu,
    // Sockets that are there: by themselves they reach nobody.
    libc::SYS_shutdown,
    libc::SYS_getsockopt,
    libc::SYS_setsockopt,
    libc::SYS_getsockname,
    libc::SYS_getpeername,
    libc::SYS_accept,
    libc::SYS_accept4,
    libc::SYS_recvfrom,
    libc::SYS_recvmsg,
    libc::SYS_recvmmsg,
];

/// For whoever may write anything: changes of names and inodes, which Landlock keeps in part.
const CHANGING: &[i64] = &[
    libc::SYS_rename,
    libc::SYS_renameat,
    libc::SYS_renameat2,
    libc::SYS_mkdir,
    libc::SYS_mkdirat,
    libc::SYS_rmdir,
    libc::SYS_unlink,
    libc::SYS_unlinkat,
    libc::SYS_link,
    libc::SYS_linkat,
    libc::SYS_symlink,
    libc::SYS_symlinkat,
    libc::SYS_chmod,
    libc::SYS_fchmod,
    libc::SYS_fchmodat,
    libc::SYS_chown,
    libc::SYS_fchown,
    libc::SYS_lchown,
    libc::SYS_fchownat,
    libc::SYS_utimensat,
    libc::SYS_truncate,
    libc::SYS_setxattr,
    libc::SYS_lsetxattr,
    libc::SYS_fsetxattr,
    libc::SYS_removexattr,
    libc::SYS_lremovexattr,
    libc::SYS_fremovexattr,
    libc::SYS_mknodat,
];

/// For whoever may reach anybody by a socket.
const REACHING: &[i64] = &[libc::SYS_connect, libc::SYS_bind, libc::SYS_listen];
const SENDING: &[i64] = &[libc::SYS_sendto, libc::SYS_sendmsg, libc::SYS_sendmmsg];

/// For whoever may have programs started.
const WAITING: &[i64] = &[libc::SYS_wait4, libc::SYS_waitid, libc::SYS_pidfd_send_signal];

/// Calls whose older form is listed, or which the C library does without.
const NOT_HERE: &[i64] = &[libc::SYS_clone3, FCHMODAT2, libc::SYS_pidfd_open];
const FCHMODAT2: i64 = 452;

const DEADLY: &[i64] = &[
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_fork,
    libc::SYS_vfork,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
    libc::SYS_kexec_file_load,
    libc::SYS_bpf,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_setns,
    libc::SYS_unshare,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_open_by_handle_at,
    libc::SYS_iopl,
    libc::SYS_ioperm,
    libc::SYS_move_mount,
    libc::SYS_fsopen,
    libc::SYS_open_tree,
    libc::SYS_pidfd_getfd,
];

/// What may be asked of a descriptor: how much there is to read, whether it waits, what the terminal is like. Above all not
/// to type into the terminal.
const IOCTLS: [u64; 12] = [
    libc::FIONREAD,
    libc::FIONBIO,
    libc::TCGETS,
    libc::TCSETS,
    libc::TCSETSW,
    libc::TCSETSF,
    libc::TIOCGWINSZ,
    TCGETS2,
    TCSETS2,
    TCSETS2 + 1,
    TCSETS2 + 2,
    libc::TIOCOUTQ,
];
const TCGETS2: u64 = 0x802c_542a;
const TCSETS2: u64 = 0x402c_542b;
/// Facts about network interfaces.
const INTERFACE_IOCTLS: [u64; 9] = [0x8910, 0x8912, 0x8913, 0x8915, 0x8919, 0x891b, 0x8921, 0x8927, 0x8933];

/// False if this kernel has no filters.
pub(super) fn build(needs: &Needs, starter: Option<i32>) -> Result<bool, WallError> {
    if !has_filters() {
        return Ok(false);
    }
    let any = |calls: &[i64]| calls.iter().map(|call| (*call, Vec::new())).collect::<Rules>();
    let mut missing = any(NOT_HERE);
    if needs.any_process {
        missing.remove(&libc::SYS_pidfd_open);
    }
    install(missing, SeccompAction::Allow, SeccompAction::Errno(libc::ENOSYS as u32))?;
    let mut deadly = any(DEADLY);
    // A process of its own, or one in other surroundings. Threads are made with this flag.
    deadly.insert(libc::SYS_clone, vec![rule(&[(0, SeccompCmpOp::MaskedEq(libc::CLONE_THREAD as u64), 0)])?]);
    install(deadly, SeccompAction::Allow, SeccompAction::KillProcess)?;
    // Last, because it does not allow another filter; the strictest of the three answers counts.
    let mut allowed = allowed(needs, starter)?;
    allowed.extend(any(NOT_HERE));
    install(allowed, SeccompAction::Errno(libc::EPERM as u32), SeccompAction::Allow)?;
    Ok(true)
}

fn has_filters() -> bool {
    const ACTION_AVAILABLE: u32 = 2;
    // SECCOMP_RET_KILL_PROCESS
    let action: u32 = 0x8000_0000;
    // SAFETY: reads one number.
    unsafe { libc::syscall(libc::SYS_seccomp, ACTION_AVAILABLE, 0, &raw const action) == 0 }
}

fn install(rules: Rules, others: SeccompAction, these: SeccompAction) -> Result<(), WallError> {
    let failed = |error: &dyn std::fmt::Display| WallError(format!("seccomp: {error}"));
    let filter = SeccompFilter::new(rules, others, these, TargetArch::x86_64).map_err(|e| failed(&e))?;
    let program: BpfProgram = filter.try_into().map_err(|e: seccompiler::BackendError| failed(&e))?;
    apply_filter_all_threads(&program).map_err(|e| failed(&e))
}

/// A rule of conditions on arguments: all of them must hold.
fn rule(conditions: &[(u8, SeccompCmpOp, u64)]) -> Result<SeccompRule, WallError> {
    let failed = |error: seccompiler::BackendError| WallError(format!("seccomp: {error}"));
    let condition = |(argument, op, value): &(u8, SeccompCmpOp, u64)| {
        SeccompCondition::new(*argument, SeccompCmpArgLen::Qword, op.clone(), *value).map_err(failed)
    };
    SeccompRule::new(conditions.iter().map(condition).collect::<Result<_, _>>()?).map_err(failed)
}

/// As `rule`, for an argument that the kernel takes as 32 bits.
fn rule_on_word(argument: u8, op: SeccompCmpOp, value: u64) -> Result<SeccompRule, WallError> {
    let failed = |error: seccompiler::BackendError| WallError(format!("seccomp: {error}"));
    let condition =
        SeccompCondition::new(argument, SeccompCmpArgLen::Dword, op, value & 0xffff_ffff).map_err(failed)?;
    SeccompRule::new(vec![condition]).map_err(failed)
}

fn allowed(needs: &Needs, starter: Option<i32>) -> Result<Rules, WallError> {
    use SeccompCmpOp::{Eq, MaskedEq};

    let mut rules: Rules = ALWAYS.iter().map(|call| (*call, Vec::new())).collect();
    let mut all = |calls: &[i64]| rules.extend(calls.iter().map(|call| (*call, Vec::new())));
    if needs.write != Reach::Listed(Vec::new()) {
        all(CHANGING);
    }
    if needs.local_sockets {
        all(REACHING);
    }
    if needs.network {
        all(SENDING);
    }
    if needs.programs {
        all(WAITING);
    }
    if needs.any_process {
        all(&[libc::SYS_kill, libc::SYS_pidfd_open]);
    }

    // Nothing is both written and executed.
    let both = (libc::PROT_WRITE | libc::PROT_EXEC) as u64;
    let only = |right: i32| rule(&[(2, MaskedEq(both), right as u64)]);
    rules.insert(libc::SYS_mmap, vec![only(0)?, only(libc::PROT_WRITE)?, only(libc::PROT_EXEC)?]);
    rules.insert(libc::SYS_mprotect, vec![rule(&[(2, MaskedEq(libc::PROT_EXEC as u64), 0)])?]);

    let thread = libc::CLONE_THREAD as u64;
    rules.insert(libc::SYS_clone, vec![rule(&[(0, MaskedEq(thread), thread)])?]);
    let names = [libc::PR_SET_NAME, libc::PR_GET_NAME, libc::PR_SET_VMA, PR_GET_AUXV];
    rules.insert(libc::SYS_prctl, each(0, &names.map(|name| name as u64))?);
    // Limits of this process only, and no new ones.
    rules.insert(libc::SYS_prlimit64, vec![rule(&[(0, Eq, 0), (2, Eq, 0)])?]);
    let me = u64::from(std::process::id());
    if !needs.any_process {
        rules.insert(libc::SYS_kill, each(0, &[me])?);
    }
    rules.insert(libc::SYS_tgkill, each(0, &[me])?);

    let mut ioctls = IOCTLS.to_vec();
    if needs.network {
        ioctls.extend(INTERFACE_IOCTLS);
    }
    rules.insert(libc::SYS_ioctl, each(1, &ioctls)?);

    // A connection or a name is what it takes to reach somebody, or a datagram.
    let mut families = vec![rule_on_word(0, Eq, libc::AF_UNIX as u64)?];
    for family in [libc::AF_INET, libc::AF_INET6] {
        let streams = (1, MaskedEq(SOCKET_KIND), libc::SOCK_STREAM as u64);
        families.push(rule(&[(0, Eq, family as u64), streams])?);
        if needs.network {
            let datagrams = (1, MaskedEq(SOCKET_KIND), libc::SOCK_DGRAM as u64);
            families.push(rule(&[(0, Eq, family as u64), datagrams])?);
        }
    }
    if needs.network {
        families.push(rule_on_word(0, Eq, libc::AF_NETLINK as u64)?);
    } else {
        // To whom it is connected already.
        rules.insert(libc::SYS_sendto, vec![rule(&[(4, Eq, 0)])?]);
        if let Some(starter) = starter {
            rules.insert(libc::SYS_sendmsg, each(0, &[starter as u64])?);
        }
    }
    rules.insert(libc::SYS_socket, families);
    rules.insert(libc::SYS_socketpair, vec![rule_on_word(0, Eq, libc::AF_UNIX as u64)?]);
    Ok(rules)
}

/// What the kernel told the process when it began.
const PR_GET_AUXV: libc::c_int = 0x4155_5856;

/// The part of a socket's type that is no flag.
const SOCKET_KIND: u64 = 0xf;

/// One rule for each value that a 32-bit argument may have.
fn each(argument: u8, values: &[u64]) -> Result<Vec<SeccompRule>, WallError> {
    values.iter().map(|value| rule_on_word(argument, SeccompCmpOp::Eq, *value)).collect()
}
