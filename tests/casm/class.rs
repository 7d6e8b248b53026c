//! The class around the code: header, members, attributes, and the numbers that a test may falsify.
//!
//! Invariant: the parts stand in the file in the order of the text, one after another. Deliberately not here: instructions
//! (code.rs), constants (pool.rs).

use super::code::{Code, Labels, argument_slots};
use super::pool::Pool;
use super::{Assembled, Result, hex, number, u2, u4};

#[derive(Debug)]
pub(crate) struct Class {
    name: String,
    in_parent: bool,
    flags: u16,
    super_name: String,
    major: i64,
    minor: i64,
    pool: Pool,
    this_class: Option<u16>,
    super_class: Option<u16>,
    interface_names: Vec<String>,
    interfaces: Vec<u16>,
    members: Vec<Member>,
    attributes: Vec<Attribute>,
    /// Numbers that stand in the file instead of the right ones, by directive.
    lies: Vec<(String, i64)>,
    edits: Vec<(String, String)>,
}

#[derive(Debug)]
struct Member {
    is_method: bool,
    flags: u16,
    name: u16,
    descriptor: u16,
    argument_slots: i64,
    code: Option<Code>,
    attributes: Vec<Attribute>,
}

#[derive(Debug)]
pub(super) struct Attribute {
    name: String,
    length: Option<i64>,
    data: Data,
}

#[derive(Debug)]
enum Data {
    Raw(Vec<u8>),
    Tokens(Vec<String>),
}

impl Attribute {
    pub(super) fn raw(name: &str, bytes: Vec<u8>) -> Attribute {
        Attribute { name: name.to_string(), length: None, data: Data::Raw(bytes) }
    }

    fn parse(text: &str) -> Result<Attribute> {
        let mut words = text.split_whitespace();
        let name = words.next().ok_or("no name")?.to_string();
        let mut tokens: Vec<String> = words.map(str::to_string).collect();
        let length = tokens.first().and_then(|first| first.strip_prefix("len=")).map(number).transpose()?;
        if length.is_some() {
            tokens.remove(0);
        }
        Ok(Attribute { name, length, data: Data::Tokens(tokens) })
    }

    pub(super) fn write(&self, labels: &Labels, pool: &mut Pool) -> Result<Vec<u8>> {
        let mut bytes = pool.constant(&self.name, Some("utf8"))?.to_be_bytes().to_vec();
        let mut content = Vec::new();
        match &self.data {
            Data::Raw(raw) => content.extend(raw),
            Data::Tokens(tokens) => {
                for token in tokens {
                    content.extend(datum(token, labels, pool)?);
                }
            }
        }
        bytes.extend(u4(self.length.unwrap_or(content.len() as i64)));
        bytes.extend(content);
        Ok(bytes)
    }
}

fn datum(token: &str, labels: &Labels, pool: &mut Pool) -> Result<Vec<u8>> {
    Ok(match token.split_once(':') {
        Some(("u1", value)) => vec![number(value)? as u8],
        Some(("u2", value)) => u2(number(value)?).to_vec(),
        Some(("u4", value)) => u4(number(value)?).to_vec(),
        None if token.starts_with('@') => u2(labels.find(&token[1..])?).to_vec(),
        None if !token.starts_with('#') => hex(token)?,
        Some(_) | None => pool.constant(token, None)?.to_be_bytes().to_vec(),
    })
}

