//! Compiling methods for the sake of it: whether the compiler takes every method, how fast, and how large its code is.
//!
//! Nothing of it is ever executed: code is published, as that is part of the work, and freed at once. A method that has not
//! run has nothing resolved, and its calls and fields would all be left to the interpreter. So each is compiled a second time
//! as if everything were resolved: [`Supposed`] answers with what each pool entry will be in all likelihood.
//!
//! Deliberately absent: which classes, and their loading (the command line's matter).

use std::time::Duration;

use carafe_classloader::bytecode::{InvokeKind, Op, PrimKind, decode};
use carafe_classloader::class::Method;
use carafe_gc::metaspace::ClassId;
use carafe_jit::baseline;
use carafe_jit::env::{CallInfo, ClassInfo, CompileEnv, Effect, Layout, MethodInfo, Resolved, Target};

use super::Code;
use super::env::VmEnv;
use crate::interpreter::translate;
use crate::isolate::Isolate;

/// As many failures are named.
const FAILURES_MAX: usize = 20;

/// What has been compiled, and what it took.
#[derive(Debug, Default, Clone)]
pub struct Tally {
    pub methods: u64,
    pub bytecode_bytes: u64,
    pub code_bytes: u64,
    /// Instructions that were left to the interpreter.
    pub steps: u64,
    /// Processor time.
    pub compiling: Duration,
    pub slowest: (Duration, String),
    pub failed: u64,
    pub failures: Vec<String>,
}

/// Compilations of methods as they are, and as if everything were resolved.
#[derive(Debug, Default, Clone)]
pub struct Tallies {
    pub as_is: Tally,
    pub resolved: Tally,
    /// Methods with code that the interpreter refuses.
    pub unrunnable: u64,
}

/// Compiles all methods of a linked class that have code. Without a compiler nothing happens.
pub fn compile_class(vm: &Isolate, class: ClassId, tallies: &mut Tallies) {
    let Some(code) = &vm.code else { return };
    for method in vm.meta.slice(vm.universe.class(class).methods) {
        if method.code.is_empty() {
            continue;
        }
        let prepared = translate::prepare(vm, method).is_ok();
        let Some(quick) = translate::quick_code(&vm.meta, method).filter(|_| prepared) else {
            tallies.unrunnable += 1;
            continue;
        };
        let env = || VmEnv::new(vm, method, quick);
        one(vm, code, method, &mut tallies.as_is, |m| m(&env()));
        one(vm, code, method, &mut tallies.resolved, |m| m(&Supposed::new(vm, method, env())));
    }
}

/// Of this thread: others may use the computer meanwhile.
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

type Compile<'c> = &'c mut dyn FnMut(&dyn CompileEnv);

fn one(vm: &Isolate, code: &Code, method: &Method, tally: &mut Tally, with: impl FnOnce(Compile<'_>)) {
    let start = processor_time();
    let mut outcome = Err(String::new());
    with(&mut |env| {
        outcome = baseline::compile(env).map_err(|error| error.to_string()).and_then(|compiled| {
            let block = code.cache.publish(&compiled.code).map_err(|error| error.to_string())?;
            // SAFETY: nobody has been told of the block.
            unsafe { code.cache.free(block) };
            Ok((compiled.code.len(), compiled.steps))
        });
    });
    let taken = processor_time().saturating_sub(start);
    tally.compiling += taken;
    tally.methods += 1;
    tally.bytecode_bytes += method.code.len() as u64;
    if taken > tally.slowest.0 {
        tally.slowest = (taken, vm.universe.external_method(method));
    }
    match outcome {
        Ok((bytes, steps)) => {
            tally.code_bytes += bytes as u64;
            tally.steps += u64::from(steps);
        }
        Err(error) => {
            tally.failed += 1;
            if tally.failures.len() < FAILURES_MAX {
                tally.failures.push(format!("{}: {error}", vm.universe.external_method(method)));
            }
        }
    }
}

/// A method in which everything is resolved, as far as can be told without resolving it. Only to be compiled, never to run.
struct Supposed<'v> {
    env: VmEnv<'v>,
    code: &'v [u8],
    method: u32,
    class: u32,
}

impl<'v> Supposed<'v> {
    fn new(vm: &'v Isolate, method: &Method, env: VmEnv<'v>) -> Supposed<'v> {
        let raw = vm.meta.meta_of(method).raw();
        Supposed { env, code: vm.meta.slice(method.code), method: raw, class: method.class.raw() }
    }

    fn op(&self, bci: u32) -> Option<Op<'v>> {
        decode(self.code, bci as usize).ok().map(|instr| instr.op)
    }
}

impl CompileEnv for Supposed<'_> {
    fn layout(&self) -> &Layout {
        self.env.layout()
    }

    fn method(&self) -> MethodInfo<'_> {
        self.env.method()
    }

    fn pc(&self, bci: u32) -> u32 {
        self.env.pc(bci)
    }

    fn lock_pc(&self) -> u32 {
        self.env.lock_pc()
    }

    fn resume_pc(&self, bci: u32) -> u32 {
        self.env.resume_pc(bci)
    }

    fn resolved(&self, bci: u32) -> Resolved {
        let known = self.env.resolved(bci);
        if known != Resolved::Interpreter {
            return known;
        }
        let class = self.class;
        // Both forms of the check, by turns.
        let display = bci.is_multiple_of(2).then_some(3);
        match self.op(bci) {
            Some(Op::GetField(_) | Op::PutField(_)) => self.env.field(bci, 16, false).map(Resolved::Field),
            Some(Op::GetStatic(_) | Op::PutStatic(_)) => {
                self.env.field(bci, 160, bci.is_multiple_of(8)).map(|field| Resolved::Static(class, field))
            }
            Some(Op::Ldc(_)) => Some(Resolved::Object(0)),
            Some(Op::New(_) | Op::CheckCast(_) | Op::InstanceOf(_)) => {
                Some(Resolved::Class(ClassInfo { id: class, display, instance_bytes: 24 }))
            }
            Some(Op::ANewArray(_)) => Some(Resolved::Array(class, 2)),
            Some(Op::NewArray(kind)) => Some(Resolved::Array(class, shift(kind))),
            _ => None,
        }
        .unwrap_or(Resolved::Interpreter)
    }

    fn call(&self, bci: u32) -> CallInfo {
        let known = self.env.call(bci);
        if known.target != Target::Interpreter {
            return known;
        }
        let method = self.method;
        let target = match self.op(bci) {
            Some(Op::Invoke { kind: InvokeKind::Static, .. }) => {
                Target::Direct { method, has_receiver: false }
            }
            Some(Op::Invoke { kind: InvokeKind::Special, .. }) => {
                Target::Direct { method, has_receiver: true }
            }
            Some(Op::Invoke { kind: InvokeKind::Virtual, .. }) => Target::Virtual { index: 7 },
            Some(Op::Invoke { kind: InvokeKind::Interface, .. }) => {
                Target::Interface { cache: self.env.pc(bci) + 8 }
            }
            Some(Op::InvokeDynamic(_)) => Target::Adapter { method, appendix: Some(1), has_receiver: false },
            _ => Target::Interpreter,
        };
        CallInfo { target, ..known }
    }

    fn effect(&self, bci: u32) -> Effect {
        self.env.effect(bci)
    }

    fn depth_behind_jsr(&self, bci: u32, usual: u16) -> Option<u16> {
        self.env.depth_behind_jsr(bci, usual)
    }

    fn handlers(&self) -> Vec<u32> {
        self.env.handlers()
    }
}

fn shift(kind: PrimKind) -> u8 {
    translate::basic_of(kind).size_shift()
}
