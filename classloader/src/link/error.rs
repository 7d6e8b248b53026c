//! What goes wrong while classes are created, linked and resolved: an error that Java code will see as an exception.
//!
//! Invariant: a kind names exactly one Java class, and the message is the whole detail message; whoever turns the
//! error into an exception adds nothing. Deliberately absent: failures of the VM itself (those are bugs) and errors
//! that Java code has already thrown (those travel as the host's own error type).

use carafe_gc::metaspace::MetaspaceFull;

/// Which Java class the error becomes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LinkErrorKind {
    ClassFormatError,
    UnsupportedClassVersionError,
    NoClassDefFoundError,
    IncompatibleClassChangeError,
    IllegalAccessError,
    ClassCircularityError,
    LinkageError,
    VerifyError,
    NoSuchFieldError,
    NoSuchMethodError,
    AbstractMethodError,
    SecurityException,
    /// Metaspace is full.
    OutOfMemoryError,
    UnsatisfiedLinkError,
    InstantiationError,
    IllegalArgumentException,
    IllegalStateException,
}

impl LinkErrorKind {
    /// The Java class, in internal form.
    pub fn class_name(self) -> &'static str {
        match self {
            LinkErrorKind::ClassFormatError => "java/lang/ClassFormatError",
            LinkErrorKind::UnsupportedClassVersionError => "java/lang/UnsupportedClassVersionError",
            LinkErrorKind::NoClassDefFoundError => "java/lang/NoClassDefFoundError",
            LinkErrorKind::IncompatibleClassChangeError => "java/lang/IncompatibleClassChangeError",
            LinkErrorKind::IllegalAccessError => "java/lang/IllegalAccessError",
            LinkErrorKind::ClassCircularityError => "java/lang/ClassCircularityError",
            LinkErrorKind::LinkageError => "java/lang/LinkageError",
            LinkErrorKind::VerifyError => "java/lang/VerifyError",
            LinkErrorKind::NoSuchFieldError => "java/lang/NoSuchFieldError",
            LinkErrorKind::NoSuchMethodError => "java/lang/NoSuchMethodError",
            LinkErrorKind::AbstractMethodError => "java/lang/AbstractMethodError",
            LinkErrorKind::SecurityException => "java/lang/SecurityException",
            LinkErrorKind::OutOfMemoryError => "java/lang/OutOfMemoryError",
            LinkErrorKind::UnsatisfiedLinkError => "java/lang/UnsatisfiedLinkError",
            LinkErrorKind::InstantiationError => "java/lang/InstantiationError",
            LinkErrorKind::IllegalArgumentException => "java/lang/IllegalArgumentException",
            LinkErrorKind::IllegalStateException => "java/lang/IllegalStateException",
        }
    }
}

/// An error of creation, linking or resolution, not yet a Java object.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{}: {message}", kind.class_name())]
pub struct LinkError {
    pub kind: LinkErrorKind,
    pub message: String,
}

impl LinkError {
    pub fn new(kind: LinkErrorKind, message: impl Into<String>) -> LinkError {
        LinkError { kind, message: message.into() }
    }

    pub fn incompatible(message: impl Into<String>) -> LinkError {
        LinkError::new(LinkErrorKind::IncompatibleClassChangeError, message)
    }

    pub fn illegal_access(message: impl Into<String>) -> LinkError {
        LinkError::new(LinkErrorKind::IllegalAccessError, message)
    }

    pub fn format(message: impl Into<String>) -> LinkError {
        LinkError::new(LinkErrorKind::ClassFormatError, message)
    }

    pub fn linkage(message: impl Into<String>) -> LinkError {
        LinkError::new(LinkErrorKind::LinkageError, message)
    }
}

impl From<MetaspaceFull> for LinkError {
    fn from(_: MetaspaceFull) -> LinkError {
        LinkError::new(LinkErrorKind::OutOfMemoryError, "Metaspace")
    }
}
