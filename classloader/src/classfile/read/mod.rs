//! The reader: from bytes to a [`ClassFile`] that borrows them.
//!
//! It walks the file once, in order, like the reference machine, and with [`ReadOptions::check`] judges
//! everything as it comes by, so that the first defect found is the one that the reference machine reports.
//! Without it only what memory safety and sense need is looked at: for classes of the JDK image, which its
//! builder has checked.
//!
//! Invariants: no input makes it panic; time and memory are linear in the input, also when one long name is
//! used by thousands of constants (see `Reader::judge`); every slice handed out lies in the input.
//!
//! Deliberately absent: whether the superclass and interfaces exist or fit, and what the code arrays mean.

mod class;
mod code;
mod member;
mod pool;

pub use class::ClassAttributes;
pub use code::Code;
pub use member::{FieldInfo, MethodInfo};

use std::collections::HashMap;

use super::access;
use super::attributes::AttributeTable;
use super::check::{self, Rules};
use super::error::{ClassFileError, ErrorKind, Result};
use super::mutf8;
use super::pool::{Constant, ConstantPool};

/// What a class file starts with.
const MAGIC: u32 = 0xcafe_babe;

/// How to read.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReadOptions<'a> {
    /// The name, in internal form, under which the class was looked for; the file must have the same. `None`
    /// where any name will do.
    pub name: Option<&'a [u8]>,
    /// Apply the format checks. Only classes of the JDK image go without.
    pub check: bool,
    /// Accept files that depend on preview features.
    pub preview: bool,
    /// Accept a module's description, `module-info`, which is no class.
    pub module: bool,
}

/// A parsed class file. Names and code borrow the bytes.
#[derive(Clone, Debug)]
pub struct ClassFile<'a> {
    /// The whole file, to which offsets refer.
    pub bytes: &'a [u8],
    pub minor: u16,
    pub major: u16,
    pub pool: ConstantPool<'a>,
    /// Flags with meaning only; `SYNTHETIC` is also set by the attribute of that name, and `ABSTRACT` on all
    /// interfaces.
    pub access: u16,
    /// Index of the `Class` constant.
    pub this_class: u16,
    /// Index of the `Class` constant, 0 for `java.lang.Object` and modules.
    pub super_class: u16,
    /// Indices of `Class` constants.
    pub interfaces: Vec<u16>,
    pub fields: Vec<FieldInfo<'a>>,
    pub methods: Vec<MethodInfo<'a>>,
    pub attributes: ClassAttributes<'a>,
}

impl<'a> ClassFile<'a> {
    /// Reads without checking, modules too: for files that are trusted, and for tools that look at broken
    /// ones.
    pub fn read(bytes: &'a [u8]) -> Result<ClassFile<'a>> {
        ClassFile::read_with(bytes, ReadOptions { preview: true, module: true, ..ReadOptions::default() })
    }

    /// Reads with all format checks, as for a class that a loader defines under `name`.
    pub fn read_checked(bytes: &'a [u8], name: Option<&'a [u8]>) -> Result<ClassFile<'a>> {
        ClassFile::read_with(bytes, ReadOptions { name, check: true, ..ReadOptions::default() })
    }

    /// Reads as `options` say.
    pub fn read_with(bytes: &'a [u8], options: ReadOptions<'a>) -> Result<ClassFile<'a>> {
        Reader::new(bytes, options).class_file(options)
    }

    /// The class's name in internal form.
    pub fn name(&self) -> &'a [u8] {
        self.pool.class_name(self.this_class).unwrap_or_default()
    }

    /// The superclass's name in internal form.
    pub fn super_name(&self) -> Option<&'a [u8]> {
        self.pool.class_name(self.super_class)
    }

    /// The direct superinterfaces' names in internal form.
    pub fn interface_names(&self) -> impl Iterator<Item = &'a [u8]> + '_ {
        self.interfaces.iter().filter_map(|&index| self.pool.class_name(index))
    }

    /// Whether it is an interface.
    pub fn is_interface(&self) -> bool {
        self.access & access::INTERFACE != 0
    }
}

