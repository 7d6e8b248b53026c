//! The steps of random methods: each does one thing with the operands that it finds, and makes up those that it misses.

use super::body::{Body, Jump, Local, Open, Signature, Type};
use crate::numbers::Numbers;

/// More operands than this are not left for later steps.
const DEPTH: usize = 7;
/// More bytecode than this gets no further steps: jumps must reach.
const BYTES: usize = 20_000;

/// Appends one step.
pub(super) fn one(body: &mut Body<'_>, callees: &[Signature], numbers: &mut Numbers) {
    if !body.reachable || numbers.chance(9) {
        if !body.open.is_empty() {
            let place = if numbers.chance(70) { body.open.len() - 1 } else { numbers.below(body.open.len()) };
            // Where control does not arrive, only a label brings it back.
            let place = match body.reachable {
                true => place,
                false => match body.open.iter().rposition(|open| !matches!(open, Open::Try { .. })) {
                    Some(place) => place,
                    None => return,
                },
            };
            body.close(place, numbers);
        }
        return;
    }
    if body.bytes.len() > BYTES {
        return;
    }
    body.line(body.line_count());
    while body.stack.len() > DEPTH {
        sink(body, numbers);
    }
    match numbers.below(100) {
        0..6 => source(body, any(numbers), numbers),
        6..13 => sink(body, numbers),
        13..30 => arithmetic(body, numbers),
        30..36 => convert(body, numbers),
        36..41 => compare(body, numbers),
        41..45 => bump(body, numbers),
        45..53 => array(body, numbers),
        53..62 => field(body, numbers),
        62..71 => call(body, callees, numbers),
        71..74 => object(body, numbers),
        74..79 => shuffle(body, numbers),
        79..86 => branch(body, numbers),
        86..88 => switch(body, numbers),
        88..91 => body.open_loop(numbers),
        91..96 => body.open_try(numbers),
        96 => leave(body, numbers),
        97 => locked(body, numbers),
        98 => subroutine(body, numbers),
        _ => multi_array(body, numbers),
    }
}

fn any(numbers: &mut Numbers) -> Type {
    const ALL: [Type; 16] = [
        Type::Int,
        Type::Int,
        Type::Int,
        Type::Long,
        Type::Long,
        Type::Float,
        Type::Double,
        Type::Double,
        Type::Object,
        Type::Base,
        Type::Ints,
        Type::Bytes,
        Type::Chars,
        Type::Longs,
        Type::Doubles,
        Type::Objects,
    ];
    ALL[numbers.below(ALL.len())]
}

fn number(numbers: &mut Numbers) -> Type {
    Type::NUMBERS[[0, 0, 0, 1, 1, 2, 3][numbers.below(7)]]
}

/// The operands on top are of these types, as they were or made.
fn need(body: &mut Body<'_>, types: &[Type], numbers: &mut Numbers) {
    let have = (1..=types.len().min(body.stack.len()))
        .rev()
        .find(|n| body.stack[body.stack.len() - n..] == types[..*n])
        .unwrap_or(0);
    for of in &types[have..] {
        source(body, *of, numbers);
    }
}

// ---- values ----------------------------------------------------------------------------------------------------------------

const INTS: [i32; 16] = [0, 1, -1, 2, 3, 5, 7, 31, 32, 63, 127, -128, 255, 65535, i32::MAX, i32::MIN];
const LONGS: [i64; 12] = [
    0,
    1,
    -1,
    2,
    10,
    0xffff_ffff,
    0x8000_0000,
    -0x8000_0001,
    1 << 40,
    i64::MAX,
    i64::MIN,
    0x0123_4567_89ab_cdef,
];
const DOUBLES: [f64; 14] = [
    0.0,
    -0.0,
    1.0,
    -1.5,
    3.7,
    0.1,
    1e10,
    -1e19,
    1e300,
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::MIN_POSITIVE,
    2147483648.5,
];

