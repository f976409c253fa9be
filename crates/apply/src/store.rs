//! The old bytes of one operation, in one file, found by their hash.
//!
//! One file and not one per object: it is synced once, however many files an
//! operation changes. The new bytes are not kept, because the undo of an
//! operation keeps them as its own old ones.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use repot_change::ContentHash;
use serde::{Deserialize, Serialize};

use crate::ApplyError;
use crate::disk::Disk;

/// Where the bytes with one hash lie in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Object {
    hash: ContentHash,
    /// The offset of the first byte.
    offset: u64,
    /// How many bytes.
    size: u64,
}

impl Object {
    /// The hash of the bytes.
    pub(crate) fn hash(&self) -> ContentHash {
        self.hash
    }

    /// How many bytes.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }
}

/// Writes `contents` to the new file `path` and syncs it; equal bytes once.
/// Where there is nothing to keep, there is no file.
pub(crate) fn write<'b>(
    disk: &dyn Disk,
    path: &Path,
    contents: impl Iterator<Item = (ContentHash, &'b [u8])>,
) -> Result<Vec<Object>, ApplyError> {
    let mut contents = contents.peekable();
    if contents.peek().is_none() {
        return Ok(Vec::new());
    }
    let mut file = disk.create(path).map_err(ApplyError::io("create", path))?;
    let (mut objects, mut seen, mut offset) = (Vec::new(), HashSet::new(), 0);
    for (hash, bytes) in contents {
        if seen.insert(hash) {
            disk.write(&mut file, bytes).map_err(ApplyError::io("write", path))?;
            let size = bytes.len() as u64;
            objects.push(Object { hash, offset, size });
            offset += size;
        }
    }
    sync(disk, &[path.to_owned()])?;
    Ok(objects)
}

/// Syncs `paths`, with the error that names the one that failed.
pub(crate) fn sync(disk: &dyn Disk, paths: &[PathBuf]) -> Result<(), ApplyError> {
    disk.sync(paths).map_err(|(path, error)| ApplyError::io("sync", &path)(error))
}

/// The store of one operation, for reading.
#[derive(Debug)]
pub(crate) struct Store {
    path: PathBuf,
    objects: HashMap<ContentHash, Object>,
    /// The file and how many bytes it has; `None` when it holds no object.
    open: Option<(File, u64)>,
}

impl Store {
    /// Opens the store at `path`, which holds `objects`.
    pub(crate) fn open(path: PathBuf, objects: &[Object]) -> Result<Self, ApplyError> {
        let objects: HashMap<_, _> = objects.iter().map(|object| (object.hash, *object)).collect();
        let open = || {
            let file = File::open(&path)?;
            let length = file.metadata()?.len();
            Ok((file, length))
        };
        let open = (!objects.is_empty()).then(open).transpose().map_err(ApplyError::io("open", &path))?;
        Ok(Self { path, objects, open })
    }

    /// The bytes with the hash `hash`, checked against it.
    pub(crate) fn get(&self, hash: ContentHash) -> Result<Vec<u8>, ApplyError> {
        let damaged = |reason: &str| ApplyError::Damaged {
            path: self.path.clone(),
            reason: format!("the bytes with hash {hash} {reason}"),
        };
        let (object, (file, length)) =
            self.objects.get(&hash).zip(self.open.as_ref()).ok_or_else(|| damaged("are not listed"))?;
        if object.offset.checked_add(object.size).is_none_or(|end| end > *length) {
            return Err(damaged("are cut off"));
        }
        let size = usize::try_from(object.size).map_err(|_| damaged("do not fit into memory"))?;
        let mut bytes = vec![0; size];
        file.read_exact_at(&mut bytes, object.offset).map_err(ApplyError::io("read", &self.path))?;
        if ContentHash::of(&bytes) == hash { Ok(bytes) } else { Err(damaged("are not these")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::SystemDisk;

    fn stored(folder: &Path) -> (PathBuf, Vec<Object>) {
        let path = folder.join("objects");
        let contents = [&b"one"[..], b"", b"two", b"one"].map(|bytes| (ContentHash::of(bytes), bytes));
        let objects = write(&SystemDisk, &path, contents.into_iter()).unwrap();
        (path, objects)
    }

    #[test]
    fn what_was_stored_is_found_by_its_hash_and_lies_there_once() {
        let folder = tempfile::tempdir().unwrap();
        let (path, objects) = stored(folder.path());
        assert_eq!(objects.len(), 3);
        let store = Store::open(path, &objects).unwrap();
        for bytes in [&b"one"[..], b"", b"two"] {
            assert_eq!(store.get(ContentHash::of(bytes)).unwrap(), bytes);
        }
        assert!(store.get(ContentHash::of(b"three")).is_err());
    }

    #[test]
    fn damage_is_an_error_and_never_other_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let (path, objects) = stored(folder.path());
        for damage in ["onetwx", "one", ""] {
            std::fs::write(&path, damage).unwrap();
            let store = Store::open(path.clone(), &objects).unwrap();
            let error = store.get(ContentHash::of(b"two")).unwrap_err();
            assert!(matches!(error, ApplyError::Damaged { .. }), "{damage:?}: {error}");
        }
    }
}
