//! The format rules of JVMS chapter 4 on names, descriptors, flags and versions.
//!
//! The reader applies these in the order in which the file presents things, so that a file with several
//! defects is blamed for the same one as on the reference machine. Rules about where things stand (lengths,
//! duplicates, what an index refers to) are in [`read`](super::read), where the bytes are.
//!
//! Invariant: every rule takes time in the length of its argument. A name may be referred to tens of
//! thousands of times, so the reader remembers what was judged and does not ask twice.
//!
//! Known difference: before version 49 names must be Java identifiers. For characters beyond ASCII the
//! reference machine asks `Character.isJavaIdentifierPart`; here Unicode's alphanumerics and the usual
//! currency and connector characters count.

use super::access;
use super::error::{ClassFileError, ErrorKind, Result};
use super::mutf8;

/// The highest major version that is understood, that of Java 25.
pub const MAJOR_MAX: u16 = 69;
/// The lowest one, that of Java 1.0.
pub const MAJOR_MIN: u16 = 45;
/// The minor version of a file that depends on preview features.
pub const PREVIEW_MINOR: u16 = 65535;

/// What a class file's version and class name add to the rules.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    pub major: u16,
    /// The class's name in internal form, for messages.
    pub class: &'a [u8],
}

/// What an unqualified name is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NameOf {
    Class,
    Field,
    Method,
}

/// Refuses versions that this machine does not understand.
pub fn version(class: &[u8], major: u16, minor: u16, preview_enabled: bool) -> Result<()> {
    let message = if major < MAJOR_MIN {
        "was compiled with an invalid major version".to_owned()
    } else if major > MAJOR_MAX {
        return Err(unsupported(format!(
            "{} has been compiled by a more recent version of the Java Runtime (class file version {major}.{minor}), \
             this version of the Java Runtime only recognizes class file versions up to {MAJOR_MAX}.0",
            mutf8::to_string(class)
        )));
    } else if major < 56 || minor == 0 {
        // Before version 56 the minor version had no meaning, and any is accepted.
        return Ok(());
    } else if minor != PREVIEW_MINOR {
        "was compiled with an invalid non-zero minor version".to_owned()
    } else if major != MAJOR_MAX {
        format!(
            "was compiled with preview features that are unsupported. This version of the Java Runtime only \
             recognizes preview features for class file version {MAJOR_MAX}.{PREVIEW_MINOR}"
        )
    } else if !preview_enabled {
        return Err(unsupported(format!(
            "Preview features are not enabled for {} (class file version {major}.{minor}). Try running with \
             '--enable-preview'",
            mutf8::to_string(class)
        )));
    } else {
        return Ok(());
    };
    Err(unsupported(format!("{} (class file version {major}.{minor}) {message}", mutf8::to_string(class))))
}

fn unsupported(message: String) -> ClassFileError {
    ClassFileError { kind: ErrorKind::UnsupportedVersion, message }
}

