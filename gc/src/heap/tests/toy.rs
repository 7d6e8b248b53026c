//! A toy virtual machine: a cage, a handful of classes, a table of roots. It collects when the heap asks for it.

use crate::cage::{Cage, CageConfig};
use crate::heap::*;
use crate::metaspace::{Arena, ArenaKind, ClassId, MetaSlice, Metaspace};
use crate::object::*;

/// Offsets of a toy Reference object; `soft_timestamp` lies at a multiple of 4 only, as a packed layout may place it.
pub(super) const REFERENCE: ReferenceOffsets =
    ReferenceOffsets { referent: 8, discovered: 20, next: 16, soft_timestamp: 28 };
const QUEUE: u32 = 12;
const REFERENCE_ID: u32 = 24;
/// Offset of the hidden class id in a toy mirror; its one reference follows.
pub(super) const MIRROR_CLASS: u32 = 8;
pub(super) const MIRROR_REF: u32 = 12;

pub(super) struct Toy {
    pub(super) heap: Heap,
    pub(super) space: Metaspace,
    pub(super) arena: Arena,
    pub(super) tlab: Tlab,
    pub(super) roots: Roots,
    pub(super) classes: Classes,
    pub(super) reports: Vec<GcReport>,
}

/// Strong roots, and a weak table.
#[derive(Default)]
pub(super) struct Roots {
    pub(super) strong: Vec<u32>,
    pub(super) weak: Vec<ObjRef>,
    /// Classes that may be unloaded; their records have the slots of their mirrors.
    pub(super) unloadable: Vec<ClassId>,
    /// Those that the heap has found dead, and of which it has said that no instance is left.
    pub(super) unlinked: Vec<ClassId>,
    pub(super) forgotten: Vec<ClassId>,
    /// The metaspace, once there are such classes.
    pub(super) records: Option<Metaspace>,
}

impl Roots {
    pub(super) fn mirror_slot(&self, class: ClassId) -> *mut u32 {
        let space = self.records.as_ref().expect("a toy with such classes has their metaspace here");
        space.class_ptr(class).wrapping_add(layout::CLASS_MIRROR_OFFSET).cast()
    }
}

impl RootSet for Roots {
    fn visit_strong(&mut self, v: &mut dyn FnMut(&mut u32)) {
        self.strong.iter_mut().for_each(&mut *v);
        // SAFETY: slots of records; the world is stopped.
        self.unloadable.iter().for_each(|&class| v(unsafe { &mut *self.mirror_slot(class) }));
    }

    fn visit_marking(&mut self, v: &mut dyn FnMut(&mut u32)) {
        self.strong.iter_mut().for_each(v);
    }

    fn unload(&mut self, lives: &mut dyn FnMut(ObjRef) -> bool) -> bool {
        let before = self.unlinked.len();
        // SAFETY: as above.
        let is_dead = |class: &ClassId| !lives(ObjRef(unsafe { *self.mirror_slot(*class) }));
        let dead: Vec<ClassId> = self.unloadable.iter().copied().filter(is_dead).collect();
        self.unloadable.retain(|class| !dead.contains(class));
        self.unlinked.extend(dead);
        self.unlinked.len() > before
    }

    /// A class of which there are objects would have no size from now on, and the verifier says so.
    fn forget_unloaded(&mut self) {
        for class in self.unlinked.drain(..) {
            if let Some(space) = &self.records {
                // SAFETY: nothing names the class any more.
                unsafe { space.class_ptr(class).write_bytes(0, crate::metaspace::CLASS_RECORD_BYTES) };
            }
            self.forgotten.push(class);
        }
    }

    fn visit_weak(&mut self, v: &mut dyn FnMut(ObjRef) -> Option<ObjRef>) {
        self.weak = self.weak.iter().filter_map(|&obj| v(obj)).collect();
    }
}

