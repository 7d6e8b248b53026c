//! Soft, weak, final and phantom references, in the order that java.lang.ref asks for.
//!
//! A `Reference` object is *active* while its `next` is null, its referent is not, and it is on no pending list. While
//! copies are scanned, an active reference whose referent has no copy yet is put on the list of its kind, linked through
//! `discovered`; its referent is not followed. All other `Reference` objects are scanned like any object. Then:
//!
//! 1. soft and weak references whose referent still has no copy are cleared;
//! 2. final references whose referent still has no copy keep it alive, become inactive (`next` is the object itself);
//! 3. what step 2 made reachable is scanned, which may discover more: again from 1 until nothing new turns up;
//! 4. phantom references whose referent still has no copy are cleared.
//!
//! Cleared and finalizable ones go to the pending list, linked through `discovered`, for the library's handler thread.
//! A soft reference that is to be kept is decided when it is found: its referent is then followed at once.
//!
//! Invariant: a reference is on at most one list. Lists link copies, so they need no updating.

use super::evacuate::Evacuator;
use crate::object::{ObjRef, ref_kind};

/// Byte offsets of the fields of `java.lang.ref.Reference` and of `SoftReference.timestamp`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReferenceOffsets {
    pub referent: u32,
    pub discovered: u32,
    pub next: u32,
    /// `SoftReference.timestamp`, a `long` in the unit of `Heap::set_soft_clock`.
    pub soft_timestamp: u32,
}

/// Which soft references to keep though nothing else refers to their referent.
#[derive(Debug, Clone, Copy)]
pub(super) enum SoftPolicy {
    /// Those used within the last `keep_ms` before `clock_ms`.
    KeepRecent { clock_ms: i64, keep_ms: i64 },
    /// None: memory is short.
    ClearAll,
}

/// The references found during one collection.
pub(super) struct Discovery {
    pub(super) offsets: Option<ReferenceOffsets>,
    pub(super) soft: SoftPolicy,
    /// By [`ref_kind`]: head of the list, as a raw reference to a copy.
    lists: [u32; 5],
    /// Head of the pending list.
    pub(super) pending: u32,
    pub(super) soft_kept: u64,
    /// References added to the pending list.
    pub(super) enqueued: u64,
}

impl Discovery {
    pub(super) fn new(offsets: Option<ReferenceOffsets>, soft: SoftPolicy) -> Discovery {
        Discovery { offsets, soft, lists: [0; 5], pending: 0, soft_kept: 0, enqueued: 0 }
    }

    #[inline]
    fn offsets(&self) -> ReferenceOffsets {
        self.offsets.expect("Reference objects exist before their field offsets are set")
    }
}

impl Evacuator {
    /// # Safety
    /// `obj` is a copy of a `Reference` object of this kind, its other slots scanned.
    pub(super) unsafe fn scan_reference(&mut self, obj: ObjRef, kind: u8) {
        let fields = self.discovery.offsets();
        // SAFETY: fields of a whole Reference object.
        let (referent, discovered, next) = unsafe {
            (
                self.field(obj, fields.referent),
                self.field(obj, fields.discovered),
                self.field(obj, fields.next).read(),
            )
        };
        // SAFETY: slots of the same object.
        let (target, linked) = unsafe { (referent.read(), discovered.read()) };
        let active = next == 0 && target != 0 && linked == 0;
        // SAFETY: slots that hold null or a reference to an object of either space.
        unsafe {
            if !active {
                self.forward_slot(referent);
                self.forward_slot(discovered);
            } else if let Some(copy) = self.survivor(target) {
                referent.write(copy);
            } else if kind == ref_kind::SOFT && self.keep_soft(obj, fields.soft_timestamp) {
                self.discovery.soft_kept += 1;
                self.forward_slot(referent);
            } else {
                let list = &mut self.discovery.lists[kind as usize];
                discovered.write(*list);
                *list = obj.raw();
            }
        }
    }

