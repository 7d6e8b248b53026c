//! A method's code: instructions laid out by the opcode table, labels, handlers, and the attributes of the code.
//!
//! Invariant: an instruction's size is known when it is read, so labels are the only thing left to the end. Deliberately not
//! here: what the instructions do; depth of the stack and types are the test's affair.

use std::collections::HashMap;

use carafe_classloader::bytecode::{Format, Opcode};

use super::class::Attribute;
use super::frames::{self, Frame, Place};
use super::pool::Pool;
use super::{Result, hex, number, u2, u4};

#[derive(Debug, Default)]
pub(super) struct Labels(HashMap<String, i64>);

impl Labels {
    /// The bci of a label or of `@N`.
    pub(super) fn find(&self, target: &str) -> Result<i64> {
        match target.strip_prefix('@') {
            Some(bci) => number(bci),
            None => self.0.get(target).copied().ok_or_else(|| format!("no label {target}")),
        }
    }
}

#[derive(Debug)]
pub(super) struct Code {
    stack: i64,
    locals: i64,
    length: Option<i64>,
    bytes: Vec<u8>,
    labels: Labels,
    fixups: Vec<Fixup>,
    handlers: Vec<[String; 4]>,
    frames: Vec<Frame>,
    frame_count: Option<i64>,
    frame_bytes: Option<Vec<u8>>,
    attributes: Vec<Attribute>,
}

/// A distance to fill in.
#[derive(Debug)]
struct Fixup {
    at: usize,
    /// Two bytes, or four.
    wide: bool,
    from: i64,
    target: String,
}

impl Code {
    pub(super) fn new(argument_slots: i64) -> Code {
        Code {
            stack: 8,
            locals: argument_slots + 4,
            length: None,
            bytes: Vec::new(),
            labels: Labels::default(),
            fixups: Vec::new(),
            handlers: Vec::new(),
            frames: Vec::new(),
            frame_count: None,
            frame_bytes: None,
            attributes: Vec::new(),
        }
    }

    pub(super) fn attribute(&mut self, attribute: Attribute) {
        self.attributes.push(attribute);
    }

