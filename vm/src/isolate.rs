//! An isolate: one complete virtual machine. A process may hold many; they share nothing.

use std::any::Any;
use std::hash::RandomState;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, Weak};
use std::time::{Duration, Instant};

use carafe_classloader::basic::BasicType;
use carafe_classloader::class::method::MethodFlags;
use carafe_classloader::class::{ClassFlags, LoaderId, Method, ModuleId};
use carafe_classloader::classfile::attributes::Raw;
use carafe_classloader::symbols::Symbol;
use carafe_classloader::universe::Universe;
use carafe_gc::cage::Cage;
use carafe_gc::heap::Heap;
use carafe_gc::metaspace::{Arena, ClassId, MetaSlice, Metaspace};
use carafe_gc::object::ObjRef;
use carafe_gc::offheap::OffHeap;
use carafe_gc::refs::{Global, GlobalTable};
use hashbrown::HashMap;
use parking_lot::{Condvar, Mutex};

use crate::compiled::{Code, CompilerConfig};
use crate::console::Streams;
use crate::continuation::blocking::Unblocker;
use crate::env::{Env, Local};
use crate::limits::{End, Limits};
use crate::linkage::stubs::Stubs;
use crate::log::gc::Collections;
use crate::log::{Log, LogConfig};
use crate::monitor::MonitorTable;
use crate::natives::NativeTable;
use crate::natives::host::{self, HostMethods};
use crate::overhead::Overhead;
use crate::refmaps::RefMapCache;
use crate::signals::{ProcessSignals, SignalQueue};
use crate::strings::StringTable;
use crate::thread::list::ThreadList;
use crate::thread::safepoint::Safepoint;
use crate::thread::{HandleOffsets, Thread};
use crate::unload::Unloading;
use crate::wellknown::WellKnown;

/// -ea and -da, in the order of the command line.
#[derive(Clone, Debug, Default)]
pub struct AssertionOptions {
    /// Class name with dots, enabled.
    pub classes: Vec<(String, bool)>,
    /// Package name with dots ("" the unnamed one), enabled; subpackages included.
    pub packages: Vec<(String, bool)>,
    pub default: bool,
    pub system: bool,
}

/// What an isolate is started with.
#[derive(Clone, Debug)]
pub struct VmConfig {
    pub java_home: PathBuf,
    /// Key and value pairs for the library, in order (java.class.path, -D, jdk.module.*).
    pub properties: Vec<(String, String)>,
    pub heap_max: u64,
    /// `heap_max` counts the collector's own tables too, not only objects.
    pub heap_total: bool,
    pub heap_initial: u64,
    pub stack_bytes: usize,
    pub metaspace_max: u64,
    /// Metadata beyond which the first marking begins for its sake, so that classes are unloaded.
    pub metaspace_first: u64,
    pub off_heap_max: u64,
    pub threads_max: usize,
    /// Open files and sockets.
    pub files_max: usize,
    /// Bytes that may be written to the standard streams.
    pub output_max: u64,
    /// Bytes of compiled code. When they are used up, old code is given up, and methods stay interpreted.
    pub code_max: u64,
    /// Processor time, and time on the clock.
    pub cpu_max: Option<Duration>,
    pub time_max: Option<Duration>,
    pub assertions: AssertionOptions,
    pub preview: bool,
    /// What the manifest of a program's jar says of opening modules and of native access (`Add-Opens` and the like) is done.
    pub manifest_opens: bool,
    pub log: LogConfig,
    pub verbose_init: bool,
    pub streams: Streams,
    pub signals: ProcessSignals,
    /// Collect at every N-th allocation, from the end of start-up on.
    pub stress_stride: Option<u32>,
    /// Regions of the heap count as full with so many bytes; 0 for all of a region.
    pub region_fill_bytes: u64,
    /// System.gc() collects.
    pub explicit_gc: bool,
    /// OutOfMemoryError for a program that does nothing but collect.
    pub overhead_limit: bool,
    /// Random short delays at safepoints and in monitors, from this seed.
    pub safepoint_delays: Option<u64>,
    /// Start-up is stressed too.
    pub stress_boot: bool,
    /// Check the heap at every so manieth collection; 0 for never.
    pub verify_heap_every: u32,
    /// What new objects may take before a collection; 0 to let the collector choose.
    pub eden_bytes: u64,
    /// What the collector's pauses should take at most.
    pub pause_budget: Option<Duration>,
    /// Threads that collect together.
    pub gc_threads: Option<usize>,
    /// Verify the classes of the JDK image too. All others always are.
    pub verify_all: bool,
    /// Classes of the image that do not exist for the program, by internal name.
    pub closed_classes: Vec<String>,
    /// Check every access of the interpreter; builds without debug assertions have no such checks.
    pub checks: bool,
    /// Virtual threads are continuations; without, each is bound to a platform thread of its own.
    pub continuations: bool,
    /// End the isolate when a thread has executed so many instructions. For tests: it is no measure of time or memory.
    pub steps_max: Option<u64>,
    /// Compile methods; without, all are interpreted.
    pub compiler: Option<CompilerConfig>,
    /// Dump the heap at the first OutOfMemoryError, to this file or folder (empty: the current one).
    pub heap_dump: bool,
    pub heap_dump_path: String,
    /// A thread dump ends with a class histogram.
    pub class_histogram: bool,
    pub boot_append: Vec<PathBuf>,
    pub patch_modules: Vec<(String, String)>,
    /// The VM options as given, for the library's management beans.
    pub arguments: Vec<String>,
}

