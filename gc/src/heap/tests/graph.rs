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
            match self.random.below(2000) {
                0 => drop(self.toy.collect(GcCause::Explicit)),
                1..8 => drop(self.toy.collect(GcCause::Allocation)),
                _ => {}
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
fn random_graphs_survive_tiny_regions_and_a_tiny_eden() {
    for (seed, region_fill_bytes) in [(1, 512), (2, 4 << 10), (3, 20 << 10)] {
        let tiny = HeapConfig { region_fill_bytes, eden_bytes: 32 << 10, workers: 2, ..config(16 << 20) };
        let mut model = Model::new(tiny, seed * 0x2_1537);
        model.run(10_000);
        assert!(model.toy.heap.collections() > 20);
    }
}

#[test]
fn random_graphs_survive_a_collection_at_every_allocation() {
    for seed in 1..4 {
        let stressed = HeapConfig { stress_stride: Some(1), workers: 3, ..config(16 << 20) };
        let mut model = Model::new(stressed, seed * 0x51_7CC1);
        model.run(1_500);
        assert!(model.toy.heap.collections() as usize >= model.shadows.len());
        for kind in [GcKind::Young, GcKind::Begin, GcKind::Remark, GcKind::Mixed, GcKind::Full] {
            let count = model.toy.reports.iter().filter(|report| report.kind == kind).count();
            assert!(count > 3, "{count} collections of kind {kind:?}");
        }
    }
}

#[test]
fn a_changing_table_survives_marking_beside_the_program() {
    const SLOTS: u32 = 400_000;
    let config = HeapConfig { background: true, initial_bytes: 1 << 20, verify_every: 0, ..config(64 << 20) };
    let mut toy = Toy::new(config);
    let (pair, objects) = (toy.classes.pair, toy.classes.objects);
    let mut random = Random(4711);
    let table = toy.array(objects, SLOTS).unwrap();
    let table = toy.push_root(table);
    let slot = |at: u32| ARRAY_DATA_OFFSET + 4 * at as usize;
    // A machine that is busy with something else gives the marking its time late.
    const KINDS: [GcKind; 3] = [GcKind::Begin, GcKind::Remark, GcKind::Mixed];
    let all_seen = |toy: &Toy| KINDS.iter().all(|kind| toy.reports.iter().any(|report| report.kind == *kind));
    for round in 0..60_000_000_u32 {
        // Each node refers to an older one, which loses what it referred to: no list grows.
        let at = if round < SLOTS { round } else { random.below(u64::from(SLOTS)) as u32 };
        let node = toy.instance(pair, at + 1);
        let array = toy.root(table);
        let other = toy.get_ref(array, slot(random.below(u64::from(SLOTS)) as u32));
        if !other.is_null() {
            toy.put_ref(other, PAIR_LEFT, ObjRef::NULL);
        }
        toy.put_ref(node, PAIR_LEFT, other);
        toy.put_ref(array, slot(at), node);
        if round % 1_000_000 == 999_999 {
            for at in 0..SLOTS {
                let node = toy.get_ref(toy.root(table), slot(at));
                assert_eq!(toy.id(node), at + 1);
                let other = toy.get_ref(node, PAIR_LEFT);
                assert!(other.is_null() || (1..=SLOTS).contains(&toy.id(other)));
            }
            if round > 5_000_000 && all_seen(&toy) {
                break;
            }
        }
    }
    let seen = KINDS.map(|kind| toy.reports.iter().filter(|report| report.kind == kind).count());
    assert!(seen.iter().all(|&count| count > 0), "{seen:?} collections of the kinds {KINDS:?}");
}

#[test]
fn random_graphs_survive_occasional_stress() {
    let stressed = HeapConfig { stress_stride: Some(50), ..config(16 << 20) };
    let mut model = Model::new(stressed, 77);
    model.run(20_000);
    assert!(model.toy.heap.collections() > 50);
}

#[test]
fn several_workers_copy_each_object_once() {
    // Enough survivors, in graphs where all workers meet.
    let mut toy = Toy::new(HeapConfig { workers: 4, initial_bytes: 2 << 20, ..config(128 << 20) });
    let (pair, objects) = (toy.classes.pair, toy.classes.objects);
    let mut random = Random(99);
    let table = toy.array(objects, 60_000).unwrap();
    let table = toy.push_root(table);
    for round in 0..8 {
        for id in 1..=60_000 {
            let node = toy.instance(pair, round * 60_000 + id);
            let array = toy.root(table);
            for slot in [PAIR_LEFT, PAIR_RIGHT] {
                let other = random.below(u64::from(id)) as usize;
                toy.put_ref(node, slot, toy.get_ref(array, ARRAY_DATA_OFFSET + 4 * other));
            }
            toy.put_ref(array, ARRAY_DATA_OFFSET + 4 * (id as usize - 1), node);
        }
        // What one object is, all who refer to it agree upon.
        let array = toy.root(table);
        let mut seen = std::collections::HashMap::new();
        for at in 0..60_000 {
            let node = toy.get_ref(array, ARRAY_DATA_OFFSET + 4 * at);
            assert_eq!(toy.id(node), round * 60_000 + at as u32 + 1);
            for obj in [node, toy.get_ref(node, PAIR_LEFT), toy.get_ref(node, PAIR_RIGHT)] {
                if !obj.is_null() {
                    assert_eq!(*seen.entry(toy.id(obj)).or_insert(obj), obj);
                }
            }
        }
    }
    assert!(toy.reports.iter().filter(|report| report.kind == GcKind::Young).count() > 3);
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
fn what_is_young_moves_and_what_lies_behind_the_dead_does_too() {
    let mut toy = Toy::new(config(16 << 20));
    let pair = toy.classes.pair;
    let obj = toy.instance(pair, 5);
    let root = toy.push_root(obj);
    let twice = toy.push_root(obj);
    toy.collect(GcCause::Allocation);
    assert_ne!(toy.root(root), obj);
    assert_eq!(toy.root(root), toy.root(twice), "two slots, one object");
    assert_eq!(toy.id(toy.root(root)), 5);

    let (dead, live) = (toy.instance(pair, 6), toy.instance(pair, 7));
    let (dead, behind) = (toy.push_root(dead), toy.push_root(live));
    toy.collect(GcCause::Explicit);
    toy.set_root(dead, ObjRef::NULL);
    let before = toy.root(behind);
    toy.collect(GcCause::Explicit);
    assert!(toy.root(behind) < before);
    assert_eq!((toy.id(toy.root(root)), toy.id(toy.root(behind))), (5, 7));
}

#[test]
fn objects_age_until_they_are_promoted_and_keep_their_lock_bits() {
    use crate::object::mark::*;
    let mut toy = Toy::new(config(16 << 20));
    let pair = toy.classes.pair;
    let obj = toy.instance(pair, 5);
    let root = toy.push_root(obj);
    // SAFETY: a current reference.
    unsafe { cas_mark(toy.base(), obj, 0, LOCK_FAST | 7 << HASH_SHIFT).unwrap() };
    let mut promoted = 0;
    for survived in 1..20 {
        let place = toy.root(root);
        promoted += toy.collect(GcCause::Allocation).promoted_bytes;
        // SAFETY: a current reference.
        let mark = unsafe { load_mark(toy.base(), toy.root(root)) };
        assert_eq!(mark & LOCK_MASK, LOCK_FAST);
        assert_eq!(hash_of_mark(mark), 7);
        let age = (mark & AGE_MASK) >> AGE_SHIFT;
        assert!(age == survived || promoted != 0 && toy.root(root) == place);
    }
    assert_eq!(promoted, 24, "promoted once");
}

#[test]
fn old_objects_keep_young_ones_through_their_cards() {
    let mut toy = Toy::new(config(64 << 20));
    let (pair, objects) = (toy.classes.pair, toy.classes.objects);
    // Small arrays and a large one, all old; so each slot's card is met in the middle of an object.
    let arrays: Vec<_> = [10, 1000, 20_000, 300_000]
        .into_iter()
        .map(|len| {
            let array = toy.array(objects, len).unwrap();
            (toy.push_root(array), len)
        })
        .collect();
    toy.collect(GcCause::Explicit);
    for round in 0..6 {
        for &(root, len) in &arrays {
            for at in [0, len / 2, len - 1] {
                let young = toy.instance(pair, round * 1000 + at % 1000 + 1);
                toy.put_ref(toy.root(root), ARRAY_DATA_OFFSET + 4 * at as usize, young);
            }
        }
        (0..1 + round).for_each(|_| assert_eq!(toy.collect(GcCause::Allocation).kind, GcKind::Young));
        for &(root, len) in &arrays {
            for at in [0, len / 2, len - 1] {
                let young = toy.get_ref(toy.root(root), ARRAY_DATA_OFFSET + 4 * at as usize);
                assert_eq!(toy.id(young), round * 1000 + at % 1000 + 1);
            }
        }
    }
}

#[test]
fn large_objects_stay_and_go_when_they_are_dead() {
    let mut toy = Toy::new(config(64 << 20));
    let longs = toy.classes.longs;
    let array = toy.array(longs, 1 << 20).unwrap();
    let root = toy.push_root(array);
    for cause in [GcCause::Allocation, GcCause::Explicit, GcCause::Allocation] {
        toy.collect(cause);
        assert_eq!(toy.root(root), array);
        assert!(toy.heap.used_bytes() > 8 << 20);
    }
    toy.set_root(root, ObjRef::NULL);
    toy.collect(GcCause::Allocation);
    assert!(toy.heap.used_bytes() > 8 << 20, "it was promoted");
    toy.collect(GcCause::Explicit);
    assert_eq!(toy.heap.used_bytes(), 0);
    toy.array(longs, 1 << 20).unwrap();
    toy.collect(GcCause::Allocation);
    assert_eq!(toy.heap.used_bytes(), 0, "a young one goes at once");
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
