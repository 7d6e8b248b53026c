//! Protocols of carafe's threads and collector, run through their interleavings by loom.
//!
//! The files under test are those of the machine, compiled a second time: they name nothing of the operating system but what
//! `crate::sync` has, which is the kernel's in the machine and loom's in the tests here. So it is the real code that is
//! checked, not a copy of it. Each test file brings the sources it needs in by path; what only the tests share lies in
//! `tests/common`.
//!
//! How many times a thread may be pre-empted in one run is bounded: 3, or as many as CARAFE_PREEMPTIONS says (5 with
//! CARAFE_LONG=1). Each model also runs with a step left out or in the wrong place, and must then fail.
//!
//! Deliberately absent: everything between the protocols (interpreter, heap, Java), which golden programs and their stress
//! modes cover.
