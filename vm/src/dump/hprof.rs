//! Heap dumps in the hprof format ("JAVA PROFILE 1.0.2"), as analysers read them.
//!
//! Identifiers: an object is named by its offset in the cage, a class by its mirror, a string by a number of its own kind
//! (see [`Names`]); a class's serial number is its class word. Order: names, classes, stacks, then the heap: class dumps,
//! roots, objects. References that lead to no object of the dump are written as null, so that every identifier in a dump can
//! be found in it.
//!
//! As the reference machine does it: a mirror is told by its class dump (static fields, and what stands beside them in
//! `java.lang.Class` is left out), only the mirrors of primitive types are instances; resolved constants are a static field
//! `<resolved_references>`. Deliberately absent: the constant pool, and sites of allocation (all objects name an empty trace).

mod stream;

use std::io::{self, Write};
use std::sync::atomic::Ordering;
use std::time::Instant;

use carafe_classloader::basic::BasicType;
use carafe_classloader::class::{Class, Field, Method};
use carafe_classloader::symbols::Symbol;
use carafe_gc::heap::GcCause;
use carafe_gc::metaspace::ClassId;
use carafe_gc::object::{self, LayoutKind, ObjRef};
use hashbrown::HashSet;

use super::starts::Starts;
use crate::env::{Env, JResult};
use crate::exceptions::backtrace;
use crate::isolate::Isolate;
use crate::outside::{FileUse, NoFile, OutFile};
use crate::thread::{Thread, safepoint, walk};
use crate::{alloc, roots};
use stream::{ID_BYTES, Stream, sub, tag};

/// The trace that objects name; it has no frames.
const NO_TRACE: u32 = 1;
const NO_FRAME: u32 = u32::MAX;
const RESOLVED_REFERENCES: &[u8] = b"<resolved_references>";

/// The first OutOfMemoryError dumps the heap, if the command line asked for it.
pub fn on_out_of_memory(env: &mut Env<'_>, message: &str) {
    let vm = env.vm();
    // Other memory than the isolate's own is no matter for a heap dump; nor is an array too long for any heap.
    let of_the_vm = ["Java heap space", "Metaspace", "Requested array size exceeds VM limit"];
    let wanted = vm.heap_dump.load(Ordering::Relaxed) && of_the_vm.contains(&message);
    if !wanted || !vm.is_booted() || vm.heap_dumped.swap(true, Ordering::SeqCst) {
        return;
    }
    let path = vm.heap_dump_path.lock().clone();
    let say = |text: &str| vm.config.streams.write_output(text);
    let began = Instant::now();
    let OutFile { name, file } = (vm.natives.outside.create_file)(vm, FileUse::HeapDump, &path);
    say(&format!("java.lang.OutOfMemoryError: {message}\nDumping heap to {name} ...\n"));
    let outcome = match file {
        Ok(mut file) => write(env, &mut *file),
        Err(why) => return say(&format!("Unable to create {name}: {why}\n")),
    };
    match outcome {
        Ok(bytes) => {
            let seconds = began.elapsed().as_secs_f64();
            say(&format!("Heap dump file created [{bytes} bytes in {seconds:.3} secs]\n"));
        }
        Err(error) => say(&format!("Dump file is incomplete: {error}\n")),
    }
}

/// Dumps the heap to a new file; with `live` only what is reachable.
pub fn to_file(env: &mut Env<'_>, path: &str, live: bool) -> JResult<Result<u64, NoFile>> {
    let vm = env.vm();
    let OutFile { file, .. } = (vm.natives.outside.create_file)(vm, FileUse::HeapDumpNamed, path);
    let mut file = match file {
        Ok(file) => file,
        Err(why) => return Ok(Err(why)),
    };
    if live {
        alloc::collect(env, GcCause::Explicit);
    }
    let outcome = write(env, &mut *file);
    env.poll()?;
    Ok(outcome.map_err(|error| NoFile::Failed(error.to_string())))
}

/// Writes a dump of all objects; answers its length.
pub fn write(env: &mut Env<'_>, out: &mut dyn Write) -> io::Result<u64> {
    safepoint::stop_the_world_for("HeapDumper", env.thread_mut(), |thread| {
        let vm = thread.vm();
        super::retire_buffers(vm);
        let stream = Stream::new(out, (vm.natives.outside.wall_clock_ms)())?;
        let mut dump = Dump { vm, stream, names: Names::default(), starts: Starts::default() };
        dump.find_starts()?;
        dump.classes()?;
        dump.stacks()?;
        dump.class_dumps()?;
        dump.roots()?;
        dump.objects()?;
        dump.stream.finish()
    })
}

