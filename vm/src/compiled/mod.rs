//! Compiled code and how it meets the interpreter.
//!
//! Frames of compiled methods are frames of the interpreter (`thread::frames`), on the same stack. All that a stack walk, the
//! collector, unwinding or freezing look at is the same for both, so they know nothing of compiled code. What differs is one
//! word of the header that only who runs the frame reads:
//!
//! * COMPILED: while compiled code runs a frame, the `CALLER_LP` word of its header is the address that the code returns to;
//!   while the interpreter does, it is the caller's locals. Who hands a frame over writes the word: [`run`] on the way in,
//!   [`to_interpreter`] on the way out.
//!
//! A call from compiled code leaves in the callee's header, as the pc to return to, a `Resume` word of the caller. So
//! whoever returns there, compiled or interpreted, finds the way back.
//!
//! Code is entered by the interpreter at three words that translation puts into methods when there is a compiler: `Entry`,
//! `Loop` and `Resume`; their operand is the place of the code, 0 while there is none. Compiled callers enter at
//! `Method::entry`. Code ends as an [`Exit`] tells.
//!
//! Files: `queue` has the methods that wait and the thread that compiles them, `books` all code and when it is freed,
//! `patterns` names of methods, `env` what the compiler learns of a method, `helpers` what code calls.
//!
//! Deliberately absent: a second compiler.

pub mod books;
mod env;
pub mod every;
mod helpers;
mod patterns;
mod queue;
mod stress;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use carafe_classloader::basic::BasicType;
use carafe_classloader::class::Method;
use carafe_gc::cage::META_RESERVE;
use carafe_jit::anchor::{Anchor, Exit, HELPERS, STUBS, Stub};
use carafe_jit::baseline::{self, CompileError, Compiled};
use carafe_jit::code::{CodeCache, CodeCacheError};
use carafe_jit::masm::stubs::emit_stubs;
use parking_lot::Mutex;

pub use patterns::Pattern;

use books::Books;
use queue::{Queue, Request};

use crate::interpreter::quick::{Quick, a_of, b_of, encode};
use crate::interpreter::run::locals_of;
use crate::interpreter::slow::{self, Flow};
use crate::interpreter::translate::{self, QuickCode};
use crate::isolate::Isolate;
use crate::limits::LimitKind;
use crate::log::{Level, TagSet};
use crate::thread::frames::{CALLER_FP, CALLER_LP, HEADER_WORDS, METHOD, RETURN_PC};
use crate::thread::{Thread, ThreadControl, Top, safepoint};

/// Which methods are compiled, and when.
#[derive(Clone, Debug)]
pub struct CompilerConfig {
    /// Calls, and iterations of loops, after which a method is compiled.
    pub calls: u32,
    pub loops: u32,
    /// On a thread of its own while the method is interpreted, not by whoever finds it hot.
    pub background: bool,
    /// Only methods that one of these means; all if there are none.
    pub only: Vec<Pattern>,
    pub exclude: Vec<Pattern>,
    /// Bytes of code.
    pub cache_bytes: usize,
    /// Compiled frames go on interpreted at random, by this seed.
    pub stress_deopt: Option<u64>,
    /// Who hears of all code that can run from now on.
    pub observer: Option<Arc<dyn CodeObserver>>,
}

/// Profilers, mostly.
pub trait CodeObserver: std::fmt::Debug + Send + Sync {
    fn published(&self, code: &Published<'_>);
}

/// Code that can run from now on.
pub struct Published<'c> {
    pub name: &'c str,
    pub address: usize,
    pub bytes: &'c [u8],
}

impl Default for CompilerConfig {
    fn default() -> CompilerConfig {
        CompilerConfig {
            calls: 400,
            loops: 4000,
            background: true,
            only: Vec::new(),
            exclude: Vec::new(),
            cache_bytes: 48 << 20,
            stress_deopt: None,
            observer: None,
        }
    }
}

