//! The results directory, written so that no reader ever sees half a file.
//!
//! Consumes bytes and the run's facts; produces a directory. Every file is first written in full,
//! and forced to the disk, in a hidden staging directory on the same file system. Only
//! [`Staging::commit`] touches what readers see. A new results directory then appears by one
//! rename. In an existing one `run.json` is taken away first, each file is renamed into place, and
//! `run.json` comes back last: a directory that has `run.json` is whole.
//!
//! **Invariants.** Until `commit`, the target is untouched; dropping [`Staging`] removes what was
//! staged. A file that no `run.json` of ours listed is never removed.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use super::model::RunFacts;

/// The file that says what the others are.
pub const RUN: &str = "run.json";

/// Where `run.json` waits while an existing directory is being replaced. If that is interrupted,
/// the next run still learns from it which files are ours.
const PREVIOUS_RUN: &str = ".run.json.previous";

/// Something about the results directory could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} {}: {source}\n{advice}", path.display())]
pub struct WriteError {
    /// What was tried, as a verb.
    pub action: &'static str,
    /// What it was tried on.
    pub path: PathBuf,
    /// Why it failed.
    pub source: io::Error,
    /// What the reader can do about it.
    pub advice: String,
}

impl WriteError {
    fn new(action: &'static str, path: &Path, source: io::Error) -> Self {
        let advice = advice(&source).to_owned();
        Self { action, path: path.to_owned(), source, advice }
    }
}

/// What to do about an error.
fn advice(error: &io::Error) -> &'static str {
    use io::ErrorKind::*;
    match error.kind() {
        StorageFull | QuotaExceeded | FileTooLarge => {
            "The disk is full. Earlier results are unchanged. Free some space, or give another \
             directory with --out."
        }
        PermissionDenied | ReadOnlyFilesystem => {
            "You may not write there. Give a directory that you may write to with --out."
        }
        NotADirectory | AlreadyExists | IsADirectory => {
            "Something of that name is in the way. Move it, or give another directory with --out."
        }
        _ => "Check the path and the disk, or give another directory with --out.",
    }
}

/// `run.json` as written.
#[derive(Serialize)]
struct RunFile<'a, F> {
    #[serde(flatten)]
    facts: F,
    files: Vec<&'a str>,
}

/// The part of an earlier `run.json` that matters here.
#[derive(Deserialize)]
struct EarlierRun {
    #[serde(default)]
    files: Vec<String>,
}

/// Files on their way into a results directory.
///
/// Several threads may add files at once.
#[derive(Debug)]
pub struct Staging {
    target: PathBuf,
    temporary: TempDir,
    files: Mutex<BTreeSet<String>>,
    /// Files of the target that stay as they are.
    kept: BTreeSet<String>,
}

impl Staging {
    /// Prepares to write to `target`, which need not exist. Its parent directories are made.
    ///
    /// # Errors
    /// If no staging directory can be made there.
    pub fn begin(target: &Path) -> Result<Self, WriteError> {
        let parent = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        // Within an existing target, which may be a mounted file system of its own; else beside it.
        let home = if target.is_dir() { target } else { parent };
        fs::create_dir_all(home).map_err(|error| WriteError::new("make the directory", home, error))?;
        if !target.is_dir() && target.symlink_metadata().is_ok() {
            let error = io::Error::from(io::ErrorKind::NotADirectory);
            return Err(WriteError::new("write results to", target, error));
        }
        let temporary =
            staging_directory(home).map_err(|error| WriteError::new("write results to", target, error))?;
        Ok(Self { target: target.to_owned(), temporary, files: Mutex::default(), kept: BTreeSet::new() })
    }

    /// Where staged files are until they are put into place.
    pub fn path(&self) -> &Path {
        self.temporary.path()
    }

