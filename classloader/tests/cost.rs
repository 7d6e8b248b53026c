//! Hostile hierarchies and class files: what they may cost at most, and how they end when they cost more.
//!
//! Costs are asserted in the units that linking charges its host, which do not depend on the machine. The time limits
//! are there to catch work that nobody charges, and are wide. What needs a running program is in the root's
//! tests/hostile.rs; the verifier's costs are its own.

#[allow(dead_code, reason = "a table of flags")]
#[path = "linking/class_file.rs"]
mod class_file;
mod common;
#[allow(dead_code, reason = "each test program uses a part of it")]
#[path = "linking/host.rs"]
mod host;

use std::time::{Duration, Instant};

use carafe_classloader::class::{ClassState, LoaderId};
use carafe_classloader::link::{LinkError, LinkErrorKind};
use carafe_gc::metaspace::ClassId;

use class_file::*;
use host::Host;

/// The budget of a small class, as `link::budget` has it, and some more for reading it.
const SMALL: u64 = (1 << 18) + (1 << 16);

fn setup() -> (Host, LoaderId) {
    let host = Host::booted();
    let loader = host.universe.new_loader().unwrap();
    (host, loader)
}

fn define(host: &mut Host, loader: LoaderId, file: ClassFile) -> ClassId {
    host.define(loader, &file.bytes()).unwrap()
}

/// What defining and linking a class is charged.
fn cost(host: &mut Host, loader: LoaderId, file: ClassFile) -> (u64, Result<ClassId, LinkError>) {
    let before = host.charged;
    let outcome = host.define(loader, &file.bytes()).and_then(|class| host.link(class).map(|()| class));
    (host.charged - before, outcome)
}

#[track_caller]
fn too_much(outcome: Result<ClassId, LinkError>) {
    let Err(error) = outcome else { panic!("should be refused") };
    assert_eq!(error.kind, LinkErrorKind::LinkageError, "{error}");
    assert_eq!(error.message, "Linking the class takes more work than its size allows");
}

/// An interface with so many methods of the names m0, m1 and so on.
fn interface_with(name: &str, methods: usize) -> ClassFile {
    (0..methods).fold(ClassFile::interface(name), |file, n| file.method(PUBLIC, &format!("m{n}"), "()V"))
}

fn within(start: Instant, seconds: u64) {
    let elapsed = start.elapsed();
    eprintln!("took {elapsed:?} of {seconds} s");
    assert!(elapsed < Duration::from_secs(seconds), "took {elapsed:?}");
}

#[test]
fn a_ladder_of_diamonds_costs_its_length() {
    // The reference machine's time doubles with each level: 6.3 s at 24.
    let (mut host, loader) = setup();
    let start = Instant::now();
    define(&mut host, loader, ClassFile::interface("I0").method(PUBLIC, "m", "()V"));
    for level in 1..=24 {
        for side in ["A", "B"] {
            let mut file = ClassFile::interface(&format!("{side}{level}")).method(PUBLIC, "m", "()V");
            if level == 1 {
                file = file.implements("I0");
            } else {
                file = file.implements(&format!("A{}", level - 1)).implements(&format!("B{}", level - 1));
            }
            define(&mut host, loader, file);
        }
    }
    let (cost, outcome) = cost(
        &mut host,
        loader,
        ClassFile::class("C").implements("A24").implements("B24").method(PUBLIC, "n", "()V"),
    );
    outcome.unwrap();
    assert!(cost < 2000, "{cost}");
    within(start, 5);
}

#[test]
fn chains_of_interfaces_that_override_each_other_cost_their_length() {
    let (mut host, loader) = setup();
    let start = Instant::now();
    define(&mut host, loader, interface_with("I0", 100));
    for n in 1..200 {
        define(&mut host, loader, interface_with(&format!("I{n}"), 100).implements(&format!("I{}", n - 1)));
    }
    // 20,000 methods above; a look at every superinterface for each would be two million.
    let (cost, outcome) = cost(&mut host, loader, ClassFile::class("C").implements("I199"));
    outcome.unwrap();
    assert!(cost < 200_000, "{cost}");
    within(start, 10);
}

#[test]
fn unrelated_interfaces_over_many_others_use_up_the_budget() {
    let (mut host, loader) = setup();
    let start = Instant::now();
    // 400 interfaces with the same 40 methods, each over the same 400 interfaces: 6.4 million pairs for 16,000 methods.
    let mut base = ClassFile::interface("B");
    for n in 0..400 {
        define(&mut host, loader, ClassFile::interface(&format!("B{n}")));
        base = base.implements(&format!("B{n}"));
    }
    define(&mut host, loader, base);
    let mut class = ClassFile::class("C");
    for n in 0..400 {
        define(&mut host, loader, interface_with(&format!("I{n}"), 40).implements("B"));
        class = class.implements(&format!("I{n}"));
    }
    let (cost, outcome) = cost(&mut host, loader, class);
    too_much(outcome);
    let name = host.symbol("C");
    assert_eq!(host.universe.find_loaded(loader, name), None, "a refused class leaves nothing");
    assert!(cost <= SMALL + 32 * 20_000, "{cost}");
    within(start, 10);
}

