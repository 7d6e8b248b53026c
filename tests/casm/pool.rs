//! The constant pool of a class that is being assembled, and constants in the notation.
//!
//! Invariant: an index given out never changes. Deliberately not here: any check; an entry may be wrong in every way.

use std::collections::HashMap;

use super::{Result, hex, number, u2, u4, unescape};

/// The kinds of constants that the notation names.
const KINDS: &[&str] = &[
    "utf8", "class", "str", "int", "float", "long", "double", "field", "method", "imethod", "nat", "mtype",
    "mhandle", "indy", "condy", "module", "package", "tag",
];

const LONG: u8 = 5;
const DOUBLE: u8 = 6;

#[derive(Debug, Default)]
pub(super) struct Pool {
    bytes: Vec<u8>,
    known: HashMap<Vec<u8>, u16>,
    /// One less than the count in the file.
    slots: u16,
}

impl Pool {
    pub(super) fn count(&self) -> u16 {
        self.slots.wrapping_add(1)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Appends an entry even if there is one like it.
    pub(super) fn push(&mut self, entry: &[u8]) -> u16 {
        let index = self.count();
        self.slots += if matches!(entry.first(), Some(&(LONG | DOUBLE))) { 2 } else { 1 };
        self.bytes.extend(entry);
        self.known.entry(entry.to_vec()).or_insert(index);
        index
    }

    fn entry(&mut self, tag: u8, parts: &[[u8; 2]]) -> u16 {
        self.add([&[tag][..], parts.as_flattened()].concat())
    }

    fn add(&mut self, entry: Vec<u8>) -> u16 {
        match self.known.get(&entry) {
            Some(&index) => index,
            None => self.push(&entry),
        }
    }

    pub(super) fn utf8(&mut self, text: &str) -> Result<u16> {
        let text = unescape(text)?;
        Ok(self.add([&[1][..], &u2(text.len() as i64), &text].concat()))
    }

    pub(super) fn class(&mut self, name: &str) -> Result<u16> {
        self.named(7, name)
    }

    fn named(&mut self, tag: u8, name: &str) -> Result<u16> {
        let name = self.utf8(name)?;
        Ok(self.entry(tag, &[name.to_be_bytes()]))
    }

    fn name_and_type(&mut self, name: &str, descriptor: &str) -> Result<u16> {
        let parts = [self.utf8(name)?.to_be_bytes(), self.utf8(descriptor)?.to_be_bytes()];
        Ok(self.entry(12, &parts))
    }

    /// `C.n:D` or `C.n(D)R`.
    fn member(&mut self, tag: u8, text: &str) -> Result<u16> {
        let (class, member) = text.split_once('.').ok_or("no . in the member")?;
        let colon = member.find(':').unwrap_or(member.len());
        let parenthesis = member.find('(').unwrap_or(member.len());
        if colon == parenthesis {
            return Err(format!("no descriptor in {text}"));
        }
        let descriptor = &member[if colon < parenthesis { colon + 1 } else { parenthesis }..];
        let class = self.class(class)?;
        let name_and_type = self.name_and_type(&member[..colon.min(parenthesis)], descriptor)?;
        Ok(self.entry(tag, &[class.to_be_bytes(), name_and_type.to_be_bytes()]))
    }

    fn dynamic(&mut self, tag: u8, text: &str) -> Result<u16> {
        let [bootstrap, name, descriptor] = three(text)?;
        let name_and_type = self.name_and_type(name, descriptor)?;
        Ok(self.entry(tag, &[u2(number(bootstrap)?), name_and_type.to_be_bytes()]))
    }

    /// A constant of the notation; one without a prefix is of the kind given.
    pub(super) fn constant(&mut self, text: &str, otherwise: Option<&str>) -> Result<u16> {
        if let Some(index) = text.strip_prefix('#') {
            return Ok(number(index)? as u16);
        }
        let (kind, rest) = match text.split_once(':') {
            Some((kind, rest)) if KINDS.contains(&kind) => (kind, rest),
            _ => (otherwise.ok_or_else(|| format!("{text} is no constant"))?, text),
        };
        let wrong = |_| format!("{rest} is no number");
        Ok(match kind {
            "utf8" => self.utf8(rest)?,
            "class" => self.named(7, rest)?,
            "str" => self.named(8, rest)?,
            "mtype" => self.named(16, rest)?,
            "module" => self.named(19, rest)?,
            "package" => self.named(20, rest)?,
            "int" => self.add([&[3][..], &u4(number(rest)?)].concat()),
            "float" => self.add(
                [&[4][..], &rest.parse::<f32>().map_err(|_| format!("{rest} is no number"))?.to_be_bytes()]
                    .concat(),
            ),
            "long" => self.add([&[LONG][..], &number(rest)?.to_be_bytes()].concat()),
            "double" => {
                let value: f64 = rest.parse().map_err(|_| format!("{rest} is no number"))?;
                self.add([&[DOUBLE][..], &value.to_be_bytes()].concat())
            }
            "field" => self.member(9, rest)?,
            "method" => self.member(10, rest)?,
            "imethod" => self.member(11, rest)?,
            "nat" => {
                let (name, descriptor) = rest.split_once(':').ok_or("no : after the name")?;
                self.name_and_type(name, descriptor)?
            }
            "mhandle" => {
                let (kind, reference) = rest.split_once(':').ok_or("no : after the kind")?;
                let reference = self.constant(reference, None)?;
                let kind: u8 = kind.parse().map_err(wrong)?;
                self.add([&[15, kind][..], &reference.to_be_bytes()].concat())
            }
            "condy" => self.dynamic(17, rest)?,
            "indy" => self.dynamic(18, rest)?,
            "tag" => self.push(&hex(rest)?),
            _ => return Err(format!("{kind} is no kind of constant")),
        })
    }
}

fn three(text: &str) -> Result<[&str; 3]> {
    let parts: Vec<&str> = text.splitn(3, ':').collect();
    parts.try_into().map_err(|_| format!("{text} has not three parts"))
}
