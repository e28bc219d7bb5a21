//! `caseflow calibrate` and `caseflow synthesise`: figures from a council's own extracts, and extracts to try it on.
//!
//! Consumes the command line; produces a scenario file with a report directory beside it, or a directory of extracts.
//! Each is whole or absent. **Privacy:** what is written comes from counts; rows stay in memory.

use std::fs;
use std::io::Write as _;
use std::path::{Component, Path, PathBuf};

use jiff::civil::Date;
use serde::Serialize;

use super::{Failure, load, print, print_json};
use crate::calibration::figure::Figure;
use crate::calibration::{self, Calibration, overlay};
use crate::cli::{CalibrateArguments, Format, SynthesiseArguments};
use crate::extracts::records::Reading;
use crate::extracts::{self, Assignment, Period};
use crate::report::calibration::{CalibrationReport, Facts, PAGE, stage};
use crate::report::directory::Staging;
use crate::report::number::rounded;
use crate::scenario::{self, Scenario};
use crate::simulation::Simulator;
use crate::synthetic;

/// What `--format json` prints.
#[derive(Serialize)]
struct Told<'t> {
    scenario: &'t Path,
    report: &'t Path,
    files: &'t [String],
    rows: usize,
    records: usize,
    rows_left_out: usize,
    figures: Vec<ToldFigure<'t>>,
    kept: Vec<[&'t str; 2]>,
}

#[derive(Serialize)]
struct ToldFigure<'t> {
    path: &'t str,
    base: f64,
    value: f64,
    low: f64,
    high: f64,
    rows: usize,
    method: &'t str,
}

