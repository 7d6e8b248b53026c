//! Class files made by hand, well formed or not: what the tests of the format checks read.

/// The parts of a class file. Each part is bytes as they stand in the file.
#[derive(Clone, Debug)]
pub(crate) struct ClassBuilder {
    pub(crate) minor: u16,
    pub(crate) major: u16,
    pub(crate) access: u16,
    pub(crate) this_class: u16,
    pub(crate) super_class: u16,
    pub(crate) interfaces: Vec<u16>,
    pool: Vec<Vec<u8>>,
    fields: Vec<Vec<u8>>,
    methods: Vec<Vec<u8>>,
    attributes: Vec<Vec<u8>>,
}

impl ClassBuilder {
    /// `public class C extends Object`, without members, of version 69.
    pub(crate) fn new() -> ClassBuilder {
        let mut class = ClassBuilder {
            minor: 0,
            major: 69,
            access: 0x21,
            this_class: 0,
            super_class: 0,
            interfaces: Vec::new(),
            pool: Vec::new(),
            fields: Vec::new(),
            methods: Vec::new(),
            attributes: Vec::new(),
        };
        class.this_class = class.class("C");
        class.super_class = class.class("java/lang/Object");
        class
    }

    /// Adds a constant; a long or double takes two indices, so its second is added as no bytes.
    pub(crate) fn constant(&mut self, tag: u8, rest: &[u16]) -> u16 {
        let mut bytes = vec![tag];
        bytes.extend(words(rest));
        self.raw_constant(bytes)
    }

    pub(crate) fn raw_constant(&mut self, bytes: Vec<u8>) -> u16 {
        self.pool.push(bytes);
        self.pool.len() as u16
    }

    pub(crate) fn utf8(&mut self, text: &str) -> u16 {
        let bytes = utf8_bytes(text);
        if let Some(known) = self.pool.iter().position(|constant| *constant == bytes) {
            return known as u16 + 1;
        }
        self.raw_constant(bytes)
    }

    /// A `Utf8` constant without looking whether there is one like it.
    pub(crate) fn constant_text(&mut self, text: &str) -> u16 {
        self.raw_constant(utf8_bytes(text))
    }

    /// A field by the numbers in the file.
    pub(crate) fn raw_field(&mut self, numbers: &[u16; 4]) {
        self.fields.push(words(numbers));
    }

    pub(crate) fn class(&mut self, name: &str) -> u16 {
        let name = self.utf8(name);
        self.constant(7, &[name])
    }

    pub(crate) fn name_and_type(&mut self, name: &str, descriptor: &str) -> u16 {
        let (name, descriptor) = (self.utf8(name), self.utf8(descriptor));
        self.constant(12, &[name, descriptor])
    }

    /// A reference to a member of `C`, by the tag of its kind.
    pub(crate) fn member(&mut self, tag: u8, name: &str, descriptor: &str) -> u16 {
        let name_and_type = self.name_and_type(name, descriptor);
        self.constant(tag, &[self.this_class, name_and_type])
    }

    pub(crate) fn method_handle(&mut self, kind: u8, reference: u16) -> u16 {
        let [high, low] = reference.to_be_bytes();
        self.raw_constant(vec![15, kind, high, low])
    }

    /// An attribute's bytes.
    pub(crate) fn attribute(&mut self, name: &str, info: &[u8]) -> Vec<u8> {
        let mut bytes = self.utf8(name).to_be_bytes().to_vec();
        bytes.extend((info.len() as u32).to_be_bytes());
        bytes.extend(info);
        bytes
    }

    /// An attribute of the class.
    pub(crate) fn class_attribute(&mut self, name: &str, info: &[u8]) {
        let attribute = self.attribute(name, info);
        self.attributes.push(attribute);
    }

    pub(crate) fn field(&mut self, access: u16, name: &str, descriptor: &str, attributes: &[Vec<u8>]) {
        let field = self.some_member(access, name, descriptor, attributes);
        self.fields.push(field);
    }

    pub(crate) fn method(&mut self, access: u16, name: &str, descriptor: &str, attributes: &[Vec<u8>]) {
        let method = self.some_member(access, name, descriptor, attributes);
        self.methods.push(method);
    }

    fn some_member(&mut self, access: u16, name: &str, descriptor: &str, attributes: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = words(&[access, self.utf8(name), self.utf8(descriptor), attributes.len() as u16]);
        bytes.extend(attributes.concat());
        bytes
    }

    /// A `Code` attribute for `return`, with the attributes and handlers given.
    pub(crate) fn code(&mut self, handlers: &[[u16; 4]], attributes: &[Vec<u8>]) -> Vec<u8> {
        let mut info = words(&[1, 3, 0, 1]);
        info.push(0xb1);
        info.extend(words(&[handlers.len() as u16]));
        info.extend(words(handlers.as_flattened()));
        info.extend(words(&[attributes.len() as u16]));
        info.extend(attributes.concat());
        self.attribute("Code", &info)
    }

    pub(crate) fn build(&self) -> Vec<u8> {
        let mut bytes = vec![0xca, 0xfe, 0xba, 0xbe];
        bytes.extend(words(&[self.minor, self.major, self.pool.len() as u16 + 1]));
        bytes.extend(self.pool.concat());
        bytes.extend(words(&[self.access, self.this_class, self.super_class, self.interfaces.len() as u16]));
        bytes.extend(words(&self.interfaces));
        for members in [&self.fields, &self.methods, &self.attributes] {
            bytes.extend(words(&[members.len() as u16]));
            bytes.extend(members.concat());
        }
        bytes
    }
}

/// Numbers as the file has them.
pub(crate) fn words(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

fn utf8_bytes(text: &str) -> Vec<u8> {
    let mut bytes = vec![1];
    bytes.extend((text.len() as u16).to_be_bytes());
    bytes.extend(text.bytes());
    bytes
}
