//! Canonical operations: what instructions do once their encoding is forgotten.
//!
//! Two hundred opcodes become some forty operations: `iload_2`, `iload 2` and `wide iload 2` are all
//! `Load(Int, 2)`. Verifier, compilers and data-flow passes match on [`Op`] without a catch-all, so a new
//! operation shows every place that has to know it.

use super::opcodes::Opcode;
use super::switch::{LookupSwitch, TableSwitch};

/// An index into a class file's constant pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CpIndex(pub u16);

impl std::fmt::Display for CpIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// A computational type; `boolean`, `byte`, `char` and `short` are `Int`. A local variable holding a return
/// address is loaded never, and stored as `Ref`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Int,
    Long,
    Float,
    Double,
    Ref,
}

impl Kind {
    /// Slots taken in the local variables or on the operand stack.
    #[inline]
    pub const fn slots(self) -> u32 {
        match self {
            Kind::Int | Kind::Float | Kind::Ref => 1,
            Kind::Long | Kind::Double => 2,
        }
    }
}

/// The element type that an array load or store names. `Byte` also serves `boolean` arrays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ElemKind {
    Int,
    Long,
    Float,
    Double,
    Ref,
    Byte,
    Char,
    Short,
}

impl ElemKind {
    /// The computational type of an element on the operand stack.
    pub const fn kind(self) -> Kind {
        match self {
            ElemKind::Int | ElemKind::Byte | ElemKind::Char | ElemKind::Short => Kind::Int,
            ElemKind::Long => Kind::Long,
            ElemKind::Float => Kind::Float,
            ElemKind::Double => Kind::Double,
            ElemKind::Ref => Kind::Ref,
        }
    }
}

/// A primitive type, numbered as `newarray` does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum PrimKind {
    Boolean = 4,
    Char = 5,
    Float = 6,
    Double = 7,
    Byte = 8,
    Short = 9,
    Int = 10,
    Long = 11,
}

impl PrimKind {
    /// The type that `newarray` means by this code.
    pub const fn from_code(code: u8) -> Option<PrimKind> {
        Some(match code {
            4 => PrimKind::Boolean,
            5 => PrimKind::Char,
            6 => PrimKind::Float,
            7 => PrimKind::Double,
            8 => PrimKind::Byte,
            9 => PrimKind::Short,
            10 => PrimKind::Int,
            11 => PrimKind::Long,
            _ => return None,
        })
    }

    /// The computational type of a value.
    pub const fn kind(self) -> Kind {
        match self {
            PrimKind::Boolean | PrimKind::Char | PrimKind::Byte | PrimKind::Short | PrimKind::Int => {
                Kind::Int
            }
            PrimKind::Long => Kind::Long,
            PrimKind::Float => Kind::Float,
            PrimKind::Double => Kind::Double,
        }
    }

    /// The keyword of the Java language.
    pub const fn name(self) -> &'static str {
        match self {
            PrimKind::Boolean => "boolean",
            PrimKind::Char => "char",
            PrimKind::Float => "float",
            PrimKind::Double => "double",
            PrimKind::Byte => "byte",
            PrimKind::Short => "short",
            PrimKind::Int => "int",
            PrimKind::Long => "long",
        }
    }
}

/// A constant that stands in the instruction itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Const {
    Int(i32),
    Long(i64),
    Float(f32),
    Double(f64),
    Null,
}

impl Const {
    /// The computational type of the constant.
    pub const fn kind(self) -> Kind {
        match self {
            Const::Int(_) => Kind::Int,
            Const::Long(_) => Kind::Long,
            Const::Float(_) => Kind::Float,
            Const::Double(_) => Kind::Double,
            Const::Null => Kind::Ref,
        }
    }
}

/// The instructions that move slots of the operand stack whatever is in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StackOp {
    Pop,
    Pop2,
    Dup,
    DupX1,
    DupX2,
    Dup2,
    Dup2X1,
    Dup2X2,
    Swap,
}

impl StackOp {
    /// How many slots it pops, and which of those it pushes in turn: 0 is the deepest popped slot, and the
    /// last one pushed becomes the top.
    pub const fn shuffle(self) -> (usize, &'static [u8]) {
        match self {
            StackOp::Pop => (1, &[]),
            StackOp::Pop2 => (2, &[]),
            StackOp::Dup => (1, &[0, 0]),
            StackOp::DupX1 => (2, &[1, 0, 1]),
            StackOp::DupX2 => (3, &[2, 0, 1, 2]),
            StackOp::Dup2 => (2, &[0, 1, 0, 1]),
            StackOp::Dup2X1 => (3, &[1, 2, 0, 1, 2]),
            StackOp::Dup2X2 => (4, &[2, 3, 0, 1, 2, 3]),
            StackOp::Swap => (2, &[1, 0]),
        }
    }
}

/// Arithmetic of two operands of one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    And,
    Or,
    Xor,
}

/// Shifts; the distance is an `int` whatever is shifted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShiftOp {
    Left,
    Right,
    UnsignedRight,
}

/// Three-way comparisons; the second word tells the result when an operand is not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareOp {
    Long,
    FloatLess,
    FloatGreater,
    DoubleLess,
    DoubleGreater,
}

impl CompareOp {
    /// The type of both operands.
    pub const fn kind(self) -> Kind {
        match self {
            CompareOp::Long => Kind::Long,
            CompareOp::FloatLess | CompareOp::FloatGreater => Kind::Float,
            CompareOp::DoubleLess | CompareOp::DoubleGreater => Kind::Double,
        }
    }
}

