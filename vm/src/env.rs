//! What native methods (and the VM's own slow paths) see of the VM: the mutator token and everything it allows.
//!
//! `&mut Env` is the right to touch the heap of an isolate. Whatever may reach a safepoint takes it by `&mut`; naked
//! references (`Ref`) borrow it by `&`, so the borrow checker refuses to keep one across a collection. What must survive
//! is a [`Local`], valid for the scope `'s` of the native call, or a `Global`.
//!
//! Natives never hold a Rust slice into the heap: arrays are copied out and in.

use std::marker::PhantomData;
use std::sync::atomic::Ordering;

use carafe_classloader::basic::BasicType;
use carafe_classloader::class::{Class, Method};
use carafe_classloader::symbols::Symbol;
use carafe_gc::metaspace::ClassId;
use carafe_gc::object::{self, ObjRef};
pub use carafe_gc::refs::{Global, Local};

use crate::isolate::Isolate;
use crate::strings;
use crate::thread::{Thread, poll, safepoint};
use crate::wellknown::WellKnown;
use crate::{alloc, exceptions, linkage};

/// A Java exception is pending in the thread, or the thread is being ended. Carries nothing: the exception is a root of
/// the thread until somebody takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throw;

pub type JResult<T> = Result<T, Throw>;

/// A Java value on its way into or out of Java code.
#[derive(Clone, Copy, Debug)]
pub enum Value<'s> {
    Void,
    Int(i32),
    Long(i64),
    Float(f32),
    Double(f64),
    Ref(Local<'s>),
}

impl<'s> Value<'s> {
    pub fn int(self) -> i32 {
        match self {
            Value::Int(v) => v,
            Value::Void | Value::Long(_) | Value::Float(_) | Value::Double(_) | Value::Ref(_) => 0,
        }
    }

    pub fn long(self) -> i64 {
        match self {
            Value::Long(v) => v,
            Value::Void | Value::Int(_) | Value::Float(_) | Value::Double(_) | Value::Ref(_) => 0,
        }
    }

    pub fn local(self) -> Local<'s> {
        match self {
            Value::Ref(v) => v,
            Value::Void | Value::Int(_) | Value::Long(_) | Value::Float(_) | Value::Double(_) => Local::NULL,
        }
    }
}

/// A primitive as it lies in fields and arrays.
pub trait Scalar: Copy + Default {
    const SIZE: usize;
    fn from_bits(bits: u64) -> Self;
    fn to_bits(self) -> u64;
}

macro_rules! scalar {
    ($($t:ty, $u:ty);*) => { $(
        impl Scalar for $t {
            const SIZE: usize = size_of::<$t>();
            fn from_bits(bits: u64) -> Self { bits as $u as $t }
            fn to_bits(self) -> u64 { self as $u as u64 }
        }
    )* };
}
scalar!(u8, u8; i8, u8; u16, u16; i16, u16; u32, u32; i32, u32; u64, u64; i64, u64);

impl Scalar for bool {
    const SIZE: usize = 1;
    fn from_bits(bits: u64) -> Self {
        bits & 1 != 0
    }
    fn to_bits(self) -> u64 {
        self as u64
    }
}

impl Scalar for f32 {
    const SIZE: usize = 4;
    fn from_bits(bits: u64) -> Self {
        f32::from_bits(bits as u32)
    }
    fn to_bits(self) -> u64 {
        f32::to_bits(self) as u64
    }
}

impl Scalar for f64 {
    const SIZE: usize = 8;
    fn from_bits(bits: u64) -> Self {
        f64::from_bits(bits)
    }
    fn to_bits(self) -> u64 {
        f64::to_bits(self)
    }
}

/// Reads 1, 2, 4 or 8 bytes: as one access if they are aligned, else bytewise.
///
/// # Safety
/// The bytes lie in the cage, in memory that is mapped.
unsafe fn load_at(at: *mut u8, size: usize) -> u64 {
    // SAFETY: the caller's promise; volatile, because other threads may write.
    unsafe {
        match size {
            1 => at.read_volatile() as u64,
            2 if at.addr() & 1 == 0 => at.cast::<u16>().read_volatile() as u64,
            4 if at.addr() & 3 == 0 => at.cast::<u32>().read_volatile() as u64,
            8 if at.addr() & 7 == 0 => at.cast::<u64>().read_volatile(),
            2 => at.cast::<u16>().read_unaligned() as u64,
            4 => at.cast::<u32>().read_unaligned() as u64,
            _ => at.cast::<u64>().read_unaligned(),
        }
    }
}

