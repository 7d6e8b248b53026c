//! Class unloading: what keeps loaders and their classes alive, and what is cleared when they die.
//!
//! There is no graph of loaders beside the heap. A loader's object keeps everything that is its own, or that its classes
//! have come to depend on, in an injected `Object[]` ([`keep`]): the mirrors of its classes and of their arrays, those of
//! other loaders' classes that it has initiated, its Module objects. A mirror keeps the class's resolved objects (an
//! injected field too), among them, for what a dictionary does not know: mirrors of hidden classes that its call sites
//! run, a hidden class's nest host and arrays. A mirror refers to its loader, and an object keeps the mirror of its class
//! (`gc`: `Layout::unloadable`). So marking finds out by itself which classes live; besides objects only frames name classes
//! (`walk::visit_named`).
//!
//! Invariant: a class is dead when its mirror is; then no frame, handle or object needs it. Whatever else names classes or
//! methods by number or place, without keeping them, is listed in docs/architecture.md ("Who names classes") and cleared by
//! [`unlink`], in the pause.
//!
//! Deliberately absent: symbols, which stay as long as the isolate (names of hidden classes are used again).

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};

use carafe_classloader::class::LoaderId;
use carafe_classloader::link::LinkErrorKind;
use carafe_classloader::universe::{Holder, Unloaded};
use carafe_gc::heap::{GcCause, GcKind, GcReport};
use carafe_gc::metaspace::{ClassId, Meta};
use carafe_gc::object::{self, ObjRef};
use parking_lot::Mutex;

use crate::alloc;
use crate::compiled;
use crate::env::{Env, JResult, Local};
use crate::interpreter::quick::Quick;
use crate::isolate::Isolate;
use crate::linkage::HostError;
use crate::log::{Level, TagSet};

/// How much more there may be before the next collection looks after a marking that has begun.
const STEP: u64 = 1 << 20;

/// What an isolate keeps for unloading.
pub struct Unloading {
    /// Places of interface calls in quick code: their inline caches name classes of receivers, and do not keep them.
    sites: Mutex<Vec<u32>>,
    /// Unlinked, with memory to be given back after the pause.
    garbage: Mutex<Vec<Unloaded>>,
    /// Records of unlinked classes, of which dead objects may still lie in the heap.
    records: Mutex<Vec<ClassId>>,
    /// Rises whenever classes are unlinked: their places in metaspace will hold something else.
    epoch: AtomicU64,
    /// Classes and interfaces that were unloaded so far, arrays not counted.
    count: AtomicU64,
    /// Bytes of metadata from which on the next class to be defined begins a collection.
    threshold: AtomicU64,
}

impl Unloading {
    /// With the bytes of metadata beyond which the first marking begins for its sake.
    pub fn new(first_threshold: u64) -> Unloading {
        Unloading {
            sites: Mutex::default(),
            garbage: Mutex::default(),
            records: Mutex::default(),
            epoch: AtomicU64::new(0),
            count: AtomicU64::new(0),
            threshold: AtomicU64::new(first_threshold),
        }
    }

    /// Notes that an interface call stands at this place of quick code. No safepoint lies between this and the time when
    /// it caches the first class.
    pub fn note_site(&self, place: u32) {
        self.sites.lock().push(place);
    }