impl VmConfig {
    pub fn new(java_home: PathBuf) -> VmConfig {
        VmConfig {
            java_home,
            properties: Vec::new(),
            heap_max: 1 << 30,
            heap_total: false,
            heap_initial: 0,
            stack_bytes: 1 << 20,
            metaspace_max: 1 << 30,
            metaspace_first: 24 << 20,
            off_heap_max: 4 << 30,
            threads_max: 4096,
            files_max: 1 << 16,
            output_max: u64::MAX,
            code_max: 240 << 20,
            cpu_max: None,
            time_max: None,
            assertions: AssertionOptions::default(),
            preview: false,
            manifest_opens: false,
            log: LogConfig::default(),
            verbose_init: false,
            streams: Streams::default(),
            signals: ProcessSignals::default(),
            stress_stride: None,
            region_fill_bytes: 0,
            explicit_gc: true,
            overhead_limit: true,
            safepoint_delays: None,
            stress_boot: false,
            verify_heap_every: 0,
            eden_bytes: 0,
            pause_budget: None,
            gc_threads: None,
            verify_all: false,
            closed_classes: Vec::new(),
            checks: cfg!(debug_assertions),
            continuations: true,
            steps_max: None,
            compiler: None,
            heap_dump: false,
            heap_dump_path: String::new(),
            class_histogram: false,
            boot_append: Vec::new(),
            patch_modules: Vec::new(),
            arguments: Vec::new(),
        }
    }
}

/// Java methods that the VM calls, found once during start-up.
pub struct WellKnownMethods {
    pub load_class: &'static Method,
    pub add_class: &'static Method,
    pub find_method_handle_type: &'static Method,
    pub link_method_handle_constant: &'static Method,
    pub link_method: &'static Method,
    pub link_call_site: &'static Method,
    pub link_dynamic_constant: &'static Method,
    pub finalizer_register: &'static Method,
    pub thread_run: &'static Method,
    pub thread_exit: &'static Method,
    pub dispatch_uncaught: &'static Method,
    pub do_stack_walk: &'static Method,
    pub object_wait: &'static Method,
    pub continuation_enter: &'static Method,
}

/// Signals that a Reference has become pending, or that the isolate ends.
#[derive(Default)]
pub struct PendingSignal {
    lock: Mutex<()>,
    changed: Condvar,
}

