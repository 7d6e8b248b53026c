//! Creation, linking and resolution of small hand-made classes: what is refused, in which words, and what the tables say.

#[allow(dead_code, reason = "a table of flags")]
#[path = "linking/class_file.rs"]
mod class_file;
mod common;
#[allow(dead_code, reason = "each test program uses a part of it")]
#[path = "linking/host.rs"]
mod host;

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use carafe_classloader::basic::BasicType;
use carafe_classloader::class::method::{MethodFlags, NO_VTABLE};
use carafe_classloader::class::{ClassFlags, ClassState, LoaderId, Method};
use carafe_classloader::link::{DefineRequest, HiddenRequest, LinkError, LinkErrorKind, LinkHost};
use carafe_classloader::universe::Holder;
use carafe_gc::metaspace::ClassId;

use class_file::*;
use host::Host;

/// A booted host with one user loader.
fn setup() -> (Host, LoaderId) {
    let host = Host::booted();
    let loader = host.universe.new_loader().unwrap();
    (host, loader)
}

fn define(host: &mut Host, loader: LoaderId, file: ClassFile) -> ClassId {
    host.define(loader, &file.bytes()).unwrap()
}

#[track_caller]
fn refused<T>(result: Result<T, LinkError>, kind: LinkErrorKind, message: &str) {
    let Err(error) = result else { panic!("should be {kind:?} {message}") };
    assert_eq!((error.kind, error.message.as_str()), (kind, message));
}

fn method<'a>(host: &'a Host, class: ClassId, name: &str, descriptor: &str) -> &'a Method {
    let class = host.universe.class(class);
    let (name, descriptor) = (host.symbol(name), host.symbol(descriptor));
    class.find_declared(&host.universe.meta, name, descriptor).unwrap()
}

/// Which class's method a call through `through` runs on `receiver`, or the error.
fn call(host: &mut Host, receiver: ClassId, through: ClassId, name: &str) -> Result<String, LinkError> {
    let universe = host.universe.clone();
    let (name, descriptor) = (host.symbol(name), host.symbol("()V"));
    let interface = universe.class(through).is_interface();
    let method = universe.resolve_method(host, ClassId::NONE, through, name, descriptor, interface).unwrap();
    let selected = match interface {
        true => universe.select_interface(receiver, method)?,
        false => universe.select_virtual(receiver, method)?,
    };
    Ok(universe.str(universe.class(selected.class).name).into_owned())
}

#[test]
fn supers_that_do_not_fit() {
    let (mut host, loader) = setup();
    define(&mut host, loader, ClassFile::interface("I"));
    define(
        &mut host,
        loader,
        ClassFile::class("Fin").access(PUBLIC | SUPER | FINAL).method(FINAL, "x", "()V"),
    );
    define(&mut host, loader, ClassFile::class("C").method(PUBLIC | FINAL, "ov", "()V"));
    let kind = LinkErrorKind::IncompatibleClassChangeError;
    let home = "C is in unnamed module of loader 'l1' @1";
    let mut check =
        |file: ClassFile, message: &str| refused(host.define(loader, &file.bytes()), kind, message);
    check(ClassFile::class("X").extends("I"), "class X has interface I as super class");
    check(ClassFile::class("X").extends("Fin"), "class X cannot inherit from final class Fin");
    check(
        ClassFile::class("X").implements("C"),
        &format!("class X can not implement C, because it is not an interface ({home})"),
    );
    check(
        ClassFile::class("Sub").extends("C").method(PUBLIC, "ov", "()V"),
        "class Sub overrides final method C.ov()V",
    );
    // Static and private namesakes do not override.
    define(&mut host, loader, ClassFile::class("Ok").extends("C").method(PRIVATE, "ov", "()V"));
    define(&mut host, loader, ClassFile::class("Ok2").extends("C").method(STATIC, "ov", "()V"));
}

#[test]
fn sealed_classes_permit_only_whom_they_list() {
    let (mut host, loader) = setup();
    let other = host.universe.new_loader().unwrap();
    host.parents.insert(other, loader);
    define(&mut host, loader, ClassFile::class("S").class_list("PermittedSubclasses", &["A", "B"]));
    define(&mut host, loader, ClassFile::class("A").extends("S"));
    let kind = LinkErrorKind::IncompatibleClassChangeError;
    refused(
        host.define(loader, &ClassFile::class("Z").extends("S").bytes()),
        kind,
        "Failed listed permitted subclass check: class Z is not a permitted subclass of S",
    );
    refused(
        host.define(other, &ClassFile::class("B").extends("S").bytes()),
        kind,
        "Failed same module check: subclass B is in module 'unnamed module' with loader 'l2' @2, and sealed class S is \
         in module 'unnamed module' with loader 'l1' @1",
    );
}

#[test]
fn supers_out_of_reach() {
    let (mut host, loader) = setup();
    let other = host.universe.new_loader().unwrap();
    host.parents.insert(other, loader);
    define(&mut host, loader, ClassFile::class("p/Hidden").access(SUPER | ABSTRACT));
    define(&mut host, loader, ClassFile::interface("p/I").access(INTERFACE | ABSTRACT));
    define(&mut host, loader, ClassFile::class("p/Near").extends("p/Hidden").implements("p/I"));
    let kind = LinkErrorKind::IllegalAccessError;
    refused(
        host.define(loader, &ClassFile::class("q/Far").extends("p/Hidden").bytes()),
        kind,
        "class q.Far cannot access its abstract superclass p.Hidden (q.Far and p.Hidden are in unnamed module of loader \
         'l1' @1)",
    );
    refused(
        host.define(other, &ClassFile::class("p/Far").implements("p/I").bytes()),
        kind,
        "class p.Far cannot access its superinterface p.I (p.Far is in unnamed module of loader 'l2' @2; p.I is in \
         unnamed module of loader 'l1' @1)",
    );
}