    /// # Safety
    /// `drain` has returned; every copy is scanned.
    pub(super) unsafe fn process_references(&mut self) {
        loop {
            // SAFETY: lists link copies of Reference objects of their kind.
            unsafe {
                self.clear_dead(ref_kind::SOFT);
                self.clear_dead(ref_kind::WEAK);
                if !self.keep_finalizable() {
                    break;
                }
                self.drain();
            }
        }
        // SAFETY: as above.
        unsafe { self.clear_dead(ref_kind::PHANTOM) };
    }

    /// Clears and enqueues those whose referent has no copy; updates the others.
    ///
    /// # Safety
    /// As for `process_references`.
    unsafe fn clear_dead(&mut self, kind: u8) {
        // SAFETY: the list of this kind links copies.
        unsafe {
            self.take_list(kind, |this, obj, referent| match this.survivor(referent.read()) {
                Some(copy) => referent.write(copy),
                None => {
                    referent.write(0);
                    this.enqueue(obj);
                }
            });
        }
    }

    /// Keeps alive and enqueues the finalizable; true if there was one. All are told apart before the first referent is
    /// followed: one finalizable object that refers to another does not postpone it.
    ///
    /// # Safety
    /// As for `process_references`.
    unsafe fn keep_finalizable(&mut self) -> bool {
        let mut found = false;
        // SAFETY: the list links copies; referents are objects of either space.
        unsafe {
            self.take_list(ref_kind::FINAL, |this, obj, referent| {
                let target = referent.read();
                match this.survivor(target) {
                    Some(copy) => referent.write(copy),
                    None => {
                        referent.write(this.forward(target));
                        let next = this.discovery.offsets().next;
                        this.field(obj, next).write(obj.raw());
                        this.enqueue(obj);
                        found = true;
                    }
                }
            });
        }
        found
    }

    /// Unlinks a whole list; `each` gets every member and its referent slot.
    ///
    /// # Safety
    /// As for `process_references`.
    unsafe fn take_list(&mut self, kind: u8, mut each: impl FnMut(&mut Self, ObjRef, *mut u32)) {
        let fields = self.discovery.offsets;
        let mut at = std::mem::take(&mut self.discovery.lists[kind as usize]);
        while let (Some(fields), false) = (fields, at == 0) {
            let obj = ObjRef(at);
            // SAFETY: a member of the list, a copy of a Reference object.
            unsafe {
                let discovered = self.field(obj, fields.discovered);
                at = discovered.replace(0);
                each(self, obj, self.field(obj, fields.referent));
            }
        }
    }

    /// # Safety
    /// `obj` is a copy of a Reference object that is on no list.
    unsafe fn enqueue(&mut self, obj: ObjRef) {
        let fields = self.discovery.offsets();
        // SAFETY: the field of a whole Reference object.
        unsafe { self.field(obj, fields.discovered).write(self.discovery.pending) };
        self.discovery.pending = obj.raw();
        self.discovery.enqueued += 1;
    }

    /// # Safety
    /// `obj` is a copy of a SoftReference.
    unsafe fn keep_soft(&self, obj: ObjRef, timestamp_offset: u32) -> bool {
        match self.discovery.soft {
            SoftPolicy::ClearAll => false,
            SoftPolicy::KeepRecent { clock_ms, keep_ms } => {
                let field = self.ptr(obj.raw()).wrapping_add(timestamp_offset as usize);
                // SAFETY: the timestamp field; a layout may place a long at any multiple of 4.
                let used_ms = unsafe { field.cast::<i64>().read_unaligned() };
                clock_ms.saturating_sub(used_ms) <= keep_ms
            }
        }
    }

    #[inline(always)]
    fn field(&self, obj: ObjRef, offset: u32) -> *mut u32 {
        self.ptr(obj.raw()).wrapping_add(offset as usize).cast()
    }
}
