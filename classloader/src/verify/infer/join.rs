//! What is known where paths meet (JVMS 4.10.2.2): types and frames joined.
//!
//! Two classes join to their first common superclass, interfaces to Object, because they take any object when they are used.
//! Arrays join element by element as deep as both go.
//!
//! Invariant: a joined frame knows no more than either, and a join that changes nothing says so, so that the analysis ends.
//! A class type means the class that the verified class gets by that name: a superclass that another loader gave is passed
//! over for the next one above it. Deliberately absent: who joins what when.

use carafe_gc::metaspace::ClassId;
use hashbrown::HashMap;

use super::frame::{Frame, Reason};
use super::subroutines::Chains;
use super::{Step, Stop};
use crate::classfile::descriptor::FieldType;
use crate::link::LinkHost;
use crate::symbols::Symbol;
use crate::verify::context::{Context, Fail, Outcome};
use crate::verify::types::VType;

/// Answers given so far, by the older and the newer type.
#[derive(Default)]
pub(super) struct Joins(HashMap<(VType, VType), VType>);

impl Joins {
    /// What a slot holds that held `old` on one path and `new` on the other.
    fn join<H: LinkHost>(&mut self, cx: &mut Context<'_, H>, old: VType, new: VType) -> Outcome<VType, H> {
        if old == new {
            return Ok(old);
        }
        if !old.is_reference() || !new.is_reference() {
            return Ok(VType::TOP);
        }
        if old == VType::NULL || new == VType::NULL {
            return Ok(if old == VType::NULL { new } else { old });
        }
        if let Some(&known) = self.0.get(&(old, new)) {
            return Ok(known);
        }
        cx.spend(4)?;
        let joined = join_references(cx, old, new)?;
        self.0.insert((old, new), joined);
        Ok(joined)
    }

    /// Joins `new` into `old`; answers whether `old` knows less than before.
    pub(super) fn frames<H: LinkHost>(
        &mut self,
        cx: &mut Context<'_, H>,
        chains: &mut Chains,
        old: &mut Frame,
        new: &Frame,
    ) -> Step<bool, H> {
        cx.spend_slots(old.slots() + new.slots())?;
        let mut changed = false;
        if old.stack.len() != new.stack.len() {
            let (new, old) = (new.stack.len(), old.stack.len());
            return Err(Stop::Reason(format!("Inconsistent stack height {new} != {old}").into()));
        }
        for (slot, &other) in old.stack.iter_mut().zip(&new.stack) {
            let joined = self.join(cx, *slot, other)?;
            if joined != *slot {
                if joined == VType::TOP {
                    return Err(Stop::Reason(Reason::from("Mismatched stack types")));
                }
                *slot = joined;
                changed = true;
            }
        }
        changed |= self.locals(cx, &mut old.locals, &new.locals)?;
        changed |= join_subroutines(cx, chains, old, new)?;
        changed |= old.constructed && !new.constructed;
        old.constructed &= new.constructed;
        Ok(changed)
    }

    fn locals<H: LinkHost>(
        &mut self,
        cx: &mut Context<'_, H>,
        old: &mut Vec<VType>,
        new: &[VType],
    ) -> Outcome<bool, H> {
        let before = old.len();
        let mut changed = false;
        old.truncate(new.len());
        for (slot, &other) in old.iter_mut().zip(new) {
            let joined = self.join(cx, *slot, other)?;
            changed |= joined != *slot;
            *slot = joined;
        }
        if changed || before != old.len() {
            let used = old.iter().rposition(|&slot| slot != VType::TOP).map_or(0, |last| last + 1);
            old.truncate(used);
        }
        Ok(changed || before != old.len())
    }
}

fn join_references<H: LinkHost>(cx: &mut Context<'_, H>, old: VType, new: VType) -> Outcome<VType, H> {
    let mut dimensions = dimensions(cx, old).min(dimensions(cx, new));
    let (old, new) = (strip(cx, old, dimensions)?, strip(cx, new, dimensions)?);
    let joined = match (old.name(), new.name()) {
        (Some(above), Some(other)) => join_elements(cx, (old, above), (new, other))?,
        // An array of primitives is no array of anything else, but an object.
        _ => {
            dimensions = dimensions.saturating_sub(1);
            cx.known.object
        }
    };
    wrap(cx, joined, dimensions)
}

/// How many dimensions an array type has, 0 for others.
fn dimensions<H: LinkHost>(cx: &Context<'_, H>, vtype: VType) -> usize {
    let descriptor = vtype.array_descriptor(cx.universe).unwrap_or_default();
    descriptor.iter().take_while(|&&byte| byte == b'[').count()
}

/// The elements of an array type so many dimensions down. Types on the way are not made: nobody may need them.
fn strip<H: LinkHost>(cx: &mut Context<'_, H>, array: VType, dimensions: usize) -> Outcome<VType, H> {
    if dimensions == 0 {
        return Ok(array);
    }
    let universe = cx.universe;
    let text = array.array_descriptor(universe).and_then(|text| text.get(dimensions..)).unwrap_or_default();
    cx.spend_slots(text.len())?;
    Ok(match FieldType::parse(text) {
        Some(FieldType::Primitive(prim)) => VType::element(prim),
        Some(FieldType::Class(name) | FieldType::Array(name)) => VType::named(universe.intern(name)?),
        None => VType::TOP,
    })
}