    pub fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    pub fn unloaded_classes(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// Bytes of metadata that the collection that has just ended will give back.
    pub fn garbage_bytes(&self) -> u64 {
        self.garbage.lock().iter().map(Unloaded::bytes).sum()
    }

    /// After each collection, when memory was given back: when the next one for the sake of metadata is due.
    pub fn collected(&self, vm: &Isolate, report: &GcReport) {
        let used = vm.meta.used_bytes();
        match report.kind {
            GcKind::Full | GcKind::Remark => {
                self.threshold.store((used + used / 2).max(vm.config.metaspace_first), Ordering::Relaxed);
            }
            GcKind::Young | GcKind::Begin | GcKind::Mixed if report.cause == GcCause::Metadata => {
                self.threshold.store(used + STEP.max(used / 16), Ordering::Relaxed);
            }
            GcKind::Young | GcKind::Begin | GcKind::Mixed => {}
        }
    }

    /// Whether there is enough metadata for a collection.
    pub fn is_due(&self, vm: &Isolate) -> bool {
        vm.meta.used_bytes() >= self.threshold.load(Ordering::Relaxed)
    }

    /// Gives back what the last collections have unlinked. The caller is a running thread of the isolate, so no other pause
    /// begins before it is done.
    pub fn free(&self, vm: &Isolate) {
        let garbage = std::mem::take(&mut *self.garbage.lock());
        for mut unloaded in garbage {
            // SAFETY: `unlink` has taken the classes out of everything that names their metadata.
            unsafe { vm.universe.free(&mut unloaded) };
        }
    }

    /// No object of an unlinked class is left.
    pub fn free_records(&self, vm: &Isolate) {
        let records = std::mem::take(&mut *self.records.lock());
        // SAFETY: the collector says so, and each record is taken off the list once.
        unsafe { vm.universe.free_records(records) };
    }
}

/// Takes dead classes and loaders out of everything; false if there are none. The world is stopped, and `lives` speaks for a
/// complete marking (`RootSet::unload`).
pub fn unlink(vm: &Isolate, lives: &mut dyn FnMut(ObjRef) -> bool) -> bool {
    let lives = RefCell::new(lives);
    let is_alive = |object: ObjRef| lives.borrow_mut()(object);
    let mut objects = vm.loader_objects.lock();
    let mut is_dead = |loader: LoaderId| {
        objects.get(loader.0 as usize).is_some_and(|object| !object.is_null() && !is_alive(*object))
    };
    // SAFETY: the marking was complete. It follows objects to their mirrors, and frames by `walk::visit_named`.
    let unloaded =
        unsafe { vm.universe.unlink(&mut is_dead, &mut |mirror| is_alive(ObjRef::from_raw(mirror))) };
    let Some(mut unloaded) = unloaded else { return false };
    for loader in &unloaded.loaders {
        objects[loader.0 as usize] = ObjRef::NULL;
    }
    drop(objects);
    let mut modules = vm.module_objects.lock();
    for module in &unloaded.modules {
        if let Some(object) = modules.get_mut(module.0 as usize) {
            *object = ObjRef::NULL;
        }
    }
    drop(modules);
    vm.method_types.lock().retain(|(class, _), _| !unloaded.dead.contains(*class));
    let places = Places(unloaded.places());
    vm.refmaps.forget(|method| places.contain(method));
    compiled::books::forget(vm, |method| places.contain(method));
    forget_sites(vm, &unloaded, &places);

    let unloading = &vm.unloading;
    let plain = unloaded.classes.iter().filter(|id| vm.universe.class(**id).is_plain());
    unloading.count.fetch_add(plain.count() as u64, Ordering::Relaxed);
    for &id in &unloaded.classes {
        vm.log(TagSet::ClassUnload, Level::Info, || {
            let record = vm.universe.class(id);
            let address = vm.meta.base() as usize + Meta::<u8>::from_raw(id.record_offset()).raw() as usize;
            format!("unloading class {} {address:#018x}", vm.universe.external_name(record.id))
        });
    }
    unloading.epoch.fetch_add(1, Ordering::AcqRel);
    unloading.records.lock().append(&mut unloaded.records);
    unloading.garbage.lock().push(unloaded);
    true
}

/// Ranges of metaspace, sorted and apart.
struct Places(Vec<(u32, u32)>);

impl Places {
    fn contain(&self, offset: u32) -> bool {
        let after = self.0.partition_point(|&(start, _)| start <= offset);
        after.checked_sub(1).and_then(|at| self.0.get(at)).is_some_and(|&(_, end)| offset < end)
    }
}

/// Clears inline caches that name dead classes, and forgets those in the code of dead classes.
fn forget_sites(vm: &Isolate, unloaded: &Unloaded, places: &Places) {
    let mut sites = vm.unloading.sites.lock();
    sites.sort_unstable();
    sites.dedup();
    sites.retain(|&site| {
        if places.contain(site) {
            return false;
        }
        let word = |offset: u32| vm.meta.get(Meta::<AtomicU64>::from_raw(offset));
        debug_assert!(Quick::from_word(word(site).load(Ordering::Relaxed)) == Quick::InvokeInterface);
        let cache = word(site + size_of::<u64>() as u32);
        if unloaded.dead.contains(ClassId::from_raw(cache.load(Ordering::Relaxed) as u32)) {
            cache.store(0, Ordering::Relaxed);
        }
        true
    });
}

/// Keeps an object alive as long as a loader; nothing for the boot loader, and for those that live as long as the isolate
/// only if they would not keep it by themselves.
pub fn keep(env: &mut Env<'_>, loader: Local<'_>, object: Local<'_>) -> JResult<()> {
    if env.is_null(loader) {
        return Ok(());
    }
    let vm = env.vm();
    let at = &env.wk().class_loader;
    let data = object::array_data_offset(2);
    env.scope(|env| {
        loop {
            // Grow outside the lock: allocation may collect, and the collector must not wait for us.
            let current = env.get_ref(loader, at.kept);
            let capacity = if env.is_null(current) { 0 } else { env.array_len(current) };
            let is_full = env.get::<u32>(loader, at.kept_count) as usize >= capacity;
            let fresh = match is_full {
                true => Some(env.new_array_of_class(vm.object_array_class(), (capacity * 2).max(8))?),
                false => None,
            };
            let _guard = vm.resolved_lock.lock();
            let current = env.get_ref(loader, at.kept);
            let capacity = if env.is_null(current) { 0 } else { env.array_len(current) };
            let count = env.get::<u32>(loader, at.kept_count) as usize;
            let target = match fresh {
                _ if count < capacity => current,
                Some(fresh) if env.array_len(fresh) > capacity => {
                    let (from, to) = (env.raw(current), env.raw(fresh));
                    for i in 0..capacity {
                        // SAFETY: both are live arrays of references, and `i` is within the shorter one.
                        unsafe {
                            let element = object::load_ref(env.base(), from, data + 4 * i);
                            object::store_ref(env.base(), to, data + 4 * i, element);
                        }
                    }
                    env.set_ref(loader, at.kept, fresh);
                    fresh
                }
                _ => continue,
            };
            let (array, value) = (env.raw(target), env.raw(object));
            // SAFETY: a live array of references that is longer than `count`; the table may hold any object.
            unsafe { object::store_ref(env.base(), array, data + 4 * count, value) };
            env.set::<u32>(loader, at.kept_count, count as u32 + 1);
            return Ok(());
        }
    })
}

/// A class has got this mirror, which nobody else knows: whoever decides how long the class lives keeps it.
pub fn keep_new(env: &mut Env<'_>, class: ClassId, mirror: Local<'_>) -> JResult<()> {
    match env.vm().universe.holder(class) {
        Holder::Isolate => Ok(()),
        Holder::Loader(loader) => {
            let loader = env.vm().loader_object(loader);
            let loader = env.local(loader);
            keep(env, loader, mirror)
        }
        // Hidden classes are kept by those who use them, and keep their arrays.
        Holder::Hidden(element) if element == class => Ok(()),
        Holder::Hidden(element) => crate::linkage::keep_resolved(env, element, mirror).map(|_| ()),
    }
}

/// The metadata of a class begins to name another one: it must live as long. Nothing to do where that is so anyway.
pub fn keep_for_class(env: &mut Env<'_>, class: ClassId, other: ClassId) -> JResult<()> {
    let universe = &env.vm().universe;
    let (own, others) = (universe.holder(class), universe.holder(other));
    let by_loader = others == Holder::Loader(env.class(class).loader);
    if others == Holder::Isolate || own == others || by_loader {
        return Ok(());
    }
    let mirror = env.mirror(other);
    crate::linkage::keep_resolved(env, class, mirror).map(|_| ())
}

/// A loader will give a class that it may not have defined.
pub fn keep_for_loader(env: &mut Env<'_>, loader: LoaderId, class: ClassId) -> JResult<()> {
    match env.vm().universe.holder(class) {
        Holder::Isolate => Ok(()),
        Holder::Loader(own) if own == loader => Ok(()),
        Holder::Loader(_) | Holder::Hidden(_) => env.scope(|env| {
            let loader = env.vm().loader_object(loader);
            let (loader, mirror) = (env.local(loader), env.mirror(class));
            keep(env, loader, mirror)
        }),
    }
}

/// Before a program defines a class: collects if there is much metadata.
pub fn before_definition(env: &mut Env<'_>) {
    let vm = env.vm();
    if vm.is_collectable() && vm.unloading.is_due(vm) {
        alloc::collect(env, GcCause::Metadata);
    }
}

/// Runs what may need metaspace; if there is none, collects with unloading and runs it once more. It must be a thing that
/// may collect by itself.
pub fn with_room<T>(
    env: &mut Env<'_>,
    mut work: impl FnMut(&mut Env<'_>) -> Result<T, HostError>,
) -> Result<T, HostError> {
    match work(env) {
        Err(HostError::Link(error))
            if error.kind == LinkErrorKind::OutOfMemoryError && env.vm().is_collectable() =>
        {
            alloc::collect(env, GcCause::LowMemory);
            work(env)
        }
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::Places;

    #[test]
    fn places_have_ends() {
        let places = Places(vec![(10, 20), (30, 40)]);
        for (offset, inside) in
            [(9, false), (10, true), (19, true), (20, false), (29, false), (39, true), (40, false)]
        {
            assert_eq!(places.contain(offset), inside, "{offset}");
        }
        assert!(!Places(Vec::new()).contain(0));
    }
}