impl PendingSignal {
    pub fn notify_all(&self) {
        let _guard = self.lock.lock();
        self.changed.notify_all();
    }

    /// Waits until `done`; callers are in NATIVE state.
    pub fn wait_until(&self, done: impl Fn() -> bool) {
        let mut guard = self.lock.lock();
        while !done() {
            self.changed.wait(&mut guard);
        }
    }
}

pub struct Isolate {
    me: Weak<Isolate>,
    pub config: VmConfig,
    /// Class metadata: before the cage, so that it goes first.
    pub universe: Universe,
    pub meta: Arc<Metaspace>,
    pub quick_arena: Arena,
    pub heap: Heap,
    pub off_heap: OffHeap,
    pub cage: Cage,
    pub stubs: Stubs,
    pub natives: NativeTable,
    /// Methods that the host supplies; set before any class of the program's is linked.
    pub host_methods: OnceLock<Box<dyn HostMethods>>,
    pub threads: ThreadList,
    pub safepoint: Safepoint,
    pub overhead: Overhead,
    pub monitors: MonitorTable,
    pub unblocker: Unblocker,
    /// Key of the seals on frozen frames.
    pub seal: RandomState,
    pub strings: StringTable,
    pub globals: Arc<GlobalTable>,
    pub refmaps: RefMapCache,
    /// java.lang.ClassLoader objects by LoaderId; 0 is null. Roots, but for marking.
    pub loader_objects: Mutex<Vec<ObjRef>>,
    /// java.lang.Module objects by ModuleId. Roots, but for marking.
    pub module_objects: Mutex<Vec<ObjRef>>,
    pub method_types: Mutex<HashMap<(ClassId, Symbol), u32>>,
    pub unloading: Unloading,
    pub translate_lock: Mutex<()>,
    pub link_lock: Mutex<()>,
    pub resolved_lock: Mutex<()>,
    pub init_lock: Mutex<()>,
    pub init_done: Condvar,
    pub pending_references: PendingSignal,
    pub signals: SignalQueue,
    /// Cage offset of the cell that Thread.getNextThreadIdOffset names.
    pub next_tid: u64,
    wk: OnceLock<WellKnown>,
    methods: OnceLock<WellKnownMethods>,
    object_array: AtomicU32,
    prepared_oom: OnceLock<Global>,
    throwing_oom: Mutex<Vec<u32>>,
    collectable: AtomicBool,
    booted: AtomicBool,
    /// Whether and where to dump the heap for an OutOfMemoryError; programs may change it through management beans.
    pub heap_dump: AtomicBool,
    pub heap_dump_path: Mutex<String>,
    /// The heap dump for OutOfMemoryErrors has been made, or is being made.
    pub heap_dumped: AtomicBool,
    halt_claimed: AtomicBool,
    halting: AtomicBool,
    /// All threads have been told that the isolate halts.
    told: AtomicBool,
    exit_status: AtomicI32,
    end: Mutex<Option<End>>,
    started: Instant,
    pub limits: Limits,
    /// Units of work that reading, verifying and linking classes took so far (`LinkHost::charge`).
    pub linking_work: AtomicU64,
    /// Classes that were verified so far, and how long that took.
    pub verified_classes: AtomicU64,
    pub verification_nanos: AtomicU64,
    pub log: Log,
    pub collections: Collections,
    /// Offset of a lone `Return` instruction.
    plain_return: u32,
    /// Compiled code, if there is a compiler.
    pub code: Option<Code>,
    extension: Box<dyn Any + Send + Sync>,
    on_halt: Mutex<Option<HaltHook>>,
}

/// Told the exit status when the isolate is halted.
type HaltHook = Box<dyn FnOnce(i32) + Send>;

