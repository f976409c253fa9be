//! The repository as it was when it was read: an immutable tree of files.
//!
//! A change gives another snapshot, which shares every file that did not
//! change together with what was already found out about it. Nothing here
//! knows what a package or a module is.

mod file;
mod folder;
mod index;
mod walk;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use repot_change::{ChangeSet, Content, FileDelta, Note, RelPath, TreeError};

pub use file::{File, Structure};
pub use folder::Folder;
pub use walk::ReadError;

use folder::Folders;

type Entry = (RelPath, Arc<File>);

/// A tree of files, cheap to clone.
///
/// Invariant: the files are sorted by path, every path occurs once, and no
/// file lies below another file.
#[derive(Clone)]
pub struct Snapshot(Arc<Listing>);

struct Listing {
    root: Option<PathBuf>,
    files: Vec<Entry>,
    links: Vec<RelPath>,
    folders: OnceLock<Folders>,
    notes: Vec<Note>,
}

impl Snapshot {
    /// Reads the tree below the folder `root`.
    ///
    /// What the tree's own `.gitignore` files and `.git/info/exclude` name is
    /// left out, whether or not `root` is a git tree, unless git tracks it all
    /// the same; the user's own ignore file and those above `root` are not
    /// looked at, so that every machine reads the same. Hidden files are read, `.git` and `.repot` never are,
    /// and no symbolic link is followed. Python files are read at once, the
    /// rest when they are first used. What is passed over is in the
    /// [notes](Self::notes).
    ///
    /// # Errors
    ///
    /// [`ReadError`] when `root` is no folder that can be read.
    pub fn read(root: &Path) -> Result<Self, ReadError> {
        let walked = walk::walk(root)?;
        Ok(Self::new((Some(walked.root), walked.links), walked.files, walked.notes))
    }

    /// A snapshot of the given files, which have no place on the disk. Of two
    /// with one path the later counts; one that lies below another file is left
    /// out with a note.
    #[must_use]
    pub fn from_files(files: impl IntoIterator<Item = (RelPath, Vec<u8>)>) -> Self {
        let file = |(path, bytes): (RelPath, Vec<u8>)| {
            let file = Arc::new(File::new(&path, Content::plain(bytes)));
            (path, file)
        };
        Self::sharing(files.into_iter().map(file), Vec::new())
    }

    /// As [`Self::from_files`], of files that other snapshots may hold as well:
    /// what was found out about a file is found out once. `links` are the
    /// symbolic links of the tree.
    #[must_use]
    pub fn sharing(files: impl IntoIterator<Item = (RelPath, Arc<File>)>, links: Vec<RelPath>) -> Self {
        let files: BTreeMap<RelPath, Arc<File>> = files.into_iter().collect();
        let (mut entries, mut notes) = (Vec::<Entry>::with_capacity(files.len()), Vec::new());
        for (path, file) in files {
            if entries.last().is_some_and(|(last, _)| path.is_within(last)) {
                notes.push(Note::about(&path, "is passed over: it lies below another file"));
                continue;
            }
            notes.extend(file.note(&path));
            entries.push((path, file));
        }
        Self::new((None, links), entries, notes)
    }

    /// The files are sorted or nearly so; a stable sort makes use of that.
    fn new(
        (root, mut links): (Option<PathBuf>, Vec<RelPath>),
        mut files: Vec<Entry>,
        mut notes: Vec<Note>,
    ) -> Self {
        links.sort();
        files.sort_by(|a, b| order(&a.0, &b.0));
        notes.sort();
        Self(Arc::new(Listing { root, files, links, folders: OnceLock::new(), notes }))
    }

    /// The folder that was read; `None` for a snapshot that was never on disk.
    #[must_use]
    pub fn root(&self) -> Option<&Path> {
        self.0.root.as_deref()
    }

    /// The snapshot after `changes`.
    ///
    /// # Errors
    ///
    /// [`TreeError`] when the changes do not fit this snapshot, or would put a
    /// file where a folder is, or the other way round.
    pub fn with(&self, changes: &ChangeSet) -> Result<Self, TreeError> {
        let deltas = changes.resolve(|path| self.content(path))?;
        if deltas.is_empty() {
            return Ok(self.clone());
        }
        let gone: BTreeSet<&RelPath> =
            deltas.iter().filter_map(|delta| Some(&delta.old.as_ref()?.0)).collect();
        let mut notes = self.0.notes.clone();
        notes.retain(|note| note.path.as_ref().is_none_or(|path| !gone.contains(path)));
        let mut files: Vec<Entry> =
            self.0.files.iter().filter(|(path, _)| !gone.contains(path)).cloned().collect();
        files.extend(deltas.iter().filter_map(|delta| self.entry_after(delta, &mut notes)));
        let after = Self::new((self.0.root.clone(), self.0.links.clone()), files, notes);
        let arrived = deltas.iter().filter_map(|delta| Some(&delta.new.as_ref()?.0));
        arrived.into_iter().try_for_each(|path| after.check_place(path))?;
        Ok(after)
    }

