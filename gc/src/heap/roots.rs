//! Where references outside the heap are: what the virtual machine tells the collector.

use crate::object::ObjRef;

/// All references that the virtual machine holds: Java stacks, handles, globals, thread objects, mirrors, tables.
///
/// A visitor is called while the collector holds the heap's lock: it must not call into the heap.
pub trait RootSet {
    /// Passes every slot that keeps its object alive. The visitor writes the object's new place into the slot. A slot
    /// may be passed twice; null is fine.
    fn visit_strong(&mut self, v: &mut dyn FnMut(&mut u32));

    /// The roots from which marking finds out what lives in the old space. Other than `visit_strong` they leave out what is
    /// there only for classes that may be unloaded (their mirrors, their resolved constants, their loaders), and have the
    /// mirrors of those among them that frames and the like name without a reference. Slots are only read.
    fn visit_marking(&mut self, v: &mut dyn FnMut(&mut u32)) {
        self.visit_strong(v);
    }

    /// Marking is complete, the world is stopped, and no reference has been updated yet: `lives` tells whether an object was
    /// found alive. Classes whose mirror was not are unlinked now: from here on neither `visit_strong` passes a slot of
    /// theirs nor does anything else name them. Their records stay as they are until `forget_unloaded`, because dead
    /// objects of theirs may still lie in the heap. Says whether there were any.
    fn unload(&mut self, _lives: &mut dyn FnMut(ObjRef) -> bool) -> bool {
        false
    }

    /// No object of an unlinked class lies in the heap any more: their records may be used again. The world is stopped.
    fn forget_unloaded(&mut self) {}

    /// For tables whose entries go when their object dies (interned strings, monitors, weak globals): called once,
    /// after all references of java.lang.ref are processed. The visitor gives an object's new place, or none if it is
    /// dead.
    fn visit_weak(&mut self, v: &mut dyn FnMut(ObjRef) -> Option<ObjRef>);
}
