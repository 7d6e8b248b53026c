//! Bringing an isolate up, in the order that the class library expects, and running it to its end.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use carafe_classloader::basic::BasicType;
use carafe_classloader::class::{ClassState, Method};
use carafe_classloader::source::jimage::JImage;
use carafe_classloader::universe::{BootEntry, BootPath, Universe};
use carafe_gc::cage::{Cage, CageConfig};
use carafe_gc::heap::{GcCause, Heap, HeapConfig, ReferenceOffsets};
use carafe_gc::metaspace::{ArenaKind, ClassId, Metaspace};
use carafe_gc::object::ObjRef;
use carafe_gc::offheap::OffHeap;

use crate::compiled::Code;
use crate::env::{Env, JResult, Local, Throw, Value};
use crate::exceptions;
use crate::interpreter::quick::{Quick, encode};
use crate::isolate::{Isolate, Parts, VmConfig, WellKnownMethods};
use crate::limits::{self, End, LimitKind};
use crate::linkage::stubs::Stubs;
use crate::linkage::{self, Host, raise};
use crate::log::{Level, TagSet};
use crate::mirrors;
use crate::natives::NativeTable;
use crate::thread::start;
use crate::wellknown::WellKnown;

/// Why an isolate could not be made. One line each, for the command line.
#[derive(Debug, thiserror::Error)]
pub enum BootError {
    #[error("cannot open the class library {path}: {why}")]
    Image { path: PathBuf, why: String },
    #[error("cannot reserve memory: {0}")]
    Memory(String),
    #[error("cannot start a thread: {0}")]
    Thread(String),
    #[error("{0}")]
    Log(String),
    #[error("the class library does not fit this VM: {0}")]
    Library(String),
}

/// More threads than this gain little where the memory's speed is what limits an evacuation.
const MAX_GC_WORKERS: usize = 4;
/// Not even when asked for.
const MOST_GC_WORKERS: usize = 64;

/// Of so many bytes of heap, one goes to the collector's tables: two sets of mark bits, cards, places of a full collection.
const TABLES_SHARE: u64 = 24;

