//! Soft, weak, final and phantom references, in the order that java.lang.ref asks for.
//!
//! A `Reference` object is *active* while its `next` is null, its referent is not, and it is on no pending list. While
//! objects are scanned, an active reference whose referent is not known to live is put on the list of its kind, linked
//! through `discovered` (the last one to itself); its referent is not followed. All other `Reference` objects are scanned like any object. Then:
//!
//! 1. soft and weak references whose referent is still not known to live are cleared;
//! 2. final references whose referent is still not known to live keep it, become inactive (`next` is the object itself);
//! 3. what step 2 made reachable is scanned, which may discover more: again from 1 until nothing new turns up;
//! 4. phantom references whose referent is still not known to live are cleared.
//!
//! Evacuation and marking differ in what "known to live" means and in how to keep something: see [`Tracer`].
//!
//! Cleared and finalizable ones go to the pending list, linked through `discovered`, for the library's handler thread.
//! A soft reference that is to be kept is decided when it is found: its referent is then followed at once.
//!
//! Invariant: a reference is on at most one list. Lists link objects where they are after the pass that found them.

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

/// The references found by one worker of a collection.
pub(super) struct Discovery {
    offsets: Option<ReferenceOffsets>,
    soft: SoftPolicy,
    /// By [`ref_kind`]: head of the list, as a raw reference.
    lists: [u32; 5],
    /// Heads of lists that other workers found.
    joined: Vec<[u32; 5]>,
    /// Head of the pending list.
    pub(super) pending: u32,
    pub(super) soft_kept: u64,
    /// References added to the pending list.
    pub(super) enqueued: u64,
}

impl Discovery {
    pub(super) fn new(offsets: Option<ReferenceOffsets>, soft: SoftPolicy, pending: ObjRef) -> Discovery {
        Discovery {
            offsets,
            soft,
            lists: [0; 5],
            joined: Vec::new(),
            pending: pending.raw(),
            soft_kept: 0,
            enqueued: 0,
        }
    }

    /// For another worker of the same collection.
    pub(super) fn like(&self) -> Discovery {
        Discovery::new(self.offsets, self.soft, ObjRef::NULL)
    }

    pub(super) fn heads(&self) -> [u32; 5] {
        self.lists
    }

    pub(super) fn join(&mut self, lists: [u32; 5], soft_kept: u64) {
        self.joined.push(lists);
        self.soft_kept += soft_kept;
    }

    /// Offsets of the slots of References that layouts do not name.
    pub(super) fn special_fields(&self) -> Option<[u32; 2]> {
        self.offsets.map(|fields| [fields.referent, fields.discovered])
    }

    #[inline]
    pub(super) fn offsets(&self) -> ReferenceOffsets {
        self.offsets.expect("Reference objects exist before their field offsets are set")
    }
}

/// A pass over the heap that finds out what lives.
pub(super) trait Tracer: Sized {
    fn base(&self) -> *mut u8;

    fn discovery(&mut self) -> &mut Discovery;

    /// Where a non-null object is after the pass, if it is known to live.
    fn place(&self, obj: u32) -> Option<u32>;

    /// Makes a non-null object live; its place after the pass.
    ///
    /// # Safety
    /// `obj` refers to an object.
    unsafe fn keep(&mut self, obj: u32) -> u32;

    /// Scans whatever lives and is not scanned yet.
    ///
    /// # Safety
    /// The world is stopped.
    unsafe fn drain(&mut self);

    /// `value` was written to the referent or the link of a Reference.
    ///
    /// # Safety
    /// Both are current, or null.
    unsafe fn wrote(&mut self, holder: ObjRef, value: u32);

    #[inline(always)]
    fn field(&self, obj: ObjRef, offset: u32) -> *mut u32 {
        obj.ptr(self.base()).wrapping_add(offset as usize).cast()
    }

    /// Stores to the referent or the link of a Reference.
    ///
    /// # Safety
    /// `slot` is that field of `holder`; `value` is current, or null.
    #[inline]
    unsafe fn write(&mut self, holder: ObjRef, slot: *mut u32, value: u32) {
        // SAFETY: the caller's slot.
        unsafe {
            slot.write(value);
            self.wrote(holder, value);
        }
    }

