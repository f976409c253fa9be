//! For tests: a scratch repository and the real git.

use std::path::Path;
use std::process::{Command, Output};

use repot_change::{Content, FileDelta, RelPath};

/// A file of a tree: its path, its bytes, whether it is executable.
pub(crate) type File<'a> = (&'a str, &'a [u8], bool);

pub(crate) fn side(path: &str, bytes: &[u8], executable: bool) -> Option<(RelPath, Content)> {
    Some((RelPath::new(path).unwrap(), Content { bytes: bytes.into(), executable }))
}

pub(crate) fn delta(old: Option<File<'_>>, new: Option<File<'_>>) -> FileDelta {
    let whole = |(path, bytes, executable): File<'_>| side(path, bytes, executable);
    FileDelta { old: old.and_then(whole), new: new.and_then(whole) }
}

pub(crate) fn edited(path: &str, old: &str, new: &str) -> FileDelta {
    delta(Some((path, old.as_bytes(), false)), Some((path, new.as_bytes(), false)))
}

/// Runs git without anybody's settings.
pub(crate) fn git(folder: &Path, arguments: &[&str]) -> Output {
    Command::new("git")
        .current_dir(folder)
        .args(arguments)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CEILING_DIRECTORIES", folder.parent().unwrap_or(folder))
        .output()
        .expect("git is installed")
}

pub(crate) fn write(folder: &Path, (path, content): &(RelPath, Content)) {
    let file = folder.join(path.as_str());
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, &content.bytes).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = if content.executable { 0o755 } else { 0o644 };
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
    }
}

/// What `git diff` prints for the deltas, without its `index` lines.
pub(crate) fn git_diff(deltas: &[FileDelta], arguments: &[&str]) -> Vec<u8> {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path();
    assert!(git(folder, &["init", "-q"]).status.success());
    let tree = |sides: Vec<&(RelPath, Content)>| {
        git(folder, &["rm", "-rfq", "--ignore-unmatch", "."]);
        sides.into_iter().for_each(|side| write(folder, side));
        assert!(git(folder, &["add", "-A"]).status.success());
        String::from_utf8(git(folder, &["write-tree"]).stdout).unwrap().trim().to_owned()
    };
    let old = tree(deltas.iter().filter_map(|delta| delta.old.as_ref()).collect());
    let new = tree(deltas.iter().filter_map(|delta| delta.new.as_ref()).collect());
    let mut all = vec!["diff", "-M30%"];
    all.extend(arguments);
    all.extend([old.as_str(), new.as_str()]);
    let printed = git(folder, &all).stdout;
    let lines = printed.split_inclusive(|byte| *byte == b'\n');
    lines.filter(|line| !line.starts_with(b"index ")).flatten().copied().collect()
}
