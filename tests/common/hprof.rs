//! A strict reader of heap dumps, written from the format's description and sharing nothing with the writer.
//!
//! [`Dump::read`] refuses whatever the format does not allow: unknown tags, lengths that do not add up, names used before
//! they are told, identifiers told twice. [`Dump::check`] then follows every reference: classes, fields along the super
//! chain against the length of every instance, threads, frames, roots. Deliberately not here: records that no dump of the two
//! machines compared has (sites, samples, control).

use std::collections::{BTreeMap, HashMap, HashSet};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value {
    Object(u64),
    Boolean(bool),
    Char(u16),
    Float(f32),
    Double(f64),
    Byte(i8),
    Short(i16),
    Int(i32),
    Long(i64),
}

pub(crate) struct Class {
    pub(crate) id: u64,
    pub(crate) above: u64,
    pub(crate) loader: u64,
    pub(crate) instance_size: u32,
    /// Name and value.
    pub(crate) statics: Vec<(u64, Value)>,
    /// Name and type.
    pub(crate) fields: Vec<(u64, u8)>,
}

pub(crate) enum Object {
    Instance { class: u64, values: Vec<u8> },
    Objects { class: u64, elements: Vec<u64> },
    Primitives { kind: u8, elements: Vec<Value> },
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Root {
    Unknown,
    JniGlobal,
    /// Thread and frame.
    JniLocal(u32, u32),
    JavaFrame(u32, u32),
    NativeStack(u32),
    StickyClass,
    ThreadBlock(u32),
    MonitorUsed,
    /// Thread and trace.
    Thread(u32, u32),
}

pub(crate) struct Frame {
    pub(crate) method: String,
    pub(crate) file: Option<String>,
    pub(crate) class_serial: u32,
    pub(crate) line: i32,
}

#[derive(Default)]
pub(crate) struct Dump {
    strings: HashMap<u64, String>,
    /// Mirror and name, by serial number.
    loaded: HashMap<u32, (u64, String)>,
    names: HashMap<u64, String>,
    pub(crate) frames: HashMap<u64, Frame>,
    /// Thread and frames, by serial number.
    pub(crate) traces: HashMap<u32, (u32, Vec<u64>)>,
    pub(crate) classes: HashMap<u64, Class>,
    pub(crate) objects: HashMap<u64, Object>,
    pub(crate) roots: Vec<(u64, Root)>,
    /// Of what a root, an object or a class says about its trace.
    named_traces: HashSet<u32>,
    segments: usize,
    ended: bool,
}

type Read<T> = Result<T, String>;

struct Cursor<'b> {
    rest: &'b [u8],
}

impl<'b> Cursor<'b> {
    fn take(&mut self, n: usize) -> Read<&'b [u8]> {
        if n > self.rest.len() {
            return Err(format!("{n} bytes wanted, {} left", self.rest.len()));
        }
        let (taken, rest) = self.rest.split_at(n);
        self.rest = rest;
        Ok(taken)
    }

    fn number(&mut self, bytes: usize) -> Read<u64> {
        Ok(self.take(bytes)?.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    }

    fn u1(&mut self) -> Read<u8> {
        Ok(self.number(1)? as u8)
    }

    fn u2(&mut self) -> Read<u16> {
        Ok(self.number(2)? as u16)
    }

    fn u4(&mut self) -> Read<u32> {
        Ok(self.number(4)? as u32)
    }

    fn id(&mut self) -> Read<u64> {
        self.number(8)
    }

    fn value(&mut self, kind: u8) -> Read<Value> {
        Ok(match kind {
            2 => Value::Object(self.id()?),
            4 => match self.u1()? {
                0 => Value::Boolean(false),
                1 => Value::Boolean(true),
                other => return Err(format!("a boolean is {other}")),
            },
            5 => Value::Char(self.u2()?),
            6 => Value::Float(f32::from_bits(self.u4()?)),
            7 => Value::Double(f64::from_bits(self.id()?)),
            8 => Value::Byte(self.u1()? as i8),
            9 => Value::Short(self.u2()? as i16),
            10 => Value::Int(self.u4()? as i32),
            11 => Value::Long(self.id()? as i64),
            other => return Err(format!("type {other}")),
        })
    }
}