/// How often a method is compiled again because it has found unresolved instructions, and how many it takes each time.
const AGAIN: [u16; 3] = [16, 128, 1024];
/// The lower bits of `Entry`'s operand a count those instructions, the upper ones the compilations.
const COUNT_BITS: u32 = 12;
const COUNT_MASK: u16 = (1 << COUNT_BITS) - 1;
/// A method that takes longer than so many [`EPOCH`]s for the second half of the calls that make it hot is not.
const COOL_EPOCHS: u16 = 4;
const EPOCH: Duration = Duration::from_secs(2);
/// A cache for less than this is not worth having.
const CACHE_BYTES_MIN: u64 = 64 << 10;
/// So many bytes of replaced code are worth a stop.
const RETIRED_BYTES_MAX: usize = 256 << 10;

/// The code of an isolate.
pub struct Code {
    cache: CodeCache,
    base: *const u8,
    stubs: [u32; STUBS],
    /// Where in the cache `base` is.
    first: u32,
    config: CompilerConfig,
    stress: Option<stress::Stress>,
    /// Held while a method is compiled.
    books: Mutex<Books>,
    queue: Queue,
    /// How many want the books in a stopped world.
    waiting: AtomicU32,
    /// There is something to free, at the next stop.
    sweep_wanted: AtomicBool,
    /// There was no room for code.
    full: AtomicBool,
    pub methods: AtomicU64,
    pub bytes: AtomicU64,
    pub nanos: AtomicU64,
}

// SAFETY: `base` is an address within `cache`, which may be used by all threads.
unsafe impl Send for Code {}
// SAFETY: as above.
unsafe impl Sync for Code {}

type Enter = unsafe extern "sysv64" fn(*mut Thread, *mut u8, *mut u64, *const u8) -> u32;

impl Code {
    /// With room for as many bytes as both allow.
    pub fn new(config: CompilerConfig, bytes_max: u64) -> Result<Code, CodeCacheError> {
        let bytes = bytes_max.min(config.cache_bytes as u64);
        if bytes < CACHE_BYTES_MIN {
            return Err(CodeCacheError::Full { bytes: CACHE_BYTES_MIN as usize });
        }
        let cache = CodeCache::new(bytes as usize)?;
        let (code, stubs) = match emit_stubs(&env::layout()) {
            Ok(stubs) => stubs,
            // The stubs are constant: a label in them is bound or it is not.
            Err(error) => unreachable!("{error}"),
        };
        let block = cache.publish(&code)?;
        let base = cache.entry(block);
        if let Some(observer) = &config.observer {
            observer.published(&Published { name: "carafe stubs", address: base as usize, bytes: &code });
        }
        Ok(Code {
            cache,
            base,
            stubs,
            stress: config.stress_deopt.map(stress::Stress::new),
            first: block.offset(),
            config,
            books: Mutex::default(),
            queue: Queue::default(),
            waiting: AtomicU32::new(0),
            sweep_wanted: AtomicBool::new(false),
            full: AtomicBool::new(false),
            methods: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            nanos: AtomicU64::new(0),
        })
    }

    /// What a new thread's code finds.
    pub fn anchor(&self, control: &Arc<ThreadControl>) -> Anchor {
        let mut helpers = [std::ptr::null(); HELPERS];
        helpers.copy_from_slice(&helpers::table());
        Anchor {
            poll: self.stress.as_ref().map_or(&raw const control.poll, |stress| &raw const *stress.always),
            entry_limit: &raw const control.entry_limit,
            code_base: self.base,
            mail: [0; 4],
            stubs: self.stubs.map(|offset| self.base.wrapping_add(offset as usize)),
            helpers,
        }
    }

    fn wants(&self, vm: &Isolate, method: &Method) -> bool {
        let (only, exclude) = (&self.config.only, &self.config.exclude);
        if only.is_empty() && exclude.is_empty() {
            return true;
        }
        let class = vm.universe.external_name(method.class);
        let text = |symbol| String::from_utf8_lossy(vm.universe.text(symbol)).into_owned();
        let (name, descriptor) = (text(method.name), text(method.descriptor));
        let means = |pattern: &Pattern| pattern.matches(&class, &name, &descriptor);
        (only.is_empty() || only.iter().any(means)) && !exclude.iter().any(means)
    }