pub(super) struct Classes {
    /// A u32 id at +8 and references at +12 and +16.
    pub(super) pair: ClassId,
    /// References at +8, +12, +24; a u64 at +16 that holds the id.
    pub(super) wide: ClassId,
    pub(super) bytes: ClassId,
    pub(super) longs: ClassId,
    pub(super) objects: ClassId,
    pub(super) mirror: ClassId,
    /// By `ref_kind`.
    pub(super) references: [ClassId; 5],
}

pub(super) const PAIR_ID: usize = 8;
pub(super) const PAIR_LEFT: usize = 12;
pub(super) const PAIR_RIGHT: usize = 16;

impl Toy {
    pub(super) fn new(config: HeapConfig) -> Toy {
        let cage = Cage::reserve(&CageConfig { heap_bytes: config.cage_bytes() }).unwrap();
        let space = Metaspace::new(&cage, 8 << 20);
        let arena = space.new_arena(ArenaKind::Boot);
        let heap = Heap::new(&cage, config).unwrap();
        heap.begin_stress();
        heap.set_reference_offsets(REFERENCE);
        heap.set_mirror_class_offset(MIRROR_CLASS);
        let runs = |runs: &[(u32, u32)]| {
            arena.alloc_slice_with(runs.len(), |i| RefRun { offset: runs[i].0, count: runs[i].1 }).unwrap()
        };
        let class = |layout: Layout| define(&space, layout);
        let reference = |kind: u8| {
            let refs = runs(&[(QUEUE, 2)]);
            class(Layout { ref_kind: kind, ..Layout::instance(40, refs) })
        };
        let classes = Classes {
            pair: class(Layout::instance(24, runs(&[(12, 2)]))),
            wide: class(Layout::instance(32, runs(&[(8, 2), (24, 1)]))),
            bytes: class(Layout::prim_array(0)),
            longs: class(Layout::prim_array(3)),
            objects: class(Layout::ref_array()),
            mirror: class(Layout {
                kind: LayoutKind::Mirror,
                ..Layout::instance(16, runs(&[(MIRROR_REF, 1)]))
            }),
            references: [0, 1, 2, 3, 4].map(reference),
        };
        let (tlab, roots) = (Tlab::new(), Roots::default());
        Toy { heap, space, arena, tlab, roots, classes, reports: Vec::new() }
    }

    pub(super) fn base(&self) -> *mut u8 {
        self.space.cage().base()
    }

    /// Memory for an object; collects when asked to.
    pub(super) fn alloc(&mut self, bytes: usize) -> Result<*mut u8, AllocFailure> {
        for _ in 0..10 {
            if let Some(at) = self.tlab.alloc(bytes) {
                return Ok(at);
            }
            match self.heap.alloc_slow(&mut self.tlab, bytes) {
                Err(AllocFailure::NeedCollection) => self.collect(GcCause::Allocation),
                other => return other,
            };
        }
        panic!("collecting never satisfies an allocation of {bytes} bytes");
    }

    pub(super) fn collect(&mut self, cause: GcCause) -> GcReport {
        self.heap.retire(&mut self.tlab);
        // SAFETY: one thread, its buffer retired, its references all in `roots`.
        let report = unsafe { self.heap.collect(&mut self.roots, cause) };
        self.reports.push(report);
        report
    }

    /// An instance with its id. References held by the caller are stale afterwards.
    pub(super) fn instance(&mut self, class: ClassId, id: u32) -> ObjRef {
        let bytes = self.layout(class).instance_bytes as usize;
        let at = self.alloc(bytes).unwrap();
        self.assert_zero(at, bytes);
        // SAFETY: fresh memory for an instance of this class.
        unsafe { init_instance(at, class) };
        let obj = ObjRef::from_ptr(self.base(), at);
        if id != 0 {
            let off = self.id_offset(class);
            self.put(obj, off, id);
        }
        obj
    }

