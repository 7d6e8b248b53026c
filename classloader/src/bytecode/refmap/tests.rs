//! Small methods with known maps.

use super::*;

/// Field and call 1: a reference, `(I)` to a reference; 2: two slots, `(J)` to nothing; others do not
/// exist.
struct Shapes;

impl ConstantShapes for Shapes {
    fn field(&self, index: CpIndex) -> Option<Shape> {
        [None, Some(Shape::Ref), Some(Shape::Two)].get(usize::from(index.0)).copied().flatten()
    }

    fn call(&self, index: CpIndex) -> Option<CallShape> {
        match index.0 {
            1 => Some(CallShape { argument_slots: 1, result: Some(Shape::Ref) }),
            2 => Some(CallShape { argument_slots: 2, result: None }),
            _ => None,
        }
    }

    fn constant(&self, index: CpIndex) -> Option<Shape> {
        self.field(index)
    }
}

fn maps<'a>(
    code: &'a [u8],
    handlers: &'a [Handler],
    arguments: &[Kind],
) -> Result<RefMaps<'a, Shapes>, RefMapError> {
    let body = Body { code, handlers, max_locals: 6, max_stack: 4 };
    RefMaps::compute(body, arguments.iter().copied(), Shapes, Limits::of_code(code.len()))
}

fn check(map: Result<RefMap, RefMapError>, locals: &[usize], stack: &[usize], depth: u32) {
    let map = map.unwrap();
    assert_eq!(map.locals.iter().collect::<Vec<_>>(), locals);
    assert_eq!(map.stack.iter().collect::<Vec<_>>(), stack);
    assert_eq!(map.depth, depth);
}

#[test]
fn straight_code() {
    // 0 aload_0; 1 lload_1; 2 invokevirtual 2; 5 aload_0; 6 iconst_0; 7 invokevirtual 1; 10 dup; 11
    // astore_3; 12 areturn
    let code = [0x2a, 0x1f, 0xb6, 0, 2, 0x2a, 0x03, 0xb6, 0, 1, 0x59, 0x4e, 0xb0];
    let maps = maps(&code, &[], &[Kind::Ref, Kind::Long]).unwrap();
    check(maps.at(0), &[0], &[], 0);
    check(maps.at(2), &[0], &[0], 3);
    check(maps.at(7), &[0], &[0], 2);
    check(maps.at(11), &[0], &[0, 1], 2);
    check(maps.at(12), &[0, 3], &[0], 1);
    assert_eq!(maps.at(3), Err(RefMapError::Unreachable(3)));
    assert_eq!(maps.at(13), Err(RefMapError::Unreachable(13)));
}

#[test]
fn one_walk_gives_the_maps_of_all_picked_instructions() {
    // 0 aload_0; 1 ifnull 8; 4 aload_0; 5 invokevirtual 1 (underflows: unverified); 8 aload_0; 9 iconst_0;
    // 10 invokevirtual 1; 13 goto 0
    let code = [0x2a, 0xc6, 0, 7, 0x2a, 0xb6, 0, 1, 0x2a, 0x03, 0xb6, 0, 1, 0xa7, 0xff, 0xf3];
    assert_eq!(maps(&code, &[], &[Kind::Ref]).err(), Some(RefMapError::Unverified(5)));

    // 0 aload_0; 1 ifnull 10; 4 aload_0; 5 iconst_0; 6 invokevirtual 1; 9 areturn; 10 iconst_0; 11 aload_0; 12 swap;
    // 13 invokevirtual 1; 16 areturn; 17 invokevirtual 1 (unreachable)
    let code = [
        0x2a, 0xc6, 0, 9, 0x2a, 0x03, 0xb6, 0, 1, 0xb0, 0x03, 0x2a, 0x5f, 0xb6, 0, 1, 0xb0, 0xb6, 0, 1, 0xb0,
    ];
    let maps = maps(&code, &[], &[Kind::Ref]).unwrap();
    let mut seen = Vec::new();
    maps.for_each(
        |instr| matches!(instr.op, crate::bytecode::Op::Invoke { .. }),
        |bci, map| {
            assert_eq!(Ok(map), maps.at(bci));
            seen.push(bci);
        },
    );
    assert_eq!(seen, [6, 13]);
}

#[test]
fn where_paths_meet_only_common_references_count() {
    // 0 iload_0; 1 ifeq 10; 4 aconst_null; 5 astore_1; 6 aconst_null; 7 goto 13; 10 iconst_0; 11
    // istore_1; 12 aconst_null; 13 areturn; 14 nop; 15 areturn
    let code = [0x1a, 0x99, 0, 9, 0x01, 0x4c, 0x01, 0xa7, 0, 6, 0x03, 0x3c, 0x01, 0xb0, 0x00, 0xb0];
    let maps = maps(&code, &[], &[Kind::Int]).unwrap();
    check(maps.at(7), &[1], &[0], 1);
    check(maps.at(13), &[], &[0], 1);
    assert_eq!(maps.at(15), Err(RefMapError::Unreachable(15)));
    assert!(maps.is_unreachable(14) && !maps.is_unreachable(13));
}

