//! The library's own classes, created through the boot loader: all of java.base, and some known tables and layouts.

mod common;
#[allow(dead_code, reason = "each test program uses a part of it")]
#[path = "linking/host.rs"]
mod host;

use std::collections::HashMap;
use std::time::Instant;

use carafe_classloader::basic::BasicType;
use carafe_classloader::class::method::MethodFlags;
use carafe_classloader::class::{Access, Class, ClassFlags, ClassState, LoaderId, Method, is_subtype};
use carafe_classloader::universe::Universe;
use carafe_gc::metaspace::ClassId;
use carafe_gc::object::LayoutKind;

use host::Host;

/// The names of all classes of java.base.
fn names() -> Vec<String> {
    let image = common::image();
    let entries = image.entries().map(|entry| entry.unwrap());
    let classes = entries.filter(|e| e.module == "java.base" && e.is_class());
    let names = classes.map(|entry| entry.path().strip_suffix(".class").unwrap().to_owned());
    names.filter(|name| !name.ends_with("module-info")).collect()
}

fn check_layout(universe: &Universe, class: &Class) {
    let name = universe.str(class.name);
    let mut taken: HashMap<u32, ClassId> = HashMap::new();
    let mut at = class.id;
    let mut references = 0;
    while !at.is_none() {
        let record = universe.class(at);
        for field in universe.meta.slice(record.fields) {
            let bytes = 1 << BasicType::from_u8(field.basic).unwrap().size_shift();
            assert!(field.offset.is_multiple_of(bytes), "{name}");
            if field.is_static() {
                assert!(field.offset + bytes <= record.layout.mirror_bytes, "{name}");
                continue;
            }
            assert!(field.offset >= 8 && field.offset + bytes <= class.layout.instance_bytes, "{name}");
            for byte in field.offset..field.offset + bytes {
                assert_eq!(taken.insert(byte, at), None, "{name}: fields overlap");
            }
            references += u32::from(BasicType::from_u8(field.basic).unwrap().is_reference());
        }
        at = record.super_class;
    }
    let runs = universe.meta.slice(class.layout.ref_runs);
    let scanned: u32 = runs.iter().map(|run| run.count).sum();
    let apart = if class.flags.contains(ClassFlags::REFERENCE) { 2 } else { 0 };
    assert_eq!(scanned + apart, references, "{name}: every reference is in one run");
    assert!(class.layout.instance_bytes.is_multiple_of(8));
}

/// What selection finds by the book (JVMS 5.4.6), for checking the tables: walks, never indexes.
fn select_by_walking<'a>(universe: &'a Universe, class: &Class, wanted: &Method) -> Option<&'a Method> {
    let hides = |m: &&Method| {
        m.name == wanted.name
            && m.descriptor == wanted.descriptor
            && !m.access.intersects(Access::PRIVATE | Access::STATIC)
    };
    let mut at = class.id;
    while !at.is_none() {
        let record = universe.class(at);
        if let Some(found) = universe.meta.slice(record.methods).iter().find(hides) {
            return Some(found);
        }
        at = record.super_class;
    }
    let interfaces = universe.meta.slice(class.all_interfaces);
    let all: Vec<&Method> = interfaces
        .iter()
        .filter_map(|&i| universe.meta.slice(universe.class(i).methods).iter().find(hides))
        .collect();
    let extended =
        |m: &Method| all.iter().any(|n| n.class != m.class && is_subtype(&universe.meta, n.class, m.class));
    let maximal: Vec<&&Method> = all.iter().filter(|m| !extended(m)).collect();
    let bodies: Vec<&&&Method> = maximal.iter().filter(|m| !m.is_abstract()).collect();
    match bodies[..] {
        [one] => Some(one),
        [] => maximal.first().map(|m| **m),
        _ => None,
    }
}