/// Pushes a value of a type from somewhere.
fn source(body: &mut Body<'_>, of: Type, numbers: &mut Numbers) {
    let locals: Vec<usize> =
        body.locals.iter().filter(|local| local.of == of).map(|Local { index, .. }| *index).collect();
    if let Some(place) = numbers.place(&locals)
        && numbers.chance(55)
    {
        return body.load(of, locals[place]);
    }
    let held = body.scratch.iter().find(|slot| slot.1 == Some(of)).map(|slot| slot.0);
    if let Some(index) = held
        && numbers.chance(50)
    {
        return body.load(of, index);
    }
    match of {
        Type::Int if numbers.chance(50) => body.push_int(INTS[numbers.below(INTS.len())]),
        Type::Int => body.push_int(numbers.draw() as i32 >> numbers.below(32)),
        Type::Long => {
            let value = match numbers.chance(60) {
                true => LONGS[numbers.below(LONGS.len())],
                false => numbers.draw() as i64 >> numbers.below(64),
            };
            match value {
                0 | 1 => body.op(9 + value as u8),
                value => {
                    let index = body.class.long(value);
                    body.op_index(0x14, index);
                }
            }
            body.pushed(of);
        }
        Type::Float => {
            let index = body.class.float(DOUBLES[numbers.below(DOUBLES.len())] as f32);
            body.load_constant(index);
            body.pushed(of);
        }
        Type::Double => {
            let index = body.class.double(DOUBLES[numbers.below(DOUBLES.len())]);
            body.op_index(0x14, index);
            body.pushed(of);
        }
        Type::Object => match numbers.below(5) {
            0 => {
                let text = ["", "a", "carafe", "\u{e9}t\u{e9}"][numbers.below(4)];
                let index = body.class.string(text);
                body.load_constant(index);
                body.pushed(of);
            }
            1 => {
                let name = ["java/lang/String", "Base", "[I"][numbers.below(3)];
                let index = body.class.class(name);
                body.load_constant(index);
                body.pushed(of);
            }
            2 => {
                source(body, Type::Int, numbers);
                body.call_static("java/lang/Integer", "valueOf", "(I)Ljava/lang/Integer;");
                body.popped(1);
                body.pushed(of);
            }
            3 => {
                static_field(body, Type::Object);
            }
            _ if numbers.chance(20) => body.push_zero(of, numbers),
            _ => body.push_value(of, numbers),
        },
        Type::Base => match (body.this, numbers.below(6)) {
            (Some(this), 0..3) => {
                body.load(Type::Object, this);
                body.popped(1);
                body.pushed(of);
            }
            (_, 3 | 4) => {
                static_field(body, Type::Base);
            }
            (_, 5) if numbers.chance(15) => body.push_zero(of, numbers),
            (_, 5) => body.push_value(of, numbers),
            _ => {
                let class = body.class.class("Base");
                body.op_index(0xbb, class);
                body.op(0x59);
                let constructor = body.class.member(10, "Base", "<init>", "()V");
                body.op_index(0xb7, constructor);
                body.pushed(of);
                body.room(1);
            }
        },
        array => new_array(body, array, numbers),
    }
}

fn static_field(body: &mut Body<'_>, of: Type) {
    let name = if of == Type::Base { "sp" } else { "so" };
    let field = body.class.member(9, "Base", name, of.descriptor());
    body.op_index(0xb2, field);
    body.pushed(of);
}

fn new_array(body: &mut Body<'_>, of: Type, numbers: &mut Numbers) {
    match numbers.below(100) {
        0 => return body.push_zero(of, numbers),
        1..30 => return body.push_value(of, numbers),
        30..32 => body.push_int(numbers.below(3) as i32 - 1),
        _ => body.push_int(4 + numbers.below(9) as i32),
    }
    let kind = match of {
        Type::Ints => 10,
        Type::Bytes => 8,
        Type::Chars => 5,
        Type::Longs => 11,
        Type::Doubles => 7,
        _ => {
            let class = body.class.class("java/lang/Object");
            body.op_index(0xbd, class);
            body.popped(1);
            return body.pushed(of);
        }
    };
    body.bytes.extend([0xbc, kind]);
    body.popped(1);
    body.pushed(of);
}

/// Does something with the operand on top that can be seen later.
fn sink(body: &mut Body<'_>, numbers: &mut Numbers) {
    let Some(of) = body.stack.last().copied() else { return };
    let locals: Vec<usize> =
        body.locals.iter().filter(|local| local.of == of).map(|Local { index, .. }| *index).collect();
    match (numbers.below(10), numbers.place(&locals)) {
        (0..6, Some(place)) => body.store(of, locals[place]),
        (6 | 7, _) => {
            let place = numbers.below(body.scratch.len());
            let index = body.scratch[place].0;
            body.store(of, index);
            body.scratch[place].1 = Some(of);
        }
        _ => {
            let name = match of {
                Type::Int => ["si", "vi"][numbers.below(2)],
                Type::Long => ["sl", "vl"][numbers.below(2)],
                Type::Float => "sf",
                Type::Double => "sd",
                Type::Base => "sp",
                _ => "so",
            };
            let descriptor = if name == "so" { Type::Object.descriptor() } else { of.descriptor() };
            let field = body.class.member(9, "Base", name, descriptor);
            body.op_index(0xb3, field);
            body.popped(1);
        }
    }
}