    /// Whether a compilation should end early: the isolate ends, or somebody needs the books.
    fn is_cancelled(&self, vm: &Isolate) -> bool {
        self.waiting.load(Ordering::Relaxed) != 0 || vm.is_halting()
    }

    /// The isolate ends.
    pub fn wake(&self) {
        self.queue.wake();
    }

    /// Waits until nobody compiles any more in an isolate that has ended; false if that takes longer.
    pub fn wait_until_idle(&self, patience: Duration) -> bool {
        self.queue.wait_until_ended(patience)
    }

    /// Processor time of the thread that compiles.
    pub fn cpu_time(&self, of_thread: fn(u32) -> Option<Duration>) -> Duration {
        self.queue.cpu_time(of_thread)
    }

    /// Bytes of code in use.
    pub fn used_bytes(&self) -> usize {
        self.cache.used_bytes()
    }

    /// There is no room for code.
    fn note_full(&self, vm: &Isolate) {
        vm.limits.note(LimitKind::Code);
        if !self.full.swap(true, Ordering::AcqRel) {
            vm.log(TagSet::JitCode, Level::Info, || {
                format!("Full: {} of {} bytes in use", self.cache.used_bytes(), self.cache.capacity_bytes())
            });
        }
    }
}

/// A method has got its quick code.
pub fn prepared(vm: &Isolate, method: &Method) {
    let Some(code) = &vm.code else { return };
    let first = translate::quick_code(&vm.meta, method)
        .and_then(|quick| vm.meta.slice(quick.words).first())
        .map_or(0, |word| word.load(Ordering::Relaxed));
    // A native that locks goes by the interpreter.
    if Quick::from_word(first) == Quick::Native {
        method.entry.store(code.stubs[Stub::Native as usize], Ordering::Release);
    }
}

/// What became of a request.
enum Outcome {
    Compiled,
    /// It stays as it is.
    Declined,
    /// Somebody needed the books, or the isolate ends.
    Cancelled,
}

/// A method has become hot: has it compiled, and says whether it has code now. Before that, frees code if that is wanted.
///
/// # Safety
/// The contract of slow paths: the calling thread may stop the world.
unsafe fn make_hot(t: *mut Thread, vm: &Isolate, method: &Method, why: &'static str) -> bool {
    let Some(code) = &vm.code else { return false };
    if code.full.load(Ordering::Acquire) && code.books.try_lock().is_some_and(|books| books.may_give_up()) {
        code.sweep_wanted.store(true, Ordering::Release);
    }
    if code.sweep_wanted.load(Ordering::Acquire) {
        // SAFETY: the caller's promise; the thread is its own.
        safepoint::stop_the_world_for("CarafeSweepCode", unsafe { &mut *t }, |_| books::sweep(vm));
    }
    request(vm, code, method, why)
}

/// Has a method compiled; says whether that has happened.
fn request(vm: &Isolate, code: &Code, method: &Method, why: &'static str) -> bool {
    if code.config.background {
        code.queue.ask(vm, method, why);
        return false;
    }
    // Whoever finds another method being compiled goes on interpreting.
    let Some(mut books) = code.books.try_lock() else { return false };
    let request = Request::now(vm.meta.meta_of(method).raw(), why);
    matches!(compile_with(vm, code, &mut books, method, &request), Outcome::Compiled)
}

