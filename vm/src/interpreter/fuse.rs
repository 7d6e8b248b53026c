//! Overlays frequent instruction sequences with fused operations.
//!
//! Only the first word of a sequence is replaced; the words behind it keep their own instructions, so a branch into the
//! middle finds what it expects, and a fused operation that fails sets the pc to the failing part's own word first.
//! So fusing needs no knowledge of blocks and may be done again whenever resolution has uncovered something new.

use std::sync::atomic::{AtomicU64, Ordering};

use super::quick::{Quick, a_of, b_of, encode, halves, sb_of};

/// Fuses what can be fused in a whole method.
pub fn fuse_all(words: &[AtomicU64]) {
    let mut at = 0;
    while at < words.len() {
        fuse_at(words, at);
        at += length(words, at);
    }
}

/// Fuses again at a word whose successor has just been resolved.
pub fn refuse_at(words: &[AtomicU64], at: usize) {
    // A word that is fused already stays: its second part is no longer visible from here.
    fuse_at(words, at);
}

/// Words of the instruction at `at`, switches and fused forms included (a fused word keeps the length of its first part).
fn length(words: &[AtomicU64], at: usize) -> usize {
    let word = words[at].load(Ordering::Relaxed);
    match Quick::from_word(word) {
        Quick::TableSwitch => {
            let bounds = words.get(at + 1).map_or(0, |w| w.load(Ordering::Relaxed));
            let entries = ((bounds >> 32) as i32 as i64 - bounds as i32 as i64 + 1).max(0) as usize;
            3 + entries
        }
        Quick::LookupSwitch => 2 + b_of(word) as usize,
        other => other.words().max(1),
    }
}