    pub(super) fn array(&mut self, class: ClassId, len: u32) -> Result<ObjRef, AllocFailure> {
        let bytes = array_bytes(self.layout(class).elem_shift, len);
        let at = self.alloc(bytes)?;
        self.assert_zero(at, bytes);
        // SAFETY: fresh memory for an array of this length.
        unsafe { init_array(at, class, len) };
        Ok(ObjRef::from_ptr(self.base(), at))
    }

    /// A reference of a kind to a root's object; the new object becomes the last root.
    pub(super) fn reference(&mut self, kind: u8, id: u32, referent_root: usize) -> usize {
        let obj = self.instance(self.classes.references[kind as usize], id);
        let referent = self.root(referent_root);
        self.put_ref(obj, REFERENCE.referent as usize, referent);
        self.push_root(obj)
    }

    pub(super) fn layout(&self, class: ClassId) -> Layout {
        // SAFETY: the record of a toy class starts with its layout.
        unsafe { self.space.class_ptr(class).cast::<Layout>().read() }
    }

    pub(super) fn class_of(&self, obj: ObjRef) -> ClassId {
        // SAFETY: tests pass current references.
        unsafe { class_of(self.base(), obj) }
    }

    fn id_offset(&self, class: ClassId) -> usize {
        match class {
            class if class == self.classes.pair => PAIR_ID,
            class if class == self.classes.wide => 16,
            _ => REFERENCE_ID as usize,
        }
    }

    pub(super) fn id(&self, obj: ObjRef) -> u32 {
        self.get(obj, self.id_offset(self.class_of(obj)))
    }

    pub(super) fn get(&self, obj: ObjRef, off: usize) -> u32 {
        assert!(!obj.is_null());
        // SAFETY: tests pass current references and offsets of fields.
        unsafe { load_u32(self.base(), obj, off) }
    }

    pub(super) fn put(&self, obj: ObjRef, off: usize, value: u32) {
        // SAFETY: tests pass current references and offsets of fields.
        unsafe { store_u32(self.base(), obj, off, value) }
    }

    pub(super) fn get_ref(&self, obj: ObjRef, off: usize) -> ObjRef {
        ObjRef(self.get(obj, off))
    }

    pub(super) fn put_ref(&self, obj: ObjRef, off: usize, value: ObjRef) {
        // SAFETY: tests pass current references and offsets of reference fields.
        unsafe { store_ref(self.base(), obj, off, value) }
    }

    pub(super) fn root(&self, index: usize) -> ObjRef {
        ObjRef(self.roots.strong[index])
    }

    pub(super) fn set_root(&mut self, index: usize, obj: ObjRef) {
        self.roots.strong[index] = obj.raw();
    }

    pub(super) fn push_root(&mut self, obj: ObjRef) -> usize {
        self.roots.strong.push(obj.raw());
        self.roots.strong.len() - 1
    }

    fn assert_zero(&self, at: *mut u8, bytes: usize) {
        // SAFETY: fresh memory of this size.
        let fresh = unsafe { std::slice::from_raw_parts(at, bytes) };
        assert!(fresh.iter().all(|&byte| byte == 0), "memory handed out is zero");
    }
}

/// A new class with this layout.
pub(super) fn define(space: &Metaspace, layout: Layout) -> ClassId {
    let id = space.new_class_id().unwrap();
    // SAFETY: a fresh record, larger than a layout.
    unsafe { space.class_ptr(id).cast::<Layout>().write(layout) };
    id
}

pub(super) fn config(max_bytes: u64) -> HeapConfig {
    HeapConfig { verify_every: 1, background: false, ..HeapConfig::new(max_bytes) }
}

pub(super) const NO_RUNS: MetaSlice<RefRun> = MetaSlice::EMPTY;

/// A small generator: the same numbers in every run.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    pub(super) fn below(&mut self, bound: u64) -> u64 {
        (self.next() >> 11) % bound.max(1)
    }
}
