//! What a command found, kept so that everything people read can be made again.
//!
//! Consumes and produces the bytes of [`FINDINGS`], a file of every results directory: a line that names the
//! format, the SHA-256 of all that follows, then (postcard) a [`Header`] that says what was run, scenarios and
//! all, and the [`Found`]. Report, workbook and pictures are made from this file and `weekly.csv` alone.
//!
//! **Invariants.** The same findings give the same bytes: no wall time, no place on the disk. A file that is
//! not as it was written is refused.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::decisions::comparison::Comparison;
use crate::decisions::funding;
use crate::decisions::staffing::Answer;
use crate::monitoring;
use crate::sensitivity::Explanation;
use crate::summary::Summary;

/// Name of the file in a results directory.
pub const FINDINGS: &str = "findings.bin";

/// What every format of the file begins with.
const MAGIC: &[u8] = b"caseflow findings, format ";
/// This format's number. It changes with every change of what is kept.
const FORMAT: u32 = 2;
/// Length of a SHA-256.
const DIGEST: usize = 32;

/// A scenario as it was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioText {
    /// Its name.
    pub name: String,
    /// All layers and overrides merged, as TOML from which it can be loaded again.
    pub text: String,
}

/// What was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Version of caseflow.
    pub version: String,
    /// Master seed.
    pub seed: u64,
    /// Replications done.
    pub replications: u32,
    /// Whether the run was interrupted before all its replications were done.
    pub partial: bool,
    /// The scenario; of a comparison the base, then the options.
    pub scenarios: Vec<ScenarioText>,
}

/// What was found, by the command that found it. A further command adds its own at the end.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Found {
    /// By `caseflow run` and `caseflow merge`.
    Run {
        /// All but the weeks, which are in `weekly.csv`.
        summary: Box<Summary>,
        /// SHA-256 of `weekly.csv`.
        weekly: [u8; DIGEST],
    },
    /// By `caseflow staff`.
    Staffing(Box<Answer>),
    /// By `caseflow compare`.
    Comparison(Box<Comparison>),
    /// By `caseflow explain`.
    Explanation(Box<Explanation>),
    /// By `caseflow fund`.
    Funding(Box<funding::Answer>),
    /// By `caseflow monitor`.
    Monitoring(Box<monitoring::Answer>),
}

impl Found {
    /// The command, as it is typed.
    pub fn command(&self) -> &'static str {
        match self {
            Self::Run { .. } => "run",
            Self::Staffing(_) => "staff",
            Self::Comparison(_) => "compare",
            Self::Explanation(_) => "explain",
            Self::Funding(_) => "fund",
            Self::Monitoring(_) => "monitor",
        }
    }
}

/// The file's content.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Findings {
    /// What was run.
    pub header: Header,
    /// What was found.
    pub found: Found,
}

/// Bytes that are no findings of this program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Another format.
    #[error("has format {found}, and this caseflow knows format {FORMAT}: use the caseflow that wrote it")]
    Format {
        /// The file's.
        found: String,
    },
    /// Not as it was written.
    #[error("is damaged or was changed ({0}): copy the results again, or run the command again")]
    Damaged(String),
}

impl Findings {
    /// The file's bytes.
    ///
    /// # Errors
    /// If memory runs out.
    pub fn to_bytes(&self) -> std::io::Result<Vec<u8>> {
        let mut bytes = [MAGIC, format!("{FORMAT}\n").as_bytes(), &[0; DIGEST]].concat();
        let body = bytes.len();
        postcard::to_io(self, &mut bytes).map_err(std::io::Error::other)?;
        let digest = Sha256::digest(&bytes[body..]);
        bytes[body - DIGEST..body].copy_from_slice(&digest);
        Ok(bytes)
    }

    /// Reads the bytes of a file.
    ///
    /// # Errors
    /// If they are not those that this version writes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
        let damaged = |why: &str| Unreadable::Damaged(why.to_owned());
        let rest =
            bytes.strip_prefix(MAGIC).ok_or_else(|| damaged("it does not begin as such a file does"))?;
        let end = rest.iter().take(12).position(|&byte| byte == b'\n');
        let (format, rest) = rest.split_at(end.ok_or_else(|| damaged("its first line is not whole"))?);
        if format != FORMAT.to_string().as_bytes() {
            return Err(Unreadable::Format { found: String::from_utf8_lossy(format).into_owned() });
        }
        let (digest, body) = rest[1..].split_at_checked(DIGEST).ok_or_else(|| damaged("it is cut short"))?;
        if Sha256::digest(body).as_slice() != digest {
            return Err(damaged("its SHA-256 differs"));
        }
        postcard::from_bytes(body).map_err(|error| Unreadable::Damaged(error.to_string()))
    }
}

/// SHA-256 of a file's bytes.
pub fn digest(bytes: &[u8]) -> [u8; DIGEST] {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example::Example;

    fn findings() -> Findings {
        let example = Example::small();
        let scenarios = vec![ScenarioText { name: "a".into(), text: "b = 1".into() }];
        Findings {
            header: Header { version: "1".into(), seed: 1, replications: 2, partial: false, scenarios },
            found: Found::Run { summary: Box::new(example.summary), weekly: [7; 32] },
        }
    }

    #[test]
    fn what_was_kept_reads_back_and_gives_the_same_bytes() {
        let bytes = findings().to_bytes().unwrap();
        let read = Findings::from_bytes(&bytes).unwrap();
        assert_eq!(read.header, findings().header);
        assert_eq!(read.to_bytes().unwrap(), bytes);
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let bytes = findings().to_bytes().unwrap();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert!(Findings::from_bytes(&changed).is_err(), "byte {at}");
        }
        for length in [0, 10, 40, bytes.len() - 1] {
            assert!(Findings::from_bytes(&bytes[..length]).is_err(), "{length} bytes");
        }
    }

    #[test]
    fn a_file_from_the_future_is_named() {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(b"23\nwhatever");
        let Err(refused) = Findings::from_bytes(&bytes) else { panic!("it was read") };
        assert!(refused.to_string().contains("has format 23"), "{refused}");
    }
}
