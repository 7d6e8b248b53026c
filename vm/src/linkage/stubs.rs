//! Frames that the VM pushes between Java frames: upcalls, class initialization, and the dispatcher's entry.
//!
//! A stub is a pseudo-method: a `Method` record without a class, whose quick code consists of stub instructions and whose
//! locals hold what the stub has to do. Its frame's return pc is the instruction that needed it, with the REEXECUTE flag,
//! so when the stub returns that instruction runs again and finds its need met. Traces never show stubs.
//!
//! Locals of an upcall frame:
//!
//! | local | what |
//! |---|---|
//! | 0..10 | arguments, one slot each |
//! | 10 | bit set of the arguments that are references (low), their number (high) |
//! | 11 | the method to call |
//! | 12 | the purpose (low), the class it is for (high) |
//! | 13 | constant-pool index (low), loader or symbol (high), by purpose |
//! | 14, 15 | references that must live as long as the frame |

use std::sync::atomic::{AtomicU32, AtomicU64};

use carafe_classloader::basic::BasicType;
use carafe_classloader::class::method::MethodFlags;
use carafe_classloader::class::{Access, LoaderId, Method, MethodId};
use carafe_classloader::symbols::Symbol;
use carafe_gc::metaspace::{ClassId, Meta, MetaSlice, Metaspace, MetaspaceFull};
use carafe_gc::object::ObjRef;

use super::{Need, constants, loading};
use crate::dispatch;
use crate::env::{Env, JResult, Local, Throw, Value};
use crate::exceptions;
use crate::interpreter::quick::{Quick, encode};
use crate::interpreter::slow::Flow;
use crate::isolate::Isolate;
use crate::thread::frames::{self, Frame, HEADER_WORDS, flag};
use crate::thread::walk::Named;
use crate::thread::{Thread, Top};

pub const MAX_ARGS: usize = 10;
pub const REF_MASK: usize = 10;
pub const TARGET: usize = 11;
pub const PURPOSE: usize = 12;
pub const DATA: usize = 13;
pub const EXTRA: usize = 14;
pub const EXTRA2: usize = 15;
pub const UPCALL_LOCALS: usize = 16;

/// What is done with the result of an upcall.
#[repr(u32)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// A loader was asked for a class: data is the symbol and the loader. If it fails, the entry (class, index) has failed.
    LoadClass = 1,
    /// As LoadClass, for the type of an exception handler: then throw EXTRA again.
    LoadCatchType = 2,
    /// Keep the result as the resolved constant (class, pool index).
    Constant = 3,
    /// Link the call site at the return pc: EXTRA is the Object[1] of the appendix.
    CallSite = 4,
    /// Link the constant-pool entry of a signature-polymorphic call.
    PolymorphicCall = 5,
    /// Nothing: the call was wanted for its effect.
    Effect = 6,
    /// Keep the result as the MethodType of the descriptor in data, for the class.
    MethodType = 7,
}

impl Purpose {
    /// From the word in a stub's frame, which also has the index and the class.
    fn from_word(word: u64) -> Purpose {
        match word & 0xffff {
            1 => Purpose::LoadClass,
            2 => Purpose::LoadCatchType,
            3 => Purpose::Constant,
            4 => Purpose::CallSite,
            5 => Purpose::PolymorphicCall,
            7 => Purpose::MethodType,
            _ => Purpose::Effect,
        }
    }
}

/// One argument of an upcall, already raw. References are valid only until the next safepoint: an upcall is pushed at once.
#[derive(Clone, Copy, Debug)]
pub enum Arg {
    Int(i32),
    Ref(ObjRef),
}

/// An upcall to be pushed.
#[derive(Clone, Copy, Debug)]
pub struct Upcall {
    pub target: Meta<Method>,
    pub args: [Arg; MAX_ARGS],
    pub count: usize,
    pub purpose: Purpose,
    pub class: ClassId,
    /// An entry of the class's constant pool, where that is not in the data.
    pub index: u16,
    pub data: u64,
    /// More of the same, in the upper half of the target's word.
    pub data2: u32,
    pub extra: ObjRef,
}

/// The pseudo-methods of an isolate.
pub struct Stubs {
    pub entry: Meta<Method>,
    pub upcall: Meta<Method>,
    pub init: Meta<Method>,
    /// The `Exit` instruction that entered methods return to.
    pub exit_pc: u32,
}

