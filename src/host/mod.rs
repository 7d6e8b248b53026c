//! Isolates for hosts: complete virtual machines that a Rust program makes, calls into, watches and ends.
//!
//! | file | what |
//! |---|---|
//! | this one | [`Isolate`]: building, calls, statistics, its end |
//! | `desk` | calls that wait, and the guest's threads that carry them out |
//! | `call` | what a call does on such a thread |
//! | `value`, `errors` | what crosses between host and guest, and how calls fail |
//! | `functions` | functions of the host's that the guest calls |
//! | `streams` | standard streams |
//!
//! Invariants: whatever a guest does, a call comes back soon after the isolate has ended, and nothing that a guest does ends
//! the process. A host holds no reference into a guest: values are copies, and the one thing that outlives an isolate, a
//! [`Terminator`], does nothing then. Deliberately not here: the virtual machine itself, and what the command line adds.

mod call;
mod desk;
mod errors;
mod functions;
mod streams;
mod value;

use std::io::{PipeReader, PipeWriter};
use std::path::PathBuf;
use std::sync::{Arc, Weak};
use std::time::Duration;

use carafe_classloader::classfile::read::ClassFile;
use carafe_stdlib::State;
use carafe_vm::boot;
use carafe_vm::console::Streams;
use carafe_vm::env::{Env, JResult};
use carafe_vm::isolate::{Isolate as Machine, VmConfig};
use carafe_vm::limits::End;
use carafe_vm::thread::start;

pub use carafe_vm::limits::LimitKind;
pub use errors::{CallError, Limited, Refused, Thrown};
pub use functions::{Caller, HostClass, HostError};
pub use streams::Stdio;
pub use value::{Arguments, FromJava, IntoJava, Parameters, Type, Value};

use crate::{BootError, Policy, PolicyError, Vm, jdk};
use call::Request;
use desk::{Desk, Order};
use functions::{Functions, Supplied};

/// What an isolate may take. Where Java has an error for a limit, the guest sees that error; `cpu`, `time` and `output` end
/// the isolate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of objects, and of what the collector keeps about them.
    pub heap: u64,
    /// Bytes of what is known about classes.
    pub metaspace: u64,
    /// Bytes of direct buffers and the like.
    pub off_heap: u64,
    /// Bytes of a thread's Java stack.
    pub stack: usize,
    /// Threads, those included that the library and calls of the host need (some eight).
    pub threads: usize,
    /// Open files and sockets, the three standard streams included.
    pub files: usize,
    /// Bytes of compiled code. When they are used up, old code is given up, and methods stay interpreted.
    pub code: u64,
    /// Bytes written to the standard streams.
    pub output: Option<u64>,
    /// Processor time of all threads together, collecting garbage included.
    pub cpu: Option<Duration>,
    /// Time since the isolate was started, whether it does anything or not.
    pub time: Option<Duration>,
    /// Bytes of one string or array that the guest hands to the host.
    pub transfer: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            heap: 64 << 20,
            metaspace: 64 << 20,
            off_heap: 64 << 20,
            stack: 1 << 20,
            threads: 64,
            files: 64,
            code: 48 << 20,
            output: None,
            cpu: None,
            time: None,
            transfer: 16 << 20,
        }
    }
}

