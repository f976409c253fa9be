//! What can go wrong, said so that a person knows what to do next.
//!
//! Unless an error says otherwise, the tree is as it was. Nothing is printed
//! here.

use std::fmt::Write as _;
use std::io;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use repot_change::RelPath;
use thiserror::Error;

use crate::{Holder, OperationId};

/// How a path differs from what was expected to stand there.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DriftKind {
    /// A file with other bytes.
    #[error("its bytes changed")]
    Changed,
    /// A file that became executable, or is no longer.
    #[error("its executable bit changed")]
    Mode,
    /// Nothing.
    #[error("it is missing")]
    Missing,
    /// A file where nothing was expected.
    #[error("a file is there now")]
    Appeared,
    /// A folder that holds more than what goes.
    #[error("it is now a folder")]
    Folder,
    /// A symbolic link.
    #[error("it is a symbolic link")]
    Symlink,
    /// A socket, a pipe, a device.
    #[error("it is not a regular file")]
    Special,
    /// The path leads through a symbolic link.
    #[error("`{0}` above it is a symbolic link")]
    BelowSymlink(RelPath),
    /// The path leads through a file.
    #[error("`{0}` above it is a file, not a folder")]
    BelowFile(RelPath),
    /// A file with other bytes, also in lines that an undo has to change.
    #[error("{} changed too", lines(.0))]
    Lines(Vec<RangeInclusive<usize>>),
    /// A file that went on to another path.
    #[error("it was moved on to `{0}`")]
    MovedOn(RelPath),
    /// One of the above, which a later operation did.
    #[error("{kind}, by operation {by}")]
    Later {
        /// What it did.
        kind: Box<DriftKind>,
        /// The operation.
        by: OperationId,
    },
}

/// A path that is not what was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// The path.
    pub path: RelPath,
    /// How it differs.
    pub kind: DriftKind,
}

impl Drift {
    /// Whether it is known which operation it comes from.
    fn is_known(&self) -> bool {
        matches!(self.kind, DriftKind::Later { .. })
    }
}

