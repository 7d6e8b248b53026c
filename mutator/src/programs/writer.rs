//! A class file in the making: constant pool, methods, their frames and lines.

use std::collections::HashMap;

use super::body::{Code, Signature, Type, Verified};

const PUBLIC: u16 = 0x0001;
const STATIC: u16 = 0x0008;
const SYNCHRONIZED: u16 = 0x0020;
const SUPER: u16 = 0x0020;

pub(super) struct ClassWriter {
    pool: Vec<u8>,
    entries: u16,
    known: HashMap<Vec<u8>, u16>,
    this: u16,
    above: u16,
    version: u16,
    pub(super) name: String,
    methods: Vec<u8>,
    method_count: u16,
}

impl ClassWriter {
    pub(super) fn new(name: &str, above: &str, version: u16) -> ClassWriter {
        let mut class = ClassWriter {
            pool: Vec::new(),
            entries: 1,
            known: HashMap::new(),
            this: 0,
            above: 0,
            version,
            name: name.to_owned(),
            methods: Vec::new(),
            method_count: 0,
        };
        class.this = class.class(name);
        class.above = class.class(above);
        class
    }

    fn entry(&mut self, bytes: Vec<u8>, slots: u16) -> u16 {
        if let Some(index) = self.known.get(&bytes) {
            return *index;
        }
        let index = self.entries;
        self.pool.extend(&bytes);
        self.known.insert(bytes, index);
        self.entries += slots;
        index
    }

    pub(super) fn utf8(&mut self, text: &str) -> u16 {
        let mut bytes = vec![1];
        bytes.extend((text.len() as u16).to_be_bytes());
        bytes.extend(text.as_bytes());
        self.entry(bytes, 1)
    }

    fn with(&mut self, tag: u8, parts: &[u16]) -> u16 {
        let mut bytes = vec![tag];
        parts.iter().for_each(|part| bytes.extend(part.to_be_bytes()));
        self.entry(bytes, 1)
    }

    pub(super) fn class(&mut self, name: &str) -> u16 {
        let name = self.utf8(name);
        self.with(7, &[name])
    }

    pub(super) fn string(&mut self, text: &str) -> u16 {
        let text = self.utf8(text);
        self.with(8, &[text])
    }

    pub(super) fn int(&mut self, value: i32) -> u16 {
        self.entry([&[3], &value.to_be_bytes()[..]].concat(), 1)
    }

    pub(super) fn float(&mut self, value: f32) -> u16 {
        self.entry([&[4], &value.to_bits().to_be_bytes()[..]].concat(), 1)
    }

    pub(super) fn long(&mut self, value: i64) -> u16 {
        self.entry([&[5], &value.to_be_bytes()[..]].concat(), 2)
    }

    pub(super) fn double(&mut self, value: f64) -> u16 {
        self.entry([&[6], &value.to_bits().to_be_bytes()[..]].concat(), 2)
    }

    /// A field (9), method (10) or interface method (11).
    pub(super) fn member(&mut self, tag: u8, class: &str, name: &str, descriptor: &str) -> u16 {
        let class = self.class(class);
        let (name, descriptor) = (self.utf8(name), self.utf8(descriptor));
        let both = self.with(12, &[name, descriptor]);
        self.with(tag, &[class, both])
    }

    pub(super) fn constructor(&mut self) {
        let above = self.member(10, "Base", "<init>", "()V");
        let [high, low] = above.to_be_bytes();
        let code =
            Code { bytes: vec![0x2a, 0xb7, high, low, 0xb1], max_stack: 1, max_locals: 1, ..Code::default() };
        let (name, descriptor) = (self.utf8("<init>"), self.utf8("()V"));
        self.put_method(PUBLIC, name, descriptor, code);
    }

    pub(super) fn method(&mut self, signature: &Signature, code: Code) {
        let (name, descriptor) = (self.utf8(&signature.name), self.utf8(&signature.descriptor()));
        let mut access = PUBLIC;
        access |= if signature.is_static { STATIC } else { 0 };
        access |= if signature.is_synchronized { SYNCHRONIZED } else { 0 };
        self.put_method(access, name, descriptor, code);
    }

    fn put_method(&mut self, access: u16, name: u16, descriptor: u16, code: Code) {
        let mut attributes = Vec::new();
        let mut count = 0u16;
        if !code.lines.is_empty() {
            let mut lines = (code.lines.len() as u16).to_be_bytes().to_vec();
            for (pc, line) in &code.lines {
                lines.extend(pc.to_be_bytes());
                lines.extend(line.to_be_bytes());
            }
            self.attribute(&mut attributes, "LineNumberTable", &lines);
            count += 1;
        }
        if self.version > 49 && !code.frames.is_empty() {
            let frames = self.frames(&code);
            self.attribute(&mut attributes, "StackMapTable", &frames);
            count += 1;
        }
        let mut body = Vec::new();
        body.extend(code.max_stack.to_be_bytes());
        body.extend(code.max_locals.to_be_bytes());
        body.extend((code.bytes.len() as u32).to_be_bytes());
        body.extend(&code.bytes);
        body.extend((code.handlers.len() as u16).to_be_bytes());
        for handler in &code.handlers {
            handler.iter().for_each(|part| body.extend(part.to_be_bytes()));
        }
        body.extend(count.to_be_bytes());
        body.extend(&attributes);
        let mut method = Vec::new();
        for part in [access, name, descriptor, 1] {
            method.extend(part.to_be_bytes());
        }
        self.attribute(&mut method, "Code", &body);
        self.methods.extend(method);
        self.method_count += 1;
    }

    fn attribute(&mut self, to: &mut Vec<u8>, name: &str, content: &[u8]) {
        to.extend(self.utf8(name).to_be_bytes());
        to.extend((content.len() as u32).to_be_bytes());
        to.extend(content);
    }

    /// Every frame in full.
    fn frames(&mut self, code: &Code) -> Vec<u8> {
        let mut out = (code.frames.len() as u16).to_be_bytes().to_vec();
        let mut before = None;
        for (pc, stack) in &code.frames {
            let delta = before.map_or(*pc, |before: u16| pc - before - 1);
            before = Some(*pc);
            out.push(255);
            out.extend(delta.to_be_bytes());
            for list in [&code.locals, stack] {
                out.extend((list.len() as u16).to_be_bytes());
                list.iter().for_each(|verified| self.verified(&mut out, *verified));
            }
        }
        out
    }

    fn verified(&mut self, out: &mut Vec<u8>, verified: Verified) {
        let class = match verified {
            Verified::Top => return out.push(0),
            Verified::Is(Type::Int) => return out.push(1),
            Verified::Is(Type::Float) => return out.push(2),
            Verified::Is(Type::Double) => return out.push(3),
            Verified::Is(Type::Long) => return out.push(4),
            Verified::This => self.name.clone(),
            Verified::Throwable(class) => class.to_owned(),
            Verified::Is(reference) => reference.class().to_owned(),
        };
        out.push(7);
        out.extend(self.class(&class).to_be_bytes());
    }

    pub(super) fn finish(self) -> Vec<u8> {
        let mut out = vec![0xca, 0xfe, 0xba, 0xbe];
        for part in [0, self.version, self.entries] {
            out.extend(part.to_be_bytes());
        }
        out.extend(&self.pool);
        for part in [PUBLIC | SUPER, self.this, self.above, 0, 0, self.method_count] {
            out.extend(part.to_be_bytes());
        }
        out.extend(&self.methods);
        out.extend([0, 0]);
        out
    }
}