/// Makes an isolate that has run no Java code yet.
pub fn create(
    config: VmConfig,
    natives: NativeTable,
    extension: Box<dyn Any + Send + Sync>,
) -> Result<Arc<Isolate>, BootError> {
    let memory = |e: &dyn std::fmt::Display| BootError::Memory(e.to_string());
    let tables = if config.heap_total { config.heap_max / TABLES_SHARE } else { 0 };
    let mut heap_config = HeapConfig::new(config.heap_max - tables);
    heap_config.initial_bytes = config.heap_initial;
    heap_config.stress_stride = config.stress_stride;
    heap_config.region_fill_bytes = config.region_fill_bytes;
    heap_config.verify_every = config.verify_heap_every;
    heap_config.eden_bytes = config.eden_bytes;
    if let Some(budget) = config.pause_budget {
        heap_config.pause_budget = budget;
    }
    let processors = std::thread::available_parallelism().map_or(1, |n| n.get().min(MAX_GC_WORKERS));
    heap_config.workers = config.gc_threads.map_or(processors, |threads| threads.clamp(1, MOST_GC_WORKERS));
    let cage = Cage::reserve(&CageConfig { heap_bytes: heap_config.cage_bytes() }).map_err(|e| memory(&e))?;
    let meta = Arc::new(Metaspace::new(&cage, config.metaspace_max));
    let heap = Heap::new(&cage, heap_config).map_err(|e| memory(&e))?;
    let off_heap = OffHeap::new(&cage, config.off_heap_max);
    let next_tid = off_heap.alloc_zeroed(8).map_err(|e| memory(&e))?;
    let boot_path = boot_path(&config)?;
    let universe = Universe::new(meta.clone(), boot_path).map_err(|e| BootError::Library(e.message))?;
    universe.set_preview(config.preview);
    universe.set_verify_all(config.verify_all);
    universe.close(config.closed_classes.clone());
    let quick_arena = meta.new_arena(ArenaKind::Boot);
    let stubs = Stubs::new(&meta, &quick_arena).map_err(|e| memory(&e))?;
    let plain_return = quick_arena
        .alloc_slice_with(1, |_| AtomicU64::new(encode(Quick::Return, 0, 0)))
        .map_err(|e| memory(&e))?
        .offset();
    // Compiled code does not count or check instructions.
    let mut config = config;
    if config.steps_max.is_some() {
        config.compiler = None;
    }
    let code = config.compiler.clone().map(|compiler| Code::new(compiler, config.code_max));
    // Where the system has no memory for code, the program is interpreted.
    let (code, refusal) = match code {
        Some(Ok(code)) => (Some(code), None),
        Some(Err(error)) => (None, Some(error)),
        None => (None, None),
    };
    config.checks &= code.is_none();
    let vm = Isolate::assemble(Parts {
        config,
        universe,
        meta,
        quick_arena,
        heap,
        off_heap,
        cage,
        stubs,
        natives,
        next_tid,
        plain_return,
        extension,
        code,
    });
    vm.log.open_files(&vm).map_err(BootError::Log)?;
    vm.log.warn(&vm);
    if let Some(error) = refusal {
        vm.limits.note(LimitKind::Code);
        vm.log(TagSet::JitCode, Level::Info, || format!("All is interpreted: {error}"));
    }
    vm.log(TagSet::Gc, Level::Info, || "Using carafe".to_owned());
    vm.log(TagSet::GcInit, Level::Info, || format!("Version: {} (release)", env!("CARGO_PKG_VERSION")));
    vm.log(TagSet::GcInit, Level::Info, || format!("Heap Max Capacity: {}M", vm.heap.max_bytes() >> 20));
    // The first thread ids belong to the VM: main is 3 by the library's own rule, the rest count on from here.
    // SAFETY: the cell was just allocated, aligned, and nobody else knows it yet.
    unsafe { vm.cage.raw(vm.next_tid).cast::<u64>().write(12) };
    Ok(vm)
}

fn boot_path(config: &VmConfig) -> Result<BootPath, BootError> {
    let path = config.java_home.join("lib").join("modules");
    let image =
        JImage::open(&path).map_err(|e| BootError::Image { path: path.clone(), why: e.to_string() })?;
    let mut boot = BootPath::new(Arc::new(image));
    // Entries that do not exist or cannot be read are passed over, as on every class path; of patches the library then
    // tells in its own words.
    let open = |path: &Path| BootEntry::open(path).ok();
    for (module, paths) in &config.patch_modules {
        let entries = paths.split(':').filter_map(|p| open(Path::new(p))).collect();
        boot.patches.push((module.clone(), entries));
    }
    boot.append.extend(config.boot_append.iter().filter_map(|path| open(path)));
    Ok(boot)
}

/// How a run of an isolate's main program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExitStatus(pub i32);

/// Runs `main` on a new thread with the VM booted, waits for the non-daemon threads, runs the shutdown hooks, and says how
/// it ended. `main` returns the status for a normal end. When the program halts the isolate, this returns at once, while
/// other threads are still on their way out: [`shutdown`] waits for them.
pub fn run(
    vm: &Arc<Isolate>,
    main: impl for<'x> FnOnce(&mut Env<'x>) -> JResult<i32> + Send + 'static,
) -> Result<ExitStatus, BootError> {
    let (done, ended) = std::sync::mpsc::channel();
    // Nobody listens any more after the first of them.
    spawn(vm, main, move |result| drop(done.send(result)))?;
    ended.recv().unwrap_or(Ok(ExitStatus(crate::panics::PANIC_STATUS)))
}

