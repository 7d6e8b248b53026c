//! The `carafe` command: reads the command line, finds the JDK, and hands both to the library.

mod cli;

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let code = cli::main();
    // Threads that the program left behind (daemons, a read that never ends) must not hold the process up.
    std::process::exit(code)
}
