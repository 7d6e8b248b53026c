//! `java.lang.invoke`: what method handles and var handles ask of the VM.
//!
//! | what | file |
//! |---|---|
//! | the flags word of a MemberName | `flags` |
//! | MemberName objects filled from members, and read back | `member` |
//! | `MethodHandleNatives.resolve` | `resolve` |
//! | the other natives of MethodHandleNatives | `natives` |
//! | what reflection sees of signature-polymorphic methods | `polymorphic` |
//!
//! Real calls of signature-polymorphic methods never come here: the interpreter links them with the library's help.
//!
//! Deliberately absent: the archive of lambda classes (`LambdaProxyClassArchive`), which this VM does not have; and
//! `copyOutBootstrapArguments`, which the library calls only when the VM passes static arguments as an int[].

mod flags;
pub(crate) mod member;
mod natives;
mod polymorphic;
mod resolve;

use carafe_vm::natives::NativeRow;

pub(crate) use flags::frame_flags;

pub(crate) fn tables() -> Vec<&'static [NativeRow]> {
    vec![natives::METHOD_HANDLE_NATIVES, polymorphic::METHOD_HANDLE, polymorphic::VAR_HANDLE]
}
