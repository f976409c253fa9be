//! One file of a snapshot: its bytes, and what was found out from them.
//!
//! A file does not know its path. Whatever is asked of it twice is computed
//! once; syntax trees are large, so a file only knows the one that somebody
//! holds.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use memchr::memmem::Finder;
use repot_change::{Content, ContentHash, Note, RelPath, Span};
use repot_python::{Declarations, Definitions, FromNames, ImportKind, ImportStmt, SourceFile};

/// Python files of more bytes are passed over.
pub(super) const MAX_PYTHON_LEN: u64 = 4 << 20;

/// A NUL among this many first bytes marks a file that is not text.
const BINARY_PROBE_LEN: usize = 8 << 10;

/// Reads what is kept elsewhere than in a folder.
type Reading = dyn Fn() -> Option<Content> + Send + Sync;

/// Where a content comes from that was not read yet.
#[derive(Default)]
enum Origin {
    /// It was read, or cannot be.
    #[default]
    Nowhere,
    Disk(PathBuf),
    Elsewhere(Box<Reading>),
}

impl std::fmt::Debug for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nowhere => f.write_str("Nowhere"),
            Self::Disk(path) => write!(f, "Disk({path:?})"),
            Self::Elsewhere(_) => f.write_str("Elsewhere"),
        }
    }
}

/// A file of a snapshot.
#[derive(Debug, Default)]
pub struct File {
    origin: Origin,
    is_python: bool,
    content: OnceLock<Option<Content>>,
    hash: OnceLock<ContentHash>,
    imports: OnceLock<Vec<ImportStmt>>,
    definitions: OnceLock<Definitions>,
    is_broken: OnceLock<bool>,
    structure: OnceLock<Structure>,
    tree: Held,
}

/// The tree, as long as somebody holds it.
#[derive(Default)]
struct Held(Mutex<Weak<SourceFile>>);

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Held")
    }
}

/// What a file's tree says of it beside its imports and names, kept when the
/// tree is gone.
#[derive(Debug)]
pub struct Structure {
    /// Its classes and functions.
    pub declarations: Declarations,
    /// Its comments.
    pub comments: Vec<Span>,
}

impl File {
    /// A file with this content, and a note when it is called Python but
    /// cannot be treated as such.
    pub(super) fn in_memory(path: &RelPath, content: Content) -> (Self, Option<Note>) {
        let problem = if is_python_name(path) { problem_with(&content.bytes) } else { None };
        let is_python = is_python_name(path) && problem.is_none();
        let file = Self { is_python, content: OnceLock::from(Some(content)), ..Self::default() };
        (file, problem.map(|problem| Note::about(path, problem)))
    }

    /// A file with this content, which may be part of several snapshots where
    /// its path is such a one: Python, or not.
    #[must_use]
    pub fn new(path: &RelPath, content: Content) -> Self {
        Self::in_memory(path, content).0
    }

    /// A file that is no Python and is read by `read` when it is first used.
    #[must_use]
    pub fn deferred(read: impl Fn() -> Option<Content> + Send + Sync + 'static) -> Self {
        Self { origin: Origin::Elsewhere(Box::new(read)), ..Self::default() }
    }

    /// What there is to say of this file where it lies at `path`: why it is not
    /// treated as the Python that its name says it is.
    pub(super) fn note(&self, path: &RelPath) -> Option<Note> {
        let is_refused = is_python_name(path) && !self.is_python;
        let problem = if is_refused { problem_with(self.text()) } else { None };
        problem.map(|problem| Note::about(path, problem))
    }

    /// A file that is read when it is first used, and is not Python.
    pub(super) fn on_disk(disk: PathBuf) -> Self {
        Self { origin: Origin::Disk(disk), ..Self::default() }
    }

    /// A file that exists and cannot be read.
    pub(super) fn unreadable() -> Self {
        Self { content: OnceLock::from(None), ..Self::default() }
    }

    /// Whether this is a Python file or stub that was read.
    #[must_use]
    pub fn is_python(&self) -> bool {
        self.is_python
    }

    /// The bytes and the mode; `None` when the file cannot be read.
    #[must_use]
    pub fn content(&self) -> Option<&Content> {
        let read = || match &self.origin {
            Origin::Nowhere => None,
            Origin::Disk(path) => read_content(path).ok(),
            Origin::Elsewhere(read) => read(),
        };
        self.content.get_or_init(read).as_ref()
    }

    /// The bytes; `None` when the file cannot be read.
    #[must_use]
    pub fn bytes(&self) -> Option<&Arc<[u8]>> {
        self.content().map(|content| &content.bytes)
    }

