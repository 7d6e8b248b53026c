//! Instructions put into code, with everything that names places in it moved along.
//!
//! Invariant: what is put in takes a multiple of four bytes, so that switches keep their padding; if it neither jumps nor
//! leaves anything behind, the code around it stays as valid as it was. Line numbers and names of variables are not moved:
//! nobody verifies them beyond their range. Deliberately not here: growing a 16-bit distance that no longer fits.

use carafe_classloader::bytecode::{Format, Opcode, instructions};

use crate::code::Place;
use crate::frames::Frame;
use crate::model::{Class, Code, tag};
use crate::numbers::Numbers;

/// Constants that inserted instructions may name.
pub(crate) struct Vocabulary {
    classes: Vec<u16>,
    fields: Vec<u16>,
    methods: Vec<u16>,
}

impl Vocabulary {
    pub(crate) fn of(class: &Class) -> Vocabulary {
        Vocabulary {
            classes: class.with_tag(tag::CLASS),
            fields: class.with_tag(9),
            methods: class.with_tag(10),
        }
    }
}

/// Puts a few instructions before some instruction.
pub(crate) fn somewhere(
    code: &mut Code,
    places: &[Place],
    words: &Vocabulary,
    numbers: &mut Numbers,
) -> Option<String> {
    let &(at, _) = numbers.pick(places)?;
    let (what, mut added) = snippet(code, at, places, words, numbers)?;
    added.resize(added.len().next_multiple_of(4), Opcode::Nop as u8);
    insert(code, at, &added)?;
    if numbers.chance(90) {
        code.max_stack = code.max_stack.saturating_add(4);
    }
    Some(format!("@{at} {what} put in"))
}

fn snippet(
    code: &Code,
    at: usize,
    places: &[Place],
    words: &Vocabulary,
    numbers: &mut Numbers,
) -> Option<(String, Vec<u8>)> {
    use Opcode as O;
    let local = numbers.below(usize::from(code.max_locals) + 1) as u8;
    let with = |op: O, index: u16| {
        let [high, low] = index.to_be_bytes();
        [op as u8, high, low]
    };
    let one_of = |ops: &[O], numbers: &mut Numbers| numbers.pick(ops).copied();
    let bytes = match numbers.below(15) {
        0 => vec![O::AconstNull as u8, O::Pop as u8],
        1 => vec![one_of(&[O::Lconst0, O::Dconst1, O::Iconst1, O::Fconst0], numbers)? as u8, O::Pop2 as u8],
        2 => vec![O::Iconst0 as u8, O::Istore as u8, local],
        3 => vec![O::AconstNull as u8, O::Astore as u8, local],
        4 => vec![O::Lconst0 as u8, O::Lstore as u8, local],
        5 => vec![
            one_of(&[O::Aload, O::Iload, O::Lload, O::Dload, O::Fload], numbers)? as u8,
            local,
            O::Pop as u8,
        ],
        6 => vec![one_of(&[O::Dup, O::DupX1, O::DupX2], numbers)? as u8, O::Pop as u8],
        7 => vec![one_of(&[O::Dup2, O::Dup2X1, O::Dup2X2], numbers)? as u8, O::Pop2 as u8],
        8 => {
            let mut bytes = vec![O::Aload as u8, local];
            let op = one_of(&[O::CheckCast, O::InstanceOf, O::GetField], numbers)?;
            let index = numbers.pick(if op == O::GetField { &words.fields } else { &words.classes })?;
            bytes.extend(with(op, *index));
            bytes.push(O::Pop as u8);
            bytes
        }
        9 => [with(O::New, *numbers.pick(&words.classes)?).as_slice(), &[O::Pop as u8]].concat(),
        10 => {
            let new = with(O::New, *numbers.pick(&words.classes)?);
            let init = with(O::InvokeSpecial, *numbers.pick(&words.methods)?);
            [new.as_slice(), &[O::Dup as u8], &init, &[O::Pop as u8]].concat()
        }
        11 => vec![O::AconstNull as u8, O::AThrow as u8],
        12 => {
            // Over the next instruction, or back to an earlier one.
            let &(target, _) = numbers.pick(places)?;
            let distance = if target > at { 4 } else { (target as u16).wrapping_sub(at as u16) };
            [with(O::Goto, distance).as_slice(), &[O::Nop as u8]].concat()
        }
        13 => vec![O::Iconst0 as u8, O::NewArray as u8, 4 + numbers.below(8) as u8, O::Pop as u8],
        _ => {
            // Instructions that stand elsewhere, as they are.
            let first = numbers.place(places)?;
            let count = 1 + numbers.below(3);
            let chosen = places.iter().skip(first).take(count);
            chosen.filter_map(|&(at, len)| code.code.get(at..at + len)).flatten().copied().collect()
        }
    };
    let names: Vec<&str> = instructions(&bytes).map_while(Result::ok).map(|i| i.opcode.mnemonic()).collect();
    Some((names.join(", "), bytes))
}

