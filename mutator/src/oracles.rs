//! What must hold of any bytes whatever: nothing panics, nothing takes more than its input allows.
//!
//! Invariant: an oracle answers whether the bytes got through, and panics if carafe has a defect. Deliberately not here: what
//! the right verdict is; the reference machine knows that (`tests/verify_diff.rs`).

use std::sync::Arc;

use carafe_classloader::bytecode::disasm::Disassembly;
use carafe_classloader::bytecode::refmap::{Body, Limits, RefMaps};
use carafe_classloader::bytecode::{Flow, Kind};
use carafe_classloader::classfile::{ClassFile, MethodDescriptor, ReadOptions, access, attributes};
use carafe_classloader::link::LinkErrorKind;
use carafe_classloader::offline::{Offline, Verdict};
use carafe_classloader::source::JImage;

/// Looks at all there is in a class file; answers whether it could be read.
pub fn parse(bytes: &[u8], check: bool) -> bool {
    let options = ReadOptions { check, module: true, preview: true, name: None };
    let Ok(class) = ClassFile::read_with(bytes, options) else { return false };
    let tables = class.fields.iter().map(|field| field.attributes);
    let tables = tables.chain(class.methods.iter().map(|method| method.attributes));
    let tables =
        tables.chain(class.methods.iter().filter_map(|method| method.code.as_ref()?.attributes.into()));
    for attribute in tables.chain([class.attributes.table]).flat_map(|table| table.iter()) {
        // Every view over every attribute, whatever it is: a name can be damaged too.
        let info = attribute.info;
        attributes::line_at(&info, 3);
        attributes::single_index(&info);
        let seen = attributes::local_variables(&info).count()
            + attributes::class_list(&info).count()
            + attributes::method_parameters(&info).count()
            + attributes::inner_classes(&info).count()
            + attributes::record_components(&info).map(|c| c.attributes.iter().count()).sum::<usize>()
            + attributes::bootstrap_methods(&info).map(|entry| entry.arguments().len()).sum::<usize>();
        assert!(seen <= info.bytes.len() * 6, "more items than bytes");
    }
    for method in &class.methods {
        let Some(code) = &method.code else { continue };
        let listing = Disassembly { code: code.code, handlers: &code.handlers, constants: &class.pool };
        assert!(listing.to_string().lines().count() <= code.code.len() + code.handlers.len());
        let Ok(flow) = Flow::new(code.code, &code.handlers) else { continue };
        let body = Body {
            code: code.code,
            handlers: &code.handlers,
            max_locals: code.max_locals,
            max_stack: code.max_stack,
        };
        let Some(descriptor) = MethodDescriptor::parse(method.descriptor) else { continue };
        let receiver = (method.access & access::STATIC == 0).then_some(Kind::Ref);
        let arguments = receiver.into_iter().chain(descriptor.parameters().map(|p| p.kind()));
        let limits = Limits::of_code(code.code.len());
        let Ok(maps) = RefMaps::compute(body, arguments, &class.pool, limits) else { continue };
        for bci in flow.instruction_starts() {
            if let Ok(map) = maps.at_with(bci, |_| 7) {
                assert!(map.depth <= u32::from(code.max_stack));
            }
        }
    }
    true
}

/// Defines, verifies and links one class after another, above a JDK image.
pub struct Linker {
    image: Arc<JImage>,
    offline: Offline,
    left: u32,
}

impl Linker {
    /// Classes that one universe takes: nothing of it is freed before all of it is.
    const CLASSES_MAX: u32 = 5_000;
    const METASPACE_BYTES: u64 = 1 << 30;

    pub fn new(image: Arc<JImage>) -> Linker {
        let offline = Linker::universe(&image);
        Linker { image, offline, left: Linker::CLASSES_MAX }
    }

    fn universe(image: &Arc<JImage>) -> Offline {
        match Offline::new(image.clone(), Linker::METASPACE_BYTES) {
            Ok(offline) => offline,
            Err(error) => panic!("no universe: {error}"),
        }
    }

    /// Whether the class is accepted.
    pub fn accepts(&mut self, bytes: &[u8]) -> bool {
        self.left -= 1;
        if self.left == 0 {
            *self = Linker::new(self.image.clone());
        }
        match self.offline.verify_bytes(bytes) {
            Some(Verdict::Accepted) => true,
            Some(Verdict::Refused(error)) => {
                assert!(error.kind != LinkErrorKind::OutOfMemoryError, "metaspace is full: {error}");
                false
            }
            Some(_) | None => false,
        }
    }
}
