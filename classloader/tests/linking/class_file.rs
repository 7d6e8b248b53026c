//! Writes small class files for tests: only what linking looks at, with bodies of a lone `return` or less.

use std::collections::HashMap;

pub(crate) const PUBLIC: u16 = 0x0001;
pub(crate) const PRIVATE: u16 = 0x0002;
pub(crate) const PROTECTED: u16 = 0x0004;
pub(crate) const STATIC: u16 = 0x0008;
pub(crate) const FINAL: u16 = 0x0010;
pub(crate) const SUPER: u16 = 0x0020;
pub(crate) const SYNCHRONIZED: u16 = 0x0020;
pub(crate) const NATIVE: u16 = 0x0100;
pub(crate) const INTERFACE: u16 = 0x0200;
pub(crate) const ABSTRACT: u16 = 0x0400;

/// A class file in the making.
pub(crate) struct ClassFile {
    pool: Vec<u8>,
    entries: u16,
    utf8: HashMap<Vec<u8>, u16>,
    classes: HashMap<String, u16>,
    access: u16,
    major: u16,
    this: u16,
    above: u16,
    interfaces: Vec<u16>,
    fields: Vec<u8>,
    field_count: u16,
    methods: Vec<u8>,
    method_count: u16,
    attributes: Vec<u8>,
    attribute_count: u16,
}

fn push(to: &mut Vec<u8>, value: u16) {
    to.extend(value.to_be_bytes());
}

impl ClassFile {
    /// A public class that extends Object.
    pub(crate) fn class(name: &str) -> ClassFile {
        ClassFile::new(name, "java/lang/Object", PUBLIC | SUPER)
    }

    pub(crate) fn interface(name: &str) -> ClassFile {
        ClassFile::new(name, "java/lang/Object", PUBLIC | INTERFACE | ABSTRACT)
    }

    pub(crate) fn new(name: &str, above: &str, access: u16) -> ClassFile {
        let mut file = ClassFile {
            pool: Vec::new(),
            entries: 1,
            utf8: HashMap::new(),
            classes: HashMap::new(),
            access,
            major: 69,
            this: 0,
            above: 0,
            interfaces: Vec::new(),
            fields: Vec::new(),
            field_count: 0,
            methods: Vec::new(),
            method_count: 0,
            attributes: Vec::new(),
            attribute_count: 0,
        };
        file.this = file.class_entry(name);
        file.above = file.class_entry(above);
        file
    }

    pub(crate) fn access(mut self, access: u16) -> ClassFile {
        self.access = access;
        self
    }

    pub(crate) fn extends(mut self, above: &str) -> ClassFile {
        self.above = self.class_entry(above);
        self
    }

    pub(crate) fn implements(mut self, interface: &str) -> ClassFile {
        let index = self.class_entry(interface);
        self.interfaces.push(index);
        self
    }

    pub(crate) fn field(mut self, access: u16, name: &str, descriptor: &str) -> ClassFile {
        let (name, descriptor) = (self.text(name), self.text(descriptor));
        for value in [access, name, descriptor, 0] {
            push(&mut self.fields, value);
        }
        self.field_count += 1;
        self
    }

    /// A method; its body is `return`, or throws null if a result is due, unless it is abstract or native. Nobody runs it.
    pub(crate) fn method(mut self, access: u16, name: &str, descriptor: &str) -> ClassFile {
        let code: &[u8] = if descriptor.ends_with('V') { &[0xb1] } else { &[0x01, 0xbf] };
        let (name, descriptor) = (self.text(name), self.text(descriptor));
        for value in [access, name, descriptor] {
            push(&mut self.methods, value);
        }
        if access & (ABSTRACT | NATIVE) != 0 {
            push(&mut self.methods, 0);
        } else {
            let attribute = self.text("Code");
            push(&mut self.methods, 1);
            push(&mut self.methods, attribute);
            let mut body = Vec::new();
            push(&mut body, 8);
            push(&mut body, 255);
            body.extend((code.len() as u32).to_be_bytes());
            body.extend(code);
            push(&mut body, 0);
            push(&mut body, 0);
            self.methods.extend((body.len() as u32).to_be_bytes());
            self.methods.extend(body);
        }
        self.method_count += 1;
        self
    }

