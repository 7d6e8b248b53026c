//! Random object graphs, kept twice: in the heap and in a model. After collections the reachable parts must agree.

use std::collections::HashMap;

use super::toy::*;
use crate::heap::*;
use crate::metaspace::ClassId;
use crate::object::mark::identity_hash;
use crate::object::*;

/// An object as the model sees it.
#[derive(Clone)]
struct Shadow {
    class: ClassId,
    len: u32,
    /// By slot, as indices into the model.
    slots: Vec<Option<usize>>,
    hash: u32,
}

struct Model {
    toy: Toy,
    random: Random,
    shadows: Vec<Shadow>,
    /// What each strong root refers to.
    roots: Vec<Option<usize>>,
    statics_class: ClassId,
}

const ROOTS: usize = 24;
const STATIC_SLOTS: u32 = 3;

impl Model {
    fn new(config: HeapConfig, seed: u64) -> Model {
        let mut toy = Toy::new(config);
        let static_runs = toy
            .arena
            .alloc_slice(&[RefRun { offset: 16, count: 1 }, RefRun { offset: 24, count: STATIC_SLOTS - 1 }])
            .unwrap();
        let layout = Layout { mirror_bytes: 32, static_runs, ..Layout::instance(8, NO_RUNS) };
        let statics_class = define(&toy.space, layout);
        toy.roots.strong = vec![0; ROOTS];
        Model { toy, random: Random(seed | 1), shadows: Vec::new(), roots: vec![None; ROOTS], statics_class }
    }

    /// Byte offsets of the reference slots of a shadow's object.
    fn slot_offsets(&self, shadow: &Shadow) -> Vec<usize> {
        let classes = &self.toy.classes;
        match shadow.class {
            class if class == classes.pair => vec![PAIR_LEFT, PAIR_RIGHT],
            class if class == classes.wide => vec![8, 12, 24],
            class if class == classes.mirror && shadow.len == 0 => vec![MIRROR_REF as usize],
            class if class == classes.mirror => vec![MIRROR_REF as usize, 16, 24, 28],
            class if class == classes.objects => (0..shadow.len as usize).map(|i| 12 + 4 * i).collect(),
            _ => Vec::new(),
        }
    }

    /// Allocates an object of a random class and puts it in a random root.
    fn allocate(&mut self) {
        let id = self.shadows.len() as u32 + 1;
        let classes = &self.toy.classes;
        let (pair, wide, bytes, longs, objects, mirror) =
            (classes.pair, classes.wide, classes.bytes, classes.longs, classes.objects, classes.mirror);
        let kind = self.random.below(10);
        let len = match self.random.below(20) {
            0 => self.random.below(6000),
            _ => self.random.below(20),
        } as u32;
        let (class, len, obj) = match kind {
            0..=3 => (pair, 0, self.toy.instance(pair, id)),
            4..=5 => (wide, 0, self.toy.instance(wide, id)),
            6 => (bytes, len, self.toy.array(bytes, len).unwrap()),
            7 => (longs, len, self.toy.array(longs, len).unwrap()),
            8 => (objects, len, self.toy.array(objects, len).unwrap()),
            _ => {
                let statics = self.random.below(2) as u32;
                (mirror, statics, self.mirror(statics == 1))
            }
        };
        let mut shadow = Shadow { class, len, slots: Vec::new(), hash: 0 };
        shadow.slots = vec![None; self.slot_offsets(&shadow).len()];
        self.fill(obj, &shadow, id);
        self.shadows.push(shadow);
        let root = self.random.below(ROOTS as u64) as usize;
        self.toy.set_root(root, obj);
        self.roots[root] = Some(id as usize - 1);
    }

    /// A mirror of a primitive type, or of the class with statics.
    fn mirror(&mut self, statics: bool) -> ObjRef {
        let at = self.toy.alloc(if statics { 32 } else { 16 }).unwrap();
        // SAFETY: fresh memory for the mirror.
        unsafe { init_instance(at, self.toy.classes.mirror) };
        let obj = ObjRef::from_ptr(self.toy.base(), at);
        if statics {
            self.toy.put(obj, MIRROR_CLASS as usize, self.statics_class.0);
        }
        obj
    }

    /// Primitive contents that follow from the id.
    fn fill(&self, obj: ObjRef, shadow: &Shadow, id: u32) {
        for i in 0..shadow.len as usize {
            // SAFETY: element `i` of the array.
            unsafe {
                if shadow.class == self.toy.classes.bytes {
                    store_u8(self.toy.base(), obj, 12 + i, (id as usize + i) as u8);
                } else if shadow.class == self.toy.classes.longs {
                    store_u64(self.toy.base(), obj, 16 + 8 * i, u64::from(id) << 32 | i as u64);
                }
            }
        }
    }