#[test]
fn a_handler_sees_the_locals_of_every_instruction_it_covers() {
    // 0 aload_0; 1 astore_1; 2 iconst_0; 3 istore_0; 4 aload_1; 5 areturn; 6 areturn
    let code = [0x2a, 0x4c, 0x03, 0x3b, 0x2b, 0xb0, 0xb0];
    let handler = |start, end| [Handler { start, end, handler: 6, catch_type: 0 }];
    let at_handler = |start, end| maps(&code, &handler(start, end), &[Kind::Ref]).unwrap().at(6);
    check(at_handler(0, 6), &[], &[0], 1);
    check(at_handler(0, 1), &[0], &[0], 1);
    check(at_handler(2, 3), &[0, 1], &[0], 1);
    check(at_handler(4, 5), &[1], &[0], 1);
    check(at_handler(2, 6), &[1], &[0], 1);
}

#[test]
fn loops_reach_a_fixed_point() {
    // 0 aconst_null; 1 astore_1; 2 iload_0; 3 ifeq 2; 6 iconst_0; 7 istore_1; 8 goto 2
    let code = [0x01, 0x4c, 0x1a, 0x99, 0xff, 0xff, 0x03, 0x3c, 0xa7, 0xff, 0xfa];
    check(maps(&code, &[], &[Kind::Int]).unwrap().at(6), &[], &[], 0);
}

/// Local 1 holds a reference at the first call of the subroutine and an `int` at the second.
///
/// 0 aconst_null; 1 astore_1; 2 jsr 10; 5 iconst_0; 6 istore_1; 7 jsr 10; 10 ...
const SUBROUTINE: [u8; 17] =
    [0x01, 0x4c, 0xa8, 0, 9, 0x03, 0x3c, 0xa8, 0, 4, 0xb1, 0x4d, 0x01, 0x4e, 0x00, 0xa9, 0x02];

#[test]
fn a_subroutine_keeps_its_callers_apart() {
    let code = SUBROUTINE;
    let maps = maps(&code, &[], &[]).unwrap();
    check(maps.at(5), &[1, 3], &[], 0);
    check(maps.at(10), &[3], &[], 0);
    assert_eq!(maps.at(14), Err(RefMapError::NeedsAddresses(14)));
    let from =
        |value: u32| maps.at_with(14, move |slot| if slot == FrameSlot::Local(2) { value } else { 99 });
    check(from(5), &[1, 3], &[], 0);
    check(from(10), &[3], &[], 0);
    assert_eq!(from(7), Err(RefMapError::Unreachable(14)));
    // Before the address is stored, it lies on the stack.
    check(maps.at_with(11, |slot| if slot == FrameSlot::Stack(0) { 5 } else { 99 }), &[1], &[], 1);
}

#[test]
fn unverified_code_is_an_error() {
    let check = |code: &[u8], bci: u32| {
        assert_eq!(maps(code, &[], &[]).err(), Some(RefMapError::Unverified(bci)), "{code:x?}");
    };
    check(&[0x57, 0xb1], 0);
    check(&[0xb4, 0, 9, 0xb1], 0);
    check(&[0x03, 0x03, 0x03, 0x03, 0x03, 0xb1], 4);
    check(&[0x03, 0xa7, 0xff, 0xff], 0);
    check(&[0xc4, 0x15, 1, 0, 0xb1], 0);
    check(&[0xa9, 0], 0);
    assert!(matches!(maps(&[0xa7, 0, 9], &[], &[]), Err(RefMapError::Flow(_))));
    let body = Body { code: &[0xb1], handlers: &[], max_locals: 1, max_stack: 0 };
    let two = RefMaps::compute(body, [Kind::Long], Shapes, Limits::of_code(1));
    assert_eq!(two.err(), Some(RefMapError::Unverified(0)));
}

#[test]
fn limits_end_the_pass() {
    let body = Body { code: &SUBROUTINE, handlers: &[], max_locals: 6, max_stack: 4 };
    let enough = Limits::of_code(SUBROUTINE.len());
    for limits in [Limits { steps: 20, ..enough }, Limits { words: 2, ..enough }] {
        assert_eq!(RefMaps::compute(body, [], Shapes, limits).err(), Some(RefMapError::TooComplex));
    }
}
