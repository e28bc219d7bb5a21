use jiff::civil::date;

use super::*;

fn read(text: &str) -> Result<Observed, ObservedFaults> {
    parse("seen.csv", text.as_bytes())
}

fn faults(text: &str) -> String {
    read(text).expect_err("faults").to_string()
}

#[test]
fn weeks_are_read_with_their_names() {
    let text = "# where it comes from\narea,team,week_start,measure,value,remark\n\
                north,early_help,2024-09-02,completions,4,x\nall,,09/09/2024,referrals,7.5,\n,,2024-09-16,referrals,,\n";
    let seen = read(&format!("\u{feff}{text}")).expect("it reads");
    assert_eq!((seen.rows.len(), seen.gaps, seen.unread.join(",")), (2, 1, "remark".to_owned()));
    let [first, second] = seen.rows.as_slice() else { panic!("two rows") };
    assert_eq!(
        (first.line, first.area.as_deref(), first.team.as_deref()),
        (3, Some("north"), Some("early_help"))
    );
    assert_eq!((second.area.as_deref(), second.value, second.counts), (None, 7.5, None));
    assert_eq!(second.period, Period::Week(date(2024, 9, 9)));
    assert_eq!(second.period.end(), date(2024, 9, 16));
}

#[test]
fn months_stand_for_referrals_unless_they_say_otherwise() {
    let seen = read("month,value,counts\n2024-02,11,children\n").expect("it reads");
    assert_eq!(seen.rows[0].measure, "referrals");
    assert_eq!(seen.rows[0].counts, Some(Counts::Children));
    assert_eq!((seen.rows[0].period.id(), seen.rows[0].period.end()), ("2024-02".into(), date(2024, 3, 1)));
    let seen = read("month,measure,value\n2024-02,arrivals,11\n").expect("it reads");
    assert_eq!((seen.rows[0].measure.as_str(), seen.rows[0].counts), ("arrivals", None));
}

#[test]
fn the_published_layout_counts_children_and_has_authorities() {
    let text = "month,year_ending_march,level,code,dfe_code,name,referrals,working_days\n\
                2019-09,2020,la,E08000004,353,Oldham,306,21\n2019-09,2020,la,E08000032,380,Bradford,700,21\n\
                2019-10,2020,la,E08000004,353,Oldham,,23\n";
    let seen = read(text).expect("it reads");
    assert_eq!((seen.rows.len(), seen.gaps), (2, 1));
    let oldham = seen.of_authority("oldham").expect("it is there");
    assert_eq!((oldham.rows.len(), oldham.rows[0].value), (1, 306.0));
    assert_eq!(oldham.rows[0].counts, Some(Counts::Children));
    assert_eq!(seen.of_authority("E08000032").expect("by code").rows[0].value, 700.0);
    let wrong = seen.of_authority("Oldam").expect_err("no such place").to_string();
    assert!(wrong.contains("did you mean `Oldham`?"), "{wrong}");
    assert!(seen.of_one().expect_err("two").to_string().contains("--authority"));
    assert!(oldham.of_one().is_ok());
}

#[test]
fn all_faults_are_told_with_their_lines() {
    let text = "week_start,measure,value\n2024-09-03,referrals,1\n2024-13-02,referrals,2\n2024-09-02,,3\n\
                2024-09-02,referrals,-1\n2024-09-02,referrals,many\n2024-09-02,referrals,4\n2024-09-02,referrals,5\n";
    let told = faults(text);
    for words in [
        "seen.csv:2: week_start: 2024-09-03 is not a Monday (weeks begin on Mondays; this day's week begins on 2024-09-02)",
        "seen.csv:3: week_start: `2024-13-02` is no day",
        "seen.csv:4: measure: is empty",
        "seen.csv:5: value: -1 is below 0",
        "seen.csv:6: value: `many` is no number",
        "seen.csv:8: says again what line 7 says: referrals of 2024-09-02",
        "6 faults; nothing was run.",
    ] {
        assert!(told.contains(words), "{words} in\n{told}");
    }
    for value in ["NaN", "inf", "1,000"] {
        let told = faults(&format!("month,value\n2024-09,\"{value}\"\n"));
        assert!(told.contains("is no number"), "{told}");
    }
}

#[test]
fn headings_that_are_missing_or_doubled_are_named() {
    assert!(faults("week,measure,value\n").contains("no column `week_start` or `month`; is it `week`?"));
    assert!(faults("week_start,value\n2024-09-02,1\n").contains("there is no column `measure`"));
    assert!(faults("month,number\n2024-09,1\n").contains("there is no column `value`"));
    assert!(faults("month,week_start,value\n").contains("weeks and months"));
    assert!(faults("month,value,value\n").contains("two columns"));
    assert!(faults("").contains("holds no figures") && faults("month,value\n").contains("holds no figures"));
    assert!(faults("month,value\n2024-9,1\nx,2\n").contains("2 faults"));
    let told = parse("seen.csv", b"month,value\n2024-09,\xff\n").expect_err("not UTF-8").to_string();
    assert!(told.contains("UTF-8"), "{told}");
    assert!(
        super::read(Path::new("/nowhere/seen.csv"))
            .expect_err("no file")
            .to_string()
            .contains("cannot be read")
    );
}