/// Why an isolate could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Boot(#[from] BootError),
    #[error(transparent)]
    Policy(#[from] PolicyError),
    #[error("cannot make a standard stream: {0}")]
    Stream(#[from] std::io::Error),
    /// Something that it was to be built from is not sound.
    #[error("{0}")]
    Part(String),
    /// It ended, or an exception was thrown, while it started.
    #[error("the isolate did not start: {0}")]
    Guest(CallError),
}

/// What an isolate is made of; see [`Isolate::builder`].
pub struct IsolateBuilder {
    jdk_home: PathBuf,
    class_path: Vec<PathBuf>,
    classes: Vec<Vec<u8>>,
    host_classes: Vec<HostClass>,
    properties: Vec<(String, String)>,
    policy: Policy,
    limits: Limits,
    stdin: Stdio,
    stdout: Stdio,
    stderr: Stdio,
    tune: Option<Tune>,
}

type Tune = Box<dyn FnOnce(&mut VmConfig)>;

impl IsolateBuilder {
    /// Adds a jar or a folder of class files. The guest may read it.
    pub fn class_path(mut self, entry: impl Into<PathBuf>) -> IsolateBuilder {
        self.class_path.push(entry.into());
        self
    }

    /// Adds a class by the bytes of its file. It stands before those of the class path.
    pub fn class(mut self, bytes: impl Into<Vec<u8>>) -> IsolateBuilder {
        self.classes.push(bytes.into());
        self
    }

    /// Adds a class whose methods are functions of the host's.
    pub fn host_class(mut self, class: HostClass) -> IsolateBuilder {
        self.host_classes.push(class);
        self
    }

    /// Sets a system property.
    pub fn property(mut self, key: &str, value: &str) -> IsolateBuilder {
        self.properties.push((key.to_owned(), value.to_owned()));
        self
    }

    /// What the guest may reach outside; nothing unless this says more.
    pub fn policy(mut self, policy: Policy) -> IsolateBuilder {
        self.policy = policy;
        self
    }

    pub fn limits(mut self, limits: Limits) -> IsolateBuilder {
        self.limits = limits;
        self
    }

    pub fn stdin(mut self, stream: Stdio) -> IsolateBuilder {
        self.stdin = stream;
        self
    }

    pub fn stdout(mut self, stream: Stdio) -> IsolateBuilder {
        self.stdout = stream;
        self
    }

    pub fn stderr(mut self, stream: Stdio) -> IsolateBuilder {
        self.stderr = stream;
        self
    }

    /// Changes anything else about the machine: logs, collector, checks. Runs last, so it can also undo what was set.
    pub fn tune(mut self, tune: impl FnOnce(&mut VmConfig) + 'static) -> IsolateBuilder {
        self.tune = Some(Box::new(tune));
        self
    }

    /// Starts the isolate and waits until calls can be made.
    pub fn start(self) -> Result<Isolate, StartError> {
        self.host_classes.iter().try_for_each(HostClass::check).map_err(StartError::Part)?;
        let classes = in_order_of_definition(self.classes)?;
        let here = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
        let mut class_path: Vec<PathBuf> = self.class_path.iter().map(|entry| here.join(entry)).collect();
        if class_path.is_empty() {
            // None at all would be the current directory. Nothing is there, and the guest may see that.
            class_path.push(self.jdk_home.join("lib/no-class-path"));
        }
        let mut own = jdk::own_files(&self.jdk_home);
        own.extend(class_path.iter().cloned());
        let grants = self.policy.grants(own, &here)?;
        let mut config = VmConfig::new(self.jdk_home);
        config.properties = self.properties;
        config.properties.push(("java.class.path".into(), joined(&class_path)?));
        if !grants.allows_native_code() {
            config.properties.push(("jdk.module.illegal.native.access".into(), "deny".into()));
        }
        let limits = &self.limits;
        config.heap_max = limits.heap;
        config.heap_total = true;
        config.checks = false;
        config.metaspace_max = limits.metaspace;
        config.off_heap_max = limits.off_heap;
        config.stack_bytes = limits.stack;
        config.threads_max = limits.threads;
        config.files_max = limits.files;
        config.code_max = limits.code;
        config.output_max = limits.output.unwrap_or(u64::MAX);
        config.cpu_max = limits.cpu;
        config.time_max = limits.time;
        let (input, stdin) = self.stdin.input()?;
        let (output, stdout) = self.stdout.output()?;
        let (error, stderr) = self.stderr.output()?;
        config.streams = Streams { input, output, error };
        if let Some(tune) = self.tune {
            tune(&mut config);
        }
        let vm = Vm::new(config, grants)?;
        let desk = Arc::new(Desk::default());
        let functions = Arc::new(Functions::new(limits.transfer));
        // Nobody else sets it: the machine is new.
        let _ = vm.isolate.host_methods.set(Box::new(Supplied(functions.clone())));
        let main = {
            let (desk, host_classes) = (desk.clone(), self.host_classes);
            move |env: &mut Env<'_>| serve(env, &desk, &functions, host_classes, &classes)
        };
        let ended = {
            let (desk, machine) = (desk.clone(), Arc::downgrade(&vm.isolate));
            move |result: Result<boot::ExitStatus, BootError>| {
                let end = machine.upgrade().and_then(|vm| vm.end());
                desk.close(match (end, result) {
                    (Some(end), _) => CallError::of_end(&end),
                    (None, Ok(status)) => CallError::Exited(status.0),
                    (None, Err(error)) => CallError::Panicked(error.to_string()),
                });
            }
        };
        boot::spawn(&vm.isolate, main, ended)?;
        let isolate = Isolate { vm, desk, limits: self.limits, stdin, stdout, stderr };
        isolate.desk.wait_until_ready().map_err(StartError::Guest)?;
        Ok(isolate)
    }
}

/// The class path as one text, which has no way to say that a name holds a colon.
fn joined(class_path: &[PathBuf]) -> Result<String, StartError> {
    let texts: Option<Vec<&str>> =
        class_path.iter().map(|path| path.to_str().filter(|text| !text.contains(':'))).collect();
    match texts {
        Some(texts) => Ok(texts.join(":")),
        None => Err(StartError::Part("a class path holds a name that is no text or has a colon".into())),
    }
}

/// A class by its bytes, with its name in internal form.
struct Given {
    name: String,
    bytes: Vec<u8>,
}

/// Supers first, because a class is only defined after them. What needs itself is left to the loader, which refuses it.
fn in_order_of_definition(classes: Vec<Vec<u8>>) -> Result<Vec<Given>, StartError> {
    let mut waiting = Vec::new();
    for bytes in classes {
        let text = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
        let (name, supers) = match ClassFile::read(&bytes) {
            Ok(file) => {
                let supers: Vec<String> =
                    file.super_name().into_iter().chain(file.interface_names()).map(text).collect();
                (text(file.name()), supers)
            }
            Err(error) => return Err(StartError::Part(format!("a class cannot be read: {error}"))),
        };
        waiting.push((Given { name, bytes }, supers));
    }
    let mut ordered: Vec<Given> = Vec::new();
    while !waiting.is_empty() {
        let names: Vec<String> = waiting.iter().map(|(class, _)| class.name.clone()).collect();
        let (ready, rest): (Vec<_>, Vec<_>) =
            waiting.into_iter().partition(|(_, supers)| !supers.iter().any(|above| names.contains(above)));
        let stuck = ready.is_empty();
        ordered.extend(ready.into_iter().map(|(class, _)| class));
        waiting = rest;
        if stuck {
            ordered.extend(std::mem::take(&mut waiting).into_iter().map(|(class, _)| class));
        }
    }
    Ok(ordered)
}

/// The guest's main thread: makes the classes, then starts threads for calls until the host is done.
fn serve(
    env: &mut Env<'_>,
    desk: &Arc<Desk>,
    functions: &Functions,
    host_classes: Vec<HostClass>,
    classes: &[Given],
) -> JResult<i32> {
    let made = (|env: &mut Env<'_>| -> JResult<()> {
        host_classes.into_iter().try_for_each(|class| functions.define(env, class))?;
        classes
            .iter()
            .try_for_each(|class| env.scope(|env| call::define(env, &class.name, &class.bytes).map(drop)))
    })(env);
    let made = made.map_err(|_| errors::pending(env));
    let failed = made.is_err();
    desk.set_ready(made);
    if failed {
        env.poll()?;
        return Err(env.halt(1));
    }
    loop {
        match env.blocking(|| desk.next_order()) {
            Order::Finish => return Ok(0),
            Order::StartThread => {
                let of_thread = desk.clone();
                let body: start::Body = Box::new(move |env| of_thread.serve(env));
                if env.scope(|env| start::start_system(env, "Host call", 5, body)).is_err() {
                    let why = errors::pending(env);
                    desk.no_thread(why);
                }
            }
        }
        env.poll()?;
    }
}

