//! The `carafe` command: reads the command line, finds the JDK, and hands both to the library.

// The parts that start a virtual machine come with it; until then much of what is parsed has no reader.
#[allow(dead_code, reason = "the launcher that reads these options is not wired in yet")]
mod cli;

use std::process::ExitCode;

use cli::jdk::Search;
use cli::options::{Action, Stream, ThisProcess, help_text, parse};

fn main() -> ExitCode {
    let options = match parse(std::env::args_os().skip(1), &ThisProcess) {
        Ok(options) => options,
        Err(error) => {
            error.notes.iter().for_each(|note| eprintln!("{note}"));
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    options.notes.iter().for_each(|note| eprintln!("{note}"));
    if let Action::Help { topic, stream } = options.action {
        match stream {
            Stream::Out => print!("{}", help_text(topic)),
            Stream::Err => eprint!("{}", help_text(topic)),
        }
        return ExitCode::SUCCESS;
    }
    match Search::of_process().find() {
        Ok(jdk) => eprintln!("carafe: found JDK {} but cannot run programs yet", jdk.version),
        Err(error) => eprintln!("{error}"),
    }
    ExitCode::FAILURE
}