#[test]
fn a_chain_of_20000_superclasses_is_linked_without_recursion() {
    let (mut host, loader) = setup();
    let start = Instant::now();
    let with_method = |name: &str| ClassFile::class(name).method(PUBLIC, "m", "()V");
    define(&mut host, loader, with_method("C0").method(PUBLIC | FINAL, "last", "()V"));
    for n in 1..20_000 {
        let file = with_method(&format!("C{n}")).extends(&format!("C{}", n - 1));
        define(&mut host, loader, file);
    }
    let last = host.universe.find_loaded(loader, host.symbol("C19999")).unwrap();
    host.link(last).unwrap();
    assert_eq!(host.universe.class(last).state(), ClassState::Linked);
    assert_eq!(host.universe.class(last).depth, 20_000);
    within(start, 20);
}

#[test]
fn package_private_methods_in_a_chain_of_packages_use_up_the_budget() {
    let (mut host, loader) = setup();
    let start = Instant::now();
    let file = |n: usize| {
        (0..20).fold(ClassFile::class(&format!("p{n}/C")), |f, m| f.method(0, &format!("m{m}"), "()V"))
    };
    define(&mut host, loader, file(0));
    let mut refused = None;
    for n in 1..1500 {
        let (cost, outcome) = cost(&mut host, loader, file(n).extends(&format!("p{}/C", n - 1)));
        assert!(cost < SMALL, "{cost}");
        if outcome.is_err() {
            refused = Some((n, outcome));
            break;
        }
    }
    let (n, outcome) = refused.unwrap();
    too_much(outcome);
    assert!(n > 100, "{n}");
    within(start, 20);
}

#[test]
fn small_classes_over_huge_tables_use_up_the_budget() {
    let (mut host, loader) = setup();
    let start = Instant::now();
    let mut above = "java/lang/Object".to_owned();
    for n in 0..50 {
        let name = format!("C{n}");
        let file = ClassFile::class(&name).extends(&above);
        let file =
            (0..60_000).fold(file, |file, m| file.method(PUBLIC | ABSTRACT, &format!("m{n}_{m}"), "()V"));
        let file = file.access(PUBLIC | SUPER | ABSTRACT);
        let (_, outcome) = cost(&mut host, loader, file);
        if let Err(error) = outcome {
            assert_eq!(error.kind, LinkErrorKind::OutOfMemoryError, "{error}");
            break;
        }
        above = name;
        let (cost, outcome) = cost(
            &mut host,
            loader,
            ClassFile::class(&format!("S{n}")).extends(&above).method(PUBLIC, "s", "()V"),
        );
        assert!(cost < SMALL, "{cost}");
        if outcome.is_err() {
            too_much(outcome);
            within(start, 60);
            return;
        }
    }
    panic!("a table of millions of methods was copied for each small class");
}

#[test]
fn long_descriptors_are_compared_once_across_loaders() {
    let (mut host, parent) = setup();
    let child = host.universe.new_loader().unwrap();
    host.parents.insert(child, parent);
    let start = Instant::now();
    let name = "T".repeat(250);
    let descriptor = format!("({})V", format!("L{name};").repeat(254));
    let mut interface = ClassFile::interface("I");
    let mut class = ClassFile::class("C").implements("I");
    for n in 0..3000 {
        interface = interface.method(PUBLIC | ABSTRACT, &format!("m{n}"), &descriptor);
        class = class.method(PUBLIC, &format!("m{n}"), &descriptor);
    }
    define(&mut host, parent, interface);
    let (cost, outcome) = cost(&mut host, child, class);
    outcome.unwrap();
    assert!(cost < 600_000, "{cost}");
    within(start, 10);
}

#[test]
fn long_descriptors_of_many_types_across_loaders_use_up_the_budget() {
    let (mut host, parent) = setup();
    let child = host.universe.new_loader().unwrap();
    host.parents.insert(child, parent);
    let start = Instant::now();
    // The methods and their long descriptors are in the superclass of `C`; that is all that C's file says.
    let name = "T".repeat(240);
    let mut interface = ClassFile::interface("I");
    let mut above = ClassFile::class("A");
    for n in 0..60 {
        let descriptor = format!("({})V", format!("L{name}{n};").repeat(254));
        interface = interface.method(PUBLIC | ABSTRACT, "m", &descriptor);
        above = above.method(PUBLIC, "m", &descriptor);
    }
    define(&mut host, parent, interface);
    define(&mut host, child, above);
    let (cost, outcome) = cost(&mut host, child, ClassFile::class("C").extends("A").implements("I"));
    too_much(outcome);
    assert!(cost < SMALL, "{cost}");
    within(start, 10);
}

#[test]
fn constraints_of_one_name_among_many_loaders() {
    let (mut host, parent) = setup();
    let start = Instant::now();
    define(&mut host, parent, ClassFile::class("P").method(PUBLIC, "m", "(LT;)V"));
    for _ in 0..4000 {
        let child = host.universe.new_loader().unwrap();
        host.parents.insert(child, parent);
        let class =
            define(&mut host, child, ClassFile::class("C").extends("P").method(PUBLIC, "m", "(LT;)V"));
        host.link(class).unwrap();
    }
    within(start, 10);
}