/// Compiles a method and makes its code known to callers, compiled and interpreted.
fn compile_with(vm: &Isolate, code: &Code, books: &mut Books, method: &Method, request: &Request) -> Outcome {
    let Some(quick) = translate::quick_code(&vm.meta, method) else { return Outcome::Declined };
    if books.refused.contains(&request.method) || code.full.load(Ordering::Acquire) || !code.wants(vm, method)
    {
        return Outcome::Declined;
    }
    let start = Instant::now();
    let env = env::VmEnv::new(vm, method, quick);
    let compiled = match baseline::compile(&env) {
        Ok(compiled) => compiled,
        Err(CompileError::Cancelled) => return Outcome::Cancelled,
        Err(error) => {
            vm.log(TagSet::JitCompilation, Level::Info, || {
                format!("{}: {error}", vm.universe.external_method(method))
            });
            books.refused.insert(request.method);
            return Outcome::Declined;
        }
    };
    let Ok(block) = code.cache.publish(&compiled.code) else {
        code.note_full(vm);
        return Outcome::Declined;
    };
    if let Some(observer) = &code.config.observer {
        let (name, address) = (vm.universe.external_method(method), code.cache.entry(block) as usize);
        observer.published(&Published { name: &name, address, bytes: &compiled.code });
    }
    books.enter(vm, code.first, request.method, block);
    if books.retired_bytes() > RETIRED_BYTES_MAX.min(code.cache.capacity_bytes() / 8) {
        code.sweep_wanted.store(true, Ordering::Release);
    }
    install(vm, method, quick, &compiled, block.offset() - code.first);
    let taken = start.elapsed();
    code.methods.fetch_add(1, Ordering::Relaxed);
    code.bytes.fetch_add(compiled.code.len() as u64, Ordering::Relaxed);
    code.nanos.fetch_add(taken.as_nanos() as u64, Ordering::Relaxed);
    vm.log(TagSet::JitCompilation, Level::Info, || {
        format!(
            "{} ({} bytes): {}, {} bytes of code, {} us, waited {} us, {} left to the interpreter",
            vm.universe.external_method(method),
            method.code.len(),
            request.why,
            compiled.code.len(),
            taken.as_micros(),
            start.duration_since(request.since).as_micros(),
            compiled.steps
        )
    });
    vm.log(TagSet::JitCompilation, Level::Trace, || {
        let bytes: Vec<String> = compiled.code.iter().map(|byte| format!("{byte:02x}")).collect();
        bytes.concat()
    });
    Outcome::Compiled
}

fn install(vm: &Isolate, method: &Method, quick: &QuickCode, compiled: &Compiled, at: u32) {
    let (words, bcis) = (vm.meta.slice(quick.words), vm.meta.slice(quick.bcis));
    let own = quick.own as usize;
    for (bci, offset) in &compiled.resumes {
        let first = own + bcis[own..].partition_point(|b| u32::from(*b) < *bci);
        if let Some(word) = words.get(first + 1) {
            word.store(encode(Quick::Resume, 0, at + offset), Ordering::Release);
        }
    }
    for (bci, offset) in &compiled.entries {
        let from = bcis[..own].partition_point(|b| u32::from(*b) < *bci);
        let loops = words[from..].iter().take(3);
        for word in loops {
            if Quick::from_word(word.load(Ordering::Relaxed)) == Quick::Loop {
                word.store(encode(Quick::Loop, 0, at + offset), Ordering::Release);
                break;
            }
        }
    }
    if let Some(word) = words.first() {
        let before = a_of(word.load(Ordering::Relaxed)) >> COUNT_BITS;
        let compilations = (before + 1).min(u16::MAX >> COUNT_BITS);
        word.store(encode(Quick::Entry, compilations << COUNT_BITS, at + compiled.body), Ordering::Release);
    }
    method.entry.store(at + compiled.entry, Ordering::Release);
}

/// Compiled code had the interpreter execute an instruction that it has no code for: often enough, it is compiled again, with
/// what has been resolved meanwhile.
fn count_unresolved(vm: &Isolate, method: &Method) {
    let Some(quick) = translate::quick_code(&vm.meta, method) else { return };
    let Some(first) = vm.meta.slice(quick.words).first() else { return };
    let word = first.load(Ordering::Relaxed);
    if Quick::from_word(word) != Quick::Entry {
        return;
    }
    let (count, compilations) = (a_of(word) & COUNT_MASK, a_of(word) >> COUNT_BITS);
    let Some(limit) = AGAIN.get(usize::from(compilations.saturating_sub(1))) else { return };
    let enough = count + 1 >= *limit;
    let counted = if enough { a_of(word) & !COUNT_MASK } else { a_of(word) + 1 };
    // Another thread's count may get lost, never its code.
    let _ = first.compare_exchange(
        word,
        encode(Quick::Entry, counted, b_of(word)),
        Ordering::Relaxed,
        Ordering::Relaxed,
    );
    if let (true, Some(code)) = (enough, &vm.code) {
        request(vm, code, method, "has been resolved");
    }
}

