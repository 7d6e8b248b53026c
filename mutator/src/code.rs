//! Damage to code: instructions, operands, limits, exception handlers, and the frames that describe it.
//!
//! Invariant: each function makes one change, says what it was, and answers `None` where the class offers no place for it.
//! Some changes keep everything else consistent (inserted instructions move branches, frames and handlers along), because a
//! verifier that only ever sees broken branches is never asked about types. Deliberately not here: making valid code.

use carafe_classloader::bytecode::{Format, Opcode, instructions};

use crate::frames::{Frame, Type};
use crate::insert;
use crate::model::{Class, Code, tag};
use crate::numbers::Numbers;

/// Start and length of an instruction.
pub(crate) type Place = (usize, usize);

/// One change somewhere in some method's code.
pub(crate) fn change(class: &mut Class, numbers: &mut Numbers) -> Option<String> {
    let refs: Vec<u16> = (0..class.pool.len() as u16).collect();
    let tags: Vec<Option<u8>> = refs.iter().map(|&index| class.tag(index)).collect();
    let insertable = insert::Vocabulary::of(class);
    let mut codes = class.codes();
    let chosen = numbers.place(&codes)?;
    let (method, code) = codes.get_mut(chosen)?;
    let places: Vec<Place> =
        instructions(&code.code).map_while(Result::ok).map(|i| (i.bci as usize, i.len as usize)).collect();
    let what = match numbers.below(100) {
        0..14 => sibling(code, &places, numbers),
        14..19 => any_opcode(code, &places, numbers),
        19..33 => pool_operand(code, &places, &tags, numbers),
        33..43 => local_operand(code, &places, numbers),
        43..52 => branch(code, &places, numbers),
        52..58 => operand_byte(code, &places, numbers),
        58..63 => blank(code, &places, numbers),
        63..68 => swap(code, &places, numbers),
        68..72 => copy(code, &places, numbers),
        72..78 => limits(code, numbers),
        78..85 => handler(code, &places, numbers),
        85..88 => end(code, &places, numbers),
        _ => insert::somewhere(code, &places, &insertable, numbers),
    }?;
    Some(format!("method {method}: {what}"))
}

fn name(number: u8) -> &'static str {
    Opcode::from_u8(number).map_or("(no opcode)", Opcode::mnemonic)
}

fn set_opcode(code: &mut Code, at: usize, new: u8) -> Option<String> {
    let old = std::mem::replace(code.code.get_mut(at)?, new);
    Some(format!("@{at} {} becomes {} ({new})", name(old), name(new)))
}

/// Another opcode with operands of the same form; half of the time a close neighbour, which differs in type only.
fn sibling(code: &mut Code, places: &[Place], numbers: &mut Numbers) -> Option<String> {
    let &(at, _) = numbers.pick(places)?;
    let old = Opcode::from_u8(*code.code.get(at)?)?;
    let same: Vec<Opcode> = Opcode::all().filter(|op| op.format() == old.format() && *op != old).collect();
    let near: Vec<Opcode> = same.iter().copied().filter(|&op| (op as i32 - old as i32).abs() <= 4).collect();
    let from = if numbers.chance(50) && !near.is_empty() { &near } else { &same };
    let new = *numbers.pick(from)? as u8;
    set_opcode(code, at, new)
}

fn any_opcode(code: &mut Code, places: &[Place], numbers: &mut Numbers) -> Option<String> {
    let &(at, _) = numbers.pick(places)?;
    set_opcode(code, at, numbers.draw() as u8)
}

/// The places whose opcode has one of the formats.
fn with_format(code: &Code, places: &[Place], formats: &[Format]) -> Vec<Place> {
    let fits = |&&(at, _): &&Place| {
        let opcode = code.code.get(at).and_then(|&number| Opcode::from_u8(number));
        opcode.is_some_and(|opcode| formats.contains(&opcode.format()))
    };
    places.iter().filter(fits).copied().collect()
}