    /// Whether the owner may execute the file.
    #[must_use]
    pub fn executable(&self) -> bool {
        self.content().is_some_and(|content| content.executable)
    }

    /// How many bytes the file has; 0 when it cannot be read.
    #[must_use]
    pub fn size(&self) -> usize {
        self.text().len()
    }

    /// The hash of the bytes; that of no bytes when the file cannot be read.
    #[must_use]
    pub fn hash(&self) -> ContentHash {
        *self.hash.get_or_init(|| ContentHash::of(self.text()))
    }

    /// The import statements; none when this is not Python.
    #[must_use]
    pub fn imports(&self) -> &[ImportStmt] {
        self.imports.get_or_init(|| repot_python::scan_imports(self.python_text()))
    }

    /// The names that the module defines; none when this is not Python.
    #[must_use]
    pub fn definitions(&self) -> &Definitions {
        self.definitions.get_or_init(|| repot_python::scan_definitions(self.python_text()))
    }

    /// Whether the file has syntax errors.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.is_broken.get().copied().unwrap_or_else(|| self.is_broken_as(&self.parse()))
    }

    /// Whether the file has syntax errors, known from its tree `source`.
    #[must_use]
    pub fn is_broken_as(&self, source: &SourceFile) -> bool {
        *self.is_broken.get_or_init(|| !source.problems().is_empty())
    }

    /// The declarations and the comments; parsed for on the first call.
    #[must_use]
    pub fn structure(&self) -> &Structure {
        self.structure.get_or_init(|| {
            let source = self.parse();
            // The tree is here, so that nobody has to make it again for this.
            self.is_broken.get_or_init(|| !source.problems().is_empty());
            Structure { declarations: source.declarations(), comments: source.comments() }
        })
    }

    /// Whether the module has a star import anywhere.
    #[must_use]
    pub fn has_star_import(&self) -> bool {
        let is_star = |statement: &ImportStmt| match &statement.kind {
            ImportKind::From(from) => matches!(from.names, FromNames::Star(_)),
            ImportKind::Import(_) => false,
        };
        self.imports().iter().any(is_star)
    }

    /// The syntax tree, made when nobody holds it; of an empty file when this is
    /// not Python.
    #[must_use]
    pub fn parse(&self) -> Arc<SourceFile> {
        let mut held = self.tree.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.upgrade().unwrap_or_else(|| {
            let bytes = self.bytes().filter(|_| self.is_python);
            let tree = Arc::new(SourceFile::parse(bytes.map_or_else(|| Arc::from([]), Arc::clone)));
            *held = Arc::downgrade(&tree);
            tree
        })
    }

    /// The syntax tree, if somebody holds it.
    pub(crate) fn parsed(&self) -> Option<Arc<SourceFile>> {
        self.tree.0.lock().unwrap_or_else(PoisonError::into_inner).upgrade()
    }

    /// Whether the bytes hold what `needle` looks for.
    #[must_use]
    pub fn mentions(&self, needle: &Finder<'_>) -> bool {
        needle.find(self.text()).is_some()
    }

    fn text(&self) -> &[u8] {
        self.bytes().map_or(&[], |bytes| bytes)
    }

    fn python_text(&self) -> &[u8] {
        if self.is_python { self.text() } else { &[] }
    }
}

/// Whether a file of this name holds Python code or a stub of it.
pub(super) fn is_python_name(path: &RelPath) -> bool {
    matches!(path.extension(), Some("py" | "pyi"))
}

/// What a note says of a Python file that is too large.
pub(super) fn oversized(len: u64) -> String {
    format!("is passed over: {len} bytes of Python are more than {MAX_PYTHON_LEN}")
}

fn problem_with(bytes: &[u8]) -> Option<String> {
    let len = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if len > MAX_PYTHON_LEN {
        return Some(oversized(len));
    }
    let probe = bytes.get(..BINARY_PROBE_LEN).unwrap_or(bytes);
    memchr::memchr(0, probe).map(|_| "is passed over: it holds a NUL byte and is not text".to_owned())
}

fn read_content(path: &Path) -> io::Result<Content> {
    let mut file = std::fs::File::open(path)?;
    let executable = is_executable(&file.metadata()?);
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(Content { bytes: bytes.into(), executable })
}

/// Whether the owner may execute a file with this metadata.
pub(super) fn is_executable(metadata: &std::fs::Metadata) -> bool {
    #[cfg(unix)]
    return std::os::unix::fs::MetadataExt::mode(metadata) & 0o100 != 0;
    #[cfg(not(unix))]
    return {
        let _ = metadata;
        false
    };
}
