//! A declared method, with what every tier asks first at the front of the record.

use std::sync::atomic::{AtomicU32, Ordering};

use carafe_gc::metaspace::{ClassId, MetaSlice, Plain};

use super::Access;
use crate::symbols::Symbol;

/// Names a method in the isolate's method table; machine-code entry points are found by it. 0 is no method.
#[repr(transparent)]
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct MethodId(pub u32);

// SAFETY: transparent u32.
unsafe impl Plain for MethodId {}

bitflags::bitflags! {
    /// What the VM knows of a method beyond its access flags.
    #[repr(transparent)]
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub struct MethodFlags: u32 {
        /// Not shown in traces: `@Hidden`, or declared by a hidden class.
        const HIDDEN = 1 << 0;
        const CALLER_SENSITIVE = 1 << 1;
        const FORCE_INLINE = 1 << 2;
        const DONT_INLINE = 1 << 3;
        const SCOPED = 1 << 4;
        const RESERVED_STACK = 1 << 5;
        const INTRINSIC_CANDIDATE = 1 << 6;
        /// Signature polymorphic: a native varargs method of MethodHandle or VarHandle (JVMS 2.9.3).
        const POLYMORPHIC = 1 << 7;
        /// `<init>`
        const INIT = 1 << 8;
        /// `<clinit>`
        const CLINIT = 1 << 9;
        /// Uses jsr or ret.
        const HAS_JSR = 1 << 10;
        /// Made by the VM: a stub, or a method that throws a linkage error when it is selected.
        const VM_MADE = 1 << 11;
        /// Body is empty: a lone `return`.
        const EMPTY = 1 << 12;
        const CHANGES_CURRENT_THREAD = 1 << 13;
    }
}

// SAFETY: transparent u32, every bit pattern is kept.
unsafe impl Plain for MethodFlags {}

/// An exception table row (JVMS 4.7.3); pcs are byte indices into the code.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Handler {
    pub start: u16,
    pub end: u16,
    pub handler: u16,
    /// Constant-pool index of the class, 0 catches all.
    pub catch_type: u16,
}

// SAFETY: repr(C) of four u16s.
unsafe impl Plain for Handler {}

/// `vtable_index` of a method that is called direct: static, private, constructor, or final without an override above.
pub const NO_VTABLE: i32 = -1;

#[repr(C)]
pub struct Method {
    /// Metaspace offset of the first word of quickened code; 0 until the method is first called.
    pub quick: AtomicU32,
    pub arg_slots: u16,
    pub max_locals: u16,
    pub max_stack: u16,
    pub access: Access,
    /// `BasicType` of the result as u8.
    pub result: u8,
    pub _pad: u8,
    /// Position among the methods of its class.
    pub index: u16,
    pub class: ClassId,
    pub id: MethodId,
    pub name: Symbol,
    pub descriptor: Symbol,
    pub flags: MethodFlags,
    /// Index in the vtable of its class, or [`NO_VTABLE`].
    pub vtable_index: i32,
    /// Index among the interface's itable methods, or -1.
    pub itable_index: i32,
    pub code: MetaSlice<u8>,
    pub handlers: MetaSlice<Handler>,
    /// Attribute tables, raw: u2 count, then the entries.
    pub attributes: MetaSlice<u8>,
    pub code_attributes: MetaSlice<u8>,
    /// For a native method: 1 + its number in the isolate's table of implementations, 0 until bound.
    pub native: AtomicU32,
    /// Calls and loop iterations seen by the interpreter.
    pub calls: AtomicU32,
    pub loops: AtomicU32,
    /// Number of the vm's side record (quick-code map, reference maps); 0 = none yet.
    pub side: AtomicU32,
    /// Where compiled callers enter it: an offset of the isolate's code; 0 is the way to the interpreter.
    pub entry: AtomicU32,
    /// For `VM_MADE` methods: which stub or error.
    pub vm_data: u32,
    pub signature: u16,
    pub intrinsic: u16,
}

// SAFETY: repr(C) of plain integers, offsets and atomics.
unsafe impl Plain for Method {}

impl Method {
    /// The locals that its code may use: the object that a synchronized method locks lies behind them, out of its reach.
    pub fn code_locals(&self) -> u16 {
        self.max_locals.saturating_sub(u16::from(self.access.contains(Access::SYNCHRONIZED)))
    }

    pub fn is_static(&self) -> bool {
        self.access.contains(Access::STATIC)
    }

    pub fn is_native(&self) -> bool {
        self.access.contains(Access::NATIVE)
    }

    pub fn is_abstract(&self) -> bool {
        self.access.contains(Access::ABSTRACT)
    }

    pub fn is_private(&self) -> bool {
        self.access.contains(Access::PRIVATE)
    }

    pub fn is_public(&self) -> bool {
        self.access.contains(Access::PUBLIC)
    }

    pub fn is_final(&self) -> bool {
        self.access.contains(Access::FINAL)
    }

    /// The synchronized flag (bridge and varargs share other bits, so the name differs from `Access`).
    pub fn is_synchronized(&self) -> bool {
        self.access.contains(Access::SYNCHRONIZED)
    }

    pub fn is_init(&self) -> bool {
        self.flags.contains(MethodFlags::INIT)
    }

    pub fn is_clinit(&self) -> bool {
        self.flags.contains(MethodFlags::CLINIT)
    }

    pub fn is_hidden(&self) -> bool {
        self.flags.contains(MethodFlags::HIDDEN)
    }

    pub fn is_polymorphic(&self) -> bool {
        self.flags.contains(MethodFlags::POLYMORPHIC)
    }

    pub fn quick_code(&self) -> u32 {
        self.quick.load(Ordering::Acquire)
    }
}
