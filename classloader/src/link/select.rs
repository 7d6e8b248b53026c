//! Selection of the method to run (JVMS 5.4.6), and the errors that it comes to.
//!
//! Invariant: what is answered can run: it is neither abstract nor made by the VM. Whoever reads vtables and itables
//! directly meets those too, and asks [`Universe::selection_error`] for the exception.

use carafe_gc::metaspace::{ClassId, Meta};
use hashbrown::HashSet;

use super::defaults::is_inheritable;
use super::vtable::MadeKind;
use super::{LinkError, LinkErrorKind};
use crate::class::method::MethodFlags;
use crate::class::{Access, ClassFlags, ItableEntry, Method, is_subtype};
use crate::universe::Universe;

impl Universe {
    /// What `invokevirtual` of a resolved method runs on a receiver of this class.
    pub fn select_virtual(&self, receiver: ClassId, method: &Method) -> Result<&Method, LinkError> {
        let from_interface = is_inheritable(method) && self.class(method.class).is_interface();
        let selected = match self.vtable_slot(receiver, method) {
            Some(slot) => match self.meta.slice(self.class(receiver).vtable).get(slot as usize) {
                Some(&entry) => self.meta.get(entry),
                None => return Err(self.not_a_receiver(receiver, method)),
            },
            // A final method without a slot implements it, or nothing does.
            None if from_interface => return self.select_interface(receiver, method),
            None => self.own_record(method),
        };
        self.runnable(receiver, method, selected)
    }

    /// What `invokeinterface` of a resolved method runs on a receiver of this class.
    pub fn select_interface(&self, receiver: ClassId, method: &Method) -> Result<&Method, LinkError> {
        if !self.class(method.class).is_interface() {
            return self.select_virtual(receiver, method);
        }
        if method.itable_index < 0 {
            if !is_subtype(&self.meta, receiver, method.class) {
                return Err(self.not_a_receiver(receiver, method));
            }
            return self.runnable(receiver, method, self.own_record(method));
        }
        let Some(entry) = self.itable_entry(receiver, method.class) else {
            return Err(self.not_a_receiver(receiver, method));
        };
        let table = self.meta.slice(self.class(receiver).itable_methods);
        let index = entry.start as usize + method.itable_index as usize;
        match table.get(index) {
            Some(&selected) => self.runnable(receiver, method, self.meta.get(selected)),
            None => Err(self.not_a_receiver(receiver, method)),
        }
    }

    /// What `invokespecial` in class `from` of a method runs that was resolved through `target`.
    pub fn select_special(
        &self,
        from: ClassId,
        target: ClassId,
        method: &Method,
    ) -> Result<&Method, LinkError> {
        let (current, named) = (self.class(from), self.class(target));
        let above = !method.is_init()
            && !named.is_interface()
            && from != target
            && is_subtype(&self.meta, from, target)
            // ACC_SUPER is always assumed (JVMS 4.1).
            && !current.super_class.is_none();
        let start = if above { current.super_class } else { target };
        let selected = if method.is_private() || method.is_init() {
            Some(self.own_record(method))
        } else {
            self.find_method(start, method.name, method.descriptor)
        };
        match selected {
            Some(selected) => self.runnable(ClassId::NONE, method, selected),
            None => Err(self.abstract_error(ClassId::NONE, method, method)),
        }
    }

    /// The itable entry of an interface in a class.
    pub fn itable_entry(&self, class: ClassId, interface: ClassId) -> Option<ItableEntry> {
        let entries = self.meta.slice(self.class(class).itable);
        entries.iter().find(|entry| entry.interface == interface).copied()
    }

    /// The vtable slot by which `invokevirtual` reaches a method resolved through `class`; `None` if the call is direct.
    /// Interface methods that a class inherits have a slot in it too.
    pub fn vtable_slot(&self, class: ClassId, method: &Method) -> Option<u32> {
        if let Ok(slot) = u32::try_from(method.vtable_index) {
            return Some(slot);
        }
        if !is_inheritable(method) || !self.class(method.class).is_interface() {
            return None;
        }
        let vtable = self.meta.slice(self.class(class).vtable);
        let same = |&entry: &Meta<Method>| {
            let entry = self.meta.get(entry);
            entry.name == method.name && entry.descriptor == method.descriptor
        };
        // A package-private namesake has a slot of its own; the one that interfaces share came last.
        vtable.iter().rposition(same).map(|slot| slot as u32)
    }

    /// The error that a table entry stands for; `None` if it can run.
    pub fn selection_error(
        &self,
        receiver: ClassId,
        resolved: &Method,
        selected: &Method,
    ) -> Option<LinkError> {
        if selected.flags.contains(MethodFlags::VM_MADE) {
            return Some(self.made_error(selected));
        }
        selected.is_abstract().then(|| self.abstract_error(receiver, resolved, selected))
    }

