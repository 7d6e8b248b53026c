//! A method's code: instructions, and at the bci where they begin the frames, lines and exception ranges.
//!
//! Invariant: what lies at no instruction (a frame in the middle of one, say) is shown before the next instruction, with
//! its own bci; nothing is dropped.

use carafe_classloader::bytecode::decode;
use carafe_classloader::bytecode::disasm::Line;

use super::attributes::{self, Place};
use super::class::Context;
use super::frames;
use super::input::{Input, Output, Result};

/// The method that the code is of: what its first frame follows from.
#[derive(Clone, Copy)]
pub(super) struct Method {
    pub(super) is_static: bool,
    pub(super) descriptor: u16,
    pub(super) name: u16,
}

/// Attributes that the code itself shows, with their bci.
#[derive(Default)]
struct Marks {
    all: Vec<(u32, String)>,
    /// How many have been shown.
    shown: usize,
}

impl Marks {
    fn add(&mut self, bci: u32, text: String) {
        self.all.push((bci, text));
    }

    /// Shows those up to `bci`, with their own one if it is another.
    fn show(&mut self, bci: u32, depth: usize, out: &mut Output<'_>) -> Result<()> {
        while let Some((own, text)) = self.all.get(self.shown).filter(|(own, _)| *own <= bci) {
            if *own == bci {
                out.line(depth + 4, format_args!("// {text}"))?;
            } else {
                out.line(depth + 4, format_args!("// {text} (at {own})"))?;
            }
            self.shown += 1;
        }
        Ok(())
    }
}

pub(super) fn list(
    body: &mut Input<'_>,
    context: &Context<'_>,
    method: Method,
    depth: usize,
    out: &mut Output<'_>,
) -> Result<()> {
    // Files older than version 45.3 have shorter numbers here; no loader takes them.
    let (max_stack, max_locals, len) = (body.u16()?, body.u16()?, body.u32()?);
    out.line(depth, format_args!("Code: stack {max_stack}, locals {max_locals}, {len} bytes"))?;
    let code = body.take(len as usize)?;
    let mut handlers = Vec::new();
    for _ in 0..body.u16()? {
        handlers.push((body.u16()?, body.u16()?, body.u16()?, body.u16()?));
    }
    let mut marks = Marks::default();
    let table = *body;
    lines_and_frames(body, context, method, &mut marks, out, depth)?;
    // Stable: what begins at one bci stays in the order of the file.
    marks.all.sort_by_key(|(bci, _)| *bci);
    instructions(code, context, &mut marks, depth, out)?;
    for (start, end, handler, catch) in handlers {
        let catch = if catch == 0 { "anything".to_owned() } else { context.name(catch) };
        out.line(depth + 1, format_args!("handler {handler} for {start}..{end} catches {catch}"))?;
    }
    others(table, context, depth, out)
}

/// Lines and frames become marks at their instructions.
fn lines_and_frames(
    body: &mut Input<'_>,
    context: &Context<'_>,
    method: Method,
    marks: &mut Marks,
    out: &mut Output<'_>,
    depth: usize,
) -> Result<()> {
    for _ in 0..body.u16()? {
        let (name, len) = (body.u16()?, body.u32()?);
        let mut info = body.part(len as usize)?;
        match context.pool.utf8(name) {
            Some(b"LineNumberTable") if info.left() % 4 == 2 => {
                let count = info.u16()?;
                for _ in 0..count {
                    if info.left() == 0 {
                        break;
                    }
                    let (start, line) = (info.u16()?, info.u16()?);
                    marks.add(u32::from(start), format!("line {line}"));
                }
            }
            Some(b"StackMapTable") if context.major >= 50 => {
                let (frames, end) = frames::list(&mut info, context, method);
                for frame in frames {
                    marks.add(frame.bci, frame.text);
                }
                match end {
                    Ok(()) if info.left() == 0 => {}
                    Ok(()) => {
                        out.note(
                            depth + 1,
                            format!("damaged at byte {}: bytes are left over in StackMapTable", info.at()),
                        )?;
                    }
                    Err(super::input::Stop::Damaged(what)) => out.note(depth + 1, what)?,
                    Err(stop) => return Err(stop),
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn instructions(
    code: &[u8],
    context: &Context<'_>,
    marks: &mut Marks,
    depth: usize,
    out: &mut Output<'_>,
) -> Result<()> {
    let mut bci = 0;
    while bci < code.len() {
        marks.show(bci as u32, depth, out)?;
        match decode(code, bci) {
            Ok(instr) => {
                out.line(depth, format_args!("{bci:5}: {}", Line { instr, constants: context }))?;
                bci = instr.next() as usize;
            }
            Err(error) => {
                let bytes: Vec<String> =
                    code.get(bci..).unwrap_or_default().iter().map(|byte| format!("{byte:02x}")).collect();
                out.note(depth + 1, format!("at bci {bci}: {error}"))?;
                for row in bytes.chunks(16) {
                    out.line(depth + 2, row.join(" "))?;
                }
                break;
            }
        }
    }
    marks.show(u32::MAX, depth, out)
}

/// The attributes of the code that are not shown beside it.
fn others(mut table: Input<'_>, context: &Context<'_>, depth: usize, out: &mut Output<'_>) -> Result<()> {
    for _ in 0..table.u16()? {
        let (name, len) = (table.u16()?, table.u32()?);
        let mut info = table.part(len as usize)?;
        let shown = match context.pool.utf8(name) {
            Some(b"LineNumberTable") => info.left() % 4 == 2,
            Some(b"StackMapTable") => context.major >= 50,
            _ => false,
        };
        if !shown {
            attributes::attribute(name, &mut info, context, Place::Code, depth + 1, out)?;
        }
    }
    Ok(())
}