/// Puts `added` before the instruction at `at`. Whoever jumped there meets it.
fn insert(code: &mut Code, at: usize, added: &[u8]) -> Option<()> {
    let by = added.len();
    let target = |old: i64| if old > at as i64 { old + by as i64 } else { old };
    let start = |old: usize| if old >= at { old + by } else { old };
    let mut new = code.code.clone();
    for instr in instructions(&code.code).map_while(Result::ok) {
        let (bci, len) = (instr.bci as usize, instr.len as usize);
        let moved = |distance: i64| target(bci as i64 + distance) - start(bci) as i64;
        match instr.opcode.format() {
            Format::Branch16 => {
                let place = new.get_mut(bci + 1..bci + 3)?;
                let distance = i16::from_be_bytes(place.try_into().ok()?);
                place.copy_from_slice(&(moved(i64::from(distance)) as i16).to_be_bytes());
            }
            Format::Branch32 => move_word(&mut new, bci + 1, moved)?,
            Format::TableSwitch => {
                let words = (bci + 4) & !3;
                move_word(&mut new, words, moved)?;
                (words + 12..bci + len).step_by(4).try_for_each(|at| move_word(&mut new, at, moved))?;
            }
            Format::LookupSwitch => {
                let words = (bci + 4) & !3;
                move_word(&mut new, words, moved)?;
                (words + 12..bci + len).step_by(8).try_for_each(|at| move_word(&mut new, at, moved))?;
            }
            _ => {}
        }
    }
    new.splice(at..at, added.iter().copied());
    code.code = new;
    let target = |old: u16| target(i64::from(old)) as u16;
    for [from, to, handler, _] in &mut code.handlers {
        (*from, *to, *handler) = (target(*from), target(*to), target(*handler));
    }
    if let Some(frames) = code.frames() {
        move_frames(frames, target, |old| start(usize::from(old)) as u16);
    }
    Some(())
}

fn move_word(code: &mut [u8], at: usize, moved: impl Fn(i64) -> i64) -> Option<()> {
    let place = code.get_mut(at..at + 4)?;
    let distance = i32::from_be_bytes(place.try_into().ok()?);
    place.copy_from_slice(&(moved(i64::from(distance)) as i32).to_be_bytes());
    Some(())
}

fn move_frames(frames: &mut [Frame], target: impl Fn(u16) -> u16, start: impl Fn(u16) -> u16) {
    let (mut before, mut before_moved) = (None::<u16>, None::<u16>);
    for frame in frames {
        let next = |before: Option<u16>| before.map_or(0, |before| before.wrapping_add(1));
        let at = next(before).wrapping_add(frame.distance());
        frame.set_distance(target(at).wrapping_sub(next(before_moved)));
        (before, before_moved) = (Some(at), Some(target(at)));
        for ty in frame.locals.iter_mut().chain(&mut frame.stack).filter(|ty| ty.tag == 8) {
            ty.operand = start(ty.operand);
        }
    }
}
