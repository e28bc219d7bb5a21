//! Progress on a terminal, and Ctrl-C.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Failure;

static STOP: AtomicBool = AtomicBool::new(false);

/// A flag that Ctrl-C (or a request to terminate) raises in place of ending the program: the work
/// ends after the replications in hand, and what is done is written whole.
///
/// # Errors
/// If the system refuses the handler.
pub fn stop_on_interrupt() -> Result<&'static AtomicBool, Failure> {
    ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed))
        .map_err(|error| Failure::work(format_args!("cannot listen for Ctrl-C: {error}")))?;
    Ok(&STOP)
}

/// A bar on standard error; silent when that is not a terminal or `quiet` is asked for.
pub fn bar(total: u64, unit: &str, quiet: bool) -> ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    let style =
        ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}, {elapsed} so far, about {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_message(unit.to_owned());
    bar
}
