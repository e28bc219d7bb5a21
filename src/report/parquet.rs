//! `replications.parquet`: what each replication measured over the horizon.
//!
//! Consumes a [`ReplicationTable`]; produces a Parquet file with one row for each
//! replication, area and team (or desk; empty for the area as a whole). Columns: `replication`,
//! `area`, `team`; one optional double for each measure of any series; and, on the rows of areas,
//! `met_<standard>` (whether the replication met it) and `share_<standard>` (the share of families
//! or weeks that met its threshold).
//!
//! **Invariants.** Columns depend on the layout alone and stand in alphabetical order. At most
//! `ROWS_IN_MEMORY` rows make a row group, so that memory stays small however long the run.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::ops::Range;
use std::sync::Arc;

use ::parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use ::parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type};
use ::parquet::errors::Result;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use ::parquet::schema::types::{Type, TypePtr};

use super::model::{Report, area_id, holding_id};
use crate::scenario::{AreaId, Scenario};
use crate::simulation::{Holding, Layout};
use crate::summary::{ReplicationTable, is_met};

/// Rows of a row group. With a hundred columns, this many are some tens of megabytes at most.
const ROWS_IN_MEMORY: usize = 1 << 16;

/// A column besides the three keys.
#[derive(Clone, Debug, PartialEq)]
enum Content {
    /// A measure: for each row, the series it comes from.
    Measure(Vec<Option<usize>>),
    /// Whether a standard was met: for each row, the judgement it comes from.
    Met(Vec<Option<usize>>),
    /// The share that met a standard.
    Share(Vec<Option<usize>>),
}

/// Writes `replications.parquet`; gives the writer back.
///
/// The metadata hold the scenario's name and hash, the seed and the version.
///
/// # Errors
/// Only those of the writer.
pub fn replications<W: Write + Send>(out: W, report: &Report, table: &ReplicationTable) -> Result<W> {
    let rows = rows(report.layout);
    let columns = columns(report.scenario, report.layout, &rows);
    let schema = schema(columns.iter().map(|(name, content)| (name.as_str(), content)))?;
    let mut file = SerializedFileWriter::new(out, schema, Arc::new(properties(report)))?;
    let text = |text: &str| ByteArray::from(text);
    let areas: Vec<ByteArray> = rows.iter().map(|row| text(area_id(report.scenario, row.0))).collect();
    let teams: Vec<ByteArray> = rows.iter().map(|row| text(holding_id(report.scenario, row.1))).collect();
    let group = (ROWS_IN_MEMORY / rows.len().max(1)).max(1);
    for from in (0..table.len() as usize).step_by(group) {
        let span = from..(from + group).min(table.len() as usize);
        let mut group = file.next_row_group()?;
        let numbers: Vec<i32> = span
            .clone()
            .flat_map(|at| std::iter::repeat_n(table.first() as i32 + at as i32, rows.len()))
            .collect();
        write_column::<Int32Type>(&mut group, &numbers, None)?;
        write_column::<ByteArrayType>(&mut group, &repeated(&areas, span.len()), None)?;
        write_column::<ByteArrayType>(&mut group, &repeated(&teams, span.len()), None)?;
        for content in columns.values() {
            write_content(&mut group, content, report, table, span.clone())?;
        }
        group.close()?;
    }
    file.into_inner()
}

fn properties(report: &Report) -> WriterProperties {
    let metadata = [
        ("caseflow.scenario", report.run.scenario.clone()),
        ("caseflow.scenario_sha256", report.run.scenario_sha256.clone()),
        ("caseflow.seed", report.run.seed.to_string()),
        ("caseflow.version", report.run.version.clone()),
    ];
    let metadata = metadata.into_iter().map(|(key, value)| KeyValue::new(key.to_owned(), value));
    WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(format!("caseflow {}", report.run.version))
        .set_key_value_metadata(Some(metadata.collect()))
        .build()
}

/// Writes one column of some replications.
fn write_content(
    group: &mut SerializedRowGroupWriter<'_, impl Write + Send>,
    content: &Content,
    report: &Report,
    table: &ReplicationTable,
    span: Range<usize>,
) -> Result<()> {
    match content {
        Content::Measure(of) => {
            write_optional::<DoubleType>(group, span, of, |at, series| present(table.horizon(series)[at]))
        }
        Content::Share(of) => {
            write_optional::<DoubleType>(group, span, of, |at, judged| present(table.achieved(judged)[at]))
        }
        Content::Met(of) => write_optional::<BoolType>(group, span, of, |at, judged| {
            let standard = &report.scenario.standards[report.layout.judged[judged].standard];
            Some(is_met(table.achieved(judged)[at], standard.required_share))
        }),
    }
}