/// Whether a method that has been called so often is hot: it is if the second half of those calls came soon after the first.
/// While there is no code, the lower bits of `Entry`'s operand a say when half of them had come.
fn is_hot(vm: &Isolate, code: &Code, method: &Method, first: &AtomicU64) -> bool {
    let (calls, limit) = (method.calls.load(Ordering::Relaxed), code.config.calls);
    if limit < 8 {
        return true;
    }
    let half = calls == limit / 2;
    // What was not compiled at the limit is not asked for at each call.
    if !half && (calls < limit || !calls.is_multiple_of(limit)) {
        return false;
    }
    let now = 1 + (vm.uptime().as_secs() / EPOCH.as_secs()) as u16 % COUNT_MASK;
    let word = first.load(Ordering::Relaxed);
    if b_of(word) != 0 {
        // It has got code meanwhile.
        return false;
    }
    let then = a_of(word) & COUNT_MASK;
    let cool = then != 0 && now.wrapping_sub(then) > COOL_EPOCHS && calls == limit;
    if half || cool {
        let noted = encode(Quick::Entry, a_of(word) & !COUNT_MASK | now, 0);
        let _ = first.compare_exchange(word, noted, Ordering::Relaxed, Ordering::Relaxed);
    }
    if cool {
        method.calls.store(limit / 2, Ordering::Relaxed);
    }
    !half && !cool
}

// ---- the interpreter's three words -----------------------------------------------------------------------------------------

/// `Entry`: the method's frame has been pushed.
///
/// # Safety
/// The contract of slow paths.
pub unsafe fn entry(t: *mut Thread, w: u64) -> Flow {
    // SAFETY: the caller's promise: `top` is the frame of the method whose first word this is.
    unsafe {
        if b_of(w) != 0 {
            return run(t, b_of(w));
        }
        let (vm, method) = method_at((*t).vm, (*t).top.fp);
        let first = &*(*t).top.pc.cast::<AtomicU64>();
        let is_hot = vm.code.as_ref().is_some_and(|code| is_hot(vm, code, method, first));
        if is_hot && method.is_synchronized() {
            // The hidden local of its lock is a root that has not been written yet, and the world may be stopped here.
            let last = locals_of((*t).base.sub(META_RESERVE as usize), (*t).top.fp)
                .sub(method.max_locals as usize - 1);
            *last = 0;
        }
        if is_hot && make_hot(t, vm, method, "calls") {
            let word = (*(*t).top.pc.cast::<AtomicU64>()).load(Ordering::Acquire);
            return run(t, b_of(word));
        }
        (*t).top.pc = (*t).top.pc.add(1);
        Flow::Next
    }
}

/// `Loop`: a loop begins its next iteration, or a handler begins.
///
/// # Safety
/// The contract of slow paths.
pub unsafe fn at_loop(t: *mut Thread, w: u64) -> Flow {
    // SAFETY: the caller's promise.
    unsafe {
        if b_of(w) != 0 {
            return run(t, b_of(w));
        }
        let (vm, method) = method_at((*t).vm, (*t).top.fp);
        let loops = method.loops.load(Ordering::Relaxed).wrapping_add(1);
        method.loops.store(loops, Ordering::Relaxed);
        let is_hot = vm.code.as_ref().is_some_and(|code| {
            let limit = code.config.loops.max(1);
            loops >= limit && loops % limit < 2
        });
        if is_hot && make_hot(t, vm, method, "loops") {
            let word = (*(*t).top.pc.cast::<AtomicU64>()).load(Ordering::Acquire);
            if b_of(word) != 0 {
                return run(t, b_of(word));
            }
        }
        (*t).top.pc = (*t).top.pc.add(1);
        Flow::Next
    }
}

