//! `report.html`: the paper that a panel reads.
//!
//! Consumes [`Results`]; produces one self-contained page. [`model`] is its content as plain data, made by a
//! module for each command from what they share in `common`, in words that follow the rules of `words`; templates
//! turn it into markup, escaping everything but the program's own drawings.
//!
//! **Invariants.** Nothing is loaded from anywhere; no script but ours may run, by its hash; nothing from a scenario
//! becomes markup. The same results give the same bytes.

mod charts;
mod checklists;
mod common;
mod comparison;
mod evidence;
mod explanation;
mod funding;
pub mod model;
mod monitoring;
mod run;
mod staffing;
mod words;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, context};
use sha2::{Digest, Sha256};

use self::model::{Page, Section};
use super::explanation::ExplanationReport;
use super::findings::Found;
use super::pictures;
use super::plots::{self, DrawError};
use super::read::Results;

pub(super) use self::common::initial_table;
pub(super) use self::words::{judgement, verdict};

const PAGE: &str = include_str!("templates/page.html");
const PARTS: &str = include_str!("templates/parts.html");
const STYLE: &str = include_str!("templates/style.css");
const SCRIPT: &str = include_str!("templates/script.js");

/// A report could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// A picture could not be drawn.
    #[error(transparent)]
    Draw(#[from] DrawError),
    /// A template does not fit its data.
    #[error("the report's template does not fit: {0:#}")]
    Template(#[from] minijinja::Error),
}

/// The page.
///
/// # Errors
/// Only if the drawing library or a template fails, which no results make them do.
pub fn page(results: &Results) -> Result<String, PageError> {
    render(&content(results)?)
}

fn render(page: &Page) -> Result<String, PageError> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.add_template("page.html", PAGE)?;
    environment.add_template("parts.html", PARTS)?;
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        base64(&Sha256::digest(STYLE.as_bytes())),
        base64(&Sha256::digest(SCRIPT.as_bytes()))
    );
    let template = environment.get_template("page.html")?;
    Ok(template
        .render(context! { page => Value::from(Serde(page)), policy, style => STYLE, script => SCRIPT })?)
}

/// What the page says.
///
/// # Errors
/// Only if the drawing library fails.
pub fn content(results: &Results) -> Result<Page, DrawError> {
    let mut sections = own(results)?;
    sections.push(common::method(results)?);
    sections.push(evidence::verification(results));
    sections.extend(evidence::backtest(results));
    sections.push(common::limits(results));
    sections.push(common::assumptions(results));
    sections.push(checklists::stress(results));
    sections.push(checklists::quality(results));
    let scenario = results.scenario();
    let areas = match scenario.areas.len() {
        1 => Vec::new(),
        _ => scenario.areas.iter().map(|area| [area.id.clone(), area.name.clone()]).collect(),
    };
    Ok(Page {
        title: scenario.title.clone(),
        kind: kind(&results.found).to_owned(),
        facts: facts(results),
        warnings: warnings(results),
        areas,
        areas_at: areas_at(&results.found),
        sections,
        origin: results.run.origin(),
    })
}

/// The sections that depend on the command. A further command adds its own here.
fn own(results: &Results) -> Result<Vec<Section>, DrawError> {
    let unread = || Ok(Vec::new());
    match &results.found {
        Found::Run { .. } => match results.report() {
            Some(report) => run::sections(results, &report),
            None => unread(),
        },
        Found::Staffing(_) => match pictures::staffing_report(results) {
            Some(report) => staffing::sections(results, &report),
            None => unread(),
        },
        Found::Comparison(_) => {
            pictures::with_comparison(results, |report| comparison::sections(results, report))
                .unwrap_or_else(unread)
        }
        Found::Explanation(found) => {
            let report = ExplanationReport::new(results.scenario(), found, results.run.seed);
            explanation::sections(results, &report)
        }
        Found::Monitoring(_) => match pictures::monitor_report(results) {
            Some(report) => monitoring::sections(results, &report),
            None => unread(),
        },
        Found::Funding(_) => match pictures::funding_report(results) {
            Some(report) => funding::sections(results, &report),
            None => unread(),
        },
    }
}

/// The section in which areas are shown and hidden: the one whose charts have them.
fn areas_at(found: &Found) -> &'static str {
    match found {
        Found::Run { .. } => "areas",
        Found::Staffing(_) => "curves",
        Found::Funding(_) => "posts",
        Found::Comparison(_) | Found::Explanation(_) | Found::Monitoring(_) => "",
    }
}

fn kind(found: &Found) -> &'static str {
    match found {
        Found::Run { .. } => "What happens if nothing changes",
        Found::Staffing(_) => "How many posts are needed",
        Found::Comparison(_) => "Options compared",
        Found::Funding(_) => "Who gets the money for posts",
        Found::Monitoring(_) => "What was observed, beside the forecast",
        Found::Explanation(_) => "What drives the answers, and what to measure next",
    }
}

fn facts(results: &Results) -> Vec<[String; 2]> {
    let (scenario, run) = (results.scenario(), &results.run);
    let days = i64::from(scenario.horizon_weeks) * 7 - 1;
    let end = scenario.start.saturating_add(jiff::Span::new().days(days.max(0)));
    let hash: String = run.scenario_sha256.chars().take(8).collect();
    let fact = |term: &str, value: String| [term.to_owned(), value];
    vec![
        fact("Scenario", format!("{} ({hash})", run.scenario)),
        fact("Weeks", format!("{} to {}", plots::in_words(scenario.start), plots::in_words(end))),
        fact("Simulated runs", run.replications.to_string()),
        fact("Seed", run.seed.to_string()),
        fact("Made by", format!("caseflow {}, command {}", run.version, results.found.command())),
    ]
}

fn warnings(results: &Results) -> Vec<String> {
    let mut list = Vec::new();
    if results.run.partial {
        list.push("The run was interrupted: there are fewer simulated runs than planned.".to_owned());
    }
    if results.run.replications < 100 {
        list.push(format!(
            "There are only {} simulated runs: ranges and chances are rough. A paper for decision should have 100 or more.",
            results.run.replications
        ));
    }
    list
}

/// Bytes as base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let of = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = of(0) << 16 | of(1) << 8 | of(2);
        for digit in 0..4 {
            let shift = 18 - 6 * digit;
            text.push(if digit <= chunk.len() {
                char::from(DIGITS[(bits >> shift & 63) as usize])
            } else {
                '='
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        // RFC 4648, section 10.
        let table = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("foobar", "Zm9vYmFy"),
        ];
        for (plain, coded) in table {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}
