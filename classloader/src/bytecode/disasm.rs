//! One method's code as text, an instruction a line: what every dump and log of the machine prints.
//!
//! The form is that of `javap`: `bci: mnemonic operands // what the constant is`. Malformed code is printed
//! as far as it decodes, then the error, so that a rejected method can be looked at.

use std::fmt;

use super::decode::{DecodeError, decode};
use super::flow::Handler;
use super::ops::{Const, CpIndex, Instr, Op};

/// Prints what a constant-pool entry stands for.
pub trait ConstantPrinter {
    fn print(&self, index: CpIndex, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

/// Prints nothing about constants, for code without its pool.
pub struct NoConstants;

impl ConstantPrinter for NoConstants {
    fn print(&self, _index: CpIndex, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

/// A method's code, to be printed with `{}`.
pub struct Disassembly<'a, P> {
    pub code: &'a [u8],
    pub handlers: &'a [Handler],
    pub constants: &'a P,
}

impl<P: ConstantPrinter> fmt::Display for Disassembly<'_, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bci = 0;
        while bci < self.code.len() {
            match decode(self.code, bci) {
                Ok(instr) => {
                    writeln!(f, "{bci:5}: {}", Line { instr, constants: self.constants })?;
                    bci = instr.next() as usize;
                }
                Err(error) => return self.bad(bci, error, f),
            }
        }
        for Handler { start, end, handler, catch_type } in self.handlers {
            write!(f, "handler {handler} for {start}..{end}")?;
            if *catch_type != 0 {
                write!(f, " catches {}", Constant(CpIndex(*catch_type), self.constants))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

impl<P: ConstantPrinter> Disassembly<'_, P> {
    fn bad(&self, bci: usize, error: DecodeError, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let byte = self.code.get(bci).copied().unwrap_or_default();
        writeln!(f, "{bci:5}: byte {byte:#04x}: {error}")
    }
}

/// One instruction, to be printed with `{}`.
pub struct Line<'a, P> {
    pub instr: Instr<'a>,
    pub constants: &'a P,
}

impl<P: ConstantPrinter> fmt::Display for Line<'_, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mnemonic = self.instr.opcode.mnemonic();
        // Operands that the mnemonic does not already tell. A one-byte instruction has none.
        match self.instr.op {
            _ if self.instr.len == 1 => f.write_str(mnemonic),
            Op::Const(Const::Int(value)) => write!(f, "{mnemonic:13} {value}"),
            Op::Load(_, local) | Op::Store(_, local) | Op::Ret(local) => write!(f, "{mnemonic:13} {local}"),
            Op::Iinc { local, delta } => write!(f, "{mnemonic:13} {local}, {delta}"),
            Op::If(_, target)
            | Op::IfICmp(_, target)
            | Op::IfACmp(_, target)
            | Op::IfNull(_, target)
            | Op::Goto(target)
            | Op::Jsr(target) => write!(f, "{mnemonic:13} {target}"),
            Op::TableSwitch(table) => {
                write!(f, "{mnemonic:13} {{")?;
                for (index, target) in table.targets().enumerate() {
                    write!(f, " {}: {target},", i64::from(table.low) + index as i64)?;
                }
                write!(f, " default: {} }}", table.default)
            }
            Op::LookupSwitch(lookup) => {
                write!(f, "{mnemonic:13} {{")?;
                for (key, target) in lookup.pairs() {
                    write!(f, " {key}: {target},")?;
                }
                write!(f, " default: {} }}", lookup.default)
            }
            Op::Ldc(index)
            | Op::Ldc2(index)
            | Op::GetStatic(index)
            | Op::PutStatic(index)
            | Op::GetField(index)
            | Op::PutField(index)
            | Op::Invoke { pool: index, .. }
            | Op::InvokeDynamic(index)
            | Op::New(index)
            | Op::ANewArray(index)
            | Op::CheckCast(index)
            | Op::InstanceOf(index) => write!(f, "{mnemonic:13} {}", Constant(index, self.constants)),
            Op::MultiANewArray(index, dimensions) => {
                write!(f, "{mnemonic:13} {dimensions}, {}", Constant(index, self.constants))
            }
            Op::NewArray(element) => write!(f, "{mnemonic:13} {}", element.name()),
            Op::Nop
            | Op::Const(_)
            | Op::ArrayLoad(_)
            | Op::ArrayStore(_)
            | Op::Stack(_)
            | Op::Binary(..)
            | Op::Neg(_)
            | Op::Shift(..)
            | Op::Convert(..)
            | Op::Compare(_)
            | Op::Return(_)
            | Op::ArrayLength
            | Op::Throw
            | Op::MonitorEnter
            | Op::MonitorExit => f.write_str(mnemonic),
        }
    }
}

/// An index and what it stands for.
struct Constant<'a, P>(CpIndex, &'a P);

impl<P: ConstantPrinter> fmt::Display for Constant<'_, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} // ", self.0)?;
        self.1.print(self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Names;

    impl ConstantPrinter for Names {
        fn print(&self, index: CpIndex, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "constant {}", index.0)
        }
    }

    #[test]
    fn listing() {
        let code = [0x2a, 0xb7, 0, 1, 0x10, 5, 0xc4, 0x36, 1, 0, 0xa7, 0xff, 0xfc, 0xbc, 8, 0xb1, 0xfe];
        let handlers = [Handler { start: 0, end: 4, handler: 4, catch_type: 7 }];
        let listing = Disassembly { code: &code, handlers: &handlers, constants: &Names }.to_string();
        let expected = "    0: aload_0
    1: invokespecial #1 // constant 1
    4: bipush        5
    6: istore        256
   10: goto          6
   13: newarray      byte
   15: return
   16: byte 0xfe: 254 is no opcode
";
        assert_eq!(listing, expected);
        let listing = Disassembly { code: &code[..16], handlers: &handlers, constants: &Names }.to_string();
        assert!(listing.ends_with("handler 4 for 0..4 catches #7 // constant 7\n"), "{listing}");
    }
}
