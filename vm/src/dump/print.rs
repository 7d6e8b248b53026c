//! The thread dump as people and tools read it: the form of the reference machine's answer to SIGQUIT.
//!
//! Objects are named by their offset in the cage, and a thread's `tid` is its number in the VM: no address of the host appears.
//! Threads of the VM that run no Java code have no lines, because there are none.

use std::fmt::Write;
use std::time::Instant;

use carafe_classloader::class::Method;
use carafe_gc::object::ObjRef;

use super::histogram;
use super::threads::{Blocker, FrameFacts, Thing, ThreadFacts, Wanted, deadlocks, gather};
use crate::env::Env;
use crate::exceptions::backtrace;
use crate::isolate::Isolate;
use crate::strings;
use crate::thread::start::status;

const FRAMES_SHOWN: usize = 1024;
const WANTED: Wanted = Wanted { frames: FRAMES_SHOWN, locks: true, synchronizers: false };

/// What a program's host gets for SIGQUIT, on the isolate's standard output.
pub fn thread_dump_to_output(env: &mut Env<'_>) {
    let vm = env.vm();
    let mut text = env.scope(thread_dump);
    text += &heap(vm);
    if vm.config.class_histogram {
        text += &histogram::text(env, true);
    }
    // Whoever reads it may be slow, and the others go on meanwhile.
    env.blocking(|| vm.config.streams.write_output(&text));
}

/// Date, all threads, deadlocks.
pub fn thread_dump(env: &mut Env<'_>) -> String {
    let vm = env.vm();
    let (facts, versions) = (gather(env, WANTED), Versions::of(vm));
    let now = (vm.natives.outside.local_time)();
    let mut out = format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02}\nFull thread dump carafe ({} interpreted mode):\n\n",
        now.year,
        now.month,
        now.day,
        now.hour,
        now.minute,
        now.second,
        env!("CARGO_PKG_VERSION")
    );
    for thread in &facts {
        header(&mut out, vm, thread);
        stack(&mut out, vm, &versions, thread);
        out.push('\n');
    }
    let _ = writeln!(out, "JNI global refs: {}, weak refs: 0\n", vm.globals.len());
    deadlock_report(&mut out, vm, &versions, &facts);
    out
}

/// The heap and metaspace at the end of a dump.
pub fn heap(vm: &Isolate) -> String {
    let figures = vm.figures();
    let mut out = String::from("Heap\n");
    for pool in figures.pools.iter().filter(|pool| pool.is_heap) {
        let _ = writeln!(
            out,
            " {:<18} committed {}K, used {}K, max {}K",
            pool.name,
            pool.committed >> 10,
            pool.used >> 10,
            pool.max >> 10
        );
    }
    for pool in figures.pools.iter().filter(|pool| !pool.is_heap) {
        let (used, committed) = (pool.used >> 10, pool.committed >> 10);
        let _ = writeln!(out, " {:<15} used {used}K, committed {committed}K", pool.name);
    }
    out.push('\n');
    out
}

fn header(out: &mut String, vm: &Isolate, thread: &ThreadFacts<'_>) {
    let tid = thread.control.os_tid.load(std::sync::atomic::Ordering::Relaxed);
    let cpu = (vm.natives.outside.thread_cpu)(tid).unwrap_or_default().as_secs_f64() * 1e3;
    let elapsed = Instant::now().saturating_duration_since(thread.control.started).as_secs_f64();
    let _ = writeln!(
        out,
        "\"{}\" #{} [{tid}] {}prio={} os_prio=0 cpu={cpu:.2}ms elapsed={elapsed:.2}s tid={:#018x} nid={tid} {} [{:#018x}]",
        thread.name,
        thread.tid,
        if thread.daemon { "daemon " } else { "" },
        thread.priority,
        thread.control.id,
        doing(thread),
        thread.stack_bytes
    );
    let _ = writeln!(out, "   java.lang.Thread.State: {}", state(thread));
}

