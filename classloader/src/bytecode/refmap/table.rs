//! The states of a method as its StackMapTable has them.
//!
//! Invariant: offsets in the table rise, so the states are in order. Deliberately absent: any doubt about the table, beyond
//! what keeps this from reading past its end or taking too much room.

use super::{Limits, RefMapError, RefMaps, State};
use crate::bytecode::ops::Kind;
use crate::classfile::stack_map::{Form, FrameError, Item, Reader};

/// Fills `maps` with the frames of `table`, behind the one at the method's start.
pub(super) fn read<'a, C>(
    mut maps: RefMaps<'a, C>,
    arguments: impl IntoIterator<Item = Kind>,
    limits: Limits,
    table: &[u8],
) -> Result<RefMaps<'a, C>, RefMapError> {
    maps.from_table = true;
    let mut build = Build { locals: arguments.into_iter().map(Value::from).collect(), stack: Vec::new() };
    build.keep(&mut maps, 0, limits)?;
    let mut reader = Reader::new(table);
    let count = if table.is_empty() { 0 } else { reader.count().map_err(|_| RefMapError::Unverified(0))? };
    let mut next = 0;
    for _ in 0..count {
        let header = reader.header().map_err(|_| RefMapError::Unverified(next))?;
        let bci = next + u32::from(header.delta);
        build.frame(&mut reader, header.form).map_err(|_| RefMapError::Unverified(bci))?;
        if bci == 0 {
            // The method begins with a frame of its own.
            maps.states.clear();
            maps.words.clear();
        }
        build.keep(&mut maps, bci, limits)?;
        next = bci + 1;
    }
    Ok(maps)
}

/// A value in a local or on the stack.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Value {
    Reference,
    Other,
    /// A number of two slots.
    Pair,
}

impl From<Kind> for Value {
    fn from(kind: Kind) -> Value {
        match kind {
            Kind::Ref => Value::Reference,
            Kind::Int | Kind::Float => Value::Other,
            Kind::Long | Kind::Double => Value::Pair,
        }
    }
}

impl From<Item> for Value {
    fn from(item: Item) -> Value {
        match item {
            Item::Top | Item::Int | Item::Float => Value::Other,
            Item::Long | Item::Double => Value::Pair,
            Item::Null | Item::UninitThis | Item::Object(_) | Item::Uninit(_) => Value::Reference,
        }
    }
}

/// The frame that the table has described so far.
struct Build {
    locals: Vec<Value>,
    stack: Vec<Value>,
}

impl Build {
    fn frame(&mut self, reader: &mut Reader<'_>, form: Form) -> Result<(), FrameError> {
        self.stack.clear();
        match form {
            Form::Same => {}
            Form::OneOnStack => self.stack.push(reader.item()?.into()),
            Form::Chop(count) => self.locals.truncate(self.locals.len().saturating_sub(usize::from(count))),
            Form::Append(count) => append(&mut self.locals, reader, u16::from(count))?,
            Form::Full => {
                self.locals.clear();
                let count = reader.count()?;
                append(&mut self.locals, reader, count)?;
                let count = reader.count()?;
                append(&mut self.stack, reader, count)?;
            }
        }
        Ok(())
    }

    /// Makes the frame a state of `maps`.
    fn keep<C>(&self, maps: &mut RefMaps<'_, C>, bci: u32, limits: Limits) -> Result<(), RefMapError> {
        let (locals_max, stack_max) = (usize::from(maps.body.max_locals), usize::from(maps.body.max_stack));
        let first = maps.words.len();
        if first + maps.words_per_state > limits.words {
            return Err(RefMapError::TooComplex);
        }
        maps.words.resize(first + maps.words_per_state, 0);
        let words = maps.words.get_mut(first..).unwrap_or_default();
        let mark = |values: &[Value], start: usize, words: &mut [u64]| {
            let mut slot = start;
            for value in values {
                if *value == Value::Reference
                    && let Some(word) = words.get_mut(slot / 64)
                {
                    *word |= 1 << (slot % 64);
                }
                slot += if *value == Value::Pair { 2 } else { 1 };
            }
            slot - start
        };
        let locals = mark(&self.locals, 0, words);
        let depth = mark(&self.stack, locals_max, words);
        if locals > locals_max || depth > stack_max {
            return Err(RefMapError::Unverified(bci));
        }
        maps.states.push(State { bci, addresses: 0, depth: depth as u32, queued: false });
        Ok(())
    }
}

fn append(values: &mut Vec<Value>, reader: &mut Reader<'_>, count: u16) -> Result<(), FrameError> {
    for _ in 0..count {
        values.push(reader.item()?.into());
    }
    Ok(())
}
