//! What a shard leaves for `caseflow merge`, and the merging.
//!
//! **The file**, [`SHARD_FILE`] in the shard's results directory: a line that names the format, the
//! SHA-256 of everything after it, then (postcard) a header that says what was run and which part,
//! and the [`Tally`]. It carries the effective scenario itself, so that merging needs nothing but
//! results directories.
//!
//! **Invariant.** A merged tally is, to the last bit, that of one run of all the replications; if it
//! would not be, there is an error instead.

use std::fmt::Display;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::tally::{Tally, TallyError};
use crate::experiment::Shard;

/// Name of the file in a shard's results directory.
pub const SHARD_FILE: &str = "shard.bin";

/// What every format of the file begins with.
const MAGIC: &[u8] = b"caseflow shard, format ";
/// This format's number, and the end of the line.
const FORMAT: &[u8] = b"2\n";
/// Length of a SHA-256.
const DIGEST: usize = 32;
/// How many missing ranges and shards a message names.
const NAMED: usize = 6;

/// What was run: the same for all shards of one run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Version of caseflow that ran it.
    pub version: String,
    /// The scenario's name.
    pub scenario_name: String,
    /// The scenario's SHA-256, in hexadecimal.
    pub scenario_hash: String,
    /// The effective scenario, all layers and overrides merged, from which it can be loaded again.
    pub scenario: String,
    /// Master seed.
    pub seed: u64,
    /// Replications of the whole run, all shards together.
    pub replications: u32,
}

/// One shard of a run.
#[derive(Clone, Debug)]
pub struct ShardFile {
    /// What was run.
    pub origin: Origin,
    /// Which part of it.
    pub shard: Shard,
    /// The replications done.
    pub tally: Tally,
}

/// A whole run, put together from shards.
#[derive(Clone, Debug)]
pub struct Merged {
    /// What was run.
    pub origin: Origin,
    /// How many shards it was cut into.
    pub shards: u32,
    /// All its replications.
    pub tally: Tally,
}

/// The first part of a file: enough to tell whether shards belong together.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Header {
    origin: Origin,
    shard: Shard,
    /// First replication done.
    first: u32,
    /// The one after the last done.
    next: u32,
}

/// Shards that cannot be merged, or cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// No directory was given.
    #[error("nothing to merge: name the results directories of all the shards")]
    Nothing,
    /// A directory of another kind.
    #[error(
        "{} is not a shard: it has no {SHARD_FILE}; \
         name directories written by `caseflow run --shard I/N`", .0.display()
    )]
    NotAShard(PathBuf),
    /// A file that cannot be read.
    #[error("could not read {}: {error}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// A file that is not as it was written.
    #[error("{} is damaged or cut short ({why}): copy it again, or run its shard again", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Written by a caseflow of another version.
    #[error(
        "{} was written by caseflow {found}, and this is caseflow {wanted}: \
         run and merge all shards with the same version", .directory.display()
    )]
    Version {
        /// The shard.
        directory: PathBuf,
        /// Its version.
        found: String,
        /// This program's.
        wanted: String,
    },
    /// Parts of different runs.
    #[error(
        "{} and {} are not parts of one run: the first has {what} {first_value}, the second {second_value}",
        .first.display(), .second.display()
    )]
    Differ {
        /// One shard.
        first: PathBuf,
        /// Another.
        second: PathBuf,
        /// In what they differ.
        what: &'static str,
        /// The first's.
        first_value: String,
        /// The second's.
        second_value: String,
    },
    /// The same replications in two shards.
    #[error("{replications} twice: in {} and in {}", .first.display(), .second.display())]
    Twice {
        /// Which.
        replications: String,
        /// One shard.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// Replications in no shard.
    #[error("{replications} missing: run {shards}, or add the directory")]
    Missing {
        /// Which.
        replications: String,
        /// The shards that should have them.
        shards: String,
    },
    /// Tallies that do not fit, in spite of all checks.
    #[error(transparent)]
    Tally(#[from] TallyError),
}

impl ShardFile {
    /// Writes the file into a directory, whole or not at all.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn save(&self, directory: &Path) -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(directory)?;
        file.write_all(&self.to_bytes()?)?;
        file.persist(directory.join(SHARD_FILE))?;
        Ok(())
    }

    /// The file's contents; the same for the same shard, wherever it ran.
    ///
    /// # Errors
    /// If memory runs out.
    pub fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let header = Header {
            origin: self.origin.clone(),
            shard: self.shard,
            first: self.tally.table().first(),
            next: self.tally.table().next(),
        };
        let mut bytes = [MAGIC, FORMAT, &[0; DIGEST]].concat();
        let body = bytes.len();
        postcard::to_io(&header, &mut bytes).map_err(io::Error::other)?;
        postcard::to_io(&self.tally, &mut bytes).map_err(io::Error::other)?;
        let digest = Sha256::digest(&bytes[body..]);
        bytes[body - DIGEST..body].copy_from_slice(&digest);
        Ok(bytes)
    }

    /// Reads the file from a shard's results directory.
    ///
    /// # Errors
    /// If there is none, or it is not as it was written by this version.
    pub fn load(directory: &Path) -> Result<Self, MergeError> {
        let bytes = read(directory)?;
        let damaged = |why: &dyn Display| MergeError::Damaged {
            path: directory.join(SHARD_FILE),
            why: why.to_string(),
        };
        let (header, rest) = open(directory, &bytes)?;
        let (tally, rest) = postcard::take_from_bytes::<Tally>(rest).map_err(|error| damaged(&error))?;
        let table = tally.table();
        let agrees = (table.first(), table.next()) == (header.first, header.next);
        if !agrees || !rest.is_empty() || !tally.is_consistent() {
            return Err(damaged(&"its parts do not agree"));
        }
        Ok(Self { origin: header.origin, shard: header.shard, tally })
    }
}

