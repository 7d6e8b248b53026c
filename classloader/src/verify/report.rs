//! What a VerifyError of the type checker tells: where, why, what the frame held, what was expected, and the method's bytes.
//!
//! The layout is the one that users of `java` know and that tools read. Deliberately absent: the first line, which is the
//! check's own.

use std::fmt::Write;

use super::types::VType;
use crate::bytecode::Opcode;
use crate::class::Method;
use crate::class::method::Handler;
use crate::classfile::stack_map::{Form, FrameError, Item, Reader};
use crate::universe::Universe;

/// Where a type stood that did not fit, or where it is asked for.
#[derive(Clone, Copy)]
pub(super) enum Place {
    Local(usize),
    Stack(usize),
    MapLocal(usize),
    MapStack(usize),
    Pool(u16),
    /// In the method's own descriptor.
    Signature,
    /// The instruction implies it.
    Implied,
}

/// Why a method was refused.
pub(super) enum Reason {
    Code,
    Type {
        found: (VType, Place),
        expected: Option<(VType, Place)>,
    },
    /// `true` if a stack map's flags were compared.
    Flags(bool),
    PoolIndex(u16),
    LocalIndex(u16),
    StackSize,
    Overflow,
    Underflow,
    MissingMap,
    BadMap,
}

/// A frame to be shown.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub bci: u32,
    pub this_uninit: bool,
    pub locals: &'a [VType],
    pub stack: &'a [VType],
}

/// Everything that a report shows.
pub(super) struct Report<'a> {
    pub universe: &'a Universe,
    pub method: &'a Method,
    pub code: &'a [u8],
    pub handlers: &'a [Handler],
    pub stack_map: Option<&'a [u8]>,
    /// The instruction, as `Location` names it.
    pub bci: u32,
    pub reason: Reason,
    pub current: Option<View<'a>>,
    pub expected: Option<View<'a>>,
}

/// The longest dump of bytes, handlers or frames that is worth anybody's reading, and that a message should carry.
const LISTED_MAX: usize = 65_536;

impl Report<'_> {
    /// The lines behind the first one.
    pub(super) fn text(&self) -> String {
        let mut out = String::from("\nException Details:\n");
        // Writing to a string cannot fail.
        let _ = self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        let universe = self.universe;
        let method = self.method;
        writeln!(
            out,
            "  Location:\n    {}.{}{} @{}: {}",
            universe.str(universe.class(method.class).name),
            universe.str(method.name),
            universe.str(method.descriptor),
            self.bci,
            self.instruction()
        )?;
        writeln!(out, "  Reason:\n    {}", self.reason())?;
        for (title, view) in [("Current Frame", self.current), ("Stackmap Frame", self.expected)] {
            if let Some(view) = view {
                writeln!(out, "  {title}:")?;
                self.write_frame(out, view)?;
            }
        }
        self.write_code(out)?;
        if !self.handlers.is_empty() {
            out.push_str("  Exception Handler Table:\n");
            for handler in self.handlers.iter().take(LISTED_MAX) {
                let Handler { start, end, handler, .. } = handler;
                writeln!(out, "    bci [{start}, {end}] => handler: {handler}")?;
            }
        }
        if let Some(bytes) = self.stack_map {
            out.push_str("  Stackmap Table:\n");
            write_map(out, bytes);
        }
        Ok(())
    }

    fn instruction(&self) -> &'static str {
        match self.code.get(self.bci as usize) {
            None => "<invalid>",
            Some(0xca) => "breakpoint",
            Some(&byte) => Opcode::from_u8(byte).map_or("<illegal>", Opcode::mnemonic),
        }
    }

    fn reason(&self) -> String {
        let typed = |(found, place): (VType, Place)| {
            let name = found.describe(self.universe);
            match place {
                Place::Local(index) => format!("{name} (current frame, locals[{index}])"),
                Place::Stack(index) => format!("{name} (current frame, stack[{index}])"),
                Place::MapLocal(index) => format!("{name} (stack map, locals[{index}])"),
                Place::MapStack(index) => format!("{name} (stack map, stack[{index}])"),
                Place::Pool(index) => format!("{name} (constant pool {index})"),
                Place::Signature => format!("{name} (from method signature)"),
                Place::Implied => name.into_owned(),
            }
        };
        match self.reason {
            Reason::Code => "Error exists in the bytecode".to_owned(),
            Reason::Type { found, expected: Some(expected) } => {
                format!("Type {} is not assignable to {}", typed(found), typed(expected))
            }
            Reason::Type { found, expected: None } => format!("Invalid type: {}", typed(found)),
            Reason::Flags(true) => {
                "Current frame's flags are not assignable to stack map frame's.".to_owned()
            }
            Reason::Flags(false) => "Current frame's flags are invalid in this context.".to_owned(),
            Reason::PoolIndex(index) => format!("Constant pool index {index} is invalid"),
            Reason::LocalIndex(index) => format!("Local index {index} is invalid"),
            Reason::StackSize => "Current frame's stack size doesn't match stackmap.".to_owned(),
            Reason::Overflow => "Exceeded max stack size.".to_owned(),
            Reason::Underflow => "Attempt to pop empty stack.".to_owned(),
            Reason::MissingMap => "Expected stackmap frame at this location.".to_owned(),
            Reason::BadMap => "Invalid stackmap specification.".to_owned(),
        }
    }

    fn write_frame(&self, out: &mut String, view: View<'_>) -> std::fmt::Result {
        let flags = if view.this_uninit { " flagThisUninit" } else { "" };
        writeln!(out, "    bci: @{}\n    flags: {{{flags} }}", view.bci)?;
        for (title, slots) in [("locals", view.locals), ("stack", view.stack)] {
            write!(out, "    {title}: {{")?;
            for (index, slot) in slots.iter().take(LISTED_MAX).enumerate() {
                let comma = if index == 0 { "" } else { "," };
                write!(out, "{comma} {}", slot.describe(self.universe))?;
            }
            out.push_str(" }\n");
        }
        Ok(())
    }

    /// Sixteen bytes a line, two by two; the last line is filled up with blanks, and is there even if nothing is left.
    fn write_code(&self, out: &mut String) -> std::fmt::Result {
        out.push_str("  Bytecode:\n");
        let code = self.code;
        for line in 0..code.len() / 16 + 1 {
            write!(out, "    {:07x}:", line * 16)?;
            for at in line * 16..line * 16 + 16 {
                if at % 2 == 0 {
                    out.push(' ');
                }
                match code.get(at) {
                    Some(byte) => write!(out, "{byte:02x}")?,
                    None => out.push_str("  "),
                }
            }
            out.push('\n');
        }
        Ok(())
    }
}

