//! The walk over the disk that makes a snapshot.
//!
//! Several threads list folders and read Python files as they come upon them.
//! Only what git tracks or would track is looked at, and nothing is opened that is not a
//! regular file below the root.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::io::{self, Read};
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread;

use ignore::{DirEntry, WalkBuilder, WalkParallel, WalkState};
use rayon::slice::ParallelSliceMut;
use repot_change::{Content, Note, RelPath};
use thiserror::Error;

use super::file::{File, MAX_PYTHON_LEN, is_executable, is_python_name, oversized};
use super::{Entry, index, order};

/// Why a tree could not be read at all.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The root is missing or may not be read.
    #[error("{}: cannot be read: {source}", .path.display())]
    Unreadable {
        /// The root.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The root is something else than a folder.
    #[error("{}: is not a folder", .path.display())]
    NotAFolder {
        /// The root.
        path: PathBuf,
    },
}

/// What the walk found; the files are sorted by path.
pub(super) struct Walked {
    pub(super) root: PathBuf,
    pub(super) files: Vec<Entry>,
    pub(super) links: Vec<RelPath>,
    pub(super) notes: Vec<Note>,
}

enum Find {
    File(Entry),
    Link(RelPath),
    Note(Note),
}

/// Reads the tree below `root`; see [`super::Snapshot::read`].
pub(super) fn walk(root: &Path) -> Result<Walked, ReadError> {
    let root = check_root(root).map_err(|source| ReadError::Unreadable { path: root.to_owned(), source })?;
    if !root.is_dir() {
        return Err(ReadError::NotAFolder { path: root });
    }
    let mut walked = Walked { files: Vec::new(), links: Vec::new(), notes: Vec::new(), root };
    let (sender, receiver) = mpsc::channel();
    walker(&walked.root).run(|| {
        let mut reader = Reader::new(&walked.root, sender.clone());
        Box::new(move |entry| reader.visit(entry))
    });
    drop(sender);
    walked.add(receiver);
    walked.add_tracked();
    Ok(walked)
}

impl Walked {
    fn add(&mut self, finds: mpsc::Receiver<Find>) {
        for find in finds {
            match find {
                Find::File(entry) => self.files.push(entry),
                Find::Link(path) => self.links.push(path),
                Find::Note(note) => self.notes.push(note),
            }
        }
        self.files.par_sort_unstable_by(|a, b| order(&a.0, &b.0));
    }

    /// Adds the files that git tracks although an ignore file names them.
    fn add_tracked(&mut self) {
        let files = self.files.iter().map(|(path, _)| path);
        let known: HashSet<&str> = files.chain(&self.links).map(RelPath::as_str).collect();
        let mut tracked = index::tracked(&self.root);
        tracked.retain(|path| !known.contains(path.as_str()));
        let (sender, receiver) = mpsc::channel();
        let mut reader = Reader::new(&self.root, sender);
        let paths = tracked.iter().filter_map(|path| RelPath::new(path).ok());
        paths.filter(|path| !path.components().any(|part| is_off_limits(part.as_ref()))).for_each(|path| {
            reader.visit_tracked(path);
        });
        drop(reader);
        self.add(receiver);
    }
}

/// The real path of the root; a root that cannot be listed is an error, while
/// any folder below it is only a note.
fn check_root(root: &Path) -> io::Result<PathBuf> {
    let root = root.canonicalize()?;
    if root.is_dir() {
        std::fs::read_dir(&root)?;
    }
    Ok(root)
}

fn walker(root: &Path) -> WalkParallel {
    let threads = thread::available_parallelism().map_or(2, std::num::NonZero::get).clamp(2, 12);
    WalkBuilder::new(root)
        .hidden(false)
        .ignore(false)
        .parents(false)
        .git_global(false)
        .git_ignore(true)
        .git_exclude(true)
        .require_git(false)
        .follow_links(false)
        .threads(threads)
        .filter_entry(|entry| entry.depth() == 0 || !is_off_limits(entry.file_name()))
        .build_parallel()
}

fn is_off_limits(name: &OsStr) -> bool {
    name.eq_ignore_ascii_case(".git") || name.eq_ignore_ascii_case(".repot")
}

/// One thread's part of the walk.
struct Reader {
    root: PathBuf,
    /// Used again for every file, so that reading touches warm memory only.
    buffer: Vec<u8>,
    finds: mpsc::Sender<Find>,
}

impl Reader {
    fn new(root: &Path, finds: mpsc::Sender<Find>) -> Self {
        Self { root: root.to_owned(), buffer: Vec::new(), finds }
    }

    /// Reads a file that the walk did not come upon, if it is a file still and
    /// no symbolic link leads to it.
    fn visit_tracked(&mut self, path: RelPath) {
        let disk = self.root.join(path.as_str());
        if disk.canonicalize().is_ok_and(|real| real == disk) && disk.is_file() {
            self.send_file(&disk, path);
        } else if disk.is_symlink() && is_reached_without_links(&disk) {
            self.send(Find::Link(path));
        }
    }

