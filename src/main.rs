//! The `caseflow` program: command line in, exit code out.

use std::process::ExitCode;

use caseflow::{app, cli};

fn main() -> ExitCode {
    let command = match cli::parse(std::env::args_os()) {
        Ok(command) => command,
        Err(message) => return message.print(),
    };
    match app::carry_out(&command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print();
            ExitCode::from(failure.exit_code())
        }
    }
}