/// Which strings have been written. Symbols keep their metaspace offset as identifier; other texts are told apart by what
/// they belong to.
#[derive(Default)]
struct Names {
    symbols: HashSet<u32>,
    files: HashSet<u32>,
    resolved_references: bool,
}

const SYMBOL_IDS: u64 = 1 << 40;
const FILE_IDS: u64 = 2 << 40;
const FRAME_IDS: u64 = 3 << 40;
const RESOLVED_REFERENCES_ID: u64 = 4 << 40;

/// A dump being written; the world is stopped as long as there is one.
struct Dump<'v, 'w> {
    vm: &'v Isolate,
    stream: Stream<'w>,
    names: Names,
    starts: Starts,
}

impl<'v> Dump<'v, '_> {
    fn base(&self) -> *mut u8 {
        self.vm.cage.base()
    }

    fn class(&self, id: ClassId) -> &'v Class {
        self.vm.universe.class(id)
    }

    fn find_starts(&mut self) -> io::Result<()> {
        let mut room = true;
        let starts = &mut self.starts;
        // SAFETY: `write` stopped the world and retired the buffers; the closure does not touch the heap.
        unsafe { self.vm.heap.for_each_object(|object, _, _| room = room && starts.insert(object)) };
        if room { Ok(()) } else { Err(io::ErrorKind::OutOfMemory.into()) }
    }

    /// The identifier of a reference; 0 if it leads to nothing that is dumped.
    fn reference(&self, raw: u32) -> u64 {
        let object = ObjRef::from_raw(raw);
        if self.starts.contains(object) { object.offset() } else { 0 }
    }

    fn load(&self, object: ObjRef, offset: usize) -> u64 {
        // SAFETY: callers name reference slots of live objects, and the world is stopped.
        self.reference(unsafe { object::load_ref(self.base(), object, offset) }.raw())
    }

    /// The identifier of a class: its mirror.
    fn class_id(&self, id: ClassId) -> u64 {
        if id == ClassId::NONE { 0 } else { self.reference(self.class(id).mirror.load(Ordering::Acquire)) }
    }

    /// Classes that are told by class dumps: all that have mirrors and objects or static fields.
    fn told_classes(&self) -> Vec<ClassId> {
        let told = |id: &ClassId| !self.class(*id).is_primitive() && self.class_id(*id) != 0;
        self.vm.universe.classes().filter(told).collect()
    }

    // ---- names and classes ---------------------------------------------------------------------------------------------

    fn symbol(&mut self, symbol: Symbol) -> io::Result<u64> {
        let id = SYMBOL_IDS | u64::from(symbol.raw());
        if self.names.symbols.insert(symbol.raw()) {
            self.stream.record(tag::UTF8, &[&id.to_be_bytes(), self.vm.universe.text(symbol)])?;
        }
        Ok(id)
    }

    /// The source file of a class; 0 if it is not known.
    fn source_file(&mut self, class: &Class) -> io::Result<u64> {
        let Some(file) = backtrace::source_file(self.vm, class) else { return Ok(0) };
        let id = FILE_IDS | u64::from(class.id.raw());
        if self.names.files.insert(class.id.raw()) {
            self.stream.record(tag::UTF8, &[&id.to_be_bytes(), file])?;
        }
        Ok(id)
    }

    fn classes(&mut self) -> io::Result<()> {
        for id in self.told_classes() {
            let class = self.class(id);
            let name = self.symbol(class.name)?;
            for field in declared(self.vm, class) {
                self.symbol(field.name)?;
            }
            if !self.names.resolved_references && class.resolved.load(Ordering::Acquire) != 0 {
                self.names.resolved_references = true;
                let id = RESOLVED_REFERENCES_ID.to_be_bytes();
                self.stream.record(tag::UTF8, &[&id, RESOLVED_REFERENCES])?;
            }
            let serial = id.raw().to_be_bytes();
            let mirror = self.class_id(id).to_be_bytes();
            let parts: [&[u8]; 4] = [&serial, &mirror, &NO_TRACE.to_be_bytes(), &name.to_be_bytes()];
            self.stream.record(tag::LOAD_CLASS, &parts)?;
        }
        Ok(())
    }

    // ---- stacks ----------------------------------------------------------------------------------------------------------

    /// Every thread's stack. Threads are numbered from 1 in the order of the list, traces from 2.
    fn stacks(&mut self) -> io::Result<()> {
        self.stream
            .record(tag::TRACE, &[&NO_TRACE.to_be_bytes(), &0u32.to_be_bytes(), &0u32.to_be_bytes()])?;
        let threads: Vec<*mut Thread> = self.vm.threads.lock().iter().map(|entry| entry.thread).collect();
        let mut next_frame = FRAME_IDS;
        for (number, thread) in threads.into_iter().enumerate() {
            // SAFETY: the world is stopped: threads stand still and none leaves the list.
            let thread = unsafe { &*thread };
            let first = next_frame;
            let mut outcome = Ok(());
            walk::each(thread, |frame| {
                outcome = self.frame(next_frame, frame.method, frame.bci);
                next_frame += 1;
                outcome.is_ok()
            });
            outcome?;
            let frames = next_frame - first;
            let serial = number as u32 + 1;
            self.stream.begin(tag::TRACE, 12 + frames * ID_BYTES)?;
            self.stream.body(&(serial + 1).to_be_bytes())?;
            self.stream.body(&serial.to_be_bytes())?;
            self.stream.body(&(frames as u32).to_be_bytes())?;
            for frame in first..next_frame {
                self.stream.body(&frame.to_be_bytes())?;
            }
        }
        Ok(())
    }

    fn frame(&mut self, id: u64, method: &Method, bci: i32) -> io::Result<()> {
        const UNKNOWN: i32 = -1;
        const NATIVE: i32 = -3;
        let class = self.class(method.class);
        let name = self.symbol(method.name)?.to_be_bytes();
        let descriptor = self.symbol(method.descriptor)?.to_be_bytes();
        let file = self.source_file(class)?.to_be_bytes();
        let line = match backtrace::line_number(self.vm, method, bci) {
            _ if method.is_native() => NATIVE,
            line if line > 0 => line,
            _ => UNKNOWN,
        };
        let (serial, line) = (class.id.raw().to_be_bytes(), line.to_be_bytes());
        self.stream.record(tag::FRAME, &[&id.to_be_bytes(), &name, &descriptor, &file, &serial, &line])
    }

    // ---- class dumps -----------------------------------------------------------------------------------------------------

    fn class_dumps(&mut self) -> io::Result<()> {
        self.told_classes().into_iter().try_for_each(|id| self.class_dump(self.class(id)))
    }

    fn class_dump(&mut self, class: &Class) -> io::Result<()> {
        let vm = self.vm;
        let mirror = ObjRef::from_raw(class.mirror.load(Ordering::Acquire));
        let statics = || declared(vm, class).filter(|f| f.is_static());
        let instance = || declared(vm, class).filter(|f| !f.is_static());
        // A class may declare as many fields as the format counts; then this one is left out.
        let room = statics().count() < usize::from(u16::MAX);
        let resolved = if room { self.reference(class.resolved.load(Ordering::Acquire)) } else { 0 };
        let static_bytes: u64 = statics().map(|f| ID_BYTES + 1 + value_bytes(f)).sum();
        let static_count = statics().count() as u64 + u64::from(resolved != 0);
        let (resolved_bytes, field_count) =
            (u64::from(resolved != 0) * (2 * ID_BYTES + 1), instance().count());
        let bytes = 1
            + 7 * ID_BYTES
            + 4
            + 4
            + 2
            + 2
            + static_bytes
            + resolved_bytes
            + 2
            + field_count as u64 * (ID_BYTES + 1);
        self.stream.sub(sub::CLASS_DUMP, bytes)?;
        self.stream.id(mirror.offset())?;
        self.stream.u4(NO_TRACE)?;
        let (above, loader) = (self.class_id(class.super_class), vm.loader_object(class.loader));
        let domain = self.load(mirror, vm.wk().class.protection_domain as usize);
        for id in [above, self.reference(loader.raw()), 0, domain, 0, 0] {
            self.stream.id(id)?;
        }
        self.stream.u4(instance_bytes(vm, class) as u32)?;
        self.stream.u2(0)?;
        self.stream.u2(static_count as u16)?;
        for field in statics() {
            self.stream.id(SYMBOL_IDS | u64::from(field.name.raw()))?;
            self.stream.u1(type_of(field.basic))?;
            self.value(mirror, field)?;
        }
        if resolved != 0 {
            self.stream.id(RESOLVED_REFERENCES_ID)?;
            self.stream.u1(OBJECT)?;
            self.stream.id(resolved)?;
        }
        self.stream.u2(field_count as u16)?;
        for field in instance() {
            self.stream.id(SYMBOL_IDS | u64::from(field.name.raw()))?;
            self.stream.u1(type_of(field.basic))?;
        }
        Ok(())
    }

    /// The value of a field, as wide as its type.
    fn value(&mut self, holder: ObjRef, field: &Field) -> io::Result<()> {
        let (base, at) = (self.base(), field.offset as usize);
        if is_reference(field.basic) {
            let id = self.load(holder, at);
            return self.stream.id(id);
        }
        // SAFETY: a declared field of a live object's class (or a static one of a live mirror's), and the world is stopped.
        unsafe {
            match value_bytes(field) {
                1 => self.stream.u1(object::load_u8(base, holder, at)),
                2 => self.stream.u2(object::load_u16(base, holder, at)),
                4 => self.stream.u4(object::load_u32(base, holder, at)),
                _ => self.stream.id(object::load_u64(base, holder, at)),
            }
        }
    }

    // ---- roots -------------------------------------------------------------------------------------------------------------

    fn roots(&mut self) -> io::Result<()> {
        // The others are kept by their loaders, or as hidden classes by who uses them.
        for id in self.told_classes().into_iter().filter(|id| !self.vm.universe.class(*id).is_unloadable()) {
            self.root(sub::ROOT_STICKY_CLASS, self.class(id).mirror.load(Ordering::Acquire), &[])?;
        }
        let vm = self.vm;
        let mut outcome = Ok(());
        roots::visit_by_kind(vm, roots::Scope::Marking, &mut |kind, slot| {
            if outcome.is_ok() {
                outcome = self.root_of(kind, *slot);
            }
        });
        outcome
    }

    fn root_of(&mut self, kind: roots::Kind, raw: u32) -> io::Result<()> {
        match kind {
            // Told by their class dumps, or by the roots of their mirrors.
            roots::Kind::Mirror | roots::Kind::Resolved => Ok(()),
            roots::Kind::Loader | roots::Kind::Module => self.root(sub::ROOT_UNKNOWN, raw, &[]),
            roots::Kind::Global(index) => {
                self.root(sub::ROOT_JNI_GLOBAL, raw, &u64::from(index).to_be_bytes())
            }
            roots::Kind::ThreadObject(thread) => {
                self.root(sub::ROOT_THREAD_OBJECT, raw, &pair(thread + 1, thread + 2))
            }
            roots::Kind::Monitor => self.root(sub::ROOT_MONITOR_USED, raw, &[]),
            roots::Kind::Handle(thread) => self.root(sub::ROOT_JNI_LOCAL, raw, &pair(thread + 1, NO_FRAME)),
            roots::Kind::Frame(thread, frame) => {
                self.root(sub::ROOT_JAVA_FRAME, raw, &pair(thread + 1, frame.unwrap_or(NO_FRAME)))
            }
        }
    }

    fn root(&mut self, tag: u8, raw: u32, rest: &[u8]) -> io::Result<()> {
        let id = self.reference(raw);
        if id == 0 {
            return Ok(());
        }
        self.stream.sub(tag, 1 + ID_BYTES + rest.len() as u64)?;
        self.stream.id(id)?;
        self.stream.put(rest)
    }

    // ---- objects -----------------------------------------------------------------------------------------------------------

    fn objects(&mut self) -> io::Result<()> {
        let vm = self.vm;
        let mut outcome = Ok(());
        let mut count = 0u64;
        // SAFETY: as in `find_starts`; the closure reads objects and no more.
        unsafe {
            vm.heap.for_each_object(|object, class, _| {
                count += 1;
                if count.is_multiple_of(1 << 16) && vm.is_halting() {
                    outcome = Err(io::ErrorKind::Interrupted.into());
                }
                if outcome.is_ok() {
                    outcome = self.object(object, vm.universe.class(class));
                }
            });
        }
        outcome
    }

    fn object(&mut self, object: ObjRef, class: &Class) -> io::Result<()> {
        match class.layout.kind {
            LayoutKind::RefArray => self.object_array(object, class),
            LayoutKind::PrimArray => self.primitive_array(object, class),
            LayoutKind::Mirror if self.is_told_by_class_dump(object) => Ok(()),
            _ => self.instance(object, class),
        }
    }

    fn is_told_by_class_dump(&self, mirror: ObjRef) -> bool {
        let at = self.vm.wk().class.klass as usize;
        // SAFETY: a live mirror has the hidden field.
        let class = self.class(ClassId::from_raw(unsafe { object::load_u32(self.base(), mirror, at) }));
        !class.is_primitive() && class.mirror.load(Ordering::Acquire) == mirror.raw()
    }

    fn instance(&mut self, object: ObjRef, class: &Class) -> io::Result<()> {
        let values = instance_bytes(self.vm, class);
        self.stream.sub(sub::INSTANCE_DUMP, 1 + 2 * ID_BYTES + 8 + values)?;
        self.stream.id(object.offset())?;
        self.stream.u4(NO_TRACE)?;
        let id = self.class_id(class.id);
        self.stream.id(id)?;
        self.stream.u4(values as u32)?;
        let mut at = class.id;
        while at != ClassId::NONE {
            let class = self.class(at);
            for field in declared(self.vm, class).filter(|f| !f.is_static()) {
                self.value(object, field)?;
            }
            at = class.super_class;
        }
        Ok(())
    }

    /// How many elements of an array are told: all, unless a record cannot hold them.
    fn told_elements(&self, array: ObjRef, element_bytes: u64) -> u32 {
        const HEAD_BYTES: u64 = 64;
        // SAFETY: the caller's object is a live array.
        let len = unsafe { object::array_length(self.base(), array) };
        u64::from(len).min((u64::from(u32::MAX) - HEAD_BYTES) / element_bytes) as u32
    }

    fn object_array(&mut self, array: ObjRef, class: &Class) -> io::Result<()> {
        let len = self.told_elements(array, ID_BYTES);
        self.stream.sub(sub::OBJECT_ARRAY_DUMP, 1 + 2 * ID_BYTES + 8 + u64::from(len) * ID_BYTES)?;
        self.stream.id(array.offset())?;
        self.stream.u4(NO_TRACE)?;
        self.stream.u4(len)?;
        let id = self.class_id(class.id);
        self.stream.id(id)?;
        let data = object::array_data_offset(object::REF_BYTES_SHIFT);
        for i in 0..len as usize {
            let id = self.load(array, data + i * object::REF_BYTES);
            self.stream.id(id)?;
        }
        Ok(())
    }

    fn primitive_array(&mut self, array: ObjRef, class: &Class) -> io::Result<()> {
        let shift = class.layout.elem_shift;
        let len = self.told_elements(array, 1 << shift);
        self.stream.sub(sub::PRIMITIVE_ARRAY_DUMP, 1 + ID_BYTES + 9 + (u64::from(len) << shift))?;
        self.stream.id(array.offset())?;
        self.stream.u4(NO_TRACE)?;
        self.stream.u4(len)?;
        self.stream.u1(type_of(class.basic))?;
        let (base, data) = (self.base(), object::array_data_offset(shift));
        let mut chunk = [0u8; 4096];
        let (mut done, bytes) = (0usize, (len as usize) << shift);
        while done < bytes {
            let part = &mut chunk[..(bytes - done).min(4096)];
            // SAFETY: bytes of a live array, in a stopped world, into memory of our own.
            unsafe {
                let from = array.ptr(base).add(data + done);
                std::ptr::copy_nonoverlapping(from, part.as_mut_ptr(), part.len());
            }
            if shift > 0 {
                part.chunks_exact_mut(1 << shift).for_each(<[u8]>::reverse);
            }
            done += part.len();
            self.stream.put(part)?;
        }
        Ok(())
    }
}

