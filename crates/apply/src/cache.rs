//! What was found out and may be found out again: files below `.repot/cache/`.
//!
//! Nothing depends on them. One that is missing, damaged or of another kind is
//! as good as none, and git does not see them, as it does not see the journal.

use std::fs;

use crate::{ApplyError, Repository};

/// The folder below `.repot/`.
const FOLDER: &str = "cache";

impl Repository {
    /// What was kept as `name`, if anything was.
    #[must_use]
    pub fn cached(&self, name: &str) -> Option<Vec<u8>> {
        let path = self.journal().kept(FOLDER, name);
        let is_file = fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_file());
        if is_file { fs::read(path).ok() } else { None }
    }

    /// Keeps `bytes` as `name`, in place of what was kept as that before.
    ///
    /// # Errors
    ///
    /// [`ApplyError`] when it cannot be written; nothing is lost by that.
    pub fn cache(&self, name: &str, bytes: &[u8]) -> Result<(), ApplyError> {
        self.journal().keep(FOLDER, name, bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_found_and_git_does_not_see_it() {
        let folder = tempfile::tempdir().unwrap();
        let repository = Repository::open(folder.path()).unwrap();
        assert_eq!(repository.cached("a"), None);
        for bytes in [&b"one"[..], b""] {
            repository.cache("a", bytes).unwrap();
            assert_eq!(repository.cached("a").as_deref(), Some(bytes));
        }
        assert_eq!(fs::read(folder.path().join(".repot/.gitignore")).unwrap(), b"*\n");
        assert!(repository.log().unwrap().is_empty());
    }

    #[test]
    fn a_link_in_the_place_of_the_cache_leads_nowhere() {
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let repository = Repository::open(folder.path()).unwrap();
        repository.cache("a", b"one").unwrap();
        let cache = folder.path().join(".repot/cache");
        fs::remove_dir_all(&cache).unwrap();
        std::os::unix::fs::symlink(other.path(), &cache).unwrap();
        assert!(repository.cache("a", b"two").is_err());
        assert_eq!(fs::read_dir(other.path()).unwrap().count(), 0);
    }
}
