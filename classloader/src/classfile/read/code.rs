//! Reading a method's `Code` attribute, with the debugging tables inside it.

use std::collections::HashSet;

use super::Reader;
use crate::bytecode::Handler;
use crate::classfile::attributes::{AttributeTable, LocalVariable, Raw};
use crate::classfile::error::{ClassFileError, Result};
use crate::classfile::mutf8;

/// The longest code array.
const CODE_BYTES_MAX: u32 = 65535;

/// A method's body.
#[derive(Clone, Debug)]
pub struct Code<'a> {
    pub max_stack: u16,
    pub max_locals: u16,
    pub code: &'a [u8],
    /// Where the code array starts in the class file.
    pub code_offset: u32,
    /// The exception table in order, which is the order of search.
    pub handlers: Vec<Handler>,
    /// The contents of `StackMapTable`, from version 50 on.
    pub stack_map: Option<Raw<'a>>,
    /// The code's own attributes, to be looked at again.
    pub attributes: AttributeTable<'a>,
}

/// Entries of the local variable tables seen so far.
#[derive(Default)]
pub(super) struct LocalTables {
    variables: Vec<LocalVariable>,
    typed: Vec<LocalVariable>,
}

/// What identifies a variable.
fn key(variable: &LocalVariable) -> (u16, u16, u16, u16) {
    (variable.start_bci, variable.len, variable.name, variable.slot)
}

impl<'a> Reader<'a> {
    /// `len` is the attribute's length, `slots` what the method's arguments take. The tables of locals are
    /// for [`Reader::distinct_locals`], at the method's end.
    pub(super) fn code(&mut self, len: u32, slots: u32) -> Result<(Code<'a>, LocalTables)> {
        let start = self.at;
        self.need(8)?;
        let (max_stack, max_locals, code_len) = (self.u16()?, self.u16()?, self.u32()?);
        self.demand(slots <= u32::from(max_locals), format_args!("Arguments can't fit into locals"))?;
        self.require(
            (1..=CODE_BYTES_MAX).contains(&code_len),
            format_args!("Invalid method Code length {code_len}"),
        )?;
        let code_offset = self.at as u32;
        let code = self.take(code_len as usize)?;
        let handlers = self.handlers(code_len)?;
        let table = self.at;
        let mut stack_map = None;
        let mut locals = LocalTables::default();
        for _ in 0..self.u16()? {
            self.code_attribute(code_len, max_locals, &mut locals, &mut stack_map)?;
        }
        let wrong = self.at - start != len as usize;
        self.demand(!wrong, format_args!("Code segment has wrong length"))?;
        let attributes = self.table_from(table);
        Ok((Code { max_stack, max_locals, code, code_offset, handlers, stack_map, attributes }, locals))
    }

    fn handlers(&mut self, code_len: u32) -> Result<Vec<Handler>> {
        let count = usize::from(self.u16()?);
        self.need(count * 8)?;
        let mut handlers = Vec::with_capacity(count);
        for _ in 0..count {
            let handler = Handler {
                start: self.u16()?,
                end: self.u16()?,
                handler: self.u16()?,
                catch_type: self.u16()?,
            };
            let in_range = handler.start < handler.end && u32::from(handler.end) <= code_len;
            self.require(in_range, format_args!("Illegal exception table range"))?;
            let in_code = u32::from(handler.handler) < code_len;
            self.require(in_code, format_args!("Illegal exception table handler"))?;
            let is_class = handler.catch_type == 0 || self.pool.class_name(handler.catch_type).is_some();
            self.require(is_class, format_args!("Catch type in exception table has bad constant type"))?;
            handlers.push(handler);
        }
        Ok(handlers)
    }

    fn code_attribute(
        &mut self,
        code_len: u32,
        max_locals: u16,
        locals: &mut LocalTables,
        stack_map: &mut Option<Raw<'a>>,
    ) -> Result<()> {
        let (name, len) = self.attribute("Invalid code attribute name index")?;
        match name {
            b"LineNumberTable" if self.check => self.line_numbers(len, code_len)?,
            b"LocalVariableTable" if self.check => {
                locals.variables.extend(self.local_variables(name, len, code_len, max_locals)?);
            }
            b"LocalVariableTypeTable" if self.check && self.rules.major >= 49 => {
                locals.typed.extend(self.local_variables(name, len, code_len, max_locals)?);
            }
            b"StackMapTable" if self.rules.major >= 50 => {
                self.require(stack_map.is_none(), format_args!("Multiple StackMapTable attributes"))?;
                let offset = self.at as u32;
                *stack_map = Some(Raw { bytes: self.take(len as usize)?, offset });
            }
            _ => self.take(len as usize).map(drop)?,
        }
        Ok(())
    }