fn pair(a: u32, b: u32) -> [u8; 8] {
    (u64::from(a) << 32 | u64::from(b)).to_be_bytes()
}

/// The fields that a class file declares.
fn declared<'v>(vm: &'v Isolate, class: &Class) -> impl Iterator<Item = &'v Field> + use<'v> {
    vm.meta.slice(class.fields).iter().filter(|f| !f.is_injected())
}

/// Bytes of an instance's values in a dump: of the class's fields and those above it.
fn instance_bytes(vm: &Isolate, class: &Class) -> u64 {
    if class.is_array() {
        return 0;
    }
    let mut bytes = 0;
    let mut class = class;
    loop {
        bytes += declared(vm, class).filter(|f| !f.is_static()).map(value_bytes).sum::<u64>();
        if class.super_class == ClassId::NONE {
            return bytes;
        }
        class = vm.universe.class(class.super_class);
    }
}

fn is_reference(basic: u8) -> bool {
    BasicType::from_u8(basic).is_some_and(BasicType::is_reference)
}

fn value_bytes(field: &Field) -> u64 {
    match BasicType::from_u8(field.basic) {
        Some(basic) if basic.is_primitive() => 1 << basic.size_shift(),
        Some(_) | None => ID_BYTES,
    }
}

const OBJECT: u8 = 2;

/// The format's number of a type: primitive ones are numbered as in `newarray`.
fn type_of(basic: u8) -> u8 {
    match BasicType::from_u8(basic) {
        Some(kind) if kind.is_primitive() => basic,
        Some(_) | None => OBJECT,
    }
}