fn pool_operand(
    code: &mut Code,
    places: &[Place],
    tags: &[Option<u8>],
    numbers: &mut Numbers,
) -> Option<String> {
    let wide = [Format::Pool16, Format::Interface, Format::Dynamic, Format::MultiArray, Format::Pool8];
    let &(at, _) = numbers.pick(&with_format(code, places, &wide))?;
    let short = *code.code.get(at)? == Opcode::Ldc as u8;
    let old = if short { u16::from(*code.code.get(at + 1)?) } else { read16(code, at + 1)? };
    let alike: Vec<u16> = (0..tags.len() as u16)
        .filter(|&index| index != old && tags.get(usize::from(index)) == tags.get(usize::from(old)))
        .collect();
    let new = match numbers.below(10) {
        0..7 => *numbers.pick(&alike)?,
        7 | 8 => numbers.below(tags.len()) as u16,
        _ => numbers.instead_of(u32::from(old), 16) as u16,
    };
    if short {
        *code.code.get_mut(at + 1)? = new as u8;
    } else {
        write16(code, at + 1, new)?;
    }
    Some(format!("@{at} {} #{old} becomes #{new}", name(*code.code.get(at)?)))
}

fn local_operand(code: &mut Code, places: &[Place], numbers: &mut Numbers) -> Option<String> {
    let &(at, _) = numbers.pick(&with_format(code, places, &[Format::Local8, Format::Increment]))?;
    let locals = usize::from(code.max_locals);
    let old = *code.code.get(at + 1)?;
    let new = match numbers.below(3) {
        0 => numbers.instead_of(u32::from(old), 8) as u8,
        _ => numbers.below(locals + 1) as u8,
    };
    *code.code.get_mut(at + 1)? = new;
    Some(format!("@{at} {} {old} becomes {new}", name(*code.code.get(at)?)))
}

fn branch(code: &mut Code, places: &[Place], numbers: &mut Numbers) -> Option<String> {
    let switches = [Format::TableSwitch, Format::LookupSwitch];
    let formats: &[Format] = if numbers.chance(25) { &switches } else { &[Format::Branch16] };
    let &(at, len) = numbers.pick(&with_format(code, places, formats))?;
    let (target, _) = *numbers.pick(places)?;
    let target = if numbers.chance(15) { target + 1 } else { target };
    let distance = target as i64 - at as i64;
    if len == 3 {
        write16(code, at + 1, distance as u16)?;
    } else {
        let words = (len - 1) / 4;
        let word = ((at + 4) & !3) + 4 * numbers.below(words);
        let value = if numbers.chance(70) { distance as i32 } else { numbers.instead_of(0, 32) as i32 };
        code.code.get_mut(word..word + 4)?.copy_from_slice(&value.to_be_bytes());
    }
    Some(format!("@{at} {} goes to {target}", name(*code.code.get(at)?)))
}

fn operand_byte(code: &mut Code, places: &[Place], numbers: &mut Numbers) -> Option<String> {
    let longer: Vec<Place> = places.iter().copied().filter(|place| place.1 > 1).collect();
    let &(at, len) = numbers.pick(&longer)?;
    let byte = at + 1 + numbers.below(len - 1);
    let place = code.code.get_mut(byte)?;
    *place = numbers.instead_of(u32::from(*place), 8) as u8;
    Some(format!("@{at} {}: byte {} becomes {}", name(*code.code.get(at)?), byte - at, code.code.get(byte)?))
}

fn blank(code: &mut Code, places: &[Place], numbers: &mut Numbers) -> Option<String> {
    let &(at, len) = numbers.pick(places)?;
    let old = *code.code.get(at)?;
    code.code.get_mut(at..at + len)?.fill(Opcode::Nop as u8);
    Some(format!("@{at} {} becomes nops", name(old)))
}

fn swap(code: &mut Code, places: &[Place], numbers: &mut Numbers) -> Option<String> {
    let first = numbers.below(places.len().checked_sub(1)?);
    let (&(at, left), &(_, right)) = (places.get(first)?, places.get(first + 1)?);
    code.code.get_mut(at..at + left + right)?.rotate_left(left);
    Some(format!("@{at} two instructions swapped"))
}

