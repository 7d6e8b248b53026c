//! Attributes read again, by need, from where they stand in the class file.
//!
//! Most attributes matter only to a stack trace, a debugger or reflection, so reading a class keeps no parsed
//! form of them: an [`AttributeTable`] remembers where a table starts, and the views here iterate over the
//! bytes.
//!
//! Invariant: views are total. On bytes that break an attribute's format an iterator ends early and a single
//! value is `None`; nothing panics and no iterator yields more items than its bytes could hold.
//!
//! Deliberately absent: what is inside annotations and stack map frames. The former are read by Java code,
//! the latter by the verifier; both get the raw bytes.

use super::pool::ConstantPool;

/// A table of attributes: a count and then the attributes, somewhere in a class file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttributeTable<'a> {
    bytes: &'a [u8],
    offset: u32,
}

/// One attribute: its name's index in the pool and its contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute<'a> {
    pub name: u16,
    pub info: Raw<'a>,
}

/// The contents of an attribute and where in the class file they start, so that they can be found again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raw<'a> {
    pub bytes: &'a [u8],
    pub offset: u32,
}

impl<'a> Raw<'a> {
    /// The contents that started at `offset` of `class_file` and were `len` bytes long.
    pub fn at(class_file: &'a [u8], offset: u32, len: u32) -> Option<Raw<'a>> {
        let bytes = class_file.get(offset as usize..)?.get(..len as usize)?;
        Some(Raw { bytes, offset })
    }
}

impl<'a> AttributeTable<'a> {
    pub(super) fn new(bytes: &'a [u8], offset: u32) -> AttributeTable<'a> {
        AttributeTable { bytes, offset }
    }

    /// The table whose count stands at `offset` of `class_file`.
    pub fn at(class_file: &'a [u8], offset: u32) -> AttributeTable<'a> {
        AttributeTable { bytes: class_file.get(offset as usize..).unwrap_or_default(), offset }
    }

    /// Where the table starts in the class file.
    pub fn offset(&self) -> u32 {
        self.offset
    }

    /// The attributes in order.
    pub fn iter(&self) -> impl Iterator<Item = Attribute<'a>> + use<'a> {
        let mut view = View { rest: self.bytes };
        let mut left = view.u16().unwrap_or(0);
        let total = self.bytes.len();
        let start = self.offset;
        std::iter::from_fn(move || {
            left = left.checked_sub(1)?;
            let (name, len) = (view.u16()?, view.u32()?);
            let offset = start.checked_add(u32::try_from(total - view.rest.len()).ok()?)?;
            let bytes = view.take(len as usize)?;
            Some(Attribute { name, info: Raw { bytes, offset } })
        })
    }

    /// The first attribute of this name.
    pub fn find(&self, pool: &ConstantPool<'_>, name: &str) -> Option<Raw<'a>> {
        self.find_by(|index| pool.utf8(index) == Some(name.as_bytes()))
    }

    /// The first attribute whose name's index answers to `is_name`, for callers that have no parsed pool any
    /// more.
    pub fn find_by(&self, mut is_name: impl FnMut(u16) -> bool) -> Option<Raw<'a>> {
        self.iter().find(|attribute| is_name(attribute.name)).map(|attribute| attribute.info)
    }
}

/// The version from which on an attribute means something; in older files one of that name is anybody's own and ignored
/// (JVMS 4.7). As on the reference machine, those of versions before 49 and `MethodParameters` count in all files.
pub fn since(name: &str) -> u16 {
    match name {
        "Signature" | "EnclosingMethod" | "LocalVariableTypeTable" | "AnnotationDefault" => 49,
        "BootstrapMethods" => 51,
        "NestHost" | "NestMembers" => 55,
        "Record" => 60,
        "PermittedSubclasses" => 61,
        _ if name.starts_with("Runtime") => 49,
        _ => 0,
    }
}

/// An entry of `LineNumberTable`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineNumber {
    pub start_bci: u16,
    pub line: u16,
}

/// The entries of a `LineNumberTable`, in no particular order.
pub fn line_numbers<'a>(info: &Raw<'a>) -> impl Iterator<Item = LineNumber> + use<'a> {
    items(info.bytes, |view| Some(LineNumber { start_bci: view.u16()?, line: view.u16()? }))
}