/// The array type with so many more dimensions than a class or array type.
fn wrap<H: LinkHost>(cx: &mut Context<'_, H>, element: VType, dimensions: usize) -> Outcome<VType, H> {
    let (universe, Some(name)) = (cx.universe, element.name()) else { return Ok(element) };
    if dimensions == 0 {
        return Ok(element);
    }
    let text = universe.text(name);
    cx.spend_slots(dimensions + text.len())?;
    let mut descriptor = vec![b'['; dimensions];
    match element.is_array(universe) {
        true => descriptor.extend(text),
        false => descriptor.extend([b"L", text, b";"].concat()),
    }
    Ok(VType::named(universe.intern(&descriptor)?))
}

/// Whether a slot that holds `from` may be used as `to`. An interface takes any object here; an array of interfaces takes
/// any array of objects with as many dimensions, where arrays of primitives count as objects. Deeper arrays are arrays of
/// `Object`, `Cloneable` and `Serializable` only.
pub(super) fn is_assignable<H: LinkHost>(
    cx: &mut Context<'_, H>,
    to: VType,
    from: VType,
) -> Outcome<bool, H> {
    let universe = cx.universe;
    if to == from || !from.is_array(universe) {
        return cx.is_assignable(to, from);
    }
    let common = dimensions(cx, to).min(dimensions(cx, from));
    let (to, from) = (strip(cx, to, common)?, strip(cx, from, common)?);
    match to.name() {
        Some(name) if from.is_array(universe) && to != cx.known.object => {
            let primitives = from.array_descriptor(universe).is_some_and(|text| text.len() == 2);
            if !primitives {
                return cx.is_assignable(to, from);
            }
            let class = cx.load(name)?;
            Ok(universe.class(class).is_interface())
        }
        Some(_) if from.name().is_some() => cx.is_assignable(to, from),
        _ => Ok(to == from),
    }
}

/// Joins two classes, or a class and an array.
fn join_elements<H: LinkHost>(
    cx: &mut Context<'_, H>,
    (old, above): (VType, Symbol),
    (new, other): (VType, Symbol),
) -> Outcome<VType, H> {
    let (universe, object) = (cx.universe, cx.known.object);
    if old == new {
        return Ok(old);
    }
    // The order in which classes are asked for is that of the reference machine: not all of them need exist.
    // What is under arrays of different depths is not looked at.
    if old == object || old.is_array(universe) || new.is_array(universe) {
        return Ok(object);
    }
    let first = cx.load(above)?;
    if universe.class(first).is_interface() || new == object {
        return Ok(object);
    }
    let second = cx.load(other)?;
    if universe.class(second).is_interface() {
        return Ok(object);
    }
    common_superclass(cx, first, second)
}

fn common_superclass<H: LinkHost>(
    cx: &mut Context<'_, H>,
    mut first: ClassId,
    mut second: ClassId,
) -> Outcome<VType, H> {
    let universe = cx.universe;
    loop {
        cx.spend(1)?;
        let (one, other) = (universe.class(first), universe.class(second));
        if first == second {
            if is_known_by_name(cx, first)? {
                return Ok(VType::named(one.name));
            }
            (first, second) = (one.super_class, one.super_class);
        } else if one.depth >= other.depth {
            first = one.super_class;
        } else {
            second = other.super_class;
        }
        if first.is_none() || second.is_none() {
            return Ok(cx.known.object);
        }
    }
}

/// Whether the verified class gets this class by its name.
fn is_known_by_name<H: LinkHost>(cx: &mut Context<'_, H>, class: ClassId) -> Outcome<bool, H> {
    let record = cx.universe.class(class);
    if record.super_class.is_none() || record.loader == cx.class.loader {
        return Ok(true);
    }
    match cx.load(record.name) {
        Ok(found) => Ok(found == class),
        Err(Fail::Refused(_)) => Ok(false),
        Err(Fail::Host(error)) => {
            cx.host.absorb(error).map_err(Fail::Host)?;
            Ok(false)
        }
    }
}

/// Joins chains of subroutines, and which locals were stored to in them.
fn join_subroutines<H: LinkHost>(
    cx: &mut Context<'_, H>,
    chains: &mut Chains,
    old: &mut Frame,
    new: &Frame,
) -> Step<bool, H> {
    if old.chain == new.chain {
        return Ok(raise_levels(&mut old.levels, new.levels.iter().copied()));
    }
    cx.spend(u64::from(old.chain.depth()) + u64::from(new.chain.depth()))?;
    let before = chains.len();
    let common = chains.common(old.chain, new.chain);
    cx.spend(16 * (chains.len() - before) as u64)?;
    let remaining = |kept: &[u16], level: u16| kept.get(usize::from(level)).copied().unwrap_or(0);
    let mut changed = old.chain != common.chain;
    if changed {
        for level in &mut old.levels {
            *level = remaining(&common.kept_old, *level);
        }
        old.chain = common.chain;
    }
    let others = new.levels.iter().map(|&level| remaining(&common.kept_new, level));
    changed |= raise_levels(&mut old.levels, others);
    Ok(changed)
}

/// Makes each level at least the other one; answers whether one rose.
fn raise_levels(levels: &mut Vec<u16>, others: impl ExactSizeIterator<Item = u16>) -> bool {
    if levels.len() < others.len() {
        levels.resize(others.len(), 0);
    }
    let mut changed = false;
    for (level, other) in levels.iter_mut().zip(others) {
        changed |= other > *level;
        *level = other.max(*level);
    }
    changed
}