    /// # Safety
    /// `obj` is a `Reference` of this kind where it is after the pass, its other slots scanned.
    unsafe fn scan_reference(&mut self, obj: ObjRef, kind: u8) {
        let fields = self.discovery().offsets();
        let (referent, discovered) = (self.field(obj, fields.referent), self.field(obj, fields.discovered));
        // SAFETY: slots of a whole Reference, which hold null or references.
        unsafe {
            let (target, linked) = (referent.read(), discovered.read());
            let active = self.field(obj, fields.next).read() == 0 && target != 0 && linked == 0;
            if !active {
                for (slot, value) in [(referent, target), (discovered, linked)] {
                    if value != 0 {
                        let place = self.keep(value);
                        self.write(obj, slot, place);
                    }
                }
            } else if let Some(place) = self.place(target) {
                self.write(obj, referent, place);
            } else if kind == ref_kind::SOFT && self.keep_soft(obj, fields.soft_timestamp) {
                self.discovery().soft_kept += 1;
                let place = self.keep(target);
                self.write(obj, referent, place);
            } else {
                let list = &mut self.discovery().lists[kind as usize];
                // Not through `write`: the link is gone before the program runs again. The last one names itself: whoever
                // is on a list has a link, and is not put on one again.
                discovered.write(if *list == 0 { obj.raw() } else { *list });
                *list = obj.raw();
            }
        }
    }

    /// # Safety
    /// `drain` has returned; all that lives is scanned.
    unsafe fn process_references(&mut self) {
        loop {
            // SAFETY: lists link References of their kind.
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

    /// Clears and enqueues those whose referent is dead; updates the others.
    ///
    /// # Safety
    /// As for `process_references`.
    unsafe fn clear_dead(&mut self, kind: u8) {
        // SAFETY: the lists of this kind.
        unsafe {
            self.take_lists(kind, |this, obj, referent| match this.place(referent.read()) {
                Some(place) => this.write(obj, referent, place),
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
        // SAFETY: the list links References; referents are objects.
        unsafe {
            self.take_lists(ref_kind::FINAL, |this, obj, referent| {
                let target = referent.read();
                match this.place(target) {
                    Some(place) => this.write(obj, referent, place),
                    None => {
                        let place = this.keep(target);
                        this.write(obj, referent, place);
                        let next = this.discovery().offsets().next;
                        this.field(obj, next).write(obj.raw());
                        this.enqueue(obj);
                        found = true;
                    }
                }
            });
        }
        found
    }

    /// Unlinks all lists of a kind; `each` gets every member and its referent slot.
    ///
    /// # Safety
    /// As for `process_references`.
    unsafe fn take_lists(&mut self, kind: u8, mut each: impl FnMut(&mut Self, ObjRef, *mut u32)) {
        let Some(fields) = self.discovery().offsets else { return };
        let mut others = 0;
        loop {
            let discovery = self.discovery();
            let head = match discovery.lists[kind as usize] {
                0 => match discovery.joined.get_mut(others) {
                    Some(lists) => {
                        others += 1;
                        &mut lists[kind as usize]
                    }
                    None => return,
                },
                _ => &mut discovery.lists[kind as usize],
            };
            let mut at = std::mem::take(head);
            while at != 0 {
                let obj = ObjRef(at);
                // SAFETY: a member of the list, a Reference.
                unsafe {
                    let next = self.field(obj, fields.discovered).replace(0);
                    at = if next == at { 0 } else { next };
                    each(self, obj, self.field(obj, fields.referent));
                }
            }
        }
    }

    /// # Safety
    /// `obj` is a Reference that is on no list.
    unsafe fn enqueue(&mut self, obj: ObjRef) {
        let discovered = self.discovery().offsets().discovered;
        let before = std::mem::replace(&mut self.discovery().pending, obj.raw());
        self.discovery().enqueued += 1;
        // SAFETY: the field of a whole Reference.
        unsafe { self.write(obj, self.field(obj, discovered), before) };
    }

    /// # Safety
    /// `obj` is a SoftReference.
    unsafe fn keep_soft(&mut self, obj: ObjRef, timestamp_offset: u32) -> bool {
        match self.discovery().soft {
            SoftPolicy::ClearAll => false,
            SoftPolicy::KeepRecent { clock_ms, keep_ms } => {
                let field = obj.ptr(self.base()).wrapping_add(timestamp_offset as usize);
                // SAFETY: the timestamp field; a layout may place a long at any multiple of 4.
                let used_ms = unsafe { field.cast::<i64>().read_unaligned() };
                clock_ms.saturating_sub(used_ms) <= keep_ms
            }
        }
    }
}