impl Stubs {
    pub fn new(meta: &Metaspace, arena: &carafe_gc::metaspace::Arena) -> Result<Stubs, MetaspaceFull> {
        let (entry, exit_pc) = pseudo_method(meta, arena, 0, &[Quick::Exit])?;
        let (upcall, _) = pseudo_method(
            meta,
            arena,
            UPCALL_LOCALS,
            &[Quick::StubCall, Quick::StubDone, Quick::StubReturn],
        )?;
        let (init, _) = pseudo_method(
            meta,
            arena,
            2,
            &[Quick::InitBegin, Quick::InitSupers, Quick::InitClinit, Quick::InitDone, Quick::StubReturn],
        )?;
        Ok(Stubs { entry, upcall, init, exit_pc })
    }
}

fn pseudo_method(
    meta: &Metaspace,
    arena: &carafe_gc::metaspace::Arena,
    locals: usize,
    code: &[Quick],
) -> Result<(Meta<Method>, u32), MetaspaceFull> {
    let words = arena.alloc_slice_with(code.len(), |i| AtomicU64::new(encode(code[i], 0, 0)))?;
    let bcis = arena.alloc_slice(&vec![0u16; code.len()])?;
    let own = code.len() as u32;
    let side = arena.alloc(crate::interpreter::translate::QuickCode { words, bcis, own })?;
    let method = arena.alloc(Method {
        quick: AtomicU32::new(words.offset()),
        arg_slots: 0,
        max_locals: locals as u16,
        max_stack: MAX_ARGS as u16 + 2,
        access: Access::STATIC,
        result: BasicType::Void as u8,
        _pad: 0,
        index: 0,
        class: ClassId::NONE,
        id: MethodId(0),
        name: Symbol::NONE,
        descriptor: Symbol::NONE,
        flags: MethodFlags::VM_MADE | MethodFlags::HIDDEN,
        vtable_index: -1,
        itable_index: -1,
        code: MetaSlice::EMPTY,
        handlers: MetaSlice::EMPTY,
        attributes: MetaSlice::EMPTY,
        code_attributes: MetaSlice::EMPTY,
        native: AtomicU32::new(0),
        calls: AtomicU32::new(0),
        loops: AtomicU32::new(0),
        side: AtomicU32::new(side.raw()),
        entry: AtomicU32::new(0),
        vm_data: 0,
        signature: 0,
        intrinsic: 0,
    })?;
    debug_assert!(!meta.base().is_null());
    Ok((method, words.offset()))
}

/// Pushes a stub frame above `thread.top`, to run before the instruction at `top.pc` is executed again.
///
/// # Safety
/// The thread is the caller's own and `top` is in order.
unsafe fn push(
    t: *mut Thread,
    stub: Meta<Method>,
    return_pc: *const u64,
    flags: u64,
) -> Result<*mut u64, Throw> {
    // SAFETY: the caller's promise; the limit check keeps the frame inside the stack.
    unsafe {
        let vm = &*(*t).vm;
        let method = vm.meta.get(stub);
        let top = (*t).top;
        let fp = top.sp.sub(method.max_locals as usize + HEADER_WORDS);
        if fp.sub(method.max_stack as usize + 2) < (*t).stack_limit {
            Env::with(t, exceptions::throw_stack_overflow);
            return Err(Throw);
        }
        let caller_lp = if top.fp.is_null() {
            std::ptr::null_mut()
        } else {
            let caller = Frame::new(top.fp);
            caller.locals(vm.meta.get(caller.method()).max_locals as usize)
        };
        *fp.add(frames::CALLER_FP) = top.fp as u64;
        *fp.add(frames::RETURN_PC) = return_pc as u64;
        *fp.add(frames::METHOD) = stub.raw() as u64 | flags;
        *fp.add(frames::CALLER_LP) = caller_lp as u64;
        let pc = vm.meta.base().add(method.quick_code() as usize).cast::<u64>();
        (*t).top = Top { fp, sp: fp, pc };
        Ok(Frame::new(fp).locals(method.max_locals as usize))
    }
}

/// Pushes the stub that meets a need, for the instruction at `thread.top.pc`.
///
/// # Safety
/// As for `push`.
pub unsafe fn push_need(t: *mut Thread, need: Need) -> Flow {
    // SAFETY: the caller's promise.
    unsafe {
        let pc = (*t).top.pc;
        let vm = &*(*t).vm;
        match need {
            Need::Init(class) => match push(t, vm.stubs.init, pc, flag::REEXECUTE) {
                Ok(lp) => {
                    *lp = class.raw() as u64;
                    *lp.sub(1) = 0;
                    Flow::Next
                }
                Err(Throw) => Flow::Throw,
            },
            Need::Load { loader, name, wanted, entry } => Env::with(t, |env| {
                match push_load(env, loader, (name, wanted), entry, Purpose::LoadClass, ObjRef::NULL) {
                    Ok(()) => Flow::Next,
                    Err(Throw) => Flow::Throw,
                }
            }),
            Need::Upcall(upcall) => match push_upcall(t, &upcall) {
                Ok(()) => Flow::Next,
                Err(Throw) => Flow::Throw,
            },
        }
    }
}

