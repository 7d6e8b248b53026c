//! The command line, a thin layer over the library: what the user asked for ([`options`]) and which JDK serves it
//! ([`jdk`]). Nothing here executes Java, and nothing below this crate knows how a command line looks.

pub(crate) mod jdk;
pub(crate) mod options;
