//! The frames of a `StackMapTable`, in the form in which they stand in the file (JVMS 4.7.4).
//!
//! Invariant: a frame that was parsed is written as it stood. A frame whose kind has been changed writes what its new kind
//! demands, filled up or cut, unless it is told to keep the wrong number. Deliberately not here: what frames mean.

use crate::model::{Input, Output};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    pub kind: u8,
    /// Written for kinds that have it in two bytes of its own.
    pub delta: u16,
    pub locals: Vec<Type>,
    pub stack: Vec<Type>,
}

/// A verification type: its operand is written for tags 7 (a class) and 8 (the place of a `new`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Type {
    pub tag: u8,
    pub operand: u16,
}

pub(crate) fn parse(bytes: &[u8]) -> Option<Vec<Frame>> {
    let mut input = Input { bytes };
    let frames = input.many(frame)?;
    input.bytes.is_empty().then_some(frames)
}

fn frame(input: &mut Input<'_>) -> Option<Frame> {
    let kind = input.u8()?;
    let mut frame = Frame { kind, delta: 0, locals: vec![], stack: vec![] };
    if kind >= 247 {
        frame.delta = input.u16()?;
    }
    match kind {
        64..=127 | 247 => frame.stack.push(ty(input)?),
        252..=254 => {
            for _ in 251..kind {
                frame.locals.push(ty(input)?);
            }
        }
        255 => {
            frame.locals = input.many(ty)?;
            frame.stack = input.many(ty)?;
        }
        128..=246 => return None,
        0..=63 | 248..=251 => {}
    }
    Some(frame)
}

fn ty(input: &mut Input<'_>) -> Option<Type> {
    let tag = input.u8()?;
    let operand = match tag {
        7 | 8 => input.u16()?,
        0..=6 => 0,
        _ => return None,
    };
    Some(Type { tag, operand })
}

impl Frame {
    pub(crate) fn write(&self, out: &mut Output) {
        out.u8(self.kind);
        if self.kind >= 247 {
            out.u16(self.delta);
        }
        match self.kind {
            64..=127 | 247 => self.stack.iter().for_each(|ty| ty.write(out)),
            252..=254 => self.locals.iter().for_each(|ty| ty.write(out)),
            255 => {
                out.many(&self.locals, |out, ty| ty.write(out));
                out.many(&self.stack, |out, ty| ty.write(out));
            }
            0..=63 | 128..=246 | 248..=251 => {}
        }
    }

    /// The distance to the frame before, less one.
    pub fn distance(&self) -> u16 {
        match self.kind {
            0..=63 => u16::from(self.kind),
            64..=127 => u16::from(self.kind - 64),
            128..=255 => self.delta,
        }
    }

    /// Gives it another distance, in the form that has room for it.
    pub fn set_distance(&mut self, distance: u16) {
        self.delta = distance;
        self.kind = match (self.kind, u8::try_from(distance)) {
            (0..=63, Ok(short @ 0..=63)) => short,
            (0..=63, _) => 251,
            (64..=127, Ok(short @ 0..=63)) => short + 64,
            (64..=127, _) => 247,
            (128..=255, _) => self.kind,
        };
    }
}

impl Type {
    fn write(self, out: &mut Output) {
        out.u8(self.tag);
        if matches!(self.tag, 7 | 8) {
            out.u16(self.operand);
        }
    }
}