/// The bytes of an instruction over those of another of the same length.
fn copy(code: &mut Code, places: &[Place], numbers: &mut Numbers) -> Option<String> {
    let &(from, len) = numbers.pick(places)?;
    let same: Vec<Place> = places.iter().copied().filter(|place| place.1 == len).collect();
    let &(to, _) = numbers.pick(&same)?;
    if to == from {
        return None;
    }
    code.code.copy_within(from..from + len, to);
    Some(format!("@{to} becomes what stands @{from}"))
}

fn limits(code: &mut Code, numbers: &mut Numbers) -> Option<String> {
    let what = if numbers.chance(50) { "max_stack" } else { "max_locals" };
    let limit = if what == "max_stack" { &mut code.max_stack } else { &mut code.max_locals };
    *limit = match numbers.below(6) {
        0..3 => limit.wrapping_sub(1),
        3 => limit.wrapping_add(1),
        4 => 0,
        _ => numbers.draw() as u16,
    };
    Some(format!("{what} becomes {limit}"))
}

fn handler(code: &mut Code, places: &[Place], numbers: &mut Numbers) -> Option<String> {
    let bci = |numbers: &mut Numbers| {
        let (at, len) = numbers.pick(places).copied().unwrap_or_default();
        if numbers.chance(15) { at + len } else { at }
    };
    let Some(place) = numbers.place(&code.handlers).filter(|_| numbers.chance(85)) else {
        let added = [bci(numbers) as u16, bci(numbers) as u16, bci(numbers) as u16, 0];
        code.handlers.push(added);
        return Some(format!("handler {added:?} added"));
    };
    let what = match numbers.below(8) {
        0 => {
            code.handlers.remove(place);
            "removed"
        }
        1 => {
            let again = *code.handlers.get(place)?;
            let to = numbers.below(code.handlers.len() + 1);
            code.handlers.insert(to, again);
            "repeated"
        }
        2 => {
            code.handlers.reverse();
            "and the others reversed"
        }
        part @ 3..7 => {
            let value = code.handlers.get_mut(place)?.get_mut(part - 3)?;
            let code_place = part < 6 && numbers.chance(70);
            *value = if code_place {
                bci(numbers) as u16
            } else {
                numbers.instead_of(u32::from(*value), 16) as u16
            };
            "changed"
        }
        _ => {
            let start = bci(numbers) as u16;
            *code.handlers.get_mut(place)? = [start, bci(numbers) as u16, start, 0];
            "covers itself"
        }
    };
    Some(format!("handler {place} {what}: {:?}", code.handlers))
}

fn end(code: &mut Code, places: &[Place], numbers: &mut Numbers) -> Option<String> {
    if numbers.chance(60) {
        let &(at, _) = places.last()?;
        code.code.truncate(at);
        return Some(format!("cut @{at}"));
    }
    let new = numbers.draw() as u8;
    code.code.push(new);
    Some(format!("{} added at the end", name(new)))
}

fn read16(code: &Code, at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(code.code.get(at..at + 2)?.try_into().ok()?))
}

fn write16(code: &mut Code, at: usize, value: u16) -> Option<()> {
    code.code.get_mut(at..at + 2)?.copy_from_slice(&value.to_be_bytes());
    Some(())
}

/// One change somewhere in some method's frames.
pub(crate) fn change_frames(class: &mut Class, numbers: &mut Numbers) -> Option<String> {
    let classes = class.with_tag(tag::CLASS);
    let mut codes = class.codes();
    codes.retain_mut(|(_, code)| code.frames().is_some_and(|frames| !frames.is_empty()));
    let chosen = numbers.place(&codes)?;
    let (method, code) = codes.get_mut(chosen)?;
    let news: Vec<u16> = instructions(&code.code)
        .map_while(Result::ok)
        .filter(|instr| instr.opcode == Opcode::New)
        .map(|instr| instr.bci as u16)
        .collect();
    let frames = code.frames()?;
    let place = numbers.place(frames)?;
    let what = change_frame(frames, place, &classes, &news, numbers)?;
    Some(format!("method {method}: frame {place} {what}"))
}

