//! `replications.parquet`: what each replication measured over the horizon.
//!
//! Consumes replications one at a time, in order; produces a Parquet file with one row for each
//! replication, area and team (or desk; empty for the area as a whole). Columns: `replication`,
//! `area`, `team`; one optional double for each measure of any series; and, on the rows of areas,
//! `met_<standard>` (whether the replication met it) and `share_<standard>` (the share of families
//! or weeks that met its threshold).
//!
//! **Invariants.** Columns depend on the layout alone and stand in alphabetical order. At most
//! [`VALUES_IN_MEMORY`] figures are held before a row group is written.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::Arc;

use ::parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use ::parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type};
use ::parquet::errors::Result;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use ::parquet::schema::types::{Type, TypePtr};

use super::model::{area_id, holding_id};
use crate::scenario::{AreaId, Scenario};
use crate::simulation::{Holding, Layout};

/// Figures (8 bytes each) held before they are written out.
const VALUES_IN_MEMORY: usize = 1 << 20;

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

/// Writes `replications.parquet` as replications arrive.
pub struct ReplicationTable<W: Write + Send> {
    file: SerializedFileWriter<W>,
    areas: Vec<ByteArray>,
    teams: Vec<ByteArray>,
    columns: Vec<Content>,
    /// For each judgement, the share that is required.
    required: Vec<f64>,
    series: usize,
    replications: Vec<i32>,
    /// Held figures: for each replication its horizon, then its achieved shares.
    held: Vec<f64>,
}

impl<W: Write + Send> ReplicationTable<W> {
    /// Begins the file. `seed` and `version` go into its metadata, with the scenario's hash.
    ///
    /// # Errors
    /// Only those of the writer.
    pub fn new(out: W, scenario: &Scenario, layout: &Layout, seed: u64, version: &str) -> Result<Self> {
        let rows = rows(layout);
        let columns = columns(scenario, layout, &rows);
        let schema = schema(columns.iter().map(|(name, content)| (name.as_str(), content)))?;
        let metadata = [
            ("caseflow.scenario", scenario.name.clone()),
            ("caseflow.scenario_sha256", scenario.hash.clone()),
            ("caseflow.seed", seed.to_string()),
            ("caseflow.version", version.to_owned()),
        ];
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(format!("caseflow {version}"))
            .set_key_value_metadata(Some(
                metadata.into_iter().map(|(key, value)| KeyValue::new(key.to_owned(), value)).collect(),
            ))
            .build();
        let text = |text: &str| ByteArray::from(text);
        Ok(Self {
            file: SerializedFileWriter::new(out, schema, Arc::new(properties))?,
            areas: rows.iter().map(|row| text(area_id(scenario, row.0))).collect(),
            teams: rows.iter().map(|row| text(holding_id(scenario, row.1))).collect(),
            columns: columns.into_values().collect(),
            required: layout
                .judged
                .iter()
                .map(|judged| scenario.standards[judged.standard].required_share)
                .collect(),
            series: layout.series.len(),
            replications: Vec::new(),
            held: Vec::new(),
        })
    }

    /// Adds one replication: its figures over the horizon, one for each series, and the shares it
    /// achieved, one for each judgement.
    ///
    /// # Errors
    /// Only those of the writer.
    ///
    /// # Panics
    /// If the lengths are not those of the layout.
    pub fn push(&mut self, replication: u32, horizon: &[f64], achieved: &[f64]) -> Result<()> {
        assert_eq!((horizon.len(), achieved.len()), (self.series, self.required.len()));
        self.replications.push(replication as i32);
        self.held.extend_from_slice(horizon);
        self.held.extend_from_slice(achieved);
        // Column buffers are rows × columns, larger than what is held: both are bounded.
        let buffered = self.replications.len() * self.areas.len();
        if self.held.len().max(buffered) >= VALUES_IN_MEMORY { self.write_row_group() } else { Ok(()) }
    }

    /// Writes what is held and the footer, and gives the writer back.
    ///
    /// # Errors
    /// Only those of the writer.
    pub fn finish(mut self) -> Result<W> {
        if !self.replications.is_empty() {
            self.write_row_group()?;
        }
        self.file.into_inner()
    }

    fn write_row_group(&mut self) -> Result<()> {
        let mut group = self.file.next_row_group()?;
        let (rows, count) = (self.areas.len(), self.replications.len());
        let numbers: Vec<i32> =
            self.replications.iter().flat_map(|&number| std::iter::repeat_n(number, rows)).collect();
        write_column::<Int32Type>(&mut group, &numbers, None)?;
        write_column::<ByteArrayType>(&mut group, &repeated(&self.areas, count), None)?;
        write_column::<ByteArrayType>(&mut group, &repeated(&self.teams, count), None)?;
        let width = (self.series + self.required.len()).max(1);
        for column in &self.columns {
            let records = self.held.chunks_exact(width);
            match column {
                Content::Measure(of) => {
                    write_optional::<DoubleType>(&mut group, records, of, |record, series| {
                        present(record[series])
                    })?;
                }
                Content::Share(of) => {
                    write_optional::<DoubleType>(&mut group, records, of, |record, judged| {
                        present(record[self.series + judged])
                    })?;
                }
                Content::Met(of) => {
                    write_optional::<BoolType>(&mut group, records, of, |record, judged| {
                        let share = record[self.series + judged];
                        // Nothing to judge counts as met.
                        Some(share.is_nan() || share >= self.required[judged])
                    })?;
                }
            }
        }
        group.close()?;
        self.replications.clear();
        self.held.clear();
        Ok(())
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
        let column = columns
            .entry(series.measure.clone())
            .or_insert_with(|| Content::Measure(vec![None; rows.len()]));
        if let (Content::Measure(of), Some(&row)) =
            (column, row_of.get(&(series.area, series.holding)))
        {
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

/// Writes an optional column: for each record and row, the value that `read` finds.
fn write_optional<'r, T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, impl Write + Send>,
    records: impl Iterator<Item = &'r [f64]>,
    of: &[Option<usize>],
    read: impl Fn(&[f64], usize) -> Option<T::T>,
) -> Result<()> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    for record in records {
        for place in of {
            let value = place.and_then(|place| read(record, place));
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

    fn file_of(example: &Example, replications: u32) -> Vec<u8> {
        let mut table =
            ReplicationTable::new(Vec::new(), &example.scenario, &example.layout, 7, "0.1.0").unwrap();
        let series = example.layout.series.len();
        for replication in 0..replications {
            let mut horizon: Vec<f64> =
                (0..series).map(|at| f64::from(replication) + at as f64 / 100.0).collect();
            horizon[1] = f64::NAN;
            table.push(replication, &horizon, &[0.85, f64::NAN, 0.1]).unwrap();
        }
        table.finish().unwrap()
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
        assert_eq!(get("caseflow.seed"), "7");
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
        // A layout wide enough that a few replications fill the memory allowed.
        let series = example.layout.series[0].clone();
        example.layout.series = (0..VALUES_IN_MEMORY / 3)
            .map(|at| crate::simulation::Series { measure: format!("m{}", at % 4), ..series.clone() })
            .collect();
        let bytes = file_of(&example, 5);
        let reader = reader(&bytes);
        assert_eq!(reader.num_row_groups(), 2);
        assert_eq!(reader.metadata().file_metadata().num_rows(), 5 * 3);
    }

    #[test]
    fn the_same_figures_give_the_same_bytes() {
        let example = Example::small();
        assert_eq!(file_of(&example, 4), file_of(&example, 4));
    }
}
