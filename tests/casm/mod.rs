//! casm: a notation for tiny class files, well formed or not, in which every number of the file can be set. The tests of
//! the verifier and of the format checks write their classes in it, five to fifteen lines each.
//!
//! Invariant: what is not said gets a harmless, valid value, and what is said stands in the file as said, however wrong;
//! the assembler itself rejects only what it cannot read. Opcodes, their mnemonics and operand formats come from
//! `classloader::bytecode`. Deliberately not here: stack maps made by analysis (a test states its frames), execution.
//!
//! A file is a list of cases; `#` starts a line of comment. Classes before the first case are shared by all cases.
//!
//! ```text
//! case NAME [RULES] TEXT      begins a case; RULES are separated by blanks, TEXT says what is wrong
//! = VERDICT                   what the reference said, recorded by tests/tools/negative.sh; further lines start with |
//! carafe VERDICT              first line of what carafe says where it differs on purpose; the comment above tells why
//! name NAME                   the name that defineClass is told, else it is told none
//! loops                       the code never ends, so nobody runs it
//!
//! class [FLAGS] NAME [extends NAME] [implements NAME...]    default: class public super C extends java/lang/Object
//! parent                      the class is defined by the parent of the case's loader
//! version MAJOR[.MINOR]       default 69
//! pool CONSTANT               appends to the constant pool, first of all, in order from index 1, duplicates too
//! this|super CONSTANT         what the class's header names
//! interfaces CONSTANT...
//! field [FLAGS] NAME DESCRIPTOR
//! method [FLAGS] NAME DESCRIPTOR
//! code DESCRIPTOR             short for: method public static m DESCRIPTOR
//! attr|classattr|codeattr NAME [len=N] DATA...      an attribute of the member above, the class, the code above
//! magic N, poolcount N, interfacecount N, fieldcount N, methodcount N, attrcount N      numbers that lie
//! patch OFFSET HEX, cut N (keeps the first N bytes, from the end if negative), trailing HEX      done last
//!
//! stack N, locals N, codelen N      of the code; default 8, the arguments and 4 more, what it is
//! LABEL:                      may stand before an instruction
//! MNEMONIC OPERANDS           wide MNEMONIC OPERANDS; TARGET is LABEL, +N, -N (from the instruction) or @N
//! tableswitch LOW TARGET... default TARGET;  lookupswitch KEY TARGET... default TARGET
//! bytes HEX...                raw code
//! repeat N INSTRUCTION
//! catch FROM TO HANDLER any|CONSTANT|CLASS      targets as above, without + and -
//! frame[@TARGET] same | same1 TYPE | chop N | append TYPE... | full [TYPE...] [TYPE...] | raw HEX
//!                             at the next instruction; same_extended, same1_extended force those forms
//! framecount N, framebytes HEX      a StackMapTable that lies, or is other bytes altogether
//!
//! TYPE       top int float double long null this uninit:TARGET CLASS obj:CONSTANT raw:HEX
//! CONSTANT   #N utf8:TEXT class:TEXT str:TEXT int:N float:N long:N double:N field:C.n:D method:C.n(D)R imethod:C.n(D)R
//!            nat:n:D mtype:D mhandle:KIND:CONSTANT indy:N:n:D condy:N:n:D module:TEXT package:TEXT tag:HEX
//!            An operand without such a prefix is what its instruction wants.
//! DATA       HEX u1:N u2:N u4:N @TARGET CONSTANT (two bytes)
//! TEXT       \xHH a byte, \s a blank, \e nothing
//! {TEXT*N}   anywhere: TEXT N times
//! ```

mod class;
mod code;
mod frames;
mod pool;

pub(crate) use class::Class;

/// What a line that cannot be read has wrong; the caller knows the line.
pub(crate) type Result<T, E = String> = std::result::Result<T, E>;

/// A case: the first class is the one on trial, the others stand by.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) rules: Vec<String>,
    pub(crate) defined_as: Option<String>,
    pub(crate) loops: bool,
    pub(crate) classes: Vec<Assembled>,
    /// The reference's verdict, lines joined; empty if none is recorded yet.
    pub(crate) expected: String,
    /// The first line of carafe's own, where it differs on purpose.
    pub(crate) deviates: Option<String>,
}

/// A class file and the name by which others may ask for it.
#[derive(Clone, Debug)]
pub(crate) struct Assembled {
    pub(crate) name: String,
    pub(crate) in_parent: bool,
    pub(crate) bytes: Vec<u8>,
}

