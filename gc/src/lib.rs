//! carafe-gc
