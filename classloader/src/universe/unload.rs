//! Unloading: taking classes out of all tables when their loader, or as hidden classes their mirror, is dead, and giving
//! back what they took.
//!
//! In three steps, because a dead object may still lie in the heap, and the collector reads its size off its class's record:
//! [`Universe::unlink`] in the pause in which the dead are found, [`Universe::free`] at any time after it,
//! [`Universe::free_records`] when no object of the classes is left.
//!
//! Invariants: whatever a class's metadata names lives as long as the class. For a loader's classes its dictionary
//! sees to it, whose classes the vm keeps alive with the loader object; that of a hidden class by its loader, and by what the vm keeps
//! among its resolved objects (its nest host, its arrays' mirrors). What names classes without keeping them is listed here,
//! and cleared: the caches of subtype checks, loader constraints, other modules' reads and exports.
//!
//! Deliberately absent: what the vm keeps by class or method, and the decision who is dead.

use std::sync::atomic::Ordering;

use carafe_gc::metaspace::{Arena, ClassId};
use hashbrown::{HashMap, HashSet};

use super::{Arenas, Universe};
use crate::class::{Class, ClassFlags, LoaderId, ModuleId};
use crate::symbols::Symbol;

/// Who decides how long a class lives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Holder {
    /// Nobody: it stays as long as the isolate.
    Isolate,
    Loader(LoaderId),
    /// A hidden class, itself or the element type of an array.
    Hidden(ClassId),
}

/// What belongs to a hidden class that lives by itself.
pub(super) struct OwnHome {
    pub(super) arenas: Arenas,
    /// Array classes that were never published though they have mirrors: their records go with the class.
    pub(super) retired: Vec<ClassId>,
}

/// A set of classes.
pub struct ClassSet(Vec<u64>);

impl ClassSet {
    fn new(bound: u32) -> ClassSet {
        ClassSet(vec![0; (bound as usize).div_ceil(64)])
    }

    fn insert(&mut self, class: ClassId) {
        if let Some(word) = self.0.get_mut(class.0 as usize / 64) {
            *word |= 1 << (class.0 % 64);
        }
    }

    pub fn contains(&self, class: ClassId) -> bool {
        self.0.get(class.0 as usize / 64).is_some_and(|word| word & 1 << (class.0 % 64) != 0)
    }
}

/// What has been unlinked.
pub struct Unloaded {
    /// All of them, arrays too.
    pub classes: Vec<ClassId>,
    /// The same as a set.
    pub dead: ClassSet,
    pub loaders: Vec<LoaderId>,
    pub modules: Vec<ModuleId>,
    /// Records to be given back last; there may be some without a class.
    pub records: Vec<ClassId>,
    arenas: Vec<Arena>,
}

impl Unloaded {
    /// What `Universe::free` will give back.
    pub fn bytes(&self) -> u64 {
        self.arenas.iter().map(Arena::used_bytes).sum()
    }

    /// Where the metadata of the classes lies: start and end in metaspace, in order.
    pub fn places(&self) -> Vec<(u32, u32)> {
        let mut places: Vec<(u32, u32)> = self.arenas.iter().flat_map(Arena::places).collect();
        places.sort_unstable();
        places
    }
}

impl Universe {
    /// Who decides how long a class lives.
    pub fn holder(&self, class: ClassId) -> Holder {
        let element = self.class(self.element_class(class));
        if !element.is_unloadable() {
            Holder::Isolate
        } else if has_own_life(element) {
            Holder::Hidden(element.id)
        } else {
            Holder::Loader(element.loader)
        }
    }

