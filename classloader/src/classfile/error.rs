//! What is wrong with a class file, in the words that the reference virtual machine prints.
//!
//! Programs and test suites compare these messages, so they are part of the interface.

use super::mutf8;

/// Which Java error a defect raises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// `java.lang.ClassFormatError`
    ClassFormat,
    /// `java.lang.UnsupportedClassVersionError`
    UnsupportedVersion,
    /// `java.lang.NoClassDefFoundError`
    NoClassDefFound,
    /// `java.lang.IncompatibleClassChangeError`
    IncompatibleClassChange,
    /// `java.lang.VerifyError`
    Verify,
}

impl ErrorKind {
    /// The Java class to throw, in internal form.
    pub const fn class_name(self) -> &'static str {
        match self {
            ErrorKind::ClassFormat => "java/lang/ClassFormatError",
            ErrorKind::UnsupportedVersion => "java/lang/UnsupportedClassVersionError",
            ErrorKind::NoClassDefFound => "java/lang/NoClassDefFoundError",
            ErrorKind::IncompatibleClassChange => "java/lang/IncompatibleClassChangeError",
            ErrorKind::Verify => "java/lang/VerifyError",
        }
    }
}

/// A defect of a class file: what to throw, and its message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ClassFileError {
    pub kind: ErrorKind,
    pub message: String,
}

impl ClassFileError {
    /// An error whose message is cut where the reference machine cuts it.
    pub fn new(kind: ErrorKind, message: String) -> ClassFileError {
        ClassFileError { kind, message: cut(message) }
    }

    /// A `ClassFormatError`.
    pub fn format(message: impl Into<String>) -> ClassFileError {
        ClassFileError::new(ErrorKind::ClassFormat, message.into())
    }

    /// A `ClassFormatError` that ends with the class's name, as most do.
    pub fn in_class_file(defect: std::fmt::Arguments<'_>, class: &[u8]) -> ClassFileError {
        ClassFileError::format(format!("{defect} in class file {}", mutf8::to_string(class)))
    }

    /// What every read beyond the end of the bytes comes to.
    pub fn truncated() -> ClassFileError {
        ClassFileError::format("Truncated class file")
    }
}

/// The result of reading or checking something.
pub type Result<T> = std::result::Result<T, ClassFileError>;

/// The longest message, in bytes of modified UTF-8.
const MESSAGE_BYTES_MAX: usize = 1023;

/// The message, or its beginning if it is too long. A character beyond ASCII that would end at the limit goes too.
fn cut(message: String) -> String {
    if message.len() <= MESSAGE_BYTES_MAX / 2 {
        return message;
    }
    let mut end = 0;
    for (at, char) in message.char_indices() {
        let len = mutf8::from_utf16(char.encode_utf16(&mut [0; 2]).iter().copied()).len();
        end += len;
        let fits = end < MESSAGE_BYTES_MAX || end == MESSAGE_BYTES_MAX && len == 1;
        // Whether anything is cut at all depends on what comes after.
        let last = message.len() == at + char.len_utf8();
        if !(fits || end == MESSAGE_BYTES_MAX && last) {
            return message.get(..at).unwrap_or_default().to_owned();
        }
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_messages_are_cut_like_the_reference_machine_does() {
        let check = |before: usize, tail: &str, expected: usize| {
            let message = ClassFileError::format("x".repeat(before) + tail).message;
            assert_eq!(message.len(), expected, "{before} and {tail}");
        };
        check(1023, "", 1023);
        check(1024, "", 1023);
        check(3000, "", 1023);
        check(1020, "éé", 1022);
        check(1021, "é", 1023);
        check(1021, "éé", 1021);
        check(1019, "ééé", 1021);
        check(1022, "é", 1022);
        check(10, "é", 12);
    }
}