// SAFETY: the raw pointers inside (thread list, well-known methods) name things that live as long as the isolate; all
// shared mutation goes through locks, atomics, or happens in a stopped world.
unsafe impl Send for Isolate {}
// SAFETY: as above.
unsafe impl Sync for Isolate {}

/// The parts that `boot` assembles.
pub(crate) struct Parts {
    pub config: VmConfig,
    pub universe: Universe,
    pub meta: Arc<Metaspace>,
    pub quick_arena: Arena,
    pub heap: Heap,
    pub off_heap: OffHeap,
    pub cage: Cage,
    pub stubs: Stubs,
    pub natives: NativeTable,
    pub next_tid: u64,
    pub plain_return: u32,
    pub extension: Box<dyn Any + Send + Sync>,
    pub code: Option<Code>,
}

impl Isolate {
    pub(crate) fn assemble(parts: Parts) -> Arc<Isolate> {
        let log = Log::new(&parts.config.log);
        let first_threshold = parts.config.metaspace_first;
        let (heap_dump, heap_dump_path) = (parts.config.heap_dump, parts.config.heap_dump_path.clone());
        let safepoint = Safepoint::new(parts.config.safepoint_delays);
        let limits = Limits::new(parts.config.cpu_max, parts.config.time_max);
        Arc::new_cyclic(|me| Isolate {
            me: me.clone(),
            config: parts.config,
            universe: parts.universe,
            meta: parts.meta,
            quick_arena: parts.quick_arena,
            heap: parts.heap,
            off_heap: parts.off_heap,
            cage: parts.cage,
            stubs: parts.stubs,
            natives: parts.natives,
            host_methods: OnceLock::new(),
            threads: ThreadList::default(),
            safepoint,
            overhead: Overhead::default(),
            monitors: MonitorTable::default(),
            unblocker: Unblocker::default(),
            seal: RandomState::new(),
            strings: StringTable::default(),
            globals: GlobalTable::new(1 << 20),
            refmaps: RefMapCache::default(),
            loader_objects: Mutex::new(vec![ObjRef::NULL]),
            module_objects: Mutex::new(Vec::new()),
            method_types: Mutex::default(),
            unloading: Unloading::new(first_threshold),
            translate_lock: Mutex::default(),
            link_lock: Mutex::default(),
            resolved_lock: Mutex::default(),
            init_lock: Mutex::default(),
            init_done: Condvar::new(),
            pending_references: PendingSignal::default(),
            signals: SignalQueue::default(),
            next_tid: parts.next_tid,
            wk: OnceLock::new(),
            methods: OnceLock::new(),
            object_array: AtomicU32::new(0),
            prepared_oom: OnceLock::new(),
            throwing_oom: Mutex::default(),
            collectable: AtomicBool::new(false),
            booted: AtomicBool::new(false),
            heap_dump: AtomicBool::new(heap_dump),
            heap_dump_path: Mutex::new(heap_dump_path),
            heap_dumped: AtomicBool::new(false),
            halt_claimed: AtomicBool::new(false),
            halting: AtomicBool::new(false),
            told: AtomicBool::new(false),
            exit_status: AtomicI32::new(0),
            end: Mutex::new(None),
            started: Instant::now(),
            limits,
            linking_work: AtomicU64::new(0),
            verified_classes: AtomicU64::new(0),
            verification_nanos: AtomicU64::new(0),
            log,
            collections: Collections::default(),
            plain_return: parts.plain_return,
            code: parts.code,
            extension: parts.extension,
            on_halt: Mutex::new(None),
        })
    }

    pub fn arc(&self) -> Arc<Isolate> {
        match self.me.upgrade() {
            Some(arc) => arc,
            // Only `assemble` makes isolates, and whoever has a reference to one keeps its Arc alive.
            None => unreachable!("an isolate is used after its last owner let it go"),
        }
    }

    // ---- what the library is made of ------------------------------------------------------------------------------------

