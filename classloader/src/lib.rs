//! carafe-classloader