/// Pushes the call of a loader's loadClass for a name; the other name is what the error names if there is no such class.
///
/// # Safety
/// As for `push`; `extra` is current.
pub unsafe fn push_load(
    env: &mut Env<'_>,
    loader: LoaderId,
    (name, wanted): (Symbol, Symbol),
    entry: Option<(ClassId, u16)>,
    purpose: Purpose,
    extra: ObjRef,
) -> JResult<()> {
    let extra = env.local(extra);
    loading::begin(env, loader, name)?;
    // SAFETY: the caller's promise.
    let pushed = unsafe { push_begun_load(env, loader, (name, wanted), entry, purpose, extra) };
    if pushed.is_err() {
        loading::end(env, loader, name);
    }
    pushed
}

/// # Safety
/// As for `push`.
unsafe fn push_begun_load(
    env: &mut Env<'_>,
    loader: LoaderId,
    (name, wanted): (Symbol, Symbol),
    entry: Option<(ClassId, u16)>,
    purpose: Purpose,
    extra: Local<'_>,
) -> JResult<()> {
    let dotted = loading::dotted_name(env, name)?;
    let object = env.vm().loader_object(loader);
    let receiver = env.local(object);
    let class = env.class_id_of(receiver);
    let method = env.vm().well_known_methods().load_class;
    let target = super::select(env, class, method)?;
    let mut args = [Arg::Int(0); MAX_ARGS];
    args[0] = Arg::Ref(env.raw(receiver));
    args[1] = Arg::Ref(env.raw(dotted));
    let upcall = Upcall {
        target: env.vm().meta.meta_of(target),
        args,
        count: 2,
        purpose,
        class: entry.map_or(ClassId::NONE, |(class, _)| class),
        index: entry.map_or(0, |(_, index)| index),
        data: name.raw() as u64 | (loader.0 as u64) << 32,
        data2: wanted.raw(),
        extra: env.raw(extra),
    };
    // SAFETY: the caller's promise.
    unsafe { push_upcall(env.thread_ptr(), &upcall) }
}

/// # Safety
/// As for `push`; the upcall's references are current.
pub unsafe fn push_upcall(t: *mut Thread, upcall: &Upcall) -> JResult<()> {
    // SAFETY: the caller's promise; the frame has UPCALL_LOCALS locals, from lp downward.
    unsafe {
        let stub = (*(*t).vm).stubs.upcall;
        let pc = (*t).top.pc;
        // The frame check may throw, which allocates: keep the references where a collection finds them.
        let mark = (*t).handles.len();
        let mut kept = [Local::NULL; MAX_ARGS + 1];
        for (i, arg) in upcall.args[..upcall.count].iter().enumerate() {
            if let Arg::Ref(r) = arg
                && !r.is_null()
            {
                kept[i] = Local::from_index((*t).handles.push(*r));
            }
        }
        if !upcall.extra.is_null() {
            kept[MAX_ARGS] = Local::from_index((*t).handles.push(upcall.extra));
        }
        let pushed = push(t, stub, pc, flag::REEXECUTE);
        let result = pushed.map(|lp| {
            let mut mask = 0u64;
            for (i, arg) in upcall.args[..upcall.count].iter().enumerate() {
                *lp.sub(i) = match arg {
                    Arg::Int(v) => *v as u32 as u64,
                    Arg::Ref(_) => {
                        mask |= 1 << i;
                        kept[i].get(&(*t).handles).raw() as u64
                    }
                };
            }
            for i in upcall.count..MAX_ARGS {
                *lp.sub(i) = 0;
            }
            *lp.sub(REF_MASK) = mask | (upcall.count as u64) << 32;
            *lp.sub(TARGET) = upcall.target.raw() as u64 | (upcall.data2 as u64) << 32;
            *lp.sub(PURPOSE) = upcall.purpose as u32 as u64
                | (upcall.index as u64) << 16
                | (upcall.class.raw() as u64) << 32;
            *lp.sub(DATA) = upcall.data;
            *lp.sub(EXTRA) = kept[MAX_ARGS].get(&(*t).handles).raw() as u64;
            *lp.sub(EXTRA2) = 0;
        });
        (*t).handles.truncate(mark);
        result
    }
}