/// The line of `bci`: that of the entry with the highest start not beyond it.
pub fn line_at(info: &Raw<'_>, bci: u16) -> Option<u16> {
    let entries = line_numbers(info).filter(|entry| entry.start_bci <= bci);
    // The last of equals wins nothing: the reference machine keeps the first that it finds.
    entries.reduce(|best, entry| if entry.start_bci > best.start_bci { entry } else { best }).map(|e| e.line)
}

/// An entry of `LocalVariableTable`, or of `LocalVariableTypeTable`, whose `descriptor` is a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalVariable {
    pub start_bci: u16,
    pub len: u16,
    pub name: u16,
    pub descriptor: u16,
    pub slot: u16,
}

/// The entries of a `LocalVariableTable` or `LocalVariableTypeTable`.
pub fn local_variables<'a>(info: &Raw<'a>) -> impl Iterator<Item = LocalVariable> + use<'a> {
    items(info.bytes, |view| {
        Some(LocalVariable {
            start_bci: view.u16()?,
            len: view.u16()?,
            name: view.u16()?,
            descriptor: view.u16()?,
            slot: view.u16()?,
        })
    })
}

/// The class indices in an `Exceptions`, `NestMembers` or `PermittedSubclasses` attribute.
pub fn class_list<'a>(info: &Raw<'a>) -> impl Iterator<Item = u16> + use<'a> {
    items(info.bytes, View::u16)
}

/// An entry of `MethodParameters`; a name of 0 is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MethodParameter {
    pub name: u16,
    pub access: u16,
}

/// The entries of `MethodParameters`.
pub fn method_parameters<'a>(info: &Raw<'a>) -> impl Iterator<Item = MethodParameter> + use<'a> {
    let mut view = View { rest: info.bytes };
    let count = view.u8().unwrap_or(0);
    counted(view, u16::from(count), |view| Some(MethodParameter { name: view.u16()?, access: view.u16()? }))
}

/// The single index of a `Signature`, `SourceFile`, `ConstantValue` or `NestHost` attribute.
pub fn single_index(info: &Raw<'_>) -> Option<u16> {
    View { rest: info.bytes }.u16()
}

/// An entry of `InnerClasses`. `outer` and `name` may be 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InnerClass {
    pub inner: u16,
    pub outer: u16,
    pub name: u16,
    pub access: u16,
}

/// The entries of `InnerClasses`.
pub fn inner_classes<'a>(info: &Raw<'a>) -> impl Iterator<Item = InnerClass> + use<'a> {
    items(info.bytes, |view| {
        Some(InnerClass { inner: view.u16()?, outer: view.u16()?, name: view.u16()?, access: view.u16()? })
    })
}

/// A component in a `Record` attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordComponent<'a> {
    pub name: u16,
    pub descriptor: u16,
    pub attributes: AttributeTable<'a>,
}

/// The components of a `Record` attribute in order.
pub fn record_components<'a>(info: &Raw<'a>) -> impl Iterator<Item = RecordComponent<'a>> + use<'a> {
    let (total, start) = (info.bytes.len(), info.offset);
    items(info.bytes, move |view| {
        let (name, descriptor) = (view.u16()?, view.u16()?);
        let offset = start.checked_add(u32::try_from(total - view.rest.len()).ok()?)?;
        let bytes = view.rest;
        for _ in 0..view.u16()? {
            view.u16()?;
            let len = view.u32()?;
            view.take(len as usize)?;
        }
        let bytes = bytes.get(..bytes.len() - view.rest.len())?;
        Some(RecordComponent { name, descriptor, attributes: AttributeTable { bytes, offset } })
    })
}

/// An entry of `BootstrapMethods`: a method handle's index and where its arguments' indices stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BootstrapMethod<'a> {
    pub method: u16,
    arguments: &'a [u8],
    /// Where the entry starts in the class file.
    pub offset: u32,
}

