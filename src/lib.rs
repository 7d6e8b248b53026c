//! carafe as a library: virtual machines that a host program makes, runs and throws away.
//!
//! ```no_run
//! use carafe::{Launch, Vm, VmConfig};
//!
//! let mut config = VmConfig::new("/path/to/jdk-25".into());
//! config.properties.push(("java.class.path".into(), "classes".into()));
//! config.heap_max = 64 << 20;
//! let vm = Vm::new(config, carafe::Grants::everything())?;
//! let status = vm.run(Launch::class("Main", vec!["an argument".into()]))?;
//! println!("it ended with {}", status.0);
//! # Ok::<(), carafe::BootError>(())
//! ```
//!
//! A process may hold many `Vm`s; they share nothing. Dropping one ends what still runs in it.
//!
//! That is how the command line runs a program. A host that has guests of its own to call, watch and end uses [`Isolate`].

mod doors;
mod host;
pub mod jdk;
mod policy;
pub mod walls;

use std::sync::Arc;
use std::time::Duration;

pub use carafe_stdlib::gate::{Audit, Grants, Kind, Lesson, Oversight, Prompt};
pub use carafe_vm::boot::{BootError, ExitStatus};
pub use carafe_vm::console::Streams;
pub use carafe_vm::isolate::{AssertionOptions, VmConfig};
pub use carafe_vm::signals::ProcessSignals;
pub use host::{
    Arguments, CallError, Caller, FromJava, HostClass, HostError, IntoJava, Isolate, IsolateBuilder,
    LimitKind, Limited, Limits, Parameters, Refused, StartError, Statistics, Stdio, Terminator, Thrown, Type,
    Value,
};
pub use policy::{Policy, PolicyError};

use carafe_stdlib::State;
use carafe_vm::boot;
use carafe_vm::env::{Env, JResult};
use carafe_vm::isolate::Isolate as Machine;
use carafe_vm::limits::End;
use carafe_vm::natives::{NativeTable, host as host_natives};

/// How long dropping a `Vm` waits for threads that are busy in the operating system.
const SHUTDOWN_PATIENCE: Duration = Duration::from_secs(10);

/// One virtual machine. It runs one main program.
pub struct Vm {
    isolate: Arc<Machine>,
    /// How long dropping it waits for its threads.
    patience: Duration,
}

/// The program to run, as the library's launcher understands it.
#[derive(Clone, Debug)]
pub struct Launch {
    /// 1 class, 2 jar, 3 module, 4 source file.
    mode: i32,
    what: String,
    args: Vec<String>,
}

impl Launch {
    pub fn class(name: &str, args: Vec<String>) -> Launch {
        Launch { mode: 1, what: name.to_owned(), args }
    }

    pub fn jar(path: &str, args: Vec<String>) -> Launch {
        Launch { mode: 2, what: path.to_owned(), args }
    }

    /// `module` or `module/main.Class`.
    pub fn module(name: &str, args: Vec<String>) -> Launch {
        Launch { mode: 3, what: name.to_owned(), args }
    }

    /// By the launcher's mode number.
    pub fn of_mode(mode: i32, what: String, args: Vec<String>) -> Launch {
        Launch { mode, what, args }
    }
}

impl Launch {
    /// Loads the main class and runs its main method on the calling thread.
    pub fn run(&self, env: &mut Env<'_>) -> JResult<i32> {
        boot::launch(env, self.mode, &self.what, &self.args)
    }

    /// Only loads the main class, with all checks of the launcher.
    pub fn check(&self, env: &mut Env<'_>) -> JResult<()> {
        boot::load_main(env, self.mode, &self.what).map(|_| ())
    }
}

impl Vm {
    pub fn new(config: VmConfig, grants: Grants) -> Result<Vm, BootError> {
        Vm::overseen(config, grants, Oversight::default())
    }

    /// As `new`, with somebody who hears of what the program asks for, or is asked.
    pub fn overseen(mut config: VmConfig, grants: Grants, oversight: Oversight) -> Result<Vm, BootError> {
        config.closed_classes.extend(doors::closed(&grants));
        let state = Box::new(State::new(grants, oversight, &config));
        let output_max = config.output_max;
        let isolate = boot::create(config, natives()?, state)?;
        let machine = Arc::downgrade(&isolate);
        let state = State::of_isolate(&isolate);
        state.gate.belongs_to(machine.clone());
        state.handles.on_output_exceeded(move || {
            if let Some(machine) = machine.upgrade() {
                machine.end_at_limit(LimitKind::Output, output_max.to_string());
            }
        });
        Ok(Vm { isolate, patience: SHUTDOWN_PATIENCE })
    }

    /// Boots the library, runs the program's main method, waits for its threads and runs its shutdown hooks.
    pub fn run(&self, launch: Launch) -> Result<ExitStatus, BootError> {
        self.run_with(move |env| launch.run(env))
    }

    /// Boots the library and runs something of the host's own on the main thread.
    pub fn run_with(
        &self,
        main: impl for<'x> FnOnce(&mut Env<'x>) -> JResult<i32> + Send + 'static,
    ) -> Result<ExitStatus, BootError> {
        boot::run(&self.isolate, main)
    }

    /// Ends the program from outside: no handler or finally block of it runs.
    pub fn terminate(&self, status: i32) {
        self.isolate.end_with(End::Terminated(status));
    }

    pub fn isolate(&self) -> &Machine {
        &self.isolate
    }
}

impl Drop for Vm {
    fn drop(&mut self) {
        // A thread of the isolate's own, in a function of the host's, cannot wait for itself.
        let patience = if self.isolate.threads.is_one_of_them() { Duration::ZERO } else { self.patience };
        boot::shutdown(&self.isolate, patience);
    }
}

/// All native methods that carafe implements.
pub fn natives() -> Result<NativeTable, BootError> {
    let mut table = NativeTable::default();
    carafe_stdlib::register(&mut table).map_err(|e| BootError::Library(e.to_string()))?;
    table.register(host_natives::ROWS).map_err(|e| BootError::Library(e.to_string()))?;
    Ok(table)
}