    fn line_numbers(&mut self, len: u32, code_len: u32) -> Result<()> {
        let count = usize::from(self.u16()?);
        let wrong = len as usize != 2 + count * 4;
        self.require(!wrong, format_args!("LineNumberTable attribute has wrong length"))?;
        self.need(count * 4)?;
        for _ in 0..count {
            let (start, _line) = (self.u16()?, self.u16()?);
            self.require(u32::from(start) < code_len, format_args!("Invalid pc in LineNumberTable"))?;
        }
        Ok(())
    }

    fn local_variables(
        &mut self,
        table: &[u8],
        len: u32,
        code_len: u32,
        max_locals: u16,
    ) -> Result<Vec<LocalVariable>> {
        let typed = table == b"LocalVariableTypeTable";
        let table = if typed { "LocalVariableTypeTable" } else { "LocalVariableTable" };
        let count = usize::from(self.u16()?);
        let wrong = len as usize != 2 + count * 10;
        self.require(!wrong, format_args!("{table} has wrong length"))?;
        self.need(count * 10)?;
        let of = format!("in {table} has bad constant type");
        let mut variables = Vec::with_capacity(count);
        for _ in 0..count {
            let variable = LocalVariable {
                start_bci: self.u16()?,
                len: self.u16()?,
                name: self.u16()?,
                descriptor: self.u16()?,
                slot: self.u16()?,
            };
            let LocalVariable { start_bci, len, name, descriptor, slot } = variable;
            let (start, end) = (u32::from(start_bci), u32::from(start_bci) + u32::from(len));
            self.require(start < code_len, format_args!("Invalid start_pc {start} in {table}"))?;
            self.require(end <= code_len, format_args!("Invalid length {len} in {table}"))?;
            let name_text = self.utf8(name, "Name index", &of)?;
            let text = self.utf8(descriptor, "Signature index", &of)?;
            self.judge_field_name(name, name_text)?;
            if !typed {
                self.judge_field_descriptor(descriptor, name_text, text)?;
            }
            let wide = !typed && matches!(text, b"J" | b"D");
            let last = u32::from(slot) + u32::from(wide);
            self.require(last < u32::from(max_locals), format_args!("Invalid index {slot} in {table}"))?;
            variables.push(variable);
        }
        Ok(variables)
    }

    /// No variable may stand twice, and every typed variable must be an untyped one too; unless the untyped
    /// ones were left out. Older files are not held to this.
    pub(super) fn distinct_locals(&self, locals: &LocalTables) -> Result<()> {
        if locals.variables.is_empty() || self.rules.major < 49 {
            return Ok(());
        }
        let mut variables = HashSet::with_capacity(locals.variables.len());
        for variable in &locals.variables {
            if !variables.insert(key(variable)) {
                return Err(self.duplicate_local("LocalVariableTable", variable));
            }
        }
        let mut seen = HashSet::with_capacity(locals.typed.len());
        for variable in &locals.typed {
            if !variables.contains(&key(variable)) {
                let name = mutf8::to_string(self.pool.utf8(variable.name).unwrap_or_default());
                let class = self.class();
                return Err(ClassFileError::format(format!(
                    "LVTT entry for '{name}' in class file {class} does not match any LVT entry"
                )));
            }
            if !seen.insert(key(variable)) {
                return Err(self.duplicate_local("LocalVariableTypeTable", variable));
            }
        }
        Ok(())
    }

    fn duplicate_local(&self, table: &str, variable: &LocalVariable) -> ClassFileError {
        let name = mutf8::to_string(self.pool.utf8(variable.name).unwrap_or_default());
        self.defect(format_args!("Duplicated {table} attribute entry for '{name}'"))
    }
}
