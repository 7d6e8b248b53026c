//! Bytecode verification (JVMS 4.10): after it, interpreter and compilers trust types.
//!
//! | what | file |
//! |---|---|
//! | types of slots | `types` |
//! | the class at hand, assignability, descriptors in slots, the budget | `context` |
//! | checking against a StackMapTable, version 50 and later | `check/`, `frame`, `stackmap` |
//! | inference of types, with subroutines, for older class files | `infer/` |
//! | what an error tells | `report` |
//!
//! Invariant: a class is linked only after every method with code was accepted, or because it came out of the JDK image and
//! nobody asked for those to be verified. There is no way to switch verification off for others.
//!
//! Deliberately absent: the format of class files, which reading them checks, and links between members, which their
//! resolution checks.

mod check;
mod context;
mod frame;
mod infer;
mod report;
mod stackmap;
mod types;

use std::time::Instant;

use carafe_gc::metaspace::ClassId;

use crate::class::ClassFlags;
use crate::link::{LinkError, LinkHost};
use crate::universe::Universe;
use context::{Context, Fail, Outcome};

/// The first version that has a StackMapTable.
const STACK_MAP_MAJOR: u16 = 50;

/// The first version for which the StackMapTable has the last word. Classes of version 50 may do without one, or with a
/// wrong one, if types can be inferred (JVMS 4.10).
const NO_FAILOVER_MAJOR: u16 = 51;

/// Verifies a class before it becomes linked; its superclasses are linked already.
pub fn before_linking<H: LinkHost>(
    universe: &Universe,
    host: &mut H,
    class: ClassId,
) -> Result<(), H::Error> {
    let record = universe.class(class);
    if record.flags.contains(ClassFlags::FROM_IMAGE) && !universe.verify_all() {
        return Ok(());
    }
    let start = Instant::now();
    let mut context = Context::new(universe, host, record)?;
    let verdict = verify(&mut context);
    let took = start.elapsed().saturating_sub(context.elsewhere());
    host.verified(class, took);
    match verdict {
        Ok(()) => Ok(()),
        Err(Fail::Refused(error)) => Err(error.into()),
        Err(Fail::Host(error)) => Err(error),
    }
}

fn verify<H: LinkHost>(context: &mut Context<'_, H>) -> Outcome<(), H> {
    let major = context.class.major;
    if major < STACK_MAP_MAJOR {
        return infer::class(context);
    }
    match check::class(context) {
        Err(Fail::Refused(error)) if major < NO_FAILOVER_MAJOR => match infer::class(context) {
            // Both refuse it: the second's is the error, but the first has more to say.
            Err(Fail::Refused(last)) => Err(Fail::Refused(LinkError { kind: last.kind, ..error })),
            verdict => verdict,
        },
        verdict => verdict,
    }
}
