//! Tests of the heap: a toy virtual machine ([`toy`]), random graphs against a model, references, limits.

mod classes;
mod graph;
mod limits;
mod reference_order;
mod toy;
mod verifier;