fn arithmetic(body: &mut Body<'_>, numbers: &mut Numbers) {
    let of = number(numbers);
    let five = of.five();
    match of {
        Type::Int | Type::Long => match numbers.below(14) {
            op @ 0..5 => {
                need(body, &[of, of], numbers);
                if op > 2 && numbers.chance(93) {
                    // Mostly a divisor that is not zero.
                    one_bit(body, of);
                }
                body.op(0x60 + 4 * op as u8 + five);
                body.popped(1);
            }
            op @ 5..8 => {
                need(body, &[of, of], numbers);
                body.op(0x7e + 2 * (op as u8 - 5) + five);
                body.popped(1);
            }
            op @ 8..12 => {
                need(body, &[of, Type::Int], numbers);
                body.op(0x78 + 2 * (op as u8 % 3) + five);
                body.popped(1);
            }
            _ => {
                need(body, &[of], numbers);
                body.op(0x74 + five);
            }
        },
        _ => match numbers.below(6) {
            5 => {
                need(body, &[of], numbers);
                body.op(0x74 + five);
            }
            op => {
                need(body, &[of, of], numbers);
                body.op(0x60 + 4 * op as u8 + five);
                body.popped(1);
            }
        },
    }
}

/// The number on top becomes odd.
fn one_bit(body: &mut Body<'_>, of: Type) {
    body.room(2);
    match of {
        Type::Int => body.bytes.extend([0x04, 0x80]),
        _ => body.bytes.extend([0x0a, 0x81]),
    }
}

fn convert(body: &mut Body<'_>, numbers: &mut Numbers) {
    let from = number(numbers);
    need(body, &[from], numbers);
    let (op, to) = match from {
        Type::Int => [
            (0x85, Type::Long),
            (0x86, Type::Float),
            (0x87, Type::Double),
            (0x91, Type::Int),
            (0x92, Type::Int),
            (0x93, Type::Int),
        ][numbers.below(6)],
        Type::Long => [(0x88, Type::Int), (0x89, Type::Float), (0x8a, Type::Double)][numbers.below(3)],
        Type::Float => [(0x8b, Type::Int), (0x8c, Type::Long), (0x8d, Type::Double)][numbers.below(3)],
        _ => [(0x8e, Type::Int), (0x8f, Type::Long), (0x90, Type::Float)][numbers.below(3)],
    };
    body.op(op);
    body.popped(1);
    body.pushed(to);
}

fn compare(body: &mut Body<'_>, numbers: &mut Numbers) {
    let of = [Type::Long, Type::Float, Type::Double][numbers.below(3)];
    need(body, &[of, of], numbers);
    body.op(match of {
        Type::Long => 0x94,
        Type::Float => 0x95 + numbers.below(2) as u8,
        _ => 0x97 + numbers.below(2) as u8,
    });
    body.popped(2);
    body.pushed(Type::Int);
}

fn bump(body: &mut Body<'_>, numbers: &mut Numbers) {
    let ints: Vec<usize> =
        body.locals.iter().filter(|local| local.of == Type::Int).map(|Local { index, .. }| *index).collect();
    let Some(place) = numbers.place(&ints) else { return };
    // A copy of the local that stays on the stack must not change with it.
    if numbers.chance(40) {
        body.load(Type::Int, ints[place]);
    }
    let by = [1, -1, 2, 100, -128, 127, 128, -1000, 32767][numbers.below(9)];
    body.increment(ints[place], by);
    if numbers.chance(40) {
        body.load(Type::Int, ints[place]);
    }
}

// ---- memory ----------------------------------------------------------------------------------------------------------------

