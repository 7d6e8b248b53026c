//! The frames of a StackMapTable attribute (JVMS 4.7.4).
//!
//! Frames are deltas of each other. Those that repeat or shorten the locals of the one before share its slots, and appended
//! ones go behind them in place, so that the table takes room in proportion to the attribute and not to frames times locals;
//! where an odd order of frames would force copies, the method pays for them.
//!
//! Invariant: offsets rise strictly. Deliberately absent: comparing frames, which needs classes.

use std::ops::Range;

use super::context::{Context, Outcome};
use super::types::VType;
use crate::link::LinkHost;

/// Marks of a method's bytes: what starts there.
pub(super) mod mark {
    pub(crate) const NOTHING: u8 = 0;
    pub(crate) const INSTRUCTION: u8 = 1;
    pub(crate) const NEW: u8 = 2;
}

/// One frame.
#[derive(Clone, Debug)]
pub(super) struct MapFrame {
    pub offset: u32,
    pub this_uninit: bool,
    locals: Range<usize>,
    stack: Range<usize>,
}

/// All frames of a method.
#[derive(Default)]
pub(super) struct StackMap {
    pub frames: Vec<MapFrame>,
    locals: Vec<VType>,
    stacks: Vec<VType>,
}

/// What is wrong with the attribute.
pub(super) enum Defect {
    /// An error of the format, whatever the method.
    Format(&'static str),
    /// An error that an older verifier may be asked about.
    InMethod(&'static str),
    /// Frame `index` lies where no instruction is.
    Offset(usize),
    /// The frames take more room than the class file's length allows.
    TooLarge,
}

/// The method that the attribute belongs to.
#[derive(Clone, Copy)]
pub(super) struct Owner<'a> {
    pub marks: &'a [u8],
    pub max_locals: usize,
    pub max_stack: usize,
}

impl StackMap {
    /// Reads the attribute's contents; `first_locals` and `this_uninit` are the frame at the method's start.
    pub(super) fn read<H: LinkHost>(
        &mut self,
        context: &mut Context<'_, H>,
        bytes: &[u8],
        owner: Owner<'_>,
        first_locals: &[VType],
        this_uninit: bool,
    ) -> Outcome<Result<(), Defect>, H> {
        self.clear();
        self.locals.extend_from_slice(first_locals);
        let limit = context.slots_max();
        if bytes.is_empty() {
            // As if the attribute were not there.
            return Ok(Ok(()));
        }
        let mut reader = Reader { rest: bytes };
        let before = MapFrame { offset: 0, this_uninit, locals: 0..first_locals.len(), stack: 0..0 };
        let mut before = before;
        let count = match reader.u16() {
            Ok(count) => count,
            Err(defect) => return Ok(Err(defect)),
        };
        for index in 0..usize::from(count) {
            if reader.rest.is_empty() {
                return Ok(Err(WRONG_SIZE));
            }
            let frame = match self.next(context, &mut reader, owner, &before, index == 0) {
                Ok(frame) => frame,
                Err(defect) => return Ok(Err(defect)),
            };
            context.spend_slots(frame.locals.len() + frame.stack.len())?;
            if self.locals.len() + self.stacks.len() > limit {
                return Ok(Err(Defect::TooLarge));
            }
            let place = owner.marks.get(frame.offset as usize).copied().unwrap_or(mark::NOTHING);
            self.frames.push(frame.clone());
            if place == mark::NOTHING {
                return Ok(Err(Defect::Offset(index)));
            }
            before = frame;
        }
        Ok(if count == 0 || reader.rest.is_empty() { Ok(()) } else { Err(WRONG_SIZE) })
    }

    pub(super) fn clear(&mut self) {
        self.frames.clear();
        self.locals.clear();
        self.stacks.clear();
    }

    pub(super) fn locals_of(&self, frame: &MapFrame) -> &[VType] {
        self.locals.get(frame.locals.clone()).unwrap_or_default()
    }

    pub(super) fn stack_of(&self, frame: &MapFrame) -> &[VType] {
        self.stacks.get(frame.stack.clone()).unwrap_or_default()
    }