fn repeated(texts: &[ByteArray], times: usize) -> Vec<ByteArray> {
    (0..times).flat_map(|_| texts.iter().cloned()).collect()
}

fn present(value: f64) -> Option<f64> {
    (!value.is_nan()).then_some(value)
}

type Row = (Option<AreaId>, Holding);

/// The rows of one replication, in the layout's order; an area that is only judged gets one too.
fn rows(layout: &Layout) -> Vec<Row> {
    let of_series = layout.series.iter().map(|series| (series.area, series.holding));
    let of_judged = layout.judged.iter().map(|judged| (judged.area, Holding::Area));
    let mut seen = BTreeSet::new();
    of_series.chain(of_judged).filter(|&row| seen.insert(row)).collect()
}

/// The columns by name, each with its place in the record for every row.
fn columns(scenario: &Scenario, layout: &Layout, rows: &[Row]) -> BTreeMap<String, Content> {
    let row_of: BTreeMap<Row, usize> = rows.iter().enumerate().map(|(at, &row)| (row, at)).collect();
    let mut columns: BTreeMap<String, Content> = BTreeMap::new();
    for (at, series) in layout.series.iter().enumerate() {
        let column =
            columns.entry(series.measure.clone()).or_insert_with(|| Content::Measure(vec![None; rows.len()]));
        if let (Content::Measure(of), Some(&row)) = (column, row_of.get(&(series.area, series.holding))) {
            of[row] = Some(at);
        }
    }
    for (standard, described) in scenario.standards.iter().enumerate() {
        let mut of = vec![None; rows.len()];
        for (at, judged) in layout.judged.iter().enumerate() {
            if judged.standard == standard {
                of[row_of[&(judged.area, Holding::Area)]] = Some(at);
            }
        }
        for (prefix, content) in [("met", Content::Met(of.clone())), ("share", Content::Share(of))] {
            let mut name = format!("{prefix}_{}", described.id);
            // A standard called `workers_over_limit` would take that measure's column.
            while columns.contains_key(&name) {
                name.push_str("_standard");
            }
            columns.insert(name, content);
        }
    }
    columns
}

fn schema<'c>(columns: impl Iterator<Item = (&'c str, &'c Content)>) -> Result<TypePtr> {
    let key = |name: &str, physical, logical| {
        Type::primitive_type_builder(name, physical)
            .with_repetition(Repetition::REQUIRED)
            .with_logical_type(logical)
            .build()
            .map(Arc::new)
    };
    let mut fields = vec![
        key("replication", Physical::INT32, None)?,
        key("area", Physical::BYTE_ARRAY, Some(LogicalType::String))?,
        key("team", Physical::BYTE_ARRAY, Some(LogicalType::String))?,
    ];
    for (name, content) in columns {
        let physical = match content {
            Content::Met(_) => Physical::BOOLEAN,
            Content::Measure(_) | Content::Share(_) => Physical::DOUBLE,
        };
        let field = Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
        fields.push(Arc::new(field.build()?));
    }
    Type::group_type_builder("replications").with_fields(fields).build().map(Arc::new)
}

/// Writes an optional column: for each replication and row, the value that `read` finds.
fn write_optional<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, impl Write + Send>,
    span: Range<usize>,
    of: &[Option<usize>],
    read: impl Fn(usize, usize) -> Option<T::T>,
) -> Result<()> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    for at in span {
        for place in of {
            let value = place.and_then(|place| read(at, place));
            levels.push(i16::from(value.is_some()));
            values.extend(value);
        }
    }
    write_column::<T>(group, &values, Some(&levels))
}

