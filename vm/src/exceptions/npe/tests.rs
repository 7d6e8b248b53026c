//! Texts are those that HotSpot 25 gives for the same code, found by running it.

use super::*;

/// Names by pool index: what the tests' code refers to.
struct Table {
    members: &'static [(&'static str, &'static str, &'static str)],
    locals: &'static [(u16, u32, u32, &'static str)],
}

impl Names for Table {
    fn member(&self, index: u16) -> Member {
        let (class, name, descriptor) = self.members[index as usize];
        Member { class: class.to_owned(), name: name.to_owned(), descriptor: descriptor.as_bytes().to_vec() }
    }

    fn local(&self, slot: u16, bci: u32) -> Option<String> {
        let found = self.locals.iter().find(|l| l.0 == slot && (l.1..l.2).contains(&bci))?;
        Some(found.3.to_owned())
    }
}

const MEMBERS: &[(&str, &str, &str)] = &[
    ("N", "x", "I"),
    ("N", "t", "LN;"),
    ("N", "arr", "[LN;"),
    ("N", "sm", "(ILjava/lang/String;[Ljava/lang/Object;JLjava/util/List;)LN;"),
    ("N", "s", "LN;"),
    ("N", "g", "()I"),
    ("java.lang.String", "concat", "(Ljava/lang/String;)Ljava/lang/String;"),
    ("N", "<init>", "()V"),
    ("N", "d", "D"),
    ("java.util.List", "get", "(I)Ljava/lang/Object;"),
];
const X: u8 = 0;
const T: u8 = 1;
const ARR: u8 = 2;
const SM: u8 = 3;
const S: u8 = 4;
const G: u8 = 5;
const CONCAT: u8 = 6;
const INIT: u8 = 7;
const D: u8 = 8;
const GET: u8 = 9;

const NAMELESS: Table = Table { members: MEMBERS, locals: &[] };

const ACONST_NULL: u8 = 1;
const ICONST_0: u8 = 3;
const ICONST_1: u8 = 4;
const BIPUSH: u8 = 16;
const ILOAD_1: u8 = 27;
const ALOAD_0: u8 = 42;
const ALOAD_1: u8 = 43;
const ALOAD_3: u8 = 45;
const IALOAD: u8 = 46;
const AALOAD: u8 = 50;
const BALOAD: u8 = 51;
const ASTORE_0: u8 = 75;
const DUP: u8 = 89;
const IADD: u8 = 96;
const DCONST_0: u8 = 14;
const IFEQ: u8 = 153;
const GOTO: u8 = 167;
const ARETURN: u8 = 176;
const GETSTATIC: u8 = 178;
const GETFIELD: u8 = 180;
const PUTFIELD: u8 = 181;
const INVOKEVIRTUAL: u8 = 182;
const INVOKESPECIAL: u8 = 183;
const INVOKESTATIC: u8 = 184;
const NEW: u8 = 187;
const ARRAYLENGTH: u8 = 190;
const ATHROW: u8 = 191;
const CHECKCAST: u8 = 192;
const MONITORENTER: u8 = 194;

/// The message for the last instruction of `parts`, joined, in a method with that descriptor.
fn text(is_static: bool, descriptor: &str, parts: &[&[u8]]) -> Option<String> {
    let (failing, before) = parts.split_last()?;
    let start: usize = before.iter().map(|p| p.len()).sum();
    let mut bytes = parts.concat();
    // Instructions after the failing one change nothing.
    bytes.extend([ACONST_NULL, ARETURN]);
    assert!(!failing.is_empty());
    let code = Code { bytes: &bytes, handlers: &[], is_static, descriptor: descriptor.as_bytes() };
    describe(&code, &NAMELESS, start as u32)
}

fn check(descriptor: &str, parts: &[&[u8]], expected: &str) {
    assert_eq!(text(true, descriptor, parts).as_deref(), Some(expected));
}