    /// A static method with this body and exception table, of which nobody knows whether it verifies.
    pub(crate) fn body(self, name: &str, code: &[u8], handlers: &[[u16; 4]]) -> ClassFile {
        self.frames(name, (8, 8), code, handlers, &[])
    }

    /// The same with room for so much stack and so many locals, and the contents of a StackMapTable if there are any.
    pub(crate) fn frames(
        mut self,
        name: &str,
        (max_stack, max_locals): (u16, u16),
        code: &[u8],
        handlers: &[[u16; 4]],
        table: &[u8],
    ) -> ClassFile {
        let (name, descriptor, attribute) = (self.text(name), self.text("()V"), self.text("Code"));
        let table_name = self.text("StackMapTable");
        for value in [PUBLIC | STATIC, name, descriptor, 1, attribute] {
            push(&mut self.methods, value);
        }
        let inner = if table.is_empty() { 0 } else { 6 + table.len() };
        let len = 12 + code.len() + 8 * handlers.len() + inner;
        self.methods.extend((len as u32).to_be_bytes());
        push(&mut self.methods, max_stack);
        push(&mut self.methods, max_locals);
        self.methods.extend((code.len() as u32).to_be_bytes());
        self.methods.extend(code);
        push(&mut self.methods, handlers.len() as u16);
        for &value in handlers.iter().flatten() {
            push(&mut self.methods, value);
        }
        push(&mut self.methods, u16::from(inner > 0));
        if inner > 0 {
            push(&mut self.methods, table_name);
            self.methods.extend((table.len() as u32).to_be_bytes());
            self.methods.extend(table);
        }
        self.method_count += 1;
        self
    }

    /// The version of the file.
    pub(crate) fn major(mut self, major: u16) -> ClassFile {
        self.major = major;
        self
    }

    pub(crate) fn nest_host(mut self, host: &str) -> ClassFile {
        let host = self.class_entry(host);
        self.attribute("NestHost", &host.to_be_bytes());
        self
    }

    /// `NestMembers` or `PermittedSubclasses`.
    pub(crate) fn class_list(mut self, attribute: &str, names: &[&str]) -> ClassFile {
        let mut info = Vec::new();
        push(&mut info, names.len() as u16);
        for name in names {
            let index = self.class_entry(name);
            push(&mut info, index);
        }
        self.attribute(attribute, &info);
        self
    }

    pub(crate) fn bytes(self) -> Vec<u8> {
        let mut file = 0xcafe_babe_u32.to_be_bytes().to_vec();
        push(&mut file, 0);
        push(&mut file, self.major);
        push(&mut file, self.entries);
        file.extend(self.pool);
        for value in [self.access, self.this, self.above, self.interfaces.len() as u16] {
            push(&mut file, value);
        }
        for interface in self.interfaces {
            push(&mut file, interface);
        }
        push(&mut file, self.field_count);
        file.extend(self.fields);
        push(&mut file, self.method_count);
        file.extend(self.methods);
        push(&mut file, self.attribute_count);
        file.extend(self.attributes);
        file
    }

    fn attribute(&mut self, name: &str, info: &[u8]) {
        let name = self.text(name);
        push(&mut self.attributes, name);
        self.attributes.extend((info.len() as u32).to_be_bytes());
        self.attributes.extend(info);
        self.attribute_count += 1;
    }

    fn text(&mut self, text: &str) -> u16 {
        let bytes = text.as_bytes().to_vec();
        if let Some(&known) = self.utf8.get(&bytes) {
            return known;
        }
        self.pool.push(1);
        push(&mut self.pool, bytes.len() as u16);
        self.pool.extend(&bytes);
        let index = self.entry();
        self.utf8.insert(bytes, index);
        index
    }

    fn class_entry(&mut self, name: &str) -> u16 {
        if let Some(&known) = self.classes.get(name) {
            return known;
        }
        let text = self.text(name);
        self.pool.push(7);
        push(&mut self.pool, text);
        let index = self.entry();
        self.classes.insert(name.to_owned(), index);
        index
    }

    fn entry(&mut self) -> u16 {
        self.entries += 1;
        self.entries - 1
    }
}
