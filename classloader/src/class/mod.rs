//! The metadata of loaded classes, as it lies in metaspace.
//!
//! Everything here is plain data (`#[repr(C)]`, offsets instead of pointers), so that metaspace can be mapped at any
//! address. A reader holds `&Class` and friends borrowed from the isolate; parts that change after a class is
//! published are atomics. A class file's bytes are kept whole in metaspace, and code, annotations and other cold
//! attributes are slices of it that are read again when somebody asks.
//!
//! Not here: how a class comes to be (`link`), who may load it (`universe`), or anything that runs it (`vm`).

pub mod field;
pub mod method;
pub mod pool;

use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};

use carafe_gc::metaspace::{CLASS_RECORD_BYTES, ClassId, Meta, MetaSlice, Metaspace, Plain};
use carafe_gc::object::Layout;
use carafe_gc::object::layout::CLASS_MIRROR_OFFSET;

pub use field::Field;
pub use method::{Handler, Method, MethodId};
pub use pool::Pool;

use crate::symbols::Symbol;

/// How many superclasses a class shows in its display; deeper ones are found in `secondary`.
pub const DISPLAY: usize = 8;

/// A class loader of the isolate; 0 is the boot loader.
#[repr(transparent)]
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct LoaderId(pub u32);

impl LoaderId {
    pub const BOOT: LoaderId = LoaderId(0);

    pub fn is_boot(self) -> bool {
        self.0 == 0
    }
}

/// A module of the isolate as the VM's access checks know it; 0 is "not yet known" (before java.base is defined).
#[repr(transparent)]
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct ModuleId(pub u32);

// SAFETY: transparent u32s; every bit pattern is valid.
unsafe impl Plain for LoaderId {}
// SAFETY: as above.
unsafe impl Plain for ModuleId {}

bitflags::bitflags! {
    /// Access flags as they stand in class files, for classes, fields and methods alike (JVMS 4.1, 4.5, 4.6).
    #[repr(transparent)]
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub struct Access: u16 {
        const PUBLIC = 0x0001;
        const PRIVATE = 0x0002;
        const PROTECTED = 0x0004;
        const STATIC = 0x0008;
        const FINAL = 0x0010;
        /// On a method: synchronized; on a class: super.
        const SYNCHRONIZED = 0x0020;
        /// On a field: volatile; on a method: bridge.
        const VOLATILE = 0x0040;
        /// On a field: transient; on a method: varargs.
        const VARARGS = 0x0080;
        const NATIVE = 0x0100;
        const INTERFACE = 0x0200;
        const ABSTRACT = 0x0400;
        const STRICT = 0x0800;
        const SYNTHETIC = 0x1000;
        const ANNOTATION = 0x2000;
        const ENUM = 0x4000;
        /// On a class: module; on a parameter: mandated.
        const MODULE = 0x8000;
    }

    /// What the VM knows of a class beyond its access flags.
    #[repr(transparent)]
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub struct ClassFlags: u32 {
        const ARRAY = 1 << 0;
        const PRIMITIVE = 1 << 1;
        const HIDDEN = 1 << 2;
        /// Declares or inherits a `finalize()V` other than Object's, with a body.
        const FINALIZABLE = 1 << 3;
        /// Declares at least one non-abstract, non-static instance method (matters for interfaces: JVMS 5.5 step 7).
        const HAS_DEFAULTS = 1 << 4;
        /// Some superinterface (or itself) declares defaults.
        const HAS_DEFAULTS_ABOVE = 1 << 5;
        const CLONEABLE = 1 << 6;
        /// Has a `<clinit>`.
        const HAS_CLINIT = 1 << 7;
        /// Defined by the boot or platform loader out of the image, or with the VM-annotations right: VM annotations count.
        const VM_ANNOTATIONS = 1 << 8;
        /// A hidden class that lives as long as its loader.
        const STRONG_HIDDEN = 1 << 9;
        /// Came out of the JDK image: not verified.
        const FROM_IMAGE = 1 << 10;
        const RECORD = 1 << 11;
        /// java.lang.ref.Reference or a subclass.
        const REFERENCE = 1 << 12;
        /// Made of a class file with minor version 65535 or a preview-dependent feature.
        const PREVIEW = 1 << 13;
        /// Instances cannot be made by `new` / allocateInstance through the ordinary path (java.lang.Class).
        const SPECIAL_ALLOCATION = 1 << 14;
        /// Says which classes may extend it, in a class file young enough for that to count.
        const SEALED = 1 << 15;
        /// Has an InnerClasses attribute that counts: one in which no class stands inside itself.
        const INNER_CLASSES = 1 << 16;
        /// Goes with its loader, or as a hidden class with its mirror; an array's is that of its element type. The layout
        /// says so too, for the collector.
        const UNLOADABLE = 1 << 17;
    }
}

// SAFETY: transparent u16, every bit pattern is kept.
unsafe impl Plain for Access {}
// SAFETY: transparent u32, every bit pattern is kept.
unsafe impl Plain for ClassFlags {}