#[test]
fn actions() {
    check("()V", &[&[ACONST_NULL], &[ATHROW]], "Cannot throw exception because \"null\" is null");
    check(
        "()V",
        &[&[GETSTATIC, 0, S], &[MONITORENTER]],
        "Cannot enter synchronized block because \"N.s\" is null",
    );
    check(
        "([I)V",
        &[&[ALOAD_0], &[ARRAYLENGTH]],
        "Cannot read the array length because \"<parameter1>\" is null",
    );
    check(
        "([Z)V",
        &[&[ALOAD_0, ICONST_0], &[BALOAD]],
        "Cannot load from byte/boolean array because \"<parameter1>\" is null",
    );
    check(
        "()V",
        &[&[GETSTATIC, 0, S, DCONST_0], &[PUTFIELD, 0, D]],
        "Cannot assign field \"d\" because \"N.s\" is null",
    );
    check(
        "(Ljava/lang/String;)V",
        &[&[ALOAD_0, ALOAD_0], &[INVOKEVIRTUAL, 0, CONCAT]],
        "Cannot invoke \"String.concat(String)\" because \"<parameter1>\" is null",
    );
    assert_eq!(text(true, "()V", &[&[NEW, 0, 0, DUP], &[INVOKESPECIAL, 0, INIT]]), None);
    assert_eq!(text(true, "()V", &[&[ICONST_0], &[ICONST_1]]), None);
}

#[test]
fn locals_are_named_by_what_is_known_of_them() {
    let field_of = |load: u8| [vec![load], vec![GETFIELD, 0, T]];
    let of = |is_static, descriptor, load| {
        let [load, get] = field_of(load);
        text(is_static, descriptor, &[&load, &get]).unwrap_or_default()
    };
    assert_eq!(of(true, "(LN;JLN;)V", ALOAD_3), "Cannot read field \"t\" because \"<parameter3>\" is null");
    assert_eq!(of(false, "(JLN;)V", ALOAD_3), "Cannot read field \"t\" because \"<parameter2>\" is null");
    assert_eq!(of(false, "()V", ALOAD_0), "Cannot read field \"t\" because \"this\" is null");
    assert_eq!(of(true, "()V", ALOAD_1), "Cannot read field \"t\" because \"<local1>\" is null");
    // A parameter that was written is no parameter any more.
    check(
        "(LN;)V",
        &[&[ACONST_NULL, ASTORE_0, ALOAD_0], &[GETFIELD, 0, T]],
        "Cannot read field \"t\" because \"<local0>\" is null",
    );
    let code = Code {
        bytes: &[ALOAD_0, ARRAYLENGTH, ARETURN],
        handlers: &[],
        is_static: true,
        descriptor: b"([I)V",
    };
    let named = Table { members: MEMBERS, locals: &[(0, 0, 1, "early"), (0, 1, 9, "late")] };
    assert_eq!(
        describe(&code, &named, 1).as_deref(),
        Some("Cannot read the array length because \"early\" is null")
    );
}

#[test]
fn chains() {
    check(
        "(LN;LN;)V",
        &[&[ALOAD_0, GETFIELD, 0, ARR, ILOAD_1, AALOAD, ICONST_1], &[PUTFIELD, 0, X]],
        "Cannot assign field \"x\" because \"<parameter1>.arr[<parameter2>]\" is null",
    );
    check(
        "()V",
        &[&[GETSTATIC, 0, S, GETFIELD, 0, ARR, INVOKESTATIC, 0, G, AALOAD], &[GETFIELD, 0, T]],
        "Cannot read field \"t\" because \"N.s.arr[N.g()]\" is null",
    );
    check(
        "(LN;)V",
        &[&[ALOAD_0, GETFIELD, 0, ARR, ICONST_0, ICONST_1, IADD, AALOAD], &[GETFIELD, 0, T]],
        "Cannot read field \"t\" because \"<parameter1>.arr[...]\" is null",
    );
    check(
        "([[LN;[B)V",
        &[&[ALOAD_0, ALOAD_1, ICONST_0, BALOAD, AALOAD, BIPUSH, 70, AALOAD], &[GETFIELD, 0, T]],
        "Cannot read field \"t\" because \"<parameter1>[...][70]\" is null",
    );
    // What is cast is still where it came from.
    check(
        "(Ljava/util/List;)V",
        &[&[ALOAD_0, ICONST_0, INVOKEVIRTUAL, 0, GET, CHECKCAST, 0, 0, GETFIELD, 0, T], &[GETFIELD, 0, T]],
        "Cannot read field \"t\" because \"java.util.List.get(int).t\" is null",
    );
    // A new object has no name, but its field has.
    check(
        "()V",
        &[&[NEW, 0, 0, DUP, INVOKESPECIAL, 0, INIT, GETFIELD, 0, T], &[GETFIELD, 0, T]],
        "Cannot read field \"t\" because \"t\" is null",
    );
}

#[test]
fn return_values_are_told_differently_at_the_top() {
    let call: &[u8] = &[ICONST_1, ACONST_NULL, ACONST_NULL, 9, ACONST_NULL, INVOKESTATIC, 0, SM];
    check(
        "()V",
        &[call, &[GETFIELD, 0, T]],
        "Cannot read field \"t\" because the return value of \"N.sm(int, String, Object[], long, java.util.List)\" \
         is null",
    );
    check(
        "()V",
        &[call, &[GETFIELD, 0, T], &[GETFIELD, 0, T]],
        "Cannot read field \"t\" because \"N.sm(int, String, Object[], long, java.util.List).t\" is null",
    );
}

