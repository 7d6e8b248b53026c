//! Reference maps of interpreted frames, computed when a collector first meets a (method, bci), and kept.

use std::sync::Arc;

use carafe_classloader::basic::BasicType;
use carafe_classloader::bytecode::flow::Handler;
use carafe_classloader::bytecode::refmap::{
    Body, CallShape, ConstantShapes, FrameSlot, Limits, RefMap, RefMapError, RefMaps, Shape,
};
use carafe_classloader::bytecode::{CpIndex, Kind};
use carafe_classloader::class::method::MethodFlags;
use carafe_classloader::class::pool::tag;
use carafe_classloader::class::{Method, Pool};
use hashbrown::HashMap;
use parking_lot::Mutex;

use crate::isolate::Isolate;
use crate::linkage::handles::split_descriptor;

/// How many maps are kept; past it the cache starts afresh, so a flood of methods cannot fill memory.
const MAX_MAPS: usize = 1 << 16;

#[derive(Default)]
pub struct RefMapCache {
    maps: Mutex<HashMap<(u32, u16), Arc<RefMap>>>,
}

impl RefMapCache {
    /// Calls `f` with the map of a frame of `method` at `bci`. `return_value` reads a local as a return address.
    /// Code that cannot be analysed (it was never verified, and is malformed) has no references that could be used.
    pub fn with(
        &self,
        vm: &Isolate,
        method: &Method,
        bci: u16,
        return_value: &dyn Fn(usize) -> Option<u16>,
        f: impl FnOnce(&RefMap),
    ) {
        let key = (vm.meta.meta_of(method).raw(), bci);
        let simple = !method.flags.contains(MethodFlags::HAS_JSR);
        if simple {
            let known = self.maps.lock().get(&key).cloned();
            if let Some(map) = known {
                return f(&map);
            }
        }
        let Ok(map) = compute(vm, method, bci, return_value) else { return };
        let map = Arc::new(map);
        if simple {
            let mut maps = self.maps.lock();
            if maps.len() >= MAX_MAPS {
                maps.clear();
            }
            maps.insert(key, map.clone());
        }
        f(&map);
    }
}

fn compute(
    vm: &Isolate,
    method: &Method,
    bci: u16,
    return_value: &dyn Fn(usize) -> Option<u16>,
) -> Result<RefMap, RefMapError> {
    let handlers: Vec<Handler> = vm
        .meta
        .slice(method.handlers)
        .iter()
        .map(|h| Handler { start: h.start, end: h.end, handler: h.handler, catch_type: h.catch_type })
        .collect();
    let body = Body {
        code: vm.meta.slice(method.code),
        handlers: &handlers,
        max_locals: method.max_locals,
        max_stack: method.max_stack,
    };
    let pool = vm.meta.get(vm.universe.class(method.class).pool);
    let maps = RefMaps::compute(body, argument_kinds(vm, method), Shapes { vm, pool }, Limits::default())?;
    maps.at_with(bci as u32, |slot| match slot {
        FrameSlot::Local(n) => return_value(n as usize).map_or(u32::MAX, u32::from),
        // Return addresses are stored at once by all known compilers; one that is still on the stack is ambiguous.
        FrameSlot::Stack(_) => u32::MAX,
    })
}

fn argument_kinds(vm: &Isolate, method: &Method) -> Vec<Kind> {
    let mut kinds = Vec::new();
    if !method.is_static() {
        kinds.push(Kind::Ref);
    }
    if let Some(parts) = split_descriptor(vm.universe.text(method.descriptor)) {
        kinds.extend(parts.parameters.iter().map(|p| kind(p)));
    }
    kinds
}

fn kind(descriptor: &[u8]) -> Kind {
    match descriptor.first() {
        Some(b'J') => Kind::Long,
        Some(b'D') => Kind::Double,
        Some(b'F') => Kind::Float,
        Some(b'L' | b'[') => Kind::Ref,
        Some(_) | None => Kind::Int,
    }
}

struct Shapes<'v> {
    vm: &'v Isolate,
    pool: &'v Pool,
}

impl ConstantShapes for Shapes<'_> {
    fn field(&self, index: CpIndex) -> Option<Shape> {
        let member = self.pool.member(&self.vm.meta, index.0);
        Some(kind(self.vm.universe.text(member.descriptor)).into())
    }

    fn call(&self, index: CpIndex) -> Option<CallShape> {
        let meta = &self.vm.meta;
        let descriptor = match self.pool.tag(meta, index.0) {
            tag::INVOKE_DYNAMIC => self.pool.dynamic(meta, index.0).2,
            _ => self.pool.member(meta, index.0).descriptor,
        };
        let parts = split_descriptor(self.vm.universe.text(descriptor))?;
        let argument_slots = parts.parameters.iter().map(|p| kind(p).slots()).sum();
        let result = match parts.result.first().copied().and_then(BasicType::from_descriptor) {
            Some(BasicType::Void) | None => None,
            Some(_) => Some(kind(parts.result).into()),
        };
        Some(CallShape { argument_slots, result })
    }

    fn constant(&self, index: CpIndex) -> Option<Shape> {
        let meta = &self.vm.meta;
        Some(match self.pool.tag(meta, index.0) {
            tag::INTEGER | tag::FLOAT => Shape::One,
            tag::LONG | tag::DOUBLE => Shape::Two,
            tag::DYNAMIC => kind(self.vm.universe.text(self.pool.dynamic(meta, index.0).2)).into(),
            _ => Shape::Ref,
        })
    }
}
