//! Values that cross between a host and its guests, and the Rust types that stand for them.
//!
//! Invariant: a value is a copy. Nothing of the guest's heap is reachable through one, so a guest that changes what it has
//! handed over changes nothing that the host holds, and there is no handle to forge, to keep too long or to use with
//! another isolate. What a guest hands over is bounded by [`super::Limits::transfer`] before anything is allocated for it.
//!
//! Deliberately not here: objects other than strings and byte arrays.

use carafe_classloader::basic::BasicType;
use carafe_vm::env::{self, Env, JResult, Local};

/// A value of Java's.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// What a `void` method gives.
    Void,
    Boolean(bool),
    Byte(i8),
    Char(u16),
    Short(i16),
    Int(i32),
    Long(i64),
    Float(f32),
    Double(f64),
    /// Unpaired surrogates have become U+FFFD.
    String(String),
    Bytes(Vec<u8>),
    /// In place of a string or a byte array.
    Null,
}

/// The types of values: of parameters and results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    Void,
    Boolean,
    Byte,
    Char,
    Short,
    Int,
    Long,
    Float,
    Double,
    String,
    Bytes,
}

impl Type {
    /// As it stands in a method's descriptor.
    pub fn descriptor(self) -> &'static str {
        match self {
            Type::Void => "V",
            Type::Boolean => "Z",
            Type::Byte => "B",
            Type::Char => "C",
            Type::Short => "S",
            Type::Int => "I",
            Type::Long => "J",
            Type::Float => "F",
            Type::Double => "D",
            Type::String => "Ljava/lang/String;",
            Type::Bytes => "[B",
        }
    }

    /// Whether a value can stand where this type is declared.
    pub fn accepts(self, value: &Value) -> bool {
        match value {
            Value::Void => self == Type::Void,
            Value::Boolean(_) => self == Type::Boolean,
            Value::Byte(_) => self == Type::Byte,
            Value::Char(_) => self == Type::Char,
            Value::Short(_) => self == Type::Short,
            Value::Int(_) => self == Type::Int,
            Value::Long(_) => self == Type::Long,
            Value::Float(_) => self == Type::Float,
            Value::Double(_) => self == Type::Double,
            Value::String(_) => self == Type::String,
            Value::Bytes(_) => self == Type::Bytes,
            Value::Null => matches!(self, Type::String | Type::Bytes),
        }
    }
}

/// `(ILjava/lang/String;)V`
pub(super) fn descriptor(parameters: &[Type], result: Type) -> String {
    let parameters: String = parameters.iter().map(|ty| ty.descriptor()).collect();
    format!("({parameters}){}", result.descriptor())
}

/// A Rust type that can be handed to Java.
pub trait IntoJava {
    const TYPE: Type;
    fn into_java(self) -> Value;
}

/// A Rust type that a value of Java's can become.
pub trait FromJava: Sized {
    const TYPE: Type;
    /// `None` if it is null and the type has no room for that.
    fn from_java(value: Value) -> Option<Self>;
}

macro_rules! plain {
    ($($rust:ty, $name:ident;)*) => { $(
        impl IntoJava for $rust {
            const TYPE: Type = Type::$name;
            fn into_java(self) -> Value {
                Value::$name(self)
            }
        }

        impl FromJava for $rust {
            const TYPE: Type = Type::$name;
            fn from_java(value: Value) -> Option<$rust> {
                if let Value::$name(value) = value { Some(value) } else { None }
            }
        }
    )* };
}

macro_rules! nullable {
    ($($rust:ty),*) => { $(
        impl IntoJava for Option<$rust> {
            const TYPE: Type = <$rust as IntoJava>::TYPE;
            fn into_java(self) -> Value {
                self.map_or(Value::Null, IntoJava::into_java)
            }
        }

        impl FromJava for Option<$rust> {
            const TYPE: Type = <$rust as IntoJava>::TYPE;
            fn from_java(value: Value) -> Option<Option<$rust>> {
                if value == Value::Null { Some(None) } else { FromJava::from_java(value).map(Some) }
            }
        }
    )* };
}

plain! {
    bool, Boolean; i8, Byte; u16, Char; i16, Short; i32, Int; i64, Long; f32, Float; f64, Double;
    String, String; Vec<u8>, Bytes;
}
nullable! { String, Vec<u8> }

impl IntoJava for &str {
    const TYPE: Type = Type::String;
    fn into_java(self) -> Value {
        Value::String(self.to_owned())
    }
}

impl IntoJava for &[u8] {
    const TYPE: Type = Type::Bytes;
    fn into_java(self) -> Value {
        Value::Bytes(self.to_owned())
    }
}

impl IntoJava for () {
    const TYPE: Type = Type::Void;
    fn into_java(self) -> Value {
        Value::Void
    }
}

impl FromJava for () {
    const TYPE: Type = Type::Void;
    fn from_java(_: Value) -> Option<()> {
        Some(())
    }
}

/// Arguments of a call: a tuple of up to eight.
pub trait Arguments {
    fn types() -> Vec<Type>;
    fn into_values(self) -> Vec<Value>;
}

/// Parameters of a function of the host's: a tuple of up to eight.
pub trait Parameters: Sized {
    fn types() -> Vec<Type>;
    /// `None` if there is a null where the type has no room for one.
    fn from_values(values: Vec<Value>) -> Option<Self>;
}