/// Where a class stands on its way (JVMS 5.3 to 5.5). Order matters: later states compare greater.
#[repr(u8)]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ClassState {
    Empty = 0,
    Loaded = 1,
    Linked = 2,
    BeingInitialized = 3,
    Initialized = 4,
    Erroneous = 5,
}

impl ClassState {
    fn from_u8(v: u8) -> ClassState {
        match v {
            1 => ClassState::Loaded,
            2 => ClassState::Linked,
            3 => ClassState::BeingInitialized,
            4 => ClassState::Initialized,
            5 => ClassState::Erroneous,
            _ => ClassState::Empty,
        }
    }
}

/// One interface in a class's itable: the interface and where its methods begin in `itable_methods`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ItableEntry {
    pub interface: ClassId,
    pub start: u32,
}

// SAFETY: repr(C) of two u32s.
unsafe impl Plain for ItableEntry {}

/// A loaded class: the record that an object's class word names. At most `CLASS_RECORD_BYTES` long.
#[repr(C)]
pub struct Class {
    /// First, because the collector finds it by class word and knows nothing of the rest.
    pub layout: Layout,
    /// Reference to the java.lang.Class object, where the collector expects it (`CLASS_MIRROR_OFFSET`); visited as a root.
    pub mirror: AtomicU32,
    pub id: ClassId,
    pub name: Symbol,
    pub access: Access,
    pub dims: u8,
    /// For a primitive class, the `BasicType` as u8; for an array, that of its elements.
    pub basic: u8,
    pub flags: ClassFlags,
    pub super_class: ClassId,
    /// Depth in the superclass chain; Object is 0. Interfaces are 0 too and never in a display.
    pub depth: u32,
    pub display: [ClassId; DISPLAY],
    /// All superinterfaces, own ones included, without duplicates, and itself if it is an interface.
    pub all_interfaces: MetaSlice<ClassId>,
    /// Direct superinterfaces in class-file order.
    pub interfaces: MetaSlice<ClassId>,
    /// The last interface (or deep class) that a subtype check found; a cache, any value is safe.
    pub secondary_cache: AtomicU32,
    pub loader: LoaderId,
    pub module: AtomicU32,
    /// Package in internal form ("java/lang"), NONE for the unnamed package.
    pub package: Symbol,
    /// Reference to the Object[] of resolved constants and call sites; visited as a root. What marking needs to know of it
    /// stands in an injected field of the mirror, for classes that may be unloaded.
    pub resolved: AtomicU32,
    /// Element type of an array class.
    pub component: ClassId,
    /// The array class whose component this is; 0 until somebody asks.
    pub array_class: AtomicU32,
    pub state: AtomicU8,
    pub _pad: [u8; 3],
    /// Thread id (of the vm's own numbering) that runs the initializer.
    pub init_thread: AtomicU32,
    pub vtable: MetaSlice<Meta<Method>>,
    pub itable: MetaSlice<ItableEntry>,
    pub itable_methods: MetaSlice<Meta<Method>>,
    pub methods: MetaSlice<Method>,
    pub fields: MetaSlice<Field>,
    /// Indices of `methods` by name and descriptor, and of `fields` without the injected ones; empty where there are few.
    pub methods_by_key: MetaSlice<u16>,
    pub fields_by_key: MetaSlice<u16>,
    /// The nearest superclass that declares final methods which subclasses inherit, itself included.
    pub finals: ClassId,
    pub pool: Meta<Pool>,
    /// The class file.
    pub bytes: MetaSlice<u8>,
    /// Class-level attributes, raw: u2 count, then the table.
    pub attributes: MetaSlice<u8>,
    pub major: u16,
    pub minor: u16,
    pub this_index: u16,
    pub source_file: u16,
    /// First byte after the last instance field, where a subclass starts to place its own.
    pub field_end: u32,
    pub nest_host: AtomicU32,
    /// Class-file flags as InnerClasses has them, for Class.getModifiers; the access flags when there is no entry.
    pub modifiers: u16,
    pub _pad2: u16,
    pub clinit: Meta<Method>,
    /// Index of the first method in the isolate's method table, and how many follow it, those that the VM made included.
    pub first_method: u32,
    pub method_count: u32,
    /// Arena that holds this class's metadata (raw arena id).
    pub arena: u32,
    /// Where the class was loaded from, as -verbose:class shows it.
    pub source: Symbol,
    /// How many elements of `resolved` are in use.
    pub resolved_count: AtomicU32,
    /// 1 + the place among the resolved objects of what use of the class reports after a failed initialization; 0 = none.
    pub init_error: AtomicU32,
}

const _: () = assert!(std::mem::size_of::<Class>() <= CLASS_RECORD_BYTES);
const _: () = assert!(std::mem::offset_of!(Class, layout) == 0);
const _: () = assert!(std::mem::offset_of!(Class, mirror) == CLASS_MIRROR_OFFSET);

