//! carafe-stdlib
