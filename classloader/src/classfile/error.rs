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
    /// A `ClassFormatError`.
    pub fn format(message: impl Into<String>) -> ClassFileError {
        ClassFileError { kind: ErrorKind::ClassFormat, message: message.into() }
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