impl Rules<'_> {
    /// Generics, annotations, enums and liberal names came with version 49.
    fn modern(&self) -> bool {
        self.major >= 49
    }

    fn class_display(&self) -> String {
        mutf8::to_string(self.class)
    }

    /// A class's access flags, those without meaning already removed.
    pub fn class_access(&self, flags: u16) -> Result<()> {
        let has = |flag| flags & flag != 0;
        let illegal = has(access::ABSTRACT) && has(access::FINAL)
            || has(access::INTERFACE) && !has(access::ABSTRACT)
            || has(access::INTERFACE) && self.modern() && (has(access::SUPER) || has(access::ENUM))
            || !has(access::INTERFACE) && self.modern() && has(access::ANNOTATION);
        if illegal {
            let class = self.class_display();
            return Err(ClassFileError::format(format!(
                "Illegal class modifiers in class {class}: 0x{flags:X}"
            )));
        }
        Ok(())
    }

    /// A field's access flags, those without meaning already removed.
    pub fn field_access(&self, flags: u16, in_interface: bool) -> Result<()> {
        let has = |flag| flags & flag != 0;
        let constant = access::PUBLIC | access::STATIC | access::FINAL;
        let illegal = if in_interface {
            flags & constant != constant
                || has(access::PRIVATE | access::PROTECTED | access::VOLATILE | access::TRANSIENT)
                || self.modern() && has(access::ENUM)
        } else {
            contradicting_visibility(flags) || has(access::FINAL) && has(access::VOLATILE)
        };
        if illegal {
            let class = self.class_display();
            return Err(ClassFileError::format(format!(
                "Illegal field modifiers in class {class}: 0x{flags:X}"
            )));
        }
        Ok(())
    }

    /// A method's access flags as the file has them. Class initializers are not judged by this.
    pub fn method_access(&self, flags: u16, in_interface: bool, name: &[u8]) -> Result<()> {
        let has = |flag| flags & flag != 0;
        let strict_forbidden = self.major < 61 && has(access::STRICT);
        let illegal = if in_interface {
            if self.major >= 52 {
                has(access::PUBLIC) == has(access::PRIVATE)
                    || has(access::NATIVE | access::PROTECTED | access::FINAL | access::SYNCHRONIZED)
                    || has(access::ABSTRACT)
                        && (has(access::PRIVATE) || has(access::STATIC) || strict_forbidden)
            } else if self.modern() {
                flags & (access::PUBLIC | access::ABSTRACT) != access::PUBLIC | access::ABSTRACT
                    || has(access::PRIVATE | access::PROTECTED | access::STATIC | access::FINAL)
                    || has(access::SYNCHRONIZED | access::NATIVE | access::STRICT)
            } else {
                flags & (access::PUBLIC | access::ABSTRACT) != access::PUBLIC | access::ABSTRACT
                    || has(access::STATIC | access::FINAL | access::NATIVE)
            }
        } else if contradicting_visibility(flags) {
            true
        } else if name == b"<init>" {
            has(access::STATIC | access::FINAL | access::SYNCHRONIZED | access::NATIVE | access::ABSTRACT)
                || self.modern() && has(access::BRIDGE)
        } else {
            has(access::ABSTRACT)
                && (has(access::FINAL | access::NATIVE | access::PRIVATE | access::STATIC)
                    || self.modern() && (has(access::SYNCHRONIZED) || strict_forbidden))
        };
        if illegal {
            let (method, class) = (mutf8::to_string(name), self.class_display());
            return Err(ClassFileError::format(format!(
                "Method {method} in class {class} has illegal modifiers: 0x{flags:X}"
            )));
        }
        Ok(())
    }

    /// The name in a class constant: a class's, or an array's descriptor.
    pub fn class_name(&self, name: &[u8]) -> Result<()> {
        let legal = match name.first() {
            None => false,
            Some(b'[') => self.skip_field_descriptor(name, false)? == Some(name.len()),
            // Before version 49 a name that starts with '<' is refused outright.
            Some(_) if self.modern() => unqualified(name, NameOf::Class),
            Some(_) => old_name(name, true) == Some(name.len()),
        };
        if legal {
            return Ok(());
        }
        Err(ClassFileError::in_class_file(
            format_args!("Illegal class name \"{}\"", mutf8::to_string(name)),
            self.class,
        ))
    }

    /// A field's or local variable's name.
    pub fn field_name(&self, name: &[u8]) -> Result<()> {
        let legal = if self.modern() {
            unqualified(name, NameOf::Field)
        } else {
            old_name(name, false) == Some(name.len())
        };
        if legal { Ok(()) } else { Err(self.illegal_name("field", name)) }
    }

    /// A method's name, the two special ones among them.
    pub fn method_name(&self, name: &[u8]) -> Result<()> {
        let legal = if name.first() == Some(&b'<') {
            name == b"<init>" || name == b"<clinit>"
        } else if self.modern() {
            unqualified(name, NameOf::Method)
        } else {
            old_name(name, false) == Some(name.len())
        };
        if legal { Ok(()) } else { Err(self.illegal_name("method", name)) }
    }

    fn illegal_name(&self, what: &str, name: &[u8]) -> ClassFileError {
        let (name, class) = (mutf8::to_string(name), self.class_display());
        ClassFileError::format(format!("Illegal {what} name \"{name}\" in class {class}"))
    }

    /// A field's descriptor; `name` is the field's.
    pub fn field_descriptor(&self, name: &[u8], descriptor: &[u8]) -> Result<()> {
        if self.skip_field_descriptor(descriptor, false)? == Some(descriptor.len()) && !descriptor.is_empty()
        {
            return Ok(());
        }
        Err(self.illegal_descriptor("Field", name, descriptor))
    }

    /// A method's descriptor; `name` is the method's. Answers how many slots the arguments take, the receiver
    /// not counted.
    pub fn method_descriptor(&self, name: &[u8], descriptor: &[u8]) -> Result<u32> {
        if name == b"<clinit>" && descriptor != b"()V" && self.major >= 51 {
            return Err(self.illegal_descriptor("Method", name, descriptor));
        }
        match self.argument_slots(descriptor)? {
            Some((slots, result)) => {
                // Special methods return nothing.
                let legal = if name.first() == Some(&b'<') {
                    result == b"V"
                } else {
                    self.skip_field_descriptor(result, true)? == Some(result.len())
                };
                if legal { Ok(slots) } else { Err(self.illegal_descriptor("Method", name, descriptor)) }
            }
            None => Err(self.illegal_descriptor("Method", name, descriptor)),
        }
    }

    /// The error for a descriptor of the wrong form.
    pub fn illegal_descriptor(&self, what: &str, name: &[u8], descriptor: &[u8]) -> ClassFileError {
        let (name, class) = (mutf8::to_string(name), self.class_display());
        let descriptor = mutf8::to_string(descriptor);
        ClassFileError::format(format!(
            "{what} \"{name}\" in class {class} has illegal signature \"{descriptor}\""
        ))
    }

    /// Slots of the arguments, and the result's descriptor.
    fn argument_slots<'d>(&self, descriptor: &'d [u8]) -> Result<Option<(u32, &'d [u8])>> {
        let Some(mut rest) = descriptor.strip_prefix(b"(") else { return Ok(None) };
        let mut slots = 0;
        while rest.first() != Some(&b')') {
            let Some(len) = self.skip_field_descriptor(rest, false)? else { return Ok(None) };
            slots += if matches!(rest.first(), Some(b'J' | b'D')) { 2 } else { 1 };
            rest = rest.get(len..).unwrap_or_default();
        }
        Ok(rest.get(1..).filter(|result| !result.is_empty()).map(|result| (slots, result)))
    }

    /// The length of the field descriptor that `bytes` start with, `None` if they start with none.
    fn skip_field_descriptor(&self, bytes: &[u8], void_too: bool) -> Result<Option<usize>> {
        let dimensions = bytes.iter().take_while(|&&byte| byte == b'[').count();
        if dimensions > 255 {
            return Err(ClassFileError::in_class_file(
                format_args!("Array type descriptor has more than 255 dimensions"),
                self.class,
            ));
        }
        let Some((&tag, after)) = bytes.get(dimensions..).and_then(<[u8]>::split_first) else {
            return Ok(None);
        };
        match tag {
            b'B' | b'C' | b'D' | b'F' | b'I' | b'J' | b'S' | b'Z' => Ok(Some(dimensions + 1)),
            b'V' if void_too && dimensions == 0 => Ok(Some(1)),
            b'L' if self.modern() => {
                let Some(len) = after.iter().position(|&byte| byte == b';') else { return Ok(None) };
                if !unqualified(after.get(..len).unwrap_or_default(), NameOf::Class) {
                    return Err(ClassFileError::in_class_file(
                        format_args!("Class name is empty or contains illegal character in descriptor"),
                        self.class,
                    ));
                }
                Ok(Some(dimensions + len + 2))
            }
            b'L' => Ok(old_name(after, true)
                .filter(|&len| len > 0 && after.get(len) == Some(&b';'))
                .map(|len| dimensions + len + 2)),
            _ => Ok(None),
        }
    }
}

