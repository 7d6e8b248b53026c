//! StackMapTable as a test states it: each frame in the form that is written, its delta from the frame before.
//!
//! Invariant: deltas are computed modulo 65536 in the order of the text, so frames that stand in a wrong order give a wrong
//! table, as they should. Deliberately not here: any idea of which frames a method needs.

use super::code::Labels;
use super::pool::Pool;
use super::{Result, hex, number, u2};

#[derive(Debug)]
pub(super) struct Frame {
    pub(super) at: Place,
    pub(super) form: String,
}

#[derive(Debug)]
pub(super) enum Place {
    Bci(i64),
    Target(String),
}

/// The attribute's content: the count and the frames.
pub(super) fn table(
    frames: &[Frame],
    count: Option<i64>,
    labels: &Labels,
    pool: &mut Pool,
) -> Result<Vec<u8>> {
    let mut bytes = u2(count.unwrap_or(frames.len() as i64)).to_vec();
    let mut previous = None;
    for frame in frames {
        let bci = match &frame.at {
            Place::Bci(bci) => *bci,
            Place::Target(target) => labels.find(target)?,
        };
        let delta = previous.map_or(bci, |previous: i64| bci - previous - 1);
        previous = Some(bci);
        write(&mut bytes, &frame.form, delta, labels, pool)?;
    }
    Ok(bytes)
}

fn write(bytes: &mut Vec<u8>, form: &str, delta: i64, labels: &Labels, pool: &mut Pool) -> Result<()> {
    let (kind, rest) = form.split_once(' ').unwrap_or((form, ""));
    let short = (0..64).contains(&delta);
    let mut types = |text: &str| -> Result<Vec<Vec<u8>>> {
        text.split_whitespace().map(|name| verification_type(name, labels, pool)).collect()
    };
    match kind {
        "same" if short => bytes.push(delta as u8),
        "same" | "same_extended" => {
            bytes.push(251);
            bytes.extend(u2(delta));
        }
        "same1" | "same1_extended" => {
            if kind == "same1" && short {
                bytes.push(64 + delta as u8);
            } else {
                bytes.push(247);
                bytes.extend(u2(delta));
            }
            bytes.extend(types(rest)?.concat());
        }
        "chop" => {
            bytes.push((251 - number(rest)?) as u8);
            bytes.extend(u2(delta));
        }
        "append" => {
            let types = types(rest)?;
            bytes.push(251 + types.len() as u8);
            bytes.extend(u2(delta));
            bytes.extend(types.concat());
        }
        "full" => {
            bytes.push(255);
            bytes.extend(u2(delta));
            // Array classes start with a bracket too, so the outer ones stand apart.
            let inner = rest.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
            let (locals, stack) =
                inner.and_then(|inner| inner.split_once("] [")).ok_or("not [locals] [stack]")?;
            for list in [locals, stack] {
                let types = types(list)?;
                bytes.extend(u2(types.len() as i64));
                bytes.extend(types.concat());
            }
        }
        "raw" => bytes.extend(hex(rest.trim())?),
        _ => return Err(format!("{kind} is no form of frame")),
    }
    Ok(())
}

fn verification_type(name: &str, labels: &Labels, pool: &mut Pool) -> Result<Vec<u8>> {
    const SIMPLE: &[&str] = &["top", "int", "float", "double", "long", "null", "this"];
    if let Some(tag) = SIMPLE.iter().position(|simple| *simple == name) {
        return Ok(vec![tag as u8]);
    }
    if let Some(raw) = name.strip_prefix("raw:") {
        return hex(raw);
    }
    let (tag, value) = match (name.strip_prefix("uninit:"), name.strip_prefix("obj:")) {
        (Some(target), _) => (8, labels.find(target)? as u16),
        (_, Some(constant)) => (7, pool.constant(constant, None)?),
        (None, None) => (7, pool.class(name)?),
    };
    Ok([&[tag][..], &value.to_be_bytes()].concat())
}