/// As [`run`], but returns as soon as the thread is there. `ended` is told how it ended, perhaps twice: when the isolate is
/// halted, and when the main thread is out.
pub fn spawn(
    vm: &Arc<Isolate>,
    main: impl for<'x> FnOnce(&mut Env<'x>) -> JResult<i32> + Send + 'static,
    ended: impl Fn(Result<ExitStatus, BootError>) + Send + Sync + 'static,
) -> Result<(), BootError> {
    let thread = |e: std::io::Error| BootError::Thread(e.to_string());
    limits::watch_times(vm).map_err(thread)?;
    let ended = Arc::new(ended);
    let on_halt = ended.clone();
    vm.on_halt(Box::new(move |status| on_halt(Ok(ExitStatus(status)))));
    let of_thread = vm.clone();
    std::thread::Builder::new()
        .name("main".to_owned())
        .stack_size(start::native_stack_bytes())
        .spawn(move || {
            let run = AssertUnwindSafe(|| run_main(&of_thread, main));
            // A panic in Java code has ended the isolate before it comes here.
            ended(catch_unwind(run).unwrap_or(Ok(ExitStatus(crate::panics::PANIC_STATUS))));
        })
        .map_err(thread)?;
    Ok(())
}

/// Ends all threads that are left, and waits until they are gone. False if some did not go in time.
pub fn shutdown(vm: &Arc<Isolate>, patience: std::time::Duration) -> bool {
    vm.end_with(End::Terminated(vm.exit_status()));
    vm.threads.wait_until_for(patience, |list| list.is_empty())
        && vm.code.as_ref().is_none_or(|code| code.wait_until_idle(patience))
}

fn run_main(
    vm: &Arc<Isolate>,
    main: impl for<'x> FnOnce(&mut Env<'x>) -> JResult<i32>,
) -> Result<ExitStatus, BootError> {
    let mut thread =
        start::attach(vm, vm.config.stack_bytes, false).map_err(|e| BootError::Thread(e.to_string()))?;
    crate::thread::safepoint::leave_native(&thread);
    let t = &raw mut *thread;
    // SAFETY: this OS thread owns the Thread, which is RUNNING with an empty Java stack.
    let status = unsafe {
        Env::with(t, |env| {
            let outcome = crate::panics::guard(env, |env| {
                boot(env)?;
                main(env)
            });
            end_of_main(env, outcome)
        })
    };
    crate::thread::safepoint::enter_native(&thread);
    start::detach(vm, thread);
    Ok(ExitStatus(if vm.is_halting() { vm.exit_status() } else { status }))
}

/// The main thread's end: its uncaught exception, the other threads, the shutdown hooks.
fn end_of_main(env: &mut Env<'_>, outcome: JResult<i32>) -> i32 {
    let vm = env.vm();
    let status = outcome.unwrap_or(1);
    if !vm.is_booted() && !env.is_terminating() {
        report_early(env);
        return status.max(1);
    }
    if !env.is_terminating() {
        let outcome = if env.has_exception() { Err(Throw) } else { Ok(()) };
        start::finish(env, outcome);
        // DestroyJavaVM: wait until only daemons are left, then run the hooks on this thread.
        let me = env.thread().id();
        env.blocking(|| {
            vm.threads
                .wait_until(|list| vm.is_halting() || !list.iter().any(|e| !e.daemon && e.control.id != me));
        });
        if !vm.is_halting() {
            let class = env.wk().shutdown.id;
            if env.call_static(class, "shutdown", "()V", &[]).is_err() && !env.is_terminating() {
                env.take_exception();
            }
        }
    }
    status
}

/// An exception before the library could print it.
fn report_early(env: &mut Env<'_>) {
    let vm = env.vm();
    let exception = env.take_exception();
    if env.is_null(exception) || vm.wk_if_ready().is_none() {
        vm.console_error("Error occurred during initialization of VM\n");
        return;
    }
    let name = vm.universe.external_name(env.class_id_of(exception));
    let message = env.get_ref(exception, env.wk().throwable.detail_message);
    let message = env.string(message);
    vm.console_error(&format!("Error occurred during initialization of VM\n{name}: {message}\n"));
    let trace = env.get_ref(exception, env.wk().throwable.backtrace);
    for (method, bci) in exceptions::backtrace::elements(env, trace) {
        let line = exceptions::backtrace::line_number(vm, method, bci);
        vm.console_error(&format!("\tat {} line {line}\n", vm.universe.external_method(method)));
    }
}

