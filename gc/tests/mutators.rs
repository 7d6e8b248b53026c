//! Several mutator threads over the public API alone, as a virtual machine would use it: buffers and handle stacks per
//! thread, a shared table of globals, and a lock that plays the safepoint.

use std::sync::Arc;

use carafe_gc::metaspace::ArenaKind;
use carafe_gc::object::{init_instance, load_ref, load_u32, store_ref, store_u32};
use carafe_gc::*;
use parking_lot::{Mutex, RwLock};

const ID: usize = 8;
const NEXT: usize = 12;
const NODE_BYTES: usize = 16;

struct World {
    metaspace: Metaspace,
    heap: Heap,
    node: ClassId,
    globals: Arc<GlobalTable>,
    /// Held shared by a thread that touches the heap, exclusively by the one that collects.
    safepoint: RwLock<()>,
    threads: Vec<Thread>,
}

struct Thread {
    tlab: Mutex<Tlab>,
    handles: HandleStack,
}

struct Roots<'w>(&'w World);

impl RootSet for Roots<'_> {
    fn visit_strong(&mut self, v: &mut dyn FnMut(&mut u32)) {
        self.0.threads.iter().for_each(|thread| thread.handles.visit(v));
        self.0.globals.visit(v);
    }

    fn visit_weak(&mut self, _: &mut dyn FnMut(ObjRef) -> Option<ObjRef>) {}
}

impl World {
    fn new(threads: usize, config: HeapConfig) -> World {
        let cage = Cage::reserve(&CageConfig { heap_bytes: config.cage_bytes() }).unwrap();
        let metaspace = Metaspace::new(&cage, 1 << 20);
        let runs =
            metaspace.new_arena(ArenaKind::Boot).alloc_slice(&[RefRun { offset: 12, count: 1 }]).unwrap();
        let node = metaspace.new_class_id().unwrap();
        // SAFETY: a fresh class record, which begins with the layout.
        unsafe {
            metaspace.class_ptr(node).cast::<Layout>().write(Layout::instance(NODE_BYTES as u32, runs));
        }
        let heap = Heap::new(&cage, config).unwrap();
        let thread = || Thread { tlab: Mutex::new(Tlab::new()), handles: HandleStack::new() };
        World {
            metaspace,
            heap,
            node,
            globals: GlobalTable::new(1000),
            safepoint: RwLock::new(()),
            threads: (0..threads).map(|_| thread()).collect(),
        }
    }

    fn base(&self) -> *mut u8 {
        self.metaspace.cage().base()
    }

    /// A node before the list in handle `list`; the handle then names it.
    fn prepend(&self, me: usize, list: u32, id: u32) {
        let thread = &self.threads[me];
        loop {
            let running = self.safepoint.read();
            let mut tlab = thread.tlab.lock();
            let at = match tlab.alloc(NODE_BYTES) {
                Some(at) => Ok(at),
                None => self.heap.alloc_slow(&mut tlab, NODE_BYTES),
            };
            match at {
                Ok(at) => {
                    let node = ObjRef::from_ptr(self.base(), at);
                    // SAFETY: fresh memory for a node; no collection while `running` is held.
                    unsafe {
                        init_instance(at, self.node);
                        store_u32(self.base(), node, ID, id);
                        store_ref(self.base(), node, NEXT, thread.handles.get(list));
                    }
                    thread.handles.set(list, node);
                    return;
                }
                Err(failure) => assert_eq!(failure, AllocFailure::NeedCollection),
            }
            drop(tlab);
            drop(running);
            self.collect();
        }
    }

    fn collect(&self) {
        let _stopped = self.safepoint.write();
        for thread in &self.threads {
            self.heap.retire(&mut thread.tlab.lock());
        }
        // SAFETY: the exclusive lock keeps all threads out, buffers are retired, and handles and globals are all roots.
        unsafe { self.heap.collect(&mut Roots(self), GcCause::Allocation) };
    }

    /// The ids of a list, first to last.
    fn ids(&self, mut at: ObjRef) -> Vec<u32> {
        let mut ids = Vec::new();
        while !at.is_null() {
            // SAFETY: a current reference: the caller holds the safepoint lock.
            unsafe {
                ids.push(load_u32(self.base(), at, ID));
                at = load_ref(self.base(), at, NEXT);
            }
        }
        ids
    }
}

fn run(world: &World, lists: u32, length: u32) {
    std::thread::scope(|scope| {
        for me in 0..world.threads.len() {
            scope.spawn(move || {
                let handles = &world.threads[me].handles;
                for list in 0..lists {
                    let scope_start = handles.len();
                    let kept = handles.push(ObjRef::NULL);
                    let garbage = handles.push(ObjRef::NULL);
                    for i in 0..length {
                        world.prepend(me, garbage, i);
                        if i % 4 == 0 {
                            world.prepend(me, kept, me as u32 * 1_000_000 + list * 1000 + i / 4);
                            handles.set(garbage, ObjRef::NULL);
                        }
                    }
                    let global = {
                        let _running = world.safepoint.read();
                        world.globals.insert(handles.get(kept)).unwrap()
                    };
                    handles.truncate(scope_start);
                    // Others allocate and collect meanwhile.
                    world.prepend(me, handles.push(ObjRef::NULL), 0);
                    let _running = world.safepoint.read();
                    let expected: Vec<_> = (0..length.div_ceil(4))
                        .rev()
                        .map(|i| me as u32 * 1_000_000 + list * 1000 + i)
                        .collect();
                    assert_eq!(world.ids(global.get()), expected);
                    handles.truncate(scope_start);
                }
            });
        }
    });
    assert!(world.globals.is_empty());
}

#[test]
fn threads_allocate_and_collect_together() {
    let config = HeapConfig { eden_bytes: 256 << 10, verify_every: 1, ..HeapConfig::new(8 << 20) };
    let world = World::new(4, config);
    run(&world, 40, 2000);
    assert!(world.heap.collections() > 5);
}

#[test]
fn threads_allocate_and_collect_together_under_stress() {
    let config = HeapConfig { stress_stride: Some(7), verify_every: 1, ..HeapConfig::new(8 << 20) };
    let world = World::new(3, config);
    world.heap.begin_stress();
    run(&world, 4, 300);
    assert!(world.heap.collections() > 100);
}