/// Puts shards together, given in any order.
///
/// Reads each twice: first all headers, to tell what does not belong together; then one tally after
/// another, so that memory holds no more than two.
///
/// # Errors
/// If a file cannot be read, the shards are not all of one run, or not all of its replications are
/// there exactly once.
pub fn merge<P: AsRef<Path>>(directories: &[P]) -> Result<Merged, MergeError> {
    let mut shards = Vec::with_capacity(directories.len());
    for directory in directories {
        let directory = directory.as_ref();
        let bytes = read(directory)?;
        let (header, _) = open(directory, &bytes)?;
        shards.push((directory, header));
    }
    let (first, others) = shards.split_first().ok_or(MergeError::Nothing)?;
    for other in others {
        same_run(first, other)?;
    }
    // A shard that was interrupted at once has done nothing, and may stand anywhere.
    shards.retain(|(_, header)| header.first < header.next);
    shards.sort_by_key(|(_, header)| (header.first, header.next));
    nothing_twice(&shards)?;
    nothing_missing(&shards, directories.len())?;
    let mut whole: Option<ShardFile> = None;
    for (directory, _) in &shards {
        let part = ShardFile::load(directory)?;
        match &mut whole {
            None => whole = Some(part),
            Some(whole) => whole.tally.append(part.tally)?,
        }
    }
    let whole = whole.ok_or(MergeError::Nothing)?;
    Ok(Merged { origin: whole.origin, shards: whole.shard.of(), tally: whole.tally })
}