fn size_of(kind: u8) -> Read<u64> {
    match kind {
        4 | 8 => Ok(1),
        5 | 9 => Ok(2),
        6 | 10 => Ok(4),
        2 | 7 | 11 => Ok(8),
        other => Err(format!("type {other}")),
    }
}

impl Dump {
    pub(crate) fn read(bytes: &[u8]) -> Read<Dump> {
        let mut cursor = Cursor { rest: bytes };
        if cursor.take(19)? != b"JAVA PROFILE 1.0.2\0" {
            return Err("another format".into());
        }
        if cursor.u4()? != 8 {
            return Err("identifiers are not of 8 bytes".into());
        }
        let time = cursor.id()?;
        if !(1_500_000_000_000..4_000_000_000_000).contains(&time) {
            return Err(format!("made at {time}"));
        }
        let mut dump = Dump::default();
        while !cursor.rest.is_empty() {
            let (tag, _micros, length) = (cursor.u1()?, cursor.u4()?, cursor.u4()?);
            let mut body = Cursor { rest: cursor.take(length as usize)? };
            if dump.ended {
                return Err(format!("record {tag:#x} after the end"));
            }
            dump.record(tag, &mut body).map_err(|why| format!("record {tag:#x}: {why}"))?;
            if !body.rest.is_empty() {
                return Err(format!("record {tag:#x}: {} bytes too many", body.rest.len()));
            }
        }
        if !dump.ended {
            return Err("it has no end".into());
        }
        Ok(dump)
    }

    fn string(&self, id: u64) -> Read<String> {
        self.strings.get(&id).cloned().ok_or_else(|| format!("string {id:#x} has not been told"))
    }

    fn record(&mut self, tag: u8, body: &mut Cursor<'_>) -> Read<()> {
        match tag {
            0x01 => {
                let id = body.id()?;
                let text = String::from_utf8_lossy(std::mem::take(&mut body.rest)).into_owned();
                once(self.strings.insert(id, text), "string", id)?;
            }
            0x02 => {
                let (serial, class, trace, name) = (body.u4()?, body.id()?, body.u4()?, body.id()?);
                let name = self.string(name)?;
                if serial == 0 || class == 0 || trace == 0 {
                    return Err(format!("class {name} has number {serial}, mirror {class}, trace {trace}"));
                }
                self.named_traces.insert(trace);
                once(self.names.insert(class, name.clone()), "class", class)?;
                once(self.loaded.insert(serial, (class, name)), "class number", serial)?;
            }
            0x04 => {
                let (id, name, signature, file) = (body.id()?, body.id()?, body.id()?, body.id()?);
                let (class_serial, line) = (body.u4()?, body.u4()? as i32);
                if line < -3 {
                    return Err(format!("line {line}"));
                }
                let method = self.string(name)? + &self.string(signature)?;
                let file = if file == 0 { None } else { Some(self.string(file)?) };
                once(self.frames.insert(id, Frame { method, file, class_serial, line }), "frame", id)?;
            }
            0x05 => {
                let (serial, thread, count) = (body.u4()?, body.u4()?, body.u4()?);
                let frames = (0..count).map(|_| body.id()).collect::<Read<Vec<u64>>>()?;
                once(self.traces.insert(serial, (thread, frames)), "trace", serial)?;
            }
            0x1c => {
                self.segments += 1;
                while !body.rest.is_empty() {
                    let tag = body.u1()?;
                    self.sub(tag, body).map_err(|why| format!("sub-record {tag:#x}: {why}"))?;
                }
            }
            0x2c => self.ended = true,
            other => return Err(format!("tag {other:#x} is unknown")),
        }
        Ok(())
    }

