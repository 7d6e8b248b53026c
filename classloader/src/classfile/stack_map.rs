//! Reading a StackMapTable attribute piece by piece (JVMS 4.7.4).
//!
//! Who reads decides what the pieces mean: the type checker makes types of them, the reference maps bits, messages text. So
//! this only knows the layout: after [`Reader::header`] come as many [`Reader::item`]s as its [`Form`] says.
//!
//! Invariant: reading never goes beyond the attribute, and an error is final for whoever gets it. Deliberately absent:
//! whether indices and offsets mean anything.

/// One `verification_type_info`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    Top,
    Int,
    Float,
    Double,
    Long,
    Null,
    UninitThis,
    /// The index of a class constant.
    Object(u16),
    /// The `bci` of a `new`.
    Uninit(u16),
}

/// What a frame says, besides where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The locals of the frame before, an empty stack.
    Same,
    /// The locals of the frame before; one item follows for the stack.
    OneOnStack,
    /// The locals of the frame before without the last so many.
    Chop(u8),
    /// The locals of the frame before and so many items that follow.
    Append(u8),
    /// A count and items for the locals, a count and items for the stack.
    Full,
}

/// The start of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The byte that tells the form.
    pub kind: u8,
    pub form: Form,
    /// Distance from the frame before; one less than it is, but for the first frame.
    pub delta: u16,
}

/// Why there is no next piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameError {
    Truncated,
    ReservedForm(u8),
    BadItem(u8),
}

/// Takes an attribute's contents apart.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Starts in front of the number of frames.
    pub fn new(contents: &'a [u8]) -> Reader<'a> {
        Reader { rest: contents }
    }

    pub fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// How many bytes have not been read.
    pub fn left(&self) -> usize {
        self.rest.len()
    }

    /// The number of frames, or of the items of a full frame.
    pub fn count(&mut self) -> Result<u16, FrameError> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or(FrameError::Truncated)?;
        self.rest = rest;
        Ok(u16::from_be_bytes(*bytes))
    }

    fn u8(&mut self) -> Result<u8, FrameError> {
        let (&byte, rest) = self.rest.split_first().ok_or(FrameError::Truncated)?;
        self.rest = rest;
        Ok(byte)
    }

    /// The start of the next frame.
    pub fn header(&mut self) -> Result<Header, FrameError> {
        let kind = self.u8()?;
        let (form, delta) = match kind {
            0..64 => (Form::Same, u16::from(kind)),
            64..128 => (Form::OneOnStack, u16::from(kind) - 64),
            128..247 => {
                self.count()?;
                return Err(FrameError::ReservedForm(kind));
            }
            247 => (Form::OneOnStack, self.count()?),
            248..251 => (Form::Chop(251 - kind), self.count()?),
            251 => (Form::Same, self.count()?),
            252..255 => (Form::Append(kind - 251), self.count()?),
            255 => (Form::Full, self.count()?),
        };
        Ok(Header { kind, form, delta })
    }

    /// The next type.
    pub fn item(&mut self) -> Result<Item, FrameError> {
        Ok(match self.u8()? {
            0 => Item::Top,
            1 => Item::Int,
            2 => Item::Float,
            3 => Item::Double,
            4 => Item::Long,
            5 => Item::Null,
            6 => Item::UninitThis,
            7 => Item::Object(self.count()?),
            8 => Item::Uninit(self.count()?),
            tag => return Err(FrameError::BadItem(tag)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces() {
        let bytes = [0, 3, 5, 70, 1, 255, 0, 9, 0, 1, 7, 1, 2, 0, 0];
        let mut reader = Reader::new(&bytes);
        assert_eq!(reader.count(), Ok(3));
        assert_eq!(reader.header(), Ok(Header { kind: 5, form: Form::Same, delta: 5 }));
        assert_eq!(reader.header(), Ok(Header { kind: 70, form: Form::OneOnStack, delta: 6 }));
        assert_eq!(reader.item(), Ok(Item::Int));
        assert_eq!(reader.header(), Ok(Header { kind: 255, form: Form::Full, delta: 9 }));
        assert_eq!((reader.count(), reader.item()), (Ok(1), Ok(Item::Object(258))));
        assert_eq!(reader.count(), Ok(0));
        assert!(reader.is_at_end());
        assert_eq!(reader.header(), Err(FrameError::Truncated));
        assert_eq!(Reader::new(&[130, 0, 0]).header(), Err(FrameError::ReservedForm(130)));
        assert_eq!(Reader::new(&[250, 0]).header(), Err(FrameError::Truncated));
        assert_eq!(Reader::new(&[9]).item(), Err(FrameError::BadItem(9)));
    }
}