/// # Safety
/// As for `load_at`, and writable.
unsafe fn store_at(at: *mut u8, size: usize, bits: u64) {
    // SAFETY: as in `load_at`.
    unsafe {
        match size {
            1 => at.write_volatile(bits as u8),
            2 if at.addr() & 1 == 0 => at.cast::<u16>().write_volatile(bits as u16),
            4 if at.addr() & 3 == 0 => at.cast::<u32>().write_volatile(bits as u32),
            8 if at.addr() & 7 == 0 => at.cast::<u64>().write_volatile(bits),
            2 => at.cast::<u16>().write_unaligned(bits as u16),
            4 => at.cast::<u32>().write_unaligned(bits as u32),
            _ => at.cast::<u64>().write_unaligned(bits),
        }
    }
}

/// The mutator token of one thread, with a scope for local references.
pub struct Env<'s> {
    thread: *mut Thread,
    vm: &'s Isolate,
    // Invariant in 's, so that a Local of an inner scope cannot pass for one of an outer scope.
    _scope: PhantomData<&'s mut &'s ()>,
}

impl<'s> Env<'s> {
    /// Opens a scope on `thread`, runs `f` in it and closes it.
    ///
    /// # Safety
    /// The caller runs on the thread's own OS thread, in RUNNING state, with `thread.top` describing the Java stack;
    /// nobody else uses `*thread` meanwhile.
    pub unsafe fn with<R>(thread: *mut Thread, f: impl for<'x> FnOnce(&mut Env<'x>) -> R) -> R {
        // SAFETY: the caller's promise; the isolate outlives the thread.
        let (vm, mark) = unsafe { (&*(*thread).vm, (*thread).handles.len()) };
        let mut env = Env { thread, vm, _scope: PhantomData };
        let result = f(&mut env);
        // SAFETY: as above.
        unsafe { (*thread).handles.truncate(mark) };
        result
    }

    /// Runs `f` with a fresh scope: its locals die at the end, its plain results may leave.
    pub fn scope<R>(&mut self, f: impl for<'x> FnOnce(&mut Env<'x>) -> R) -> R {
        // SAFETY: this Env proves that we are on the thread and hold its token.
        unsafe { Env::with(self.thread, f) }
    }

    /// Runs `f` in a fresh scope and carries one reference out of it.
    pub fn scope_ref(
        &mut self,
        f: impl for<'x> FnOnce(&mut Env<'x>) -> JResult<Local<'x>>,
    ) -> JResult<Local<'s>> {
        let raw = self.scope(|env| f(env).map(|l| env.raw(l)))?;
        Ok(self.local(raw))
    }

    pub fn vm(&self) -> &'s Isolate {
        self.vm
    }

    pub fn wk(&self) -> &'s WellKnown {
        self.vm.wk()
    }

    pub fn thread(&self) -> &Thread {
        // SAFETY: the token belongs to this thread; `&self` keeps others from changing it through this Env.
        unsafe { &*self.thread }
    }

    pub fn thread_mut(&mut self) -> &mut Thread {
        // SAFETY: as above, with exclusive access to the token.
        unsafe { &mut *self.thread }
    }

    pub fn thread_ptr(&self) -> *mut Thread {
        self.thread
    }

    pub fn base(&self) -> *mut u8 {
        self.thread().base
    }

    // ---- references ------------------------------------------------------------------------------------------------

    /// Makes a local of a raw reference, which must be current (read since the last possible collection).
    pub fn local(&mut self, raw: ObjRef) -> Local<'s> {
        if raw.is_null() {
            return Local::NULL;
        }
        Local::from_index(self.thread().handles.push(raw))
    }

    /// The raw reference of a local: valid until the next thing that takes `&mut Env`.
    pub fn raw(&self, local: Local<'_>) -> ObjRef {
        local.get(&self.thread().handles)
    }

    pub fn is_null(&self, local: Local<'_>) -> bool {
        self.raw(local).is_null()
    }

    pub fn same(&self, a: Local<'_>, b: Local<'_>) -> bool {
        self.raw(a) == self.raw(b)
    }

    /// A handle that outlives the scope; OutOfMemoryError when the isolate has too many.
    pub fn global(&mut self, local: Local<'_>) -> JResult<Global> {
        let raw = self.raw(local);
        match self.vm.globals.insert(raw) {
            Ok(global) => Ok(global),
            Err(_) => Err(exceptions::throw_out_of_memory(self, "too many global references")),
        }
    }

    pub fn local_of(&mut self, global: &Global) -> Local<'s> {
        let raw = global.get();
        self.local(raw)
    }

    // ---- classes and fields -------------------------------------------------------------------------------------------

    pub fn class(&self, id: ClassId) -> &'s Class {
        self.vm.universe.class(id)
    }

    /// The class of a non-null object.
    pub fn class_id_of(&self, local: Local<'_>) -> ClassId {
        // SAFETY: a local names a live object (or null, whose page faults only if it were dereferenced: checked here).
        let raw = self.raw(local);
        if raw.is_null() {
            return ClassId::NONE;
        }
        // SAFETY: the handle table holds only live objects.
        unsafe { object::class_of(self.base(), raw) }
    }

    pub fn class_of(&self, local: Local<'_>) -> &'s Class {
        self.class(self.class_id_of(local))
    }

    pub fn instance_of(&self, local: Local<'_>, class: ClassId) -> bool {
        !self.is_null(local)
            && carafe_classloader::class::is_subtype(&self.vm.meta, self.class_id_of(local), class)
    }

    /// Reads a primitive field; `offset` is a field offset of the object's class (or mirror, for statics).
    pub fn get<T: Scalar>(&self, object: Local<'_>, offset: u32) -> T {
        let raw = self.raw(object);
        debug_assert!(!raw.is_null(), "natives check for null before they read fields");
        // SAFETY: the object is live; a wrong offset stays inside the cage (reach of u32 bytes from any object).
        T::from_bits(unsafe {
            match T::SIZE {
                1 => object::load_u8(self.base(), raw, offset as usize) as u64,
                2 => object::load_u16(self.base(), raw, offset as usize) as u64,
                4 => object::load_u32(self.base(), raw, offset as usize) as u64,
                _ => object::load_u64(self.base(), raw, offset as usize),
            }
        })
    }

    pub fn set<T: Scalar>(&self, object: Local<'_>, offset: u32, value: T) {
        let raw = self.raw(object);
        debug_assert!(!raw.is_null(), "natives check for null before they write fields");
        let bits = value.to_bits();
        // SAFETY: as in `get`.
        unsafe {
            match T::SIZE {
                1 => object::store_u8(self.base(), raw, offset as usize, bits as u8),
                2 => object::store_u16(self.base(), raw, offset as usize, bits as u16),
                4 => object::store_u32(self.base(), raw, offset as usize, bits as u32),
                _ => object::store_u64(self.base(), raw, offset as usize, bits),
            }
        }
    }

    pub fn get_ref(&mut self, object: Local<'_>, offset: u32) -> Local<'s> {
        let raw = self.raw(object);
        debug_assert!(!raw.is_null(), "natives check for null before they read fields");
        // SAFETY: as in `get`; the slot holds a reference, by the caller's choice of offset from the class's layout.
        let value = unsafe { object::load_ref(self.base(), raw, offset as usize) };
        self.local(value)
    }

    pub fn set_ref(&self, object: Local<'_>, offset: u32, value: Local<'_>) {
        let (raw, value) = (self.raw(object), self.raw(value));
        debug_assert!(!raw.is_null(), "natives check for null before they write fields");
        // SAFETY: as in `get_ref`.
        unsafe { object::store_ref(self.base(), raw, offset as usize, value) }
    }

    /// Offset of a declared field by name and descriptor, e.g. `("size", "I")`; searches superclasses.
    pub fn field_offset(&self, class: ClassId, name: &str, descriptor: &str) -> Option<u32> {
        let meta = &self.vm.meta;
        let name = self.vm.universe.symbols.lookup(meta, name.as_bytes())?;
        let descriptor = self.vm.universe.symbols.lookup(meta, descriptor.as_bytes())?;
        let mut at = class;
        while at != ClassId::NONE {
            if let Some(f) = self.class(at).find_declared_field(meta, name, descriptor) {
                return Some(f.offset);
            }
            at = self.class(at).super_class;
        }
        None
    }

    /// The java.lang.Class object of a class.
    pub fn mirror(&mut self, class: ClassId) -> Local<'s> {
        let raw = self.class(class).mirror.load(Ordering::Acquire);
        self.local(ObjRef::from_raw(raw))
    }

    /// The class that a java.lang.Class object stands for. `mirror` must be a non-null Class object.
    pub fn class_of_mirror(&self, mirror: Local<'_>) -> ClassId {
        ClassId::from_raw(self.get::<u32>(mirror, self.wk().class.klass))
    }

    /// As `class_of_mirror`; null throws NullPointerException.
    pub fn class_arg(&mut self, mirror: Local<'_>) -> JResult<ClassId> {
        if self.is_null(mirror) {
            return Err(self.throw_npe());
        }
        Ok(self.class_of_mirror(mirror))
    }

    // ---- arrays ----------------------------------------------------------------------------------------------------------

    pub fn array_len(&self, array: Local<'_>) -> usize {
        let raw = self.raw(array);
        debug_assert!(!raw.is_null());
        // SAFETY: the object is live, and the caller knows that it is an array.
        unsafe { object::array_length(self.base(), raw) as usize }
    }

    /// Copies elements out; `start + out.len()` must not exceed the length (clipped copies return false and copy nothing).
    pub fn read_array<T: Scalar>(&self, array: Local<'_>, start: usize, out: &mut [T]) -> bool {
        let raw = self.raw(array);
        if start.checked_add(out.len()).is_none_or(|end| end > self.array_len(array)) {
            return false;
        }
        let data = object::array_data_offset(T::SIZE.trailing_zeros() as u8);
        for (i, slot) in out.iter_mut().enumerate() {
            let at = raw.ptr(self.base()).wrapping_add(data + (start + i) * T::SIZE);
            // SAFETY: the index was checked against the length of a live array whose elements have T's size.
            *slot = T::from_bits(unsafe { load_at(at, T::SIZE) });
        }
        true
    }

    pub fn write_array<T: Scalar>(&self, array: Local<'_>, start: usize, values: &[T]) -> bool {
        let raw = self.raw(array);
        if start.checked_add(values.len()).is_none_or(|end| end > self.array_len(array)) {
            return false;
        }
        let data = object::array_data_offset(T::SIZE.trailing_zeros() as u8);
        for (i, value) in values.iter().enumerate() {
            let at = raw.ptr(self.base()).wrapping_add(data + (start + i) * T::SIZE);
            // SAFETY: as in `read_array`.
            unsafe { store_at(at, T::SIZE, value.to_bits()) };
        }
        true
    }

    /// Copies bytes out of a byte[] or boolean[] in one go.
    pub fn read_bytes(&self, array: Local<'_>, start: usize, out: &mut [u8]) -> bool {
        if start.checked_add(out.len()).is_none_or(|end| end > self.array_len(array)) {
            return false;
        }
        let raw = self.raw(array);
        // SAFETY: range checked above; source is a live byte array, the destination is Rust's own.
        unsafe {
            let from = raw.ptr(self.base()).add(object::array_data_offset(0) + start);
            std::ptr::copy_nonoverlapping(from, out.as_mut_ptr(), out.len());
        }
        true
    }

    pub fn write_bytes(&self, array: Local<'_>, start: usize, bytes: &[u8]) -> bool {
        if start.checked_add(bytes.len()).is_none_or(|end| end > self.array_len(array)) {
            return false;
        }
        let raw = self.raw(array);
        // SAFETY: as in `read_bytes`.
        unsafe {
            let to = raw.ptr(self.base()).add(object::array_data_offset(0) + start);
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), to, bytes.len());
        }
        true
    }

    /// The whole of a byte[].
    pub fn bytes(&self, array: Local<'_>) -> Vec<u8> {
        let mut out = vec![0; self.array_len(array)];
        self.read_bytes(array, 0, &mut out);
        out
    }

    /// Element `index` of an Object[]; the caller has checked the index (out of range gives null).
    pub fn elem(&mut self, array: Local<'_>, index: usize) -> Local<'s> {
        if index >= self.array_len(array) {
            return Local::NULL;
        }
        let raw = self.raw(array);
        // SAFETY: index checked; the caller knows that it is an array of references.
        let value = unsafe { object::load_ref(self.base(), raw, object::array_data_offset(2) + 4 * index) };
        self.local(value)
    }

    /// Stores without a type check: for arrays whose element type the caller knows to fit.
    pub fn set_elem(&self, array: Local<'_>, index: usize, value: Local<'_>) -> bool {
        if index >= self.array_len(array) {
            return false;
        }
        let (raw, value) = (self.raw(array), self.raw(value));
        // SAFETY: as in `elem`.
        unsafe { object::store_ref(self.base(), raw, object::array_data_offset(2) + 4 * index, value) };
        true
    }

    // ---- raw memory (Unsafe) ---------------------------------------------------------------------------------------------

    /// Address of `(object, offset)` as Unsafe means it: a field or element of a heap object, or with a null object a raw
    /// address, which is an offset into the cage. Masked: it lies inside the cage whatever Java code passes.
    pub fn raw_address(&self, object: Local<'_>, offset: i64) -> *mut u8 {
        let at = (self.raw(object).raw() as u64 * 8).wrapping_add(offset as u64) & carafe_gc::cage::RAW_MASK;
        self.base().wrapping_add(at as usize)
    }

    /// Refuses raw memory that is not there: the page of null and what lies beyond the cage's reach. Everything else in
    /// the cage is mapped. HotSpot says the same of a mapped file that has been cut off; elsewhere it would crash.
    pub fn check_raw(&mut self, object: Local<'_>, offset: i64, bytes: u64) -> JResult<()> {
        let at = (self.raw(object).raw() as u64 * 8).wrapping_add(offset as u64) & carafe_gc::cage::RAW_MASK;
        if at >= carafe_gc::cage::NULL_GUARD && bytes <= carafe_gc::cage::REACH - at {
            return Ok(());
        }
        Err(self.throw("java/lang/InternalError", "a fault occurred in an unsafe memory access operation"))
    }

    /// Plain (relaxed) access at any alignment, of memory that `check_raw` has let pass.
    pub fn raw_get<T: Scalar>(&self, object: Local<'_>, offset: i64) -> T {
        let at = self.raw_address(object, offset);
        // SAFETY: raw_address stays inside the cage, which is plain memory to Rust.
        T::from_bits(unsafe { load_at(at, T::SIZE) })
    }

    pub fn raw_set<T: Scalar>(&self, object: Local<'_>, offset: i64, value: T) {
        let at = self.raw_address(object, offset);
        // SAFETY: as in `raw_get`.
        unsafe { store_at(at, T::SIZE, value.to_bits()) }
    }

    /// Copies `len` bytes of raw memory or of a primitive array into Rust memory.
    pub fn raw_read(&self, object: Local<'_>, offset: i64, out: &mut [u8]) {
        let at = self.raw_address(object, offset);
        // SAFETY: as in `raw_get`; ranges that would leave the cage hit its inaccessible tail.
        unsafe { std::ptr::copy_nonoverlapping(at, out.as_mut_ptr(), out.len()) }
    }

    pub fn raw_write(&self, object: Local<'_>, offset: i64, bytes: &[u8]) {
        let at = self.raw_address(object, offset);
        // SAFETY: as in `raw_read`.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), at, bytes.len()) }
    }

    // ---- allocation --------------------------------------------------------------------------------------------------------

    /// A zeroed instance; the class must be linked, instantiable and (unless a constructor runs next) initialized.
    pub fn alloc(&mut self, class: ClassId) -> JResult<Local<'s>> {
        let raw = alloc::instance(self, class)?;
        Ok(self.local(raw))
    }

    pub fn new_array(&mut self, element: BasicType, len: usize) -> JResult<Local<'s>> {
        let class = self.vm.primitive_array(element);
        let raw = alloc::array(self, class, len)?;
        Ok(self.local(raw))
    }

    /// An array of references with the given element class.
    pub fn new_ref_array(&mut self, component: ClassId, len: usize) -> JResult<Local<'s>> {
        let class = linkage::array_of(self, component)?;
        let raw = alloc::array(self, class, len)?;
        Ok(self.local(raw))
    }

    /// An array of the given array class.
    pub fn new_array_of_class(&mut self, array_class: ClassId, len: usize) -> JResult<Local<'s>> {
        let raw = alloc::array(self, array_class, len)?;
        Ok(self.local(raw))
    }

    pub fn new_byte_array(&mut self, bytes: &[u8]) -> JResult<Local<'s>> {
        let array = self.new_array(BasicType::Byte, bytes.len())?;
        self.write_bytes(array, 0, bytes);
        Ok(array)
    }

    pub fn new_int_array(&mut self, values: &[i32]) -> JResult<Local<'s>> {
        let array = self.new_array(BasicType::Int, values.len())?;
        self.write_array(array, 0, values);
        Ok(array)
    }

    // ---- strings -------------------------------------------------------------------------------------------------------------

    pub fn new_string(&mut self, text: &str) -> JResult<Local<'s>> {
        strings::from_str(self, text)
    }

    pub fn new_string_utf16(&mut self, units: &[u16]) -> JResult<Local<'s>> {
        strings::from_utf16(self, units)
    }

    /// From modified UTF-8, as symbols and class files have it.
    pub fn new_string_mutf8(&mut self, bytes: &[u8]) -> JResult<Local<'s>> {
        strings::from_mutf8(self, bytes)
    }

    pub fn string_of_symbol(&mut self, symbol: Symbol) -> JResult<Local<'s>> {
        strings::from_mutf8(self, self.vm.universe.text(symbol))
    }

    /// The text of a String; unpaired surrogates become U+FFFD. Null gives the empty string.
    pub fn string(&self, string: Local<'_>) -> String {
        String::from_utf16_lossy(&self.string_utf16(string))
    }

    pub fn string_utf16(&self, string: Local<'_>) -> Vec<u16> {
        strings::to_utf16(self, string)
    }

    /// As modified UTF-8.
    pub fn string_mutf8(&self, string: Local<'_>) -> Vec<u8> {
        carafe_classloader::classfile::mutf8::from_utf16(self.string_utf16(string))
    }

    pub fn intern(&mut self, string: Local<'_>) -> JResult<Local<'s>> {
        strings::intern(self, string)
    }

    /// The interned String of a symbol's text.
    pub fn intern_symbol(&mut self, symbol: Symbol) -> JResult<Local<'s>> {
        strings::intern_mutf8(self, self.vm.universe.text(symbol))
    }

    // ---- exceptions ------------------------------------------------------------------------------------------------------------

    /// Makes an exception of a boot class (internal name) pending.
    pub fn throw(&mut self, class: &str, message: &str) -> Throw {
        exceptions::throw_named(self, class, Some(message))
    }

    pub fn throw_no_message(&mut self, class: &str) -> Throw {
        exceptions::throw_named(self, class, None)
    }

    pub fn throw_npe(&mut self) -> Throw {
        let class = self.wk().null_pointer_exception.id;
        exceptions::throw_new(self, class, None, Local::NULL)
    }

    pub fn throw_illegal_argument(&mut self, message: &str) -> Throw {
        self.throw("java/lang/IllegalArgumentException", message)
    }

    /// Makes a given Throwable pending.
    pub fn throw_local(&mut self, throwable: Local<'_>) -> Throw {
        let raw = self.raw(throwable);
        self.thread_mut().exception = raw;
        Throw
    }

    /// Takes the pending exception; null if there is none (or the thread is being ended: check `is_terminating`).
    pub fn take_exception(&mut self) -> Local<'s> {
        let raw = std::mem::replace(&mut self.thread_mut().exception, ObjRef::NULL);
        self.local(raw)
    }

    pub fn has_exception(&self) -> bool {
        !self.thread().exception.is_null() || self.thread().terminating
    }

    /// The thread must unwind everything now; nothing may catch it.
    pub fn is_terminating(&self) -> bool {
        self.thread().terminating
    }

    // ---- calling Java ------------------------------------------------------------------------------------------------------------

    /// Calls exactly this method; for an instance method the receiver is the first value.
    pub fn call(&mut self, method: &Method, args: &[Value<'_>]) -> JResult<Value<'s>> {
        crate::dispatch::call(self, method, args)
    }

    /// Calls the receiver's implementation of a virtual or interface method; args include the receiver, which is not null.
    pub fn call_virtual(&mut self, method: &Method, args: &[Value<'_>]) -> JResult<Value<'s>> {
        let receiver = args.first().map_or(ClassId::NONE, |v| self.class_id_of(v.local()));
        let target = linkage::select(self, receiver, method)?;
        self.call(target, args)
    }

    /// Finds a method by name and descriptor in a class and its superclasses (then interfaces).
    pub fn find_method(&self, class: ClassId, name: &str, descriptor: &str) -> Option<&'s Method> {
        let meta = &self.vm.meta;
        let name = self.vm.universe.symbols.lookup(meta, name.as_bytes())?;
        let descriptor = self.vm.universe.symbols.lookup(meta, descriptor.as_bytes())?;
        self.vm.universe.find_method(class, name, descriptor)
    }

    /// Initializes the class and calls a static method of it by name.
    pub fn call_static(
        &mut self,
        class: ClassId,
        name: &str,
        descriptor: &str,
        args: &[Value<'_>],
    ) -> JResult<Value<'s>> {
        self.initialize(class)?;
        match self.find_method(class, name, descriptor) {
            Some(method) => self.call(method, args),
            None => Err(self.missing_method(class, name, descriptor)),
        }
    }

    /// Allocates an object of an initialized class and runs a constructor; args without the receiver.
    pub fn new_object(&mut self, class: ClassId, descriptor: &str, args: &[Value<'s>]) -> JResult<Local<'s>> {
        self.initialize(class)?;
        let object = self.alloc(class)?;
        let Some(method) = self.find_method(class, "<init>", descriptor) else {
            return Err(self.missing_method(class, "<init>", descriptor));
        };
        let mut all: Vec<Value<'_>> = Vec::with_capacity(args.len() + 1);
        all.push(Value::Ref(object));
        all.extend_from_slice(args);
        self.call(method, &all)?;
        Ok(object)
    }

    fn missing_method(&mut self, class: ClassId, name: &str, descriptor: &str) -> Throw {
        let class = self.vm.universe.str(self.class(class).name).into_owned();
        self.throw("java/lang/NoSuchMethodError", &format!("{class}.{name}{descriptor}"))
    }

    // ---- loading -------------------------------------------------------------------------------------------------------------------

    /// Loads through a loader (running its loadClass if need be); `name` in internal form, arrays included.
    pub fn load_class(
        &mut self,
        loader: carafe_classloader::class::LoaderId,
        name: Symbol,
    ) -> JResult<ClassId> {
        linkage::load(self, loader, name)
    }

    /// A boot class by internal name; missing is NoClassDefFoundError.
    pub fn boot_class(&mut self, name: &str) -> JResult<ClassId> {
        let symbol = self.symbol(name)?;
        linkage::load(self, carafe_classloader::class::LoaderId::BOOT, symbol)
    }

    pub fn symbol(&mut self, text: &str) -> JResult<Symbol> {
        match self.vm.universe.sym(text) {
            Ok(s) => Ok(s),
            Err(e) => Err(exceptions::throw_link_error(self, e)),
        }
    }

    /// Runs the class's initializer if that has not happened (links it first).
    pub fn initialize(&mut self, class: ClassId) -> JResult<()> {
        linkage::init::initialize(self, class)
    }

    // ---- threads ---------------------------------------------------------------------------------------------------------------------

    /// Runs something that may block, as a stopped thread: `work` must not touch the heap.
    pub fn blocking<R>(&mut self, work: impl FnOnce() -> R) -> R {
        safepoint::enter_native(self.thread());
        let result = work();
        safepoint::leave_native(self.thread());
        result
    }

    /// A poll for natives that run long: waits out a stopped world, and fails when the thread must end, or has touched
    /// what a mapped file has no more.
    pub fn poll(&mut self) -> JResult<()> {
        self.poll_between()?;
        if self.thread().control.poll.load(Ordering::Relaxed) & poll::FAULT != 0 {
            return Err(self.throw_fault());
        }
        Ok(())
    }

    /// As `poll`, where the program is not about what it touches: while classes are linked and objects allocated.
    pub fn poll_between(&mut self) -> JResult<()> {
        if self.thread().control.poll.load(Ordering::Relaxed) != 0 && safepoint::poll_slow(self.thread()) {
            self.thread_mut().terminating = true;
            return Err(Throw);
        }
        Ok(())
    }

    /// The error for a fault on a mapped file; the memory that stood in for the file goes.
    pub(crate) fn throw_fault(&mut self) -> Throw {
        {
            let _list = self.vm.threads.lock();
            self.thread().control.lower(poll::FAULT);
        }
        self.vm.off_heap.return_loans();
        self.throw("java/lang/InternalError", "a fault occurred in an unsafe memory access operation")
    }

    /// Stops the isolate with an exit status: every thread unwinds without running handlers. Never returns to Java.
    pub fn halt(&mut self, status: i32) -> Throw {
        self.vm.request_halt(status);
        self.thread_mut().terminating = true;
        Throw
    }
}