    /// A line that is not the class's: a directive of the code or an instruction, perhaps with labels before it.
    pub(super) fn line(&mut self, line: &str, pool: &mut Pool) -> Result<()> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.trim();
        if let Some(label) = word.strip_suffix(':') {
            if self.labels.0.insert(label.to_string(), self.bytes.len() as i64).is_some() {
                return Err(format!("label {label} twice"));
            }
            return if rest.is_empty() { Ok(()) } else { self.line(rest, pool) };
        }
        match word {
            "stack" => self.stack = number(rest)?,
            "locals" => self.locals = number(rest)?,
            "codelen" => self.length = Some(number(rest)?),
            "framecount" => self.frame_count = Some(number(rest)?),
            "framebytes" => self.frame_bytes = Some(hex(rest)?),
            "bytes" => {
                for part in rest.split_whitespace() {
                    self.bytes.extend(hex(part)?);
                }
            }
            "catch" => {
                let parts: Vec<String> = rest.split_whitespace().map(str::to_string).collect();
                self.handlers.push(parts.try_into().map_err(|_| "catch FROM TO HANDLER TYPE")?);
            }
            "repeat" => {
                let (times, instruction) = rest.split_once(' ').ok_or("repeat N INSTRUCTION")?;
                for _ in 0..number(times)? {
                    self.instruction(instruction, pool)?;
                }
            }
            _ => match word.strip_prefix("frame") {
                Some("") => {
                    self.frames
                        .push(Frame { at: Place::Bci(self.bytes.len() as i64), form: rest.to_string() });
                }
                Some(place) => {
                    let target = place.strip_prefix('@').ok_or("frame or frame@TARGET")?;
                    let bare = target.parse::<i64>().is_ok();
                    let target = if bare { place.to_string() } else { target.to_string() };
                    self.frames.push(Frame { at: Place::Target(target), form: rest.to_string() });
                }
                None => self.instruction(line, pool)?,
            },
        }
        Ok(())
    }

    fn instruction(&mut self, line: &str, pool: &mut Pool) -> Result<()> {
        let mut words = line.split_whitespace();
        let mnemonic = words.next().ok_or("no instruction")?;
        let operands: Vec<&str> = words.collect();
        if mnemonic == "wide" {
            return self.wide(&operands);
        }
        let opcode = opcode(mnemonic)?;
        let at = self.bytes.len() as i64;
        self.bytes.push(opcode as u8);
        let operand = |n: usize| operands.get(n).copied().ok_or_else(|| format!("operand {n} is missing"));
        let mut taken = 1;
        match opcode.format() {
            Format::Plain => taken = 0,
            Format::Imm8 | Format::Local8 => self.bytes.push(number(operand(0)?)? as u8),
            Format::PrimArray => self.bytes.push(element_type(operand(0)?)?),
            Format::Imm16 => self.bytes.extend(u2(number(operand(0)?)?)),
            Format::Increment => {
                taken = 2;
                self.bytes.extend([number(operand(0)?)? as u8, number(operand(1)?)? as u8]);
            }
            Format::Pool8 => self.bytes.push(pool.constant(operand(0)?, wanted(opcode))? as u8),
            Format::Pool16 => self.constant(pool, operand(0)?, opcode)?,
            Format::Branch16 => self.distance(operand(0)?, at, false),
            Format::Branch32 => self.distance(operand(0)?, at, true),
            Format::TableSwitch => {
                taken = operands.len();
                self.table_switch(&operands, at)?;
            }
            Format::LookupSwitch => {
                taken = operands.len();
                self.lookup_switch(&operands, at)?;
            }
            Format::Interface => {
                // The count and the last byte may be given; else they are right.
                taken = operands.len().clamp(1, 3);
                self.constant(pool, operand(0)?, opcode)?;
                let count = match operands.get(1) {
                    Some(count) => number(count)?,
                    None => 1 + operand(0)?.find('(').map_or(0, |at| argument_slots(&operands[0][at..])),
                };
                let last = operands.get(2).map_or(Ok(0), |last| number(last))?;
                self.bytes.extend([count as u8, last as u8]);
            }
            Format::Dynamic => {
                taken = operands.len().clamp(1, 2);
                self.constant(pool, operand(0)?, opcode)?;
                self.bytes.extend(u2(operands.get(1).map_or(Ok(0), |last| number(last))?));
            }
            Format::MultiArray => {
                taken = 2;
                self.constant(pool, operand(0)?, opcode)?;
                self.bytes.push(number(operand(1)?)? as u8);
            }
            Format::Wide => return Err("wide stands before an instruction".to_string()),
        }
        if taken == operands.len() { Ok(()) } else { Err("too many operands".to_string()) }
    }

    fn constant(&mut self, pool: &mut Pool, text: &str, opcode: Opcode) -> Result<()> {
        self.bytes.extend(pool.constant(text, wanted(opcode))?.to_be_bytes());
        Ok(())
    }

    /// Any opcode may follow; its operands are two bytes each.
    fn wide(&mut self, operands: &[&str]) -> Result<()> {
        let (mnemonic, operands) = operands.split_first().ok_or("wide what?")?;
        self.bytes.extend([Opcode::Wide as u8, opcode(mnemonic)? as u8]);
        for operand in operands {
            self.bytes.extend(u2(number(operand)?));
        }
        Ok(())
    }

    fn distance(&mut self, target: &str, from: i64, wide: bool) {
        self.fixups.push(Fixup { at: self.bytes.len(), wide, from, target: target.to_string() });
        self.bytes.extend(std::iter::repeat_n(0, if wide { 4 } else { 2 }));
    }

    fn pad(&mut self) {
        while !self.bytes.len().is_multiple_of(4) {
            self.bytes.push(0);
        }
    }

    fn table_switch(&mut self, operands: &[&str], at: i64) -> Result<()> {
        let [low, targets @ .., "default", default] = operands else {
            return Err("tableswitch LOW TARGET... default TARGET".to_string());
        };
        let low = number(low)?;
        self.pad();
        self.distance(default, at, true);
        self.bytes.extend(u4(low));
        self.bytes.extend(u4(low + targets.len() as i64 - 1));
        for target in targets {
            self.distance(target, at, true);
        }
        Ok(())
    }

    fn lookup_switch(&mut self, operands: &[&str], at: i64) -> Result<()> {
        let [pairs @ .., "default", default] = operands else {
            return Err("lookupswitch KEY TARGET... default TARGET".to_string());
        };
        self.pad();
        self.distance(default, at, true);
        self.bytes.extend(u4(pairs.len() as i64 / 2));
        for pair in pairs.chunks(2) {
            let [key, target] = pair else { return Err("a key without a target".to_string()) };
            self.bytes.extend(u4(number(key)?));
            self.distance(target, at, true);
        }
        Ok(())
    }

    /// The `Code` attribute's content.
    pub(super) fn finish(mut self, pool: &mut Pool) -> Result<Vec<u8>> {
        for Fixup { at, wide, from, target } in std::mem::take(&mut self.fixups) {
            let distance = match target.strip_prefix('+') {
                Some(distance) => number(distance)?,
                None if target.starts_with('-') => number(&target)?,
                None => self.labels.find(&target)? - from,
            };
            let bytes = u4(distance);
            let bytes = if wide { &bytes[..] } else { &bytes[2..] };
            self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
        }
        let mut info = [u2(self.stack), u2(self.locals)].concat();
        info.extend(u4(self.length.unwrap_or(self.bytes.len() as i64)));
        info.extend(&self.bytes);
        info.extend(u2(self.handlers.len() as i64));
        for [from, to, handler, kind] in &self.handlers {
            for target in [from, to, handler] {
                info.extend(u2(self.labels.find(target)?));
            }
            let kind = if kind == "any" { 0 } else { pool.constant(kind, Some("class"))? };
            info.extend(kind.to_be_bytes());
        }
        let stack_map = match self.frame_bytes {
            Some(bytes) => Some(bytes),
            None if self.frames.is_empty() && self.frame_count.is_none() => None,
            None => Some(frames::table(&self.frames, self.frame_count, &self.labels, pool)?),
        };
        let mut attributes = Vec::new();
        if let Some(content) = stack_map {
            attributes.push(Attribute::raw("StackMapTable", content).write(&self.labels, pool)?);
        }
        for attribute in &self.attributes {
            attributes.push(attribute.write(&self.labels, pool)?);
        }
        info.extend(u2(attributes.len() as i64));
        info.extend(attributes.concat());
        Ok(info)
    }
}