fn check_itable(universe: &Universe, class: &Class) -> usize {
    let name = universe.str(class.name);
    let mut checked = 0;
    for &interface in universe.meta.slice(class.all_interfaces) {
        for method in universe.meta.slice(universe.class(interface).methods) {
            if method.access.intersects(Access::STATIC | Access::PRIVATE) {
                assert_eq!(method.itable_index, -1);
                continue;
            }
            let entry = universe.itable_entry(class.id, interface).unwrap();
            let slot = entry.start as usize + method.itable_index as usize;
            let selected = universe.meta.get(universe.meta.slice(class.itable_methods)[slot]);
            let expected = select_by_walking(universe, class, method);
            assert!(!selected.flags.contains(MethodFlags::VM_MADE), "{name}: the library has no conflicts");
            let expected = expected.unwrap_or_else(|| panic!("{name}: {}", universe.external_method(method)));
            if selected.is_abstract() && expected.is_abstract() {
                // Any of the abstract ones will do.
                assert_eq!((selected.name, selected.descriptor), (method.name, method.descriptor));
            } else {
                assert_eq!(selected.id, expected.id, "{name}: {}", universe.external_method(method));
            }
            checked += 1;
        }
    }
    checked
}

fn check_vtable(universe: &Universe, class: &Class) {
    let name = universe.str(class.name);
    let vtable = universe.meta.slice(class.vtable);
    for (slot, &entry) in vtable.iter().enumerate() {
        let method = universe.meta.get(entry);
        assert!(!method.flags.contains(MethodFlags::VM_MADE), "{name}");
        if method.class == class.id {
            assert_eq!(vtable[method.vtable_index as usize], entry, "{name} slot {slot}");
        }
        if method.is_public() {
            let expected = select_by_walking(universe, class, method).unwrap();
            assert!(
                expected.id == method.id || expected.is_abstract() && method.is_abstract(),
                "{name}: {} against {}",
                universe.external_method(method),
                universe.external_method(expected)
            );
        }
    }
    for method in universe.meta.slice(class.methods) {
        let direct = method.access.intersects(Access::STATIC | Access::PRIVATE) || method.is_init();
        assert!(!direct || method.vtable_index < 0, "{name}");
        assert!(direct || method.is_final() || method.vtable_index >= 0, "{name}");
    }
}

#[test]
fn all_of_java_base() {
    let names = names();
    let mut host = Host::booted();
    let start = Instant::now();
    let ids: Vec<ClassId> = names.iter().map(|name| host.boot(name)).collect();
    let loaded = start.elapsed();
    let universe = host.universe.clone();
    for &id in &ids {
        host.link(id).unwrap();
    }
    let linked = start.elapsed() - loaded;
    let mut itable_entries = 0;
    for &id in &ids {
        let class = universe.class(id);
        assert_eq!(class.state(), ClassState::Linked);
        check_layout(&universe, class);
        if !class.is_interface() {
            check_vtable(&universe, class);
            itable_entries += check_itable(&universe, class);
        }
    }
    println!(
        "{} classes loaded in {loaded:?}, linked in {linked:?}; {} KiB of metaspace, {} symbols, {} methods, {itable_entries} itable entries",
        ids.len(),
        universe.meta.used_bytes() >> 10,
        universe.symbols.len(),
        universe.method_id_bound(),
    );
    assert!(ids.len() > 6000);
    let mut once = host.created.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), host.created.len(), "every mirror is made once");
    assert_eq!(once.len(), universe.class_count());
}

#[test]
fn the_first_classes_get_their_mirrors_when_class_exists() {
    let mut host = Host::new();
    let object = host.boot("java/lang/Object");
    assert!(host.created.is_empty());
    let class = host.boot("java/lang/Class");
    let universe = host.universe.clone();
    assert_eq!(host.created.first(), Some(&class));
    assert!(host.created.contains(&object));
    assert!(host.created.contains(&universe.primitive(BasicType::Void)));
    assert_eq!(host.created.len(), universe.class_count());
    assert_eq!((universe.object_class(), universe.class_class()), (object, class));
    let record = universe.class(class);
    assert_eq!(record.layout.kind, LayoutKind::Mirror);
    let end = record.layout.instance_bytes;
    let klass = universe.injected_offset(class, "klass").unwrap();
    assert!((8..end).contains(&klass));
    let statics = universe.meta.slice(record.fields).iter().filter(|f| f.is_static());
    assert!(statics.clone().count() > 0 && statics.clone().all(|f| f.offset >= end));
    let integer = host.boot("java/lang/Integer");
    let integer = universe.class(integer);
    let first = universe.meta.slice(integer.fields).iter().filter(|f| f.is_static()).map(|f| f.offset).min();
    assert!(first.unwrap() >= end, "statics come after the instance part of Class");
    assert!(integer.layout.mirror_bytes > end);
    let (name, int) = (host.symbol("klass"), host.symbol("I"));
    assert!(universe.find_field(class, name, int).is_none(), "Java code does not see injected fields");
}

