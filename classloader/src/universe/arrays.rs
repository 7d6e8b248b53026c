//! Array classes (JVMS 5.3.3): made by the VM, one for each component type that somebody asks for.
//!
//! Invariant: a component has at most one array class, found through `Class::array_class`; it shares the loader, module
//! and accessibility of its element type and is initialized from the start.

use std::sync::atomic::Ordering;

use carafe_gc::metaspace::{ClassId, MetaSlice};
use carafe_gc::object::Layout;

use super::Universe;
use crate::basic::BasicType;
use crate::class::{Access, Class, ClassFlags, ClassState, LoaderId};
use crate::link::{LinkError, LinkErrorKind, LinkHost};
use crate::symbols::Symbol;

/// More dimensions than this no array type has (JVMS 4.3.2).
const MAX_DIMENSIONS: u8 = 255;

impl Universe {
    /// The array class whose components are of class `component`.
    pub fn array_of<H: LinkHost>(&self, host: &mut H, component: ClassId) -> Result<ClassId, H::Error> {
        let known = self.class(component).array_class.load(Ordering::Acquire);
        if known != 0 {
            return Ok(ClassId(known));
        }
        let record = self.class(component);
        if record.dims == MAX_DIMENSIONS || record.basic == BasicType::Void as u8 && record.is_primitive() {
            let message = format!("no array of {}", self.external_name(component));
            return Err(LinkError::new(LinkErrorKind::IllegalArgumentException, message).into());
        }
        let interfaces = self.interfaces_of_arrays(host)?;
        let array = self.array_record(component, interfaces)?;
        let id = array.id;
        self.write_record(array);
        if let Err(error) = self.announce(host, id) {
            self.retire(id, true);
            return Err(error);
        }
        let slot = &self.class(component).array_class;
        match slot.compare_exchange(0, id.0, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => Ok(id),
            Err(winner) => {
                self.retire(id, true);
                Ok(ClassId(winner))
            }
        }
    }

    fn array_record(&self, component: ClassId, interfaces: MetaSlice<ClassId>) -> Result<Class, LinkError> {
        let of = self.class(component);
        let object = self.class(self.object_class());
        let mut array = Class::empty();
        array.name = self.intern(&self.array_name(of))?;
        array.id = self.meta.new_class_id()?;
        array.layout = if of.is_primitive() {
            let shift = BasicType::from_u8(of.basic).map_or(0, BasicType::size_shift);
            Layout::prim_array(shift)
        } else {
            Layout::ref_array()
        };
        array.access = (of.access & Access::PUBLIC) | Access::FINAL | Access::ABSTRACT;
        let visible = Access::PUBLIC | Access::PRIVATE | Access::PROTECTED;
        let modifiers = Access::from_bits_retain(of.modifiers) & visible;
        array.modifiers = (modifiers | Access::FINAL | Access::ABSTRACT).bits();
        array.dims = of.dims + 1;
        array.basic = of.basic;
        array.flags = ClassFlags::ARRAY | ClassFlags::CLONEABLE | of.flags & ClassFlags::UNLOADABLE;
        array.layout.unloadable = u8::from(of.is_unloadable());
        array.super_class = object.id;
        array.depth = 1;
        array.display[0] = object.id;
        array.display[1] = array.id;
        array.interfaces = interfaces;
        array.all_interfaces = interfaces;
        array.vtable = object.vtable;
        array.loader = of.loader;
        array.module.store(self.module_of(of).0, Ordering::Relaxed);
        array.package = of.package;
        array.component = component;
        array.set_state(ClassState::Initialized);
        Ok(array)
    }

    fn array_name(&self, component: &Class) -> Vec<u8> {
        let mut name = vec![b'['];
        if component.is_primitive() {
            name.extend(BasicType::from_u8(component.basic).map(BasicType::descriptor));
        } else if component.is_array() {
            name.extend_from_slice(self.text(component.name));
        } else {
            name.push(b'L');
            name.extend_from_slice(self.text(component.name));
            name.push(b';');
        }
        name
    }

    /// Cloneable and Serializable; loads them, and Object, if need be.
    fn interfaces_of_arrays<H: LinkHost>(&self, host: &mut H) -> Result<MetaSlice<ClassId>, H::Error> {
        for (known, name) in [
            (self.object_class(), self.well.object),
            (self.cloneable_class(), self.well.cloneable),
            (self.serializable_class(), self.well.serializable),
        ] {
            if known.is_none() && self.load_boot(host, name)?.is_none() {
                let message = self.str(name).into_owned();
                return Err(LinkError::new(LinkErrorKind::NoClassDefFoundError, message).into());
            }
        }
        let mut interfaces = self.array_interfaces.lock();
        if interfaces.is_empty() {
            let both = [self.cloneable_class(), self.serializable_class()];
            let boot = self.known_loader(LoaderId::BOOT)?;
            *interfaces = boot.arenas.constant.alloc_slice(&both).map_err(LinkError::from)?;
        }
        Ok(*interfaces)
    }

    /// The class of a name as constant pools have it: that of a plain class, or an array's descriptor. Loads the plain
    /// class through the host.
    pub fn class_named<H: LinkHost>(
        &self,
        host: &mut H,
        loader: LoaderId,
        name: Symbol,
    ) -> Result<ClassId, H::Error> {
        let text = self.text(name);
        let dims = text.iter().take_while(|&&byte| byte == b'[').count();
        if dims == 0 {
            return host.load_class(loader, name);
        }
        let element = text.get(dims..).unwrap_or_default();
        let mut at = match self.element_named(host, loader, element)? {
            Some(element) if dims <= usize::from(MAX_DIMENSIONS) => element,
            _ => {
                let message = self.str(name).into_owned();
                return Err(LinkError::new(LinkErrorKind::NoClassDefFoundError, message).into());
            }
        };
        for _ in 0..dims {
            at = self.array_of(host, at)?;
        }
        Ok(at)
    }

    /// The class that a descriptor without dimensions names; `None` if it is malformed.
    fn element_named<H: LinkHost>(
        &self,
        host: &mut H,
        loader: LoaderId,
        element: &[u8],
    ) -> Result<Option<ClassId>, H::Error> {
        if let Some(name) = element.strip_prefix(b"L").and_then(|rest| rest.strip_suffix(b";")) {
            return host.load_class(loader, self.intern(name)?).map(Some);
        }
        let basic = match element {
            &[tag] => BasicType::from_descriptor(tag).filter(|basic| basic.is_primitive()),
            _ => None,
        };
        Ok(basic.map(|basic| self.primitive(basic)))
    }

    /// The class that a field descriptor names.
    pub fn class_of_descriptor<H: LinkHost>(
        &self,
        host: &mut H,
        loader: LoaderId,
        descriptor: &[u8],
    ) -> Result<ClassId, H::Error> {
        if descriptor.first() == Some(&b'[') {
            return self.class_named(host, loader, self.intern(descriptor)?);
        }
        if descriptor == b"V" {
            return Ok(self.primitive(BasicType::Void));
        }
        match self.element_named(host, loader, descriptor)? {
            Some(class) => Ok(class),
            None => {
                let message = crate::classfile::mutf8::to_string(descriptor);
                Err(LinkError::new(LinkErrorKind::NoClassDefFoundError, message).into())
            }
        }
    }
}