    fn check_contents(&self, obj: ObjRef, shadow: &Shadow, id: u32) {
        let classes = &self.toy.classes;
        assert_eq!(self.toy.class_of(obj), shadow.class);
        if shadow.class == classes.pair || shadow.class == classes.wide {
            assert_eq!(self.toy.id(obj), id);
        } else if shadow.class != classes.mirror {
            assert_eq!(self.toy.get(obj, ARRAY_LENGTH_OFFSET), shadow.len);
        }
        for i in 0..shadow.len as usize {
            // SAFETY: element `i` of the array.
            unsafe {
                if shadow.class == classes.bytes {
                    assert_eq!(load_u8(self.toy.base(), obj, 12 + i), (id as usize + i) as u8);
                } else if shadow.class == classes.longs {
                    assert_eq!(load_u64(self.toy.base(), obj, 16 + 8 * i), u64::from(id) << 32 | i as u64);
                }
            }
        }
        if shadow.hash != 0 {
            // SAFETY: a current reference.
            assert_eq!(unsafe { identity_hash(self.toy.base(), obj, !0) }, shadow.hash);
        }
    }

    /// A random reachable object: a root, and some steps from it.
    fn pick(&mut self) -> Option<(usize, ObjRef)> {
        let root = self.random.below(ROOTS as u64) as usize;
        let (mut model, mut obj) = (self.roots[root]?, self.toy.root(root));
        for _ in 0..self.random.below(6) {
            let shadow = self.shadows[model].clone();
            let slot = self.random.below(shadow.slots.len() as u64) as usize;
            let Some(Some(next)) = shadow.slots.get(slot).copied() else { break };
            obj = self.toy.get_ref(obj, self.slot_offsets(&shadow)[slot]);
            model = next;
        }
        Some((model, obj))
    }

    fn mutate(&mut self) {
        let (Some((from, obj)), target) = (self.pick(), self.pick()) else { return };
        let offsets = self.slot_offsets(&self.shadows[from]);
        match self.random.below(8) {
            0 => {
                let root = self.random.below(ROOTS as u64) as usize;
                self.roots[root] = target.map(|(model, _)| model);
                self.toy.set_root(root, target.map_or(ObjRef::NULL, |(_, obj)| obj));
            }
            1 => {
                // SAFETY: a current reference.
                let hash = unsafe { identity_hash(self.toy.base(), obj, self.random.next() as u32) };
                let known = &mut self.shadows[from].hash;
                assert!(*known == 0 || *known == hash);
                *known = hash;
            }
            _ if offsets.is_empty() => {}
            _ => {
                let slot = self.random.below(offsets.len() as u64) as usize;
                self.shadows[from].slots[slot] = target.map(|(model, _)| model);
                self.toy.put_ref(obj, offsets[slot], target.map_or(ObjRef::NULL, |(_, obj)| obj));
            }
        }
    }

    /// Walks both graphs from the roots; every object must match exactly one shadow. Returns the bytes reached.
    fn compare(&self) -> u64 {
        let mut object_of = HashMap::new();
        let mut shadow_of = HashMap::new();
        let mut work: Vec<(usize, ObjRef)> = Vec::new();
        let mut bytes = 0;
        let pair = |model: Option<usize>, obj: ObjRef, work: &mut Vec<_>| {
            assert_eq!(model.is_none(), obj.is_null());
            work.extend(model.map(|model| (model, obj)));
        };
        for (root, model) in self.roots.iter().enumerate() {
            pair(*model, self.toy.root(root), &mut work);
        }
        while let Some((model, obj)) = work.pop() {
            let known = object_of.insert(model, obj);
            assert!(known.is_none_or(|known| known == obj), "one object became two");
            if known.is_some() {
                continue;
            }
            assert_eq!(shadow_of.insert(obj, model), None, "two objects became one");
            let shadow = &self.shadows[model];
            self.check_contents(obj, shadow, model as u32 + 1);
            for (slot, offset) in self.slot_offsets(shadow).into_iter().enumerate() {
                pair(shadow.slots[slot], self.toy.get_ref(obj, offset), &mut work);
            }
            bytes += match self.toy.layout(shadow.class) {
                layout if layout.is_array() => array_bytes(layout.elem_shift, shadow.len) as u64,
                _ if shadow.class == self.toy.classes.mirror => 16 + 16 * u64::from(shadow.len),
                layout => u64::from(layout.instance_bytes),
            };
        }
        bytes
    }