/// `Resume`: an interpreted callee has returned to a frame that compiled code ran when it called.
///
/// # Safety
/// The contract of slow paths.
pub unsafe fn resume(t: *mut Thread, w: u64) -> Flow {
    // SAFETY: the caller's promise; the word in front tells where the interpreter goes on.
    unsafe {
        if b_of(w) != 0 {
            return run(t, b_of(w));
        }
        to_interpreter(t, (*t).top.fp);
        let (_, next) = call_site((*t).vm, (*t).top.fp, (*t).top.pc);
        (*t).top.pc = next;
        Flow::Next
    }
}

// ---- in and out ------------------------------------------------------------------------------------------------------------

/// Runs the youngest frame from a place in the code, until code ends.
///
/// # Safety
/// The contract of slow paths; the place belongs to the state that `top` describes.
unsafe fn run(t: *mut Thread, at: u32) -> Flow {
    // SAFETY: the caller's promise: code finds the frame as it expects it, and leaves the stack in order (COMPILED).
    unsafe {
        let vm = &*(*t).vm;
        let Some(code) = &vm.code else { return Flow::Next };
        let fp = (*t).top.fp;
        *fp.add(CALLER_LP) = (*t).anchor.stubs[Stub::ReturnToInterpreter as usize] as u64;
        let enter: Enter = std::mem::transmute((*t).anchor.stubs[Stub::Enter as usize]);
        let exit = enter(t, (*t).base, fp, code.base.wrapping_add(at as usize));
        match Exit::from_u32(exit) {
            Exit::None | Exit::Stepped => Flow::Next,
            Exit::Interpret => {
                to_interpreter(t, (*t).top.fp);
                Flow::Next
            }
            Exit::Call => call(t),
            Exit::Return => {
                returned(t);
                Flow::Next
            }
            Exit::Throw => Flow::Throw,
        }
    }
}

/// A frame that compiled code may have run is the interpreter's from now on.
///
/// # Safety
/// The frame is one of the thread's, not a dispatcher's, and its caller's header is in place.
pub unsafe fn to_interpreter(t: *mut Thread, fp: *mut u64) {
    // SAFETY: the caller's promise.
    unsafe {
        let caller = *fp.add(CALLER_FP) as *mut u64;
        *fp.add(CALLER_LP) = locals_of((*t).base.sub(META_RESERVE as usize), caller) as u64;
    }
}

/// The isolate and the method of a frame.
///
/// # Safety
/// Both pointers are live.
unsafe fn method_at<'v>(vm: *const Isolate, fp: *mut u64) -> (&'v Isolate, &'v Method) {
    // SAFETY: the caller's promise; the isolate outlives its threads, and the frame keeps its method.
    unsafe {
        let vm = &*vm;
        (vm, vm.meta.get(carafe_gc::metaspace::Meta::from_raw(*fp.add(METHOD) as u32)))
    }
}

/// The instruction of the call that a `Resume` word belongs to, and the one behind it.
///
/// # Safety
/// `at` is such a word of the frame's method.
unsafe fn call_site(vm: *const Isolate, fp: *mut u64, at: *const u64) -> (*const u64, *const u64) {
    // SAFETY: the caller's promise: translation wrote both indices in the word in front.
    unsafe {
        let (vm, method) = method_at(vm, fp);
        let start = vm.meta.base().add(method.quick_code() as usize).cast::<u64>().cast_const();
        let places = *at.sub(1);
        (start.add(places as u32 as usize), start.add((places >> 32) as usize))
    }
}