    fn sub(&mut self, tag: u8, body: &mut Cursor<'_>) -> Read<()> {
        let id = body.id()?;
        if id == 0 {
            return Err("null is told".into());
        }
        let root = match tag {
            0xff => Root::Unknown,
            0x01 => {
                body.id()?;
                Root::JniGlobal
            }
            0x02 => Root::JniLocal(body.u4()?, body.u4()?),
            0x03 => Root::JavaFrame(body.u4()?, body.u4()?),
            0x04 => Root::NativeStack(body.u4()?),
            0x05 => Root::StickyClass,
            0x06 => Root::ThreadBlock(body.u4()?),
            0x07 => Root::MonitorUsed,
            0x08 => Root::Thread(body.u4()?, body.u4()?),
            0x20 => return self.class(id, body),
            0x21..=0x23 => return self.object(tag, id, body),
            other => return Err(format!("tag {other:#x} is unknown")),
        };
        self.roots.push((id, root));
        Ok(())
    }

    fn class(&mut self, id: u64, body: &mut Cursor<'_>) -> Read<()> {
        self.named_traces.insert(body.u4()?);
        let (above, loader) = (body.id()?, body.id()?);
        let (_signers, _domain) = (body.id()?, body.id()?);
        if (body.id()?, body.id()?) != (0, 0) {
            return Err("what is reserved is not zero".into());
        }
        let instance_size = body.u4()?;
        for _ in 0..body.u2()? {
            body.u2()?;
            let kind = body.u1()?;
            body.value(kind)?;
        }
        let mut statics = Vec::new();
        for _ in 0..body.u2()? {
            let (name, kind) = (body.id()?, body.u1()?);
            statics.push((name, body.value(kind)?));
        }
        let mut fields = Vec::new();
        for _ in 0..body.u2()? {
            let (name, kind) = (body.id()?, body.u1()?);
            size_of(kind)?;
            fields.push((name, kind));
        }
        let class = Class { id, above, loader, instance_size, statics, fields };
        once(self.classes.insert(id, class), "class dump", id)
    }

    fn object(&mut self, tag: u8, id: u64, body: &mut Cursor<'_>) -> Read<()> {
        self.named_traces.insert(body.u4()?);
        let object = match tag {
            0x21 => {
                let (class, bytes) = (body.id()?, body.u4()?);
                Object::Instance { class, values: body.take(bytes as usize)?.to_vec() }
            }
            0x22 => {
                let (count, class) = (body.u4()?, body.id()?);
                let elements = (0..count).map(|_| body.id()).collect::<Read<Vec<u64>>>()?;
                Object::Objects { class, elements }
            }
            _ => {
                let (count, kind) = (body.u4()?, body.u1()?);
                if kind == 2 {
                    return Err("an array of references among the primitive ones".into());
                }
                let elements = (0..count).map(|_| body.value(kind)).collect::<Read<Vec<Value>>>()?;
                Object::Primitives { kind, elements }
            }
        };
        once(self.objects.insert(id, object), "object", id)
    }

    // ---- cross references ------------------------------------------------------------------------------------------------