fn array(body: &mut Body<'_>, numbers: &mut Numbers) {
    let of = Type::ARRAYS[numbers.below(6)];
    let (element, load) = match of {
        Type::Ints => (Type::Int, 0x2e),
        Type::Longs => (Type::Long, 0x2f),
        Type::Doubles => (Type::Double, 0x31),
        Type::Objects => (Type::Object, 0x32),
        Type::Bytes => (Type::Int, 0x33),
        _ => (Type::Int, 0x34),
    };
    match numbers.below(8) {
        0 => {
            need(body, &[of], numbers);
            body.op(0xbe);
            body.popped(1);
            body.pushed(Type::Int);
        }
        1..5 => {
            need(body, &[of], numbers);
            index(body, numbers);
            body.op(load);
            body.popped(2);
            body.pushed(element);
        }
        _ => {
            need(body, &[of], numbers);
            if body.stack.len() < DEPTH && numbers.chance(70) {
                // It is still there afterwards.
                body.op(0x59);
                body.pushed(of);
            }
            index(body, numbers);
            source(body, element, numbers);
            body.op(load + 0x21);
            body.popped(3);
        }
    }
}

/// An index that mostly is one.
fn index(body: &mut Body<'_>, numbers: &mut Numbers) {
    if numbers.chance(50) {
        return body.push_int(numbers.below(4) as i32 - i32::from(numbers.chance(2)));
    }
    source(body, Type::Int, numbers);
    if numbers.chance(98) {
        body.push_int(3);
        body.op(0x7e);
        body.popped(1);
    }
}

/// Fields of `Base`: name, what the stack has of it, and how the field is declared.
const FIELDS: [(&str, Type, &str); 12] = [
    ("i", Type::Int, "I"),
    ("l", Type::Long, "J"),
    ("f", Type::Float, "F"),
    ("d", Type::Double, "D"),
    ("z", Type::Int, "Z"),
    ("b", Type::Int, "B"),
    ("c", Type::Int, "C"),
    ("s", Type::Int, "S"),
    ("o", Type::Object, "Ljava/lang/Object;"),
    ("p", Type::Base, "LBase;"),
    ("vi", Type::Int, "I"),
    ("vl", Type::Long, "J"),
];

fn field(body: &mut Body<'_>, numbers: &mut Numbers) {
    let (name, of, descriptor) = FIELDS[numbers.below(FIELDS.len())];
    // Static ones have an s in front, and the volatile ones are static.
    let is_static = name.starts_with('v') || numbers.chance(30);
    let full = if is_static && !name.starts_with('v') { format!("s{name}") } else { name.to_owned() };
    let member = body.class.member(9, "Base", &full, descriptor);
    let is_load = numbers.chance(50);
    if !is_static {
        need(body, &[Type::Base], numbers);
    }
    match (is_static, is_load) {
        (true, true) => {
            body.op_index(0xb2, member);
            body.pushed(of);
        }
        (true, false) => {
            need(body, &[of], numbers);
            body.op_index(0xb3, member);
            body.popped(1);
        }
        (false, true) => {
            body.op_index(0xb4, member);
            body.popped(1);
            body.pushed(of);
        }
        (false, false) => {
            source(body, of, numbers);
            body.op_index(0xb5, member);
            body.popped(2);
        }
    }
}

// ---- calls and objects -----------------------------------------------------------------------------------------------------

