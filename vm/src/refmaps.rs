//! Reference maps of interpreted frames, computed when a collector first meets a (method, bci), and kept.
//!
//! For all but old classes the frames of the verified StackMapTable are the start, so types are not inferred a second time.
//! The walk over a method costs far more than reading one map off it. So the first time a method is met one map is
//! taken; the second time those of all its calls and allocations, where nearly all frames stand that a collector sees.
//!
//! Invariant: the collector finds a map for every reachable instruction of verified code. The pass has limits, so code
//! made to exceed them is refused before it runs ([`is_analysable`]).

use carafe_classloader::basic::BasicType;
use carafe_classloader::bytecode::flow::Handler;
use carafe_classloader::bytecode::refmap::{
    Body, CallShape, ConstantShapes, FrameSlot, Limits, RefMap, RefMapError, RefMaps, Shape,
};
use carafe_classloader::bytecode::{CpIndex, Instr, Kind, Op};
use carafe_classloader::class::method::MethodFlags;
use carafe_classloader::class::pool::tag;
use carafe_classloader::class::{Method, Pool};
use hashbrown::{HashMap, HashSet};
use parking_lot::Mutex;

use crate::isolate::Isolate;
use crate::linkage::handles::split_descriptor;

/// How many maps are kept; past it the cache starts afresh, so a flood of methods cannot fill memory.
const MAX_MAPS: usize = 1 << 16;

#[derive(Default)]
pub struct RefMapCache {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// By method and bci.
    maps: HashMap<(u32, u16), RefMap>,
    /// Methods that were met before.
    met: HashSet<u32>,
}

impl RefMapCache {
    /// Calls `f` with the map of a frame of `method` at `bci`. `return_value` reads a slot as a return address.
    /// Code that cannot be analysed (it was never verified, and is malformed) has no references that could be used.
    pub fn with(
        &self,
        vm: &Isolate,
        method: &Method,
        bci: u16,
        return_value: &dyn Fn(FrameSlot) -> Option<u16>,
        f: impl FnOnce(&RefMap),
    ) {
        if method.flags.contains(MethodFlags::HAS_JSR) {
            let answer = |slot| return_value(slot).map_or(u32::MAX, u32::from);
            if let Ok(Ok(map)) = analyse(vm, method, |maps| maps.at_with(bci as u32, answer)) {
                f(&map);
            }
            return;
        }
        let id = vm.meta.meta_of(method).raw();
        let mut known = self.known.lock();
        if let Some(map) = known.maps.get(&(id, bci)) {
            return f(map);
        }
        if known.maps.len() >= MAX_MAPS {
            *known = Known::default();
        }
        let met = !known.met.insert(id);
        let map = analyse(vm, method, |maps| {
            if met {
                maps.for_each(stops_often, |bci, map| {
                    known.maps.entry((id, bci as u16)).or_insert(map);
                });
            }
            maps.at(bci as u32)
        });
        if let Ok(Ok(map)) = map {
            f(known.maps.entry((id, bci)).or_insert(map));
        }
    }
}

impl RefMapCache {
    /// Forgets methods that are no more, by their places in metaspace.
    pub fn forget(&self, is_gone: impl Fn(u32) -> bool) {
        let mut known = self.known.lock();
        known.maps.retain(|(method, _), _| !is_gone(*method));
        known.met.retain(|method| !is_gone(*method));
    }
}

/// Whether frames are often found at this instruction: calls, and what may collect by itself.
fn stops_often(instr: &Instr<'_>) -> bool {
    matches!(
        instr.op,
        Op::Invoke { .. }
            | Op::InvokeDynamic(_)
            | Op::New(_)
            | Op::NewArray(_)
            | Op::ANewArray(_)
            | Op::MultiANewArray(..)
    )
}

/// Whether reference maps of the method can be had. Only code made for it (or never verified) exceeds the limits of the
/// pass; below a certain size none can, and it is not asked.
pub fn is_analysable(vm: &Isolate, method: &Method) -> bool {
    let slots = method.max_locals as u64 + method.max_stack as u64 + 1;
    let code = method.code.len();
    let limits = Limits::of_code(code);
    let harmless = if has_proven_frames(vm, method) {
        // States are at most one for each byte.
        (code as u64 + 1) * slots.div_ceil(64) <= limits.words as u64
    } else {
        // Their changes are at most one for each slot, and a change looks at all slots.
        code as u64 * slots * slots <= limits.steps / 4 && !method.flags.contains(MethodFlags::HAS_JSR)
    };
    harmless || !matches!(analyse(vm, method, |_| ()), Err(RefMapError::TooComplex))
}

/// How many slots of operands there are at each reachable instruction.
pub fn depths(vm: &Isolate, method: &Method) -> HashMap<u32, u16> {
    let mut depths = HashMap::new();
    let outcome = analyse(vm, method, |maps| {
        maps.for_each(
            |_| true,
            |bci, map| {
                depths.insert(bci, map.depth as u16);
            },
        );
    });
    // What cannot be analysed is not compiled either: it does not run.
    if outcome.is_err() { HashMap::new() } else { depths }
}

/// Runs the pass over a method and puts a question to what it found.
fn analyse<R>(
    vm: &Isolate,
    method: &Method,
    ask: impl FnOnce(&RefMaps<'_, Shapes<'_>>) -> R,
) -> Result<R, RefMapError> {
    let handlers = vm.meta.slice(method.handlers);
    let handlers: Vec<Handler> = handlers
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
    let (arguments, shapes) = (argument_kinds(vm, method), Shapes { vm, pool });
    let limits = Limits::of_code(body.code.len());
    let maps = match proven_frames(vm, method) {
        Some(table) => RefMaps::from_stack_map(body, arguments, shapes, limits, table)?,
        None => RefMaps::compute(body, arguments, shapes, limits)?,
    };
    Ok(ask(&maps))
}

/// The frames that the verifier has proven, or that came with the JDK: the method's StackMapTable, empty if it needs none.
/// Older classes have none that could be trusted, because they may have been verified without.
fn proven_frames<'v>(vm: &'v Isolate, method: &Method) -> Option<&'v [u8]> {
    if !has_proven_frames(vm, method) {
        return None;
    }
    let class = vm.universe.class(method.class);
    let table = vm.universe.attribute(class, method.code_attributes, "StackMapTable");
    Some(table.map(|raw| raw.bytes).unwrap_or_default())
}

fn has_proven_frames(vm: &Isolate, method: &Method) -> bool {
    const STACK_MAP_DECIDES: u16 = 51;
    let major = vm.universe.class(method.class).major;
    major >= STACK_MAP_DECIDES && !method.flags.contains(MethodFlags::VM_MADE)
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