/// The bytes of a shard's file.
fn read(directory: &Path) -> Result<Vec<u8>, MergeError> {
    let path = directory.join(SHARD_FILE);
    match fs::read(&path) {
        Ok(bytes) => Ok(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound && directory.is_dir() => {
            Err(MergeError::NotAShard(directory.to_owned()))
        }
        Err(error) => Err(MergeError::Unreadable { path, error }),
    }
}

/// Checks a file and reads its header. Returns the bytes of its tally as well.
fn open<'b>(directory: &Path, bytes: &'b [u8]) -> Result<(Header, &'b [u8]), MergeError> {
    let damaged =
        |why: &dyn Display| MergeError::Damaged { path: directory.join(SHARD_FILE), why: why.to_string() };
    let version = |found: String| MergeError::Version {
        directory: directory.to_owned(),
        found,
        wanted: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let rest = bytes.strip_prefix(MAGIC).ok_or_else(|| damaged(&"it does not begin as such a file does"))?;
    let rest = rest.strip_prefix(FORMAT).ok_or_else(|| version("of another file format".to_owned()))?;
    let (digest, body) = rest.split_at_checked(DIGEST).ok_or_else(|| damaged(&"it ends too soon"))?;
    if Sha256::digest(body).as_slice() != digest {
        return Err(damaged(&"its checksum is wrong"));
    }
    let (header, tally) = postcard::take_from_bytes::<Header>(body).map_err(|error| damaged(&error))?;
    if header.origin.version != env!("CARGO_PKG_VERSION") {
        return Err(version(header.origin.version));
    }
    let block = header.shard.block(header.origin.replications).map_err(|error| damaged(&error))?;
    if header.first != block.0 || header.next > block.1 || header.next < header.first {
        return Err(damaged(&"its replications are not those of its shard"));
    }
    Ok((header, tally))
}

/// Checks that two shards are parts of one run.
fn same_run(first: &(&Path, Header), second: &(&Path, Header)) -> Result<(), MergeError> {
    let facts = |header: &Header| {
        let origin = &header.origin;
        [
            ("scenario name", origin.scenario_name.clone()),
            ("scenario hash", origin.scenario_hash.clone()),
            ("seed", origin.seed.to_string()),
            ("replications in all", origin.replications.to_string()),
            ("shards in all", header.shard.of().to_string()),
            ("effective scenario", origin.scenario.clone()),
        ]
    };
    let difference = facts(&first.1).into_iter().zip(facts(&second.1)).find(|(one, other)| one != other);
    match difference {
        None => Ok(()),
        Some(((what, first_value), (_, second_value))) => Err(MergeError::Differ {
            first: first.0.to_owned(),
            second: second.0.to_owned(),
            what,
            first_value,
            second_value,
        }),
    }
}

/// Checks that no replication is in two shards, which are in order.
fn nothing_twice(shards: &[(&Path, Header)]) -> Result<(), MergeError> {
    let pairs = shards.iter().zip(shards.iter().skip(1));
    for ((first, one), (second, other)) in pairs {
        if other.first < one.next {
            return Err(MergeError::Twice {
                replications: describe_ranges(&[(other.first, one.next.min(other.next))]),
                first: (*first).to_owned(),
                second: (*second).to_owned(),
            });
        }
    }
    Ok(())
}

/// Checks that every replication is in one of the shards, which are in order and of one run.
fn nothing_missing(shards: &[(&Path, Header)], given: usize) -> Result<(), MergeError> {
    let Some((_, any)) = shards.first() else {
        return Err(MergeError::Missing {
            replications: "all replications are".to_owned(),
            shards: format!("the {given} interrupted shards again"),
        });
    };
    let total = any.origin.replications;
    let mut gaps = Vec::new();
    let mut due = 0;
    for (_, header) in shards {
        if header.first > due {
            gaps.push((due, header.first));
        }
        due = header.next;
    }
    if due < total {
        gaps.push((due, total));
    }
    if gaps.is_empty() {
        return Ok(());
    }
    let of = any.shard.of();
    let lacking = (1..=of).filter_map(|index| Shard::new(index, of).ok()).filter(|shard| {
        let (first, end) = shard.block(total).unwrap_or((0, 0));
        gaps.iter().any(|&(from, until)| first < until && from < end)
    });
    Err(MergeError::Missing {
        replications: describe_ranges(&gaps),
        shards: format!("--shard {}", list(lacking)),
    })
}

/// Ranges of replications in words, with their verb: "replications 5 to 9 are".
fn describe_ranges(ranges: &[(u32, u32)]) -> String {
    if let [(first, end)] = ranges
        && first + 1 == *end
    {
        return format!("replication {first} (counted from 0) is");
    }
    let names = ranges.iter().map(|&(first, end)| {
        if first + 1 == end { first.to_string() } else { format!("{first} to {}", end - 1) }
    });
    format!("replications {} (counted from 0) are", list(names))
}

/// The first few, separated by commas, and how many more.
fn list(mut items: impl Iterator<Item = impl Display>) -> String {
    let named: Vec<String> = items.by_ref().take(NAMED).map(|item| item.to_string()).collect();
    let more = items.count();
    let named = named.join(", ");
    if more == 0 { named } else { format!("{named} and {more} more") }
}

#[cfg(test)]
mod tests;
