//! What compiled code finds at a fixed place in its thread: addresses that it must not contain itself, and the mailbox in which
//! it says why it ended.

use std::mem::offset_of;
use std::sync::atomic::{AtomicU32, AtomicUsize};

/// Code that all methods share, at the beginning of the cache (see [`crate::masm::stubs`]).
#[repr(usize)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stub {
    /// A method without code is called. At offset 0 of the cache.
    EnterInterpreter,
    /// A native method is called.
    Native,
    /// A method returns whose caller is interpreted.
    ReturnToInterpreter,
    /// The interpreter goes on at an instruction.
    Interpret,
    /// The interpreter executes one instruction.
    Step,
    /// A loop has found the poll word set.
    Poll,
    /// An intrinsic's function is called.
    Intrinsic,
    /// Rust enters compiled code.
    Enter,
}

pub const STUBS: usize = 8;

/// Functions of the machine that stubs call.
#[repr(usize)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Helper {
    /// `fn(thread, next pc) -> Exit`: executes the instruction at `top.pc`; goes on if it leads to `next` in the same frame.
    Step,
    /// `fn(thread) -> Exit`
    Poll,
    /// `fn(thread, sp, row) -> (bits, whether it has not declined)`
    Intrinsic,
    /// `fn(thread, method, sp, return pc) -> Exit`: the result is in the mailbox.
    Native,
    /// `fn(thread, class word, inline cache) -> method`: the target of an interface call; 0 if there is none.
    Select,
}

pub const HELPERS: usize = 5;

/// Why compiled code ended.
#[repr(u32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// It did not: helpers say so to go on.
    None = 0,
    /// `top` says where the interpreter goes on, in a frame that was compiled until now.
    Interpret = 1,
    /// A method is to be entered: its record, the caller's stack pointer and the caller's return pc are in the mailbox.
    Call = 2,
    /// A method returns to an interpreted caller: its frame's header, and the result as bits of either kind.
    Return = 3,
    /// An exception is pending, and `top` says where.
    Throw = 4,
    /// `top` says where the interpreter goes on, and its frames are in order.
    Stepped = 5,
}

impl Exit {
    pub fn from_u32(code: u32) -> Exit {
        match code {
            0 => Exit::None,
            1 => Exit::Interpret,
            2 => Exit::Call,
            3 => Exit::Return,
            4 => Exit::Throw,
            _ => Exit::Stepped,
        }
    }
}

#[repr(C)]
pub struct Anchor {
    pub poll: *const AtomicU32,
    pub entry_limit: *const AtomicUsize,
    /// What offsets of code count from.
    pub code_base: *const u8,
    pub mail: [u64; 4],
    pub stubs: [*const u8; STUBS],
    pub helpers: [*const u8; HELPERS],
}

impl Anchor {
    pub const EMPTY: Anchor = Anchor {
        poll: std::ptr::null(),
        entry_limit: std::ptr::null(),
        code_base: std::ptr::null(),
        mail: [0; 4],
        stubs: [std::ptr::null(); STUBS],
        helpers: [std::ptr::null(); HELPERS],
    };

    pub const POLL: i32 = offset_of!(Anchor, poll) as i32;
    pub const ENTRY_LIMIT: i32 = offset_of!(Anchor, entry_limit) as i32;
    pub const CODE_BASE: i32 = offset_of!(Anchor, code_base) as i32;

    pub const fn mail(n: usize) -> i32 {
        (offset_of!(Anchor, mail) + 8 * n) as i32
    }

    pub const fn stub(stub: Stub) -> i32 {
        (offset_of!(Anchor, stubs) + 8 * stub as usize) as i32
    }

    pub const fn helper(helper: Helper) -> i32 {
        (offset_of!(Anchor, helpers) + 8 * helper as usize) as i32
    }
}