/// Meets a need from native code: runs the stub in a nested dispatcher.
pub fn meet(env: &mut Env<'_>, need: Need) -> JResult<()> {
    dispatch::run_stub(env, need)
}

/// `StubCall`: pushes the arguments and enters the target.
///
/// # Safety
/// The youngest frame is an upcall stub.
pub unsafe fn call(t: *mut Thread) -> Flow {
    // SAFETY: the caller's promise.
    unsafe {
        let vm = &*(*t).vm;
        let lp = Frame::new((*t).top.fp).locals(UPCALL_LOCALS);
        let count = (*lp.sub(REF_MASK) >> 32) as usize;
        let method = vm.meta.get(Meta::<Method>::from_raw(*lp.sub(TARGET) as u32));
        if let Err(flow) = dispatch::prepare(t, method) {
            return flow;
        }
        let mut top = (*t).top;
        for i in 0..count {
            top.sp = top.sp.sub(1);
            *top.sp = *lp.sub(i);
        }
        (*t).top = top;
        dispatch::push_frame(t, method, top.pc.add(1), 0)
    }
}

/// `StubDone`: does what the upcall was for, and goes on to `StubReturn`.
///
/// # Safety
/// The youngest frame is an upcall stub whose target has returned.
pub unsafe fn done(t: *mut Thread) -> Flow {
    // SAFETY: the caller's promise. Whatever is read from the frame was written by push_upcall.
    unsafe {
        let lp = Frame::new((*t).top.fp).locals(UPCALL_LOCALS);
        let (purpose, class) = (*lp.sub(PURPOSE), ClassId::from_raw((*lp.sub(PURPOSE) >> 32) as u32));
        let data = *lp.sub(DATA);
        let site = Frame::new((*t).top.fp).return_pc();
        let result = Env::with(t, |env| {
            let has_result = env.thread().top.sp < env.thread().top.fp;
            let raw = if has_result { ObjRef::from_raw(*env.thread().top.sp as u32) } else { ObjRef::NULL };
            let value = env.local(raw);
            let extra = env.local(ObjRef::from_raw(*lp.sub(EXTRA) as u32));
            match Purpose::from_word(purpose) {
                Purpose::LoadClass | Purpose::LoadCatchType => {
                    let (name, loader) = (Symbol::from_raw(data as u32), LoaderId((data >> 32) as u32));
                    if loading::accept(env, loader, name, value)?.is_some() {
                        loading::end(env, loader, name);
                        return Ok(());
                    }
                    let wanted = Symbol::from_raw((*lp.sub(TARGET) >> 32) as u32);
                    let text = env.vm().universe.str(wanted).into_owned();
                    let class = env.wk().no_class_def_found.id;
                    Err(exceptions::throw_new(env, class, Some(&text), Local::NULL))
                }
                Purpose::Constant => constants::keep(env, class, data as u16, value).map(|_| ()),
                Purpose::CallSite => super::methods::link_call_site(env, class, site, value, extra),
                Purpose::PolymorphicCall => {
                    super::methods::link_polymorphic(env, class, data as u16, value, extra)
                }
                Purpose::MethodType => {
                    constants::keep_method_type(env, class, Symbol::from_raw(data as u32), value)
                }
                Purpose::Effect => Ok(()),
            }
        });
        if result.is_err() {
            return Flow::Throw;
        }
        if Purpose::from_word(purpose) == Purpose::LoadCatchType {
            let exception = ObjRef::from_raw(*lp.sub(EXTRA) as u32);
            pop_stub(t);
            (*t).exception = exception;
            return Flow::Throw;
        }
        (*t).top.sp = (*t).top.fp;
        (*t).top.pc = (*t).top.pc.add(1);
        Flow::Next
    }
}

/// Takes the youngest frame, a stub's, off the stack; the caller's instruction becomes the current one.
///
/// # Safety
/// The youngest frame is a stub pushed with REEXECUTE.
pub unsafe fn pop_stub(t: *mut Thread) {
    // SAFETY: the caller's promise.
    unsafe {
        let vm = &*(*t).vm;
        let frame = Frame::new((*t).top.fp);
        let lp = frame.locals(vm.meta.get(frame.method()).max_locals as usize);
        (*t).top = Top { fp: frame.caller_fp(), sp: lp.add(1), pc: frame.return_pc() };
    }
}

