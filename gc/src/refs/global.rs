//! The isolate's table of global handles.
//!
//! Invariants: a slot in use belongs to exactly one [`Global`] (or one key given out by [`Global::into_key`]); each
//! reuse of a slot raises its generation, so an old key finds nothing rather than another object. A slot whose
//! generation would wrap is retired.
//!
//! Deliberately absent: weak globals; a weak table is the virtual machine's, updated in `RootSet::visit_weak`.

use std::sync::Arc;

use parking_lot::Mutex;

use crate::object::ObjRef;

/// The table's limit is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many global handles")]
pub struct GlobalsFull;

/// The name of a global handle outside Rust's types: checked on every use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GlobalKey {
    pub index: u32,
    pub generation: u32,
}

#[derive(Debug)]
pub struct GlobalTable {
    max_slots: u32,
    state: Mutex<Slots>,
}

#[derive(Debug, Default)]
struct Slots {
    slots: Vec<Slot>,
    free: Vec<u32>,
}

#[derive(Debug)]
struct Slot {
    obj: u32,
    generation: u32,
    used: bool,
}

impl GlobalTable {
    pub fn new(max_slots: u32) -> Arc<GlobalTable> {
        Arc::new(GlobalTable { max_slots, state: Mutex::new(Slots::default()) })
    }

    pub fn insert(self: &Arc<Self>, obj: ObjRef) -> Result<Global, GlobalsFull> {
        let key = self.insert_key(obj)?;
        Ok(Global { table: self.clone(), key })
    }

    fn insert_key(&self, obj: ObjRef) -> Result<GlobalKey, GlobalsFull> {
        let mut state = self.state.lock();
        if let Some(index) = state.free.pop() {
            let slot = &mut state.slots[index as usize];
            (slot.obj, slot.used) = (obj.raw(), true);
            return Ok(GlobalKey { index, generation: slot.generation });
        }
        let index = state.slots.len() as u32;
        if index >= self.max_slots {
            return Err(GlobalsFull);
        }
        state.slots.push(Slot { obj: obj.raw(), generation: 1, used: true });
        Ok(GlobalKey { index, generation: 1 })
    }

    /// What a key refers to, unless it was removed.
    pub fn get(&self, key: GlobalKey) -> Option<ObjRef> {
        let state = self.state.lock();
        state.slots.get(key.index as usize).filter(|slot| slot.is(key)).map(|slot| ObjRef(slot.obj))
    }

    /// Makes a key refer to another object; false if it was removed.
    pub fn set(&self, key: GlobalKey, obj: ObjRef) -> bool {
        let mut state = self.state.lock();
        match state.slots.get_mut(key.index as usize).filter(|slot| slot.is(key)) {
            Some(slot) => {
                slot.obj = obj.raw();
                true
            }
            None => false,
        }
    }

    /// Frees a key's slot; false if it was removed before.
    pub fn remove(&self, key: GlobalKey) -> bool {
        let mut state = self.state.lock();
        let Some(slot) = state.slots.get_mut(key.index as usize).filter(|slot| slot.is(key)) else {
            return false;
        };
        (slot.obj, slot.used) = (0, false);
        if let Some(next) = slot.generation.checked_add(1) {
            slot.generation = next;
            state.free.push(key.index);
        }
        true
    }

    /// Handles in use.
    pub fn len(&self) -> usize {
        self.state.lock().slots.iter().filter(|slot| slot.used).count()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Passes every slot in use to a root visitor.
    pub fn visit(&self, v: &mut dyn FnMut(&mut u32)) {
        for slot in self.state.lock().slots.iter_mut().filter(|slot| slot.obj != 0) {
            v(&mut slot.obj);
        }
    }
}

impl Slot {
    fn is(&self, key: GlobalKey) -> bool {
        self.used && self.generation == key.generation
    }
}

/// An owned global handle; dropping it frees the slot.
#[derive(Debug)]
pub struct Global {
    table: Arc<GlobalTable>,
    key: GlobalKey,
}

impl Global {
    /// What the handle refers to now. The answer goes stale at the next collection.
    pub fn get(&self) -> ObjRef {
        self.table.get(self.key).unwrap_or(ObjRef::NULL)
    }

    pub fn set(&self, obj: ObjRef) {
        let there = self.table.set(self.key, obj);
        debug_assert!(there, "only this handle removes its slot");
    }

    pub fn key(&self) -> GlobalKey {
        self.key
    }

    /// Gives up ownership: the slot stays until [`GlobalTable::remove`].
    pub fn into_key(self) -> GlobalKey {
        let key = self.key;
        // Not `forget`: the table's count must drop with the handle.
        let mut this = std::mem::ManuallyDrop::new(self);
        // SAFETY: `this` is never dropped or used again, so its table is dropped exactly once.
        unsafe { std::ptr::drop_in_place(&raw mut this.table) };
        key
    }

    /// Another handle on the same object.
    pub fn try_clone(&self) -> Result<Global, GlobalsFull> {
        self.table.insert(self.get())
    }
}

impl Drop for Global {
    fn drop(&mut self) {
        self.table.remove(self.key);
    }
}
