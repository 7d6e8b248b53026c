//! carafe-vm
