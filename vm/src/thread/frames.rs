//! The layout of interpreted frames, stated once.
//!
//! The stack grows downward. Slots are 8 bytes; a reference is zero-extended; a long or double takes two slots and has
//! its value in the first (the one with the lower index, the higher address). A caller's outgoing arguments become the
//! callee's first locals where they lie:
//!
//! ```text
//!  higher   ... caller's operand stack, below the arguments
//!   lp ->   local 0        (= first argument)
//!           local 1
//!           ...            local i is at lp - i
//!           local max_locals-1
//!           fp[3]          caller's lp
//!           fp[2]          method (low 32 bits: metaspace offset), flags (high 32 bits)
//!           fp[1]          return pc: the instruction at which the caller goes on
//!   fp ->   fp[0]          caller's fp
//!           operand 0      at fp - 1
//!   sp ->   operand n-1    at fp - n
//!  lower
//! ```
//!
//! Frames of compiled methods are the same. While compiled code runs one, fp[3] is the address that the code returns to
//! (see `compiled`); nobody else reads that word.

use carafe_classloader::class::Method;
use carafe_gc::metaspace::Meta;

pub const HEADER_WORDS: usize = 4;
pub const CALLER_FP: usize = 0;
pub const RETURN_PC: usize = 1;
pub const METHOD: usize = 2;
pub const CALLER_LP: usize = 3;

/// Flags in the high half of the method word.
pub mod flag {
    /// The caller's return pc is the instruction that is to be executed (again), not the one after a call.
    pub const REEXECUTE: u64 = 1 << 32;
    /// A dispatcher began here: what is older belongs to the Rust code that called it.
    pub const ENTRY: u64 = 1 << 33;
    /// The frame of a native method.
    pub const NATIVE: u64 = 1 << 34;
}

/// A frame header in the Java stack of a stopped thread (or of the thread that asks).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Frame {
    fp: *mut u64,
}

impl Frame {
    /// # Safety
    /// `fp` points to a frame header of a Java stack that stays as it is while the Frame is used.
    pub unsafe fn new(fp: *mut u64) -> Frame {
        Frame { fp }
    }

    fn word(self, i: usize) -> u64 {
        // SAFETY: `new` was promised a live frame header, which has HEADER_WORDS words.
        unsafe { *self.fp.add(i) }
    }

    pub fn fp(self) -> *mut u64 {
        self.fp
    }

    pub fn caller_fp(self) -> *mut u64 {
        self.word(CALLER_FP) as *mut u64
    }

    pub fn return_pc(self) -> *const u64 {
        self.word(RETURN_PC) as *const u64
    }

    pub fn method(self) -> Meta<Method> {
        Meta::from_raw(self.word(METHOD) as u32)
    }

    pub fn flags(self) -> u64 {
        self.word(METHOD) & !0xffff_ffff
    }

    pub fn has(self, flag: u64) -> bool {
        self.word(METHOD) & flag != 0
    }

    /// Address of local 0, given how many locals the method has.
    pub fn locals(self, max_locals: usize) -> *mut u64 {
        // SAFETY: locals lie directly above the header, in the same stack mapping; with no locals this is one word
        // below the caller's stack top, which is still inside the header.
        unsafe { self.fp.add(HEADER_WORDS + max_locals).sub(1) }
    }
}