    /// Prepares to make some files of finished results again: those for which `again` says so go, unless they
    /// are staged anew; the others stay as they are.
    ///
    /// # Errors
    /// As [`Staging::begin`].
    pub fn again(target: &Path, again: impl Fn(&str) -> bool) -> Result<Self, WriteError> {
        let kept = earlier_files(target).into_iter().filter(|name| !again(name)).collect();
        Ok(Self { kept, ..Self::begin(target)? })
    }

    /// Puts every staged file into place beside those that stay. The facts in `run.json` are those that were
    /// there. Gives the names of all files, `run.json` last.
    ///
    /// # Errors
    /// As [`Staging::commit`]; also if there are no results.
    pub fn commit_again(self) -> Result<Vec<String>, WriteError> {
        let run = self.target.join(RUN);
        let fail = |error| WriteError::new("read", &run, error);
        let bytes = fs::read(&run).map_err(fail)?;
        let mut facts: serde_json::Map<String, serde_json::Value> =
            serde_json::from_slice(&bytes).map_err(|error| fail(error.into()))?;
        facts.shift_remove("files");
        self.put_into_place(&facts)
    }

    /// Stages one file. `name` is relative to the results directory, with `/` between parts.
    ///
    /// # Errors
    /// If the name leaves the directory, or writing fails.
    pub fn file(
        &self,
        name: &str,
        write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<(), WriteError> {
        let shown = self.target.join(name);
        let fail = |error| WriteError::new("write", &shown, error);
        if !stays_inside(name) || name == RUN {
            return Err(fail(io::Error::new(io::ErrorKind::InvalidInput, "not a name for a result")));
        }
        let path = self.temporary.path().join(name);
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory).map_err(fail)?;
        }
        write_synced(&path, write).map_err(fail)?;
        self.files.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned());
        Ok(())
    }

    /// Stages a file from bytes.
    ///
    /// # Errors
    /// As [`Staging::file`].
    pub fn bytes(&self, name: &str, bytes: &[u8]) -> Result<(), WriteError> {
        self.file(name, |out| out.write_all(bytes))
    }

    /// Turns a fault met while making a file's content into an error that names the file.
    ///
    /// # Errors
    /// If there was a fault.
    pub fn attempt<T>(&self, name: &str, made: io::Result<T>) -> Result<T, WriteError> {
        made.map_err(|error| WriteError::new("write", &self.target.join(name), error))
    }

    /// Puts every staged file and `run.json` into place, and takes away the files of an earlier run
    /// that this one does not have. Gives the names of all files written, `run.json` last.
    ///
    /// # Errors
    /// If writing fails: then the directory has either all of the earlier run, or no `run.json`.
    pub fn commit(self, facts: &RunFacts) -> Result<Vec<String>, WriteError> {
        self.put_into_place(facts)
    }

    /// As [`Staging::commit`], for what no simulation made: `run.json` says what these facts say.
    ///
    /// # Errors
    /// As [`Staging::commit`].
    pub fn commit_with(self, facts: &impl Serialize) -> Result<Vec<String>, WriteError> {
        self.put_into_place(facts)
    }

    fn put_into_place(self, facts: impl Serialize) -> Result<Vec<String>, WriteError> {
        let files = self.files.into_inner().unwrap_or_else(PoisonError::into_inner);
        let all: BTreeSet<String> = self.kept.union(&files).cloned().collect();
        let staged = self.temporary.path();
        let (target, run) = (self.target.as_path(), self.target.join(RUN));
        let listed = RunFile { facts, files: all.iter().map(String::as_str).chain([RUN]).collect() };
        write_synced(&staged.join(RUN), |out| {
            serde_json::to_writer_pretty(&mut *out, &listed)?;
            out.write_all(b"\n")
        })
        .map_err(|error| WriteError::new("write", &run, error))?;

        if target.is_dir() {
            replace(staged, target, &files, &all)?;
        } else {
            sync_directory(staged);
            let staged = self.temporary.keep();
            fs::rename(&staged, target).map_err(|error| {
                // Best effort: the error that matters is the rename's.
                let _ = fs::remove_dir_all(&staged);
                WriteError::new("write results to", target, error)
            })?;
            if let Some(parent) = target.parent() {
                sync_directory(parent);
            }
        }
        Ok(all.into_iter().chain([RUN.to_owned()]).collect())
    }
}

