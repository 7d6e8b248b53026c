//! References: that they lead to a live object, and of which class.

use carafe_classloader::basic::BasicType;
use carafe_classloader::class::{Class, ClassState, is_subtype};
use carafe_gc::metaspace::{ClassId, MAX_CLASSES};
use carafe_gc::object::mark::FORWARDED;
use carafe_gc::object::{LayoutKind, ObjRef, class_of, load_u32};

use super::At;

impl At<'_> {
    /// The class of the object that a reference names, which must not be null.
    pub(super) fn object(&self, raw: u32, what: &str) -> ClassId {
        let object = ObjRef::from_raw(raw);
        if !self.checks.heap.contains(&object.offset()) {
            self.fail(&format!("{what} is {object:?}, which is not in the heap"));
        }
        // SAFETY: the whole heap area is mapped.
        let (mark, class) = unsafe {
            let base = self.vm.cage.base();
            (load_u32(base, object, 0), class_of(base, object))
        };
        if class == ClassId::NONE || class.raw() >= MAX_CLASSES || mark & FORWARDED != 0 {
            self.fail(&format!(
                "{what} is {object:?}, where no object starts (mark {mark:#x}, class {})",
                class.raw()
            ));
        }
        let record = self.class(class);
        if record.state() == ClassState::Empty || record.layout.kind == LayoutKind::None {
            self.fail(&format!("{what} is {object:?} of class {}, which does not exist", class.raw()));
        }
        class
    }

    pub(super) fn class(&self, id: ClassId) -> &'static Class {
        self.vm.universe.class(id)
    }

    pub(super) fn is_subtype(&self, class: ClassId, of: ClassId) -> bool {
        is_subtype(&self.vm.meta, class, of)
    }

    pub(super) fn name_of(&self, class: ClassId) -> String {
        self.vm.universe.external_name(class).to_string()
    }

    /// A reference goes where the descriptor's type is wanted: null, or of a class that may stand there. What is not loaded
    /// here, and interfaces, may be anything (as in the verifier).
    pub(super) fn assignable(&mut self, raw: u32, descriptor: &[u8], what: &str) {
        if raw == 0 {
            return;
        }
        let class = self.object(raw, what);
        let key = (class, descriptor.as_ptr());
        if self.checks.fitting.contains(&key) {
            return;
        }
        if self.fits(class, descriptor) {
            if !self.class(class).is_hidden() {
                self.checks.fitting.insert(key);
            }
        } else {
            self.fail(&format!(
                "{what} is a {}, and {} is wanted",
                self.name_of(class),
                String::from_utf8_lossy(descriptor)
            ));
        }
    }

    fn fits(&self, class: ClassId, descriptor: &[u8]) -> bool {
        let text = |id: ClassId| self.vm.universe.text(self.class(id).name);
        match descriptor.first() {
            Some(b'[') => {
                let record = self.class(class);
                record.is_array()
                    && (text(class) == descriptor || self.fits(record.component, &descriptor[1..]))
            }
            Some(b'L') if !self.class(class).is_primitive() => {
                let name = &descriptor[1..descriptor.len() - 1];
                if name == b"java/lang/Object" {
                    return true;
                }
                let mut at = class;
                while at != ClassId::NONE {
                    if text(at) == name {
                        return true;
                    }
                    at = self.class(at).super_class;
                }
                // Not among its superclasses: right only if the type is an interface, or nobody knows it.
                let holder = self.class(self.frame.facts.method.class);
                let known = self.vm.universe.intern(name).ok();
                let known = known.and_then(|name| self.vm.universe.find_loaded(holder.loader, name));
                known.is_none_or(|wanted| self.class(wanted).is_interface())
            }
            Some(c) => {
                let record = self.class(class);
                record.is_primitive()
                    && BasicType::from_u8(record.basic).map(BasicType::descriptor) == Some(*c)
            }
            None => false,
        }
    }
}