    fn run(&mut self, steps: usize) {
        for step in 0..steps {
            match self.random.below(3) {
                0 => self.allocate(),
                _ => self.mutate(),
            }
            if step % 997 == 0 {
                self.compare();
            }
        }
        let report = self.toy.collect(GcCause::Explicit);
        assert_eq!(self.compare(), report.live_bytes, "exactly what is reachable survives");
    }
}

#[test]
fn random_graphs_survive() {
    for seed in 1..5 {
        let mut model =
            Model::new(HeapConfig { initial_bytes: 256 << 10, ..config(64 << 20) }, seed * 0x9E37_79B9);
        model.run(30_000);
        assert!(model.toy.heap.collections() > 3);
    }
}

#[test]
fn random_graphs_survive_a_collection_at_every_allocation() {
    for seed in 1..4 {
        let stressed = HeapConfig { stress_stride: Some(1), ..config(16 << 20) };
        let mut model = Model::new(stressed, seed * 0x51_7CC1);
        model.run(1_500);
        assert!(model.toy.heap.collections() as usize >= model.shadows.len());
    }
}

#[test]
fn random_graphs_survive_occasional_stress() {
    let stressed = HeapConfig { stress_stride: Some(50), ..config(16 << 20) };
    let mut model = Model::new(stressed, 77);
    model.run(20_000);
    assert!(model.toy.heap.collections() > 50);
}

#[test]
fn a_list_of_a_million_nodes_needs_no_stack() {
    let mut toy = Toy::new(config(128 << 20));
    let pair = toy.classes.pair;
    let head = toy.push_root(ObjRef::NULL);
    const NODES: u32 = 1_000_000;
    for id in 1..=NODES {
        let node = toy.instance(pair, id);
        let before = toy.root(head);
        toy.put_ref(node, PAIR_LEFT, before);
        toy.set_root(head, node);
    }
    let run = move |toy: &mut Toy| {
        toy.collect(GcCause::Explicit);
        let mut at = toy.root(head);
        for id in (1..=NODES).rev() {
            assert_eq!(toy.id(at), id);
            at = toy.get_ref(at, PAIR_LEFT);
        }
        assert!(at.is_null());
    };
    // On a thread with hardly any stack.
    let worker = move || {
        run(&mut toy);
        run(&mut toy);
    };
    std::thread::Builder::new().stack_size(64 << 10).spawn(worker).unwrap().join().unwrap();
}

#[test]
fn every_object_moves() {
    let mut toy = Toy::new(config(16 << 20));
    let pair = toy.classes.pair;
    let obj = toy.instance(pair, 5);
    let root = toy.push_root(obj);
    let twice = toy.push_root(obj);
    toy.collect(GcCause::Explicit);
    assert_ne!(toy.root(root), obj);
    assert_eq!(toy.root(root), toy.root(twice), "two slots, one object");
    assert_eq!(toy.id(toy.root(root)), 5);
}

#[test]
fn objects_age_and_keep_their_lock_bits() {
    use crate::object::mark::*;
    let mut toy = Toy::new(config(16 << 20));
    let pair = toy.classes.pair;
    let obj = toy.instance(pair, 5);
    let root = toy.push_root(obj);
    // SAFETY: a current reference.
    unsafe { cas_mark(toy.base(), obj, 0, LOCK_FAST | 7 << HASH_SHIFT).unwrap() };
    for survived in 1..20 {
        toy.collect(GcCause::Explicit);
        // SAFETY: a current reference.
        let mark = unsafe { load_mark(toy.base(), toy.root(root)) };
        assert_eq!(mark & LOCK_MASK, LOCK_FAST);
        assert_eq!(hash_of_mark(mark), 7);
        assert_eq!((mark & AGE_MASK) >> AGE_SHIFT, survived.min(15));
    }
}

#[test]
fn a_walk_sees_every_object_once() {
    let mut toy = Toy::new(config(16 << 20));
    let (pair, bytes) = (toy.classes.pair, toy.classes.bytes);
    for i in 0..1000 {
        toy.instance(pair, i);
        toy.array(bytes, i % 3000).unwrap();
    }
    toy.heap.retire(&mut toy.tlab);
    let (mut pairs, mut arrays) = (0, 0);
    // SAFETY: one thread, its buffer retired.
    unsafe {
        toy.heap.for_each_object(|_, class, size| {
            pairs += u32::from(class == pair && size == 24);
            arrays += u32::from(class == bytes);
        });
    }
    assert_eq!((pairs, arrays), (1000, 1000));
}
