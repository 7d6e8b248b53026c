//! Native methods: how they are registered, found and called.
//!
//! One row of a [`natives!`](crate::natives) table is one native method: class, name, descriptor, argument kinds, the
//! Rust function, and what it reaches besides its isolate ([`Reach`]): a row that does not say so does not compile. The
//! argument kinds are checked against the descriptor when the table is registered, and everything else (unpacking, the
//! printed list, the missing-native error) comes from the row.
//!
//! Natives bind only to classes of the boot loader.

pub mod host;
pub mod reach;

use carafe_classloader::class::Method;
use carafe_gc::object::ObjRef;
use hashbrown::HashMap;

use crate::env::{Env, JResult, Local};
use crate::outside::Outside;
use reach::Reach;

/// What the glue made of a native's result, as it goes into the caller's operand stack.
pub type RawResult = JResult<u64>;

/// A registered implementation: unpacks its arguments itself.
pub type NativeFn = for<'s> fn(&mut Env<'s>, Args) -> RawResult;

/// One row of a table.
pub struct NativeRow {
    pub class: &'static str,
    pub name: &'static str,
    pub descriptor: &'static str,
    /// Argument kinds as the Rust function takes them, receiver included for instance methods.
    pub kinds: &'static [&'static str],
    pub function: NativeFn,
    /// What it reaches besides the isolate. Never empty.
    pub reach: &'static [Reach],
}

/// The argument slots of a native call: local 0 upward (see `thread::frames`).
#[derive(Clone, Copy)]
pub struct Args {
    next: *const u64,
}

impl Args {
    /// # Safety
    /// `lp` is local 0 of a native method's frame that stays in place while arguments are taken.
    pub unsafe fn new(lp: *const u64) -> Args {
        Args { next: lp }
    }

    fn take(&mut self, slots: usize) -> u64 {
        // SAFETY: the table's kinds were checked against the method's descriptor, so exactly the frame's argument slots
        // are taken, in order.
        unsafe {
            let value = *self.next;
            self.next = self.next.sub(slots);
            value
        }
    }

    pub fn obj<'s>(&mut self, env: &mut Env<'s>) -> Local<'s> {
        let raw = ObjRef::from_raw(self.take(1) as u32);
        env.local(raw)
    }

    pub fn int(&mut self, _: &mut Env<'_>) -> i32 {
        self.take(1) as u32 as i32
    }

    pub fn bool(&mut self, _: &mut Env<'_>) -> bool {
        self.take(1) & 1 != 0
    }

    pub fn byte(&mut self, _: &mut Env<'_>) -> i8 {
        self.take(1) as u8 as i8
    }

    pub fn char(&mut self, _: &mut Env<'_>) -> u16 {
        self.take(1) as u16
    }

    pub fn short(&mut self, _: &mut Env<'_>) -> i16 {
        self.take(1) as u16 as i16
    }

    pub fn long(&mut self, _: &mut Env<'_>) -> i64 {
        self.take(2) as i64
    }

    pub fn float(&mut self, _: &mut Env<'_>) -> f32 {
        f32::from_bits(self.take(1) as u32)
    }

    pub fn double(&mut self, _: &mut Env<'_>) -> f64 {
        f64::from_bits(self.take(2))
    }
}

