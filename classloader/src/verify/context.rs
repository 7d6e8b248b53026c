//! What both verifiers know of the class that they verify, and the questions about types that need other classes.
//!
//! A question is answered without loading where names suffice: a type is assignable to itself and to Object, null to
//! everything. Else the target is loaded, and the source only if the target is a class: interfaces take any object
//! (JVMS 4.10.1.2). Answers are kept, because a class asks the same again and again.
//!
//! Invariant: work is counted in units of roughly one instruction or sixteen slots, and never exceeds the budget that the
//! length of the class file buys; the memory of tables of frames is bounded as well, and charged. Deliberately absent: what
//! instructions do.

use std::time::{Duration, Instant};

use carafe_gc::metaspace::{Charge, ClassId};
use hashbrown::{HashMap, HashSet};

use super::types::VType;
use crate::bytecode::PrimKind;
use crate::class::pool::tag;
use crate::class::{Access, Class, Pool};
use crate::classfile::descriptor::{FieldType, MethodDescriptor};
use crate::link::{LinkError, LinkErrorKind, LinkHost};
use crate::symbols::Symbol;
use crate::universe::Universe;

/// Work that every class may cause, however short.
const BUDGET_BASE: u64 = 1 << 20;
/// Work that each byte of a class file buys. Compilers' output needs some two units per byte.
const BUDGET_PER_BYTE: u64 = 64;
/// Slots that tables of frames may take without being charged: less than the stack of the thread that verifies.
const SLOTS_FREE: usize = 1 << 18;
/// Slots that they may take, however long the class file: two hundred frames of 65,535 locals. Classes of the JDK take
/// some 20,000.
const SLOTS_MAX: usize = 1 << 24;
/// How many slots are charged at once.
const SLOTS_AT_ONCE: usize = 1 << 18;
/// How much work is done between two looks at whether somebody wants it to stop.
const CHARGED_AT_ONCE: u64 = 1 << 16;

/// Why verification did not accept a class.
pub(super) enum Fail<E> {
    /// The class is at fault. An older verifier may still think otherwise.
    Refused(LinkError),
    /// Something else: a class could not be loaded, memory ran out, the isolate is to stop.
    Host(E),
}

impl<E: From<LinkError>> From<LinkError> for Fail<E> {
    fn from(error: LinkError) -> Fail<E> {
        Fail::Host(error.into())
    }
}

pub(super) type Outcome<T, H> = Result<T, Fail<<H as LinkHost>::Error>>;

/// A method descriptor in slots: where its arguments and its result stand among [`Context::types`].
#[derive(Clone, Copy)]
pub(super) struct Signature {
    start: usize,
    arguments: usize,
    result: usize,
}

/// The types of the library that instructions name by themselves.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub object: VType,
    pub throwable: VType,
    pub string: VType,
    pub class: VType,
    pub method_handle: VType,
    pub method_type: VType,
}

/// A class being verified.
pub(super) struct Context<'a, H: LinkHost> {
    pub universe: &'a Universe,
    pub host: &'a mut H,
    pub class: &'a Class,
    pub pool: &'a Pool,
    pub this_type: VType,
    pub known: Known,
    /// Slots of all descriptors met so far.
    types: Vec<VType>,
    signatures: HashMap<Symbol, Signature>,
    fields: HashMap<Symbol, Signature>,
    components: HashMap<VType, VType>,
    loaded: HashMap<Symbol, ClassId>,
    /// Pairs of target and source that are assignable.
    assignable: HashSet<(VType, VType)>,
    /// Time that went into loading other classes.
    elsewhere: Duration,
    spent: u64,
    charged: u64,
    budget: u64,
    /// Slots that tables of frames may take before they are charged again, and the charge.
    slots_paid: usize,
    room: Charge,
}