/// Calibrates a base by extracts.
///
/// # Errors
/// If base, files or options cannot be used (exit code 2), or writing fails (exit code 1).
pub fn calibrate(arguments: &CalibrateArguments) -> Result<(), Failure> {
    let base = load(&arguments.base, &crate::cli::Overrides { set: Vec::new() })?;
    let out = match &arguments.out {
        Some(out) => out.clone(),
        None => PathBuf::from(format!("{}_calibrated.toml", base.name)),
    };
    let name = usable_name(&out, &arguments.base)?;
    let reading = read(arguments, &base)?;
    let found = calibration::calibrate(&base, &reading);
    if found.figures.is_empty() {
        let why: Vec<String> =
            found.kept.iter().map(|kept| format!("  {}: {}", kept.path, kept.why)).collect();
        return Err(Failure::work(format_args!(
            "nothing could be estimated from these extracts:\n{}",
            why.join("\n")
        )));
    }
    let facts = Facts {
        command: "calibrate",
        base: base.name.clone(),
        base_sha256: base.hash.clone(),
        scenario: name.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let report = CalibrationReport { base: &base, calibration: &found, reading: &reading, facts: &facts };
    let written = Written::prepare(&report, &out, &arguments.base)?;
    let directory = out.with_extension("");
    let staging = Staging::begin(&directory).map_err(Failure::work)?;
    stage(&staging, &report).map_err(Failure::work)?;
    let files = staging.commit_with(&facts).map_err(Failure::work)?;
    written.put_into_place(&out)?;
    tell(arguments, &report, &out, &directory, &files)
}

/// The new scenario's name, from its file's; refuses what would harm the base or could not be extended.
fn usable_name(out: &Path, base: &Path) -> Result<String, Failure> {
    let toml = |path: &Path| path.extension().is_some_and(|extension| extension == "toml");
    let stem = out.file_stem().map(|stem| stem.to_string_lossy().into_owned()).filter(|_| toml(out));
    let Some(stem) = stem else {
        return Err(Failure::usage(format_args!("{}: a scenario's file ends in .toml", out.display())));
    };
    if !toml(base) {
        return Err(Failure::usage(format_args!(
            "{}: the base's file has to end in .toml, or the new scenario could not extend it",
            base.display()
        )));
    }
    let same = matches!((out.canonicalize(), base.canonicalize()), (Ok(out), Ok(base)) if out == base);
    if same {
        return Err(Failure::usage("the new scenario extends the base: give it another file with -o"));
    }
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    Ok(stem.chars().map(|c| if fits(c) { c.to_ascii_lowercase() } else { '_' }).collect())
}

fn read(arguments: &CalibrateArguments, base: &Scenario) -> Result<Reading, Failure> {
    let assignment = match &arguments.areas {
        Some(file) => Assignment::from_file(file).map_err(Failure::usage)?,
        None => by_name(base)?,
    };
    let known = |area: &&str| base.areas.iter().any(|other| other.id == **area);
    if let Some(unknown) = assignment.areas().iter().find(|area| !known(area)) {
        let ids: Vec<&str> = base.areas.iter().map(|area| area.id.as_str()).collect();
        return Err(Failure::usage(format_args!(
            "the base has no area \"{unknown}\"; its areas are {}",
            ids.join(", ")
        )));
    }
    let period = Period { first: arguments.from, last: arguments.to };
    extracts::read_within(&arguments.extracts, &assignment, period).map_err(|files| {
        let lines: Vec<String> = files.iter().map(ToString::to_string).collect();
        Failure::usage(lines.join("\n"))
    })
}

/// Teams that are called as areas are.
fn by_name(base: &Scenario) -> Result<Assignment, Failure> {
    let mut table = ::csv::Writer::from_writer(Vec::new());
    let mut rows = vec![["team".to_owned(), "area".to_owned()]];
    for area in &base.areas {
        rows.push([area.id.clone(), area.id.clone()]);
        let other =
            base.areas.iter().any(|other| other.id != area.id && other.id.eq_ignore_ascii_case(&area.name));
        if !area.name.is_empty() && !other {
            rows.push([area.name.clone(), area.id.clone()]);
        }
    }
    for row in rows {
        table.write_record(row).map_err(Failure::work)?;
    }
    let bytes = table.into_inner().map_err(|error| Failure::work(error.to_string()))?;
    // Two areas of one name cannot be told apart by it: then rows have no area.
    Ok(Assignment::from_text(&String::from_utf8_lossy(&bytes)).unwrap_or_default())
}

/// The new scenario's file, checked but not yet in its place.
struct Written(tempfile::NamedTempFile);

impl Written {
    fn prepare(report: &CalibrationReport, out: &Path, base: &Path) -> Result<Self, Failure> {
        let folder = match out.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        fs::create_dir_all(folder)
            .map_err(|error| Failure::work(format_args!("cannot make {}: {error}", folder.display())))?;
        let heading = overlay::Heading {
            name: &report.facts.scenario,
            extends: &relative(folder, base)?,
            comment: &[
                format!(
                    "Figures estimated from the council's own extracts by caseflow {}.",
                    report.facts.version
                ),
                "Every range is a 90% interval; calibration.csv in the folder beside this file has them all."
                    .to_owned(),
            ],
        };
        let text = overlay::text(report.base, &report.calibration.figures, &heading);
        let mut builder = tempfile::Builder::new();
        builder.prefix(".caseflow-").suffix(".toml");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let fail = |error| Failure::work(format_args!("cannot write {}: {error}", out.display()));
        let mut file = builder.tempfile_in(folder).map_err(fail)?;
        file.write_all(text.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(fail)?;
        scenario::load(file.path(), &[]).map_err(|faults| {
            Failure::work(format_args!("the estimates do not fit the base (please report it):\n{faults}"))
        })?;
        Ok(Self(file))
    }

    fn put_into_place(self, out: &Path) -> Result<(), Failure> {
        let placed = self.0.persist(out);
        placed
            .map(|_| ())
            .map_err(|error| Failure::work(format_args!("cannot write {}: {error}", out.display())))
    }
}

/// The way from a folder to a file, with `/` between its parts.
fn relative(folder: &Path, file: &Path) -> Result<String, Failure> {
    let whole = |path: &Path| {
        path.canonicalize()
            .map_err(|error| Failure::work(format_args!("cannot find {}: {error}", path.display())))
    };
    let (folder, file) = (whole(folder)?, whole(file)?);
    let common = folder.components().zip(file.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(common).map(|_| "..".to_owned());
    let down = file.components().skip(common).map(|part| part.as_os_str().to_string_lossy().into_owned());
    if matches!(file.components().next(), Some(Component::Prefix(_))) && common == 0 {
        return Err(Failure::usage("the new scenario has to be on the same drive as its base"));
    }
    Ok(up.chain(down).collect::<Vec<String>>().join("/"))
}

fn tell(
    arguments: &CalibrateArguments,
    report: &CalibrationReport,
    out: &Path,
    directory: &Path,
    files: &[String],
) -> Result<(), Failure> {
    let found = report.calibration;
    let (rows, records, left_out) = report.rows();
    if arguments.output.format == Format::Json {
        let figure = |figure: &'_ Figure| (figure.base, figure.value, figure.low, figure.high, figure.rows);
        let figures = found.figures.iter().map(|one| {
            let (base, value, low, high, rows) = figure(one);
            ToldFigure { path: &one.path, base, value, low, high, rows, method: one.method }
        });
        return print_json(&Told {
            scenario: out,
            report: directory,
            files,
            rows,
            records,
            rows_left_out: left_out,
            figures: figures.collect(),
            kept: found.kept.iter().map(|kept| [kept.path.as_str(), kept.why.as_str()]).collect(),
        });
    }
    let mut text = table(found);
    if !arguments.output.quiet {
        text.push_str(&format!(
            "\n{rows} rows read, {records} used, {left_out} left out. {} parts of the base are not in the extracts and stay as \
             they are.\nScenario: {}\nReport:   {}\n",
            found.kept.len(),
            out.display(),
            directory.join(PAGE).display()
        ));
    }
    print(text.as_bytes())
}

fn table(found: &Calibration) -> String {
    let mut table = comfy_table::Table::new();
    table.load_preset(comfy_table::presets::NOTHING);
    table.set_header(["figure", "base", "estimate", "90% interval", "rows"]);
    for figure in found.figures.iter().filter(|figure| !figure.derived) {
        table.add_row([
            figure.path.clone(),
            rounded(figure.base),
            rounded(figure.value),
            format!("{} to {}", rounded(figure.low), rounded(figure.high)),
            figure.rows.to_string(),
        ]);
    }
    format!("{}\n", table.trim_fmt())
}

/// Facts of a directory of synthetic extracts.
#[derive(Serialize)]
struct SyntheticFacts {
    command: &'static str,
    scenario: String,
    scenario_sha256: String,
    seed: u64,
    replication: u32,
    from: Date,
    to: Date,
    version: String,
}

/// Writes synthetic extracts of one replication.
///
/// # Errors
/// If the scenario or the dates cannot be used (exit code 2), or the work fails (exit code 1).
pub fn synthesise(arguments: &SynthesiseArguments) -> Result<(), Failure> {
    let scenario = load(&arguments.scenario, &arguments.overrides)?;
    let span = span(arguments, &scenario)?;
    let staging = Staging::begin(&arguments.out).map_err(Failure::work)?;
    let simulator = Simulator::new(&scenario, arguments.seed);
    let draw = simulator.draw(arguments.replication);
    let (_, chronicle) = simulator
        .chronicle(arguments.replication, &draw, &mut simulator.workspace())
        .map_err(Failure::work)?;
    let made = synthetic::extracts(&scenario, &chronicle, &span);
    for (name, bytes) in synthetic::csv::files(&made).map_err(Failure::work)? {
        staging.bytes(name, &bytes).map_err(Failure::work)?;
    }
    let facts = SyntheticFacts {
        command: "synthesise",
        scenario: scenario.name.clone(),
        scenario_sha256: scenario.hash.clone(),
        seed: arguments.seed,
        replication: arguments.replication,
        from: span.start,
        to: span.end.saturating_sub(jiff::Span::new().days(1)),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let files = staging.commit_with(&facts).map_err(Failure::work)?;
    let text = format!(
        "{} invented rows from {} to {} in {}: {}\n",
        made.records.len(),
        facts.from,
        facts.to,
        arguments.out.display(),
        files.join(", ")
    );
    if arguments.quiet { Ok(()) } else { print(text.as_bytes()) }
}

/// The window asked for; the last twelve months of the run, or as much as it has, where nothing is asked.
fn span(arguments: &SynthesiseArguments, scenario: &Scenario) -> Result<synthetic::Span, Failure> {
    let (first, end) = (
        scenario.first_day(),
        scenario.start.saturating_add(jiff::Span::new().weeks(i64::from(scenario.horizon_weeks))),
    );
    let last = end.saturating_sub(jiff::Span::new().days(1));
    let to = arguments.to.unwrap_or(last);
    let year = to.saturating_sub(jiff::Span::new().days(364));
    let from = arguments.from.unwrap_or(if year < first { first } else { year });
    if from < first || to > last || from > to {
        return Err(Failure::usage(format_args!(
            "the extracts are to hold {from} to {to}, but the scenario simulates {first} to {last}"
        )));
    }
    Ok(from..to.saturating_add(jiff::Span::new().days(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_is_found_from_the_new_scenarios_folder() {
        let home = tempfile::tempdir().unwrap();
        let (deep, base) = (home.path().join("a/b"), home.path().join("c/base.toml"));
        fs::create_dir_all(&deep).unwrap();
        fs::create_dir_all(base.parent().unwrap()).unwrap();
        fs::write(&base, "").unwrap();
        assert_eq!(relative(&deep, &base).unwrap(), "../../c/base.toml");
        assert_eq!(relative(base.parent().unwrap(), &base).unwrap(), "base.toml");
    }

    #[test]
    fn a_base_is_never_overwritten() {
        let home = tempfile::tempdir().unwrap();
        let base = home.path().join("base.toml");
        fs::write(&base, "").unwrap();
        assert!(usable_name(&base, &base).is_err());
        assert!(usable_name(&home.path().join("new"), &base).is_err());
        assert_eq!(usable_name(&home.path().join("My town 2.toml"), &base).unwrap(), "my_town_2");
    }
}