macro_rules! tuples {
    ($(($($name:ident),*))*) => { $(
        impl<$($name: IntoJava),*> Arguments for ($($name,)*) {
            fn types() -> Vec<Type> {
                vec![$($name::TYPE),*]
            }

            #[allow(non_snake_case, reason = "the type parameters name the elements")]
            fn into_values(self) -> Vec<Value> {
                let ($($name,)*) = self;
                vec![$($name.into_java()),*]
            }
        }

        impl<$($name: FromJava),*> Parameters for ($($name,)*) {
            fn types() -> Vec<Type> {
                vec![$($name::TYPE),*]
            }

            #[allow(unused_mut, unused_variables, reason = "the empty tuple takes nothing")]
            fn from_values(values: Vec<Value>) -> Option<Self> {
                let mut values = values.into_iter();
                Some(($($name::from_java(values.next()?)?,)*))
            }
        }
    )* };
}
tuples! {
    () (A) (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) (A, B, C, D, E, F) (A, B, C, D, E, F, G)
    (A, B, C, D, E, F, G, H)
}

/// Puts a value into the guest's heap.
pub(super) fn to_java<'s>(env: &mut Env<'s>, value: &Value) -> JResult<env::Value<'s>> {
    Ok(match value {
        Value::Void => env::Value::Void,
        Value::Boolean(v) => env::Value::Int(i32::from(*v)),
        Value::Byte(v) => env::Value::Int(i32::from(*v)),
        Value::Char(v) => env::Value::Int(i32::from(*v)),
        Value::Short(v) => env::Value::Int(i32::from(*v)),
        Value::Int(v) => env::Value::Int(*v),
        Value::Long(v) => env::Value::Long(*v),
        Value::Float(v) => env::Value::Float(*v),
        Value::Double(v) => env::Value::Double(*v),
        Value::String(text) => env::Value::Ref(env.new_string(text)?),
        Value::Bytes(bytes) => {
            let array = env.new_array(BasicType::Byte, bytes.len())?;
            env.write_bytes(array, 0, bytes);
            env::Value::Ref(array)
        }
        Value::Null => env::Value::Ref(Local::NULL),
    })
}

/// More than a host wants to take at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLarge {
    pub(super) bytes: usize,
}

/// Copies a reference's object out of the guest's heap.
pub(super) fn object_from_java(
    env: &mut Env<'_>,
    ty: Type,
    object: Local<'_>,
    most: usize,
) -> Result<Value, TooLarge> {
    if env.is_null(object) {
        return Ok(Value::Null);
    }
    if ty == Type::Bytes {
        let bytes = env.array_len(object);
        if bytes > most {
            return Err(TooLarge { bytes });
        }
        let mut copy = vec![0; bytes];
        env.read_bytes(object, 0, &mut copy);
        return Ok(Value::Bytes(copy));
    }
    // The array behind a string never changes its length.
    let bytes = env.scope(|env| {
        let object = env.local(env.raw(object));
        let value = env.get_ref(object, env.wk().string.value);
        if env.is_null(value) { 0 } else { env.array_len(value) }
    });
    if bytes > most { Err(TooLarge { bytes }) } else { Ok(Value::String(env.string(object))) }
}

/// What a method of Java's has given, as the type that it was declared with.
pub(super) fn result_from_java(
    env: &mut Env<'_>,
    ty: Type,
    value: env::Value<'_>,
    most: usize,
) -> Result<Value, TooLarge> {
    Ok(match (ty, value) {
        (Type::Boolean, value) => Value::Boolean(value.int() & 1 != 0),
        (Type::Byte, value) => Value::Byte(value.int() as i8),
        (Type::Char, value) => Value::Char(value.int() as u16),
        (Type::Short, value) => Value::Short(value.int() as i16),
        (Type::Int, value) => Value::Int(value.int()),
        (Type::Long, value) => Value::Long(value.long()),
        (Type::Float, env::Value::Float(v)) => Value::Float(v),
        (Type::Double, env::Value::Double(v)) => Value::Double(v),
        (Type::String | Type::Bytes, value) => object_from_java(env, ty, value.local(), most)?,
        (Type::Void | Type::Float | Type::Double, _) => Value::Void,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tuples_are_descriptors_and_values() {
        type Three = (i32, String, Vec<u8>);
        assert_eq!(descriptor(&<Three as Parameters>::types(), Type::Void), "(ILjava/lang/String;[B)V");
        assert_eq!(descriptor(&<() as Arguments>::types(), Type::Long), "()J");
        let values = (1, "x", b"y".as_slice()).into_values();
        assert_eq!(values, [Value::Int(1), Value::String("x".into()), Value::Bytes(b"y".to_vec())]);
        assert_eq!(Three::from_values(values), Some((1, "x".to_owned(), b"y".to_vec())));
        assert!(Type::String.accepts(&Value::Null) && !Type::Int.accepts(&Value::Null));
    }

    #[test]
    fn null_needs_room() {
        assert_eq!(<(String,)>::from_values(vec![Value::Null]), None);
        assert_eq!(<(Option<String>,)>::from_values(vec![Value::Null]), Some((None,)));
        assert_eq!(Some("x".to_owned()).into_java(), Value::String("x".into()));
        assert_eq!(<(i32,)>::from_values(vec![Value::Long(1)]), None);
    }
}
