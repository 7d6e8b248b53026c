//! The macro assembler: machine instructions are written here and nowhere else, as operations with names.
//!
//! Compilers say *load a field*, *poll*, *check the stack*; how x86-64 does it, and with which fixed registers, is stated
//! once in this folder. So an operation is tested by itself, and both compilers emit the same code for it.
//!
//! Registers of compiled Java code:
//! * r15 is the thread, r14 the base of the cage, rbp the frame's header, rsp the native stack; they hold throughout.
//! * nothing is callee-saved: across a call every other register is lost;
//! * r11 is scratch inside one operation, so no operand may be in it.
//!
//! Invariant *zero-extended*: a register that holds a reference has zeros in its upper half, because
//! `[base + ref*8 + displacement]` reaches outside the cage otherwise. Loads establish it; [`Masm::check_reference`]
//! asserts it in generated code.
//!
//! The 8 in these addresses is the unit in which references count (the object model's alignment), and has to be a literal.
//!
//! Deliberately absent: register allocation and anything that knows bytecode.

use dynasmrt::x64::{Rq, Rx, X64Relocation};
use dynasmrt::{DynamicLabel, DynasmApi, DynasmError, DynasmLabelApi, VecAssembler};

/// `dynasm!` with the fixed registers under their names.
macro_rules! emit {
    ($ops:expr ; $($code:tt)*) => {
        dynasmrt::dynasm!($ops
            ; .arch x64
            ; .alias thread, r15
            ; .alias base, r14
            ; $($code)*
        )
    };
}

mod ops;
pub mod stubs;

pub use ops::{Alu, Flag, FloatOp, FloatOperand, Operand, Place, Shift};

/// The register that holds the thread, for whoever reads registers of a stopped thread.
pub const THREAD: Rq = Rq::R15;
/// The register that holds the base of the cage.
pub const BASE: Rq = Rq::R14;
/// Never an operand.
pub const SCRATCH: Rq = Rq::R11;

/// How a value lies in memory and comes into a register: narrow integers are widened to 32 bits as Java says, all others
/// are zero-extended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// boolean
    U8,
    /// byte
    I8,
    /// char
    U16,
    /// short
    I16,
    /// int, and references
    W32,
    /// long
    W64,
}

/// A floating-point width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FloatWidth {
    F32,
    F64,
}

/// A place in the code that jumps can name before it exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label(DynamicLabel);