    fn runnable<'a>(
        &self,
        receiver: ClassId,
        resolved: &Method,
        selected: &'a Method,
    ) -> Result<&'a Method, LinkError> {
        self.selection_error(receiver, resolved, selected).map_or(Ok(selected), Err)
    }

    /// The same record, borrowed from the universe.
    fn own_record(&self, method: &Method) -> &Method {
        self.meta.get(self.meta.meta_of(method))
    }

    /// The receiver's class does not implement the interface: the verifier does not see that.
    fn not_a_receiver(&self, receiver: ClassId, method: &Method) -> LinkError {
        LinkError::incompatible(format!(
            "Class {} does not implement the requested interface {}",
            self.external_name(receiver),
            self.external_name(method.class),
        ))
    }

    /// The error of a method that the VM made.
    pub fn made_error(&self, made: &Method) -> LinkError {
        let key = (made.name, made.descriptor);
        if made.vm_data == MadeKind::NotPublic as u32 {
            let mut at = made.class;
            while !at.is_none() {
                let record = self.class(at);
                let declared = record.find_declared(&self.meta, key.0, key.1);
                if let Some(method) = declared.filter(|m| is_inheritable(m)) {
                    return LinkError::illegal_access(format!("'{}'", self.external_method(method)));
                }
                at = record.super_class;
            }
            return LinkError::illegal_access(format!("'{}'", self.external_method(made)));
        }
        let mut message = "Conflicting default methods:".to_owned();
        for class in self.in_search_order(made.class) {
            let record = self.class(class);
            let declared = record.find_declared(&self.meta, key.0, key.1);
            if record.is_interface() && declared.is_some_and(is_inheritable) {
                message.push_str(&format!(" {}.{}", self.str(record.name), self.str(made.name)));
            }
        }
        LinkError::incompatible(message)
    }

    /// A class and all above it, superclasses before superinterfaces, each where it is met first.
    fn in_search_order(&self, class: ClassId) -> Vec<ClassId> {
        let (mut order, mut todo) = (Vec::new(), vec![class]);
        let mut seen: HashSet<ClassId> = HashSet::new();
        while let Some(class) = todo.pop() {
            if class.is_none() || !seen.insert(class) {
                continue;
            }
            order.push(class);
            let record = self.class(class);
            todo.extend(self.meta.slice(record.interfaces).iter().rev());
            todo.push(record.super_class);
        }
        order
    }

    /// AbstractMethodError, with the receiver's class if there is one.
    pub fn abstract_error(&self, receiver: ClassId, resolved: &Method, selected: &Method) -> LinkError {
        let message = match self.class_without_default(receiver, selected) {
            Some(class) => format!(
                "Method {}.{}{} is abstract",
                self.str(self.class(class).name),
                self.str(selected.name),
                self.str(selected.descriptor),
            ),
            None => self.missing_implementation(receiver, resolved, selected),
        };
        LinkError::new(LinkErrorKind::AbstractMethodError, message)
    }

    /// Where interfaces with default methods are in play, the reference machine names the class that lacks the method.
    fn class_without_default(&self, receiver: ClassId, selected: &Method) -> Option<ClassId> {
        let defaults = self.class(receiver).flags.contains(ClassFlags::HAS_DEFAULTS_ABOVE);
        (defaults && self.class(selected.class).is_interface()).then_some(receiver)
    }

    fn missing_implementation(&self, receiver: ClassId, resolved: &Method, selected: &Method) -> String {
        let mut message = match receiver.is_none() {
            true => "Missing implementation of ".to_owned(),
            false => format!(
                "Receiver class {} does not define or inherit an implementation of the ",
                self.external_name(receiver)
            ),
        };
        // The resolved method goes without its class, which follows in words; the selected one has it.
        let described = |method: &Method, text: String| {
            let flag = |flag: Access, text| if method.access.contains(flag) { text } else { "" };
            format!("{}{}{}", flag(Access::ABSTRACT, "abstract "), flag(Access::PRIVATE, "private "), text)
        };
        let holder = self.class(resolved.class);
        message.push_str(&format!(
            "resolved method '{}' of {} {}.",
            described(resolved, self.external_signature(resolved)),
            self.external_kind(holder),
            self.external_name(resolved.class)
        ));
        if !std::ptr::eq(resolved, selected) {
            message.push_str(&format!(
                " Selected method is '{}'.",
                described(selected, self.external_method(selected))
            ));
        }
        message
    }
}