#[test]
fn circles_end_in_an_error_and_leave_nothing() {
    let (mut host, loader) = setup();
    host.add(loader, "A", ClassFile::class("A").extends("B").bytes());
    host.add(loader, "B", ClassFile::class("B").implements("I").bytes());
    host.add(loader, "I", ClassFile::interface("I").implements("A").bytes());
    host.add(loader, "S", ClassFile::class("S").extends("S").bytes());
    let kind = LinkErrorKind::ClassCircularityError;
    refused(host.load(loader, "A"), kind, "A");
    refused(host.load(loader, "B"), kind, "B");
    refused(host.load(loader, "S"), kind, "S");
    for name in ["A", "B", "I", "S"] {
        assert_eq!(host.universe.find_loaded(loader, host.symbol(name)), None);
    }
}

#[test]
fn names_and_duplicates() {
    let (mut host, loader) = setup();
    let universe = host.universe.clone();
    let bytes = ClassFile::class("LT").bytes();
    let request = DefineRequest { name: Some(host.symbol("Other")), ..DefineRequest::new(loader, &bytes) };
    refused(
        universe.define(&mut host, request),
        LinkErrorKind::NoClassDefFoundError,
        "Other (wrong name: LT)",
    );
    let first = host.define(loader, &bytes).unwrap();
    refused(
        host.define(loader, &bytes),
        LinkErrorKind::LinkageError,
        "loader 'l1' @1 attempted duplicate class definition for LT. (LT is in unnamed module of loader 'l1' @1, parent \
         loader 'bootstrap')",
    );
    assert_eq!(universe.find_loaded(loader, host.symbol("LT")), Some(first));
    let count = universe.class_count();
    let other = universe.new_loader().unwrap();
    assert_ne!(host.define(other, &bytes).unwrap(), first, "another loader, another class");
    assert_eq!(universe.class_count(), count + 1);
    refused(
        host.define(loader, &ClassFile::class("java/lang/Evil").bytes()),
        LinkErrorKind::SecurityException,
        "Class loader (instance of): 'l1' @1 tried to load prohibited package name: java.lang",
    );
    refused(
        host.define(loader, b"\x01\x02\x03\x04\0\0\0\0"),
        LinkErrorKind::ClassFormatError,
        "Incompatible magic value 16909060 in class file <Unknown>",
    );
}

#[test]
fn package_private_methods_override_in_their_own_package_only() {
    let (mut host, loader) = setup();
    let a = define(&mut host, loader, ClassFile::class("p/A").method(0, "m", "()V"));
    let b = define(&mut host, loader, ClassFile::class("q/B").extends("p/A").method(0, "m", "()V"));
    let c = define(&mut host, loader, ClassFile::class("p/C").extends("q/B").method(PUBLIC, "m", "()V"));
    let d = define(&mut host, loader, ClassFile::class("q/D").extends("p/C").method(PUBLIC, "m", "()V"));
    assert_eq!(call(&mut host, b, a, "m").unwrap(), "p/A");
    assert_eq!(call(&mut host, b, b, "m").unwrap(), "q/B");
    assert_eq!(call(&mut host, c, a, "m").unwrap(), "p/C");
    assert_eq!(call(&mut host, c, b, "m").unwrap(), "q/B");
    for through in [a, b, c, d] {
        assert_eq!(call(&mut host, d, through, "m").unwrap(), "q/D");
    }
    // The same package name in another loader is another package.
    let other = host.universe.new_loader().unwrap();
    host.parents.insert(other, loader);
    let e = define(&mut host, other, ClassFile::class("p/E").extends("p/A").method(0, "m", "()V"));
    assert_eq!(call(&mut host, e, a, "m").unwrap(), "p/A");
}

