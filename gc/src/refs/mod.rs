//! References held by Rust code across or between collections.
//!
//! * [`Ref`]: a bare reference that the borrow checker keeps from crossing a safepoint: it borrows the thread's token,
//!   and whatever may reach a safepoint takes the token by `&mut`;
//! * [`Local`]: an index into the thread's [`HandleStack`], valid while its scope lasts;
//! * [`Global`]: an owned entry of the isolate's [`GlobalTable`].
//!
//! Invariant: the slots behind `Local` and `Global` are roots; after a collection they hold the new places.
//!
//! Deliberately absent: the token itself and scopes over it, which belong to the virtual machine's threads.

mod global;
mod handles;

use std::fmt;
use std::marker::PhantomData;

pub use global::{Global, GlobalKey, GlobalTable, GlobalsFull};
pub use handles::{HandleStack, Local, MAX_HANDLES};

use crate::object::ObjRef;

/// A reference that is current as long as `'m` lasts.
#[repr(transparent)]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ref<'m>(ObjRef, PhantomData<&'m ()>);

impl<'m> Ref<'m> {
    pub const NULL: Ref<'static> = Ref(ObjRef::NULL, PhantomData);

    /// # Safety
    /// `obj` is null or current, and no collection can happen during `'m`.
    #[inline(always)]
    pub const unsafe fn new(obj: ObjRef) -> Ref<'m> {
        Ref(obj, PhantomData)
    }

    /// A reference that lives as long as the borrow of the thread's token.
    ///
    /// # Safety
    /// `obj` is null or current, and no collection can happen while `token` is borrowed.
    #[inline(always)]
    pub const unsafe fn of<M: ?Sized>(token: &'m M, obj: ObjRef) -> Ref<'m> {
        let _ = token;
        Ref(obj, PhantomData)
    }

    #[inline(always)]
    pub const fn obj(self) -> ObjRef {
        self.0
    }

    #[inline(always)]
    pub const fn raw(self) -> u32 {
        self.0.raw()
    }

    #[inline(always)]
    pub const fn is_null(self) -> bool {
        self.0.is_null()
    }
}

impl fmt::Debug for Ref<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests;