impl Class {
    /// `[FLAGS] NAME [extends NAME] [implements NAME...]`
    pub(super) fn from_header(text: &str) -> Result<Class> {
        let mut words = text.split_whitespace().peekable();
        let mut flags = None;
        let mut name = None;
        for word in words.by_ref() {
            match flag(word) {
                Some(bit) => *flags.get_or_insert(0) |= bit,
                None => {
                    name = Some(word.to_string());
                    break;
                }
            }
        }
        let mut class = Class {
            name: name.ok_or("no name")?,
            in_parent: false,
            flags: flags.unwrap_or(0x21),
            super_name: "java/lang/Object".to_string(),
            major: 69,
            minor: 0,
            pool: Pool::default(),
            this_class: None,
            super_class: None,
            interface_names: Vec::new(),
            interfaces: Vec::new(),
            members: Vec::new(),
            attributes: Vec::new(),
            lies: Vec::new(),
            edits: Vec::new(),
        };
        match words.next() {
            Some("extends") => {
                class.super_name = words.next().ok_or("extends what?")?.to_string();
                if words.peek().is_some_and(|word| *word != "implements") {
                    return Err("only `implements` may follow".to_string());
                }
                words.next();
            }
            Some("implements") | None => {}
            Some(other) => return Err(format!("{other} after the name")),
        }
        class.interface_names = words.map(str::to_string).collect();
        Ok(class)
    }

    pub(super) fn line(&mut self, line: &str) -> Result<()> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.trim();
        match word {
            "parent" => self.in_parent = true,
            "version" => {
                let (major, minor) = rest.split_once('.').unwrap_or((rest, "0"));
                (self.major, self.minor) = (number(major)?, number(minor)?);
            }
            "pool" => {
                let before = self.pool.count();
                if self.pool.constant(rest, None)? < before {
                    return Err("a constant that is there already; write it as tag:".to_string());
                }
            }
            "this" => self.this_class = Some(self.pool.constant(rest, Some("class"))?),
            "super" => self.super_class = Some(self.pool.constant(rest, Some("class"))?),
            "interfaces" => {
                for constant in rest.split_whitespace() {
                    self.interfaces.push(self.pool.constant(constant, Some("class"))?);
                }
            }
            "field" => self.member(rest, false)?,
            "method" => self.member(rest, true)?,
            "code" => self.member(&format!("public static m {rest}"), true)?,
            "attr" => {
                let attribute = Attribute::parse(rest)?;
                self.members.last_mut().ok_or("no member yet")?.attributes.push(attribute);
            }
            "classattr" => self.attributes.push(Attribute::parse(rest)?),
            "codeattr" => {
                let attribute = Attribute::parse(rest)?;
                self.code()?.0.attribute(attribute);
            }
            "magic" | "poolcount" | "interfacecount" | "fieldcount" | "methodcount" | "attrcount" => {
                self.lies.push((word.to_string(), number(rest)?));
            }
            "patch" | "cut" | "trailing" => self.edits.push((word.to_string(), rest.to_string())),
            _ => {
                let (code, pool) = self.code()?;
                code.line(line, pool)?;
            }
        }
        Ok(())
    }

    /// The code of the last method, made if there is none yet.
    fn code(&mut self) -> Result<(&mut Code, &mut Pool)> {
        let method = self.members.last_mut().filter(|member| member.is_method).ok_or("no method yet")?;
        let slots = method.argument_slots;
        Ok((method.code.get_or_insert_with(|| Code::new(slots)), &mut self.pool))
    }

    /// `[FLAGS] NAME DESCRIPTOR`
    fn member(&mut self, text: &str, is_method: bool) -> Result<()> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let [flags @ .., name, descriptor] = words.as_slice() else {
            return Err("no name and descriptor".to_string());
        };
        let mut bits = 0;
        for word in flags {
            bits |= flag(word).ok_or_else(|| format!("{word} is no flag"))?;
        }
        let receiver = i64::from(bits & STATIC == 0);
        self.members.push(Member {
            is_method,
            flags: bits,
            name: self.pool.constant(name, Some("utf8"))?,
            descriptor: self.pool.constant(descriptor, Some("utf8"))?,
            argument_slots: receiver + argument_slots(descriptor),
            code: None,
            attributes: Vec::new(),
        });
        Ok(())
    }

    fn lie(&self, directive: &str) -> Option<i64> {
        self.lies.iter().find(|(known, _)| known == directive).map(|(_, value)| *value)
    }

    pub(super) fn finish(mut self) -> Result<Assembled> {
        let pool = &mut self.pool;
        let this_class = match self.this_class {
            Some(index) => index,
            None => pool.class(&self.name)?,
        };
        let super_class = match self.super_class {
            Some(index) => index,
            None => pool.class(&self.super_name)?,
        };
        for name in &self.interface_names {
            self.interfaces.push(pool.class(name)?);
        }
        let mut fields = Vec::new();
        let mut methods = Vec::new();
        for member in std::mem::take(&mut self.members) {
            let list = if member.is_method { &mut methods } else { &mut fields };
            list.push(member.write(pool)?);
        }
        let mut attributes = Vec::new();
        for attribute in &self.attributes {
            attributes.push(attribute.write(&Labels::default(), pool)?);
        }
        let mut bytes = u4(self.lie("magic").unwrap_or(0xcafe_babe)).to_vec();
        bytes.extend(u2(self.minor));
        bytes.extend(u2(self.major));
        bytes.extend(u2(self.lie("poolcount").unwrap_or(i64::from(self.pool.count()))));
        bytes.extend(self.pool.bytes());
        for number in [self.flags, this_class, super_class] {
            bytes.extend(number.to_be_bytes());
        }
        let interfaces = self.interfaces.iter().map(|index| index.to_be_bytes().to_vec()).collect();
        let lists = [
            ("interfacecount", interfaces),
            ("fieldcount", fields),
            ("methodcount", methods),
            ("attrcount", attributes),
        ];
        for (lie, list) in lists {
            bytes.extend(u2(self.lie(lie).unwrap_or(list.len() as i64)));
            bytes.extend(list.concat());
        }
        for (edit, text) in &self.edits {
            apply(edit, text, &mut bytes)?;
        }
        Ok(Assembled { name: self.name, in_parent: self.in_parent, bytes })
    }
}

