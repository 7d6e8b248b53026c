//! A class file that can be edited: taken apart far enough to change, add and remove parts, and put together again.
//!
//! Invariant: what is put together unchanged is byte for byte what was taken apart. Nothing is judged: an edited class may be
//! as wrong as one likes. Attributes other than `Code` and `StackMapTable` stay bytes. Deliberately not here: any meaning.
//! carafe's own reader would not do, because it keeps only what it needs and refuses what is wrong.

use crate::frames::{self, Frame};

/// The tags of constants that this crate asks for.
pub mod tag {
    pub const UTF8: u8 = 1;
    pub const CLASS: u8 = 7;
    pub const NAME_AND_TYPE: u8 = 12;
    pub const METHOD_HANDLE: u8 = 15;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    pub minor: u16,
    pub major: u16,
    /// By index: entry 0 and the second halves of `long` and `double` are gaps.
    pub pool: Vec<Constant>,
    pub access: u16,
    pub this_class: u16,
    pub super_class: u16,
    pub interfaces: Vec<u16>,
    pub fields: Vec<Member>,
    pub methods: Vec<Member>,
    pub attributes: Vec<Attribute>,
}

/// A constant: its bytes are what follows the tag, without the length in the case of `Utf8`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constant {
    Gap,
    Item(u8, Vec<u8>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub access: u16,
    pub name: u16,
    pub descriptor: u16,
    pub attributes: Vec<Attribute>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    pub name: u16,
    pub body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    Raw(Vec<u8>),
    Code(Code),
    Frames(Vec<Frame>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    pub max_stack: u16,
    pub max_locals: u16,
    pub code: Vec<u8>,
    /// Start, end, handler, class.
    pub handlers: Vec<[u16; 4]>,
    pub attributes: Vec<Attribute>,
}

impl Code {
    /// The first `StackMapTable`.
    pub fn frames(&mut self) -> Option<&mut Vec<Frame>> {
        self.attributes.iter_mut().find_map(|attribute| match &mut attribute.body {
            Body::Frames(frames) => Some(frames),
            Body::Raw(_) | Body::Code(_) => None,
        })
    }
}

impl Class {
    /// Takes a class file apart, or answers `None` if it has not the outer form of one.
    pub fn parse(bytes: &[u8]) -> Option<Class> {
        let mut input = Input { bytes };
        input.skip(4)?;
        let (minor, major) = (input.u16()?, input.u16()?);
        let pool = pool(&mut input)?;
        let (access, this_class, super_class) = (input.u16()?, input.u16()?, input.u16()?);
        let interfaces = input.many(Input::u16)?;
        let fields = members(&mut input, &pool)?;
        let methods = members(&mut input, &pool)?;
        let attributes = attributes(&mut input, &pool)?;
        let whole = input.bytes.is_empty();
        whole.then_some(Class {
            minor,
            major,
            pool,
            access,
            this_class,
            super_class,
            interfaces,
            fields,
            methods,
            attributes,
        })
    }

    /// Puts it together.
    pub fn write(&self) -> Output {
        let mut out = Output::default();
        out.bytes.extend_from_slice(&0xcafe_babe_u32.to_be_bytes());
        out.u16(self.minor);
        out.u16(self.major);
        out.u16(self.pool.len() as u16);
        for constant in &self.pool {
            let Constant::Item(tag, bytes) = constant else { continue };
            out.u8(*tag);
            if *tag == tag::UTF8 {
                out.u16(bytes.len() as u16);
                out.bytes.extend_from_slice(bytes);
            } else {
                out.opaque(bytes);
            }
        }
        out.u16(self.access);
        out.u16(self.this_class);
        out.u16(self.super_class);
        out.many(&self.interfaces, |out, &index| out.u16(index));
        for members in [&self.fields, &self.methods] {
            out.many(members, |out, member| {
                out.u16(member.access);
                out.u16(member.name);
                out.u16(member.descriptor);
                out.attributes(&member.attributes);
            });
        }
        out.attributes(&self.attributes);
        out
    }

    /// The contents of a `Utf8` constant.
    pub fn utf8(&self, index: u16) -> Option<&[u8]> {
        utf8(&self.pool, index)
    }

    pub fn tag(&self, index: u16) -> Option<u8> {
        match self.pool.get(usize::from(index))? {
            Constant::Item(tag, _) => Some(*tag),
            Constant::Gap => None,
        }
    }

    /// The indices of all constants with `tag`.
    pub fn with_tag(&self, tag: u8) -> Vec<u16> {
        (0..self.pool.len() as u16).filter(|&index| self.tag(index) == Some(tag)).collect()
    }

    /// The index of a `Utf8` constant with this text, added if there is none.
    pub fn text(&mut self, text: &str) -> u16 {
        let known = (0..self.pool.len() as u16).find(|&index| self.utf8(index) == Some(text.as_bytes()));
        known.unwrap_or_else(|| self.add(tag::UTF8, text.as_bytes()))
    }

    /// Adds a constant and answers its index.
    pub fn add(&mut self, tag: u8, bytes: &[u8]) -> u16 {
        self.pool.push(Constant::Item(tag, bytes.to_vec()));
        (self.pool.len() - 1) as u16
    }

    /// The methods that have code, with that code.
    pub fn codes(&mut self) -> Vec<(usize, &mut Code)> {
        let with_code = |(place, method): (usize, _)| {
            let method: &mut Member = method;
            let code = method.attributes.iter_mut().find_map(|attribute| match &mut attribute.body {
                Body::Code(code) => Some(code),
                Body::Raw(_) | Body::Frames(_) => None,
            })?;
            Some((place, code))
        };
        self.methods.iter_mut().enumerate().filter_map(with_code).collect()
    }
}

fn utf8(pool: &[Constant], index: u16) -> Option<&[u8]> {
    match pool.get(usize::from(index))? {
        Constant::Item(tag::UTF8, bytes) => Some(bytes),
        Constant::Item(..) | Constant::Gap => None,
    }
}

fn pool(input: &mut Input<'_>) -> Option<Vec<Constant>> {
    let count = usize::from(input.u16()?);
    let mut pool = vec![Constant::Gap];
    while pool.len() < count {
        let tag = input.u8()?;
        let len = match tag {
            tag::UTF8 => usize::from(input.u16()?),
            7 | 8 | 16 | 19 | 20 => 2,
            15 => 3,
            3 | 4 | 9..=12 | 17 | 18 => 4,
            5 | 6 => 8,
            _ => return None,
        };
        pool.push(Constant::Item(tag, input.take(len)?.to_vec()));
        if matches!(tag, 5 | 6) {
            pool.push(Constant::Gap);
        }
    }
    (pool.len() == count).then_some(pool)
}

fn members(input: &mut Input<'_>, pool: &[Constant]) -> Option<Vec<Member>> {
    input.many(|input| {
        Some(Member {
            access: input.u16()?,
            name: input.u16()?,
            descriptor: input.u16()?,
            attributes: attributes(input, pool)?,
        })
    })
}

fn attributes(input: &mut Input<'_>, pool: &[Constant]) -> Option<Vec<Attribute>> {
    input.many(|input| {
        let name = input.u16()?;
        let len = input.u32()? as usize;
        let bytes = input.take(len)?;
        let understood = match utf8(pool, name) {
            Some(b"Code") => code(bytes, pool).map(Body::Code),
            Some(b"StackMapTable") => frames::parse(bytes).map(Body::Frames),
            _ => None,
        };
        Some(Attribute { name, body: understood.unwrap_or_else(|| Body::Raw(bytes.to_vec())) })
    })
}

fn code(bytes: &[u8], pool: &[Constant]) -> Option<Code> {
    let mut input = Input { bytes };
    let (max_stack, max_locals) = (input.u16()?, input.u16()?);
    let len = input.u32()? as usize;
    let code = input.take(len)?.to_vec();
    let handlers = input.many(|input| Some([input.u16()?, input.u16()?, input.u16()?, input.u16()?]))?;
    let attributes = attributes(&mut input, pool)?;
    input.bytes.is_empty().then_some(Code { max_stack, max_locals, code, handlers, attributes })
}

/// What is left to read.
pub(crate) struct Input<'a> {
    pub(crate) bytes: &'a [u8],
}

