//! What the heap costs: `allocate` is the price of garbage (buffer refills, page faults, short collections), `evacuate`
//! that of survivors. They guard two decisions: emptied spaces go back to the kernel, and copying is breadth first.

use std::hint::black_box;
use std::time::{Duration, Instant};

use carafe_gc::metaspace::ArenaKind;
use carafe_gc::object::{array_bytes, init_array, init_instance, store_ref};
use carafe_gc::*;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

struct Bench {
    cage: Cage,
    heap: Heap,
    tlab: Tlab,
    roots: Roots,
    /// References at +8, +12, +16; 24 bytes.
    node: ClassId,
    objects: ClassId,
}

#[derive(Default)]
struct Roots(Vec<u32>);

impl RootSet for Roots {
    fn visit_strong(&mut self, v: &mut dyn FnMut(&mut u32)) {
        self.0.iter_mut().for_each(v);
    }

    fn visit_weak(&mut self, _: &mut dyn FnMut(ObjRef) -> Option<ObjRef>) {}
}

impl Bench {
    fn new(max_bytes: u64) -> Bench {
        let config = HeapConfig::new(max_bytes);
        let cage = Cage::reserve(&CageConfig { heap_bytes: config.cage_bytes() }).unwrap();
        let metaspace = Metaspace::new(&cage, 1 << 20);
        let runs =
            metaspace.new_arena(ArenaKind::Boot).alloc_slice(&[RefRun { offset: 8, count: 3 }]).unwrap();
        let define = |layout: Layout| {
            let class = metaspace.new_class_id().unwrap();
            // SAFETY: a fresh class record, which begins with the layout.
            unsafe { metaspace.class_ptr(class).cast::<Layout>().write(layout) };
            class
        };
        let (node, objects) = (define(Layout::instance(24, runs)), define(Layout::ref_array()));
        let heap = Heap::new(&cage, config).unwrap();
        Bench { cage, heap, tlab: Tlab::new(), roots: Roots::default(), node, objects }
    }

    #[inline(always)]
    fn alloc(&mut self, bytes: usize) -> *mut u8 {
        match self.tlab.alloc(bytes) {
            Some(at) => at,
            None => self.alloc_slow(bytes),
        }
    }

    #[cold]
    fn alloc_slow(&mut self, bytes: usize) -> *mut u8 {
        loop {
            match self.heap.alloc_slow(&mut self.tlab, bytes) {
                Ok(at) => return at,
                Err(AllocFailure::NeedCollection) => self.collect(),
                Err(AllocFailure::OutOfMemory) => panic!("the benchmark's heap is too small"),
            }
        }
    }

    fn collect(&mut self) {
        self.heap.retire(&mut self.tlab);
        // SAFETY: one thread, its buffer retired, all its references in `roots`.
        unsafe { self.heap.collect(&mut self.roots, GcCause::Explicit) };
    }

    fn node(&mut self) -> ObjRef {
        let at = self.alloc(24);
        // SAFETY: fresh memory for a node.
        unsafe { init_instance(at, self.node) };
        ObjRef::from_ptr(self.cage.base(), at)
    }

    /// A binary tree, built in an array so that a collection on the way finds every node.
    fn tree(&mut self, nodes: u32) {
        let at = self.alloc(array_bytes(2, nodes));
        // SAFETY: fresh memory for the array.
        unsafe { init_array(at, self.objects, nodes) };
        self.roots.0.push(ObjRef::from_ptr(self.cage.base(), at).raw());
        for i in 0..nodes as usize {
            let node = self.node();
            let array = ObjRef(self.roots.0[0]);
            let base = self.cage.base();
            // SAFETY: slots of live objects; nothing is allocated in between.
            unsafe {
                store_ref(base, array, 12 + 4 * i, node);
                if i > 0 {
                    let parent = carafe_gc::object::load_ref(base, array, 12 + 4 * ((i - 1) / 2));
                    store_ref(base, parent, 8 + 4 * ((i - 1) % 2), node);
                }
            }
        }
    }
}

fn benches(c: &mut Criterion) {
    const MIB: u64 = 1 << 20;
    let mut group = c.benchmark_group("heap");
    group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(2));

    for (name, live_nodes) in [("nothing live", 0), ("24 MiB live", 1_000_000)] {
        let mut bench = Bench::new(512 * MIB);
        bench.tree(live_nodes);
        const OBJECTS: u64 = 1_000_000;
        group.throughput(Throughput::Bytes(OBJECTS * 24));
        group.bench_function(format!("allocate/{name}"), |b| {
            b.iter(|| {
                (0..OBJECTS).for_each(|_| {
                    black_box(bench.node());
                })
            });
        });
    }

    let mut bench = Bench::new(512 * MIB);
    bench.tree(1_000_000);
    group.throughput(Throughput::Bytes(28_000_000));
    group.bench_function("evacuate/tree", |b| b.iter(|| bench.collect()));

    group.throughput(Throughput::Elements(1));
    group.bench_function("open and close a cage", |b| {
        b.iter_custom(|times| {
            let begin = Instant::now();
            (0..times).for_each(|_| drop(black_box(Bench::new(64 * MIB))));
            begin.elapsed()
        });
    });
}

criterion_group!(all, benches);
criterion_main!(all);
