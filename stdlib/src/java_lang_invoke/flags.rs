//! The flags word of a `java.lang.invoke.MemberName`: access flags, the kind of member, and how it is reached.
//!
//! The numbers are those of `MethodHandleNatives.Constants`; stack frames (`ClassFrameInfo.flags`) use the same word.

use carafe_classloader::class::method::MethodFlags;
use carafe_classloader::class::{Access, Method};

const IS_METHOD: u32 = 0x0001_0000;
const IS_CONSTRUCTOR: u32 = 0x0002_0000;
const IS_FIELD: u32 = 0x0004_0000;
const IS_TYPE: u32 = 0x0008_0000;
const ALL_KINDS: u32 = IS_METHOD | IS_CONSTRUCTOR | IS_FIELD | IS_TYPE;
const CALLER_SENSITIVE: u32 = 0x0010_0000;
const TRUSTED_FINAL: u32 = 0x0020_0000;
const HIDDEN_MEMBER: u32 = 0x0040_0000;
const REF_KIND_SHIFT: u32 = 24;
const REF_KIND_MASK: u32 = 0xf;

/// Access flags that mean something on a field, and on a method.
const FIELD_MODIFIERS: u16 = 0x50df;
const METHOD_MODIFIERS: u16 = 0x1dff;

/// The kind of member that a MemberName stands for or asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum MemberKind {
    Method,
    Constructor,
    Field,
    Type,
}

impl MemberKind {
    /// `None` unless exactly one kind bit is set.
    pub(super) fn of(flags: i32) -> Option<MemberKind> {
        match flags as u32 & ALL_KINDS {
            IS_METHOD => Some(MemberKind::Method),
            IS_CONSTRUCTOR => Some(MemberKind::Constructor),
            IS_FIELD => Some(MemberKind::Field),
            IS_TYPE => Some(MemberKind::Type),
            _ => None,
        }
    }

    fn bit(self) -> u32 {
        match self {
            MemberKind::Method => IS_METHOD,
            MemberKind::Constructor => IS_CONSTRUCTOR,
            MemberKind::Field => IS_FIELD,
            MemberKind::Type => IS_TYPE,
        }
    }
}

/// Reference kinds (JVMS 4.4.8).
#[repr(u8)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum RefKind {
    GetField = 1,
    GetStatic = 2,
    PutField = 3,
    PutStatic = 4,
    InvokeVirtual = 5,
    InvokeStatic = 6,
    InvokeSpecial = 7,
    NewInvokeSpecial = 8,
    InvokeInterface = 9,
}

impl RefKind {
    pub(super) fn of(flags: i32) -> Option<RefKind> {
        Some(match (flags as u32 >> REF_KIND_SHIFT) & REF_KIND_MASK {
            1 => RefKind::GetField,
            2 => RefKind::GetStatic,
            3 => RefKind::PutField,
            4 => RefKind::PutStatic,
            5 => RefKind::InvokeVirtual,
            6 => RefKind::InvokeStatic,
            7 => RefKind::InvokeSpecial,
            8 => RefKind::NewInvokeSpecial,
            9 => RefKind::InvokeInterface,
            _ => return None,
        })
    }

    pub(super) fn is_setter(self) -> bool {
        matches!(self, RefKind::PutField | RefKind::PutStatic)
    }
}

fn word(access: u16, kind: MemberKind, ref_kind: RefKind) -> u32 {
    u32::from(access) | kind.bit() | (ref_kind as u32) << REF_KIND_SHIFT
}

/// The flags of a resolved method or constructor.
pub(super) fn method_flags(method: &Method, ref_kind: RefKind) -> i32 {
    let kind = if method.is_init() { MemberKind::Constructor } else { MemberKind::Method };
    let sensitive = method.flags.contains(MethodFlags::CALLER_SENSITIVE);
    let access = method.access.bits() & METHOD_MODIFIERS;
    (word(access, kind, ref_kind) | if sensitive { CALLER_SENSITIVE } else { 0 }) as i32
}

/// The flags of a method that the VM executes itself (`invokeBasic`, the `linkTo` methods): as if one had been made for
/// the call's type, neither public nor with a variable number of arguments, whatever the library's declaration says.
pub(super) fn intrinsic_flags(is_static: bool) -> i32 {
    let access = Access::NATIVE | Access::FINAL | Access::SYNTHETIC;
    let flags = if is_static {
        word((access | Access::STATIC).bits(), MemberKind::Method, RefKind::InvokeStatic)
    } else {
        word(access.bits(), MemberKind::Method, RefKind::InvokeSpecial)
    };
    flags as i32
}

/// The flags of a resolved field.
pub(super) fn field_flags(access: Access, trusted_final: bool, setter: bool) -> i32 {
    let ref_kind = match (access.contains(Access::STATIC), setter) {
        (false, false) => RefKind::GetField,
        (true, false) => RefKind::GetStatic,
        (false, true) => RefKind::PutField,
        (true, true) => RefKind::PutStatic,
    };
    let flags = word(access.bits() & FIELD_MODIFIERS, MemberKind::Field, ref_kind);
    (flags | if trusted_final { TRUSTED_FINAL } else { 0 }) as i32
}

/// What a stack walk tells of a frame's method: no reference kind, but whether traces hide it.
pub(crate) fn frame_flags(method: &Method) -> i32 {
    let kind = if method.is_init() { MemberKind::Constructor } else { MemberKind::Method };
    let mut flags = u32::from(method.access.bits() & METHOD_MODIFIERS) | kind.bit();
    if method.flags.contains(MethodFlags::CALLER_SENSITIVE) {
        flags |= CALLER_SENSITIVE;
    }
    if method.is_hidden() {
        flags |= HIDDEN_MEMBER;
    }
    flags as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_reference_machine() {
        assert_eq!(intrinsic_flags(true), 0x0601_1118);
        assert_eq!(intrinsic_flags(false), 0x0701_1110);
        let public_static_final = Access::PUBLIC | Access::STATIC | Access::FINAL;
        assert_eq!(field_flags(public_static_final, true, false), 0x0224_0019);
        assert_eq!(field_flags(Access::PUBLIC | Access::FINAL, false, true), 0x0304_0011);
        assert_eq!(field_flags(Access::PRIVATE | Access::STATIC, false, true), 0x0404_000a);
    }

    #[test]
    fn kinds_are_read_back() {
        assert_eq!(MemberKind::of(0x0601_1118), Some(MemberKind::Method));
        assert_eq!(MemberKind::of(0x0702_0000), Some(MemberKind::Constructor));
        assert_eq!(MemberKind::of(0x0304_0011), Some(MemberKind::Field));
        assert_eq!(MemberKind::of(0x0003_0000), None);
        assert_eq!(MemberKind::of(0), None);
        for n in 0..16 {
            let kind = RefKind::of(n << 24);
            assert_eq!(kind.map(|k| k as i32), (1..=9).contains(&n).then_some(n));
        }
        assert_eq!(RefKind::of(i32::MIN | 5 << 24), Some(RefKind::InvokeVirtual));
    }
}
