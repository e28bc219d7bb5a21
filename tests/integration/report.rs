//! What people read: made from results alone, safe whatever a scenario holds, and adding up.

use std::fs;
use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use super::place::{Place, TINY};

/// What a careless or hostile author may call things.
const NASTY: [&str; 5] =
    ["<script>alert(1)</script>", "=1+1", "\"quoted\" 'twice'", "]]></style>-->", "@SUM(A1)"];

/// Two areas, two funders and families open at the start, with nasty names wherever names may be.
fn nasty() -> String {
    let [script, sum, quoted, cdata, at] = NASTY.map(|name| toml::Value::from(name).to_string());
    let tiny = TINY
        .replace("title = \"A tiny council\"", &format!("title = {script}\ndescription = {cdata}"))
        .replace("warm_up_weeks = 4\n", "")
        .replace("[areas.north]", &format!("[areas.north]\nname = {sum}"))
        .replace("source = \"a printed table\"", &format!("source = {sum}"))
        .replace("[teams.early_help]", &format!("[teams.early_help]\nname = {quoted}"))
        .replace("[stages.early_help]", &format!("[stages.early_help]\nname = {script}"))
        .replace("name = \"Closed\"", &format!("name = {cdata}"));
    format!(
        "{tiny}
[areas.south]
name = {at}
population = 10000

[initial.north]
early_help = 3
[initial.south]
early_help = 41

[clocks.wait]
name = {script}
starts = \"enter:early_help\"
stops = \"start:early_help\"
working_days = 10

[standards.wait]
name = {sum}
clock = \"wait\"
required_share = 0.9

[pay.early_help_worker]
salary = 30000

[funders.council]
name = {at}
[funders.partner]
name = {sum}
[pots.grant]
funder = \"partner\"
amount_per_year = 10000
order = 1
[pots.rest]
funder = \"council\"
order = 2
"
    )
}

fn nasty_place() -> Place {
    let place = Place::new();
    fs::write(place.path("nasty.toml"), nasty()).expect("a file");
    place.caseflow(&["run", "nasty.toml", "--out", "out", "--quiet"]).assert().success();
    place
}

fn workbook(place: &Place, name: &str) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(fs::read(place.path(name)).expect("a workbook"))).expect("it opens")
}

#[test]
fn a_report_is_made_again_to_the_byte_and_tables_stay() {
    let place = Place::new();
    place.caseflow(&["run", "tiny.toml", "--out", "out", "--quiet"]).assert().success();
    let (before, run) = (place.results("out"), fs::read(place.path("out/run.json")).expect("it"));
    for made in ["report.html", "report.xlsx", "plots/fan_all.svg"] {
        fs::remove_file(place.path("out").join(made)).expect("it was there");
    }
    place.caseflow(&["report", "out"]).assert().success();
    assert!(before == place.results("out"));
    assert_eq!(run, fs::read(place.path("out/run.json")).expect("it"));
}

#[test]
fn what_cannot_be_read_is_explained() {
    let place = Place::new();
    let refused = |words: &str| {
        let output = place.caseflow(&["report", "out"]).assert().code(2).get_output().stderr.clone();
        let text = String::from_utf8_lossy(&output).into_owned();
        assert!(text.contains(words), "{text}");
    };
    refused("is not a results directory");
    place.caseflow(&["run", "tiny.toml", "--out", "out", "--quiet"]).assert().success();
    let weekly = fs::read_to_string(place.path("out/weekly.csv")).expect("it");
    fs::write(place.path("out/weekly.csv"), weekly.replacen(",1,", ",2,", 1)).expect("written");
    refused("is not as it was written");
    fs::remove_file(place.path("out/weekly.csv")).expect("removed");
    refused("has no weekly.csv");
    fs::write(place.path("out/findings.bin"), "caseflow findings, format 999\nfrom the future")
        .expect("written");
    refused("has format 999");
    place.caseflow(&["run", "tiny.toml", "--shard", "1/2", "--out", "out", "--quiet"]).assert().success();
    refused("one part of a split run");
}