/// Tries to fuse the sequence that begins at word `at`.
pub fn fuse_at(words: &[AtomicU64], at: usize) {
    let load = |i: usize| words.get(at + i).map_or(0, |w| w.load(Ordering::Relaxed));
    let (w0, w1, w2, w3) = (load(0), load(1), load(2), load(3));
    let (q0, q1, q2, q3) =
        (Quick::from_word(w0), Quick::from_word(w1), Quick::from_word(w2), Quick::from_word(w3));
    let fused = match (q0, q1) {
        (Quick::Load, Quick::Load | Quick::LoadLoad) => {
            let (x, y) = (a_of(w0), a_of(w1));
            let pair = |op| Some(encode(op, x, halves(y as i16, 0)));
            match q2 {
                Quick::IAdd if q3 == Quick::Store => {
                    Some(encode(Quick::LLIAddStore, x, halves(y as i16, a_of(w3) as i16)))
                }
                Quick::IAdd => pair(Quick::LLIAdd),
                Quick::ISub => pair(Quick::LLISub),
                Quick::IMul => pair(Quick::LLIMul),
                Quick::ALoadInt => pair(Quick::LLALoadInt),
                Quick::ALoadRef => pair(Quick::LLALoadRef),
                Quick::ALoadByte => pair(Quick::LLALoadByte),
                Quick::ALoadChar => pair(Quick::LLALoadChar),
                q => match (compare_form(q, Form::LocalLocal), i16::try_from(sb_of(w2))) {
                    (Some(op), Ok(offset)) => Some(encode(op, x, halves(y as i16, offset))),
                    // A load followed by a pair that fuses better is left to the pair.
                    _ if begins_longer(w2) => None,
                    _ => pair(Quick::LoadLoad),
                },
            }
        }
        (Quick::Load, Quick::Const) => {
            let (x, c) = (a_of(w0), b_of(w1));
            let with = |op| Some(encode(op, x, c));
            match q2 {
                Quick::IAdd => with(Quick::LCIAdd),
                Quick::ISub => with(Quick::LCISub),
                Quick::IMul => with(Quick::LCIMul),
                Quick::IAnd => with(Quick::LCIAnd),
                Quick::IShl => with(Quick::LCIShl),
                Quick::IShr => with(Quick::LCIShr),
                q => match (
                    compare_form(q, Form::LocalConst),
                    i16::try_from(c as i32),
                    i16::try_from(sb_of(w2)),
                ) {
                    (Some(op), Ok(c), Ok(offset)) => Some(encode(op, x, halves(c, offset))),
                    _ => None,
                },
            }
        }
        (Quick::Load, Quick::Get32) => Some(encode(Quick::LoadGet32, a_of(w0), b_of(w1))),
        (Quick::Load, Quick::Get64) => Some(encode(Quick::LoadGet64, a_of(w0), b_of(w1))),
        (Quick::Load, Quick::GetI8) => Some(encode(Quick::LoadGetI8, a_of(w0), b_of(w1))),
        (Quick::Load, Quick::GetU16) => Some(encode(Quick::LoadGetU16, a_of(w0), b_of(w1))),
        (Quick::Load, Quick::IAdd) => Some(encode(Quick::TLIAdd, a_of(w0), 0)),
        (Quick::Load, Quick::ISub) => Some(encode(Quick::TLISub, a_of(w0), 0)),
        (Quick::Load, Quick::IMul) => Some(encode(Quick::TLIMul, a_of(w0), 0)),
        (Quick::Load, Quick::IAnd) => Some(encode(Quick::TLIAnd, a_of(w0), 0)),
        (Quick::Load, Quick::Return1) => Some(encode(Quick::ReturnLocal, a_of(w0), 0)),
        (Quick::Load, Quick::Store) => Some(encode(Quick::Move, a_of(w1), a_of(w0) as i16 as i32 as u32)),
        (Quick::Load, q) => match (compare_form(q, Form::TopLocal), compare_form(q, Form::LocalZero)) {
            (Some(op), _) | (None, Some(op)) => Some(encode(op, a_of(w0), b_of(w1))),
            (None, None) => None,
        },
        (Quick::Const, Quick::Store) => Some(encode(Quick::SetConst, a_of(w1), b_of(w0))),
        (Quick::Const, Quick::Return1) => Some(encode(Quick::ReturnConst, 0, b_of(w0))),
        (Quick::Const, Quick::IAdd) => Some(encode(Quick::TCIAdd, 0, b_of(w0))),
        (Quick::Const, Quick::ISub) => Some(encode(Quick::TCISub, 0, b_of(w0))),
        (Quick::Const, Quick::IMul) => Some(encode(Quick::TCIMul, 0, b_of(w0))),
        // TCIAnd also stands alone (narrowing a boolean result), so it carries how many further words it covers.
        (Quick::Const, Quick::IAnd) => Some(encode(Quick::TCIAnd, 1, b_of(w0))),
        (Quick::Const, Quick::IShl) => Some(encode(Quick::TCIShl, 0, b_of(w0))),
        (Quick::Const, Quick::IShr) => Some(encode(Quick::TCIShr, 0, b_of(w0))),
        (Quick::Const, Quick::IUshr) => Some(encode(Quick::TCIUshr, 0, b_of(w0))),
        (Quick::Const, q) => match (compare_form(q, Form::TopConst), i16::try_from(sb_of(w0))) {
            (Some(op), Ok(c)) => Some(encode(op, c as u16, b_of(w1))),
            _ => None,
        },
        (Quick::IInc, Quick::GotoBack) => match (i16::try_from(sb_of(w0)), i16::try_from(sb_of(w1))) {
            (Ok(delta), Ok(offset)) => Some(encode(Quick::IIncGotoBack, a_of(w0), halves(delta, offset))),
            _ => None,
        },
        (Quick::Load2, Quick::Load2) => Some(encode(Quick::Load2Load2, a_of(w0), halves(a_of(w1) as i16, 0))),
        (Quick::Load2, Quick::DAdd) => Some(encode(Quick::TLDAdd, a_of(w0), 0)),
        (Quick::Load2, Quick::DSub) => Some(encode(Quick::TLDSub, a_of(w0), 0)),
        (Quick::Load2, Quick::DMul) => Some(encode(Quick::TLDMul, a_of(w0), 0)),
        (Quick::Load2, Quick::LAdd) => Some(encode(Quick::TLLAdd, a_of(w0), 0)),
        (Quick::Store, Quick::Load) if !begins_longer(w2) => {
            Some(encode(Quick::StoreLoad, a_of(w0), a_of(w1) as i16 as i32 as u32))
        }
        _ => None,
    };
    if let Some(word) = fused {
        words[at].store(word, Ordering::Release);
    }
}

