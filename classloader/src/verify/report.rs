//! What a VerifyError of the type checker tells: where, why, what the frame held, what was expected, and the method's bytes.
//!
//! The layout is the one that users of `java` know and that tools read. Deliberately absent: the first line, which is the
//! check's own.

use std::fmt::Write;

use super::types::VType;
use crate::bytecode::Opcode;
use crate::class::Method;
use crate::class::method::Handler;
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
    let mut map = MapText { rest: bytes, out, offset: -1 };
    let count = map.u16().unwrap_or(0);
    for _ in 0..count {
        if map.frame().is_none() {
            map.out.push_str("    <frame cut off>\n");
            return;
        }
    }
}

struct MapText<'a, 'o> {
    rest: &'a [u8],
    out: &'o mut String,
    offset: i64,
}

impl MapText<'_, '_> {
    fn u8(&mut self) -> Option<u8> {
        let (&byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(byte)
    }

    fn u16(&mut self) -> Option<u16> {
        let (bytes, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(u16::from_be_bytes(*bytes))
    }

    fn frame(&mut self) -> Option<()> {
        let kind = self.u8()?;
        let line = match kind {
            0..64 => format!("same_frame(@{})", self.advance(i64::from(kind))),
            64..128 => {
                let at = self.advance(i64::from(kind) - 64);
                format!("same_locals_1_stack_item_frame(@{at},{})", self.item()?)
            }
            128..247 => return None,
            247 => {
                let delta = self.u16()?;
                let at = self.advance(i64::from(delta));
                format!("same_locals_1_stack_item_extended(@{at},{})", self.item()?)
            }
            248..=250 => {
                let delta = self.u16()?;
                format!("chop_frame(@{},{})", self.advance(i64::from(delta)), 251 - kind)
            }
            251 => {
                let delta = self.u16()?;
                format!("same_frame_extended(@{})", self.advance(i64::from(delta)))
            }
            252..=254 => {
                let delta = self.u16()?;
                let at = self.advance(i64::from(delta));
                let items = self.items(u16::from(kind) - 251)?;
                format!("append_frame(@{at},{items})")
            }
            255 => {
                let delta = self.u16()?;
                let at = self.advance(i64::from(delta));
                let count = self.u16()?;
                let locals = self.items(count)?;
                let count = self.u16()?;
                let stack = self.items(count)?;
                format!("full_frame(@{at},{{{locals}}},{{{stack}}})")
            }
        };
        self.out.push_str("    ");
        self.out.push_str(&line);
        self.out.push('\n');
        Some(())
    }

    fn advance(&mut self, delta: i64) -> i64 {
        self.offset += delta + 1;
        self.offset
    }

    fn items(&mut self, count: u16) -> Option<String> {
        let mut items = Vec::new();
        for _ in 0..count {
            items.push(self.item()?);
        }
        Some(items.join(","))
    }

    fn item(&mut self) -> Option<String> {
        Some(match self.u8()? {
            0 => "Top".to_owned(),
            1 => "Integer".to_owned(),
            2 => "Float".to_owned(),
            3 => "Double".to_owned(),
            4 => "Long".to_owned(),
            5 => "Null".to_owned(),
            6 => "UninitializedThis".to_owned(),
            7 => format!("Object[#{}]", self.u16()?),
            8 => format!("Uninitialized[#{}]", self.u16()?),
            _ => return None,
        })
    }
}