/// Whether more than one of public, private and protected is set.
fn contradicting_visibility(flags: u16) -> bool {
    (flags & (access::PUBLIC | access::PRIVATE | access::PROTECTED)).count_ones() > 1
}

/// An unqualified name since version 49; a class's may have parts divided by slashes.
fn unqualified(name: &[u8], of: NameOf) -> bool {
    if name.is_empty() {
        return false;
    }
    let mut previous = b'/';
    for &byte in name {
        match byte {
            b'.' | b';' | b'[' => return false,
            b'/' if of != NameOf::Class || previous == b'/' => return false,
            b'<' | b'>' if of == NameOf::Method => return false,
            _ => {}
        }
        previous = byte;
    }
    of != NameOf::Class || previous != b'/'
}

/// The length of the Java identifier (with `slash_too`: of the identifiers divided by slashes) at the start
/// of `bytes`, as it was demanded before version 49.
fn old_name(bytes: &[u8], slash_too: bool) -> Option<usize> {
    let mut at = 0;
    let mut after_slash = false;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' => after_slash = false,
            b'0'..=b'9' if at > 0 => after_slash = false,
            b'/' if slash_too => {
                if after_slash {
                    return None;
                }
                after_slash = true;
            }
            0x80.. => {
                let len = wide_identifier_char(bytes.get(at..).unwrap_or_default());
                if len == 0 {
                    return (at > 0).then_some(at);
                }
                after_slash = false;
                at += len;
                continue;
            }
            _ => return (at > 0).then_some(at),
        }
        at += 1;
    }
    (at > 0 && !after_slash).then_some(at)
}

