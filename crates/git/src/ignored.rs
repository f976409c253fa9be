//! What git passes over.

use repot_change::RelPath;

use crate::{Git, GitError};

impl Git {
    /// Those of `paths` that an ignore pattern names and git does not track.
    ///
    /// # Errors
    ///
    /// [`GitError`] when git cannot be run.
    pub fn ignored<'p>(&self, paths: &[&'p RelPath]) -> Result<Vec<&'p RelPath>, GitError> {
        if paths.is_empty() {
            return Ok(Vec::new());
        }
        let names: Vec<&str> = paths.iter().map(|path| path.as_str()).collect();
        let output = match self.run(&["check-ignore", "-z", "--stdin"], None, names.join("\0").as_bytes()) {
            Ok(output) => String::from_utf8_lossy(&output).into_owned(),
            // That there is none is no failure.
            Err(GitError::Failed { message, .. }) if message.is_empty() => String::new(),
            Err(error) => return Err(error),
        };
        let ignored: Vec<&str> = output.split('\0').collect();
        Ok(paths.iter().copied().filter(|path| ignored.contains(&path.as_str())).collect())
    }
}