    /// Follows every reference; all that is wrong, up to a limit.
    pub(crate) fn check(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut complain = |text: String| {
            if wrong.len() < 20 {
                wrong.push(text);
            }
        };
        let exists = |id: u64| id == 0 || self.objects.contains_key(&id) || self.classes.contains_key(&id);
        for (id, class) in &self.classes {
            let name = self.names.get(id).cloned().unwrap_or_else(|| {
                complain(format!("class {id:#x} was dumped but not loaded"));
                String::new()
            });
            if self.objects.contains_key(id) {
                complain(format!("{name} is a class and an object"));
            }
            if class.above != 0 && !self.classes.contains_key(&class.above) {
                complain(format!("{name} has an unknown superclass"));
            }
            if class.above == 0 && name != "java/lang/Object" {
                complain(format!("{name} has no superclass"));
            }
            if !exists(class.loader) {
                complain(format!("{name} has an unknown loader"));
            }
            for field in class.statics.iter().map(|(name, _)| name).chain(class.fields.iter().map(|(n, _)| n))
            {
                if !self.strings.contains_key(field) {
                    complain(format!("{name} has a field without a name"));
                }
            }
            for (field, value) in &class.statics {
                if let Value::Object(to) = value
                    && !exists(*to)
                {
                    complain(format!("{name}.{:?} leads nowhere", self.strings.get(field)));
                }
            }
        }
        for (class, name) in self.loaded.values() {
            if !self.classes.contains_key(class) {
                complain(format!("class {name} was loaded but not dumped"));
            }
        }
        for (id, object) in &self.objects {
            match object {
                Object::Instance { class, values } => {
                    let Some(wanted) = self.value_bytes(*class) else {
                        complain(format!("{id:#x} is of unknown class {class:#x}"));
                        continue;
                    };
                    if wanted != values.len() as u64 {
                        complain(format!(
                            "{} has {} bytes of values where its classes have {wanted}",
                            self.name(*class),
                            values.len()
                        ));
                        continue;
                    }
                    for (field, value) in self.fields(*id) {
                        if let Value::Object(to) = value
                            && !exists(to)
                        {
                            complain(format!("{}.{field} leads nowhere", self.name(*class)));
                        }
                    }
                }
                Object::Objects { class, elements } => {
                    if !self.name(*class).starts_with('[') || !self.classes.contains_key(class) {
                        complain(format!("{id:#x} is an array of class {:?}", self.name(*class)));
                    }
                    if elements.iter().any(|to| !exists(*to)) {
                        complain(format!("an element of {id:#x} leads nowhere"));
                    }
                }
                Object::Primitives { .. } => {}
            }
        }
        let threads: HashMap<u32, (u32, usize)> =
            self.traces.iter().map(|(trace, (thread, frames))| (*thread, (*trace, frames.len()))).collect();
        for (trace, (thread, frames)) in &self.traces {
            for frame in frames {
                match self.frames.get(frame) {
                    Some(frame) if self.loaded.contains_key(&frame.class_serial) => {}
                    _ => complain(format!("trace {trace} has an unknown frame, or one of an unknown class")),
                }
            }
            if *thread != 0 && !self.roots.iter().any(|(_, root)| *root == Root::Thread(*thread, *trace)) {
                complain(format!("thread {thread} has a trace and no object"));
            }
        }
        for trace in &self.named_traces {
            if *trace != 0 && !self.traces.contains_key(trace) {
                complain(format!("trace {trace} is unknown"));
            }
        }
        for (id, root) in &self.roots {
            if *id == 0 || !exists(*id) {
                complain(format!("{root:?} leads nowhere"));
            }
            match root {
                Root::JniLocal(thread, frame) | Root::JavaFrame(thread, frame) => match threads.get(thread) {
                    Some((_, frames)) if *frame == u32::MAX || (*frame as usize) < *frames => {}
                    Some(_) | None => complain(format!("{root:?} names no frame")),
                },
                Root::Thread(thread, trace) => {
                    if threads.get(thread).is_none_or(|(of_thread, _)| of_thread != trace) {
                        complain(format!("{root:?} has no such trace"));
                    }
                }
                Root::StickyClass => {
                    if !self.classes.contains_key(id) {
                        complain(format!("{root:?} is no class"));
                    }
                }
                Root::Unknown
                | Root::JniGlobal
                | Root::NativeStack(_)
                | Root::ThreadBlock(_)
                | Root::MonitorUsed => {}
            }
        }
        wrong
    }

    /// Bytes of an instance's values, by the fields of its class and those above.
    fn value_bytes(&self, class: u64) -> Option<u64> {
        let mut bytes = 0;
        let mut at = class;
        while at != 0 {
            let class = self.classes.get(&at)?;
            for (_, kind) in &class.fields {
                bytes += size_of(*kind).ok()?;
            }
            at = class.above;
        }
        Some(bytes)
    }