    /// A file that only moves keeps what was found out about it.
    fn entry_after(&self, delta: &FileDelta, notes: &mut Vec<Note>) -> Option<Entry> {
        let (path, content) = delta.new.as_ref()?;
        let same = delta.old.as_ref().filter(|(old, before)| {
            before == content && file::is_python_name(old) == file::is_python_name(path)
        });
        let file = match same.and_then(|(old, _)| self.get(old)) {
            Some(file) if file.is_python() || !file::is_python_name(path) => Arc::clone(file),
            _ => new_file(path, content.clone(), notes),
        };
        Some((path.clone(), file))
    }

    fn check_place(&self, path: &RelPath) -> Result<(), TreeError> {
        let above = path.ancestors().find(|folder| self.get(folder).is_some());
        let occupied = above.or_else(|| self.below(path).next().map(|_| path.clone()));
        occupied.map_or(Ok(()), |path| Err(TreeError::Occupied { path }))
    }

    /// The file at `path`.
    #[must_use]
    pub fn get(&self, path: &RelPath) -> Option<&Arc<File>> {
        let index = self.0.files.binary_search_by(|(other, _)| order(other, path)).ok()?;
        self.0.files.get(index).map(|(_, file)| file)
    }

    /// The bytes and mode of the file at `path`; `None` when there is none or
    /// it cannot be read.
    #[must_use]
    pub fn content(&self, path: &RelPath) -> Option<Content> {
        self.get(path)?.content().cloned()
    }

    /// Every file, sorted by path.
    pub fn files(&self) -> impl Iterator<Item = (&RelPath, &Arc<File>)> {
        pairs(&self.0.files)
    }

    /// Every file below `folder`, at any depth, sorted by path.
    pub fn below(&self, folder: &RelPath) -> impl Iterator<Item = (&RelPath, &Arc<File>)> {
        let start = self.0.files.partition_point(|(path, _)| order(path, folder) != Ordering::Greater);
        let after = self.0.files.get(start..).unwrap_or_default();
        let end = after.partition_point(|(path, _)| path.is_within(folder));
        pairs(after.get(..end).unwrap_or_default())
    }

    /// Every Python file that was read, sorted by path.
    pub fn python_files(&self) -> impl Iterator<Item = (&RelPath, &Arc<File>)> {
        self.files().filter(|(_, file)| file.is_python())
    }

    /// The folder at `path`, if any file lies below it.
    #[must_use]
    pub fn folder(&self, path: &RelPath) -> Option<&Folder> {
        self.folder_table().get(path)
    }

    /// Every folder with its path, sorted; the root comes first.
    pub fn folders(&self) -> impl Iterator<Item = (&RelPath, &Folder)> {
        self.folder_table().iter()
    }

    /// Whether `path` is a folder that holds a file at any depth.
    #[must_use]
    pub fn is_folder(&self, path: &RelPath) -> bool {
        self.folder(path).is_some()
    }

    /// The symbolic links that the tree held when it was read, sorted: none of
    /// them is followed, and no change touches one.
    #[must_use]
    pub fn links(&self) -> &[RelPath] {
        &self.0.links
    }

    /// What was passed over and why, sorted.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.0.notes
    }

    fn folder_table(&self) -> &Folders {
        self.0.folders.get_or_init(|| Folders::of(self.0.files.iter().map(|(path, _)| path)))
    }
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Snapshot({:?}, {} files)", self.0.root, self.0.files.len())
    }
}

fn pairs(entries: &[Entry]) -> impl Iterator<Item = (&RelPath, &Arc<File>)> {
    entries.iter().map(|(path, file)| (path, file))
}

fn new_file(path: &RelPath, content: Content, notes: &mut Vec<Note>) -> Arc<File> {
    let (file, note) = File::in_memory(path, content);
    notes.extend(note);
    Arc::new(file)
}

/// The order of [`RelPath`], compared by bytes: no component holds a NUL, so a
/// `/` may stand for one and sorts before everything else.
fn order(a: &RelPath, b: &RelPath) -> Ordering {
    let key = |byte: u8| if byte == b'/' { 0 } else { byte };
    a.as_str().bytes().map(key).cmp(b.as_str().bytes().map(key))
}

#[cfg(test)]
mod tests;
