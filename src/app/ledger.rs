//! What a search has finished, kept on disk so that an interrupted one can go on.
//!
//! Consumes outcomes as they come; produces a file beside the results directory, and gives back what
//! it holds to a later run of the same scenario, seed and version. Each entry says how long it is and
//! carries a checksum, so that one cut short by a crash is left out; a file that cannot be written
//! costs the chance to go on, and nothing else.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::decisions::staffing::{Keeper, Outcome};

/// Bytes of an entry's length and checksum.
const FRONT: usize = 8 + 32;

/// What an entry holds.
#[derive(Serialize, Deserialize)]
struct Entry {
    candidate: String,
    first: u32,
    outcomes: Vec<Outcome>,
}

/// The file, and what it held when it was opened.
pub struct Ledger {
    directory: PathBuf,
    file: Option<File>,
    held: BTreeMap<String, Vec<Outcome>>,
    /// Replications that need not be simulated again.
    pub recalled: usize,
}

impl Ledger {
    /// Opens the ledger beside a results directory; `origin` names all that its entries depend on.
    /// One of another origin is begun anew.
    ///
    /// # Errors
    /// If the directory beside the results cannot be made.
    pub fn open(out: &Path, origin: &str) -> io::Result<Self> {
        let mut name = out.file_name().unwrap_or_default().to_os_string();
        name.push(".work");
        let directory = out.with_file_name(name);
        fs::create_dir_all(&directory)?;
        let path = directory.join("evaluations.bin");
        let title = format!("caseflow staffing evaluations of {origin}\n");
        let bytes = fs::read(&path).unwrap_or_default();
        let (held, sound) = match bytes.strip_prefix(title.as_bytes()) {
            Some(entries) => {
                let (held, length) = read(entries);
                (held, title.len() + length)
            }
            None => (BTreeMap::new(), 0),
        };
        let mut file = OpenOptions::new().create(true).write(true).truncate(false).open(&path)?;
        file.set_len(sound as u64)?;
        io::Seek::seek(&mut file, io::SeekFrom::End(0))?;
        if sound == 0 {
            file.write_all(title.as_bytes())?;
        }
        let recalled = held.values().map(Vec::len).sum();
        Ok(Self { directory, file: Some(file), held, recalled })
    }

    /// The search is over: there is nothing to go on with.
    pub fn remove(mut self) {
        self.file = None;
        // What stays behind is untidy and harms nothing: its entries are checked when read.
        let _ = fs::remove_file(self.directory.join("evaluations.bin"));
        let _ = fs::remove_dir(&self.directory);
    }

    /// The directory in which the ledger lies.
    pub fn directory(&self) -> &Path {
        &self.directory
    }
}

impl Keeper for Ledger {
    fn recall(&mut self, candidate: &str) -> Vec<Outcome> {
        self.held.remove(candidate).unwrap_or_default()
    }

    fn keep(&mut self, candidate: &str, first: u32, outcomes: &[Outcome]) {
        let entry = Entry { candidate: candidate.to_owned(), first, outcomes: outcomes.to_vec() };
        let written = postcard::to_stdvec(&entry).map_err(io::Error::other).and_then(|body| {
            let mut bytes = (body.len() as u64).to_le_bytes().to_vec();
            bytes.extend_from_slice(&Sha256::digest(&body));
            bytes.extend_from_slice(&body);
            self.file.as_mut().map_or(Ok(()), |file| file.write_all(&bytes).and_then(|()| file.flush()))
        });
        if written.is_err() {
            self.file = None;
        }
    }
}

/// The sound entries from the beginning, by candidate, and how many bytes they take.
fn read(mut bytes: &[u8]) -> (BTreeMap<String, Vec<Outcome>>, usize) {
    let (mut held, mut length): (BTreeMap<String, Vec<Outcome>>, usize) = (BTreeMap::new(), 0);
    while let Some((entry, size)) = next(bytes) {
        let known = held.entry(entry.candidate).or_default();
        if entry.first as usize == known.len() {
            known.extend(entry.outcomes);
        }
        length += size;
        bytes = &bytes[size..];
    }
    (held, length)
}

fn next(bytes: &[u8]) -> Option<(Entry, usize)> {
    let (front, rest) = bytes.split_at_checked(FRONT)?;
    let (length, checksum) = front.split_at_checked(8)?;
    let length = usize::try_from(u64::from_le_bytes(length.try_into().ok()?)).ok()?;
    let body = rest.get(..length)?;
    (Sha256::digest(body).as_slice() == checksum)
        .then(|| postcard::from_bytes(body).ok())
        .flatten()
        .map(|entry| (entry, FRONT + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(share: f64) -> Outcome {
        Outcome { achieved: vec![share, f64::NAN], worst: vec![share], loads: Vec::new(), paid: vec![7] }
    }

    #[test]
    fn what_was_kept_comes_back_whole_and_what_was_cut_short_does_not() {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("results");
        let mut ledger = Ledger::open(&out, "a").unwrap();
        ledger.keep("x", 0, &[outcome(0.1), outcome(0.2)]);
        ledger.keep("x", 2, &[outcome(1.0 / 3.0)]);
        ledger.keep("y", 0, &[outcome(0.4)]);
        let path = ledger.directory().join("evaluations.bin");
        drop(ledger);
        let whole = fs::metadata(&path).unwrap().len();
        OpenOptions::new().write(true).open(&path).unwrap().set_len(whole - 3).unwrap();
        let mut again = Ledger::open(&out, "a").unwrap();
        assert_eq!(again.recalled, 3);
        let shares: Vec<f64> = again.recall("x").iter().map(|outcome| outcome.achieved[0]).collect();
        assert_eq!(shares, [0.1, 0.2, 1.0 / 3.0]);
        assert!(again.recall("y").is_empty());
        // Written on after the cut, it is whole again.
        again.keep("y", 0, &[outcome(0.5)]);
        drop(again);
        assert_eq!(Ledger::open(&out, "a").unwrap().recalled, 4);
    }

    #[test]
    fn another_scenario_begins_anew_and_success_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("results");
        let mut ledger = Ledger::open(&out, "a").unwrap();
        ledger.keep("x", 0, &[outcome(0.1)]);
        drop(ledger);
        let other = Ledger::open(&out, "b").unwrap();
        assert_eq!(other.recalled, 0);
        other.remove();
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }
}
