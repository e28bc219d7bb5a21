//! `caseflow report`: report, workbook and plots again, from results alone.
//!
//! Consumes a results directory; replaces in it what is made from the other files, which stay as they are.

use serde::Serialize;

use super::done::publish_results;
use super::{Failure, print, print_json};
use crate::cli::{Format, ReportArguments};
use crate::report::directory::Staging;
use crate::report::publish;
use crate::report::read;

/// What `--format json` prints.
#[derive(Serialize)]
struct Made<'a> {
    directory: &'a std::path::Path,
    files: &'a [String],
}

/// Makes them.
///
/// # Errors
/// If the directory holds no results of this version (exit code 2), or writing fails (exit code 1).
pub fn report(arguments: &ReportArguments) -> Result<(), Failure> {
    let directory = arguments.results.as_path();
    let results = read::results(directory).map_err(Failure::usage)?;
    let staging = Staging::again(directory, publish::is_made).map_err(Failure::work)?;
    publish_results(&staging, &results)?;
    let files = staging.commit_again().map_err(Failure::work)?;
    let made: Vec<String> = files.into_iter().filter(|name| publish::is_made(name)).collect();
    match arguments.output.format {
        Format::Json => print_json(&Made { directory, files: &made }),
        Format::Table if arguments.output.quiet => Ok(()),
        Format::Table => {
            let plots = made.iter().filter(|name| name.starts_with("plots/")).count();
            let text = format!(
                "Made again in {}: {}, {} and {plots} files in plots/\n",
                directory.display(),
                publish::HTML,
                publish::WORKBOOK
            );
            print(text.as_bytes())
        }
    }
}