    fn send_file(&mut self, disk: &Path, path: RelPath) {
        let file = if is_python_name(&path) {
            self.read_python(disk, &path)
        } else {
            File::on_disk(disk.to_owned())
        };
        self.send(Find::File((path, Arc::new(file))));
    }

    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        match entry {
            Ok(entry) => self.visit_entry(&entry),
            Err(error) => {
                self.note_error(&error);
                WalkState::Continue
            }
        }
    }

    fn visit_entry(&mut self, entry: &DirEntry) -> WalkState {
        if let Some(error) = entry.error() {
            self.note_error(error);
        }
        let Some(kind) = entry.file_type().filter(|_| entry.depth() > 0) else {
            return WalkState::Continue;
        };
        let Some(path) = self.relative(entry.path()) else {
            let shown = entry.path().strip_prefix(&self.root).unwrap_or(entry.path()).display();
            let message = format!("{shown}: is passed over: its name is not UTF-8");
            self.send(Find::Note(Note { path: None, line: None, message }));
            return WalkState::Skip;
        };
        if kind.is_symlink() {
            self.note(&path, "is passed over: a symbolic link is not followed");
            self.send(Find::Link(path));
        } else if kind.is_file() {
            self.send_file(entry.path(), path);
        }
        WalkState::Continue
    }

    fn read_python(&mut self, disk: &Path, path: &RelPath) -> File {
        match self.read(disk) {
            Ok(Ok(content)) => {
                let (file, note) = File::in_memory(path, content);
                note.into_iter().for_each(|note| self.send(Find::Note(note)));
                file
            }
            Ok(Err(len)) => {
                self.note(path, oversized(len));
                File::on_disk(disk.to_owned())
            }
            Err(error) => {
                self.note(path, format!("is passed over: it cannot be read: {error}"));
                File::unreadable()
            }
        }
    }

    /// The content, or, when it is too large to be read, its length.
    fn read(&mut self, disk: &Path) -> io::Result<Result<Content, u64>> {
        let file = std::fs::File::open(disk)?;
        let metadata = file.metadata()?;
        if metadata.len() > MAX_PYTHON_LEN {
            return Ok(Err(metadata.len()));
        }
        self.buffer.clear();
        // One byte more than expected, so that one call sees the end as well.
        let expected = usize::try_from(metadata.len()).unwrap_or(0) + 1;
        self.buffer.reserve(expected);
        file.take(MAX_PYTHON_LEN + 1).read_to_end(&mut self.buffer)?;
        Ok(Ok(Content { bytes: Arc::from(self.buffer.as_slice()), executable: is_executable(&metadata) }))
    }

    fn relative(&self, path: &Path) -> Option<RelPath> {
        let text = path.strip_prefix(&self.root).ok()?.to_str()?;
        if MAIN_SEPARATOR == '/' {
            return RelPath::new(text).ok();
        }
        RelPath::new(&text.replace(MAIN_SEPARATOR, "/")).ok()
    }

    fn note_error(&self, error: &ignore::Error) {
        let (path, message) = describe(error);
        let path = path.and_then(|path| self.relative(path));
        self.send(Find::Note(Note { path, line: None, message }));
    }

    fn note(&self, path: &RelPath, message: impl Into<String>) {
        self.send(Find::Note(Note::about(path, message)));
    }

    fn send(&self, find: Find) {
        // The receiver outlives the walk; if it did not, nobody would ask.
        let _ = self.finds.send(find);
    }
}

/// Whether no folder above `disk` is a symbolic link; the root is none.
fn is_reached_without_links(disk: &Path) -> bool {
    disk.parent().is_some_and(|folder| folder.canonicalize().is_ok_and(|real| real == folder))
}

/// The file or folder that the walk stumbled over, and why.
fn describe(error: &ignore::Error) -> (Option<&Path>, String) {
    match error {
        ignore::Error::WithPath { path, err } => (Some(path), describe(err).1),
        ignore::Error::WithDepth { err, .. } => describe(err),
        ignore::Error::Partial(errors) => errors.first().map_or((None, error.to_string()), describe),
        ignore::Error::Io(source) => (None, format!("is passed over: it cannot be read: {source}")),
        other => (None, format!("has a pattern that is passed over: {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_vanishes_during_the_walk_is_noted() {
        let root = tempfile::tempdir().unwrap();
        let (finds, found) = mpsc::channel();
        let mut reader = Reader::new(root.path(), finds);
        let file = reader.read_python(&root.path().join("a.py"), &RelPath::new("a.py").unwrap());
        drop(reader);
        assert!(file.content().is_none() && !file.is_python() && file.imports().is_empty());
        let note =
            found.into_iter().find_map(|find| if let Find::Note(note) = find { Some(note) } else { None });
        assert!(note.is_some_and(|note| note.message.starts_with("is passed over: it cannot be read")));
    }
}