/// The frames of a StackMapTable attribute, as far as they can be read.
fn write_map(out: &mut String, bytes: &[u8]) {
    let mut map = MapText { reader: Reader::new(bytes), offset: -1 };
    for _ in 0..map.reader.count().unwrap_or(0) {
        let Ok(line) = map.frame() else {
            out.push_str("    <frame cut off>\n");
            return;
        };
        out.push_str("    ");
        out.push_str(&line);
        out.push('\n');
    }
}

struct MapText<'a> {
    reader: Reader<'a>,
    offset: i64,
}

impl MapText<'_> {
    fn frame(&mut self) -> Result<String, FrameError> {
        let header = self.reader.header()?;
        self.offset += i64::from(header.delta) + 1;
        let at = self.offset;
        let extended = if header.kind >= 128 { "_extended" } else { "" };
        Ok(match header.form {
            Form::Same => format!("same_frame{extended}(@{at})"),
            Form::OneOnStack => {
                let name = if extended.is_empty() {
                    "same_locals_1_stack_item_frame"
                } else {
                    "same_locals_1_stack_item"
                };
                format!("{name}{extended}(@{at},{})", self.item()?)
            }
            Form::Chop(count) => format!("chop_frame(@{at},{count})"),
            Form::Append(count) => format!("append_frame(@{at},{})", self.items(u16::from(count))?),
            Form::Full => {
                let count = self.reader.count()?;
                let locals = self.items(count)?;
                let count = self.reader.count()?;
                format!("full_frame(@{at},{{{locals}}},{{{}}})", self.items(count)?)
            }
        })
    }

    fn items(&mut self, count: u16) -> Result<String, FrameError> {
        let mut items = Vec::new();
        for _ in 0..count {
            items.push(self.item()?);
        }
        Ok(items.join(","))
    }

    fn item(&mut self) -> Result<String, FrameError> {
        Ok(match self.reader.item()? {
            Item::Top => "Top".to_owned(),
            Item::Int => "Integer".to_owned(),
            Item::Float => "Float".to_owned(),
            Item::Double => "Double".to_owned(),
            Item::Long => "Long".to_owned(),
            Item::Null => "Null".to_owned(),
            Item::UninitThis => "UninitializedThis".to_owned(),
            Item::Object(class) => format!("Object[#{class}]"),
            Item::Uninit(bci) => format!("Uninitialized[#{bci}]"),
        })
    }
}