#[test]
fn defaults_mirandas_and_conflicts() {
    let (mut host, loader) = setup();
    let mut make = |file: ClassFile| define(&mut host, loader, file);
    let i = make(ClassFile::interface("I").method(PUBLIC, "m", "()V").method(PUBLIC | ABSTRACT, "a", "()V"));
    let j = make(ClassFile::interface("J").implements("I").method(PUBLIC, "m", "()V"));
    let k = make(ClassFile::interface("p/K").method(PUBLIC, "m", "()V"));
    let abs = make(ClassFile::interface("Abs").implements("I").method(PUBLIC | ABSTRACT, "m", "()V"));
    let one = make(ClassFile::class("One").implements("I"));
    let two = make(ClassFile::class("Two").extends("One").implements("J"));
    let three = make(ClassFile::class("Three").extends("Two").implements("p/K"));
    let four = make(ClassFile::class("Four").extends("Three").method(PUBLIC, "m", "()V"));
    let again = make(ClassFile::class("Again").implements("Abs").implements("I"));
    let both = make(ClassFile::class("Both").implements("Abs").implements("p/K"));
    let hides = make(ClassFile::class("Hides").implements("I").method(0, "m", "()V"));
    let private = make(ClassFile::class("Private").implements("I").method(PRIVATE, "m", "()V"));

    assert_eq!(call(&mut host, one, i, "m").unwrap(), "I");
    assert_eq!(call(&mut host, one, one, "m").unwrap(), "I");
    assert_eq!(call(&mut host, two, one, "m").unwrap(), "J", "the slot of One is chosen anew");
    assert_eq!(call(&mut host, two, i, "m").unwrap(), "J");
    for through in [i, j, k, one, two] {
        refused(
            call(&mut host, three, through, "m"),
            LinkErrorKind::IncompatibleClassChangeError,
            "Conflicting default methods: I.m J.m p/K.m",
        );
        if through != k {
            assert_eq!(call(&mut host, four, through, "m").unwrap(), "Four");
        }
    }
    refused(
        call(&mut host, again, abs, "m"),
        LinkErrorKind::AbstractMethodError,
        "Method Again.m()V is abstract",
    );
    assert_eq!(
        call(&mut host, both, abs, "m").unwrap(),
        "p/K",
        "the only maximally-specific one with a body"
    );
    refused(call(&mut host, one, i, "a"), LinkErrorKind::AbstractMethodError, "Method One.a()V is abstract");
    refused(call(&mut host, two, i, "a"), LinkErrorKind::AbstractMethodError, "Method Two.a()V is abstract");
    refused(call(&mut host, hides, i, "m"), LinkErrorKind::IllegalAccessError, "'void Hides.m()'");
    assert_eq!(call(&mut host, private, i, "m").unwrap(), "I", "private methods are not selected");
    refused(
        call(&mut host, one, k, "m"),
        LinkErrorKind::IncompatibleClassChangeError,
        "Class One does not implement the requested interface p.K",
    );
    // One slot per key, reused down the chain.
    let slots = |class: ClassId| host.universe.class(class).vtable.len();
    assert_eq!(slots(one), slots(four));
}

#[test]
fn plain_mirandas_are_abstract() {
    let (mut host, loader) = setup();
    let i = define(&mut host, loader, ClassFile::interface("I").method(PUBLIC | ABSTRACT, "a", "()V"));
    let c = define(&mut host, loader, ClassFile::class("C").implements("I"));
    refused(
        call(&mut host, c, i, "a"),
        LinkErrorKind::AbstractMethodError,
        "Receiver class C does not define or inherit an implementation of the resolved method 'abstract void a()' of \
         interface I.",
    );
    let d = define(&mut host, loader, ClassFile::class("D").extends("C").method(PUBLIC, "a", "()V"));
    assert_eq!(call(&mut host, d, c, "a").unwrap(), "D");
    assert_eq!(call(&mut host, d, i, "a").unwrap(), "D");
}

#[test]
fn a_final_method_without_a_slot_still_implements() {
    let (mut host, loader) = setup();
    let i = define(&mut host, loader, ClassFile::interface("I").method(PUBLIC, "m", "()V"));
    let c = define(&mut host, loader, ClassFile::class("C").method(PUBLIC | FINAL, "m", "()V"));
    let d = define(&mut host, loader, ClassFile::class("D").extends("C").implements("I"));
    assert_eq!(method(&host, c, "m", "()V").vtable_index, NO_VTABLE);
    assert_eq!(call(&mut host, d, i, "m").unwrap(), "C");
    assert_eq!(call(&mut host, d, c, "m").unwrap(), "C");
    assert_eq!(host.universe.class(d).vtable, host.universe.class(host.universe.object_class()).vtable);
}

