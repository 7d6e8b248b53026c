//! Machine code once it is emitted: where it lives ([`cache`]), and, with the compilers to come, the maps and
//! deoptimization records that go with it.

pub mod cache;

pub use cache::{CodeBlock, CodeCache, CodeCacheError};
