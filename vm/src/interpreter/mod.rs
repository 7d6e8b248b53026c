//! Tier 0: executes quickened bytecode.

#[cfg(debug_assertions)]
mod checks;
pub mod fuse;
pub mod intrinsics;
pub mod quick;
pub mod run;
pub mod slow;
pub mod translate;
pub mod watch;