#[test]
fn ladders_of_diamonds_cost_no_more_than_lists() {
    let (mut host, loader) = setup();
    let start = Instant::now();
    define(&mut host, loader, ClassFile::interface("I0").method(PUBLIC, "m", "()V"));
    for level in 1..200 {
        let below = format!("I{}", level - 1);
        for side in ["A", "B"] {
            define(&mut host, loader, ClassFile::interface(&format!("{side}{level}")).implements(&below));
        }
        let (a, b) = (format!("A{level}"), format!("B{level}"));
        define(&mut host, loader, ClassFile::interface(&format!("I{level}")).implements(&a).implements(&b));
    }
    let c = define(&mut host, loader, ClassFile::class("C").implements("I199"));
    host.link(c).unwrap();
    assert_eq!(host.universe.class(c).all_interfaces.len(), 598);
    let top = host.universe.find_loaded(loader, host.symbol("I199")).unwrap();
    assert_eq!(call(&mut host, c, top, "m").unwrap(), "I0");
    let (name, int) = (host.symbol("nothing"), host.symbol("I"));
    assert!(host.universe.find_field(c, name, int).is_none());
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn long_chains_and_wide_lists() {
    let (mut host, loader) = setup();
    let start = Instant::now();
    define(&mut host, loader, ClassFile::class("C0").method(PUBLIC, "m", "()V").field(0, "f", "J"));
    for n in 1..5000 {
        let above = format!("C{}", n - 1);
        define(&mut host, loader, ClassFile::class(&format!("C{n}")).extends(&above));
    }
    let last = host.universe.find_loaded(loader, host.symbol("C4999")).unwrap();
    host.link(last).unwrap();
    assert_eq!(host.universe.class(last).state(), ClassState::Linked);
    assert_eq!(host.universe.class(last).depth, 5000);
    assert_eq!(call(&mut host, last, last, "m").unwrap(), "C0");

    let mut wide = ClassFile::class("Wide");
    for n in 0..3000 {
        let name = format!("W{n}");
        define(&mut host, loader, ClassFile::interface(&name).method(PUBLIC, "m", "()V"));
        wide = wide.implements(&name);
    }
    let wide = define(&mut host, loader, wide);
    let through = host.universe.find_loaded(loader, host.symbol("W7")).unwrap();
    let error = call(&mut host, wide, through, "m").unwrap_err();
    assert!(error.message.starts_with("Conflicting default methods: W0.m W1.m"));
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn loader_constraints() {
    let (mut host, parent) = setup();
    let child = host.universe.new_loader().unwrap();
    host.parents.insert(child, parent);
    // The child has its own T; the parent's P mentions T.
    let t_child = host.define(child, &ClassFile::class("LT").bytes()).unwrap();
    let p = define(
        &mut host,
        parent,
        ClassFile::class("P").method(PUBLIC, "take", "(LLT;)V").field(PUBLIC | STATIC, "f", "[LLT;"),
    );
    let user = define(&mut host, child, ClassFile::class("User"));
    let universe = host.universe.clone();
    let (take, descriptor) = (host.symbol("take"), host.symbol("(LLT;)V"));
    universe.resolve_method(&mut host, user, p, take, descriptor, false).unwrap();
    // Now the parent may not have another T.
    refused(
        host.define(parent, &ClassFile::class("LT").bytes()),
        LinkErrorKind::LinkageError,
        "loader constraint violation: loader 'l1' @1 wants to load class LT. A different class with the same name was \
         previously loaded by 'l2' @2. (LT is in unnamed module of loader 'l2' @2, parent loader 'bootstrap')",
    );
    assert_eq!(universe.find_loaded(parent, host.symbol("LT")), None);
    universe.record_initiating(&host, parent, host.symbol("LT"), t_child).unwrap();

    // The other way round: both have their own first.
    let other = universe.new_loader().unwrap();
    host.parents.insert(other, parent);
    define(&mut host, other, ClassFile::class("LT"));
    let user = define(&mut host, other, ClassFile::class("User"));
    refused(
        universe.resolve_method(&mut host, user, p, take, descriptor, false),
        LinkErrorKind::LinkageError,
        "loader constraint violation: when resolving method 'void P.take(LT)' the class loader 'l3' @3 of the current \
         class, User, and the class loader 'l1' @1 for the method's defining class, P, have different Class objects for \
         the type LT used in the signature (User is in unnamed module of loader 'l3' @3, parent loader 'bootstrap'; P is \
         in unnamed module of loader 'l1' @1, parent loader 'bootstrap')",
    );
    let (f, lts) = (host.symbol("f"), host.symbol("[LLT;"));
    assert!(universe.resolve_field(&mut host, user, p, f, lts).is_err());
    // An overriding method that means another T.
    let sub =
        define(&mut host, other, ClassFile::class("Sub").extends("P").method(PUBLIC, "take", "(LLT;)V"));
    let error = host.link(sub).unwrap_err();
    assert!(error.message.starts_with(
        "loader constraint violation for class Sub: when selecting overriding method 'void Sub.take(LT)'"
    ));
    assert_eq!(universe.class(sub).state(), ClassState::Loaded);
}

#[test]
fn constraints_of_implementations() {
    let (mut host, parent) = setup();
    let child = host.universe.new_loader().unwrap();
    host.parents.insert(child, parent);
    define(&mut host, parent, ClassFile::class("LT"));
    define(&mut host, child, ClassFile::class("LT"));
    define(&mut host, parent, ClassFile::interface("I").method(PUBLIC | ABSTRACT, "get", "()LLT;"));
    let c = define(&mut host, child, ClassFile::class("C").implements("I").method(PUBLIC, "get", "()LLT;"));
    let error = host.link(c).unwrap_err();
    assert_eq!(error.kind, LinkErrorKind::LinkageError);
    assert!(error.message.starts_with("loader constraint violation in interface itable initialization for class C: when selecting method 'LT I.get()'"), "{error}");
}

#[test]
fn hidden_classes() {
    let (mut host, loader) = setup();
    let universe = host.universe.clone();
    let lookup =
        define(&mut host, loader, ClassFile::class("p/Host").method(PRIVATE | STATIC, "secret", "()V"));
    let bytes = ClassFile::class("p/Gen").method(PUBLIC, "run", "()V").nest_host("p/Else").bytes();
    let hidden = HiddenRequest { host: lookup, nestmate: true, strong: false, vm_annotations: false };
    let request = DefineRequest { hidden: Some(hidden), ..DefineRequest::new(loader, &bytes) };
    let first = universe.define(&mut host, request).unwrap();
    let second = universe.define(&mut host, request).unwrap();
    assert_ne!(first, second);
    assert_ne!(universe.class(first).name, universe.class(second).name);
    assert_eq!(universe.external_name(first), "p.Gen/0x0000000000000001");
    assert_eq!(universe.str(universe.class(first).name), "p/Gen+0x0000000000000001");
    let record = universe.class(first);
    assert_eq!(universe.find_loaded(loader, record.name), None);
    assert_eq!(universe.find_loaded(loader, host.symbol("p/Gen")), None);
    assert!(method(&host, first, "run", "()V").is_hidden());
    assert!(universe.are_nestmates(&mut host, first, lookup).unwrap());
    let secret = method(&host, lookup, "secret", "()V").name;
    let void = host.symbol("()V");
    universe.resolve_method(&mut host, first, lookup, secret, void, false).unwrap();
    // Its own entry means itself.
    let pool = universe.meta.get(record.pool);
    assert_eq!(pool.class_name(&universe.meta, record.this_index), record.name);
    assert_eq!(pool.resolved(&universe.meta, record.this_index), u64::from(first.0));
    assert!(universe.arena_of(first).is_ok());

    // Weak ones are unloaded one by one, with their arrays.
    let array = universe.array_of(&mut host, second).unwrap();
    assert_eq!(universe.holder(array), Holder::Hidden(second));
    assert_eq!(universe.holder(lookup), Holder::Loader(loader));
    let (classes, used) = (universe.class_count(), universe.meta.used_bytes());
    let (old, old_name) = (method(&host, second, "run", "()V").id, universe.class(second).name);
    host.mirrors();
    let dead = [second, array].map(|id| universe.class(id).mirror.load(Ordering::Relaxed));
    // SAFETY: the toy host has no objects, and nothing below names the class or its array.
    unsafe {
        let mut gone = universe.unlink(&mut |_| false, &mut |mirror| !dead.contains(&mirror)).unwrap();
        assert_eq!(gone.classes, [second, array]);
        universe.free(&mut gone);
        universe.free_records(gone.records);
        assert!(universe.unlink(&mut |_| false, &mut |_| true).is_none());
    }
    assert_eq!(universe.class_count(), classes - 2);
    assert!(universe.meta.used_bytes() < used);
    assert!(universe.classes().all(|id| id != second && id != array));
    let next = universe.define(&mut host, request).unwrap();
    assert!(next == second || next == array, "ids are used again");
    assert_eq!(method(&host, next, "run", "()V").id, old);
    assert_eq!(universe.class(next).name, old_name, "names too");

    let alone = HiddenRequest { nestmate: false, ..hidden };
    let request = DefineRequest { hidden: Some(alone), ..DefineRequest::new(loader, &bytes) };
    let third = universe.define(&mut host, request).unwrap();
    assert_eq!(universe.nest_host(&mut host, third).unwrap(), third, "attributes do not count");
}

#[test]
fn loaders_go_with_all_their_classes() {
    let (mut host, loader) = setup();
    let universe = host.universe.clone();
    let used = universe.meta.used_bytes();
    let other = universe.new_loader().unwrap();
    let stays = define(&mut host, loader, ClassFile::class("p/Stays"));
    let goes = define(&mut host, other, ClassFile::class("p/Goes").method(PUBLIC, "run", "()V"));
    let array = universe.array_of(&mut host, goes).unwrap();
    universe.record_initiating(&host, loader, host.symbol("p/Seen"), stays).unwrap();
    let module = universe.unnamed_module(other);
    host.mirrors();
    let alive = universe.class(stays).mirror.load(Ordering::Relaxed);
    // SAFETY: the toy host has no objects.
    unsafe {
        let mut gone = universe.unlink(&mut |id| id == other, &mut |mirror| mirror == alive).unwrap();
        assert_eq!((&gone.classes[..], &gone.loaders[..]), (&[goes, array][..], &[other][..]));
        assert_eq!(gone.modules, [module]);
        let record = universe
            .meta
            .meta_of(
                universe
                    .class(goes)
                    .find_declared(&universe.meta, host.symbol("run"), host.symbol("()V"))
                    .unwrap(),
            )
            .raw();
        assert!(gone.places().iter().any(|&(start, end)| (start..end).contains(&record)));
        universe.free(&mut gone);
        universe.free_records(gone.records);
    }
    assert_eq!(universe.find_loaded(loader, host.symbol("p/Stays")), Some(stays));
    assert_eq!(universe.find_loaded(other, host.symbol("p/Goes")), None);
    let again = universe.new_loader().unwrap();
    assert_eq!((again, universe.unnamed_module(again)), (other, module), "numbers are used again");
    assert_eq!(universe.find_loaded(again, host.symbol("p/Goes")), None);
    assert!(universe.meta.used_bytes() < used + (64 << 10));
}

#[test]
fn nests() {
    let (mut host, loader) = setup();
    let universe = host.universe.clone();
    let outer = define(
        &mut host,
        loader,
        ClassFile::class("O").class_list("NestMembers", &["O$In"]).field(PRIVATE, "f", "I"),
    );
    let inner = define(&mut host, loader, ClassFile::class("O$In").nest_host("O"));
    let liar = define(&mut host, loader, ClassFile::class("Liar").nest_host("O"));
    let lost = define(&mut host, loader, ClassFile::class("Lost").nest_host("Gone"));
    let (f, int) = (host.symbol("f"), host.symbol("I"));
    universe.resolve_field(&mut host, inner, outer, f, int).unwrap();
    let why = [
        "Type Liar (loader: 'l1' @1) is not a nest member of type O (loader: 'l1' @1): current type is not listed as a \
         nest member",
        "Nest host resolution of Lost with host Gone failed: java.lang.NoClassDefFoundError: Gone",
    ];
    for (stranger, why) in [liar, lost].into_iter().zip(why) {
        assert_eq!(universe.nest_host(&mut host, stranger).unwrap(), stranger);
        let name = universe.external_name(stranger);
        refused(
            universe.resolve_field(&mut host, stranger, outer, f, int),
            LinkErrorKind::IllegalAccessError,
            &format!(
                "class {name} tried to access private field O.f ({name} and O are in unnamed module of loader 'l1' @1), \
                 ({why})"
            ),
        );
    }
    assert_eq!(universe.nest_members(outer), [host.symbol("O$In")]);
}

#[test]
fn members_that_are_missing_or_out_of_reach() {
    let (mut host, loader) = setup();
    let universe = host.universe.clone();
    let a = define(
        &mut host,
        loader,
        ClassFile::class("p/A")
            .method(PROTECTED, "prot", "()V")
            .method(0, "pack", "()V")
            .method(PRIVATE, "priv", "()V")
            .method(PROTECTED | STATIC, "stat", "()V"),
    );
    let sub = define(&mut host, loader, ClassFile::class("q/Sub").extends("p/A"));
    let sibling = define(&mut host, loader, ClassFile::class("q/Sibling").extends("p/A"));
    let stranger = define(&mut host, loader, ClassFile::class("q/Stranger"));
    let near = define(&mut host, loader, ClassFile::class("p/Near"));
    let void = host.symbol("()V");
    let mut may = |from: ClassId, target: ClassId, name: &str| {
        let name = host.symbol(name);
        universe.resolve_method(&mut host, from, target, name, void, false).map(|m| m.id)
    };
    assert!(may(near, a, "prot").is_ok() && may(near, a, "pack").is_ok() && may(a, a, "priv").is_ok());
    assert!(may(sub, sub, "prot").is_ok() && may(sub, a, "prot").is_ok());
    assert!(may(sub, sibling, "prot").is_err(), "protected through a sibling");
    assert!(may(sub, sibling, "stat").is_ok());
    let kind = LinkErrorKind::IllegalAccessError;
    let homes = "(q.Stranger and p.A are in unnamed module of loader 'l1' @1)";
    refused(
        may(stranger, a, "prot"),
        kind,
        &format!("class q.Stranger tried to access protected method 'void p.A.prot()' {homes}"),
    );
    refused(
        may(stranger, a, "pack"),
        kind,
        &format!("class q.Stranger tried to access method 'void p.A.pack()' {homes}"),
    );
    refused(may(stranger, a, "gone"), LinkErrorKind::NoSuchMethodError, "'void p.A.gone()'");
    let (name, descriptor) = (host.symbol("m"), host.symbol("(I[Ljava/lang/String;)V"));
    refused(
        universe.resolve_method(&mut host, a, a, name, descriptor, false),
        LinkErrorKind::NoSuchMethodError,
        "'void p.A.m(int, java.lang.String[])'",
    );
    refused(
        universe.resolve_method(&mut host, a, a, name, descriptor, true),
        LinkErrorKind::IncompatibleClassChangeError,
        "Found class p.A, but interface was expected",
    );
    let (x, int) = (host.symbol("x"), host.symbol("I"));
    refused(
        universe.resolve_field(&mut host, a, a, x, int),
        LinkErrorKind::NoSuchFieldError,
        "Class p.A does not have member field 'int x'",
    );
}

#[test]
fn module_boundaries() {
    let (mut host, loader) = setup();
    let universe = host.universe.clone();
    let unsafe_class = host.boot("jdk/internal/misc/Unsafe");
    let string = host.boot("java/lang/String");
    let app = define(&mut host, loader, ClassFile::class("MAx"));
    universe.check_class_access(&host, app, unsafe_class).unwrap();
    let packages =
        ["java/lang", "jdk/internal/misc", "java/lang/constant", "java/io"].map(|p| host.symbol(p));
    let base = universe.define_module(LoaderId::BOOT, host.symbol("java.base"), &packages, false).unwrap();
    universe.modules.add_exports_to_all(base, packages[0]).unwrap();
    assert_eq!(universe.class(string).module(), base, "classes that were there before get their module");
    let ints = universe.primitive(carafe_classloader::basic::BasicType::Int);
    assert_eq!(universe.class(ints).module(), base);
    universe.check_class_access(&host, app, string).unwrap();
    let reason = "class MAx (in unnamed module @0x0) cannot access class jdk.internal.misc.Unsafe (in module java.base) \
                  because module java.base does not export jdk.internal.misc to unnamed module @0x0";
    refused(universe.check_class_access(&host, app, unsafe_class), LinkErrorKind::IllegalAccessError, reason);
    let array = universe.array_of(&mut host, unsafe_class).unwrap();
    assert!(
        universe.check_class_access(&host, app, array).is_err(),
        "arrays are as closed as their elements"
    );
    let unnamed = universe.unnamed_module(loader);
    universe.modules.add_exports(base, packages[1], unnamed).unwrap();
    universe.check_class_access(&host, app, unsafe_class).unwrap();

    refused(
        universe.define_module(LoaderId::BOOT, host.symbol("java.base"), &[], false),
        LinkErrorKind::IllegalStateException,
        "Module java.base is already defined",
    );
    define(&mut host, loader, ClassFile::class("used/C"));
    let used = host.symbol("used");
    refused(
        universe.define_module(loader, host.symbol("m"), &[used], false),
        LinkErrorKind::IllegalStateException,
        "Package used for module m is already in the unnamed module defined to the class loader",
    );
    // Boot classes outside the packages of defined modules are out of sight.
    let name = host.symbol("sun/nio/cs/UTF_8");
    assert_eq!(universe.load_boot(&mut host, name).unwrap(), None);
}

#[test]
fn failures_leave_no_class() {
    let (mut host, loader) = setup();
    let universe = host.universe.clone();
    let bytes = ClassFile::class("C").method(PUBLIC, "m", "()V").bytes();
    let (classes, methods) = (universe.class_count(), universe.method_id_bound());
    host.out_of_memory = true;
    for _ in 0..10 {
        refused(host.define(loader, &bytes), LinkErrorKind::OutOfMemoryError, "Java heap space");
    }
    assert_eq!(universe.find_loaded(loader, host.symbol("C")), None);
    assert_eq!(universe.class_count(), classes);
    host.out_of_memory = false;
    host.define(loader, &bytes).unwrap();
    assert_eq!(universe.method_id_bound(), methods + 1, "ids of failed classes are used again");
}

#[test]
fn metaspace_ends_in_an_error() {
    let mut host = Host::with_metaspace(6 << 20);
    host.boot("java/lang/Object");
    host.boot("java/lang/Class");
    let loader = host.universe.new_loader().unwrap();
    let mut n = 0;
    let error = loop {
        let file = ClassFile::class(&format!("C{n}")).field(0, "f", "I").method(PUBLIC, "m", "()V");
        match host.define(loader, &file.bytes()) {
            Ok(_) => n += 1,
            Err(error) => break error,
        }
    };
    assert!(n > 100, "{n}");
    assert_eq!((error.kind, error.message.as_str()), (LinkErrorKind::OutOfMemoryError, "Metaspace"));
    assert!(host.universe.find_loaded(loader, host.symbol("C0")).is_some());
}

#[test]
fn loaders_are_charged_to_metaspace() {
    let host = Host::with_metaspace(8 << 20);
    let error = (0..10_000).find_map(|_| host.universe.new_loader().err()).unwrap();
    assert_eq!((error.kind, error.message.as_str()), (LinkErrorKind::OutOfMemoryError, "Metaspace"));
}

#[test]
fn special_classes_of_the_library_stay_special() {
    let (mut host, loader) = setup();
    let universe = host.universe.clone();
    let base = host.symbol("java.base");
    let packages = ["java/lang", "java/lang/ref", "java/io"].map(|p| host.symbol(p));
    let base = universe.define_module(LoaderId::BOOT, base, &packages, false).unwrap();
    packages.iter().for_each(|&p| universe.modules.add_exports_to_all(base, p).unwrap());
    let sealed = host.define(loader, &ClassFile::class("X").extends("java/lang/ref/Reference").bytes());
    assert_eq!(sealed.unwrap_err().kind, LinkErrorKind::IncompatibleClassChangeError);
    let last = host.define(loader, &ClassFile::class("X").extends("java/lang/Class").bytes());
    assert_eq!(last.unwrap_err().message, "class X cannot inherit from final class java.lang.Class");
    let soft = define(
        &mut host,
        loader,
        ClassFile::class("Soft").extends("java/lang/ref/SoftReference").field(
            0,
            "referent",
            "Ljava/lang/Object;",
        ),
    );
    let soft = universe.class(soft);
    assert_eq!(soft.layout.ref_kind, carafe_gc::object::ref_kind::SOFT);
    assert!(soft.flags.contains(ClassFlags::REFERENCE));
    let parent = universe.class(soft.super_class);
    let count = |runs| universe.meta.slice(runs).iter().map(|run: &carafe_gc::RefRun| run.count).sum::<u32>();
    assert_eq!(
        count(soft.layout.ref_runs),
        count(parent.layout.ref_runs) + 1,
        "a namesake is an ordinary field"
    );
    // VM annotations and injected fields are the boot loader's alone.
    assert!(!soft.flags.contains(ClassFlags::VM_ANNOTATIONS));
}

#[test]
fn frames_and_layouts() {
    let (mut host, loader) = setup();
    let universe = host.universe.clone();
    let a = define(
        &mut host,
        loader,
        ClassFile::class("A")
            .field(0, "b", "Z")
            .field(0, "l", "Ljava/lang/Object;")
            .field(STATIC, "s", "Ljava/lang/Object;")
            .field(STATIC, "j", "J")
            .method(PUBLIC | SYNCHRONIZED, "sync", "(J)V")
            .method(PUBLIC | NATIVE, "nat", "(IJ)V")
            .method(PUBLIC | NATIVE | STATIC | SYNCHRONIZED, "natsync", "([[I)I")
            .method(PUBLIC, "finalize", "()V"),
    );
    let b =
        define(&mut host, loader, ClassFile::class("B").extends("A").field(0, "c", "C").field(0, "d", "D"));
    assert_eq!(method(&host, a, "sync", "(J)V").max_locals, 256, "the last local holds the locked object");
    let nat = method(&host, a, "nat", "(IJ)V");
    assert_eq!((nat.arg_slots, nat.max_locals), (4, 4));
    let natsync = method(&host, a, "natsync", "([[I)I");
    assert_eq!((natsync.arg_slots, natsync.max_locals), (1, 2));
    assert!(method(&host, a, "finalize", "()V").flags.contains(MethodFlags::EMPTY));
    assert!(!universe.class(a).flags.contains(ClassFlags::FINALIZABLE), "an empty finalizer is none");
    let offset = |class: ClassId, name: &str| {
        let name = host.symbol(name);
        let fields = universe.meta.slice(universe.class(class).fields);
        fields.iter().find(|f| f.name == name).unwrap().offset
    };
    // Reference at 8, boolean at 12; the subclass fills 14 and goes on at 16.
    assert_eq!((offset(a, "l"), offset(a, "b")), (8, 12));
    assert_eq!((offset(b, "c"), offset(b, "d")), (14, 16));
    assert_eq!(universe.class(b).layout.instance_bytes, 24);
    assert_eq!(universe.class(b).layout.ref_runs, universe.class(a).layout.ref_runs);
    let mirror = universe.class(universe.class_class()).layout.instance_bytes;
    assert_eq!(offset(a, "j"), mirror);
    assert_eq!(offset(a, "s"), mirror + 8);
    assert_eq!(universe.class(a).layout.mirror_bytes, mirror + 16);
    let runs = universe.meta.slice(universe.class(a).layout.static_runs);
    assert_eq!((runs.len(), runs[0].offset, runs[0].count), (1, mirror + 8, 1));
    assert_eq!(universe.class(b).layout.mirror_bytes, 0);
}

#[test]
fn threads_that_race_get_one_class() {
    let host = Host::booted();
    let universe = host.universe.clone();
    let names = [
        "java/util/HashMap",
        "java/util/TreeMap",
        "java/util/concurrent/ConcurrentHashMap",
        "java/util/ArrayDeque",
        "java/lang/invoke/MethodHandle",
        "java/util/stream/ReferencePipeline",
        "java/math/BigDecimal",
    ];
    let results: Vec<Vec<ClassId>> = std::thread::scope(|scope| {
        let work = |_| {
            let mut host = host.sibling();
            scope.spawn(move || {
                let mut ids: Vec<ClassId> = names.iter().map(|name| host.boot(name)).collect();
                let arrays: Vec<ClassId> =
                    ids.iter().map(|&id| host.universe.clone().array_of(&mut host, id).unwrap()).collect();
                ids.iter().for_each(|&id| host.link(id).unwrap());
                ids.extend(arrays);
                ids
            })
        };
        let threads: Vec<_> = (0..4).map(work).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(results.windows(2).all(|pair| pair[0] == pair[1]));
    let mut names: Vec<_> = universe.classes().map(|id| universe.class(id).name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "no class is there twice");
}

#[test]
fn initiating_loaders_remember() {
    let (mut host, loader) = setup();
    let universe = host.universe.clone();
    let string = host.load(loader, "java/lang/String").unwrap();
    assert_eq!(universe.find_loaded(loader, host.symbol("java/lang/String")), Some(string));
    let fake = define(&mut host, loader, ClassFile::class("Fake"));
    let name = host.symbol("java/lang/String");
    assert!(universe.record_initiating(&host, loader, name, fake).is_err());
    assert!(universe.record_initiating(&host, loader, name, string).is_ok());
    let missing = host.symbol("no/Such");
    assert!(host.load_class(loader, missing).is_err());
}

/// Class files of the library with bytes changed at random must be refused or defined, never make linking panic.
#[test]
fn damaged_class_files() {
    let (mut host, mut loader) = setup();
    let image = common::image();
    let entries = image.entries().map(|entry| entry.unwrap());
    let classes =
        entries.filter(|e| e.is_class() && e.module == "java.base" && !e.path().starts_with("java/"));
    let files: Vec<Vec<u8>> = classes.step_by(37).map(|e| e.content().unwrap().into_owned()).collect();
    assert!(files.len() > 50);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let (mut defined, mut refusals) = (0, 0);
    for round in 0..20_000 {
        let mut bytes = files[random(files.len())].clone();
        for _ in 0..=random(3) {
            // Early bytes are the constant pool, whose damage is found early too.
            let at =
                if round % 2 == 0 { random(bytes.len()) } else { bytes.len() - 1 - random(bytes.len() / 4) };
            bytes[at] = if round % 3 == 0 { random(256) as u8 } else { bytes[at] ^ 1 << random(8) };
        }
        if round % 10 == 0 {
            loader = host.universe.new_loader().unwrap();
        }
        match host.define(loader, &bytes) {
            Ok(class) => {
                defined += 1;
                let _ = host.link(class);
            }
            Err(error) => {
                refusals += 1;
                assert!(!error.message.is_empty());
            }
        }
    }
    println!("{defined} defined, {refusals} refused");
    assert!(defined > 100 && refusals > 1000);
}

#[test]
fn names_of_types_may_contain_parentheses() {
    let (mut host, loader) = setup();
    let file = ClassFile::class("N").method(PUBLIC, "m", "(La)V;J)L)b(;").method(PUBLIC, "n", "(L);)V");
    let class = define(&mut host, loader, file);
    let m = method(&host, class, "m", "(La)V;J)L)b(;");
    assert_eq!((m.arg_slots, m.result), (4, BasicType::Object as u8));
    let n = method(&host, class, "n", "(L);)V");
    assert_eq!((n.arg_slots, n.result), (2, BasicType::Void as u8));
}