#[test]
fn every_command_leaves_a_report_and_a_workbook() {
    let place = Place::new();
    let more = "extends = \"tiny.toml\"\nname = \"more\"\nareas.north.teams.early_help.fte = 6\n";
    fs::write(place.path("more.toml"), more).expect("a file");
    place.caseflow(&["compare", "tiny.toml", "more.toml", "--out", "compare", "--quiet"]).assert().success();
    place
        .caseflow(&["explain", "tiny.toml", "--replications", "500", "--out", "explain", "--quiet"])
        .assert()
        .success();
    for folder in ["compare", "explain"] {
        let before = place.results(folder);
        place.caseflow(&["report", folder]).assert().success();
        assert!(before == place.results(folder), "{folder}");
        let page = fs::read_to_string(place.path(folder).join("report.html")).expect("a report");
        for heading in
            ["The answer first", "What drives it", "What to look at in six months", "What this cannot say"]
        {
            assert!(page.contains(heading), "{folder}: {heading}");
        }
        workbook(&place, &format!("{folder}/report.xlsx"));
    }
}

/// Posts and money for the tiny council, with few runs.
#[test]
fn posts_and_money_are_made_again_to_the_byte() {
    let place = Place::new();
    fs::write(place.path("asked.toml"), nasty()).expect("a file");
    for command in ["staff", "fund"] {
        place
            .caseflow(&[command, "asked.toml", "--replications", "20", "--out", command, "--quiet"])
            .assert()
            .success();
        let before = place.results(command);
        for made in ["report.html", "report.xlsx"] {
            fs::remove_file(place.path(command).join(made)).expect("it was there");
        }
        place.caseflow(&["report", command]).assert().success();
        assert!(before == place.results(command), "{command}");
        let page = fs::read_to_string(place.path(command).join("report.html")).expect("a report");
        for heading in ["The ask, and the answer", "What to look at in six months", "Why believe it"] {
            assert!(page.contains(heading), "{command}: {heading}");
        }
        // Every chart but the pathway can be pointed at.
        let charts = page.matches("<figure class=\"chart\"").count();
        assert!(charts > 1 && page.matches("data-fields=\"").count() == charts - 1, "{command}: {charts}");
    }
}

#[test]
fn workbooks_of_every_command_have_charts_with_words_for_those_who_do_not_see_them() {
    let place = Place::new();
    let more = "extends = \"tiny.toml\"\nname = \"more\"\nareas.north.teams.early_help.fte = 6\n";
    fs::write(place.path("more.toml"), more).expect("a file");
    place.caseflow(&["run", "tiny.toml", "--out", "run", "--quiet"]).assert().success();
    place.caseflow(&["compare", "tiny.toml", "more.toml", "--out", "compare", "--quiet"]).assert().success();
    place
        .caseflow(&["explain", "tiny.toml", "--replications", "500", "--out", "explain", "--quiet"])
        .assert()
        .success();
    for folder in ["run", "compare", "explain"] {
        let results = caseflow::report::read::results(&place.path(folder)).expect("results");
        let sheets = caseflow::report::workbook::sheets(&results);
        let charts: Vec<_> = sheets.iter().filter_map(|sheet| Some((sheet, sheet.chart.as_ref()?))).collect();
        assert!(!charts.is_empty(), "{folder}");
        for (sheet, chart) in charts {
            assert!(chart.alt_text.contains("in this sheet"), "{folder}, {}: {}", sheet.name, chart.alt_text);
            let columns = chart.values.iter().chain([&chart.names]).chain(&chart.errors);
            assert!(columns.clone().all(|&column| usize::from(column) < sheet.columns.len()), "{folder}");
            assert!(
                chart.rows.0 == 1 && chart.rows.1 as usize <= sheet.rows.len(),
                "{folder}, {}",
                sheet.name
            );
        }
    }
}

#[test]
fn a_report_shows_the_record_of_the_exact_cases_as_a_record() {
    let place = Place::new();
    place.caseflow(&["run", "tiny.toml", "--out", "out", "--quiet"]).assert().success();
    let page = fs::read_to_string(place.path("out/report.html")).expect("a report");
    let table = page.split("id=\"verification-table\"").nth(1).and_then(|rest| rest.split("</table>").next());
    let table = table.expect("a table of the cases");
    for case in caseflow::verification::cases() {
        let title = case.title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        assert!(table.contains(title.split(['\'', '"', '/']).next().expect("words")), "{title}");
    }
    assert!(page.contains("it was not worked out for this report"));
    assert_eq!(
        page.contains("id=\"backtest\""),
        !caseflow::report::evidence::backtested().is_empty(),
        "shown where there is one, and only there"
    );
}

