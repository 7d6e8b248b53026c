//! How many objects of each class there are and what they take, as `jcmd GC.class_histogram` prints it.

use std::cmp::Reverse;
use std::fmt::Write;

use carafe_gc::heap::GcCause;
use carafe_gc::metaspace::ClassId;
use hashbrown::HashMap;

use super::print::Versions;
use crate::alloc;
use crate::env::Env;
use crate::thread::safepoint;

/// A class's objects: their number and bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub objects: u64,
    pub bytes: u64,
}

/// Counts all objects; with `live` only those that are reachable.
pub fn count(env: &mut Env<'_>, live: bool) -> HashMap<ClassId, Count> {
    if live {
        alloc::collect(env, GcCause::Explicit);
    }
    let vm = env.vm();
    safepoint::stop_the_world_for("GC_HeapInspection", env.thread_mut(), |_| {
        super::retire_buffers(vm);
        let mut counts: HashMap<ClassId, Count> = HashMap::new();
        // SAFETY: the world is stopped and buffers are retired; the closure does not touch the heap.
        unsafe {
            vm.heap.for_each_object(|_, class, bytes| {
                let count = counts.entry(class).or_default();
                count.objects += 1;
                count.bytes += bytes;
            });
        }
        counts
    })
}

/// The histogram as text: the classes that take most come first.
pub fn text(env: &mut Env<'_>, live: bool) -> String {
    let counts = count(env, live);
    let vm = env.vm();
    let versions = Versions::of(vm);
    let mut rows: Vec<(ClassId, Count, String)> = counts
        .into_iter()
        .map(|(class, count)| {
            let (name, module) = (vm.universe.external_name(class), versions.of_class(vm, class));
            (class, count, if module.is_empty() { name } else { format!("{name} ({module})") })
        })
        .collect();
    rows.sort_by(|a, b| {
        (Reverse(a.1.bytes), Reverse(a.1.objects), &a.2).cmp(&(
            Reverse(b.1.bytes),
            Reverse(b.1.objects),
            &b.2,
        ))
    });
    let mut out = String::from(" num     #instances         #bytes  class name (module)\n");
    out.push_str("-------------------------------------------------------\n");
    let mut total = Count::default();
    for (number, (_, count, name)) in (1..).zip(&rows) {
        total.objects += count.objects;
        total.bytes += count.bytes;
        let _ = writeln!(out, "{number:4}: {:13} {:14}  {name}", count.objects, count.bytes);
    }
    let _ = writeln!(out, "Total {:13} {:14}", total.objects, total.bytes);
    out
}