/// Whether a load followed by `next` begins a fused sequence of its own.
fn begins_longer(next: u64) -> bool {
    let q2 = Quick::from_word(next);
    matches!(
        q2,
        Quick::Get32
            | Quick::Get64
            | Quick::GetI8
            | Quick::GetU16
            | Quick::GetFieldUnresolved
            | Quick::Const
            | Quick::IAdd
            | Quick::ISub
            | Quick::IMul
            | Quick::IAnd
            | Quick::Return1
            | Quick::Store
            | Quick::Load
            | Quick::LoadLoad
    ) || compare_form(q2, Form::LocalZero).is_some()
        || compare_form(q2, Form::TopLocal).is_some()
}

#[derive(Clone, Copy)]
enum Form {
    LocalLocal,
    LocalConst,
    TopLocal,
    TopConst,
    LocalZero,
}

/// The fused form of a forward compare-and-branch. Backward ones are left alone: they poll.
fn compare_form(branch: Quick, form: Form) -> Option<Quick> {
    use Quick::*;
    let row = match branch {
        IfICmpEq => [LLIfEq, LCIfEq, TLIfEq, TCIfEq],
        IfICmpNe => [LLIfNe, LCIfNe, TLIfNe, TCIfNe],
        IfICmpLt => [LLIfLt, LCIfLt, TLIfLt, TCIfLt],
        IfICmpGe => [LLIfGe, LCIfGe, TLIfGe, TCIfGe],
        IfICmpGt => [LLIfGt, LCIfGt, TLIfGt, TCIfGt],
        IfICmpLe => [LLIfLe, LCIfLe, TLIfLe, TCIfLe],
        IfEq if matches!(form, Form::LocalZero) => return Some(LIfEq),
        IfNe if matches!(form, Form::LocalZero) => return Some(LIfNe),
        IfLt if matches!(form, Form::LocalZero) => return Some(LIfLt),
        IfGe if matches!(form, Form::LocalZero) => return Some(LIfGe),
        IfGt if matches!(form, Form::LocalZero) => return Some(LIfGt),
        IfLe if matches!(form, Form::LocalZero) => return Some(LIfLe),
        _ => return None,
    };
    match form {
        Form::LocalLocal => Some(row[0]),
        Form::LocalConst => Some(row[1]),
        Form::TopLocal => Some(row[2]),
        Form::TopConst => Some(row[3]),
        Form::LocalZero => None,
    }
}

/// The constant operand of an `LC` compare.
#[cfg(test)]
fn constant_of(word: u64) -> i16 {
    super::quick::b_low(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fused(words: &[u64]) -> Quick {
        let words: Vec<AtomicU64> = words.iter().map(|w| AtomicU64::new(*w)).collect();
        fuse_at(&words, 0);
        Quick::from_word(words[0].load(Ordering::Relaxed))
    }

    #[test]
    fn only_the_first_word_changes() {
        let words: Vec<AtomicU64> =
            [encode(Quick::Load, 1, 0), encode(Quick::Load, 2, 0), encode(Quick::IAdd, 0, 0)]
                .into_iter()
                .map(AtomicU64::new)
                .collect();
        fuse_all(&words);
        assert_eq!(Quick::from_word(words[0].load(Ordering::Relaxed)), Quick::LLIAdd);
        assert_eq!(Quick::from_word(words[2].load(Ordering::Relaxed)), Quick::IAdd);
    }

    #[test]
    fn compares_keep_their_target() {
        let word = encode(Quick::IfICmpLt, 0, 7);
        assert_eq!(fused(&[encode(Quick::Load, 1, 0), encode(Quick::Const, 0, 5), word]), Quick::LCIfLt);
        assert_eq!(fused(&[encode(Quick::Load, 1, 0), encode(Quick::Const, 0, 70_000), word]), Quick::Load);
        assert_eq!(constant_of(encode(Quick::LCIfLt, 0, halves(-5, 7))), -5);
    }
}
