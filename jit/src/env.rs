//! What a compiler asks of the virtual machine: the only door between the two.
//!
//! A compiler sees bytecode, and for each instruction that names something of the constant pool what that is by now. It knows
//! classes and methods by their metaspace offsets and the machine's records by the offsets in [`Layout`].

use carafe_classloader::bytecode::Kind;

use crate::masm::Width;

/// Where compiled code finds things, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// In the thread: the allocation buffer's next and last address.
    pub tlab_top: i32,
    pub tlab_end: i32,
    /// In the thread: where the Java stack stands while Rust runs.
    pub top_fp: i32,
    pub top_sp: i32,
    pub top_pc: i32,
    /// In the thread: the [`Anchor`](crate::anchor::Anchor).
    pub anchor: i32,
    /// In the thread: the class word of `boolean[]`, and the java.lang.Thread that runs.
    pub boolean_array: i32,
    pub current_thread: i32,
    /// In objects, on the way from a MethodHandle to the method that it runs.
    pub form: i32,
    pub vmentry: i32,
    pub member_method: i32,
    pub vmtarget: i32,
}

/// The method that is compiled.
#[derive(Debug, Clone, Copy)]
pub struct MethodInfo<'m> {
    pub code: &'m [u8],
    /// Its record in metaspace.
    pub raw: u32,
    pub class: u32,
    pub arg_slots: u16,
    /// With the hidden local of a synchronized method.
    pub max_locals: u16,
    pub max_stack: u16,
    pub is_synchronized: bool,
    /// A frame may hold locks when it returns: the interpreter executes the return.
    pub may_hold_locks: bool,
    /// A return does more than return.
    pub special_return: bool,
    /// What a returned int is narrowed to.
    pub narrow_result: Option<Width>,
    /// A boolean result keeps its lowest bit only.
    pub masks_result: bool,
}

/// A field or element's type in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldInfo {
    pub offset: u32,
    pub kind: Kind,
    pub width: Width,
    /// Only the lowest bit is stored.
    pub is_boolean: bool,
    pub is_volatile: bool,
}

/// What a call reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The interpreter executes the instruction and enters what it finds.
    Interpreter,
    /// One method, after a null check of the receiver if it has one.
    Direct {
        method: u32,
        has_receiver: bool,
    },
    /// A method without a body: only the null check.
    Empty,
    /// `Object.<init>`: empty, but for objects with finalizers, which the interpreter takes.
    ObjectInit,
    /// A function of the machine in place of a method; it may decline, then the method is called.
    Intrinsic {
        row: u16,
        method: u32,
        has_receiver: bool,
        inline: Option<Inline>,
    },
    Virtual {
        index: u32,
    },
    /// The word at `cache` (metaspace) is the inline cache: class, then method.
    Interface {
        cache: u32,
    },
    /// A linked call site: the adapter, and an element of the class's resolved objects as last argument.
    Adapter {
        method: u32,
        appendix: Option<u32>,
        has_receiver: bool,
    },
    /// `MethodHandle.invokeBasic`
    InvokeBasic,
    /// `MethodHandle.linkToStatic`, and `linkToSpecial` with a receiver.
    Link {
        has_receiver: bool,
    },
}

/// Intrinsics that are instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inline {
    Sqrt,
    AbsInt,
    AbsDouble,
    MaxInt,
    MinInt,
    Bits,
    CurrentThread,
    CheckIndex,
    GetClass,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallInfo {
    pub target: Target,
    /// Slots that the instruction pops.
    pub arg_slots: u16,
    pub result: Option<Kind>,
}

/// How a subtype check of a class can be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassInfo {
    pub id: u32,
    /// The place in a subclass's display where the class stands, if it stands in any.
    pub display: Option<u8>,
    /// Bytes of an instance.
    pub instance_bytes: u32,
}

/// What an instruction's pool entry is by now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Resolved {
    /// Not resolved, or nothing that a compiler knows better than the interpreter.
    Interpreter,
    Bits(u64),
    /// An element of the class's resolved objects.
    Object(u32),
    /// The mirror of a class.
    Mirror(u32),
    Field(FieldInfo),
    /// A static field, in the mirror of a class that needs no initialization any more.
    Static(u32, FieldInfo),
    Class(ClassInfo),
    /// An array class, with log2 of the bytes of an element.
    Array(u32, u8),
}

/// How many slots an instruction of the constant pool pops and what it pushes, known without resolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect {
    pub pops: u16,
    pub pushes: Option<Kind>,
}

pub trait CompileEnv {
    fn layout(&self) -> &Layout;
    fn method(&self) -> MethodInfo<'_>;
    /// The metaspace offset of the word at which the interpreter executes the instruction.
    fn pc(&self, bci: u32) -> u32;
    /// The word of a synchronized method that takes the lock.
    fn lock_pc(&self) -> u32;
    /// The word to which a callee of the call at `bci` returns if it is interpreted.
    fn resume_pc(&self, bci: u32) -> u32;
    fn resolved(&self, bci: u32) -> Resolved;
    fn call(&self, bci: u32) -> CallInfo;
    fn effect(&self, bci: u32) -> Effect;
    /// How many slots of operands there are at an instruction behind a `jsr`, where a subroutine returns to; `None` if none
    /// does. It has `usual` if it leaves the stack as it was called with, as compilers make them.
    fn depth_behind_jsr(&self, bci: u32, usual: u16) -> Option<u16> {
        let _ = bci;
        Some(usual)
    }
    /// Whether the compiler should give up: nobody waits for the code any more, or somebody waits for the compiler.
    fn is_cancelled(&self) -> bool {
        false
    }
    /// Beginnings of exception handlers.
    fn handlers(&self) -> Vec<u32>;
}
