//! The verifier's place in linking (JVMS 4.10, 5.4.1).
//!
//! Deliberately absent: the verifier. No type is checked here yet, so only classes of the JDK image may be trusted to
//! run; the type checks fill [`before_linking`] without any change to its callers.

use carafe_gc::metaspace::ClassId;

use crate::class::ClassFlags;
use crate::link::LinkHost;
use crate::universe::Universe;

/// Verifies a class before it becomes linked; its superclasses are linked already. Classes that came out of the JDK
/// image are exempt. **Does no type checking so far**: it accepts every class.
pub fn before_linking<H: LinkHost>(
    universe: &Universe,
    _host: &mut H,
    class: ClassId,
) -> Result<(), H::Error> {
    if universe.class(class).flags.contains(ClassFlags::FROM_IMAGE) && !universe.verify_all() {
        return Ok(());
    }
    Ok(())
}
