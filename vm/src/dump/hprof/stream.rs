//! The outer form of an hprof file: records with tag, time and length, big-endian, and segments of heap sub-records.
//!
//! Invariant: a record's length is known before its first byte is written. Sub-records of the heap are gathered until a
//! segment is full; one that is larger than a segment gets a segment of its own and is not gathered. So memory is bounded
//! whatever the heap holds.

use std::io::{self, Write};

pub(super) mod tag {
    pub(in crate::dump::hprof) const UTF8: u8 = 0x01;
    pub(in crate::dump::hprof) const LOAD_CLASS: u8 = 0x02;
    pub(in crate::dump::hprof) const FRAME: u8 = 0x04;
    pub(in crate::dump::hprof) const TRACE: u8 = 0x05;
    pub(in crate::dump::hprof) const HEAP_DUMP_SEGMENT: u8 = 0x1c;
    pub(in crate::dump::hprof) const HEAP_DUMP_END: u8 = 0x2c;
}

pub(super) mod sub {
    pub(in crate::dump::hprof) const ROOT_JNI_GLOBAL: u8 = 0x01;
    pub(in crate::dump::hprof) const ROOT_JNI_LOCAL: u8 = 0x02;
    pub(in crate::dump::hprof) const ROOT_JAVA_FRAME: u8 = 0x03;
    pub(in crate::dump::hprof) const ROOT_STICKY_CLASS: u8 = 0x05;
    pub(in crate::dump::hprof) const ROOT_MONITOR_USED: u8 = 0x07;
    pub(in crate::dump::hprof) const ROOT_THREAD_OBJECT: u8 = 0x08;
    pub(in crate::dump::hprof) const CLASS_DUMP: u8 = 0x20;
    pub(in crate::dump::hprof) const INSTANCE_DUMP: u8 = 0x21;
    pub(in crate::dump::hprof) const OBJECT_ARRAY_DUMP: u8 = 0x22;
    pub(in crate::dump::hprof) const PRIMITIVE_ARRAY_DUMP: u8 = 0x23;
    pub(in crate::dump::hprof) const ROOT_UNKNOWN: u8 = 0xff;
}

/// Bytes of an identifier.
pub(super) const ID_BYTES: u64 = 8;
const SEGMENT_BYTES: u64 = 1 << 20;
const BUFFER_BYTES: usize = 64 << 10;

pub(super) struct Stream<'w> {
    out: io::BufWriter<&'w mut dyn Write>,
    written: u64,
    segment: Vec<u8>,
    /// What is still to come of a sub-record that is not gathered.
    direct: u64,
}

impl<'w> Stream<'w> {
    pub(super) fn new(out: &'w mut dyn Write, time_ms: u64) -> io::Result<Stream<'w>> {
        let out = io::BufWriter::with_capacity(BUFFER_BYTES, out);
        let mut stream = Stream { out, written: 0, segment: Vec::new(), direct: 0 };
        stream.write(b"JAVA PROFILE 1.0.2\0")?;
        stream.write(&(ID_BYTES as u32).to_be_bytes())?;
        stream.write(&time_ms.to_be_bytes())?;
        Ok(stream)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.written += bytes.len() as u64;
        self.out.write_all(bytes)
    }

    // ---- records -------------------------------------------------------------------------------------------------------

    pub(super) fn record(&mut self, tag: u8, parts: &[&[u8]]) -> io::Result<()> {
        self.begin(tag, parts.iter().map(|part| part.len() as u64).sum())?;
        parts.iter().try_for_each(|part| self.write(part))
    }

    /// The head of a record whose body follows in pieces.
    pub(super) fn begin(&mut self, tag: u8, bytes: u64) -> io::Result<()> {
        let bytes = u32::try_from(bytes).map_err(|_| io::Error::other("a record exceeds 4 GiB"))?;
        // Times within a dump say nothing: they are all its beginning.
        self.write(&[tag, 0, 0, 0, 0])?;
        self.write(&bytes.to_be_bytes())
    }

    pub(super) fn body(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write(bytes)
    }

    // ---- the heap --------------------------------------------------------------------------------------------------------

    /// Begins a sub-record of so many bytes, its tag included.
    pub(super) fn sub(&mut self, tag: u8, bytes: u64) -> io::Result<()> {
        debug_assert!(self.direct == 0, "the sub-record before is not complete");
        if self.segment.len() as u64 + bytes > SEGMENT_BYTES {
            self.end_segment()?;
        }
        if bytes > SEGMENT_BYTES {
            self.begin(tag::HEAP_DUMP_SEGMENT, bytes)?;
            self.direct = bytes;
        }
        self.u1(tag)
    }

    pub(super) fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.direct > 0 {
            self.direct -= bytes.len() as u64;
            return self.write(bytes);
        }
        self.segment.extend_from_slice(bytes);
        Ok(())
    }

    pub(super) fn u1(&mut self, value: u8) -> io::Result<()> {
        self.put(&[value])
    }

    pub(super) fn u2(&mut self, value: u16) -> io::Result<()> {
        self.put(&value.to_be_bytes())
    }

    pub(super) fn u4(&mut self, value: u32) -> io::Result<()> {
        self.put(&value.to_be_bytes())
    }

    pub(super) fn id(&mut self, value: u64) -> io::Result<()> {
        self.put(&value.to_be_bytes())
    }

    fn end_segment(&mut self) -> io::Result<()> {
        if self.segment.is_empty() {
            return Ok(());
        }
        let segment = std::mem::take(&mut self.segment);
        self.record(tag::HEAP_DUMP_SEGMENT, &[&segment])?;
        self.segment = segment;
        self.segment.clear();
        Ok(())
    }

    /// Ends the dump; answers how many bytes it has.
    pub(super) fn finish(mut self) -> io::Result<u64> {
        self.end_segment()?;
        self.record(tag::HEAP_DUMP_END, &[])?;
        self.out.flush()?;
        Ok(self.written)
    }
}