// SAFETY: repr(C), only offsets, ids, plain integers and atomics; all-zero is the Empty state.
unsafe impl Plain for Class {}

impl Class {
    /// The record of zeroes: no class yet.
    pub fn empty() -> Class {
        // SAFETY: Plain promises that every bit pattern is a valid value.
        unsafe { std::mem::zeroed() }
    }

    pub fn state(&self) -> ClassState {
        ClassState::from_u8(self.state.load(Ordering::Acquire))
    }

    pub fn set_state(&self, state: ClassState) {
        self.state.store(state as u8, Ordering::Release);
    }

    pub fn is_initialized(&self) -> bool {
        self.state.load(Ordering::Acquire) == ClassState::Initialized as u8
    }

    pub fn is_interface(&self) -> bool {
        self.access.contains(Access::INTERFACE)
    }

    pub fn is_abstract(&self) -> bool {
        self.access.contains(Access::ABSTRACT)
    }

    pub fn is_array(&self) -> bool {
        self.flags.contains(ClassFlags::ARRAY)
    }

    pub fn is_primitive(&self) -> bool {
        self.flags.contains(ClassFlags::PRIMITIVE)
    }

    /// Whether the class may be unloaded before its isolate ends.
    pub fn is_unloadable(&self) -> bool {
        self.flags.contains(ClassFlags::UNLOADABLE)
    }

    pub fn is_hidden(&self) -> bool {
        self.flags.contains(ClassFlags::HIDDEN)
    }

    /// An ordinary class or interface: neither array nor primitive.
    pub fn is_plain(&self) -> bool {
        !self.flags.intersects(ClassFlags::ARRAY | ClassFlags::PRIMITIVE)
    }

    pub fn module(&self) -> ModuleId {
        ModuleId(self.module.load(Ordering::Acquire))
    }

    /// The method declared here (not inherited) with this name and descriptor.
    pub fn find_declared<'m>(
        &self,
        meta: &'m Metaspace,
        name: Symbol,
        descriptor: Symbol,
    ) -> Option<&'m Method> {
        let methods = meta.slice(self.methods);
        let order = meta.slice(self.methods_by_key);
        if order.is_empty() {
            return methods.iter().find(|m| m.name == name && m.descriptor == descriptor);
        }
        let key = |&at: &u16| methods.get(at as usize).map(|m| (m.name, m.descriptor));
        let found = order.get(order.partition_point(|at| key(at) < Some((name, descriptor))))?;
        methods.get(*found as usize).filter(|m| m.name == name && m.descriptor == descriptor)
    }

    /// The field declared here; injected ones are not found.
    pub fn find_declared_field<'m>(
        &self,
        meta: &'m Metaspace,
        name: Symbol,
        descriptor: Symbol,
    ) -> Option<&'m Field> {
        let fields = meta.slice(self.fields);
        let order = meta.slice(self.fields_by_key);
        if order.is_empty() {
            let mut fields = fields.iter().filter(|f| !f.is_injected());
            return fields.find(|f| f.name == name && f.descriptor == descriptor);
        }
        let key = |&at: &u16| fields.get(at as usize).map(|f| (f.name, f.descriptor));
        let found = order.get(order.partition_point(|at| key(at) < Some((name, descriptor))))?;
        fields.get(*found as usize).filter(|f| f.name == name && f.descriptor == descriptor)
    }
}

/// The class record of `id`. The id is masked, so a forged one names some record, perhaps an empty one.
#[inline(always)]
pub fn class(meta: &Metaspace, id: ClassId) -> &Class {
    // SAFETY: class_ptr masks the id into the class table, whose slots are CLASS_RECORD_BYTES apart, aligned, mapped
    // for the life of the metaspace, and valid as a Class when zero (see Plain for Class).
    unsafe { &*meta.class_ptr(id).cast::<Class>() }
}

/// Whether `sub` is `sup` or a subtype of it (JVMS 4.10.1.2 and the run-time rules of checkcast).
pub fn is_subtype(meta: &Metaspace, sub: ClassId, sup: ClassId) -> bool {
    if sub == sup {
        return true;
    }
    let (s, t) = (class(meta, sub), class(meta, sup));
    if t.is_array() {
        // Arrays are covariant in reference elements; primitive element types must be equal, and were tested by ==.
        return s.is_array()
            && !class(meta, t.component).is_primitive()
            && is_subtype(meta, s.component, t.component);
    }
    if !t.is_interface() && (t.depth as usize) < DISPLAY {
        return s.display[t.depth as usize] == sup;
    }
    if s.secondary_cache.load(Ordering::Relaxed) == sup.0 {
        return true;
    }
    let found = if t.is_interface() {
        meta.slice(s.all_interfaces).contains(&sup)
    } else {
        let mut at = s.super_class;
        while at != ClassId::NONE && at != sup {
            at = class(meta, at).super_class;
        }
        at == sup
    };
    if found {
        s.secondary_cache.store(sup.0, Ordering::Relaxed);
    }
    found
}
