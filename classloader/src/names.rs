//! How classes, members and their homes are spelled in messages, and how hidden classes are named.
//!
//! Invariant: spellings are those of the reference virtual machine, since programs compare them. Nothing here looks
//! anything up or can fail: a broken descriptor is printed as it stands.
//!
//! A hidden class is called `Gen+0x0000000000000001` internally, in its own constant pool too; Java code sees the `+` as
//! `/`, which no name in a class file can contain, so nobody can ask for it by name.

use std::borrow::Cow;

use carafe_gc::metaspace::ClassId;

use crate::class::{Class, Field, LoaderId, Method, ModuleId};
use crate::classfile::descriptor::{FieldType, MethodDescriptor};
use crate::classfile::mutf8;
use crate::link::Describe;
use crate::symbols::Symbol;
use crate::universe::Universe;

/// The internal name of hidden class number `number` whose class file says `name`.
pub fn hidden_name(name: &[u8], number: u64) -> Vec<u8> {
    let mut hidden = name.to_vec();
    hidden.extend_from_slice(format!("+0x{number:016x}").as_bytes());
    hidden
}

/// The package of a class name in internal form; empty for the unnamed package.
pub fn package_of(name: &[u8]) -> &[u8] {
    let end = name.iter().rposition(|&b| b == b'/').unwrap_or(0);
    name.get(..end).unwrap_or_default()
}

/// `java.lang.Object` from `java/lang/Object`; array names are dotted descriptors.
pub fn dotted(name: &[u8]) -> String {
    mutf8::to_string(name).replace('/', ".")
}

/// `int, java.lang.String[]` from `(I[Ljava/lang/String;)V`.
pub fn external_parameters(descriptor: &[u8]) -> String {
    MethodDescriptor::parse(descriptor)
        .map_or_else(|| mutf8::to_string(descriptor), |d| d.external_parameters())
}

/// `'void A.m(int, java.lang.String[])'` without the quotes.
pub fn external_method(class: &str, name: &[u8], descriptor: &[u8]) -> String {
    let name = mutf8::to_string(name);
    match MethodDescriptor::parse(descriptor) {
        Some(parsed) => {
            format!("{} {class}.{name}({})", parsed.external_result(), parsed.external_parameters())
        }
        None => format!("{class}.{name}{}", mutf8::to_string(descriptor)),
    }
}

/// `int` or `java.lang.String[]` from a field descriptor.
pub fn external_type(descriptor: &[u8]) -> String {
    FieldType::parse(descriptor).map_or_else(|| mutf8::to_string(descriptor), FieldType::external_name)
}

