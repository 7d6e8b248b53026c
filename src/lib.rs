//! carafe