#[test]
fn arrays_and_primitives() {
    let mut host = Host::booted();
    let universe = host.universe.clone();
    let int = universe.primitive(BasicType::Int);
    assert_eq!(int.0, 10);
    let ints = universe.array_of(&mut host, int).unwrap();
    assert_eq!(universe.array_of(&mut host, int).unwrap(), ints);
    assert_eq!(universe.external_name(ints), "[I");
    assert_eq!(universe.class(ints).layout.kind, LayoutKind::PrimArray);
    assert_eq!(universe.class(ints).layout.elem_shift, 2);
    let name = host.symbol("[[Ljava/lang/String;");
    let strings = universe.class_named(&mut host, LoaderId::BOOT, name).unwrap();
    let record = universe.class(strings);
    assert_eq!(universe.str(record.name), "[[Ljava/lang/String;");
    assert_eq!((record.dims, record.state()), (2, ClassState::Initialized));
    assert_eq!(record.layout.kind, LayoutKind::RefArray);
    let objects = universe.array_of(&mut host, universe.object_class()).unwrap();
    let meta = &universe.meta;
    assert!(is_subtype(meta, strings, objects), "String[][] is an Object[]");
    assert!(!is_subtype(meta, ints, objects) && is_subtype(meta, ints, universe.object_class()));
    let serializable = host.boot("java/io/Serializable");
    assert!(is_subtype(meta, strings, serializable));
    let deep = (0..255).try_fold(int, |at, _| universe.array_of(&mut host, at)).unwrap();
    assert!(universe.array_of(&mut host, deep).is_err(), "256 dimensions");
    let void = universe.primitive(BasicType::Void);
    assert!(universe.array_of(&mut host, void).is_err());
    let clone =
        universe.find_method(ints, host.symbol("clone"), host.symbol("()Ljava/lang/Object;")).unwrap();
    assert!(clone.is_native() && clone.vtable_index >= 0);
    assert_eq!(universe.select_virtual(ints, clone).unwrap().id, clone.id);
}

#[test]
fn collections_dispatch_where_they_should() {
    let mut host = Host::booted();
    let universe = host.universe.clone();
    let mut check = |receiver: &str, through: &str, name: &str, descriptor: &str, holder: &str| {
        let (receiver, through) = (host.boot(receiver), host.boot(through));
        let (name, descriptor) = (host.symbol(name), host.symbol(descriptor));
        let interface = universe.class(through).is_interface();
        let method =
            universe.resolve_method(&mut host, ClassId::NONE, through, name, descriptor, interface).unwrap();
        let selected = if interface {
            universe.select_interface(receiver, method).unwrap()
        } else {
            universe.select_virtual(receiver, method).unwrap()
        };
        assert_eq!(universe.str(universe.class(selected.class).name), holder);
        if let Some(slot) = universe.vtable_slot(through, method)
            && !interface
        {
            let entry = universe.meta.slice(universe.class(receiver).vtable)[slot as usize];
            assert_eq!(universe.meta.get(entry).id, selected.id);
        }
    };
    let object = "()Ljava/lang/Object;";
    check("java/util/ArrayList", "java/util/List", "get", "(I)Ljava/lang/Object;", "java/util/ArrayList");
    check("java/util/ArrayList", "java/util/List", "reversed", "()Ljava/util/List;", "java/util/List");
    check(
        "java/util/ArrayList",
        "java/util/Collection",
        "stream",
        "()Ljava/util/stream/Stream;",
        "java/util/Collection",
    );
    check(
        "java/util/ArrayList",
        "java/util/Collection",
        "toString",
        "()Ljava/lang/String;",
        "java/util/AbstractCollection",
    );
    check("java/util/ArrayList", "java/util/List", "equals", "(Ljava/lang/Object;)Z", "java/util/ArrayList");
    check(
        "java/util/LinkedHashMap",
        "java/util/Map",
        "getOrDefault",
        "(Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;",
        "java/util/LinkedHashMap",
    );
    check(
        "java/util/ArrayDeque",
        "java/util/AbstractCollection",
        "iterator",
        "()Ljava/util/Iterator;",
        "java/util/ArrayDeque",
    );
    check("java/util/ArrayList$Itr", "java/util/Iterator", "next", object, "java/util/ArrayList$Itr");
    check("java/lang/String", "java/lang/Object", "hashCode", "()I", "java/lang/String");
    check("java/lang/String", "java/lang/CharSequence", "length", "()I", "java/lang/String");
    check(
        "java/lang/String",
        "java/lang/CharSequence",
        "codePoints",
        "()Ljava/util/stream/IntStream;",
        "java/lang/String",
    );
    check("java/lang/Thread", "java/lang/Object", "getClass", "()Ljava/lang/Class;", "java/lang/Object");
    // An abstract class calls an interface method on itself through its vtable.
    check(
        "java/util/ArrayList",
        "java/util/AbstractList",
        "stream",
        "()Ljava/util/stream/Stream;",
        "java/util/Collection",
    );
    check(
        "java/util/ArrayList",
        "java/util/AbstractList",
        "reversed",
        "()Ljava/util/List;",
        "java/util/List",
    );
}