fn doing(thread: &ThreadFacts<'_>) -> &'static str {
    match (thread.blocker, thread.status) {
        (Blocker::Entry(_) | Blocker::EntryAfterWait(_), _) => "waiting for monitor entry ",
        (Blocker::Notification(_), _) => "in Object.wait() ",
        (Blocker::Nothing | Blocker::Parked(_), status::RUNNABLE) => "runnable ",
        (Blocker::Nothing | Blocker::Parked(_), _) => "waiting on condition ",
    }
}

fn state(thread: &ThreadFacts<'_>) -> &'static str {
    match thread.status {
        0 => "NEW",
        status::TERMINATED => "TERMINATED",
        status::BLOCKED => "BLOCKED (on object monitor)",
        status::WAITING => "WAITING (on object monitor)",
        status::TIMED_WAITING => "TIMED_WAITING (on object monitor)",
        status::PARKED => "WAITING (parking)",
        status::TIMED_PARKED => "TIMED_WAITING (parking)",
        status::SLEEPING => "TIMED_WAITING (sleeping)",
        _ => "RUNNABLE",
    }
}

fn stack(out: &mut String, vm: &Isolate, versions: &Versions, thread: &ThreadFacts<'_>) {
    for (depth, frame) in thread.frames.iter().enumerate() {
        let _ = writeln!(out, "\tat {}", place(vm, versions, frame));
        if depth == 0 {
            let (what, thing) = match thread.blocker {
                Blocker::Nothing => ("", None),
                Blocker::Entry(thing) => ("waiting to lock", Some(thing)),
                Blocker::Notification(thing) => ("waiting on", Some(thing)),
                Blocker::EntryAfterWait(thing) => ("waiting to re-lock in wait()", Some(thing)),
                Blocker::Parked(thing) => ("parking to wait for ", Some(thing)),
            };
            lock(out, vm, what, thing);
        }
        frame.locks.iter().for_each(|thing| lock(out, vm, "locked", Some(*thing)));
    }
}

fn lock(out: &mut String, vm: &Isolate, what: &str, thing: Option<Thing>) {
    if let Some(thing) = thing {
        let _ = writeln!(out, "\t- {what} <{:#018x}> (a {})", thing.object.offset(), class_of(vm, thing));
    }
}

/// The class of an object; of a class object, which class it stands for.
fn class_of(vm: &Isolate, thing: Thing) -> String {
    let name = vm.universe.external_name(thing.class);
    match super::mirrored(vm, thing.object, thing.class) {
        Some(class) => format!("{name} for {}", vm.universe.external_name(class)),
        None => name,
    }
}

/// `java.lang.Thread.run(java.base@25/Thread.java:1474)`
fn place(vm: &Isolate, versions: &Versions, frame: &FrameFacts<'_>) -> String {
    let method = frame.method;
    let class = vm.universe.class(method.class);
    let module = versions.module(vm, method);
    let file = backtrace::source_file(vm, class).map(|file| String::from_utf8_lossy(file).into_owned());
    let source = match (backtrace::line_number(vm, method, frame.bci), file) {
        (-2, _) => "Native Method".to_owned(),
        (line, Some(file)) if line > 0 => format!("{file}:{line}"),
        (_, Some(file)) => file,
        (_, None) => "Unknown Source".to_owned(),
    };
    format!("{}.{}({module}{source})", vm.universe.external_name(class.id), vm.universe.str(method.name))
}

/// Modules' versions, by their numbers; read once for a dump.
pub(super) struct Versions(Vec<String>);

impl Versions {
    pub(super) fn of(vm: &Isolate) -> Versions {
        // The vector is indexed by module; references in it are current, because nothing here collects.
        let objects: Vec<ObjRef> = vm.module_objects.lock().clone();
        Versions(objects.into_iter().map(|module| version(vm, module)).collect())
    }

    /// `java.base@25/`; nothing for an unnamed module.
    fn module(&self, vm: &Isolate, method: &Method) -> String {
        let prefix = self.of_class(vm, method.class);
        if prefix.is_empty() { prefix } else { prefix + "/" }
    }

    /// `java.base@25`; nothing for an unnamed module.
    pub(super) fn of_class(&self, vm: &Isolate, class: carafe_gc::metaspace::ClassId) -> String {
        let mut module = vm.universe.class(class).module();
        if module.0 == 0 {
            module = vm.universe.modules.java_base();
        }
        let Some(name) = vm.universe.modules.name(module) else { return String::new() };
        let name = vm.universe.str(name);
        match self.0.get(module.0 as usize).filter(|version| !version.is_empty()) {
            Some(version) => format!("{name}@{version}"),
            None => name.into_owned(),
        }
    }
}

/// The version of a java.lang.Module; empty if it has none.
fn version(vm: &Isolate, module: ObjRef) -> String {
    let wk = vm.wk();
    let load = |object: ObjRef, offset: u32| {
        if object.is_null() {
            return ObjRef::NULL;
        }
        // SAFETY: a reference field of a live object, and nothing moves: the caller runs, and does not collect.
        unsafe { carafe_gc::object::load_ref(vm.cage.base(), object, offset as usize) }
    };
    const LENGTH_MAX: usize = 200;
    let descriptor = load(module, wk.module.descriptor);
    let parsed = load(load(descriptor, wk.module_descriptor.version), wk.module_version.version);
    let text = if parsed.is_null() { load(descriptor, wk.module_descriptor.raw_version) } else { parsed };
    String::from_utf16_lossy(&strings::units_at_most(vm, text, LENGTH_MAX))
}

fn deadlock_report(out: &mut String, vm: &Isolate, versions: &Versions, facts: &[ThreadFacts<'_>]) {
    let cycles = deadlocks(facts, true);
    for cycle in &cycles {
        out.push_str("\nFound one Java-level deadlock:\n=============================\n");
        for (place, member) in cycle.iter().enumerate() {
            let (thread, holder) = (&facts[*member], &facts[cycle[(place + 1) % cycle.len()]]);
            let _ = writeln!(out, "\"{}\":", thread.name);
            if let Some(thing) = thread.blocker.thing() {
                let (at, class) = (thing.object.offset(), class_of(vm, thing));
                let _ = match thread.blocker {
                    Blocker::Parked(_) => {
                        writeln!(out, "  waiting for ownable synchronizer {at:#018x}, (a {class}),")
                    }
                    Blocker::Nothing
                    | Blocker::Entry(_)
                    | Blocker::Notification(_)
                    | Blocker::EntryAfterWait(_) => {
                        writeln!(out, "  waiting to lock monitor {at:#018x} (object {at:#018x}, a {class}),")
                    }
                };
            }
            let _ = writeln!(out, "  which is held by \"{}\"\n", holder.name);
        }
        out.push_str("Java stack information for the threads listed above:\n");
        out.push_str("===================================================\n");
        for member in cycle {
            let _ = writeln!(out, "\"{}\":", facts[*member].name);
            stack(out, vm, versions, &facts[*member]);
        }
    }
    match cycles.len() {
        0 => {}
        1 => out.push_str("\nFound 1 deadlock.\n\n"),
        n => {
            let _ = writeln!(out, "\nFound {n} deadlocks.\n");
        }
    }
}