    fn next<H: LinkHost>(
        &mut self,
        context: &Context<'_, H>,
        reader: &mut Reader<'_>,
        owner: Owner<'_>,
        before: &MapFrame,
        first: bool,
    ) -> Result<MapFrame, Defect> {
        let item = Item { context, marks: owner.marks };
        let kind = reader.u8()?;
        let after = |delta: u32| if first { delta } else { before.offset + delta + 1 };
        let mut frame = MapFrame { stack: self.stacks.len()..self.stacks.len(), ..before.clone() };
        match kind {
            0..64 => frame.offset = after(u32::from(kind)),
            64..128 | 247 => {
                let delta = if kind == 247 { reader.u16()? } else { u16::from(kind) - 64 };
                frame.offset = after(u32::from(delta));
                let start = self.stacks.len();
                push_slots(&mut self.stacks, item.read(reader, &mut false)?);
                frame.stack = start..self.stacks.len();
                fits(frame.stack.len(), owner.max_stack)?;
            }
            128..247 => {
                reader.u16()?;
                return Err(Defect::Format("reserved frame type"));
            }
            248..=251 => {
                frame.offset = after(u32::from(reader.u16()?));
                let chops = 251 - kind;
                if chops != 0 {
                    frame.locals = self.chopped(before, chops)?;
                    fits(frame.locals.len(), owner.max_locals)?;
                    frame.this_uninit = self.locals_of(&frame).contains(&VType::UNINIT_THIS);
                }
            }
            252..=254 => {
                frame.offset = after(u32::from(reader.u16()?));
                let start = self.start_behind(before);
                for _ in 251..kind {
                    push_slots(&mut self.locals, item.read(reader, &mut frame.this_uninit)?);
                }
                frame.locals = start..self.locals.len();
                fits(frame.locals.len(), owner.max_locals)?;
            }
            255 => {
                frame.offset = after(u32::from(reader.u16()?));
                frame.this_uninit = false;
                let (locals, stack) = (self.locals.len(), self.stacks.len());
                for _ in 0..reader.u16()? {
                    push_slots(&mut self.locals, item.read(reader, &mut frame.this_uninit)?);
                }
                frame.locals = locals..self.locals.len();
                fits(frame.locals.len(), owner.max_locals)?;
                for _ in 0..reader.u16()? {
                    push_slots(&mut self.stacks, item.read(reader, &mut false)?);
                }
                frame.stack = stack..self.stacks.len();
                fits(frame.stack.len(), owner.max_stack)?;
            }
        }
        Ok(frame)
    }

    /// Where locals that continue those of `before` may be appended: in place if nothing lies behind them, else behind a
    /// copy.
    fn start_behind(&mut self, before: &MapFrame) -> usize {
        if before.locals.end == self.locals.len() {
            return before.locals.start;
        }
        let start = self.locals.len();
        self.locals.extend_from_within(before.locals.clone());
        start
    }

    /// The locals without the last `count` of them.
    fn chopped(&self, before: &MapFrame, count: u8) -> Result<Range<usize>, Defect> {
        let mut locals = self.locals_of(before);
        for _ in 0..count {
            let (last, rest) = locals.split_last().ok_or(BAD_SIZE)?;
            locals = match last.is_second() {
                true => rest.split_last().ok_or(BAD_SIZE)?.1,
                false => rest,
            };
        }
        Ok(before.locals.start..before.locals.start + locals.len())
    }
}

const BAD_SIZE: Defect = Defect::InMethod("StackMapTable format error: bad type array size");

fn fits(len: usize, max: usize) -> Result<(), Defect> {
    if len <= max { Ok(()) } else { Err(BAD_SIZE) }
}

fn push_slots(slots: &mut Vec<VType>, first: VType) {
    slots.push(first);
    slots.extend(first.second());
}

/// Reads `verification_type_info` structures.
struct Item<'c, 'a, H: LinkHost> {
    context: &'c Context<'a, H>,
    marks: &'c [u8],
}

impl<H: LinkHost> Item<'_, '_, H> {
    fn read(&self, reader: &mut Reader<'_>, this_uninit: &mut bool) -> Result<VType, Defect> {
        Ok(match reader.u8()? {
            0 => VType::TOP,
            1 => VType::INT,
            2 => VType::FLOAT,
            3 => VType::DOUBLE,
            4 => VType::LONG,
            5 => VType::NULL,
            6 => {
                *this_uninit = true;
                VType::UNINIT_THIS
            }
            7 => {
                let class = self.context.class_constant(reader.u16()?);
                class.ok_or(Defect::Format("bad class index"))?
            }
            8 => {
                let bci = reader.u16()?;
                if self.marks.get(usize::from(bci)) != Some(&mark::NEW) {
                    let message = "StackMapTable format error: bad offset for Uninitialized";
                    return Err(Defect::InMethod(message));
                }
                VType::uninit(bci)
            }
            _ => return Err(Defect::Format("bad verification type")),
        })
    }
}

struct Reader<'b> {
    rest: &'b [u8],
}

impl Reader<'_> {
    fn u8(&mut self) -> Result<u8, Defect> {
        let (&[byte], rest) = self.rest.split_first_chunk().ok_or(PAST_END)?;
        self.rest = rest;
        Ok(byte)
    }

    fn u16(&mut self) -> Result<u16, Defect> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or(PAST_END)?;
        self.rest = rest;
        Ok(u16::from_be_bytes(*bytes))
    }
}

const WRONG_SIZE: Defect = Defect::Format("wrong attribute size");
const PAST_END: Defect = Defect::Format("access beyond the end of attribute");