impl<'a, H: LinkHost> Context<'a, H> {
    pub(super) fn new(
        universe: &'a Universe,
        host: &'a mut H,
        class: &'a Class,
    ) -> Result<Context<'a, H>, LinkError> {
        let well = &universe.well;
        let known = Known {
            object: VType::named(well.object),
            throwable: VType::named(well.throwable),
            string: VType::named(well.string),
            class: VType::named(well.class),
            method_handle: VType::named(well.method_handle),
            method_type: VType::named(well.method_type),
        };
        Ok(Context {
            universe,
            host,
            class,
            pool: universe.meta.get(class.pool),
            this_type: VType::named(class.name),
            known,
            types: Vec::new(),
            signatures: HashMap::new(),
            fields: HashMap::new(),
            components: HashMap::new(),
            loaded: HashMap::new(),
            assignable: HashSet::new(),
            elsewhere: Duration::ZERO,
            spent: 0,
            charged: 0,
            budget: BUDGET_BASE + BUDGET_PER_BYTE * class.bytes.len() as u64,
            slots_paid: SLOTS_FREE,
            room: universe.meta.new_charge(),
        })
    }

    /// How long other classes were being loaded.
    pub(super) fn elsewhere(&self) -> Duration {
        self.elsewhere
    }

    /// Counts work; refuses the class when it has caused more than its length allows.
    #[inline]
    pub(super) fn spend(&mut self, units: u64) -> Outcome<(), H> {
        self.spent += units;
        if self.spent - self.charged >= CHARGED_AT_ONCE { self.settle() } else { Ok(()) }
    }

    /// Counts the look at or the copy of so many slots.
    #[inline]
    pub(super) fn spend_slots(&mut self, slots: usize) -> Outcome<(), H> {
        self.spend(1 + slots as u64 / 16)
    }

    #[cold]
    fn settle(&mut self) -> Outcome<(), H> {
        let units = self.spent - self.charged;
        self.charged = self.spent;
        self.host.charge(units).map_err(Fail::Host)?;
        if self.spent > self.budget { Err(self.exhausted()) } else { Ok(()) }
    }

    /// The class causes more work, or takes more memory, than its length allows.
    #[cold]
    pub(super) fn exhausted(&self) -> Fail<H::Error> {
        let name = self.universe.external_name(self.class.id);
        let message = format!(
            "Verifying class {name} of {} bytes takes more than {} steps",
            self.class.bytes.len(),
            self.budget
        );
        Fail::Host(LinkError::new(LinkErrorKind::VerifyError, message).into())
    }

    /// Whether tables of frames may take so many slots. What they take is charged to metaspace until the class is
    /// verified.
    #[inline]
    pub(super) fn may_hold(&mut self, slots: usize) -> Outcome<bool, H> {
        if slots <= self.slots_paid { Ok(true) } else { self.hold_more(slots) }
    }

    #[cold]
    fn hold_more(&mut self, slots: usize) -> Outcome<bool, H> {
        if slots > SLOTS_MAX || slots as u64 > self.budget / 2 {
            return Ok(false);
        }
        let more = (slots - self.slots_paid).next_multiple_of(SLOTS_AT_ONCE);
        // A table that grows is there twice for a moment.
        self.room.grow(2 * (more * size_of::<VType>()) as u64).map_err(LinkError::from)?;
        self.slots_paid += more;
        Ok(true)
    }

    /// Slots of a part of a signature.
    pub(super) fn arguments(&self, signature: Signature) -> &[VType] {
        self.types.get(signature.start..signature.start + signature.arguments).unwrap_or_default()
    }

    /// Slot `index` of the arguments; the top type where there is none.
    #[inline]
    pub(super) fn argument(&self, signature: Signature, index: usize) -> VType {
        self.types.get(signature.start + index).copied().unwrap_or(VType::TOP)
    }

    /// Slots of the result: none for `void`.
    pub(super) fn result(&self, signature: Signature) -> &[VType] {
        let start = signature.start + signature.arguments;
        self.types.get(start..start + signature.result).unwrap_or_default()
    }

    /// What a method descriptor says, in slots.
    pub(super) fn signature(&mut self, descriptor: Symbol) -> Outcome<Signature, H> {
        if let Some(&known) = self.signatures.get(&descriptor) {
            return Ok(known);
        }
        let universe = self.universe;
        let start = self.types.len();
        let Some(parsed) = MethodDescriptor::parse(universe.text(descriptor)) else {
            return Err(self.malformed(descriptor));
        };
        for parameter in parsed.parameters() {
            self.push_type(parameter)?;
        }
        let arguments = self.types.len() - start;
        if let Some(result) = parsed.result {
            self.push_type(result)?;
        }
        let signature = Signature { start, arguments, result: self.types.len() - start - arguments };
        self.spend(1 + (self.types.len() - start) as u64)?;
        self.signatures.insert(descriptor, signature);
        Ok(signature)
    }

    /// What a field descriptor says, in slots, as the result of a signature without arguments.
    pub(super) fn field_type(&mut self, descriptor: Symbol) -> Outcome<Signature, H> {
        if let Some(&known) = self.fields.get(&descriptor) {
            return Ok(known);
        }
        let universe = self.universe;
        let start = self.types.len();
        let Some(parsed) = FieldType::parse(universe.text(descriptor)) else {
            return Err(self.malformed(descriptor));
        };
        self.push_type(parsed)?;
        let signature = Signature { start, arguments: 0, result: self.types.len() - start };
        self.fields.insert(descriptor, signature);
        Ok(signature)
    }

    /// Reading a class checks descriptors, so this is met only where a class came in unchecked.
    fn malformed(&self, descriptor: Symbol) -> Fail<H::Error> {
        let message = format!("malformed descriptor {}", self.universe.str(descriptor));
        Fail::Refused(LinkError::format(message))
    }

    fn push_type(&mut self, parsed: FieldType<'_>) -> Outcome<(), H> {
        let first = match parsed {
            FieldType::Primitive(prim) => VType::of_kind(prim.kind()),
            FieldType::Class(name) | FieldType::Array(name) => VType::named(self.universe.intern(name)?),
        };
        self.types.push(first);
        self.types.extend(first.second());
        Ok(())
    }

    /// The type that a class constant names.
    pub(super) fn class_constant(&self, index: u16) -> Option<VType> {
        let is_class = self.pool.tag(&self.universe.meta, index) == tag::CLASS;
        is_class.then(|| VType::named(self.pool.class_name(&self.universe.meta, index)))
    }

    /// The array type one dimension above a class or array type.
    pub(super) fn array_of(&mut self, component: VType) -> Outcome<VType, H> {
        let universe = self.universe;
        let text = component.name().map(|name| universe.text(name)).unwrap_or_default();
        let descriptor = match text.first() {
            Some(b'[') => [b"[", text].concat(),
            _ => [b"[L", text, b";"].concat(),
        };
        Ok(VType::named(universe.intern(&descriptor)?))
    }

    /// The type of arrays with these elements.
    pub(super) fn array_of_primitives(&self, element: PrimKind) -> Outcome<VType, H> {
        let descriptor: &[u8] = match element {
            PrimKind::Boolean => b"[Z",
            PrimKind::Char => b"[C",
            PrimKind::Float => b"[F",
            PrimKind::Double => b"[D",
            PrimKind::Byte => b"[B",
            PrimKind::Short => b"[S",
            PrimKind::Int => b"[I",
            PrimKind::Long => b"[J",
        };
        Ok(VType::named(self.universe.intern(descriptor)?))
    }

    /// The type of an array type's elements.
    pub(super) fn component(&mut self, array: VType) -> Outcome<VType, H> {
        if let Some(&known) = self.components.get(&array) {
            return Ok(known);
        }
        let universe = self.universe;
        let descriptor = array.array_descriptor(universe).and_then(|text| text.get(1..)).unwrap_or_default();
        let component = match FieldType::parse(descriptor) {
            Some(FieldType::Primitive(prim)) => VType::element(prim),
            Some(FieldType::Class(name) | FieldType::Array(name)) => VType::named(universe.intern(name)?),
            None => VType::TOP,
        };
        self.components.insert(array, component);
        Ok(component)
    }

    /// Whether a slot that holds `from` may be used as `to`.
    #[inline]
    pub(super) fn is_assignable(&mut self, to: VType, from: VType) -> Outcome<bool, H> {
        if to == from || to == VType::TOP {
            return Ok(true);
        }
        self.is_assignable_to_other(to, from, false)
    }

    /// The same for the class whose protected member is used: its superinterface Object is not as good as itself.
    pub(super) fn is_assignable_protected(&mut self, to: VType, from: VType) -> Outcome<bool, H> {
        if to == from {
            return Ok(true);
        }
        self.is_assignable_to_other(to, from, true)
    }

    fn is_assignable_to_other(&mut self, to: VType, from: VType, protected: bool) -> Outcome<bool, H> {
        Ok(match to {
            VType::ANY_REF => from.is_reference() || from.is_uninitialized(),
            VType::ONE_SLOT => from.is_one_slot(),
            VType::TWO_SLOTS => from.is_two_slots(),
            VType::BOOLEAN | VType::BYTE | VType::CHAR | VType::SHORT => from == VType::INT,
            _ if to.is_reference() && from.is_reference() => {
                return self.is_reference_assignable(to, from, protected);
            }
            _ => false,
        })
    }

    fn is_reference_assignable(&mut self, to: VType, from: VType, protected: bool) -> Outcome<bool, H> {
        let (Some(target), Some(source)) = (to.name(), from.name()) else { return Ok(from == VType::NULL) };
        if to == self.known.object {
            return Ok(true);
        }
        if !protected && self.assignable.contains(&(to, from)) {
            return Ok(true);
        }
        self.spend(4)?;
        let universe = self.universe;
        let answer = match (to.is_array(universe), from.is_array(universe)) {
            (true, true) => self.is_array_assignable(to, from, protected)?,
            (true, false) => false,
            (false, from_array) => self.is_class_assignable(target, source, from_array, protected)?,
        };
        if answer && !protected {
            self.assignable.insert((to, from));
        }
        Ok(answer)
    }

    /// Arrays are covariant in their elements if those are references, at any depth.
    fn is_array_assignable(&mut self, to: VType, from: VType, protected: bool) -> Outcome<bool, H> {
        let universe = self.universe;
        let (mut to, mut from) = (to, from);
        while to.is_array(universe) && from.is_array(universe) {
            (to, from) = (self.component(to)?, self.component(from)?);
            self.spend(2)?;
        }
        if to == from {
            return Ok(true);
        }
        match (to.name(), from.name()) {
            (Some(_), Some(_)) => self.is_reference_assignable(to, from, protected),
            _ => Ok(false),
        }
    }

    fn is_class_assignable(
        &mut self,
        target: Symbol,
        source: Symbol,
        from_array: bool,
        protected: bool,
    ) -> Outcome<bool, H> {
        let universe = self.universe;
        let target = self.load(target)?;
        let record = universe.class(target);
        if record.is_interface() && !(protected && source == universe.well.object) {
            // Any object may stand for an interface: invokeinterface looks for itself.
            let known = [universe.well.cloneable, universe.well.serializable].contains(&record.name);
            return Ok(!from_array || known && record.loader.is_boot());
        }
        if from_array {
            return Ok(false);
        }
        let source = self.load(source)?;
        Ok(self.extends(source, target))
    }

    /// Whether a class is `above` or one of its subclasses. Interfaces have no subclasses but themselves.
    pub(super) fn extends(&self, class: ClassId, above: ClassId) -> bool {
        crate::class::is_subtype(&self.universe.meta, class, above)
    }

    /// The class of this name as the verified class sees it. A hidden class is its own name's only bearer.
    pub(super) fn load(&mut self, name: Symbol) -> Outcome<ClassId, H> {
        if self.class.name == name && self.class.is_hidden() {
            return Ok(self.class.id);
        }
        if let Some(&known) = self.loaded.get(&name) {
            return Ok(known);
        }
        let class = match self.universe.find_loaded(self.class.loader, name) {
            Some(found) => found,
            None => {
                let start = Instant::now();
                let loaded = self.host.load_class(self.class.loader, name);
                self.elsewhere += start.elapsed();
                loaded.map_err(Fail::Host)?
            }
        };
        self.loaded.insert(name, class);
        Ok(class)
    }

    /// Whether a strict superclass has this name; by names alone, nothing is loaded.
    pub(super) fn named_in_supers(&mut self, name: Symbol) -> Outcome<bool, H> {
        let mut at = self.class.super_class;
        while !at.is_none() {
            let record = self.universe.class(at);
            if record.name == name {
                return Ok(true);
            }
            self.spend(1)?;
            at = record.super_class;
        }
        Ok(false)
    }

    /// Whether the member that a reference to `holder` finds is protected in a superclass of another package, so that the
    /// object must be one of the verified class (JVMS 4.10.1.8).
    pub(super) fn is_protected_elsewhere(
        &self,
        holder: ClassId,
        name: Symbol,
        descriptor: Symbol,
        method: bool,
    ) -> bool {
        let universe = self.universe;
        if !self.extends(self.class.id, holder) {
            return false;
        }
        let found = if method {
            let found = universe.find_method_in_hierarchy(holder, name, descriptor);
            found.map(|method| (method.access, method.class))
        } else {
            universe.find_field(holder, name, descriptor).map(|field| (field.access, field.class))
        };
        found.is_some_and(|(access, declared)| {
            access.contains(Access::PROTECTED) && !universe.same_package(self.class.id, declared)
        })
    }
}
