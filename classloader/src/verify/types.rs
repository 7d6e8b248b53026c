//! Verification types (JVMS 4.10.1.2): what a slot of a frame may hold, in one word.
//!
//! A `long` or `double` is two slots: the type itself and its second half. The few types at the end of the constants never
//! stand in a frame: they are element types of arrays and the questions "any reference?" and "one slot?", which a check
//! names as what it expected.
//!
//! Invariant: two types are the same exactly when their words are. Deliberately absent: assignability, which needs classes
//! ([`context`](super::context)).

use std::borrow::Cow;

use carafe_gc::metaspace::CLASS_TABLE_BYTES;

use crate::bytecode::{Kind, PrimKind};
use crate::symbols::Symbol;
use crate::universe::Universe;

/// A verification type.
///
/// A class or array type is the symbol of its name. Symbols are offsets of records behind the class table, so the small
/// numbers are free for types without a name, and metaspace is 2 GiB, so the top bit is free for those with a `bci`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct VType(u32);

const NAMED_MIN: u32 = 0x100;
const WITH_BCI: u32 = 1 << 31;
const RETURN: u32 = 1 << 30;

const _: () = assert!(CLASS_TABLE_BYTES >= NAMED_MIN);

impl VType {
    /// Nothing usable.
    pub(super) const TOP: VType = VType(0);
    pub(super) const INT: VType = VType(1);
    pub(super) const FLOAT: VType = VType(2);
    pub(super) const LONG: VType = VType(3);
    pub(super) const LONG_2ND: VType = VType(4);
    pub(super) const DOUBLE: VType = VType(5);
    pub(super) const DOUBLE_2ND: VType = VType(6);
    pub(super) const NULL: VType = VType(7);
    /// `this` in a constructor before another constructor was called.
    pub(super) const UNINIT_THIS: VType = VType(8);

    /// Element types of arrays only.
    pub(super) const BOOLEAN: VType = VType(9);
    pub(super) const BYTE: VType = VType(10);
    pub(super) const CHAR: VType = VType(11);
    pub(super) const SHORT: VType = VType(12);

    /// What an instruction asks for that takes any reference, initialized or not.
    pub(super) const ANY_REF: VType = VType(13);
    /// What an instruction asks for that takes any value of one slot.
    pub(super) const ONE_SLOT: VType = VType(14);
    /// The same for the first of two slots.
    pub(super) const TWO_SLOTS: VType = VType(15);

    /// The class or array of this name; arrays are named by their descriptor.
    pub(super) fn named(name: Symbol) -> VType {
        debug_assert!((NAMED_MIN..WITH_BCI).contains(&name.raw()));
        VType(name.raw())
    }

    /// What the `new` at `bci` made, before its constructor was called.
    pub(super) fn uninit(bci: u16) -> VType {
        VType(WITH_BCI | u32::from(bci))
    }

    /// The address of the instruction at `bci`, to which a subroutine returns or at which it starts.
    pub(super) fn return_address(bci: u16) -> VType {
        VType(WITH_BCI | RETURN | u32::from(bci))
    }

    /// The type of a primitive value on the stack.
    pub(super) fn of_kind(kind: Kind) -> VType {
        match kind {
            Kind::Int => VType::INT,
            Kind::Long => VType::LONG,
            Kind::Float => VType::FLOAT,
            Kind::Double => VType::DOUBLE,
            Kind::Ref => VType::ANY_REF,
        }
    }

    /// The type of an array's primitive elements.
    pub(super) fn element(prim: PrimKind) -> VType {
        match prim {
            PrimKind::Boolean => VType::BOOLEAN,
            PrimKind::Char => VType::CHAR,
            PrimKind::Float => VType::FLOAT,
            PrimKind::Double => VType::DOUBLE,
            PrimKind::Byte => VType::BYTE,
            PrimKind::Short => VType::SHORT,
            PrimKind::Int => VType::INT,
            PrimKind::Long => VType::LONG,
        }
    }

    /// The name of a class or array type.
    #[inline]
    pub(super) fn name(self) -> Option<Symbol> {
        (NAMED_MIN..WITH_BCI).contains(&self.0).then(|| Symbol::from_raw(self.0))
    }