fn change_frame(
    frames: &mut Vec<Frame>,
    place: usize,
    classes: &[u16],
    news: &[u16],
    numbers: &mut Numbers,
) -> Option<String> {
    let frame = frames.get_mut(place)?;
    Some(match numbers.below(20) {
        0 => {
            frames.remove(place);
            "removed".into()
        }
        1 => {
            let again = frame.clone();
            frames.insert(place, again);
            "repeated".into()
        }
        2 => {
            frames.swap(place, place.checked_sub(1)?);
            "swapped with the one before".into()
        }
        3..6 => {
            let distance = match numbers.below(3) {
                0 => numbers.below(64) as u16,
                _ => numbers.instead_of(u32::from(frame.distance()), 16) as u16,
            };
            frame.set_distance(distance);
            format!("at distance {distance}")
        }
        6..9 => {
            frame.kind = match numbers.below(4) {
                0 => numbers.draw() as u8,
                1 => 248 + numbers.below(8) as u8,
                2 => frame.kind ^ 64,
                _ => numbers.instead_of(u32::from(frame.kind), 8) as u8,
            };
            // What the new kind demands, so that what follows is not read out of step.
            frame.stack.resize(
                usize::from(matches!(frame.kind, 64..=127 | 247)).max(frame.stack.len()),
                Type { tag: 1, operand: 0 },
            );
            if let 252..=254 = frame.kind {
                frame.locals.resize(usize::from(frame.kind - 251), Type { tag: 1, operand: 0 });
            }
            if frame.kind < 255 {
                frame.stack.truncate(usize::from(matches!(frame.kind, 64..=127 | 247)));
            }
            format!("becomes of kind {}", frame.kind)
        }
        9..11 => {
            let new = any_type(classes, news, numbers)?;
            let list = if numbers.chance(50) { &mut frame.locals } else { &mut frame.stack };
            let to = numbers.below(list.len() + 1);
            list.insert(to, new);
            fit(frame);
            format!("gets a {new:?}")
        }
        11..13 => {
            let list = if numbers.chance(50) || frame.stack.is_empty() {
                &mut frame.locals
            } else {
                &mut frame.stack
            };
            let gone = list.remove(numbers.place(list)?);
            fit(frame);
            format!("loses a {gone:?}")
        }
        _ => {
            let mut all: Vec<&mut Type> = frame.locals.iter_mut().chain(&mut frame.stack).collect();
            let chosen = numbers.place(&all)?;
            let ty = all.get_mut(chosen)?;
            let new = any_type(classes, news, numbers)?;
            let old = std::mem::replace(*ty, new);
            format!("{old:?} becomes {new:?}")
        }
    })
}

/// Makes the kind suit the number of types, if it says a number.
fn fit(frame: &mut Frame) {
    let stack = frame.stack.len();
    frame.kind = match (frame.kind, frame.locals.len()) {
        (252..=254, more @ 1..=3) if stack == 0 => 251 + more as u8,
        (_, 0) if stack == 0 => {
            frame.delta = frame.distance();
            251
        }
        _ => {
            frame.delta = frame.distance();
            255
        }
    };
}

fn any_type(classes: &[u16], news: &[u16], numbers: &mut Numbers) -> Option<Type> {
    Some(match numbers.below(20) {
        0..9 => Type { tag: numbers.below(7) as u8, operand: 0 },
        9..16 => Type { tag: 7, operand: *numbers.pick(classes)? },
        16..18 => Type { tag: 8, operand: *numbers.pick(news)? },
        18 => Type { tag: 7 + numbers.below(2) as u8, operand: numbers.below(64) as u16 },
        _ => Type { tag: numbers.draw() as u8, operand: 0 },
    })
}