fn write_column<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, impl Write + Send>,
    values: &[T::T],
    levels: Option<&[i16]>,
) -> Result<()> {
    // The schema and the columns are made from the same list, so there is always a next column.
    if let Some(mut column) = group.next_column()? {
        column.typed::<T>().write_batch(values, levels, None)?;
        column.close()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use ::parquet::file::reader::{FileReader, SerializedFileReader};
    use ::parquet::record::Field;

    use super::*;
    use crate::report::example::Example;
    use crate::simulation::{ReplicationRecord, Series};
    use crate::summary::Tally;

    fn file_of(example: &Example, replications: u32) -> Vec<u8> {
        let (series, weeks) = (example.layout.series.len(), example.layout.weeks);
        let mut tally = Tally::new(&example.layout, 0);
        for replication in 0..replications {
            let mut horizon: Vec<f64> =
                (0..series).map(|at| f64::from(replication) + at as f64 / 100.0).collect();
            horizon[1] = f64::NAN;
            let weekly = ndarray::Array2::zeros((series, weeks));
            let achieved = vec![0.85, f64::NAN, 0.1];
            tally
                .fold(&[ReplicationRecord {
                    replication,
                    weekly,
                    horizon,
                    achieved,
                    costs: Vec::new(),
                    published: Vec::new(),
                    events: 0,
                }])
                .unwrap();
        }
        super::replications(Vec::new(), &example.report(), tally.table()).unwrap()
    }

    fn reader(bytes: &[u8]) -> SerializedFileReader<std::fs::File> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        SerializedFileReader::new(file).unwrap()
    }

    fn read(bytes: Vec<u8>) -> Vec<Vec<(String, Field)>> {
        let reader = reader(&bytes);
        let rows = reader.get_row_iter(None).unwrap();
        rows.map(|row| row.unwrap().into_columns()).collect()
    }

    fn cell<'r>(row: &'r [(String, Field)], name: &str) -> &'r Field {
        &row.iter().find(|(column, _)| column == name).unwrap_or_else(|| panic!("no {name}")).1
    }

    #[test]
    fn the_file_reads_back() {
        let example = Example::small();
        let rows = read(file_of(&example, 3));
        // North and South, each with one team, the council and its desk.
        assert_eq!(rows.len(), 3 * 6);
        let north = &rows[6];
        assert_eq!(cell(north, "replication"), &Field::Int(1));
        assert_eq!(cell(north, "area"), &Field::Str("north".into()));
        assert_eq!(cell(north, "team"), &Field::Str(String::new()));
        assert_eq!(cell(north, "referrals"), &Field::Double(1.0));
        assert_eq!(cell(north, "waiting_families"), &Field::Null, "a NaN is empty");
        assert_eq!(cell(north, "families_per_fte"), &Field::Null, "not a measure of areas");
        assert_eq!(cell(north, "met_assessment_on_time"), &Field::Bool(true), "0.85 is enough");
        assert_eq!(cell(north, "share_assessment_on_time"), &Field::Double(0.85));
        assert_eq!(cell(north, "met_caseload"), &Field::Null, "judged for the council alone");
        let team = &rows[7];
        assert_eq!(cell(team, "team"), &Field::Str("early_help".into()));
        assert_eq!(cell(team, "allocations"), &Field::Double(1.04));
        assert_eq!(cell(team, "met_assessment_on_time"), &Field::Null);
        let south = &rows[8];
        assert_eq!(cell(south, "met_assessment_on_time"), &Field::Bool(true), "nothing to judge");
        assert_eq!(cell(south, "share_assessment_on_time"), &Field::Null);
        let council = &rows[10];
        assert_eq!(cell(council, "area"), &Field::Str("all".into()));
        assert_eq!(cell(council, "met_caseload"), &Field::Bool(false));
        assert_eq!(cell(&rows[11], "team"), &Field::Str("screening".into()));
    }

    #[test]
    fn the_file_says_where_it_comes_from() {
        let example = Example::small();
        let reader = reader(&file_of(&example, 1));
        let metadata = reader.metadata().file_metadata().key_value_metadata().unwrap().clone();
        let get = |key: &str| {
            metadata.iter().find(|pair| pair.key == key).and_then(|pair| pair.value.clone()).unwrap()
        };
        assert_eq!(get("caseflow.scenario_sha256"), example.scenario.hash);
        assert_eq!(get("caseflow.seed"), "1");
        assert_eq!(get("caseflow.version"), "0.1.0");
    }

    #[test]
    fn a_standard_never_takes_a_measures_column() {
        let mut example = Example::small();
        example.scenario.standards[0].id = "workers_over_limit".into();
        example.layout.series[0].measure = "share_workers_over_limit".into();
        let rows = read(file_of(&example, 1));
        assert_eq!(cell(&rows[0], "share_workers_over_limit"), &Field::Double(0.0));
        assert_eq!(cell(&rows[0], "share_workers_over_limit_standard"), &Field::Double(0.85));
    }

    #[test]
    fn long_runs_are_written_in_several_groups_without_losing_a_row() {
        let mut example = Example::small();
        // One week, and so many desks that five replications are more than a group.
        let series = example.layout.series[0].clone();
        example.layout.weeks = 1;
        let desks = ROWS_IN_MEMORY / 3;
        let desk = example.scenario.desks[0].clone();
        example.scenario.desks = vec![desk; desks];
        example.layout.series =
            (0..desks).map(|at| Series { holding: Holding::Desk(at), ..series.clone() }).collect();
        let bytes = file_of(&example, 5);
        let reader = reader(&bytes);
        assert_eq!(reader.num_row_groups(), 3);
        // Three areas are judged and have a row of their own.
        assert_eq!(reader.metadata().file_metadata().num_rows(), 5 * (desks as i64 + 3));
    }

    #[test]
    fn the_same_figures_give_the_same_bytes() {
        let example = Example::small();
        assert_eq!(file_of(&example, 4), file_of(&example, 4));
    }
}