impl<'a> Input<'a> {
    pub(crate) fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(len)?;
        self.bytes = rest;
        Some(taken)
    }

    fn skip(&mut self, len: usize) -> Option<()> {
        self.take(len).map(drop)
    }

    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    pub(crate) fn u16(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    /// A count of two bytes and as many of what `read` reads.
    pub(crate) fn many<T>(&mut self, mut read: impl FnMut(&mut Input<'a>) -> Option<T>) -> Option<Vec<T>> {
        let count = self.u16()?;
        (0..count).map(|_| read(self)).collect()
    }
}

/// A class file being put together, and where in it the numbers stand that mean something.
#[derive(Clone, Debug, Default)]
pub struct Output {
    pub bytes: Vec<u8>,
    /// Offset and width in bytes.
    pub numbers: Vec<(usize, usize)>,
}

impl Output {
    pub(crate) fn u8(&mut self, value: u8) {
        self.numbers.push((self.bytes.len(), 1));
        self.bytes.push(value);
    }

    pub(crate) fn u16(&mut self, value: u16) {
        self.numbers.push((self.bytes.len(), 2));
        self.bytes.extend_from_slice(&value.to_be_bytes());
    }

    fn u32(&mut self, value: u32) {
        self.numbers.push((self.bytes.len(), 4));
        self.bytes.extend_from_slice(&value.to_be_bytes());
    }

    /// Bytes of unknown meaning; in class files most are numbers of two bytes.
    fn opaque(&mut self, bytes: &[u8]) {
        let start = self.bytes.len();
        self.numbers.extend((0..bytes.len() / 2).map(|pair| (start + pair * 2, 2)));
        self.bytes.extend_from_slice(bytes);
    }

    pub(crate) fn many<T>(&mut self, items: &[T], write: impl Fn(&mut Output, &T)) {
        self.u16(items.len() as u16);
        for item in items {
            write(self, item);
        }
    }

    fn attributes(&mut self, attributes: &[Attribute]) {
        self.many(attributes, |out, attribute| {
            out.u16(attribute.name);
            let at = out.bytes.len();
            out.u32(0);
            match &attribute.body {
                Body::Raw(bytes) => out.opaque(bytes),
                Body::Frames(frames) => out.many(frames, |out, frame| frame.write(out)),
                Body::Code(code) => {
                    out.u16(code.max_stack);
                    out.u16(code.max_locals);
                    out.u32(code.code.len() as u32);
                    out.bytes.extend_from_slice(&code.code);
                    out.many(&code.handlers, |out, handler| handler.iter().for_each(|&value| out.u16(value)));
                    out.attributes(&code.attributes);
                }
            }
            let len = (out.bytes.len() - at - 4) as u32;
            if let Some(place) = out.bytes.get_mut(at..at + 4) {
                place.copy_from_slice(&len.to_be_bytes());
            }
        });
    }
}