/// Why a tree was not written, or a journal not read.
#[derive(Debug, Error)]
pub enum ApplyError {
    /// The root is not a folder that can be opened.
    #[error("{}: is not a folder that can be opened: {source}", path.display())]
    Root {
        /// The root.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A system call failed.
    #[error("cannot {action} `{}`: {source}", path.display())]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// Another `repot` works on the tree.
    #[error("another repot works on this tree{}", holder.as_ref().map(|h| format!(": {h}")).unwrap_or_default())]
    Locked {
        /// The lock file.
        path: PathBuf,
        /// Who holds it, where it can be told.
        holder: Option<Holder>,
    },
    /// The tree is no longer the one that the plan was made for.
    #[error("the tree changed since the plan was made:{}", list(files))]
    Stale {
        /// Every path that differs.
        files: Vec<Drift>,
    },
    /// Files or folders that must change are read-only.
    #[error("read-only, and would have to change:{}", paths.iter().map(|path| format!("\n  {path}")).collect::<String>())]
    ReadOnly {
        /// Every such file and folder; the root is the empty path.
        paths: Vec<RelPath>,
    },
    /// The path belongs to git or to Repot itself.
    #[error("{path}: is never written; `.git` and `.repot` are off limits")]
    OffLimits {
        /// The path.
        path: RelPath,
    },
    /// A plan names one path twice.
    #[error("{path}: is written twice by one plan")]
    Twice {
        /// The path.
        path: RelPath,
    },
    /// A plan writes a file, and another one below it.
    #[error("{path}: cannot be written below `{file}`, which the same plan makes a file")]
    BelowFile {
        /// The file above.
        file: RelPath,
        /// The path below it.
        path: RelPath,
    },
    /// Every file is already what it would become.
    #[error("there is nothing to write")]
    NothingToWrite,
    /// An earlier run was stopped in the middle.
    #[error("operation {id} ({title}) was stopped in the middle")]
    Unfinished {
        /// The operation.
        id: OperationId,
        /// Its title.
        title: String,
    },
    /// No operation is in effect.
    #[error("there is nothing to undo")]
    NothingToUndo,
    /// The last operation was no undo.
    #[error("there is nothing to redo")]
    NothingToRedo,
    /// The journal holds no such operation.
    #[error("there is no operation {id}")]
    NoOperation {
        /// What was asked for.
        id: OperationId,
    },
    /// The operation is not in effect.
    #[error("operation {id} is undone already, by operation {by}")]
    AlreadyUndone {
        /// The operation.
        id: OperationId,
        /// The undo.
        by: OperationId,
    },
    /// The operation is an undo itself.
    #[error("operation {id} is an undo itself")]
    IsUndo {
        /// The operation.
        id: OperationId,
    },
    /// Files changed since the operation, so that it cannot be taken back.
    #[error("files changed since operation {id}:{}", list(files))]
    ChangedSince {
        /// The operation.
        id: OperationId,
        /// Every path that differs.
        files: Vec<Drift>,
    },
    /// Files of a stopped operation are neither as before it nor as after it.
    #[error("files changed since operation {id} was stopped:{}", list(files))]
    Diverged {
        /// The operation.
        id: OperationId,
        /// Every path that is in neither state.
        files: Vec<Drift>,
    },
    /// The journal cannot be read as one.
    #[error("`{}` is damaged: {reason}", path.display())]
    Damaged {
        /// The file of the journal.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The journal was written by a newer Repot.
    #[error("`{}` has format {version}, which this repot does not know", path.display())]
    Newer {
        /// The file of the journal.
        path: PathBuf,
        /// Its format.
        version: u32,
    },
    /// Writing failed in the middle, and what was written was taken back.
    #[error("{cause}; every file was put back as it was")]
    TakenBack {
        /// Why it failed.
        cause: Box<ApplyError>,
    },
    /// Writing failed in the middle, and so did taking it back.
    #[error("{cause}; putting the files back failed as well: {then}")]
    Stuck {
        /// The operation.
        id: OperationId,
        /// Why it failed.
        cause: Box<ApplyError>,
        /// Why it could not be taken back.
        then: Box<ApplyError>,
    },
    /// Writing new files failed in the middle, and some could not be removed.
    #[error("{cause}; removing the files that were written failed as well: {then}")]
    Littered {
        /// Why it failed.
        cause: Box<ApplyError>,
        /// Why they could not be removed.
        then: Box<ApplyError>,
    },
}

impl ApplyError {
    /// What the person can do about it, as one sentence without a full stop.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let text = match self {
            Self::Io { source, .. } => return io_hint(source),
            Self::TakenBack { cause } | Self::Littered { cause, .. } => return cause.hint(),
            Self::Root { .. } => "name the folder that holds the repository",
            Self::Locked { .. } => "wait until it is done; the lock goes with the process that holds it",
            Self::Stale { .. } => "plan again and look at the new diff",
            Self::ReadOnly { .. } => "make them writable (`chmod u+w`) or exclude them, then try again",
            Self::Unfinished { .. } | Self::Stuck { .. } => {
                "run `repot recover` to bring the tree back to before the operation or forward to after it"
            }
            Self::AlreadyUndone { .. } | Self::IsUndo { .. } => {
                "run `repot redo` to bring back what was undone"
            }
            Self::NoOperation { .. } => "`repot log` lists the operations",
            Self::ChangedSince { files, .. } if files.iter().any(Drift::is_known) => {
                "undo the later operations first: `repot undo` takes the last one back"
            }
            Self::ChangedSince { .. } => {
                "put these files back as the operation left them (`repot log` names it), then undo again"
            }
            Self::Diverged { .. } => {
                "move these files aside, run `repot recover`, then bring your changes in again"
            }
            Self::Newer { .. } => "use the repot that wrote it, or a newer one",
            Self::Damaged { .. } => {
                "restore `.repot` from a backup, or compare the tree with git and move `.repot` aside"
            }
            Self::OffLimits { .. }
            | Self::Twice { .. }
            | Self::BelowFile { .. }
            | Self::NothingToWrite
            | Self::NothingToUndo
            | Self::NothingToRedo => return None,
        };
        Some(text.to_owned())
    }

    /// An [`ApplyError::Io`], for `map_err`.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }
}

fn io_hint(error: &io::Error) -> Option<String> {
    use io::ErrorKind as Kind;
    let text = match error.kind() {
        Kind::PermissionDenied => "check who owns it and its folder, and whether you may write there",
        Kind::StorageFull | Kind::QuotaExceeded => "free some space on that disk, then try again",
        Kind::ReadOnlyFilesystem => "the file system is mounted read-only; work on a writable copy",
        Kind::CrossesDevices => "a mount point stands in the path; run repot on one file system",
        Kind::IsADirectory | Kind::NotADirectory | Kind::DirectoryNotEmpty => {
            "a file and a folder changed places while repot was writing; look at both, then plan again"
        }
        _ => return None,
    };
    Some(text.to_owned())
}

/// `line 3` or `lines 3-5 and 9`.
fn lines(ranges: &[RangeInclusive<usize>]) -> String {
    let range = |range: &RangeInclusive<usize>| match (range.start(), range.end()) {
        (start, end) if start == end => start.to_string(),
        (start, end) => format!("{start}-{end}"),
    };
    let texts: Vec<_> = ranges.iter().map(range).collect();
    match texts.split_last() {
        Some((only, [])) if !only.contains('-') => format!("line {only}"),
        Some((last, [])) => format!("lines {last}"),
        Some((last, rest)) => format!("lines {} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

fn list(files: &[Drift]) -> String {
    let mut text = String::new();
    for drift in files {
        write!(text, "\n  {}: {}", drift.path, drift.kind).expect("a string takes all text");
    }
    text
}
