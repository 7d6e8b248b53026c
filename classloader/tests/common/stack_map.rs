//! The `StackMapTable` that a compiler wrote, as slots that hold references: what reference maps are compared
//! with.

use carafe_classloader::bytecode::Kind;

/// A frame: which slots hold references.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) bci: u32,
    pub(crate) locals: Vec<bool>,
    pub(crate) stack: Vec<bool>,
}

/// The frames of a table in a method with these arguments.
pub(crate) fn frames(bytes: &[u8], arguments: &[Kind]) -> Vec<Frame> {
    let mut reader = Reader { bytes, at: 0 };
    // Values, not slots: a frame that chops locals counts a long as one.
    let slots = |kind: &Kind| vec![*kind == Kind::Ref; kind.slots() as usize];
    let mut values: Vec<Vec<bool>> = arguments.iter().map(slots).collect();
    let mut bci = None;
    let mut frames = Vec::new();
    for _ in 0..reader.u16() {
        let kind = reader.u8();
        let delta = match kind {
            0..=127 => u32::from(kind) % 64,
            _ => u32::from(reader.u16()),
        };
        let mut stack = Vec::new();
        match kind {
            0..=63 | 251 => {}
            64..=127 | 247 => stack = reader.value(),
            248..=250 => values.truncate(values.len() - usize::from(251 - kind)),
            252..=254 => (0..kind - 251).for_each(|_| values.push(reader.value())),
            255 => {
                let count = reader.u16();
                values = (0..count).map(|_| reader.value()).collect();
                let count = reader.u16();
                stack = (0..count).flat_map(|_| reader.value()).collect();
            }
            _ => panic!("frame of type {kind}"),
        }
        let at = bci.map_or(delta, |bci: u32| bci + delta + 1);
        bci = Some(at);
        frames.push(Frame { bci: at, locals: values.concat(), stack });
    }
    frames
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn u8(&mut self) -> u8 {
        self.at += 1;
        self.bytes[self.at - 1]
    }

    fn u16(&mut self) -> u16 {
        u16::from_be_bytes([self.u8(), self.u8()])
    }

    /// The slots of one value: is it a reference?
    fn value(&mut self) -> Vec<bool> {
        match self.u8() {
            0..=2 => vec![false],
            3 | 4 => vec![false; 2],
            5 | 6 => vec![true],
            7 | 8 => {
                self.u16();
                vec![true]
            }
            tag => panic!("verification type {tag}"),
        }
    }
}