    /// Where the object was made, if it is one without a constructor's call.
    #[inline]
    pub(super) fn uninit_bci(self) -> Option<u16> {
        (self.0 & (WITH_BCI | RETURN) == WITH_BCI).then_some(self.0 as u16)
    }

    /// The address that it is.
    #[inline]
    pub(super) fn address(self) -> Option<u16> {
        (self.0 & (WITH_BCI | RETURN) == WITH_BCI | RETURN).then_some(self.0 as u16)
    }

    /// An initialized object, an array, or null.
    #[inline]
    pub(super) fn is_reference(self) -> bool {
        (NAMED_MIN..WITH_BCI).contains(&self.0) || self == VType::NULL
    }

    /// An object whose constructor has not been called.
    #[inline]
    pub(super) fn is_uninitialized(self) -> bool {
        self == VType::UNINIT_THIS || self.uninit_bci().is_some()
    }

    /// A value of one slot.
    pub(super) fn is_one_slot(self) -> bool {
        matches!(self, VType::INT | VType::FLOAT) || self.is_reference() || self.is_uninitialized()
    }

    /// The first slot of two.
    #[inline]
    pub(super) fn is_two_slots(self) -> bool {
        matches!(self, VType::LONG | VType::DOUBLE)
    }

    /// The second slot of two.
    #[inline]
    pub(super) fn is_second(self) -> bool {
        matches!(self, VType::LONG_2ND | VType::DOUBLE_2ND)
    }

    /// The other half of a first slot.
    #[inline]
    pub(super) fn second(self) -> Option<VType> {
        match self {
            VType::LONG => Some(VType::LONG_2ND),
            VType::DOUBLE => Some(VType::DOUBLE_2ND),
            _ => None,
        }
    }

    /// The text of an array type: its descriptor.
    #[inline]
    pub(super) fn array_descriptor(self, universe: &Universe) -> Option<&[u8]> {
        let text = universe.text(self.name()?);
        (text.first() == Some(&b'[')).then_some(text)
    }

    /// Whether it is an array type; null is none.
    pub(super) fn is_array(self, universe: &Universe) -> bool {
        self.array_descriptor(universe).is_some()
    }

    /// Whether it is a class or interface.
    pub(super) fn is_object(self, universe: &Universe) -> bool {
        self.name().is_some() && !self.is_array(universe)
    }

    /// Whether it is null or an array whose elements have a descriptor that starts so.
    pub(super) fn is_array_of(self, universe: &Universe, element: u8) -> bool {
        let starts_so = |text: &[u8]| text.get(1) == Some(&element);
        self == VType::NULL || self.array_descriptor(universe).is_some_and(starts_so)
    }

    /// Whether it is null or an array of references.
    pub(super) fn is_array_of_references(self, universe: &Universe) -> bool {
        self.is_array_of(universe, b'L') || self.is_array_of(universe, b'[')
    }

    /// How messages of the type checker call it.
    pub(super) fn describe(self, universe: &Universe) -> Cow<'static, str> {
        let text = match self {
            VType::TOP => "top",
            VType::INT => "integer",
            VType::FLOAT => "float",
            VType::LONG => "long",
            VType::LONG_2ND => "long_2nd",
            VType::DOUBLE => "double",
            VType::DOUBLE_2ND => "double_2nd",
            VType::NULL => "null",
            VType::UNINIT_THIS => "uninitializedThis",
            VType::BOOLEAN => "boolean",
            VType::BYTE => "byte",
            VType::CHAR => "char",
            VType::SHORT => "short",
            VType::ANY_REF => "reference type",
            VType::ONE_SLOT => "category1 type",
            VType::TWO_SLOTS => "category2 type",
            _ => {
                return match (self.uninit_bci(), self.name()) {
                    (Some(bci), _) => format!("uninitialized {bci}").into(),
                    (None, Some(name)) => format!("'{}'", universe.str(name)).into(),
                    (None, None) => "returnAddress".into(),
                };
            }
        };
        text.into()
    }
}