/// A complete virtual machine with a guest's classes in it.
///
/// ```
/// use std::time::Duration;
/// use carafe::{CallError, Isolate, Limits};
///
/// # let jdk = carafe::jdk::Search::of_process().find()?.home;
/// let limits = Limits { heap: 32 << 20, cpu: Some(Duration::from_secs(30)), ..Limits::default() };
/// let isolate = Isolate::builder(jdk).limits(limits).start()?;
/// // Any static method, of the guest's or of the library; types follow from what is passed and expected.
/// let number: i32 = isolate.call("java.lang.Integer", "parseInt", ("2a", 16))?;
/// assert_eq!(number, 42);
/// // What Java throws is a Rust error.
/// match isolate.call::<i32>("java.lang.Integer", "parseInt", ("x",)) {
///     Err(CallError::Thrown(thrown)) => assert_eq!(thrown.class, "java.lang.NumberFormatException"),
///     other => panic!("{other:?}"),
/// }
/// // Without grants there is no native code. (Refusals of the gate are `CallError::Denied`, with the flag that is missing.)
/// match isolate.call::<()>("java.lang.System", "load", ("/lib/libm.so",)) {
///     Err(CallError::Thrown(thrown)) => assert_eq!(thrown.class, "java.lang.IllegalCallerException"),
///     other => panic!("{other:?}"),
/// }
/// // System.exit ends the guest, and nothing else.
/// assert_eq!(isolate.call::<()>("java.lang.System", "exit", (3,)), Err(CallError::Exited(3)));
/// assert_eq!(isolate.call::<i64>("java.lang.System", "nanoTime", ()), Err(CallError::Exited(3)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A guest can be ended from any thread, whatever it does:
///
/// ```
/// use carafe::{CallError, Isolate};
///
/// # let jdk = carafe::jdk::Search::of_process().find()?.home;
/// let isolate = Isolate::builder(jdk).start()?;
/// let terminator = isolate.terminator();
/// let other = std::thread::spawn(move || {
///     std::thread::sleep(std::time::Duration::from_millis(50));
///     terminator.terminate()
/// });
/// assert_eq!(isolate.call::<()>("java.lang.Thread", "sleep", (i64::MAX,)), Err(CallError::Terminated));
/// assert!(other.join().unwrap());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Several isolates in a process share nothing. Dropping one ends what still runs in it.
pub struct Isolate {
    vm: Vm,
    desk: Arc<Desk>,
    limits: Limits,
    stdin: Option<PipeWriter>,
    stdout: Option<PipeReader>,
    stderr: Option<PipeReader>,
}