/// Boots the library on the calling thread, which becomes the Java main thread.
pub fn boot(env: &mut Env<'_>) -> JResult<()> {
    let vm = env.vm();
    let wk = WellKnown::load(&vm.universe, &mut Host { env }).map_err(|e| raise_early(env, e))?;
    vm.heap.set_reference_offsets(ReferenceOffsets {
        referent: wk.reference.referent,
        discovered: wk.reference.discovered,
        next: wk.reference.next,
        soft_timestamp: wk.soft_reference.timestamp,
    });
    vm.heap.set_mirror_class_offset(wk.class.klass);
    vm.set_well_known(wk);
    let wk = vm.wk();
    for kind in BasicType::PRIMITIVES {
        let primitive = vm.universe.primitive(kind);
        mirrors::create(env, primitive)?;
        linkage::array_of(env, primitive)?;
    }
    let void = vm.universe.primitive(BasicType::Void);
    mirrors::create(env, void)?;
    mirrors::create_missing(env)?;
    let object_array = linkage::array_of(env, wk.object.id)?;
    vm.set_object_array_class(object_array);
    vm.set_thread_constants(env.thread_mut());
    vm.set_well_known_methods(find_methods(env)?);
    vm.set_collectable();
    if vm.config.stress_boot {
        begin_stress(env);
    }

    env.initialize(wk.string.id)?;
    let mirror = env.mirror(wk.string.id);
    env.set::<bool>(mirror, wk.string.compact_strings, true);
    for class in [wk.system.id, wk.class.id, wk.thread_group.id] {
        env.initialize(class)?;
    }
    main_thread(env)?;
    env.initialize(wk.module.id)?;
    unsafe_constants(env)?;
    env.initialize(wk.method.id)?;
    env.initialize(wk.finalizer.id)?;
    env.call_static(wk.system.id, "initPhase1", "()V", &[])?;
    for class in [
        wk.out_of_memory.id,
        wk.null_pointer_exception.id,
        wk.class_cast_exception.id,
        wk.array_store_exception.id,
        wk.arithmetic_exception.id,
        wk.array_index_exception.id,
        wk.stack_overflow.id,
        wk.illegal_monitor_state.id,
        wk.illegal_argument.id,
        wk.internal_error.id,
        wk.negative_array_size.id,
        wk.no_class_def_found.id,
        wk.class_not_found.id,
        wk.exception_in_initializer.id,
    ] {
        env.initialize(class)?;
    }
    let spare = exceptions::prepare_out_of_memory(env)?;
    let spare = env.global(spare)?;
    vm.set_prepared_out_of_memory(spare);
    for class in
        [wk.method_handle.id, wk.resolved_method_name.id, wk.member_name.id, wk.method_handle_natives.id]
    {
        env.initialize(class)?;
    }
    // Errors of the module system go to standard output, without stack traces, as everywhere.
    let phase2 = env.call_static(wk.system.id, "initPhase2", "(ZZ)I", &[Value::Int(0), Value::Int(0)])?.int();
    if phase2 != 0 {
        return Err(env.halt(1));
    }
    env.call_static(wk.system.id, "initPhase3", "()V", &[])?;
    vm.set_booted();
    begin_stress(env);
    if let Some(watch) = env.thread_mut().watch.as_deref_mut() {
        watch.begin_counting(vm);
    }
    Ok(())
}

/// Starts collection stress, if it was asked for. The collection retires the buffers that threads have by now.
fn begin_stress(env: &mut Env<'_>) {
    let heap = &env.vm().heap;
    heap.begin_stress();
    if heap.is_stressed() {
        crate::alloc::collect(env, GcCause::Explicit);
    }
}