/// A native's result type.
pub trait NativeResult {
    fn raw(self, env: &Env<'_>) -> u64;
}

macro_rules! native_result {
    ($($t:ty => |$v:ident, $env:ident| $e:expr),* $(,)?) => { $(
        impl NativeResult for $t {
            fn raw(self, $env: &Env<'_>) -> u64 { let $v = self; $e }
        }
    )* };
}
native_result! {
    () => |_v, _env| 0,
    i32 => |v, _env| v as u32 as u64,
    bool => |v, _env| v as u64,
    i8 => |v, _env| v as i32 as u32 as u64,
    u16 => |v, _env| v as u64,
    i16 => |v, _env| v as i32 as u32 as u64,
    i64 => |v, _env| v as u64,
    f32 => |v, _env| v.to_bits() as u64,
    f64 => |v, _env| v.to_bits(),
    Local<'_> => |v, env| env.raw(v).raw() as u64,
}

/// Declares a table of native methods:
///
/// ```ignore
/// natives! { pub static OBJECT for "java/lang/Object" {
///     "hashCode" "()I" = hash_code(obj): isolate;
///     "wait0" "(J)V" = wait0(obj, long): isolate;
/// } }
/// ```
///
/// Behind the colon stands what it reaches, in the words of [`Reach`](crate::natives::reach::Reach) (`sys` with the kind of
/// information): all that it may ask of the gate, and `opened` if it works on what is open already.
///
/// The functions have the form `fn hash_code<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<i32>`; a static native
/// takes only its own arguments. Kinds: obj int bool byte char short long float double.
#[macro_export]
macro_rules! natives {
    ($(#[$attr:meta])* $vis:vis static $table:ident for $class:literal {
        $($name:literal $descriptor:literal = $function:ident ( $($kind:ident),* )
            : $($reach:ident $($which:literal)?),+ ;)*
    }) => {
        $(#[$attr])*
        $vis static $table: &[$crate::natives::NativeRow] = &[
            $($crate::natives::NativeRow {
                class: $class,
                name: $name,
                descriptor: $descriptor,
                kinds: &[$(stringify!($kind)),*],
                function: {
                    fn glue(
                        env: &mut $crate::env::Env<'_>,
                        #[allow(unused_mut, unused_variables, reason = "natives without arguments do not touch them")]
                        mut args: $crate::natives::Args,
                    ) -> $crate::natives::RawResult {
                        let result = $crate::natives!(@call $function, env, args, [] $($kind)*);
                        result.map(|value| $crate::natives::NativeResult::raw(value, env))
                    }
                    glue
                },
                reach: &[$($crate::natives!(@reach $reach $($which)?)),+],
            }),*
        ];
    };
    (@reach isolate) => { $crate::natives::reach::Reach::Isolate };
    (@reach opened) => { $crate::natives::reach::Reach::Opened };
    (@reach read) => { $crate::natives::reach::Reach::Read };
    (@reach write) => { $crate::natives::reach::Reach::Write };
    (@reach net) => { $crate::natives::reach::Reach::Net };
    (@reach listen) => { $crate::natives::reach::Reach::Listen };
    (@reach dns) => { $crate::natives::reach::Reach::Dns };
    (@reach env) => { $crate::natives::reach::Reach::Env };
    (@reach run) => { $crate::natives::reach::Reach::Run };
    (@reach sys $which:literal) => { $crate::natives::reach::Reach::Sys($which) };
    (@reach ffi) => { $crate::natives::reach::Reach::Ffi };
    (@reach signal) => { $crate::natives::reach::Reach::Signal };
    (@reach terminal) => { $crate::natives::reach::Reach::Terminal };
    (@reach clock) => { $crate::natives::reach::Reach::Clock };
    (@reach random) => { $crate::natives::reach::Reach::Random };
    (@call $function:ident, $env:ident, $args:ident, [$($done:ident)*]) => { $function($env, $($done),*) };
    // Each level's `a` is an identifier of its own (macro hygiene), so the arguments pile up in order.
    (@call $function:ident, $env:ident, $args:ident, [$($done:ident)*] $kind:ident $($rest:ident)*) => {
        { let a = $args.$kind($env); $crate::natives!(@call $function, $env, $args, [$($done)* a] $($rest)*) }
    };
}

/// All implementations of an isolate, by class, name and descriptor; and what their crate does for the VM itself.
pub struct NativeTable {
    pub outside: Outside,
    rows: Vec<&'static NativeRow>,
    index: HashMap<(&'static str, &'static str, &'static str), u32>,
}

impl Default for NativeTable {
    fn default() -> NativeTable {
        NativeTable { outside: Outside::NOTHING, rows: Vec::new(), index: HashMap::new() }
    }
}

/// A row that contradicts itself: a bug in the table, found at registration.
#[derive(Debug, thiserror::Error)]
#[error("native table row {class}.{name}{descriptor}: {why}")]
pub struct BadRow {
    class: &'static str,
    name: &'static str,
    descriptor: &'static str,
    why: &'static str,
}

impl NativeTable {
    pub fn register(&mut self, rows: &'static [NativeRow]) -> Result<(), BadRow> {
        for row in rows {
            let bad = |why| BadRow { class: row.class, name: row.name, descriptor: row.descriptor, why };
            check_kinds(row).map_err(bad)?;
            reach::check(row.reach).map_err(bad)?;
            let number = self.rows.len() as u32;
            if self.index.insert((row.class, row.name, row.descriptor), number).is_some() {
                return Err(bad("stands in two tables"));
            }
            self.rows.push(row);
        }
        Ok(())
    }

    /// The number of the implementation of a method, if there is one.
    pub fn find(&self, class: &str, name: &str, descriptor: &str) -> Option<u32> {
        self.index.get(&(class, name, descriptor)).copied()
    }

    pub fn row(&self, number: u32) -> &'static NativeRow {
        self.rows[number as usize]
    }

    pub fn rows(&self) -> &[&'static NativeRow] {
        &self.rows
    }
}

/// Kinds must be the descriptor's parameters, with or without a leading `obj` for the receiver.
fn check_kinds(row: &NativeRow) -> Result<(), &'static str> {
    let wanted = descriptor_kinds(row.descriptor).ok_or("malformed descriptor")?;
    let fits = |kinds: &[&str]| kinds.len() == wanted.len() && kinds.iter().zip(&wanted).all(|(a, b)| a == b);
    let fits_static = fits(row.kinds);
    let fits_instance = row.kinds.first() == Some(&"obj") && fits(&row.kinds[1..]);
    if fits_static || fits_instance { Ok(()) } else { Err("argument kinds do not fit the descriptor") }
}

fn descriptor_kinds(descriptor: &str) -> Option<Vec<&'static str>> {
    let inner = descriptor.strip_prefix('(')?;
    let mut rest = inner.as_bytes();
    let mut kinds = Vec::new();
    loop {
        let (&c, tail) = rest.split_first()?;
        rest = tail;
        kinds.push(match c {
            b')' => return Some(kinds),
            b'Z' => "bool",
            b'B' => "byte",
            b'C' => "char",
            b'S' => "short",
            b'I' => "int",
            b'J' => "long",
            b'F' => "float",
            b'D' => "double",
            b'L' | b'[' => {
                let mut c = c;
                while c == b'[' {
                    let (&next, tail) = rest.split_first()?;
                    (c, rest) = (next, tail);
                }
                if c == b'L' {
                    let end = rest.iter().position(|b| *b == b';')?;
                    rest = &rest[end + 1..];
                }
                "obj"
            }
            _ => return None,
        });
    }
}

/// Whether a bound row takes a receiver exactly when the method is not static.
pub fn fits_method(row: &NativeRow, method: &Method) -> bool {
    let parameters = descriptor_kinds(row.descriptor).map_or(0, |k| k.len());
    row.kinds.len() == parameters + usize::from(!method.is_static())
}
