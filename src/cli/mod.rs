//! The command line, a thin layer over the library: what the user asked for ([`options`]), what it may do ([`grants`],
//! [`oversight`]) and take ([`limits`]), and the run itself ([`run`]). [`profile`] tells profilers of
//! compiled code. [`tools`] are the subcommands that run no program, [`bench`]
//! the one that compares how fast they run.
//! Nothing here executes Java, and nothing below this crate knows how a command line looks.

mod bench;
mod grants;
pub(crate) mod limits;
mod natives;
pub(crate) mod options;
mod oversight;
mod profile;
mod run;
mod tools;

pub(crate) use run::main;