    // ---- questions -------------------------------------------------------------------------------------------------------

    /// The name of a class in internal form; empty if it is unknown.
    pub(crate) fn name(&self, class: u64) -> &str {
        self.names.get(&class).map_or("", String::as_str)
    }

    pub(crate) fn class_named(&self, name: &str) -> Option<&Class> {
        self.classes.values().find(|class| self.name(class.id) == name)
    }

    /// How many instances and arrays of references there are, by class name.
    pub(crate) fn counts(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for object in self.objects.values() {
            match object {
                Object::Instance { class, .. } | Object::Objects { class, .. } => {
                    *counts.entry(self.name(*class)).or_default() += 1;
                }
                Object::Primitives { .. } => {}
            }
        }
        counts
    }

    pub(crate) fn instances(&self, name: &str) -> Vec<u64> {
        let of = |object: &Object| match object {
            Object::Instance { class, .. } => self.name(*class) == name,
            Object::Objects { .. } | Object::Primitives { .. } => false,
        };
        self.objects.iter().filter(|(_, object)| of(object)).map(|(id, _)| *id).collect()
    }

    /// The fields of an instance: own ones first, then those of the superclass, and so on.
    pub(crate) fn fields(&self, id: u64) -> Vec<(String, Value)> {
        let Some(Object::Instance { class, values }) = self.objects.get(&id) else { return Vec::new() };
        let (mut fields, mut cursor, mut at) = (Vec::new(), Cursor { rest: values }, *class);
        while let Some(class) = self.classes.get(&at) {
            for (name, kind) in &class.fields {
                let Ok(value) = cursor.value(*kind) else { return fields };
                fields.push((self.strings.get(name).cloned().unwrap_or_default(), value));
            }
            at = class.above;
        }
        fields
    }

    /// The first field of that name, from the instance's own class upwards.
    pub(crate) fn field(&self, id: u64, name: &str) -> Option<Value> {
        self.fields(id).into_iter().find(|(field, _)| field == name).map(|(_, value)| value)
    }

    pub(crate) fn object_field(&self, id: u64, name: &str) -> u64 {
        match self.field(id, name) {
            Some(Value::Object(to)) => to,
            _ => 0,
        }
    }

    pub(crate) fn static_field(&self, class: &str, name: &str) -> Option<Value> {
        let class = self.class_named(class)?;
        let found = class.statics.iter().find(|(n, _)| self.strings.get(n).is_some_and(|text| text == name));
        found.map(|(_, value)| *value)
    }

    /// The text of a java.lang.String.
    pub(crate) fn text(&self, id: u64) -> Option<String> {
        let Some(Object::Primitives { elements, .. }) = self.objects.get(&self.object_field(id, "value"))
        else {
            return None;
        };
        let byte = |value: &Value| match value {
            Value::Byte(byte) => *byte as u8,
            _ => 0,
        };
        let bytes: Vec<u8> = elements.iter().map(byte).collect();
        Some(match self.field(id, "coder") {
            Some(Value::Byte(0)) => bytes.iter().map(|byte| char::from(*byte)).collect(),
            _ => {
                let units: Vec<u16> =
                    bytes.chunks(2).map(|two| u16::from_le_bytes([two[0], two[1]])).collect();
                String::from_utf16_lossy(&units)
            }
        })
    }

    /// The class of a frame, by name.
    pub(crate) fn frame_class(&self, frame: &Frame) -> &str {
        self.loaded.get(&frame.class_serial).map_or("", |(_, name)| name)
    }

    pub(crate) fn segments(&self) -> usize {
        self.segments
    }
}

fn once<T, K: std::fmt::LowerHex>(before: Option<T>, what: &str, key: K) -> Read<()> {
    match before {
        None => Ok(()),
        Some(_) => Err(format!("{what} {key:#x} is told twice")),
    }
}