/// The length of the character beyond ASCII at the start of `bytes` if it may stand in an identifier, else 0.
fn wide_identifier_char(bytes: &[u8]) -> usize {
    let head = bytes.get(..bytes.len().min(6)).unwrap_or_default();
    let Some(Ok(first)) = char::decode_utf16(mutf8::utf16_units(head)).next() else { return 0 };
    let wide = matches!(first, '¢'..='¥' | '‿' | '⁀' | '⁔' | '₠'..='⃀');
    if first.is_alphanumeric() || wide {
        mutf8::from_utf16(first.encode_utf16(&mut [0; 2]).iter().copied()).len()
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: Rules<'_> = Rules { major: 69, class: b"p/C" };
    const OLD: Rules<'_> = Rules { major: 48, class: b"p/C" };

    #[test]
    fn names_by_version() {
        let check = |name: &str, old: [bool; 3], new: [bool; 3]| {
            for (rules, expected) in [(OLD, old), (NEW, new)] {
                let bytes = mutf8::from_str(name);
                let found = [rules.class_name(&bytes), rules.field_name(&bytes), rules.method_name(&bytes)];
                assert_eq!(found.map(|result| result.is_ok()), expected, "{name} in version {}", rules.major);
            }
        };
        check("a", [true; 3], [true; 3]);
        check("", [false; 3], [false; 3]);
        check("a/b", [true, false, false], [true, false, false]);
        check("/a", [true, false, false], [false; 3]);
        check("a/", [false; 3], [false; 3]);
        check("a//b", [false; 3], [false; 3]);
        check("a-b", [false; 3], [true; 3]);
        check("1", [false; 3], [true; 3]);
        check("é€", [true; 3], [true; 3]);
        check("a.b", [false; 3], [false; 3]);
        check("a;b", [false; 3], [false; 3]);
        check("<init>", [false, false, true], [true, true, true]);
        check("<other>", [false; 3], [true, true, false]);
        check("a<b", [false; 3], [true, true, false]);
        check("[I", [true, false, false], [true, false, false]);
        check("[", [false; 3], [false; 3]);
    }

    #[test]
    fn descriptors() {
        let field = |descriptor: &str| NEW.field_descriptor(b"f", descriptor.as_bytes()).is_ok();
        assert!(field("I") && field("[[Lx;") && field("La/b;"));
        assert!(!field("") && !field("V") && !field("[V") && !field("Lx") && !field("II") && !field("La.b;"));
        let method =
            |name: &str, descriptor: &str| NEW.method_descriptor(name.as_bytes(), descriptor.as_bytes()).ok();
        assert_eq!(method("m", "(IJ[DLx;)V"), Some(5));
        assert_eq!(method("<init>", "()V"), Some(0));
        assert_eq!(method("<init>", "()I"), None);
        assert_eq!(method("<clinit>", "(I)V"), None);
        assert_eq!(method("m", "()"), None);
        assert_eq!(method("m", "(V)V"), None);
        assert_eq!(method("m", "()[V"), None);
        assert_eq!(OLD.method_descriptor(b"<clinit>", b"(I)V").ok(), Some(1));
        assert_eq!(
            NEW.field_descriptor(b"f", b"Q").unwrap_err().message,
            "Field \"f\" in class p/C has illegal signature \"Q\""
        );
    }

    #[test]
    fn versions() {
        let check = |major, minor, preview, expected: &str| {
            let found = version(b"x", major, minor, preview).map_err(|error| error.message);
            assert_eq!(found.err().unwrap_or_default(), expected);
        };
        check(45, 3, false, "");
        check(55, 7, false, "");
        check(69, 0, false, "");
        check(69, PREVIEW_MINOR, true, "");
        check(44, 0, false, "x (class file version 44.0) was compiled with an invalid major version");
        check(
            56,
            1,
            false,
            "x (class file version 56.1) was compiled with an invalid non-zero minor version",
        );
        check(
            69,
            PREVIEW_MINOR,
            false,
            "Preview features are not enabled for x (class file version 69.65535). Try running with '--enable-preview'",
        );
    }
}