/// Methods of the library and of `Base`: opcode, class, name, descriptor, arguments with the receiver, result.
type Callee = (u8, &'static str, &'static str, &'static str, &'static [Type], Option<Type>);
const CALLEES: [Callee; 30] = [
    (0xb8, "java/lang/Math", "max", "(II)I", &[Type::Int, Type::Int], Some(Type::Int)),
    (0xb8, "java/lang/Math", "min", "(II)I", &[Type::Int, Type::Int], Some(Type::Int)),
    (0xb8, "java/lang/Math", "max", "(JJ)J", &[Type::Long, Type::Long], Some(Type::Long)),
    (0xb8, "java/lang/Math", "min", "(DD)D", &[Type::Double, Type::Double], Some(Type::Double)),
    (0xb8, "java/lang/Math", "max", "(FF)F", &[Type::Float, Type::Float], Some(Type::Float)),
    (0xb8, "java/lang/Math", "abs", "(I)I", &[Type::Int], Some(Type::Int)),
    (0xb8, "java/lang/Math", "abs", "(J)J", &[Type::Long], Some(Type::Long)),
    (0xb8, "java/lang/Math", "abs", "(D)D", &[Type::Double], Some(Type::Double)),
    (0xb8, "java/lang/Math", "sqrt", "(D)D", &[Type::Double], Some(Type::Double)),
    (0xb8, "java/lang/Math", "addExact", "(II)I", &[Type::Int, Type::Int], Some(Type::Int)),
    (0xb8, "java/lang/Math", "multiplyHigh", "(JJ)J", &[Type::Long, Type::Long], Some(Type::Long)),
    (0xb8, "java/lang/Integer", "bitCount", "(I)I", &[Type::Int], Some(Type::Int)),
    (0xb8, "java/lang/Integer", "numberOfLeadingZeros", "(I)I", &[Type::Int], Some(Type::Int)),
    (0xb8, "java/lang/Long", "numberOfTrailingZeros", "(J)I", &[Type::Long], Some(Type::Int)),
    (0xb8, "java/lang/Long", "reverseBytes", "(J)J", &[Type::Long], Some(Type::Long)),
    (0xb8, "java/lang/Integer", "compareUnsigned", "(II)I", &[Type::Int, Type::Int], Some(Type::Int)),
    (0xb8, "java/lang/Long", "divideUnsigned", "(JJ)J", &[Type::Long, Type::Long], Some(Type::Long)),
    (0xb8, "java/lang/Float", "floatToIntBits", "(F)I", &[Type::Float], Some(Type::Int)),
    (0xb8, "java/lang/Double", "doubleToLongBits", "(D)J", &[Type::Double], Some(Type::Long)),
    (0xb8, "java/lang/Double", "longBitsToDouble", "(J)D", &[Type::Long], Some(Type::Double)),
    (0xb8, "java/lang/Float", "intBitsToFloat", "(I)F", &[Type::Int], Some(Type::Float)),
    (0xb8, "java/util/Arrays", "hashCode", "([I)I", &[Type::Ints], Some(Type::Int)),
    (0xb8, "java/util/Arrays", "fill", "([JJ)V", &[Type::Longs, Type::Long], None),
    (
        0xb8,
        "java/lang/System",
        "arraycopy",
        "(Ljava/lang/Object;ILjava/lang/Object;II)V",
        &[Type::Object, Type::Int, Type::Object, Type::Int, Type::Int],
        None,
    ),
    (
        0xb8,
        "Base",
        "many",
        "(IJFDLjava/lang/Object;IJD)D",
        &[
            Type::Int,
            Type::Long,
            Type::Float,
            Type::Double,
            Type::Object,
            Type::Int,
            Type::Long,
            Type::Double,
        ],
        Some(Type::Double),
    ),
    (0xb8, "Base", "pick", "(I)LBase;", &[Type::Int], Some(Type::Base)),
    (0xb6, "Base", "virt", "(IJ)I", &[Type::Base, Type::Int, Type::Long], Some(Type::Int)),
    (0xb6, "Base", "self", "()LBase;", &[Type::Base], Some(Type::Base)),
    (
        0xb9,
        "Face",
        "face",
        "(DLjava/lang/Object;)F",
        &[Type::Base, Type::Double, Type::Object],
        Some(Type::Float),
    ),
    (0xb6, "java/lang/Object", "getClass", "()Ljava/lang/Class;", &[Type::Object], Some(Type::Object)),
];

fn call(body: &mut Body<'_>, callees: &[Signature], numbers: &mut Numbers) {
    if body.may_call
        && numbers.chance(35)
        && let Some(callee) = numbers.pick(callees)
    {
        need(body, &callee.arguments, numbers);
        let owner = body.class.name.clone();
        body.call_static(&owner, &callee.name, &callee.descriptor());
        body.popped(callee.arguments.len());
        if let Some(result) = callee.result {
            body.pushed(result);
        }
        return;
    }
    let (op, class, name, descriptor, arguments, result) = CALLEES[numbers.below(CALLEES.len())];
    if name == "arraycopy" && numbers.chance(70) {
        return;
    }
    // The overriding `virt` is what calls no further.
    if name == "virt" && !body.may_call {
        return;
    }
    need(body, arguments, numbers);
    let tag = if op == 0xb9 { 11 } else { 10 };
    let member = body.class.member(tag, class, name, descriptor);
    body.op_index(op, member);
    if op == 0xb9 {
        let slots: usize = arguments.iter().map(|of| of.slots()).sum();
        body.bytes.extend([slots as u8, 0]);
    }
    body.popped(arguments.len());
    if let Some(result) = result {
        body.pushed(result);
    }
}