impl Isolate {
    /// An isolate on the class library of this JDK ([`jdk::Search`] finds one). Unless it is told otherwise, it has no
    /// classes but the library's, no grants, the limits of [`Limits::default`], and streams that lead nowhere.
    pub fn builder(jdk_home: impl Into<PathBuf>) -> IsolateBuilder {
        IsolateBuilder {
            jdk_home: jdk_home.into(),
            class_path: Vec::new(),
            classes: Vec::new(),
            host_classes: Vec::new(),
            properties: Vec::new(),
            policy: Policy::default(),
            limits: Limits::default(),
            stdin: Stdio::null(),
            stdout: Stdio::null(),
            stderr: Stdio::null(),
            tune: None,
        }
    }

    /// Calls a static method and waits for its result. Parameters and result have the types that the arguments and `R` have
    /// in Java: `&str` and `String` are strings, `&[u8]` and `Vec<u8>` byte arrays, `Option` of these where null may come,
    /// `u16` is char.
    ///
    /// Several threads may call at the same time, functions of the host's included; each call runs on a thread of its own
    /// in the guest.
    pub fn call<R: FromJava>(
        &self,
        class: &str,
        method: &str,
        arguments: impl Arguments,
    ) -> Result<R, CallError> {
        let request = functions::request::<R, _>(class, method, arguments, self.limits.transfer);
        R::from_java(self.submit(request)?).ok_or(CallError::Null)
    }

    /// As [`Isolate::call`], with types that are only known when the host runs.
    pub fn call_dynamic(
        &self,
        class: &str,
        method: &str,
        parameters: &[Type],
        arguments: &[Value],
        result: Type,
    ) -> Result<Value, CallError> {
        self.submit(Request {
            class: class.to_owned(),
            method: method.to_owned(),
            parameters: parameters.to_vec(),
            arguments: arguments.to_vec(),
            result,
            most: self.limits.transfer,
        })
    }

    fn submit(&self, request: Request) -> Result<Value, CallError> {
        request.check()?;
        self.desk.submit(Box::new(move |env| request.run(env)))
    }

    /// Calls `public static void main(String[])` and waits for it. Threads that it has started may run on.
    pub fn run_main(&self, class: &str, arguments: &[&str]) -> Result<(), CallError> {
        let class = class.to_owned();
        let arguments: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
        self.desk.submit(Box::new(move |env| call::run_main(env, &class, &arguments))).map(drop)
    }

    /// The host's end of the guest's standard input, if that is [`Stdio::piped`], once.
    pub fn take_stdin(&mut self) -> Option<PipeWriter> {
        self.stdin.take()
    }

