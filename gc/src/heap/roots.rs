//! Where references outside the heap are: what the virtual machine tells the collector.

use crate::object::ObjRef;

/// All references that the virtual machine holds: Java stacks, handles, globals, thread objects, mirrors, tables.
///
/// A visitor is called while the collector holds the heap's lock: it must not call into the heap.
pub trait RootSet {
    /// Passes every slot that keeps its object alive. The visitor writes the object's new place into the slot. A slot
    /// may be passed twice; null is fine.
    fn visit_strong(&mut self, v: &mut dyn FnMut(&mut u32));

    /// For tables whose entries go when their object dies (interned strings, monitors, weak globals): called once,
    /// after all references of java.lang.ref are processed. The visitor gives an object's new place, or none if it is
    /// dead.
    fn visit_weak(&mut self, v: &mut dyn FnMut(ObjRef) -> Option<ObjRef>);
}
