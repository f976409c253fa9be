//! The paths that git tracks, read from its index.
//!
//! An ignore pattern does not stop git from tracking what was added before or
//! by force, so what `.gitignore` names may still be part of the repository.
//! The format is that of git's `Documentation/gitformat-index.txt`. Nothing
//! else of a git repository is understood, and an index that cannot be read
//! names nothing.

use std::fs;
use std::path::{Path, PathBuf};

/// Bytes of an entry before its flags, in a repository with SHA-1.
const FIXED_LEN: usize = 60;
const MODE_AT: usize = 24;
/// The bit of the flags that announces two more bytes of them.
const EXTENDED: u16 = 0x4000;

/// The regular files that git tracks in the tree at `root`, in the order of
/// the index; none when `root` is not the root of a git tree.
pub(super) fn tracked(root: &Path) -> Vec<String> {
    let index = git_folder(root).and_then(|folder| fs::read(folder.join("index")).ok());
    index.and_then(|bytes| entries(&bytes)).unwrap_or_default()
}

/// Where git keeps what belongs to this tree. In a linked worktree and in a
/// submodule `.git` is a file that says where.
fn git_folder(root: &Path) -> Option<PathBuf> {
    let git = root.join(".git");
    if git.is_dir() {
        return Some(git);
    }
    let text = fs::read_to_string(git).ok()?;
    Some(root.join(text.strip_prefix("gitdir:")?.trim()))
}

/// The entries up to the first that makes no sense; `None` when this is no
/// index of a known version.
fn entries(bytes: &[u8]) -> Option<Vec<String>> {
    let mut rest = bytes.strip_prefix(b"DIRC")?;
    let version = number(take(&mut rest, 4)?);
    let count = number(take(&mut rest, 4)?);
    if !(2..=4).contains(&version) {
        return None;
    }
    let (mut paths, mut path) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let Some(mode) = entry(&mut rest, version, &mut path) else { break };
        let is_regular = mode >> 12 == 0b1000;
        paths.extend(std::str::from_utf8(&path).ok().filter(|_| is_regular).map(str::to_owned));
    }
    Some(paths)
}

/// Takes one entry, turns `path`, that of the entry before, into its own, and
/// gives its mode.
fn entry(rest: &mut &[u8], version: usize, path: &mut Vec<u8>) -> Option<usize> {
    let before = rest.len();
    let fixed = take(rest, FIXED_LEN)?;
    let flags = take(rest, 2)?;
    if u16::from_be_bytes(flags.try_into().ok()?) & EXTENDED != 0 {
        take(rest, 2)?;
    }
    // In version 4 a path begins with a part of the one before.
    let kept = if version == 4 { path.len().checked_sub(offset(rest)?)? } else { 0 };
    path.truncate(kept);
    path.extend_from_slice(take(rest, memchr::memchr(0, rest)?)?);
    let len = before - rest.len();
    // Earlier versions end each entry with one to eight NULs, to a multiple of 8.
    take(rest, if version == 4 { 1 } else { 8 - len % 8 })?;
    Some(number(fixed.get(MODE_AT..MODE_AT + 4)?))
}

/// A number of variable length, as in a pack's delta offsets.
fn offset(rest: &mut &[u8]) -> Option<usize> {
    let mut value = 0usize;
    loop {
        let byte = *take(rest, 1)?.first()?;
        value = value.checked_mul(128)?.checked_add(usize::from(byte & 0x7f))?;
        if byte & 0x80 == 0 {
            return Some(value);
        }
        value = value.checked_add(1)?;
    }
}

fn take<'a>(rest: &mut &'a [u8], len: usize) -> Option<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(len)?;
    *rest = after;
    Some(taken)
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |value, byte| value << 8 | usize::from(*byte))
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// An index with regular files at `paths`, as git would write it.
    pub(in super::super) fn index(version: u8, paths: &[&str]) -> Vec<u8> {
        let mut bytes = b"DIRC\0\0\0".to_vec();
        bytes.push(version);
        bytes.extend(u32::try_from(paths.len()).unwrap().to_be_bytes());
        let mut before = "";
        for path in paths {
            let start = bytes.len();
            bytes.extend([0; MODE_AT]);
            bytes.extend(0o100_644_u32.to_be_bytes());
            bytes.resize(start + FIXED_LEN, 0);
            bytes.extend(if version == 3 { &[0x40, 1, 0, 0][..] } else { &[0, 1] });
            if version == 4 {
                let kept = before.bytes().zip(path.bytes()).take_while(|(a, b)| a == b).count();
                bytes.push(u8::try_from(before.len() - kept).unwrap());
                bytes.extend(&path.as_bytes()[kept..]);
                bytes.push(0);
            } else {
                bytes.extend(path.as_bytes());
                let len = bytes.len() - start;
                bytes.resize(start + len + 8 - len % 8, 0);
            }
            before = path;
        }
        bytes
    }

    #[test]
    fn only_regular_files_count() {
        let mut bytes = index(2, &["a", "link"]);
        let at = bytes.len() - 72 + MODE_AT;
        bytes[at..at + 4].copy_from_slice(&0o120_000_u32.to_be_bytes());
        assert_eq!(entries(&bytes), Some(vec!["a".to_owned()]));
        assert_eq!(entries(b"no index"), None);
        assert_eq!(entries(&index(5, &["a"])), None);
    }

    #[test]
    fn a_linked_worktree_says_where_its_index_is() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("main/.git/worktrees/w")).unwrap();
        fs::create_dir(root.path().join("w")).unwrap();
        fs::write(root.path().join("main/.git/worktrees/w/index"), index(2, &["a.py"])).unwrap();
        fs::write(root.path().join("w/.git"), "gitdir: ../main/.git/worktrees/w\n").unwrap();
        assert_eq!(tracked(&root.path().join("w")), ["a.py"]);
        assert_eq!(tracked(&root.path().join("main")), [""; 0]);
    }

    proptest! {
        #[test]
        fn every_path_is_read(version in 2u8..=4, paths in prop::collection::btree_set("[a-c/é]{1,20}", 0..20)) {
            let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
            prop_assert_eq!(entries(&index(version, &paths)).unwrap(), paths);
        }

        #[test]
        fn a_damaged_index_does_no_harm(version in 2u8..=4, at in 12usize..400, byte: u8, len in 0usize..400) {
            let mut bytes = index(version, &["a/b/c.py", "a/b/d.py", "x", "y/z"]);
            let position = at.min(bytes.len() - 1);
            bytes[position] = byte;
            bytes.truncate(len);
            let _ = entries(&bytes);
        }
    }
}