fn raise_early(env: &mut Env<'_>, error: linkage::HostError) -> Throw {
    if env.vm().wk_if_ready().is_some() {
        return raise(env, error);
    }
    // There is no way yet to make an exception: say it here.
    if let linkage::HostError::Link(e) = &error {
        env.vm().console_error(&format!("{}: {}\n", e.kind.class_name(), e.message));
    }
    Throw
}

/// The main thread and its two groups (boot.md, steps 6 and 7).
fn main_thread(env: &mut Env<'_>) -> JResult<()> {
    let wk = env.wk();
    let system = env.new_object(wk.thread_group.id, "()V", &[])?;
    let name = env.new_string("main")?;
    let group = env.new_object(
        wk.thread_group.id,
        "(Ljava/lang/ThreadGroup;Ljava/lang/String;)V",
        &[Value::Ref(system), Value::Ref(name)],
    )?;
    env.initialize(wk.thread.id)?;
    let thread = env.alloc(wk.thread.id)?;
    let id = env.thread().id();
    env.set::<i64>(thread, wk.thread.eetop, id as i64);
    let raw = env.raw(thread);
    env.thread_mut().carrier = raw;
    env.thread_mut().current = raw;
    let descriptor = "(Ljava/lang/ThreadGroup;Ljava/lang/String;)V";
    match env.find_method(wk.thread.id, "<init>", descriptor) {
        Some(init) => env.call(init, &[Value::Ref(thread), Value::Ref(group), Value::Ref(name)])?,
        None => return Err(env.throw("java/lang/NoSuchMethodError", "Thread.<init>")),
    };
    let holder = env.get_ref(thread, wk.thread.holder);
    env.set::<i32>(holder, wk.field_holder.thread_status, start::status::RUNNABLE);
    Ok(())
}

fn unsafe_constants(env: &mut Env<'_>) -> JResult<()> {
    let c = &env.wk().unsafe_constants;
    env.initialize(c.id)?;
    let mirror = env.mirror(c.id);
    env.set::<i32>(mirror, c.address_size, 8);
    env.set::<i32>(mirror, c.page_size, 4096);
    env.set::<bool>(mirror, c.big_endian, false);
    env.set::<bool>(mirror, c.unaligned_access, true);
    env.set::<i32>(mirror, c.cache_line_flush, 0);
    Ok(())
}

fn find_methods(env: &mut Env<'_>) -> JResult<WellKnownMethods> {
    let wk = env.wk();
    let find = |class: ClassId, name: &str, descriptor: &str| -> JResult<&'static Method> {
        debug_assert!(env.class(class).state() >= ClassState::Loaded);
        match env.find_method(class, name, descriptor) {
            // SAFETY: method records live as long as the isolate, which owns the table these references go to.
            Some(method) => Ok(unsafe { &*std::ptr::from_ref::<Method>(method) }),
            None => {
                let text = format!("the class library has no method {name}{descriptor}\n");
                env.vm().console_error(&text);
                Err(Throw)
            }
        }
    };
    let mhn = wk.method_handle_natives.id;
    Ok(WellKnownMethods {
        load_class: find(wk.class_loader.id, "loadClass", "(Ljava/lang/String;)Ljava/lang/Class;")?,
        add_class: find(wk.class_loader.id, "addClass", "(Ljava/lang/Class;)V")?,
        find_method_handle_type: find(
            mhn,
            "findMethodHandleType",
            "(Ljava/lang/Class;[Ljava/lang/Class;)Ljava/lang/invoke/MethodType;",
        )?,
        link_method_handle_constant: find(
            mhn,
            "linkMethodHandleConstant",
            "(Ljava/lang/Class;ILjava/lang/Class;Ljava/lang/String;Ljava/lang/Object;)Ljava/lang/invoke/MethodHandle;",
        )?,
        link_method: find(
            mhn,
            "linkMethod",
            "(Ljava/lang/Class;ILjava/lang/Class;Ljava/lang/String;Ljava/lang/Object;[Ljava/lang/Object;)Ljava/lang/invoke/MemberName;",
        )?,
        link_call_site: find(
            mhn,
            "linkCallSite",
            "(Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;[Ljava/lang/Object;)Ljava/lang/invoke/MemberName;",
        )?,
        link_dynamic_constant: find(
            mhn,
            "linkDynamicConstant",
            "(Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;",
        )?,
        finalizer_register: find(wk.finalizer.id, "register", "(Ljava/lang/Object;)V")?,
        thread_run: find(wk.thread.id, "run", "()V")?,
        thread_exit: find(wk.thread.id, "exit", "()V")?,
        dispatch_uncaught: find(wk.thread.id, "dispatchUncaughtException", "(Ljava/lang/Throwable;)V")?,
        object_wait: find(wk.object.id, "wait0", "(J)V")?,
        continuation_enter: find(wk.continuation.id, "enter", "(Ljdk/internal/vm/Continuation;Z)V")?,
        do_stack_walk: find(wk.abstract_stack_walker.id, "doStackWalk", "(JIIII)Ljava/lang/Object;")?,
    })
}

