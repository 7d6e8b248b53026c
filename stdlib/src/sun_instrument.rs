//! sun.instrument.InstrumentationImpl: the launcher's way to an agent that a jar's manifest names.
//!
//! There are no agents: where everything is granted that is said, and where not, the manifest has no say and the program
//! runs without. Deliberately absent: what an agent would use (`Instrumentation`), so the rest of the class has no natives.

use carafe_vm::env::{Env, JResult, Local};
use carafe_vm::natives;
use carafe_vm::natives::NativeRow;

natives! { static INSTRUMENTATION for "sun/instrument/InstrumentationImpl" {
    "loadAgent0" "(Ljava/lang/String;)V" = load_agent(obj): isolate;
} }

pub(crate) fn tables() -> Vec<&'static [NativeRow]> {
    vec![INSTRUMENTATION]
}

fn load_agent(env: &mut Env<'_>, _jar: Local<'_>) -> JResult<()> {
    if env.vm().config.manifest_opens {
        return Err(env.throw("java/lang/UnsupportedOperationException", "agents"));
    }
    Ok(())
}