/// Compiled code has called a method that it cannot enter: one without code, or there is no room, or the thread has to stop.
///
/// # Safety
/// The mailbox is that of an [`Exit::Call`].
unsafe fn call(t: *mut Thread) -> Flow {
    // SAFETY: the caller's promise: the arguments are the youngest operands of the frame in `top.fp`.
    unsafe {
        let [method, sp, return_pc, _] = (*t).anchor.mail;
        let (sp, return_pc) = (sp as *mut u64, return_pc as *const u64);
        let vm = &*(*t).vm;
        let caller = (*t).top.fp;
        let m = vm.meta.get(carafe_gc::metaspace::Meta::<Method>::from_raw(method as u32));
        let fp = sp.add(m.arg_slots as usize).sub(m.max_locals as usize + HEADER_WORDS);
        let end = fp.sub(m.max_stack as usize + 2);
        let quick = m.quick_code();
        let stopped = (end as usize) < (*t).entry_limit().load(Ordering::Relaxed);
        if quick == 0 || stopped {
            // The interpreter executes the call again, with the operands that it had at first.
            let (pc, _) = call_site(vm, caller, return_pc);
            to_interpreter(t, caller);
            (*t).top = Top { fp: caller, sp: sp.offset(added(vm, caller, pc)), pc };
            return if quick == 0 { slow::prepare(t, m) } else { slow::stopped_at_entry(t, end) };
        }
        m.calls.store(m.calls.load(Ordering::Relaxed).wrapping_add(1), Ordering::Relaxed);
        push(t, method, fp, (caller, return_pc));
        (*t).top = Top { fp, sp: fp, pc: vm.meta.base().add(quick as usize).cast() };
        Flow::Next
    }
}

/// Writes the header of a frame that the interpreter will run.
///
/// # Safety
/// The frame fits the stack; its arguments are in place.
unsafe fn push(t: *mut Thread, method: u64, fp: *mut u64, (caller, return_pc): (*mut u64, *const u64)) {
    // SAFETY: the caller's promise.
    unsafe {
        *fp.add(CALLER_FP) = caller as u64;
        *fp.add(RETURN_PC) = return_pc as u64;
        *fp.add(METHOD) = method as u32 as u64;
        to_interpreter(t, fp);
    }
}

/// How many operands a call instruction had pushed itself (or popped, negative) when it entered its target.
///
/// # Safety
/// `pc` is a call instruction of the frame's method.
unsafe fn added(vm: &Isolate, caller: *mut u64, pc: *const u64) -> isize {
    // SAFETY: the caller's promise.
    unsafe {
        let word = (*pc.cast::<AtomicU64>()).load(Ordering::Acquire);
        match Quick::from_word(word) {
            Quick::InvokeHandle => isize::from(b_of(word) != 0),
            Quick::InvokePolymorphic => {
                let (vm, method) = method_at(vm, caller);
                isize::from(env::polymorphic(vm, method, a_of(word)).1.is_some())
            }
            Quick::LinkToStatic | Quick::LinkToSpecial => -1,
            _ => 0,
        }
    }
}

/// Compiled code has returned to an interpreted caller.
///
/// # Safety
/// The mailbox is that of an [`Exit::Return`].
unsafe fn returned(t: *mut Thread) {
    // SAFETY: the caller's promise: the frame is still in place above the caller's operands.
    unsafe {
        let [fp, general, float, _] = (*t).anchor.mail;
        let fp = fp as *mut u64;
        let (_, method) = method_at((*t).vm, fp);
        let mut sp = fp.add(HEADER_WORDS + method.max_locals as usize);
        match BasicType::from_u8(method.result) {
            Some(BasicType::Void) | None => {}
            Some(BasicType::Long) => {
                sp = sp.sub(2);
                *sp.add(1) = general;
            }
            Some(BasicType::Double) => {
                sp = sp.sub(2);
                *sp.add(1) = float;
            }
            Some(BasicType::Float) => {
                sp = sp.sub(1);
                *sp = float as u32 as u64;
            }
            Some(
                BasicType::Boolean
                | BasicType::Char
                | BasicType::Byte
                | BasicType::Short
                | BasicType::Int
                | BasicType::Object
                | BasicType::Array,
            ) => {
                sp = sp.sub(1);
                *sp = general as u32 as u64;
            }
        }
        (*t).top = Top { fp: *fp.add(CALLER_FP) as *mut u64, sp, pc: *fp.add(RETURN_PC) as *const u64 };
    }
}

/// Words that compiled code reads at every poll must be what the anchor says they are.
const _: () = assert!(size_of::<AtomicU32>() == 4 && size_of::<AtomicUsize>() == 8);
