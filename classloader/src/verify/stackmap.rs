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
use crate::classfile::stack_map::{Form, FrameError, Item, Reader};
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
        if bytes.is_empty() {
            // As if the attribute were not there.
            return Ok(Ok(()));
        }
        let mut reader = Reader::new(bytes);
        let before = MapFrame { offset: 0, this_uninit, locals: 0..first_locals.len(), stack: 0..0 };
        let mut before = before;
        let count = match reader.count() {
            Ok(count) => count,
            Err(error) => return Ok(Err(error.into())),
        };
        for index in 0..usize::from(count) {
            if reader.is_at_end() {
                return Ok(Err(WRONG_SIZE));
            }
            let frame = match self.next(context, &mut reader, owner, &before, index == 0) {
                Ok(frame) => frame,
                Err(defect) => return Ok(Err(defect)),
            };
            context.spend_slots(frame.locals.len() + frame.stack.len())?;
            if !context.may_hold(self.locals.len() + self.stacks.len())? {
                return Ok(Err(Defect::TooLarge));
            }
            let place = owner.marks.get(frame.offset as usize).copied().unwrap_or(mark::NOTHING);
            self.frames.push(frame.clone());
            if place == mark::NOTHING {
                return Ok(Err(Defect::Offset(index)));
            }
            before = frame;
        }
        Ok(if count == 0 || reader.is_at_end() { Ok(()) } else { Err(WRONG_SIZE) })
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
        let types = Types { context, marks: owner.marks };
        let header = reader.header()?;
        let delta = u32::from(header.delta);
        let offset = if first { delta } else { before.offset + delta + 1 };
        let mut frame = MapFrame { offset, stack: self.stacks.len()..self.stacks.len(), ..before.clone() };
        match header.form {
            Form::Same => {}
            Form::OneOnStack => {
                let start = self.stacks.len();
                push_slots(&mut self.stacks, types.read(reader, &mut false)?);
                frame.stack = start..self.stacks.len();
                fits(frame.stack.len(), owner.max_stack)?;
            }
            Form::Chop(count) => {
                frame.locals = self.chopped(before, count)?;
                fits(frame.locals.len(), owner.max_locals)?;
                frame.this_uninit = self.locals_of(&frame).contains(&VType::UNINIT_THIS);
            }
            Form::Append(count) => {
                let start = self.start_behind(before);
                for _ in 0..count {
                    push_slots(&mut self.locals, types.read(reader, &mut frame.this_uninit)?);
                }
                frame.locals = start..self.locals.len();
                fits(frame.locals.len(), owner.max_locals)?;
            }
            Form::Full => {
                frame.this_uninit = false;
                let (locals, stack) = (self.locals.len(), self.stacks.len());
                for _ in 0..reader.count()? {
                    push_slots(&mut self.locals, types.read(reader, &mut frame.this_uninit)?);
                }
                frame.locals = locals..self.locals.len();
                fits(frame.locals.len(), owner.max_locals)?;
                for _ in 0..reader.count()? {
                    push_slots(&mut self.stacks, types.read(reader, &mut false)?);
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

const WRONG_SIZE: Defect = Defect::Format("wrong attribute size");

impl From<FrameError> for Defect {
    fn from(error: FrameError) -> Defect {
        Defect::Format(match error {
            FrameError::Truncated => "access beyond the end of attribute",
            FrameError::ReservedForm(_) => "reserved frame type",
            FrameError::BadItem(_) => "bad verification type",
        })
    }
}

/// Makes types of what the attribute says.
struct Types<'c, 'a, H: LinkHost> {
    context: &'c Context<'a, H>,
    marks: &'c [u8],
}

impl<H: LinkHost> Types<'_, '_, H> {
    fn read(&self, reader: &mut Reader<'_>, this_uninit: &mut bool) -> Result<VType, Defect> {
        Ok(match reader.item()? {
            Item::Top => VType::TOP,
            Item::Int => VType::INT,
            Item::Float => VType::FLOAT,
            Item::Double => VType::DOUBLE,
            Item::Long => VType::LONG,
            Item::Null => VType::NULL,
            Item::UninitThis => {
                *this_uninit = true;
                VType::UNINIT_THIS
            }
            Item::Object(class) => {
                let class = self.context.class_constant(class);
                class.ok_or(Defect::Format("bad class index"))?
            }
            Item::Uninit(bci) => {
                if self.marks.get(usize::from(bci)) != Some(&mark::NEW) {
                    let message = "StackMapTable format error: bad offset for Uninitialized";
                    return Err(Defect::InMethod(message));
                }
                VType::uninit(bci)
            }
        })
    }
}