#[test]
fn flags_of_library_methods() {
    let mut host = Host::booted();
    let universe = host.universe.clone();
    let mut flags = |class: &str, name: &str| {
        let class = host.boot(class);
        let name = host.symbol(name);
        let methods = universe.meta.slice(universe.class(class).methods);
        let named: Vec<&Method> = methods.iter().filter(|m| m.name == name).collect();
        assert!(!named.is_empty());
        named.iter().fold(MethodFlags::empty(), |all, m| all | m.flags)
    };
    let handle = "java/lang/invoke/MethodHandle";
    for name in ["invoke", "invokeExact", "invokeBasic", "linkToStatic"] {
        assert!(flags(handle, name).contains(MethodFlags::POLYMORPHIC), "{name}");
    }
    assert!(!flags(handle, "asType").contains(MethodFlags::POLYMORPHIC));
    assert!(flags("java/lang/invoke/VarHandle", "getAndAddAcquire").contains(MethodFlags::POLYMORPHIC));
    assert!(flags("java/lang/Class", "forName").contains(MethodFlags::CALLER_SENSITIVE));
    assert!(flags("java/lang/Object", "<init>").contains(MethodFlags::INIT | MethodFlags::EMPTY));
    assert!(flags("java/lang/Math", "abs").contains(MethodFlags::INTRINSIC_CANDIDATE));
    assert!(flags("java/util/Objects", "requireNonNull").contains(MethodFlags::FORCE_INLINE));
    assert!(flags("java/lang/Thread", "runWith").contains(MethodFlags::HIDDEN));
    assert!(flags("jdk/internal/misc/ScopedMemoryAccess", "getIntInternal").contains(MethodFlags::SCOPED));
    assert!(flags("java/lang/VirtualThread", "mount").contains(MethodFlags::CHANGES_CURRENT_THREAD));
}

#[test]
fn references_keep_their_strength() {
    use carafe_gc::object::ref_kind;
    let mut host = Host::booted();
    let universe = host.universe.clone();
    let mut kind = |name: &str| {
        let class = universe.class(host.boot(name));
        let runs = universe.meta.slice(class.layout.ref_runs);
        for field in ["referent", "discovered"] {
            let reference = host.boot("java/lang/ref/Reference");
            let name = host.symbol(field);
            let fields = universe.meta.slice(universe.class(reference).fields);
            let offset = fields.iter().find(|f| f.name == name).unwrap().offset;
            let inside = runs.iter().any(|run| (run.offset..run.offset + run.count * 4).contains(&offset));
            assert!(!inside, "{field} is not scanned as an ordinary reference");
        }
        class.layout.ref_kind
    };
    assert_eq!(kind("java/lang/ref/Reference"), ref_kind::NONE);
    assert_eq!(kind("java/lang/ref/SoftReference"), ref_kind::SOFT);
    assert_eq!(kind("java/lang/ref/WeakReference"), ref_kind::WEAK);
    assert_eq!(kind("java/util/WeakHashMap$Entry"), ref_kind::WEAK);
    assert_eq!(kind("java/lang/ref/Finalizer"), ref_kind::FINAL);
    assert_eq!(kind("jdk/internal/ref/PhantomCleanable"), ref_kind::PHANTOM);
}