#[test]
fn nothing_from_a_scenario_becomes_markup() {
    let place = nasty_place();
    let page = fs::read_to_string(place.path("out/report.html")).expect("a report");
    // The page's own.
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(page.matches("</script").count(), 1);
    assert_eq!(page.matches("</style").count(), 1);
    assert!(!page.contains("]]>") && !page.contains("-->"));
    assert!(page.contains("&lt;script&gt;alert(1)"));
    for svg in ["plots/areas.svg", "plots/fan_all.svg"] {
        let text = fs::read_to_string(place.path("out").join(svg)).expect(svg);
        assert!(!text.contains("<script"), "{svg}");
    }
}

#[test]
fn nothing_from_a_scenario_becomes_a_formula() {
    let place = nasty_place();
    let mut book = workbook(&place, "out/report.xlsx");
    let mut seen = 0;
    for name in book.sheet_names() {
        let formulas = book.worksheet_formula(&name).expect("a sheet");
        for (row, column, formula) in formulas.used_cells() {
            assert!(
                ["ROUND(", "SUM(", "SUMPRODUCT("].iter().any(|ours| formula.starts_with(ours)),
                "{name} {row} {column}: {formula}"
            );
        }
        let cells = book.worksheet_range(&name).expect("a sheet");
        seen += cells.used_cells().filter(|(_, _, cell)| **cell == Data::String("=1+1".into())).count();
    }
    assert!(seen > 3, "texts that look like formulas are there, as texts: {seen}");
}

#[test]
fn totals_are_formulas_whose_values_are_the_sums_of_their_rows() {
    let place = nasty_place();
    let mut book = workbook(&place, "out/report.xlsx");
    let costs = book.worksheet_range("Costs").expect("costs");
    let totals = book.worksheet_range("Cost totals").expect("totals");
    let formulas = book.worksheet_formula("Cost totals").expect("formulas");
    let number = |cell: Option<&Data>| match cell {
        Some(Data::Float(value)) => *value,
        other => panic!("no number: {other:?}"),
    };
    let mut checked = 0;
    for (at, row) in totals.rows().enumerate().skip(1) {
        let key = match row[0].to_string().as_str() {
            "Funder" => Some(1),
            "Year" => Some(4),
            _ => None,
        };
        let of = |cells: &&[Data]| key.is_none_or(|key| cells[key] == row[1]);
        let sum: f64 = costs.rows().skip(1).filter(of).map(|cells| number(cells.get(5))).sum();
        assert!((sum - number(row.get(3))).abs() < 0.005, "{row:?}: {sum}");
        assert!((number(row.get(4)) - sum).abs() < 0.005 && number(row.get(5)) == 0.0, "{row:?}");
        assert!(!formulas.get_value((at as u32, 3)).expect("a formula").is_empty());
        checked += 1;
    }
    assert!(checked >= 3);
}

#[test]
fn small_counts_of_real_families_are_hidden_with_their_complements() {
    let place = nasty_place();
    let page = fs::read_to_string(place.path("out/report.html")).expect("a report");
    let table =
        page.split("id=\"initial\"").nth(1).and_then(|rest| rest.split("</table>").next()).expect("it");
    // One stage: 3 is hidden, 41 with it, or the column would give it away; and so are the totals.
    assert!(table.contains("[c]") && !table.contains("41") && !table.contains(">3<"), "{table}");
    let mut book = workbook(&place, "out/report.xlsx");
    let cells = book.worksheet_range("Open at the start").expect("a sheet");
    for row in cells.rows().skip(1) {
        assert!(row[1..].iter().all(|cell| *cell == Data::String("[c]".into())), "{row:?}");
    }
}

#[test]
fn sheets_have_one_header_row_and_no_empty_rows_or_cells() {
    let place = nasty_place();
    let mut book = workbook(&place, "out/report.xlsx");
    assert_eq!(book.sheet_names()[0], "Notes");
    for name in book.sheet_names() {
        let cells = book.worksheet_range(&name).expect("a sheet");
        assert_eq!(cells.start(), Some((0, 0)), "{name}");
        for row in cells.rows() {
            assert!(row.iter().all(|cell| *cell != Data::Empty), "{name}: {row:?}");
        }
    }
}

#[test]
fn a_page_loads_nothing_and_lets_no_other_script_run() {
    let place = nasty_place();
    let page = fs::read_to_string(place.path("out/report.html")).expect("a report");
    assert!(page.contains("default-src &#x27;none&#x27;") || page.contains("default-src 'none'"));
    for word in ["src=", "@import", "url(", " style=", "onclick", "onload", "unsafe-inline"] {
        assert!(!page.contains(word), "{word}");
    }
}