impl Universe {
    /// The bytes of a symbol as a Rust string; what has no place in one becomes U+FFFD.
    pub fn str(&self, symbol: Symbol) -> Cow<'_, str> {
        let bytes = self.text(symbol);
        match std::str::from_utf8(bytes) {
            // Modified UTF-8 that is UTF-8 as well means the same.
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(mutf8::to_string(bytes)),
        }
    }

    /// [`Universe::external_name`] in modified UTF-8, which loses nothing: surrogates may stand alone in a name.
    pub fn external_name_mutf8(&self, class: ClassId) -> Vec<u8> {
        let mut name = self.text(self.class(class).name).to_vec();
        let plus = match self.class(self.element_class(class)).is_hidden() {
            true => name.iter().rposition(|&byte| byte == b'+'),
            false => None,
        };
        name.iter_mut().filter(|byte| **byte == b'/').for_each(|byte| *byte = b'.');
        if let Some(byte) = plus.and_then(|plus| name.get_mut(plus)) {
            *byte = b'/';
        }
        name
    }

    /// The class as `Class.getName` spells it: dotted, arrays as descriptors, hidden classes with their `/`.
    pub fn external_name(&self, class: ClassId) -> String {
        let record = self.class(class);
        let dotted = dotted(self.text(record.name));
        if self.class(self.element_class(class)).is_hidden()
            && let Some(plus) = dotted.rfind('+')
        {
            return format!("{}/{}", &dotted[..plus], &dotted[plus + 1..]);
        }
        dotted
    }

    /// The method as messages spell it: `void A.m(int, java.lang.String[])`.
    pub fn external_method(&self, method: &Method) -> String {
        self.external_member_of(method.class, method.name, method.descriptor)
    }

    /// `int f(java.lang.String)`
    pub fn external_signature(&self, method: &Method) -> String {
        let name = self.str(method.name);
        match MethodDescriptor::parse(self.text(method.descriptor)) {
            Some(parsed) => {
                format!("{} {name}({})", parsed.external_result(), parsed.external_parameters())
            }
            None => format!("{name}{}", self.str(method.descriptor)),
        }
    }

    /// The same, with its class, for a method that is only named, as if `class` declared it.
    pub fn external_member_of(&self, class: ClassId, name: Symbol, descriptor: Symbol) -> String {
        external_method(&self.external_name(class), self.text(name), self.text(descriptor))
    }

    /// `Cls.f`
    pub fn external_field(&self, field: &Field) -> String {
        format!("{}.{}", self.external_name(field.class), self.str(field.name))
    }

    /// The class behind all dimensions of an array; the class itself if it is none.
    pub fn element_class(&self, class: ClassId) -> ClassId {
        let mut at = class;
        while self.class(at).is_array() {
            at = self.class(at).component;
        }
        at
    }

    /// What the reference machine calls the kind of class in messages.
    pub fn external_kind(&self, class: &Class) -> &'static str {
        if class.is_interface() {
            "interface"
        } else if class.is_abstract() {
            "abstract class"
        } else {
            "class"
        }
    }

    /// `module java.base of loader 'bootstrap'`, `unnamed module of loader 'app'`.
    pub fn home(&self, describe: &dyn Describe, class: ClassId) -> String {
        let record = self.class(class);
        let loader = describe.loader_name(record.loader);
        match describe.module_name(self.module_of(record)) {
            Some(module) => format!("module {module} of loader {loader}"),
            None => format!("unnamed module of loader {loader}"),
        }
    }

    /// `A is in unnamed module of loader 'zz' @659e0bfd`, with `, parent loader 'bootstrap'` if asked for and known.
    pub fn in_home(&self, describe: &dyn Describe, class: ClassId, with_parent: bool) -> String {
        let mut text = format!("{} is in {}", self.external_name(class), self.home(describe, class));
        if with_parent && let Some(parent) = describe.parent_loader_name(self.class(class).loader) {
            text.push_str(", parent loader ");
            text.push_str(&parent);
        }
        text
    }

    /// The homes of two classes, as the parenthesis at the end of access messages gives them.
    pub fn in_homes(&self, describe: &dyn Describe, first: ClassId, second: ClassId) -> String {
        if self.module_of(self.class(first)) == self.module_of(self.class(second)) {
            let (a, b) = (self.external_name(first), self.external_name(second));
            format!("{a} and {b} are in {}", self.home(describe, first))
        } else {
            format!("{}; {}", self.in_home(describe, first, false), self.in_home(describe, second, false))
        }
    }

    /// The module of a class; a class that was loaded before java.base counts as its own package will.
    pub(crate) fn module_of(&self, class: &Class) -> ModuleId {
        match class.module() {
            ModuleId(0) if class.loader == LoaderId::BOOT => self.modules.java_base(),
            module => module,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling() {
        assert_eq!(
            external_method("A", b"m", b"(I[Ljava/lang/String;)V"),
            "void A.m(int, java.lang.String[])"
        );
        assert_eq!(external_method("A", b"m", b"garbage"), "A.mgarbage");
        assert_eq!(external_type(b"[[J"), "long[][]");
        assert_eq!(dotted(b"[Ljava/lang/String;"), "[Ljava.lang.String;");
        assert_eq!(package_of(b"java/lang/Object"), b"java/lang");
        assert_eq!(package_of(b"A"), b"");
        assert_eq!(hidden_name(b"p/Gen", 0x45045210), b"p/Gen+0x0000000045045210");
    }
}