impl Member {
    fn write(self, pool: &mut Pool) -> Result<Vec<u8>> {
        let mut attributes = Vec::new();
        if let Some(code) = self.code {
            let info = code.finish(pool)?;
            attributes.push(Attribute::raw("Code", info).write(&Labels::default(), pool)?);
        }
        for attribute in &self.attributes {
            attributes.push(attribute.write(&Labels::default(), pool)?);
        }
        let numbers = [self.flags, self.name, self.descriptor, attributes.len() as u16];
        let mut bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_be_bytes()).collect();
        bytes.extend(attributes.concat());
        Ok(bytes)
    }
}

fn apply(edit: &str, text: &str, bytes: &mut Vec<u8>) -> Result<()> {
    match edit {
        "patch" => {
            let (offset, new) = text.split_once(' ').ok_or("patch OFFSET HEX")?;
            let (offset, new) = (number(offset)? as usize, hex(new)?);
            bytes.get_mut(offset..offset + new.len()).ok_or("patch beyond the end")?.copy_from_slice(&new);
        }
        "cut" => {
            let count = number(text)?;
            let kept = if count < 0 { bytes.len() as i64 + count } else { count };
            bytes.truncate(kept as usize);
        }
        _ => bytes.extend(hex(text)?),
    }
    Ok(())
}

const STATIC: u16 = 0x0008;

/// The access flag of a word, or a number.
fn flag(word: &str) -> Option<u16> {
    const WORDS: &[(&str, u16)] = &[
        ("none", 0),
        ("public", 0x0001),
        ("private", 0x0002),
        ("protected", 0x0004),
        ("static", STATIC),
        ("final", 0x0010),
        ("super", 0x0020),
        ("synchronized", 0x0020),
        ("volatile", 0x0040),
        ("bridge", 0x0040),
        ("transient", 0x0080),
        ("varargs", 0x0080),
        ("native", 0x0100),
        ("interface", 0x0200),
        ("abstract", 0x0400),
        ("strict", 0x0800),
        ("synthetic", 0x1000),
        ("annotation", 0x2000),
        ("enum", 0x4000),
        ("module", 0x8000),
    ];
    match WORDS.iter().find(|(known, _)| *known == word) {
        Some((_, bit)) => Some(*bit),
        None => word.strip_prefix("0x").and_then(|hex| u16::from_str_radix(hex, 16).ok()),
    }
}