/// Whether the youngest frame is a stub that loads the type of an exception handler.
///
/// # Safety
/// The youngest frame is a stub of the given thread.
pub unsafe fn loads_catch_type(t: *mut Thread) -> bool {
    // SAFETY: the caller's promise.
    unsafe {
        let frame = Frame::new((*t).top.fp);
        frame.method() == (*(*t).vm).stubs.upcall
            && Purpose::from_word(*frame.locals(UPCALL_LOCALS).sub(PURPOSE)) == Purpose::LoadCatchType
    }
}

/// An exception passes through a stub: it may have to become another one, and be remembered.
/// The frame is still there; the caller pops it.
///
/// # Safety
/// The youngest frame is a stub of the given thread.
pub unsafe fn failed(t: *mut Thread) {
    // SAFETY: the caller's promise.
    unsafe {
        if (*t).terminating {
            return;
        }
        let vm: &Isolate = &*(*t).vm;
        let frame = Frame::new((*t).top.fp);
        if frame.method() == vm.stubs.init {
            let lp = frame.locals(2);
            let class = ClassId::from_raw(*lp as u32);
            let began = *lp.sub(1) != 0;
            Env::with(t, |env| super::init::failed(env, class, began));
        } else if frame.method() == vm.stubs.upcall {
            let lp = frame.locals(UPCALL_LOCALS);
            let (purpose, class) = (*lp.sub(PURPOSE), ClassId::from_raw((*lp.sub(PURPOSE) >> 32) as u32));
            let (data, data2) = (*lp.sub(DATA), (*lp.sub(TARGET) >> 32) as u32);
            Env::with(t, |env| match Purpose::from_word(purpose) {
                Purpose::LoadClass | Purpose::LoadCatchType => {
                    let (name, loader) = (Symbol::from_raw(data as u32), LoaderId((data >> 32) as u32));
                    loading::end(env, loader, name);
                    exceptions::not_found_becomes_no_class_def(env, Symbol::from_raw(data2));
                    if class != ClassId::NONE {
                        constants::remember_failure(env, class, (purpose >> 16) as u16);
                    }
                }
                Purpose::Constant | Purpose::CallSite | Purpose::PolymorphicCall => {
                    constants::linkage_failed(env, class, data as u16);
                }
                // A MethodType is asked for on behalf of an entry whose own resolution remembers the failure.
                Purpose::MethodType | Purpose::Effect => {}
            });
        }
    }
}

/// Calls `v` with what a stub's frame names other than by reference.
///
/// # Safety
/// A live frame, of a thread that stands still, of a method without a class.
pub unsafe fn visit_named(vm: &Isolate, frame: Frame, v: &mut dyn FnMut(Named)) {
    // SAFETY: the caller's promise; locals are as the table above says.
    unsafe {
        if frame.method() == vm.stubs.init {
            v(Named::Class(ClassId::from_raw(*frame.locals(2) as u32)));
        } else if frame.method() == vm.stubs.upcall {
            let lp = frame.locals(UPCALL_LOCALS);
            let target = vm.meta.get(Meta::<Method>::from_raw(*lp.sub(TARGET) as u32));
            let (purpose, class) = (*lp.sub(PURPOSE), ClassId::from_raw((*lp.sub(PURPOSE) >> 32) as u32));
            for named in [target.class, class].into_iter().filter(|class| !class.is_none()) {
                v(Named::Class(named));
            }
            match Purpose::from_word(purpose) {
                Purpose::LoadClass | Purpose::LoadCatchType => {
                    v(Named::Loader(LoaderId((*lp.sub(DATA) >> 32) as u32)));
                }
                Purpose::Constant
                | Purpose::CallSite
                | Purpose::PolymorphicCall
                | Purpose::Effect
                | Purpose::MethodType => {}
            }
        }
    }
}

/// Raw values of a call's arguments.
pub fn raw_args(env: &Env<'_>, args: &[Value<'_>]) -> Vec<(u64, usize)> {
    args.iter()
        .map(|v| match v {
            Value::Void => (0, 0),
            Value::Int(i) => (*i as u32 as u64, 1),
            Value::Float(f) => (f.to_bits() as u64, 1),
            Value::Ref(r) => (env.raw(*r).raw() as u64, 1),
            Value::Long(l) => (*l as u64, 2),
            Value::Double(d) => (d.to_bits(), 2),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_round_trip() {
        for p in [
            Purpose::LoadClass,
            Purpose::LoadCatchType,
            Purpose::Constant,
            Purpose::CallSite,
            Purpose::PolymorphicCall,
            Purpose::Effect,
            Purpose::MethodType,
        ] {
            assert_eq!(Purpose::from_word(p as u64 | 0xffff_ffff_ffff_0000), p);
        }
    }
}