#[derive(Debug, thiserror::Error)]
#[error("the code cannot be assembled: {0}")]
pub struct MasmError(#[from] DynasmError);

/// Code being emitted. It is position-independent: calls and jumps stay within it or go through registers.
pub struct Masm {
    ops: VecAssembler<X64Relocation>,
}

impl Default for Masm {
    fn default() -> Masm {
        Masm::new()
    }
}

impl Masm {
    pub fn new() -> Masm {
        Masm { ops: VecAssembler::new(0) }
    }

    /// The finished code; an error if a label that was used was never bound.
    pub fn finish(self) -> Result<Vec<u8>, MasmError> {
        Ok(self.ops.finalize()?)
    }

    pub fn label(&mut self) -> Label {
        Label(self.ops.new_dynamic_label())
    }

    /// Lets `label` mean this place.
    pub fn bind(&mut self, label: Label) {
        emit!(self.ops ; =>label.0);
    }

    pub fn jump(&mut self, label: Label) {
        emit!(self.ops ; jmp =>label.0);
    }

    /// Bytes emitted so far: the offset of the next instruction.
    pub fn offset(&self) -> usize {
        self.ops.offset().0
    }

    pub fn move_register(&mut self, to: Rq, from: Rq) {
        if to != from {
            emit!(self.ops ; mov Rq(to), Rq(from));
        }
    }

    pub fn constant(&mut self, to: Rq, value: i64) {
        if value == 0 {
            emit!(self.ops ; xor Rd(to), Rd(to));
        } else if let Ok(low) = u32::try_from(value) {
            emit!(self.ops ; mov Rd(to), low as i32);
        } else if let Ok(low) = i32::try_from(value) {
            emit!(self.ops ; mov Rq(to), low);
        } else {
            emit!(self.ops ; mov Rq(to), QWORD value);
        }
    }

    /// Loads from an object: `to = object.field`. Null faults on the guard page at the base.
    pub fn load_field(&mut self, to: Rq, object: Rq, displacement: i32, width: Width) {
        let object = index(object);
        match width {
            Width::U8 => {
                emit!(self.ops ; movzx Rd(to), BYTE [base + Rq(object) * 8 + displacement])
            }
            Width::I8 => {
                emit!(self.ops ; movsx Rd(to), BYTE [base + Rq(object) * 8 + displacement])
            }
            Width::U16 => {
                emit!(self.ops ; movzx Rd(to), WORD [base + Rq(object) * 8 + displacement])
            }
            Width::I16 => {
                emit!(self.ops ; movsx Rd(to), WORD [base + Rq(object) * 8 + displacement])
            }
            Width::W32 => emit!(self.ops ; mov Rd(to), [base + Rq(object) * 8 + displacement]),
            Width::W64 => emit!(self.ops ; mov Rq(to), [base + Rq(object) * 8 + displacement]),
        }
    }

    /// Stores to an object a value that is no reference (references need the collector's barrier).
    pub fn store_field(&mut self, object: Rq, displacement: i32, value: Rq, width: Width) {
        let object = index(object);
        match width {
            Width::U8 | Width::I8 => {
                emit!(self.ops ; mov [base + Rq(object) * 8 + displacement], Rb(value))
            }
            Width::U16 | Width::I16 => {
                emit!(self.ops ; mov [base + Rq(object) * 8 + displacement], Rw(value))
            }
            Width::W32 => {
                emit!(self.ops ; mov [base + Rq(object) * 8 + displacement], Rd(value))
            }
            Width::W64 => {
                emit!(self.ops ; mov [base + Rq(object) * 8 + displacement], Rq(value))
            }
        }
    }

    pub fn load_float_field(&mut self, to: Rx, object: Rq, displacement: i32, width: FloatWidth) {
        let object = index(object);
        match width {
            FloatWidth::F32 => {
                emit!(self.ops ; movss Rx(to), [base + Rq(object) * 8 + displacement])
            }
            FloatWidth::F64 => {
                emit!(self.ops ; movsd Rx(to), [base + Rq(object) * 8 + displacement])
            }
        }
    }

    pub fn store_float_field(&mut self, object: Rq, displacement: i32, value: Rx, width: FloatWidth) {
        let object = index(object);
        match width {
            FloatWidth::F32 => {
                emit!(self.ops ; movss [base + Rq(object) * 8 + displacement], Rx(value))
            }
            FloatWidth::F64 => {
                emit!(self.ops ; movsd [base + Rq(object) * 8 + displacement], Rx(value))
            }
        }
    }

    /// Loads a word of the thread.
    pub fn load_thread(&mut self, to: Rq, displacement: i32, width: Width) {
        match width {
            Width::U8 => emit!(self.ops ; movzx Rd(to), BYTE [thread + displacement]),
            Width::I8 => emit!(self.ops ; movsx Rd(to), BYTE [thread + displacement]),
            Width::U16 => emit!(self.ops ; movzx Rd(to), WORD [thread + displacement]),
            Width::I16 => emit!(self.ops ; movsx Rd(to), WORD [thread + displacement]),
            Width::W32 => emit!(self.ops ; mov Rd(to), [thread + displacement]),
            Width::W64 => emit!(self.ops ; mov Rq(to), [thread + displacement]),
        }
    }

    /// Goes to `slow` if the poll word that a pointer in the thread names is not zero.
    pub fn poll(&mut self, poll_pointer: i32, slow: Label) {
        emit!(self.ops
            ; mov r11, [thread + poll_pointer]
            ; cmp DWORD [r11], 0
            ; jne =>slow.0
        );
    }

    /// Goes to `overflow` unless a frame of `frame_bytes` fits above the thread's stack limit.
    pub fn check_stack(&mut self, frame_bytes: i32, stack_limit: i32, overflow: Label) {
        emit!(self.ops
            ; lea r11, [rsp - frame_bytes]
            ; cmp r11, [thread + stack_limit]
            ; jb =>overflow.0
        );
    }

    /// Stops at a breakpoint if a register that should hold a reference is not zero-extended.
    pub fn check_reference(&mut self, reference: Rq) {
        let reference = index(reference);
        let fine = self.label();
        emit!(self.ops
            ; mov r11, Rq(reference)
            ; shr r11, 32
            ; jz =>fine.0
            ; int3
            ; =>fine.0
        );
    }

    pub fn add(&mut self, to: Rq, value: Rq, width: Width) {
        match width {
            Width::W64 => emit!(self.ops ; add Rq(to), Rq(value)),
            Width::U8 | Width::I8 | Width::U16 | Width::I16 | Width::W32 => {
                emit!(self.ops ; add Rd(to), Rd(value))
            }
        }
    }

    pub fn return_to_caller(&mut self) {
        emit!(self.ops ; ret);
    }

    /// The stub by which Rust enters compiled code: `extern "sysv64" fn(thread, base, code, argument) -> result`. It keeps
    /// the registers that Rust expects back, sets the fixed ones, and calls `code` with the argument in rax; the result
    /// comes in rax. It does not switch stacks.
    pub fn entry_from_rust(&mut self) {
        emit!(self.ops
            ; push rbp
            ; mov rbp, rsp
            ; push rbx
            ; push r12
            ; push r13
            ; push r14
            ; push r15
            ; sub rsp, 8
            ; mov thread, rdi
            ; mov base, rsi
            ; mov rax, rcx
            ; call rdx
            ; add rsp, 8
            ; pop r15
            ; pop r14
            ; pop r13
            ; pop r12
            ; pop rbx
            ; pop rbp
            ; ret
        );
    }
}

/// Checks a register that is about to be an index in an address.
fn index(register: Rq) -> Rq {
    assert!(register != Rq::RSP, "the encoding of rsp as an index means no index");
    assert!(register != SCRATCH, "the scratch register holds nothing across operations");
    register
}

#[cfg(test)]
mod tests;
