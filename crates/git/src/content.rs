//! What a commit holds.

use repot_change::RelPath;

use crate::{Git, GitError};

impl Git {
    /// The bytes of the file `path` in the commit that `revision` names; `None`
    /// where that commit has no such file.
    ///
    /// # Errors
    ///
    /// [`GitError::UnknownRevision`] where there is no such commit here, as in a
    /// shallow clone; [`GitError::Failed`] when git will not say.
    pub fn file_at(&self, revision: &str, path: &RelPath) -> Result<Option<Vec<u8>>, GitError> {
        let unknown = || GitError::UnknownRevision { name: revision.to_owned() };
        let commit = format!("{revision}^{{commit}}");
        if revision.starts_with('-') {
            return Err(unknown());
        }
        let commit = self.find(&["rev-parse", "--verify", "--quiet", &commit])?.ok_or_else(unknown)?;
        let blob = format!("{commit}:{}{path}", self.prefix);
        match self.find(&["rev-parse", "--verify", "--quiet", &blob])? {
            Some(blob) => self.run(&["cat-file", "blob", &blob], None, &[]).map(Some),
            None => Ok(None),
        }
    }
}
