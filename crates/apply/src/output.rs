//! A file that a person asked for: a saved plan, a review page.
//!
//! It lies wherever it was asked for, in the tree or not, and may take the
//! place of an older one. No journal is written for it.

use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use crate::ApplyError;

/// Writes `bytes` to the file `path`: all of them, or the file stays as it was.
/// What is no regular file (a pipe, `/dev/stdout`) is written through; folders
/// that are missing are made.
///
/// # Errors
///
/// [`ApplyError::Io`] with the path.
pub fn write_output(path: &Path, bytes: &[u8]) -> Result<(), ApplyError> {
    // A link stays one: what it leads to is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&target).is_ok_and(|metadata| !metadata.is_file()) {
        return fs::write(&target, bytes).map_err(ApplyError::io("write", path));
    }
    replace(&target, bytes).map_err(ApplyError::io("write", path))
}

/// The bytes of the file `path`, which an earlier run wrote.
///
/// # Errors
///
/// [`ApplyError::Io`] with the path.
pub fn read_output(path: &Path) -> Result<Vec<u8>, ApplyError> {
    fs::read(path).map_err(ApplyError::io("read", path))
}

fn replace(target: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    fs::create_dir_all(&folder)?;
    // The umask takes from these as it does from every new file.
    let mut file = tempfile::Builder::new()
        .prefix(".repot-")
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(target)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_as_a_whole_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("plan"), folder.path().join("link"));
        for bytes in [&b"one"[..], b"", b"three"] {
            write_output(&path, bytes).unwrap();
            assert_eq!(read_output(&path).unwrap(), bytes);
        }
        std::os::unix::fs::symlink(&path, &link).unwrap();
        write_output(&link, b"four").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&path).unwrap(), b"four");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn what_cannot_be_written_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("reports/of today/plan");
        write_output(&path, b"one").unwrap();
        assert_eq!(read_output(&path).unwrap(), b"one");
        for path in [folder.path().to_owned(), path.join("below a file")] {
            let error = write_output(&path, b"").unwrap_err();
            assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
        }
        write_output(Path::new("/dev/null"), b"gone").unwrap();
    }
}
