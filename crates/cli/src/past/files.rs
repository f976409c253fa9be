//! Files of commits, each read once however many commits have it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use repot_change::Content;
use repot_git::{CommitTree, EntryKind, GitError, ObjectId, Objects, TreeEntry};
use repot_workspace::{File, Snapshot};

/// What makes two entries one file: the bytes, whether they are Python, and
/// whether they may be executed.
type Key = (ObjectId, bool, EntryKind);

/// The files of a repository that were asked for.
pub struct Files {
    objects: Arc<Objects>,
    /// Each with whether it was asked for lately.
    known: Mutex<HashMap<Key, (Arc<File>, bool)>>,
}

impl Files {
    /// Files read from `objects`.
    pub fn new(objects: Arc<Objects>) -> Self {
        Self { objects, known: Mutex::default() }
    }

    /// The snapshot of `tree`; `None` when a file of it is not here.
    ///
    /// # Errors
    ///
    /// [`GitError`] when git stops answering.
    pub fn snapshot(&self, tree: &CommitTree) -> Result<Option<Snapshot>, GitError> {
        let (mut files, mut links) = (Vec::with_capacity(tree.entries.len()), Vec::new());
        for entry in &tree.entries {
            if entry.kind == EntryKind::Link {
                links.push(entry.path.clone());
                continue;
            }
            let Some(file) = self.file(entry)? else { return Ok(None) };
            files.push((entry.path.clone(), file));
        }
        Ok(Some(Snapshot::sharing(files, links)))
    }

    /// Forgets what was not asked for since this was last called.
    pub fn forget_unused(&self) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, (_, is_used)| std::mem::take(is_used));
    }

    fn file(&self, entry: &TreeEntry) -> Result<Option<Arc<File>>, GitError> {
        let is_python = matches!(entry.path.extension(), Some("py" | "pyi"));
        let key = (Arc::clone(&entry.blob), is_python, entry.kind);
        if let Some((file, is_used)) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get_mut(&key)
        {
            *is_used = true;
            return Ok(Some(Arc::clone(file)));
        }
        let executable = entry.kind == EntryKind::Executable;
        let file = if is_python {
            let Some(bytes) = self.objects.blob(&entry.blob)? else { return Ok(None) };
            File::new(&entry.path, Content { bytes: bytes.into(), executable })
        } else {
            self.deferred(&entry.blob, executable)
        };
        let file = Arc::new(file);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have been faster; one file is enough.
        let (file, is_used) = known.entry(key).or_insert((file, true));
        *is_used = true;
        Ok(Some(Arc::clone(file)))
    }

    /// Most files that are no Python are never looked at.
    fn deferred(&self, blob: &ObjectId, executable: bool) -> File {
        let (objects, blob) = (Arc::clone(&self.objects), Arc::clone(blob));
        File::deferred(move || {
            let bytes = objects.blob(&blob).ok().flatten()?;
            Some(Content { bytes: bytes.into(), executable })
        })
    }
}