#[test]
fn as_many_of_everything_as_a_file_can_say() {
    let (mut host, loader) = setup();
    let start = Instant::now();
    let count = 60_000;
    let fields = (0..count).fold(ClassFile::class("F"), |file, n| file.field(STATIC, &format!("f{n}"), "J"));
    let methods =
        (0..count).fold(ClassFile::class("M"), |file, n| file.method(PUBLIC, &format!("m{n}"), "()V"));
    let code = vec![0xb1; 65_535];
    let handlers = vec![[0, 65_535, 0, 0]; 65_535];
    let catching = ClassFile::class("H").body("m", &code, &handlers);
    let bodies = (0..1000).fold(ClassFile::class("B"), |file, n| file.body(&format!("m{n}"), &code, &[]));
    for file in [fields, methods, catching, bodies] {
        let file = file.bytes();
        let before = host.charged;
        let class = host.define(loader, &file).unwrap();
        assert!(host.charged - before < 10 * file.len() as u64, "linear in the file");
        let (name, descriptor) = (host.symbol("m59999"), host.symbol("()V"));
        for _ in 0..10_000 {
            let _ = host.universe.find_method(class, name, descriptor);
            let _ = host.universe.find_field(class, name, descriptor);
        }
    }
    let mut wide = ClassFile::class("W");
    for n in 0..32_000 {
        let name = format!("I{n}");
        define(&mut host, loader, ClassFile::interface(&name));
        wide = wide.implements(&name);
    }
    let (cost, outcome) = cost(&mut host, loader, wide);
    outcome.unwrap();
    assert!(cost < 1_000_000, "{cost}");
    within(start, 30);
}

#[test]
fn permission_is_looked_for_within_the_budget() {
    let (mut host, loader) = setup();
    let start = Instant::now();
    let mut listed = vec!["X"; 60_000];
    listed.push("C");
    let mut class = ClassFile::class("C");
    for n in 0..400 {
        let name = format!("S{n}");
        define(&mut host, loader, ClassFile::interface(&name).class_list("PermittedSubclasses", &listed));
        class = class.implements(&name);
    }
    let (cost, outcome) = cost(&mut host, loader, class);
    too_much(outcome);
    assert!(cost < SMALL + 33 * 8000, "{cost}");
    within(start, 30);
}

#[test]
fn a_flood_of_long_names_ends_with_metaspace() {
    let mut host = Host::with_metaspace(32 << 20);
    host.boot("java/lang/Object");
    host.boot("java/lang/Class");
    let loader = host.universe.new_loader().unwrap();
    let start = Instant::now();
    for n in 0..10_000 {
        let long = format!("{n:05}{}", "x".repeat(65_530));
        if let Err(error) = host.define(loader, &ClassFile::class(&long).bytes()) {
            assert_eq!((error.kind, error.message.as_str()), (LinkErrorKind::OutOfMemoryError, "Metaspace"));
            assert!(n > 50, "{n}");
            within(start, 10);
            return;
        }
    }
    panic!("names are charged to nobody");
}

#[test]
fn a_program_that_is_being_ended_ends_in_the_middle_of_linking() {
    let (mut host, loader) = setup();
    define(&mut host, loader, interface_with("I", 20_000));
    host.allowed = host.charged + 40_000;
    let error = host.define(loader, &ClassFile::class("C").implements("I").bytes()).unwrap_err();
    assert_eq!(error.message, "ended");
    assert!(host.charged < host.allowed + 100_000);
    host.allowed = u64::MAX;
    define(&mut host, loader, ClassFile::class("C").implements("I"));
}

#[test]
fn refused_definitions_cost_the_same_among_many_classes() {
    let (mut host, loader) = setup();
    let start = Instant::now();
    for n in 0..50_000 {
        define(&mut host, loader, ClassFile::interface(&format!("I{n}")));
    }
    for _ in 0..50_000 {
        host.define(loader, &ClassFile::interface("I7").bytes()).unwrap_err();
    }
    within(start, 20);
}

/// The library is far from every limit.
#[test]
fn classes_of_the_library_need_little() {
    let image = common::image();
    let names =
        image.entries().map(|entry| entry.unwrap()).filter(|e| e.module == "java.base" && e.is_class());
    let names: Vec<String> = names
        .map(|e| e.path().strip_suffix(".class").unwrap().to_owned())
        .filter(|n| !n.ends_with("info"))
        .collect();
    assert!(names.len() > 5000);
    let mut host = Host::booted();
    let mut most = (0, String::new());
    for name in names {
        let before = host.charged;
        let bytes = |host: &Host| {
            host.universe.classes().map(|c| host.universe.class(c).bytes.len() as u64).sum::<u64>()
        };
        let _ = bytes;
        let class = host.boot(&name);
        host.link(class).unwrap();
        let cost = (host.charged - before, name);
        most = most.max(cost);
    }
    // What loading a class draws after it counts here too, and so do the bytes of all their files.
    assert!(most.0 < (1 << 21) / 2, "{most:?}");
}