#[test]
fn five_levels_and_no_more() {
    let get: &[u8] = &[GETFIELD, 0, T];
    check(
        "(LN;)V",
        &[&[ALOAD_0], get, get, get, get, get, get, get],
        "Cannot read field \"t\" because \"t.t.t.t.t\" is null",
    );
    let load: &[u8] = &[ICONST_0, AALOAD];
    check(
        "(LN;)V",
        &[&[ALOAD_0, GETFIELD, 0, ARR], load, load, load, load, load, get],
        "Cannot read field \"t\" because \"<array>[0][0][0][0][0]\" is null",
    );
}

#[test]
fn what_two_branches_push_comes_from_nowhere() {
    // z ? a : b, then a field of it
    check(
        "(LN;I)V",
        &[&[ILOAD_1, IFEQ, 0, 7, ALOAD_0, GOTO, 0, 4, ALOAD_3], &[GETFIELD, 0, T]],
        "Cannot read field \"t\"",
    );
    check(
        "(LN;I)V",
        &[&[ILOAD_1, IFEQ, 0, 7, ALOAD_0, GOTO, 0, 4, ALOAD_3, ICONST_0, AALOAD], &[GETFIELD, 0, T]],
        "Cannot read field \"t\" because \"<array>[0]\" is null",
    );
}

#[test]
fn what_a_loop_does_later_is_not_seen() {
    // while (true) { p.x = 1; p = null; }
    let bytes = [ALOAD_0, ICONST_1, PUTFIELD, 0, X, ACONST_NULL, ASTORE_0, GOTO, 0xff, 0xf9];
    let code = Code { bytes: &bytes, handlers: &[], is_static: true, descriptor: b"(LN;)V" };
    assert_eq!(
        describe(&code, &NAMELESS, 2).as_deref(),
        Some("Cannot assign field \"x\" because \"<parameter1>\" is null")
    );
}

#[test]
fn handlers_start_afresh() {
    // p = null; goto end; handler: pop; p.t
    let bytes = [ACONST_NULL, ASTORE_0, GOTO, 0, 7, 87, ALOAD_0, GETFIELD, 0, T, ARETURN];
    let handlers = [Handler { start: 0, end: 2, handler: 5, catch_type: 0 }];
    let code = Code { bytes: &bytes, handlers: &handlers, is_static: true, descriptor: b"(LN;)V" };
    assert_eq!(
        describe(&code, &NAMELESS, 7).as_deref(),
        Some("Cannot read field \"t\" because \"<parameter1>\" is null")
    );
}

#[test]
fn an_array_indexed_by_itself_without_end_is_cut() {
    let mut bytes = vec![GETSTATIC, 0, S, ICONST_0];
    for _ in 0..5000 {
        // s[i] with what is there as the index
        bytes.extend([95, 87, GETSTATIC, 0, S, ICONST_0, IALOAD]);
    }
    bytes.truncate(4);
    for _ in 0..5000 {
        bytes.extend([IALOAD, GETSTATIC, 0, S, 95]);
    }
    let failing = bytes.len() as u32;
    bytes.extend([AALOAD, ARETURN]);
    let code = Code { bytes: &bytes, handlers: &[], is_static: true, descriptor: b"()V" };
    let text = describe(&code, &NAMELESS, failing).unwrap_or_default();
    assert!(text.starts_with("Cannot load from object array because \"N.s\" is null"), "{text}");
    bytes.truncate(failing as usize);
    bytes.extend([AALOAD, ARRAYLENGTH, ARETURN]);
    let code = Code { bytes: &bytes, handlers: &[], is_static: true, descriptor: b"()V" };
    let text = describe(&code, &NAMELESS, failing + 1).unwrap_or_default();
    assert!(text.len() < 16_000 && text.contains("..."), "{}", text.len());
}

#[test]
fn broken_code_has_no_message_or_no_reason() {
    assert_eq!(text(true, "()V", &[&[], &[GETFIELD, 0, T]]).as_deref(), Some("Cannot read field \"t\""));
    let code = Code { bytes: &[GETFIELD], handlers: &[], is_static: true, descriptor: b"()V" };
    assert_eq!(describe(&code, &NAMELESS, 0), None);
    assert_eq!(describe(&code, &NAMELESS, 7), None);
}
