//! Where the words of a command line come from: the process arguments with their `@argfiles`, and environment variables.
//!
//! Both files and variables have their own quoting rules (an argument file knows escapes and comments, a variable does
//! not); each has one function here. Everything works on bytes, because paths need not be UTF-8.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

use super::Host;

/// The words still to be read, with argument files expanded on the way: a word is looked at only when it is asked for, so
/// that the caller can end expansion at the main class.
pub(super) struct Words<'h> {
    host: &'h dyn Host,
    /// Words and whether `@` means something in them: files do not nest.
    queue: VecDeque<(OsString, bool)>,
    expand: bool,
    /// Words that name files are errors.
    refuse: bool,
}

impl<'h> Words<'h> {
    pub(super) fn new(host: &'h dyn Host, words: impl IntoIterator<Item = OsString>) -> Words<'h> {
        Words {
            host,
            queue: words.into_iter().map(|word| (word, true)).collect(),
            expand: true,
            refuse: false,
        }
    }

    /// From here on, words that start with `@` are themselves.
    pub(super) fn stop_expanding(&mut self) {
        self.expand = false;
    }

    /// No file is read.
    pub(super) fn refuse_files(&mut self) {
        self.refuse = true;
    }

    pub(super) fn expanding(&self) -> bool {
        self.expand
    }

    /// The next word; an error if it names an argument file that cannot be read.
    pub(super) fn next(&mut self) -> Result<Option<OsString>, String> {
        while let Some((word, expandable)) = self.queue.pop_front() {
            let Some(name) = word.as_bytes().strip_prefix(b"@").filter(|_| expandable && self.expand) else {
                return Ok(Some(word));
            };
            match name {
                // A lone @ and @@word: nothing to open.
                [] => return Ok(Some(word)),
                [b'@', ..] => return Ok(Some(OsStr::from_bytes(name).to_owned())),
                _ if self.refuse => {
                    let name = word.to_string_lossy();
                    return Err(format!("Error: argument files are not read without -A: {name}"));
                }
                name => {
                    let path = Path::new(OsStr::from_bytes(name));
                    let bytes = self
                        .host
                        .read_file(path)
                        .map_err(|_| format!("Error: could not open `{}'", path.display()))?;
                    for word in split_argument_file(&bytes).into_iter().rev() {
                        self.queue.push_front((word, false));
                    }
                }
            }
        }
        Ok(None)
    }

    /// The value of an option: the next word, unless there is none or it is an option itself.
    pub(super) fn next_value(&mut self) -> Result<Option<OsString>, String> {
        match self.next()? {
            Some(word) if word.as_bytes().starts_with(b"-") => {
                self.queue.push_front((word, false));
                Ok(None)
            }
            other => Ok(other),
        }
    }

    /// Everything that is left, unexpanded: the program's own arguments.
    pub(super) fn rest(self) -> Vec<OsString> {
        self.queue.into_iter().map(|(word, _)| word).collect()
    }
}

/// Splits an argument file. Words end at white space; `#` at the start of a word begins a comment; within quotes of either
/// kind a backslash escapes (n, r, t, f, or the character itself) and, before a line end, joins the next line without its
/// indentation. A quote left open ends with the file.
fn split_argument_file(bytes: &[u8]) -> Vec<OsString> {
    let mut words = Vec::new();
    let mut word: Option<Vec<u8>> = None;
    let mut quote: Option<u8> = None;
    let mut input = bytes.iter().copied().peekable();
    while let Some(byte) = input.next() {
        match (quote, byte) {
            (Some(open), _) if byte == open => quote = None,
            (Some(_), b'\\') => match input.next() {
                Some(b'\n' | b'\r') => {
                    while input.next_if(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r' | 0x0c)).is_some() {}
                }
                Some(escaped) => word.get_or_insert_default().push(match escaped {
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'f' => 0x0c,
                    other => other,
                }),
                None => {}
            },
            // A line end closes a quote, too: an argument file with a stray quote stays readable.
            (Some(_), b'\n' | b'\r') => {
                quote = None;
                words.extend(word.take().map(OsString::from_vec));
            }
            (None, b' ' | b'\t' | b'\n' | b'\r' | 0x0c) => words.extend(word.take().map(OsString::from_vec)),
            (None, b'#') if word.is_none() => {
                while input.next_if(|b| !matches!(b, b'\n' | b'\r')).is_some() {}
            }
            (None, b'"' | b'\'') => {
                quote = Some(byte);
                word.get_or_insert_default();
            }
            (_, other) => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word.map(OsString::from_vec));
    words
}

/// Splits an environment variable. Quotes of either kind group and vanish; there are no escapes and no comments.
/// `Err` if a quote is left open.
pub(super) fn split_variable(value: &OsStr) -> Result<Vec<OsString>, UnmatchedQuote> {
    let mut words = Vec::new();
    let mut word: Option<Vec<u8>> = None;
    let mut quote: Option<u8> = None;
    for &byte in value.as_bytes() {
        match (quote, byte) {
            (Some(open), _) if byte == open => quote = None,
            (None, b'"' | b'\'') => {
                quote = Some(byte);
                word.get_or_insert_default();
            }
            (None, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c) => {
                words.extend(word.take().map(OsString::from_vec))
            }
            (_, other) => word.get_or_insert_default().push(other),
        }
    }
    if quote.is_some() {
        return Err(UnmatchedQuote);
    }
    words.extend(word.map(OsString::from_vec));
    Ok(words)
}

#[derive(Debug, PartialEq)]
pub(super) struct UnmatchedQuote;

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_file(text: &str, expect: &[&str]) {
        assert_eq!(
            split_argument_file(text.as_bytes()),
            expect.iter().map(OsString::from).collect::<Vec<_>>()
        );
    }

    #[test]
    fn argument_files() {
        check_file("", &[]);
        check_file(" \n\t a  b\r\nc", &["a", "b", "c"]);
        check_file("# comment -x\n-cp out # trailing\n#last", &["-cp", "out"]);
        check_file("a#b", &["a#b"]);
        check_file("\"#notc\"", &["#notc"]);
        check_file("-Dx=\"a b\\tc\\n\\\"d\\\\ \\q\"", &["-Dx=a b\tc\n\"d\\ q"]);
        check_file("'q \"x\" r' -D\"z\"=1\\2", &["q \"x\" r", "-Dz=1\\2"]);
        check_file("\"line1 \\\n    line2\" next", &["line1 line2", "next"]);
        check_file("\"\" ''", &["", ""]);
        check_file("\"abc def", &["abc def"]);
        check_file("\"a'b'c\\\"d\"", &["a'b'c\"d"]);
        check_file("\"trailing\\", &["trailing"]);
    }

    #[track_caller]
    fn check_variable(text: &str, expect: Result<&[&str], UnmatchedQuote>) {
        let words = split_variable(OsStr::new(text));
        assert_eq!(words, expect.map(|words| words.iter().map(OsString::from).collect::<Vec<_>>()));
    }

    #[test]
    fn variables() {
        check_variable("", Ok(&[]));
        check_variable("  ", Ok(&[]));
        check_variable("\"-Dx=a b\" '-Dy=c d' z\"e r\"", Ok(&["-Dx=a b", "-Dy=c d", "ze r"]));
        check_variable("-Dx=\"a\\b\" -Dy=#a", Ok(&["-Dx=a\\b", "-Dy=#a"]));
        check_variable("''", Ok(&[""]));
        check_variable("-Dx=\"open", Err(UnmatchedQuote));
        check_variable("-Dx='a\"", Err(UnmatchedQuote));
    }
}