impl<'a> BootstrapMethod<'a> {
    /// The entry that starts at `offset` of `class_file`.
    pub fn at(class_file: &'a [u8], offset: u32) -> Option<BootstrapMethod<'a>> {
        let mut view = View { rest: class_file.get(offset as usize..)? };
        BootstrapMethod::read(&mut view, offset)
    }

    fn read(view: &mut View<'a>, offset: u32) -> Option<BootstrapMethod<'a>> {
        let (method, count) = (view.u16()?, view.u16()?);
        Some(BootstrapMethod { method, arguments: view.take(usize::from(count) * 2)?, offset })
    }

    /// Number of static arguments.
    pub fn argument_count(&self) -> usize {
        self.arguments.len() / 2
    }

    /// The static arguments' indices in order.
    pub fn arguments(&self) -> impl ExactSizeIterator<Item = u16> + use<'a> {
        let (pairs, _) = self.arguments.as_chunks::<2>();
        pairs.iter().map(|pair| u16::from_be_bytes(*pair))
    }
}

/// The entries of `BootstrapMethods` in order.
pub fn bootstrap_methods<'a>(info: &Raw<'a>) -> impl Iterator<Item = BootstrapMethod<'a>> + use<'a> {
    let (total, start) = (info.bytes.len(), info.offset);
    items(info.bytes, move |view| {
        let offset = start.checked_add(u32::try_from(total - view.rest.len()).ok()?)?;
        BootstrapMethod::read(view, offset)
    })
}

/// What a `Module` attribute says of access; its services and opened packages are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Module {
    pub name: u16,
    pub flags: u16,
    /// `Module` entries and flags.
    pub requires: Vec<(u16, u16)>,
    /// `Package` entries and the `Module` entries that they are exported to, none for all.
    pub exports: Vec<(u16, Vec<u16>)>,
}

/// The parts of a `Module` attribute, as far as it goes.
pub fn module(info: &Raw<'_>) -> Module {
    let mut view = View { rest: info.bytes };
    let mut module = Module::default();
    let mut read = || {
        (module.name, module.flags) = (view.u16()?, view.u16()?);
        let _version = view.u16()?;
        for _ in 0..view.u16()? {
            module.requires.push((view.u16()?, view.u16()?));
            let _version = view.u16()?;
        }
        for _ in 0..view.u16()? {
            let (package, _flags, count) = (view.u16()?, view.u16()?, view.u16()?);
            let mut to = Vec::new();
            for _ in 0..count {
                to.push(view.u16()?);
            }
            module.exports.push((package, to));
        }
        Some(())
    };
    // What is cut off is not there.
    let _ = read();
    module
}

/// `read` as often as the 16-bit count at the start of `bytes` says.
fn items<'a, T>(bytes: &'a [u8], read: impl FnMut(&mut View<'a>) -> Option<T>) -> impl Iterator<Item = T> {
    let mut view = View { rest: bytes };
    let count = view.u16().unwrap_or(0);
    counted(view, count, read)
}

fn counted<'a, T>(
    mut view: View<'a>,
    mut left: u16,
    mut read: impl FnMut(&mut View<'a>) -> Option<T>,
) -> impl Iterator<Item = T> {
    std::iter::from_fn(move || {
        left = left.checked_sub(1)?;
        let item = read(&mut view);
        if item.is_none() {
            left = 0;
        }
        item
    })
}

/// Big-endian numbers off the front of some bytes.
#[derive(Clone, Copy)]
struct View<'a> {
    rest: &'a [u8],
}

impl<'a> View<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        Some(taken)
    }

    fn u8(&mut self) -> Option<u8> {
        let (&[byte], rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(byte)
    }

    fn u16(&mut self) -> Option<u16> {
        let (bytes, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(u16::from_be_bytes(*bytes))
    }

    fn u32(&mut self) -> Option<u32> {
        let (bytes, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(u32::from_be_bytes(*bytes))
    }
}
