//! Bytes in, lines out.
//!
//! Invariants: [`Input`] never reads beyond the part of the file that it was made for. [`Output`] writes whole lines, and
//! control characters in them as escapes, so that names in a class file cannot play with a terminal or fake lines.

use std::fmt;
use std::io::{self, Write};

/// Why reading cannot go on: the file makes no sense at an offset, or the listing cannot be written.
pub(super) enum Stop {
    Damaged(String),
    Io(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        Stop::Io(error)
    }
}

pub(super) type Result<T> = std::result::Result<T, Stop>;

/// A part of the file, and how much of it has been read.
#[derive(Clone, Copy)]
pub(super) struct Input<'a> {
    file: &'a [u8],
    at: usize,
    end: usize,
}

impl<'a> Input<'a> {
    pub(super) fn new(file: &'a [u8]) -> Input<'a> {
        Input { file, at: 0, end: file.len() }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn left(&self) -> usize {
        self.end - self.at
    }

    /// All that has not been read.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.file.get(self.at..self.end).unwrap_or_default()
    }

    /// Takes `len` bytes off, as a part of its own.
    pub(super) fn part(&mut self, len: usize) -> Result<Input<'a>> {
        if len > self.left() {
            let left = self.left();
            return Err(self.damaged(format_args!("{len} bytes are needed and {left} are left")));
        }
        let part = Input { file: self.file, at: self.at, end: self.at + len };
        self.at += len;
        Ok(part)
    }

    pub(super) fn take(&mut self, len: usize) -> Result<&'a [u8]> {
        self.part(len).map(|part| part.rest())
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let bytes = self.take(N)?;
        bytes.first_chunk().copied().ok_or_else(|| self.damaged(format_args!("cut off")))
    }

    pub(super) fn u8(&mut self) -> Result<u8> {
        self.array().map(|[byte]| byte)
    }

    pub(super) fn u16(&mut self) -> Result<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64> {
        self.array().map(u64::from_be_bytes)
    }

    /// Something is wrong here.
    pub(super) fn damaged(&self, what: fmt::Arguments<'_>) -> Stop {
        Stop::Damaged(format!("damaged at byte {}: {what}", self.at))
    }
}

/// Where the listing goes.
pub(super) struct Output<'w> {
    out: &'w mut dyn Write,
    /// The first damage that the listing went on behind.
    pub(super) damage: Option<String>,
}

impl<'w> Output<'w> {
    pub(super) fn new(out: &'w mut dyn Write) -> Output<'w> {
        Output { out, damage: None }
    }

    /// A line, indented by steps of two spaces.
    pub(super) fn line(&mut self, depth: usize, text: impl fmt::Display) -> Result<()> {
        let text = text.to_string();
        write!(self.out, "{:1$}", "", depth * 2)?;
        if text.contains(char::is_control) {
            for c in text.chars() {
                if c.is_control() {
                    write!(self.out, "{}", c.escape_default())?;
                } else {
                    write!(self.out, "{c}")?;
                }
            }
        } else {
            self.out.write_all(text.as_bytes())?;
        }
        self.out.write_all(b"\n")?;
        Ok(())
    }

    /// Bytes, sixteen a line with their offsets in the file.
    pub(super) fn hex(&mut self, depth: usize, input: &Input<'_>) -> Result<()> {
        for (index, row) in input.rest().chunks(16).enumerate() {
            let digits: Vec<String> = row.iter().map(|byte| format!("{byte:02x}")).collect();
            let text: String = row
                .iter()
                .map(|&byte| if (0x20..0x7f).contains(&byte) { char::from(byte) } else { '.' })
                .collect();
            self.line(
                depth,
                format_args!("{:08x}  {:47}  {text}", input.at() + index * 16, digits.join(" ")),
            )?;
        }
        Ok(())
    }

    /// Notes damage that does not end the listing.
    pub(super) fn note(&mut self, depth: usize, what: String) -> Result<()> {
        self.line(depth, format_args!("({what})"))?;
        self.damage.get_or_insert(what);
        Ok(())
    }
}