/// Reads and assembles the cases of a file; an error tells the line.
pub(crate) fn assemble(text: &str) -> Result<Vec<Case>> {
    let mut reader = Reader { cases: Vec::new(), shared: Vec::new(), open: Vec::new() };
    for (number, line) in text.lines().enumerate() {
        reader.line(line).map_err(|problem| format!("line {}: {problem}: {line}", number + 1))?;
    }
    reader.close_case().map_err(|problem| format!("last case: {problem}"))?;
    let shared = reader.shared;
    let mut cases = reader.cases;
    for case in &mut cases {
        let own: Vec<String> = case.classes.iter().map(|class| class.name.clone()).collect();
        case.classes.extend(shared.iter().filter(|class| !own.contains(&class.name)).cloned());
    }
    Ok(cases)
}

struct Reader {
    cases: Vec<Case>,
    shared: Vec<Assembled>,
    /// The classes of the case (or of the shared part) that is being read.
    open: Vec<Class>,
}

impl Reader {
    fn line(&mut self, line: &str) -> Result<()> {
        if let Some(verdict) = line.strip_prefix("= ") {
            self.case()?.expected = verdict.to_string();
            return Ok(());
        }
        if let Some(more) = line.strip_prefix('|') {
            let expected = &mut self.case()?.expected;
            expected.push('\n');
            expected.push_str(more);
            return Ok(());
        }
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if let Some(header) = line.strip_prefix("case ") {
            self.close_case()?;
            self.cases.push(Case::from_header(header)?);
            return Ok(());
        }
        let line = expand(line)?;
        match line.split_once(' ').unwrap_or((&line, "")) {
            ("carafe", verdict) => self.case()?.deviates = Some(verdict.to_string()),
            ("name", name) => self.case()?.defined_as = Some(name.to_string()),
            ("loops", _) => self.case()?.loops = true,
            ("class", rest) => self.open.push(Class::from_header(rest)?),
            _ => {
                if self.open.is_empty() {
                    self.open.push(Class::from_header("public super C")?);
                }
                self.open.last_mut().ok_or("no class")?.line(&line)?;
            }
        }
        Ok(())
    }

    fn case(&mut self) -> Result<&mut Case> {
        self.cases.last_mut().ok_or("no case yet".to_string())
    }

    fn close_case(&mut self) -> Result<()> {
        let mut classes = Vec::new();
        for class in self.open.drain(..) {
            classes.push(class.finish()?);
        }
        match self.cases.last_mut() {
            Some(case) if classes.is_empty() => return Err(format!("{} has no class", case.name)),
            Some(case) => case.classes = classes,
            None => self.shared = classes,
        }
        Ok(())
    }
}

impl Case {
    fn from_header(header: &str) -> Result<Case> {
        let (name, rest) = header.split_once(" [").ok_or("no [rules]")?;
        let (rules, text) = rest.split_once("] ").ok_or("no text after [rules]")?;
        if text.trim().is_empty() || rules.trim().is_empty() {
            return Err("a case needs rules and a text".to_string());
        }
        Ok(Case {
            name: name.trim().to_string(),
            rules: rules.split_whitespace().map(str::to_string).collect(),
            defined_as: None,
            loops: false,
            classes: Vec::new(),
            expected: String::new(),
            deviates: None,
        })
    }
}

/// Replaces every `{text*n}`.
fn expand(line: &str) -> Result<String> {
    let Some((before, rest)) = line.split_once('{') else { return Ok(line.to_string()) };
    let (inside, after) = rest.split_once('}').ok_or("no }")?;
    let (text, times) = inside.rsplit_once('*').ok_or("no * in {}")?;
    Ok(format!("{before}{}{}", text.repeat(number(times)? as usize), expand(after)?))
}

/// A decimal or 0x number, negative too.
fn number(text: &str) -> Result<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let value = match digits.strip_prefix("0x") {
        Some(hex) => i64::from_str_radix(hex, 16),
        None => digits.parse(),
    };
    let value = value.map_err(|_| format!("{text} is no number"))?;
    Ok(if negative { -value } else { value })
}

/// Bytes written as hexadecimal digits.
fn hex(text: &str) -> Result<Vec<u8>> {
    let wrong = || format!("{text} is not hexadecimal");
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return Err(wrong());
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).map_err(|_| wrong()))
        .collect()
}

/// The bytes of a name or string of the notation, escapes replaced.
fn unescape(text: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        bytes.extend(before.bytes());
        rest = match after.as_bytes().first() {
            Some(b's') => {
                bytes.push(b' ');
                &after[1..]
            }
            Some(b'e') => &after[1..],
            Some(b'x') => {
                bytes.extend(hex(after.get(1..3).ok_or("cut escape")?)?);
                &after[3..]
            }
            _ => return Err(format!("unknown escape in {text}")),
        };
    }
    bytes.extend(rest.bytes());
    Ok(bytes)
}

/// A number as two bytes, cut to them.
fn u2(value: i64) -> [u8; 2] {
    (value as u16).to_be_bytes()
}

/// A number as four bytes, cut to them.
fn u4(value: i64) -> [u8; 4] {
    (value as u32).to_be_bytes()
}