    /// The host's end of the guest's standard output, if that is [`Stdio::piped`], once. It ends when the isolate is gone.
    pub fn take_stdout(&mut self) -> Option<PipeReader> {
        self.stdout.take()
    }

    /// The host's end of the guest's standard error, as `take_stdout`.
    pub fn take_stderr(&mut self) -> Option<PipeReader> {
        self.stderr.take()
    }

    /// What the isolate takes now.
    pub fn statistics(&self) -> Statistics {
        let vm = &*self.vm.isolate;
        let state = State::of_isolate(vm);
        Statistics {
            heap_used: vm.heap.used_bytes(),
            heap_max: vm.heap.max_bytes(),
            metaspace_used: vm.meta.used_bytes(),
            off_heap_used: vm.off_heap.used_bytes(),
            mapped: vm.off_heap.mapped_bytes(),
            cpu: vm.cpu_time(),
            uptime: vm.uptime(),
            threads: vm.threads.len(),
            threads_peak: vm.threads.peak(),
            files: state.handles.open(),
            output: state.handles.output_bytes(),
            collections: vm.heap.collections(),
            refusals: state.refusals.count(),
            limits_reached: LimitKind::ALL.map(|kind| (kind, vm.limits.reached(kind))),
        }
    }

    /// Changes the limits in time of a running isolate; both count from its start.
    pub fn set_time_limits(&self, cpu: Option<Duration>, time: Option<Duration>) -> std::io::Result<()> {
        self.vm.isolate.set_time_limits(cpu, time)
    }

    /// Ends the guest: no handler, finally block or shutdown hook of it runs.
    pub fn terminate(&self) {
        self.vm.isolate.end_with(End::Terminated(TERMINATED_STATUS));
    }

    /// Something that ends the guest from any thread, and does not keep it.
    pub fn terminator(&self) -> Terminator {
        Terminator { machine: Arc::downgrade(&self.vm.isolate) }
    }

    /// Why the guest has ended, if it has.
    pub fn ended(&self) -> Option<CallError> {
        // The machine knows before everybody has been told.
        self.desk.closed().or_else(|| self.vm.isolate.end().as_ref().map(CallError::of_end))
    }

    /// Lets the guest come to its end: no more calls; when its last thread that is no daemon is out, shutdown hooks run.
    /// Gives its exit status, or why it ended otherwise. May take for ever, if no limit in time is set.
    pub fn finish(self) -> Result<i32, CallError> {
        self.desk.finish();
        match self.desk.wait_until_closed() {
            CallError::Exited(status) => Ok(status),
            end => Err(end),
        }
    }

    /// Ends the guest and waits until all its threads are out. False if some are still in the operating system, where
    /// nothing reaches them; they end as soon as they come back.
    pub fn close(mut self, patience: Duration) -> bool {
        self.terminate();
        // Waited for here, and not once more when it is dropped.
        self.vm.patience = Duration::ZERO;
        boot::shutdown(&self.vm.isolate, patience)
    }
}

/// Exit status of a guest that its host has ended.
const TERMINATED_STATUS: i32 = 143;

/// Ends an isolate from another thread. It may outlive the isolate.
#[derive(Clone, Debug)]
pub struct Terminator {
    machine: Weak<Machine>,
}

impl Terminator {
    /// Ends the guest. False if the isolate is gone already.
    pub fn terminate(&self) -> bool {
        let machine = self.machine.upgrade();
        machine.as_ref().inspect(|vm| vm.end_with(End::Terminated(TERMINATED_STATUS)));
        machine.is_some()
    }
}

/// What an isolate takes. Sizes are in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statistics {
    /// Objects, dead ones that have not been collected included.
    pub heap_used: u64,
    pub heap_max: u64,
    pub metaspace_used: u64,
    pub off_heap_used: u64,
    /// Mapped files.
    pub mapped: u64,
    /// Processor time of all its threads, those that have ended and those that collect included.
    pub cpu: Duration,
    pub uptime: Duration,
    pub threads: usize,
    pub threads_peak: usize,
    /// Open files and sockets, standard streams included.
    pub files: usize,
    /// Written to the standard streams.
    pub output: u64,
    pub collections: u64,
    /// What the gate has refused.
    pub refusals: u64,
    /// How often each limit was reached.
    pub limits_reached: [(LimitKind, u64); LimitKind::ALL.len()],
}

impl std::fmt::Debug for Isolate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Isolate").field("ended", &self.ended()).finish_non_exhaustive()
    }
}
