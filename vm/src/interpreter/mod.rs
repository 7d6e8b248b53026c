//! Tier 0: executes quickened bytecode.

pub mod fuse;
pub mod intrinsics;
pub mod quick;
pub mod run;
pub mod slow;
pub mod translate;