/// Which rules a `Utf8` entry has already passed.
mod judged {
    pub(super) const CLASS_NAME: u8 = 1;
    pub(super) const FIELD_NAME: u8 = 2;
    pub(super) const METHOD_NAME: u8 = 4;
    pub(super) const FIELD_DESCRIPTOR: u8 = 8;
    pub(super) const METHOD_DESCRIPTOR: u8 = 16;
}

/// The state of reading: a position in the bytes and what is known so far.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    check: bool,
    rules: Rules<'a>,
    pool: ConstantPool<'a>,
    /// Bits of [`judged`] for each entry of the pool.
    judged: Vec<u8>,
    /// Argument slots of the entries that passed as method descriptors.
    argument_slots: HashMap<u16, u32>,
    /// The first entry seen with the same bytes, for each `Utf8` entry asked for, and that entry by its
    /// bytes.
    same: HashMap<u16, u16>,
    first_with: HashMap<&'a [u8], u16>,
    /// One more than the highest index into `BootstrapMethods` in the pool.
    bootstraps_needed: u32,
    /// The tag of a constant that only modules may have.
    module_constant: Option<u8>,
    access: u16,
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8], options: ReadOptions<'a>) -> Reader<'a> {
        Reader {
            bytes,
            at: 0,
            check: options.check,
            rules: Rules { major: 0, class: options.name.unwrap_or(b"<Unknown>") },
            pool: ConstantPool::default(),
            judged: Vec::new(),
            argument_slots: HashMap::new(),
            same: HashMap::new(),
            first_with: HashMap::new(),
            bootstraps_needed: 0,
            module_constant: None,
            access: 0,
        }
    }

    fn class_file(mut self, options: ReadOptions<'a>) -> Result<ClassFile<'a>> {
        self.need(8)?;
        let magic = self.u32()?;
        self.require(magic == MAGIC, format_args!("Incompatible magic value {magic}"))?;
        let (minor, major) = (self.u16()?, self.u16()?);
        check::version(self.rules.class, major, minor, options.preview)?;
        self.rules.major = major;
        self.constant_pool()?;

        self.need(8)?;
        self.class_access(options)?;
        let this_class = self.this_class(options)?;
        let super_class = self.super_class()?;
        let interfaces = self.interfaces()?;
        let fields = self.fields()?;
        let methods = self.methods()?;
        let attributes = self.class_attributes()?;
        if self.at != self.bytes.len() {
            let class = self.class();
            return Err(ClassFileError::format(format!("Extra bytes at the end of class file {class}")));
        }
        self.whole_class(super_class, &interfaces)?;
        Ok(ClassFile {
            bytes: self.bytes,
            minor,
            major,
            pool: self.pool,
            access: self.access,
            this_class,
            super_class,
            interfaces,
            fields,
            methods,
            attributes,
        })
    }

    fn class_access(&mut self, options: ReadOptions<'a>) -> Result<()> {
        let flags = self.u16()?;
        let flags = self.meaningful(flags, access::OF_CLASS);
        if flags & access::MODULE != 0 {
            if options.module {
                self.access = flags;
                return if self.module_constant.is_some() { self.judge_pool() } else { Ok(()) };
            }
            return Err(self.is_module());
        }
        if self.check {
            self.rules.class_access(flags)?;
        }
        if let Some(tag) = self.module_constant {
            return Err(self.defect(format_args!("Unknown constant tag {tag}")));
        }
        self.access = flags;
        Ok(())
    }

    /// The flags of a class without those that have no meaning.
    fn meaningful(&self, flags: u16, mask: u16) -> u16 {
        let module = if self.rules.major >= 53 { access::MODULE } else { 0 };
        let flags = flags & (mask | module);
        let implied = flags & access::INTERFACE != 0 && self.rules.major < 50;
        if implied { flags | access::ABSTRACT } else { flags }
    }

    fn is_module(&self) -> ClassFileError {
        ClassFileError::new(
            ErrorKind::NoClassDefFound,
            format!("{} is not a class because access_flag ACC_MODULE is set", self.class()),
        )
    }

    fn this_class(&mut self, options: ReadOptions<'a>) -> Result<u16> {
        let this_class = self.u16()?;
        let Some(name) = self.pool.class_name(this_class) else {
            return Err(self.defect(format_args!("Invalid this class index {this_class} in constant pool")));
        };
        self.require(name.first() != Some(&b'['), format_args!("Bad class name"))?;
        if let Some(expected) = options.name.filter(|&expected| expected != name) {
            return Err(ClassFileError::new(
                ErrorKind::NoClassDefFound,
                format!("{} (wrong name: {})", mutf8::to_string(expected), mutf8::to_string(name)),
            ));
        }
        self.rules.class = name;
        Ok(this_class)
    }

    fn super_class(&mut self) -> Result<u16> {
        let super_class = self.u16()?;
        if super_class == 0 {
            let may = self.rules.class == b"java/lang/Object" || self.access & access::MODULE != 0;
            self.require(may, format_args!("Invalid superclass index 0"))?;
            return Ok(0);
        }
        let Some(name) = self.pool.class_name(super_class) else {
            return Err(self.defect(format_args!("Invalid superclass index {super_class}")));
        };
        self.require(name.first() != Some(&b'['), format_args!("Bad superclass name"))?;
        Ok(super_class)
    }

    fn interfaces(&mut self) -> Result<Vec<u16>> {
        let count = usize::from(self.u16()?);
        let mut interfaces = Vec::with_capacity(count.min(self.bytes.len() / 2));
        for _ in 0..count {
            let index = self.u16()?;
            let Some(name) = self.pool.class_name(index) else {
                return Err(self.defect(format_args!("Interface name has bad constant pool index {index}")));
            };
            self.require(name.first() != Some(&b'['), format_args!("Bad interface name"))?;
            interfaces.push(index);
        }
        if self.check && interfaces.len() > 1 {
            let mut seen = std::collections::HashSet::new();
            for &index in &interfaces {
                let Constant::Class { name } = self.pool.get(index) else { continue };
                let text = self.pool.utf8(name).unwrap_or_default();
                if !seen.insert(self.same(name)) {
                    let text = mutf8::to_string(text);
                    return Err(self.defect(format_args!("Duplicate interface name \"{text}\"")));
                }
            }
        }
        Ok(interfaces)
    }

    /// Rules that need the whole file.
    fn whole_class(&self, super_class: u16, interfaces: &[u16]) -> Result<()> {
        if !self.check {
            return Ok(());
        }
        if self.access & access::INTERFACE != 0 && super_class != 0 {
            let name = self.pool.class_name(super_class);
            self.require(
                name == Some(b"java/lang/Object"),
                format_args!("Interfaces must have java.lang.Object as superclass"),
            )?;
        }
        let object = self.rules.class == b"java/lang/Object";
        self.require(
            !object || interfaces.is_empty(),
            format_args!("java.lang.Object cannot implement an interface"),
        )
    }

    /// Whether entry `index` still has to be judged by a rule; remembers that it was. A failing rule ends the
    /// reading, so what was judged once has passed.
    fn judge(&mut self, index: u16, rule: u8) -> bool {
        match self.judged.get_mut(usize::from(index)) {
            Some(bits) if *bits & rule == 0 => {
                *bits |= rule;
                true
            }
            Some(_) => false,
            None => true,
        }
    }

    fn judge_class_name(&mut self, index: u16, name: &[u8]) -> Result<()> {
        if self.check && self.judge(index, judged::CLASS_NAME) { self.rules.class_name(name) } else { Ok(()) }
    }

    fn judge_field_name(&mut self, index: u16, name: &[u8]) -> Result<()> {
        if self.check && self.judge(index, judged::FIELD_NAME) { self.rules.field_name(name) } else { Ok(()) }
    }

    fn judge_method_name(&mut self, index: u16, name: &[u8]) -> Result<()> {
        if self.check && self.judge(index, judged::METHOD_NAME) {
            self.rules.method_name(name)
        } else {
            Ok(())
        }
    }

    fn judge_field_descriptor(&mut self, index: u16, name: &[u8], descriptor: &[u8]) -> Result<()> {
        if self.check && self.judge(index, judged::FIELD_DESCRIPTOR) {
            return self.rules.field_descriptor(name, descriptor);
        }
        Ok(())
    }

    /// Answers the argument slots, 0 in an unchecked reading.
    fn judge_method_descriptor(&mut self, index: u16, name: &[u8], descriptor: &[u8]) -> Result<u32> {
        if !self.check {
            return Ok(0);
        }
        if self.judge(index, judged::METHOD_DESCRIPTOR) {
            let slots = self.rules.method_descriptor(name, descriptor)?;
            self.argument_slots.insert(index, slots);
        }
        Ok(self.argument_slots.get(&index).copied().unwrap_or(0))
    }

    /// An index that is the same for all `Utf8` entries of equal bytes. Each entry's bytes are hashed once
    /// only.
    fn same(&mut self, index: u16) -> u16 {
        if let Some(&first) = self.same.get(&index) {
            return first;
        }
        let bytes = self.pool.utf8(index).unwrap_or_default();
        let first = *self.first_with.entry(bytes).or_insert(index);
        self.same.insert(index, first);
        first
    }

    /// The table of attributes from `start` (where its count stands) to here.
    fn table_from(&self, start: usize) -> AttributeTable<'a> {
        let bytes = self.bytes.get(start..self.at).unwrap_or_default();
        AttributeTable::new(bytes, start as u32)
    }

    /// The class's name for messages.
    fn class(&self) -> String {
        mutf8::to_string(self.rules.class)
    }

    /// A `ClassFormatError` that ends with "in class file" and the name.
    fn defect(&self, what: std::fmt::Arguments<'_>) -> ClassFileError {
        ClassFileError::in_class_file(what, self.rules.class)
    }

    /// A defect unless `fine`.
    #[inline]
    fn require(&self, fine: bool, what: std::fmt::Arguments<'_>) -> Result<()> {
        if fine { Ok(()) } else { Err(self.defect(what)) }
    }

    /// A defect unless `fine`, in a checked reading.
    #[inline]
    fn demand(&self, fine: bool, what: std::fmt::Arguments<'_>) -> Result<()> {
        if fine || !self.check { Ok(()) } else { Err(self.defect(what)) }
    }

    /// Truncation unless `len` bytes are left.
    #[inline]
    fn need(&self, len: usize) -> Result<()> {
        if self.bytes.len() - self.at >= len { Ok(()) } else { Err(ClassFileError::truncated()) }
    }

    #[inline]
    fn take(&mut self, len: usize) -> Result<&'a [u8]> {
        let taken = self.bytes.get(self.at..).and_then(|rest| rest.get(..len));
        let taken = taken.ok_or_else(ClassFileError::truncated)?;
        self.at += len;
        Ok(taken)
    }

    #[inline]
    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let taken = rest.first_chunk().ok_or_else(ClassFileError::truncated)?;
        self.at += N;
        Ok(*taken)
    }

    #[inline]
    fn u8(&mut self) -> Result<u8> {
        self.array().map(|[byte]| byte)
    }

    #[inline]
    fn u16(&mut self) -> Result<u16> {
        self.array().map(u16::from_be_bytes)
    }

    #[inline]
    fn u32(&mut self) -> Result<u32> {
        self.array().map(u32::from_be_bytes)
    }

    #[inline]
    fn u64(&mut self) -> Result<u64> {
        self.array().map(u64::from_be_bytes)
    }
}
