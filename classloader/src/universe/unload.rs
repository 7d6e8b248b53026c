//! Unloading: giving back what a hidden class took when its mirror is dead.
//!
//! Invariant: no other class's metadata names a weak hidden class, except as the component of its arrays, as a nest host
//! and in the one-entry caches of subtype checks; the first go with it, the last are cleared.
//!
//! Deliberately absent: unloading of whole loaders. Their classes stay until the isolate ends; the metaspace limit bounds
//! them.

use std::sync::atomic::Ordering;

use carafe_gc::metaspace::ClassId;

use super::Universe;
use crate::class::ClassFlags;

impl Universe {
    /// Frees a hidden class that was not defined as strong, its arrays, and all their metadata. Answers whether the class
    /// was such a one.
    ///
    /// # Safety
    /// The collector has found the mirror of the class dead and is done with it; so no object, frame, handle or compiled
    /// code names the class, its methods or its arrays, and no class that has it as nest host is alive. No other thread
    /// is looking through classes (the world is stopped).
    pub unsafe fn unload_hidden(&self, class: ClassId) -> bool {
        let record = self.class(class);
        if !record.is_hidden() || record.flags.contains(ClassFlags::STRONG_HIDDEN) {
            return false;
        }
        let Some(arenas) = self.hidden_arenas.lock().remove(&class.0) else { return false };
        let mut dead = vec![class];
        let mut array = record.array_class.load(Ordering::Acquire);
        while array != 0 {
            dead.push(ClassId(array));
            array = self.class(ClassId(array)).array_class.load(Ordering::Acquire);
        }
        // The methods that the VM made follow the declared ones and are counted with them.
        self.methods.release(record.first_method, record.method_count);
        {
            let mut created = self.created.write();
            created.retain(|id| !dead.contains(id));
            for &id in created.iter() {
                let cache = &self.class(id).secondary_cache;
                if dead.iter().any(|dead| dead.0 == cache.load(Ordering::Relaxed)) {
                    cache.store(0, Ordering::Relaxed);
                }
            }
        }
        for id in dead {
            // SAFETY: the caller's promise; the record was taken off the list above, so this happens once.
            unsafe { self.meta.free_class_id(id) };
        }
        // SAFETY: the caller's promise covers everything in the arena, which is this class's alone.
        unsafe { self.meta.free_arena(arenas.constant) };
        true
    }
}