    /// The table of classes and fields that the VM knows. Set early during start-up.
    pub fn wk(&self) -> &WellKnown {
        match self.wk.get() {
            Some(wk) => wk,
            None => unreachable!("well-known classes are used before they are loaded"),
        }
    }

    pub fn wk_if_ready(&self) -> Option<&WellKnown> {
        self.wk.get()
    }

    pub(crate) fn set_well_known(&self, wk: WellKnown) {
        let _ = self.wk.set(wk);
    }

    pub fn well_known_methods(&self) -> &WellKnownMethods {
        match self.methods.get() {
            Some(methods) => methods,
            None => unreachable!("well-known methods are used before they are found"),
        }
    }

    pub fn well_known_methods_if_ready(&self) -> Option<&WellKnownMethods> {
        self.methods.get()
    }

    pub(crate) fn set_well_known_methods(&self, methods: WellKnownMethods) {
        let _ = self.methods.set(methods);
    }

    /// java.lang.Object; NONE before it is loaded.
    pub fn object_class(&self) -> ClassId {
        self.wk.get().map_or(ClassId::NONE, |wk| wk.object.id)
    }

    pub fn object_array_class(&self) -> ClassId {
        ClassId::from_raw(self.object_array.load(Ordering::Acquire))
    }

    pub(crate) fn set_object_array_class(&self, class: ClassId) {
        self.object_array.store(class.raw(), Ordering::Release);
    }

    /// The array class of a primitive; all eight are made during start-up.
    pub fn primitive_array(&self, element: BasicType) -> ClassId {
        let primitive = self.universe.class(self.universe.primitive(element));
        ClassId::from_raw(primitive.array_class.load(Ordering::Acquire))
    }