/// Finds and checks the main class as the library's launcher does; `mode` is 1 class, 2 jar, 3 module, 4 source file.
pub fn load_main(env: &mut Env<'_>, mode: i32, what: &str) -> JResult<Option<ClassId>> {
    let helper = env.boot_class("sun/launcher/LauncherHelper")?;
    let what = env.new_string(what)?;
    let main = env
        .call_static(
            helper,
            "checkAndLoadMain",
            "(ZILjava/lang/String;)Ljava/lang/Class;",
            &[Value::Int(1), Value::Int(mode), Value::Ref(what)],
        )?
        .local();
    Ok((!env.is_null(main)).then(|| env.class_of_mirror(main)))
}

/// The launcher's part: loads the main class through the library's LauncherHelper and calls its main method.
pub fn launch(env: &mut Env<'_>, mode: i32, what: &str, args: &[String]) -> JResult<i32> {
    let helper = env.boot_class("sun/launcher/LauncherHelper")?;
    let Some(class) = load_main(env, mode, what)? else { return Ok(1) };
    let flags = env.mirror(helper);
    let flag = |env: &Env<'_>, name: &str| {
        env.field_offset(helper, name, "Z").is_some_and(|offset| env.get::<bool>(flags, offset))
    };
    let (is_static, no_args) = (flag(env, "isStaticMain"), flag(env, "noArgMain"));
    let descriptor = if no_args { "()V" } else { "([Ljava/lang/String;)V" };
    let mut values = Vec::new();
    env.initialize(class)?;
    if !is_static {
        let instance = env.new_object(class, "()V", &[])?;
        values.push(Value::Ref(instance));
    }
    if !no_args {
        let array = string_array(env, args)?;
        values.push(Value::Ref(array));
    }
    let Some(method) = env.find_method(class, "main", descriptor) else {
        return Err(env.throw("java/lang/NoSuchMethodError", "main"));
    };
    if is_static || method.is_private() {
        env.call(method, &values)?;
    } else {
        env.call_virtual(method, &values)?;
    }
    Ok(0)
}

/// A String[] of the given texts.
pub fn string_array<'s>(env: &mut Env<'s>, texts: &[String]) -> JResult<Local<'s>> {
    let array = env.new_ref_array(env.wk().string.id, texts.len())?;
    for (i, text) in texts.iter().enumerate() {
        env.scope(|env| -> JResult<()> {
            let string = env.new_string(text)?;
            env.set_elem(array, i, string);
            Ok(())
        })?;
    }
    debug_assert!(env.raw(array) != ObjRef::NULL);
    Ok(array)
}