fn opcode(mnemonic: &str) -> Result<Opcode> {
    Opcode::all().find(|opcode| opcode.mnemonic() == mnemonic).ok_or_else(|| format!("no opcode {mnemonic}"))
}

/// The kind of constant that an instruction's operand is, if it is not said.
fn wanted(opcode: Opcode) -> Option<&'static str> {
    Some(match opcode {
        Opcode::GetStatic | Opcode::PutStatic | Opcode::GetField | Opcode::PutField => "field",
        Opcode::InvokeVirtual | Opcode::InvokeSpecial | Opcode::InvokeStatic => "method",
        Opcode::InvokeInterface => "imethod",
        Opcode::InvokeDynamic => "indy",
        Opcode::New | Opcode::ANewArray | Opcode::MultiANewArray | Opcode::CheckCast | Opcode::InstanceOf => {
            "class"
        }
        _ => return None,
    })
}

fn element_type(name: &str) -> Result<u8> {
    const NAMES: &[&str] = &["boolean", "char", "float", "double", "byte", "short", "int", "long"];
    match NAMES.iter().position(|known| *known == name) {
        Some(at) => Ok(at as u8 + 4),
        None => Ok(number(name)? as u8),
    }
}

/// Slots that the arguments of a method descriptor take; what is no descriptor takes none.
pub(super) fn argument_slots(descriptor: &str) -> i64 {
    let Some((arguments, _)) = descriptor.strip_prefix('(').and_then(|rest| rest.split_once(')')) else {
        return 0;
    };
    let mut slots = 0;
    let mut rest = arguments;
    while !rest.is_empty() {
        let element = rest.trim_start_matches('[');
        let array = element.len() < rest.len();
        slots += if !array && element.starts_with(['J', 'D']) { 2 } else { 1 };
        let end = if element.starts_with('L') { element.find(';').unwrap_or(element.len() - 1) } else { 0 };
        rest = element.get(end + 1..).unwrap_or("");
    }
    slots
}