    /// State that the crate of native methods keeps per isolate.
    pub fn extension<T: 'static>(&self) -> &T {
        match self.extension.downcast_ref::<T>() {
            Some(t) => t,
            None => unreachable!("the isolate was made with another extension"),
        }
    }

    // ---- loaders and modules ----------------------------------------------------------------------------------------------

    /// The ClassLoader object of a loader; null for the boot loader.
    pub fn loader_object(&self, loader: LoaderId) -> ObjRef {
        self.loader_objects.lock().get(loader.0 as usize).copied().unwrap_or(ObjRef::NULL)
    }

    /// The id of a ClassLoader object, given at first sight; null is the boot loader.
    pub fn loader_of_object(&self, env: &mut Env<'_>, object: Local<'_>) -> LoaderId {
        if env.is_null(object) {
            return LoaderId::BOOT;
        }
        let offset = env.wk().class_loader.loader_id;
        let raw = env.raw(object);
        let mut objects = self.loader_objects.lock();
        let known = env.get::<u32>(object, offset);
        if known != 0 {
            return LoaderId(known);
        }
        match self.universe.new_loader() {
            Ok(id) => {
                let at = id.0 as usize;
                if objects.len() <= at {
                    objects.resize(at + 1, ObjRef::NULL);
                }
                objects[at] = raw;
                env.set::<u32>(object, offset, id.0);
                let class = env.class_of(object);
                let name = if class.loader.is_boot() { self.universe.text(class.name) } else { b"" };
                if let Some(which) = name.strip_prefix(b"jdk/internal/loader/ClassLoaders$") {
                    // The library's own, one of each.
                    self.universe.set_permanent_loader(id);
                    if which == b"PlatformClassLoader" {
                        self.universe.set_platform_loader(id);
                    }
                }
                id
            }
            // Out of metaspace. An id that no loader has: nothing is found in it, and defining in it fails.
            Err(_) => LoaderId(u32::MAX),
        }
    }

    pub fn module_object(&self, module: ModuleId) -> Option<ObjRef> {
        self.module_objects.lock().get(module.0 as usize).copied().filter(|o| !o.is_null())
    }

    pub fn set_module_object(&self, module: ModuleId, object: ObjRef) {
        let mut objects = self.module_objects.lock();
        let at = module.0 as usize;
        if objects.len() <= at {
            objects.resize(at + 1, ObjRef::NULL);
        }
        objects[at] = object;
    }

    // ---- methods ------------------------------------------------------------------------------------------------------------

    /// The number of a native method's implementation. Only methods of the boot loader's classes have one.
    pub fn bind_native(&self, method: &Method) -> Option<u32> {
        let known = method.native.load(Ordering::Acquire);
        if known != 0 {
            return Some(known - 1);
        }
        let class = self.universe.class(method.class);
        if self.host_methods.get().is_some_and(|host| host.owns(method.class)) {
            let number = host::number(&self.natives)?;
            method.native.store(number + 1, Ordering::Release);
            return Some(number);
        }
        if !class.loader.is_boot() && !class.flags.contains(ClassFlags::FROM_IMAGE) {
            return None;
        }
        let (name, descriptor) = (self.universe.str(method.name), self.universe.str(method.descriptor));
        let number = self.natives.find(&self.universe.str(class.name), &name, &descriptor)?;
        if !crate::natives::fits_method(self.natives.row(number), method) {
            return None;
        }
        method.native.store(number + 1, Ordering::Release);
        Some(number)
    }

    /// Whether a method's small-int result must be narrowed on return: code that javac wrote is narrow already.
    pub fn narrow_results(&self, method: &Method) -> bool {
        let class = self.universe.class(method.class);
        !class.flags.contains(ClassFlags::FROM_IMAGE) && !method.flags.contains(MethodFlags::VM_MADE)
    }

    /// An attribute in a raw attribute table of a class.
    pub fn attribute(&self, class: ClassId, table: MetaSlice<u8>, name: &str) -> Option<Raw<'_>> {
        self.universe.attribute(self.universe.class(class), table, name)
    }

    pub fn plain_return_pc(&self) -> *const u64 {
        self.meta.base().wrapping_add(self.plain_return as usize).cast()
    }

    // ---- threads --------------------------------------------------------------------------------------------------------------

    /// Facts that the interpreter reads from its thread; set when the thread is made and again once start-up knows them.
    pub fn set_thread_constants(&self, thread: &mut Thread) {
        if self.wk.get().is_none() {
            return;
        }
        thread.boolean_array = self.primitive_array(BasicType::Boolean).raw();
        thread.handle_offsets = self.handle_offsets();
    }

    /// The way from a MethodHandle to its method; zeros before the classes are known, when there are no handles.
    pub fn handle_offsets(&self) -> HandleOffsets {
        self.wk.get().map_or(HandleOffsets::default(), |wk| HandleOffsets {
            form: wk.method_handle.form,
            vmentry: wk.lambda_form.vmentry,
            method: wk.member_name.method,
            vmtarget: wk.resolved_method_name.vmtarget,
        })
    }

    /// The name of the current Java thread.
    pub fn thread_name(&self, env: &mut Env<'_>) -> String {
        let this = crate::thread::start::current_object(env);
        if env.is_null(this) {
            return "main".to_owned();
        }
        let name = env.get_ref(this, env.wk().thread.name);
        env.string(name)
    }

    // ---- memory ---------------------------------------------------------------------------------------------------------------

    /// Collections may happen: false during the first steps of start-up.
    pub fn is_collectable(&self) -> bool {
        self.collectable.load(Ordering::Acquire)
    }

    pub(crate) fn set_collectable(&self) {
        self.collectable.store(true, Ordering::Release);
    }

    /// The library is up: its own error reporting works.
    pub fn is_booted(&self) -> bool {
        self.booted.load(Ordering::Acquire)
    }

    pub(crate) fn set_booted(&self) {
        self.booted.store(true, Ordering::Release);
    }

    pub fn prepared_out_of_memory(&self) -> Option<&Global> {
        self.prepared_oom.get()
    }

    pub(crate) fn set_prepared_out_of_memory(&self, error: Global) {
        let _ = self.prepared_oom.set(error);
    }

    /// Marks that a thread is making an OutOfMemoryError; false if it was doing that already.
    pub fn enter_out_of_memory(&self, thread: u32) -> bool {
        let mut list = self.throwing_oom.lock();
        if list.contains(&thread) {
            return false;
        }
        list.push(thread);
        true
    }

    pub fn leave_out_of_memory(&self, thread: u32) {
        self.throwing_oom.lock().retain(|t| *t != thread);
    }

    /// Milliseconds on the clock that soft references are aged by.
    pub fn clock_ms(&self) -> i64 {
        self.started.elapsed().as_millis() as i64 + 1
    }

    /// What follows a collection, still in the stopped world.
    pub fn after_collection(&self) {
        if let Some(wk) = self.wk.get() {
            // SoftReference.clock, which Java stamps soft references with.
            let mirror =
                ObjRef::from_raw(self.universe.class(wk.soft_reference.id).mirror.load(Ordering::Acquire));
            if !mirror.is_null() {
                // SAFETY: the mirror is live and has the static field at this offset.
                unsafe {
                    carafe_gc::object::store_u64(
                        self.cage.base(),
                        mirror,
                        wk.soft_reference.clock as usize,
                        self.clock_ms() as u64,
                    );
                }
            }
        }
        if self.heap.has_pending() {
            self.pending_references.notify_all();
        }
    }

    pub fn uptime(&self) -> std::time::Duration {
        self.started.elapsed()
    }

    pub fn started(&self) -> Instant {
        self.started
    }

    // ---- the end -----------------------------------------------------------------------------------------------------------------

    /// Runtime.halt: every thread unwinds without running handlers.
    pub fn request_halt(&self, status: i32) {
        self.end_with(End::Exit(status));
    }

    /// Ends the isolate: every thread unwinds without running handlers.
    pub fn end_with(&self, end: End) {
        // The status stands before anybody can see that the isolate halts; the first one to ask decides it.
        if !self.halt_claimed.swap(true, Ordering::SeqCst) {
            self.exit_status.store(end.status(), Ordering::SeqCst);
            *self.end.lock() = Some(end);
            self.halting.store(true, Ordering::SeqCst);
        }
        self.limits.wake();
        if let Some(code) = &self.code {
            code.wake();
        }
        crate::thread::start::terminate_all(self);
        self.threads.notify();
        let hook = self.on_halt.lock().take();
        if let Some(hook) = hook {
            hook(self.exit_status());
        }
    }

    /// Calls `hook` once with the exit status when the isolate is halted.
    pub fn on_halt(&self, hook: HaltHook) {
        *self.on_halt.lock() = Some(hook);
    }

    pub(crate) fn all_are_told(&self) {
        self.told.store(true, Ordering::SeqCst);
    }

    /// A thread that ends because the isolate halts is about to give up its monitors. Nobody may go on with what they
    /// protect: whoever gets one has to know by then that it ends too. Short: somebody is on the way through the list.
    pub(crate) fn wait_until_all_are_told(&self) {
        while self.is_halting() && !self.told.load(Ordering::SeqCst) {
            std::thread::yield_now();
        }
    }

    pub fn is_halting(&self) -> bool {
        self.halting.load(Ordering::SeqCst)
    }

    /// Why the isolate halts; `None` if it does not.
    pub fn end(&self) -> Option<End> {
        if self.is_halting() { self.end.lock().clone() } else { None }
    }

    pub fn exit_status(&self) -> i32 {
        self.exit_status.load(Ordering::SeqCst)
    }

    /// A line from the VM itself on the isolate's error stream.
    pub fn console_error(&self, text: &str) {
        self.config.streams.write_error(text);
    }
}

impl Drop for Isolate {
    fn drop(&mut self) {
        debug_assert!(self.threads.is_empty(), "an isolate goes away while it has threads");
    }
}