/// Moves staged files over an existing results directory; of its own files those in `all` stay.
fn replace(
    staged: &Path,
    target: &Path,
    files: &BTreeSet<String>,
    all: &BTreeSet<String>,
) -> Result<(), WriteError> {
    // A directory in a file's place is found before anything is changed.
    for name in files.iter().map(String::as_str).chain([RUN]) {
        let path = target.join(name);
        if path.is_dir() {
            return Err(WriteError::new("write", &path, io::ErrorKind::IsADirectory.into()));
        }
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory)
                .map_err(|error| WriteError::new("make the directory", directory, error))?;
        }
    }
    let earlier = earlier_files(target);
    let run = target.join(RUN);
    if run.symlink_metadata().is_ok() {
        fs::rename(&run, target.join(PREVIOUS_RUN))
            .map_err(|error| WriteError::new("replace", &run, error))?;
        sync_directory(target);
    }
    for name in files {
        let path = target.join(name);
        fs::rename(staged.join(name), &path).map_err(|error| WriteError::new("write", &path, error))?;
    }
    remove_stale(target, &earlier, all);
    let directories: BTreeSet<PathBuf> =
        files.iter().filter_map(|name| target.join(name).parent().map(Path::to_owned)).collect();
    directories.iter().for_each(|directory| sync_directory(directory));
    fs::rename(staged.join(RUN), &run).map_err(|error| WriteError::new("write", &run, error))?;
    // Left behind it does no harm.
    let _ = fs::remove_file(target.join(PREVIOUS_RUN));
    sync_directory(target);
    Ok(())
}

/// Files listed by the run that is being replaced, and by one whose replacement was interrupted.
fn earlier_files(target: &Path) -> BTreeSet<String> {
    [RUN, PREVIOUS_RUN]
        .into_iter()
        .filter_map(|name| fs::read(target.join(name)).ok())
        .filter_map(|bytes| serde_json::from_slice::<EarlierRun>(&bytes).ok())
        .flat_map(|run| run.files)
        .filter(|name| name != RUN && stays_inside(name))
        .collect()
}

/// Removes files of an earlier run that the new one lacks, and directories that this empties.
fn remove_stale(target: &Path, earlier: &BTreeSet<String>, files: &BTreeSet<String>) {
    for name in earlier.difference(files) {
        let path = target.join(name);
        let Some(directory) = path.parent() else { continue };
        // A link to elsewhere is somebody else's directory.
        let ours = match (directory.canonicalize(), target.canonicalize()) {
            (Ok(directory), Ok(target)) => directory.starts_with(target),
            _ => false,
        };
        if ours {
            // A stale file that stays is untidy; it is not worth losing the new results for.
            let _ = fs::remove_file(&path);
            if directory != target {
                let _ = fs::remove_dir(directory);
            }
        }
    }
}

/// Whether a relative name has only plain parts.
fn stays_inside(name: &str) -> bool {
    let path = Path::new(name);
    !name.is_empty()
        && !name.contains('\\')
        && path.components().all(|part| matches!(part, Component::Normal(_)))
}

/// Writes a file and waits until the disk has it.
fn write_synced(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, File::create(path)?);
    write(&mut out)?;
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

/// Asks the disk to remember a rename. Not every system can; the rename itself is already done.
fn sync_directory(path: &Path) {
    if let Ok(directory) = File::open(path) {
        let _ = directory.sync_all();
    }
}

/// A hidden directory with the ordinary permissions, since it may become the results directory.
fn staging_directory(home: &Path) -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".caseflow-staging-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o777));
    }
    builder.tempdir_in(home)
}

#[cfg(test)]
mod tests;