/// Signed comparison of `int`s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cond {
    Eq,
    Ne,
    Lt,
    Ge,
    Gt,
    Le,
}

impl Cond {
    /// The condition that holds exactly when this one does not.
    pub const fn negate(self) -> Cond {
        match self {
            Cond::Eq => Cond::Ne,
            Cond::Ne => Cond::Eq,
            Cond::Lt => Cond::Ge,
            Cond::Ge => Cond::Lt,
            Cond::Gt => Cond::Le,
            Cond::Le => Cond::Gt,
        }
    }

    /// Whether it holds for `left` and `right`.
    #[inline]
    pub const fn holds(self, left: i32, right: i32) -> bool {
        match self {
            Cond::Eq => left == right,
            Cond::Ne => left != right,
            Cond::Lt => left < right,
            Cond::Ge => left >= right,
            Cond::Gt => left > right,
            Cond::Le => left <= right,
        }
    }
}

/// Comparison of references.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Equality {
    Eq,
    Ne,
}

/// The four invocations that name a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InvokeKind {
    Virtual,
    Special,
    Static,
    Interface,
}

/// What an instruction does, its operands decoded and its encoding forgotten. Targets are absolute `bci`s.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Op<'a> {
    Nop,
    Const(Const),
    /// A constant of one slot from the pool.
    Ldc(CpIndex),
    /// A constant of two slots from the pool.
    Ldc2(CpIndex),
    Load(Kind, u16),
    /// `Store(Ref, _)` may store a return address.
    Store(Kind, u16),
    ArrayLoad(ElemKind),
    ArrayStore(ElemKind),
    Stack(StackOp),
    Binary(BinaryOp, Kind),
    Neg(Kind),
    Shift(ShiftOp, Kind),
    Convert(Kind, PrimKind),
    Compare(CompareOp),
    Iinc {
        local: u16,
        delta: i32,
    },
    /// Comparison of an `int` with zero.
    If(Cond, u32),
    IfICmp(Cond, u32),
    IfACmp(Equality, u32),
    /// Comparison of a reference with null.
    IfNull(Equality, u32),
    Goto(u32),
    /// Pushes the `bci` of the next instruction.
    Jsr(u32),
    Ret(u16),
    TableSwitch(TableSwitch<'a>),
    LookupSwitch(LookupSwitch<'a>),
    /// `None` is `return`, the one of `void` methods.
    Return(Option<Kind>),
    GetStatic(CpIndex),
    PutStatic(CpIndex),
    GetField(CpIndex),
    PutField(CpIndex),
    /// `count` is the operand of `invokeinterface`, argument slots with the receiver; zero for the others.
    Invoke {
        kind: InvokeKind,
        pool: CpIndex,
        count: u8,
    },
    InvokeDynamic(CpIndex),
    New(CpIndex),
    NewArray(PrimKind),
    ANewArray(CpIndex),
    MultiANewArray(CpIndex, u8),
    ArrayLength,
    Throw,
    CheckCast(CpIndex),
    InstanceOf(CpIndex),
    MonitorEnter,
    MonitorExit,
}

impl Op<'_> {
    /// Calls `visit` with every branch target, the default of a switch first. The next instruction is not
    /// among them.
    #[inline]
    pub fn for_each_target(&self, mut visit: impl FnMut(u32)) {
        match *self {
            Op::If(_, target)
            | Op::IfICmp(_, target)
            | Op::IfACmp(_, target)
            | Op::IfNull(_, target)
            | Op::Goto(target)
            | Op::Jsr(target) => visit(target),
            Op::TableSwitch(table) => {
                visit(table.default);
                table.targets().for_each(visit);
            }
            Op::LookupSwitch(table) => {
                visit(table.default);
                table.pairs().for_each(|(_, target)| visit(target));
            }
            Op::Nop
            | Op::Const(_)
            | Op::Ldc(_)
            | Op::Ldc2(_)
            | Op::Load(..)
            | Op::Store(..)
            | Op::ArrayLoad(_)
            | Op::ArrayStore(_)
            | Op::Stack(_)
            | Op::Binary(..)
            | Op::Neg(_)
            | Op::Shift(..)
            | Op::Convert(..)
            | Op::Compare(_)
            | Op::Iinc { .. }
            | Op::Ret(_)
            | Op::Return(_)
            | Op::GetStatic(_)
            | Op::PutStatic(_)
            | Op::GetField(_)
            | Op::PutField(_)
            | Op::Invoke { .. }
            | Op::InvokeDynamic(_)
            | Op::New(_)
            | Op::NewArray(_)
            | Op::ANewArray(_)
            | Op::MultiANewArray(..)
            | Op::ArrayLength
            | Op::Throw
            | Op::CheckCast(_)
            | Op::InstanceOf(_)
            | Op::MonitorEnter
            | Op::MonitorExit => {}
        }
    }
}

/// A decoded instruction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Instr<'a> {
    /// Where its opcode (or its `wide`) stands.
    pub bci: u32,
    /// Bytes that it takes, `wide` and operands included.
    pub len: u32,
    /// The opcode, the widened one after `wide`.
    pub opcode: Opcode,
    /// What it does.
    pub op: Op<'a>,
}

impl Instr<'_> {
    /// The `bci` after it.
    #[inline]
    pub const fn next(&self) -> u32 {
        self.bci + self.len
    }
}
