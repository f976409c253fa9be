//! What stands at a path, looked at without following any symbolic link.
//!
//! Reading only. Every folder on the way is looked at each time: a link that
//! was planted since the last look must not lead a write out of the root.

use std::fs::{self, File, Metadata};
use std::io::{self, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use repot_change::{ContentHash, RelPath};

use crate::error::DriftKind;
use crate::{ApplyError, FileState};

/// The tree below a root, as it stands on the disk.
#[derive(Debug)]
pub(crate) struct Tree<'a> {
    root: &'a Path,
    /// Whether names are compared with those that folders list. A file system
    /// that folds case finds `a.py` where only `A.py` is; so this is set when
    /// spellings that differ by case alone take part in one operation.
    exact: bool,
}

/// What stands at a path.
#[derive(Debug)]
pub(crate) enum Found {
    Nothing,
    File(Metadata),
    Folder(Metadata),
    Symlink,
    Special,
    BelowFile(RelPath),
    BelowSymlink(RelPath),
}

/// A regular file that was read.
#[derive(Debug)]
pub(crate) struct FoundFile {
    pub(crate) bytes: Vec<u8>,
    pub(crate) state: FileState,
}

impl<'a> Tree<'a> {
    /// The tree below `root`, for an operation on `paths`.
    pub(crate) fn new<'p>(root: &'a Path, paths: impl Iterator<Item = &'p RelPath>) -> Self {
        Self { root, exact: differ_by_case(paths) }
    }

    /// The path on the disk.
    pub(crate) fn place(&self, path: &RelPath) -> PathBuf {
        self.root.join(path.as_str())
    }

    /// What stands at `path`.
    pub(crate) fn look(&self, path: &RelPath) -> Result<Found, ApplyError> {
        let mut above = RelPath::root();
        let mut found = self.look_here(&above)?;
        for part in path.components() {
            match found {
                Found::Folder(_) => {}
                Found::Symlink => return Ok(Found::BelowSymlink(above)),
                Found::File(_) | Found::Special => return Ok(Found::BelowFile(above)),
                other => return Ok(other),
            }
            if self.exact && !self.names(&above)?.iter().any(|name| name == part) {
                return Ok(Found::Nothing);
            }
            above = above.join(part).expect("a component of a path is a path");
            found = self.look_here(&above)?;
        }
        Ok(found)
    }

    fn look_here(&self, path: &RelPath) -> Result<Found, ApplyError> {
        let place = self.place(path);
        let metadata = match fs::symlink_metadata(&place) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
            Err(error) => return Err(ApplyError::io("look at", &place)(error)),
        };
        Ok(match metadata.file_type() {
            kind if kind.is_file() => Found::File(metadata),
            kind if kind.is_dir() => Found::Folder(metadata),
            kind if kind.is_symlink() => Found::Symlink,
            _ => Found::Special,
        })
    }

    /// The regular file at `path`, or what else stands there.
    pub(crate) fn read(&self, path: &RelPath) -> Result<Result<FoundFile, Found>, ApplyError> {
        match self.look(path)? {
            Found::File(_) => {}
            other => return Ok(Err(other)),
        }
        let place = self.place(path);
        let mut bytes = Vec::new();
        let mut read = || {
            let mut file = File::open(&place)?;
            file.read_to_end(&mut bytes)?;
            file.metadata()
        };
        let metadata = read().map_err(ApplyError::io("read", &place))?;
        let state =
            FileState { hash: ContentHash::of(&bytes), size: bytes.len() as u64, mode: mode_of(&metadata) };
        Ok(Ok(FoundFile { bytes, state }))
    }

    /// The names in the folder `path`; one that is no UTF-8 is kept lossily,
    /// which is enough to see that it is there.
    pub(crate) fn names(&self, path: &RelPath) -> Result<Vec<String>, ApplyError> {
        let place = self.place(path);
        let list =
            || fs::read_dir(&place)?.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>();
        let names = list().map_err(ApplyError::io("list", &place))?;
        Ok(names.into_iter().map(|name| name.to_string_lossy().into_owned()).collect())
    }

    /// The nearest folder above `path` that exists: where a temporary file for
    /// it goes. What stands at `path` afterwards stands below that folder, so
    /// no operation removes it, and no mount point lies between.
    pub(crate) fn nearest_folder(&self, path: &RelPath) -> Result<RelPath, ApplyError> {
        for folder in path.ancestors() {
            if matches!(self.look(&folder)?, Found::Folder(_)) {
                return Ok(folder);
            }
        }
        Ok(RelPath::root())
    }
}

impl Found {
    /// How this differs from `expected`, a file that should have stood here.
    pub(crate) fn instead_of_file(self) -> DriftKind {
        match self {
            Self::Nothing => DriftKind::Missing,
            Self::File(_) => DriftKind::Changed,
            other => other.instead_of_nothing(),
        }
    }

    /// How this differs from nothing at all.
    pub(crate) fn instead_of_nothing(self) -> DriftKind {
        match self {
            Self::Nothing => DriftKind::Missing,
            Self::File(_) => DriftKind::Appeared,
            Self::Folder(_) => DriftKind::Folder,
            Self::Symlink => DriftKind::Symlink,
            Self::Special => DriftKind::Special,
            Self::BelowFile(path) => DriftKind::BelowFile(path),
            Self::BelowSymlink(path) => DriftKind::BelowSymlink(path),
        }
    }
}

/// The twelve mode bits.
pub(crate) fn mode_of(metadata: &Metadata) -> u32 {
    metadata.permissions().mode() & 0o7777
}

fn differ_by_case<'p>(paths: impl Iterator<Item = &'p RelPath>) -> bool {
    let mut spellings = std::collections::HashMap::new();
    let with_folders = paths.flat_map(|path| std::iter::once(path.clone()).chain(path.ancestors()));
    for path in with_folders {
        let folded = path.as_str().to_lowercase();
        if *spellings.entry(folded).or_insert_with(|| path.clone()) != path {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(texts: &[&str]) -> bool {
        let paths: Vec<_> = texts.iter().map(|text| RelPath::new(text).unwrap()).collect();
        differ_by_case(paths.iter())
    }

    #[test]
    fn spellings_that_differ_by_case_are_seen_in_files_and_folders() {
        assert!(paths(&["shop/Cart.py", "shop/cart.py"]));
        assert!(paths(&["Shop/cart.py", "shop/prices.py"]));
        assert!(!paths(&["shop/cart.py", "shop/prices.py", "shop/cart.py"]));
    }

    #[test]
    fn an_exact_look_wants_the_name_that_the_folder_lists() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("Cart.py"), "").unwrap();
        let tree = Tree { root: folder.path(), exact: true };
        let look = |text| tree.look(&RelPath::new(text).unwrap()).unwrap();
        assert!(matches!(look("Cart.py"), Found::File(_)));
        assert!(matches!(look("cart.py"), Found::Nothing));
    }
}