fn object(body: &mut Body<'_>, numbers: &mut Numbers) {
    let mut targets = vec![Type::Base, Type::Ints, Type::Bytes, Type::Objects];
    need(body, &[Type::Object], numbers);
    if numbers.chance(60) {
        let class = [
            "java/lang/String",
            "Base",
            "[I",
            "java/lang/Comparable",
            "[Ljava/lang/Object;",
            "java/lang/Class",
        ];
        let class = body.class.class(class[numbers.below(class.len())]);
        body.op_index(0xc1, class);
        body.popped(1);
        body.pushed(Type::Int);
    } else {
        // Mostly a null, or it would mostly throw.
        let to = targets.swap_remove(numbers.below(targets.len()));
        if numbers.chance(93) {
            body.discard();
            source(body, to, numbers);
        }
        let class = body.class.class(to.class());
        body.op_index(0xc0, class);
        body.popped(1);
        body.pushed(to);
    }
}

/// The instructions that rearrange operands, whatever these are.
fn shuffle(body: &mut Body<'_>, numbers: &mut Numbers) {
    let a = any(numbers);
    while body.stack.len() < 3 {
        source(body, a, numbers);
    }
    let [c, b, a] = body.stack[body.stack.len() - 3..] else { return };
    // Types above what an instruction takes, and what it leaves.
    let sizes = (c.slots(), b.slots(), a.slots());
    let (op, taken, left): (u8, usize, Vec<Type>) = match (sizes, numbers.below(4)) {
        ((_, _, 1), 0) => (0x59, 1, vec![a, a]),
        ((_, 1, 1), 1) => (0x5f, 2, vec![a, b]),
        ((_, 1, 1), 2) => (0x5a, 2, vec![a, b, a]),
        ((_, 1, 1), 3) => (0x5c, 2, vec![b, a, b, a]),
        ((_, 2, 1), 1 | 2) => (0x5b, 2, vec![a, b, a]),
        ((1, 1, 1), _) => (0x5b, 3, vec![a, c, b, a]),
        ((_, _, 2), 0) => (0x5c, 1, vec![a, a]),
        ((_, 1, 2), 1 | 2) => (0x5d, 2, vec![a, b, a]),
        ((_, 2, 2), _) => (0x5e, 2, vec![a, b, a]),
        ((1, 1, 2), _) => (0x5e, 3, vec![a, c, b, a]),
        (_, _) if b.slots() == 1 && a.slots() == 1 && c.slots() == 2 => (0x5e, 3, vec![b, a, c, b, a]),
        (_, _) if a.slots() == 1 => (0x59, 1, vec![a, a]),
        (_, _) => (0x5c, 1, vec![a, a]),
    };
    body.op(op);
    body.popped(taken);
    for of in left {
        body.pushed(of);
    }
}

// ---- control ---------------------------------------------------------------------------------------------------------------

/// A jump to a label further down with a stack like this one, or to a new one.
fn to_label(body: &mut Body<'_>, jump: Jump, numbers: &mut Numbers) {
    let stack = body.stack.clone();
    let reuse = numbers.chance(50);
    let same = body.open.iter_mut().find_map(|open| match open {
        Open::Label { jumps, stack: of } if reuse && *of == stack => Some(jumps),
        _ => None,
    });
    match same {
        Some(jumps) => jumps.push(jump),
        None => body.open.push(Open::Label { jumps: vec![jump], stack }),
    }
}

fn branch(body: &mut Body<'_>, numbers: &mut Numbers) {
    let op = match numbers.below(14) {
        op @ 0..5 => {
            need(body, &[Type::Int], numbers);
            body.popped(1);
            0x99 + (op as u8 + numbers.below(2) as u8)
        }
        op @ 5..9 => {
            need(body, &[Type::Int, Type::Int], numbers);
            body.popped(2);
            0x9f + (op as u8 - 5) + numbers.below(3) as u8
        }
        9 => {
            need(body, &[Type::Object, Type::Object], numbers);
            body.popped(2);
            0xa5 + numbers.below(2) as u8
        }
        10 => {
            need(body, &[Type::Object], numbers);
            body.popped(1);
            0xc6 + numbers.below(2) as u8
        }
        11 | 12 => {
            // A comparison and a branch, which compilers like to see as one.
            compare(body, numbers);
            body.popped(1);
            0x99 + numbers.below(6) as u8
        }
        _ => {
            let wide = numbers.chance(30);
            let jump = body.jump(0xa7, wide);
            to_label(body, jump, numbers);
            body.reachable = false;
            return;
        }
    };
    let jump = body.jump(op, false);
    to_label(body, jump, numbers);
}

