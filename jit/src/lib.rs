//! carafe-jit
