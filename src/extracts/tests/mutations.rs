//! Whatever the bytes, reading ends with a reading or an error, and rows are accounted for.

use std::sync::OnceLock;

use proptest::prelude::*;

use super::*;

fn originals() -> &'static Vec<Vec<u8>> {
    static ORIGINALS: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    ORIGINALS.get_or_init(|| {
        let all = samples().into_iter().map(|path| std::fs::read(path).expect("a sample"));
        // The first lines are enough, and quicker.
        let mut all: Vec<Vec<u8>> = all
            .map(|mut bytes| {
                if !bytes.starts_with(b"PK") && !bytes.starts_with(b"<") {
                    bytes.truncate(6000);
                }
                bytes
            })
            .filter(|bytes| bytes.len() < 20_000 || bytes.starts_with(b"PK"))
            .collect();
        all.sort();
        all
    })
}

/// A change to bytes: what is put where, and how many bytes it replaces.
fn change() -> impl Strategy<Value = (prop::sample::Index, Vec<u8>, usize)> {
    let telling = [
        "\"",
        ",",
        "\n",
        "\r",
        "\t",
        "<",
        ">",
        "&",
        "/",
        "29/02/2023",
        "99999",
        "-1",
        "\u{feff}",
        "é",
        "\0",
        "Child Unique ID",
        "2A",
    ];
    let piece = prop_oneof![
        prop::sample::select(telling.to_vec()).prop_map(|text| text.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..6),
    ];
    (any::<prop::sample::Index>(), piece, 0_usize..8)
}

fn check(bytes: &[u8]) {
    if let Ok(reading) = read_bytes(&[("file", bytes)], &Assignment::default()) {
        assert_balanced(&reading);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), start in 0_usize..5) {
        let starts: [&[u8]; 5] = [b"", b"PK\x03\x04", b"<", b"\xff\xfe", b"\xef\xbb\xbf"];
        check(&[starts[start], &bytes].concat());
    }

    #[test]
    fn arbitrary_cells_never_panic(cells in prop::collection::vec("[ -~é]{0,30}", 0..30)) {
        let mut text = "Child ID,Child protection plan start date,Child protection plan end date\n".to_owned();
        for row in cells.chunks(3) {
            text.push_str(&row.join(","));
            text.push('\n');
        }
        check(text.as_bytes());
    }

    #[test]
    fn changed_samples_never_panic(which in any::<prop::sample::Index>(), changes in prop::collection::vec(change(), 1..8)) {
        let mut bytes = which.get(originals()).clone();
        for (place, piece, length) in changes {
            let from = place.index(bytes.len() + 1);
            let to = (from + length).min(bytes.len());
            bytes.splice(from..to, piece);
        }
        check(&bytes);
    }
}