fn switch(body: &mut Body<'_>, numbers: &mut Numbers) {
    need(body, &[Type::Int], numbers);
    if numbers.chance(80) {
        body.push_int(7);
        body.op(0x7e);
        body.popped(1);
    }
    body.popped(1);
    let from = body.bytes.len();
    let count = 1 + numbers.below(4);
    let is_table = numbers.chance(50);
    body.op(if is_table { 0xaa } else { 0xab });
    while !body.bytes.len().is_multiple_of(4) {
        body.op(0);
    }
    let mut jumps = vec![Jump { at: body.bytes.len(), from, wide: true }];
    body.bytes.extend([0; 4]);
    if is_table {
        let low = numbers.below(4) as i32 - 1;
        body.bytes.extend(low.to_be_bytes());
        body.bytes.extend((low + count as i32 - 1).to_be_bytes());
    } else {
        body.bytes.extend((count as i32).to_be_bytes());
    }
    let mut key = if numbers.chance(10) { i32::MIN } else { -1 };
    for _ in 0..count {
        if !is_table {
            body.bytes.extend(key.to_be_bytes());
            key += 1 + numbers.below(3) as i32;
        }
        jumps.push(Jump { at: body.bytes.len(), from, wide: true });
        body.bytes.extend([0; 4]);
    }
    for jump in jumps {
        to_label(body, jump, numbers);
    }
    body.reachable = false;
}

/// Seldom the method ends here, if something is so.
fn leave(body: &mut Body<'_>, numbers: &mut Numbers) {
    need(body, &[Type::Int], numbers);
    let past = body.jump(0x9c, false);
    body.popped(1);
    let before = body.stack.clone();
    if numbers.chance(40) {
        let class = ["java/lang/IllegalStateException", "java/lang/ArithmeticException"][numbers.below(2)];
        let index = body.class.class(class);
        body.op_index(0xbb, index);
        body.op(0x59);
        let constructor = body.class.member(10, class, "<init>", "()V");
        body.op_index(0xb7, constructor);
        body.room(2);
        body.op(0xbf);
        body.reachable = false;
    } else {
        body.return_(numbers);
    }
    body.stack = before.clone();
    body.open.push(Open::Label { jumps: vec![past], stack: before });
    let place = body.open.len() - 1;
    body.close(place, numbers);
}

/// Something under a lock that is given back.
fn locked(body: &mut Body<'_>, numbers: &mut Numbers) {
    let class = body.class.class("Base");
    body.load_constant(class);
    body.room(1);
    body.op(0xc2);
    let ints: Vec<usize> =
        body.locals.iter().filter(|local| local.of == Type::Int).map(|Local { index, .. }| *index).collect();
    if let Some(place) = numbers.place(&ints) {
        body.increment(ints[place], 3);
    }
    body.load_constant(class);
    body.op(0xc3);
}

/// `jsr` to some instructions that come back, where there still is one.
fn subroutine(body: &mut Body<'_>, numbers: &mut Numbers) {
    let Some(address) = body.return_address else { return };
    body.room(1);
    let there = body.jump(0xa8, false);
    let past = body.jump(0xa7, false);
    let start = body.bytes.len();
    body.land(there, start);
    // astore, of a type that only this slot has.
    body.bytes.extend(match u8::try_from(address) {
        Ok(index) => vec![0x3a, index],
        Err(_) => [&[0xc4, 0x3a], &(address as u16).to_be_bytes()[..]].concat(),
    });
    bump(body, numbers);
    body.bytes.extend(match u8::try_from(address) {
        Ok(index) => vec![0xa9, index],
        Err(_) => [&[0xc4, 0xa9], &(address as u16).to_be_bytes()[..]].concat(),
    });
    let end = body.bytes.len();
    body.land(past, end);
    body.frame();
}

fn multi_array(body: &mut Body<'_>, numbers: &mut Numbers) {
    body.push_int(numbers.below(3) as i32);
    body.push_int(numbers.below(4) as i32 - i32::from(numbers.chance(3)));
    let class = body.class.class("[[I");
    body.op_index(0xc5, class);
    body.op(2);
    body.popped(2);
    body.pushed(Type::Object);
}