    /// Takes dead loaders and classes out of all tables; `None` if there are none. Records stay as they are, but for
    /// their references. From here on the numbers of the loaders and modules are given to others.
    ///
    /// # Safety
    /// The world is stopped. `is_dead` tells of each loader that is not permanent whether its object is dead, `lives`
    /// of each mirror whether it is alive; both stem from one complete marking that follows objects to their classes' mirrors. So
    /// no frame, handle or living object needs a dead class.
    pub unsafe fn unlink(
        &self,
        is_dead: &mut dyn FnMut(LoaderId) -> bool,
        lives: &mut dyn FnMut(u32) -> bool,
    ) -> Option<Unloaded> {
        let mut dead = ClassSet::new(self.meta.class_id_bound());
        let mut classes = Vec::new();
        let mut created = self.created.write();
        for &id in created.iter() {
            let mirror = self.class(id).mirror.load(Ordering::Acquire);
            // One without a mirror is being created.
            if self.class(id).is_unloadable() && mirror != 0 && !lives(mirror) {
                dead.insert(id);
                classes.push(id);
            }
        }
        let loaders = self.dead_loaders(is_dead);
        let dead_loaders: HashSet<LoaderId> = loaders.iter().copied().collect();
        if classes.is_empty() && loaders.is_empty() {
            return None;
        }
        created.retain(|&id| !dead.contains(id));
        for &id in created.iter() {
            let record = self.class(id);
            let cache = &record.secondary_cache;
            if dead.contains(ClassId(cache.load(Ordering::Relaxed))) {
                cache.store(0, Ordering::Relaxed);
            }
            debug_assert!(!dead.contains(ClassId(record.array_class.load(Ordering::Relaxed))));
            debug_assert!(
                !record.is_unloadable() || !dead_loaders.contains(&record.loader),
                "{} outlives its loader",
                self.external_name(id)
            );
        }
        drop(created);

        let mut unloaded = Unloaded {
            records: classes.clone(),
            classes,
            dead,
            modules: self.modules.remove_loaders(&dead_loaders),
            loaders,
            arenas: Vec::new(),
        };
        for at in 0..unloaded.classes.len() {
            self.unlink_class(unloaded.classes[at], &mut unloaded);
        }
        let mut table = self.loaders.write();
        for &id in &unloaded.loaders {
            let Some(loader) = table.list.get_mut(id.0 as usize).and_then(Option::take) else { continue };
            unloaded.records.append(&mut loader.retired.lock());
            unloaded.arenas.extend([loader.arenas.constant.clone(), loader.arenas.changing.clone()]);
            table.free.push(id);
        }
        drop(table);
        self.constraints.purge(|loader| dead_loaders.contains(&loader), &unloaded.dead);
        Some(unloaded)
    }

    fn dead_loaders(&self, is_dead: &mut dyn FnMut(LoaderId) -> bool) -> Vec<LoaderId> {
        let table = self.loaders.read();
        let loaders = table.list.iter().zip(0..);
        loaders
            .filter(|(loader, _)| loader.as_ref().is_some_and(|loader| !loader.is_permanent()))
            .map(|(_, number)| LoaderId(number))
            .filter(|&id| is_dead(id))
            .collect()
    }

    fn unlink_class(&self, id: ClassId, unloaded: &mut Unloaded) {
        let record = self.class(id);
        record.mirror.store(0, Ordering::Release);
        record.resolved.store(0, Ordering::Release);
        // The methods that the VM made follow the declared ones and are counted with them.
        self.methods.release(record.first_method, record.method_count);
        if has_own_life(record)
            && let Some(mut own) = self.hidden_homes.lock().remove(&id.0)
        {
            unloaded.records.append(&mut own.retired);
            unloaded.arenas.push(own.arenas.constant);
        }
        if record.is_hidden() && record.is_plain() {
            self.free_hidden_name(record.name);
        }
    }

    /// Gives back the metadata of what was unlinked, except the records.
    ///
    /// # Safety
    /// `unlink` answered it, and nobody looks into it any more: what kept places in its metadata has been told.
    pub unsafe fn free(&self, unloaded: &mut Unloaded) {
        for arena in unloaded.arenas.drain(..) {
            // SAFETY: the caller's promise.
            unsafe { self.meta.free_arena(arena) };
        }
    }

    /// Gives back records.
    ///
    /// # Safety
    /// They are those of an `Unloaded`, given back once, and no object of their classes lies in the heap.
    pub unsafe fn free_records(&self, records: impl IntoIterator<Item = ClassId>) {
        for id in records {
            // SAFETY: the caller's promise.
            unsafe { self.meta.free_class_id(id) };
        }
    }

    /// A name that an unloaded hidden class had, for another one that is made of a class file of this name. Names stay as
    /// long as the isolate; if each hidden class had a new one they would fill metaspace.
    pub(crate) fn take_hidden_name(&self, base: &[u8]) -> Option<Symbol> {
        let base = self.symbols.lookup(&self.meta, base)?;
        self.hidden_names.lock().get_mut(&base)?.pop()
    }

    fn free_hidden_name(&self, name: Symbol) {
        let text = self.text(name);
        let Some(base) = text.iter().rposition(|&byte| byte == b'+').and_then(|at| text.get(..at)) else {
            return;
        };
        // Without room for the base the name is simply not used again.
        if let Ok(base) = self.intern(base) {
            self.hidden_names.lock().entry(base).or_default().push(name);
        }
    }
}

/// Whether a class is a hidden one that does not live by its loader.
fn has_own_life(record: &Class) -> bool {
    record.is_hidden() && !record.flags.contains(ClassFlags::STRONG_HIDDEN)
}

/// Names of unloaded hidden classes by the name in their class files.
pub(super) type HiddenNames = HashMap<Symbol, Vec<Symbol>>;
