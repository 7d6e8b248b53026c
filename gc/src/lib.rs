//! Memory of one isolate: the cage, the object model, allocation, collection, roots and handles.
//!
//! Problem: everything that running Java code can read or write lies in one reserved address range, so that a
//! corrupted reference, offset or length stays inside it; objects in it move, and Rust code must survive that.
//!
//! Invariants that the modules share:
//! * *zero-extended*: a heap reference is a `u32` in 8-byte units from the cage's base; nothing widens it with a sign.
//! * *zeroed memory*: memory that an allocation returns is zero.
//! * *walkable*: between collections, with every thread-local buffer retired, the live space is a gapless row of
//!   objects, fillers and zero words.
//! * *one barrier point*: every store of a reference into an object goes through `store_ref` or its siblings.
//! * *trusted metadata*: layouts come from metaspace, which Java code cannot write; they are never checked at run time
//!   outside the verifier.
//!
//! Deliberately absent: classes, methods, threads and safepoints. The collector finds an object's shape through the
//! [`object::Layout`] at the head of its class record, and roots through [`heap::RootSet`]; stopping the world is the
//! caller's business.

pub mod cage;
pub mod heap;
pub mod metaspace;
pub mod object;
pub mod offheap;
pub mod pages;
pub mod refs;

pub use cage::{Cage, CageConfig, CageError, RAW_MASK};
pub use heap::{
    AllocFailure, GcCause, GcKind, GcReport, Heap, HeapConfig, HeapError, Occupancy, ReferenceOffsets,
    RootSet, Tlab,
};
pub use metaspace::{
    Arena, ArenaKind, AtomicMeta, Charge, ClassId, Meta, MetaSlice, Metaspace, MetaspaceFull, Plain,
};
pub use object::{Layout, LayoutKind, ObjRef, RefRun};
pub use offheap::{MapMode, OffHeap, OffHeapError};
pub use refs::{Global, GlobalTable, HandleStack, Local, Ref};
