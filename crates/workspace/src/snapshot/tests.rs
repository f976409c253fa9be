//! Snapshots from disks and from memory, and what changes make of them.

use std::collections::BTreeMap;
use std::fs;

use proptest::prelude::*;
use repot_change::{Edit, Edits, Span};

use super::*;

fn path(text: &str) -> RelPath {
    RelPath::new(text).unwrap()
}

fn snapshot(files: &[(&str, &str)]) -> Snapshot {
    Snapshot::from_files(files.iter().map(|(name, text)| (path(name), text.as_bytes().to_vec())))
}

/// The paths of `files`, one after the other.
fn names<'a>(files: impl Iterator<Item = (&'a RelPath, &'a Arc<File>)>) -> Vec<&'a str> {
    files.map(|(path, _)| path.as_str()).collect()
}

fn on_disk(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    root
}

fn read(root: &Path) -> Snapshot {
    Snapshot::read(root).unwrap()
}

/// The notes as `path: message`, cut behind the first colon of the message.
fn notes(snapshot: &Snapshot) -> Vec<String> {
    let short = |note: &Note| {
        let at = note.path.as_ref().map_or("-", RelPath::as_str);
        format!("{at}: {}", note.message.split(':').next().unwrap())
    };
    snapshot.notes().iter().map(short).collect()
}

#[test]
fn folders_follow_from_files() {
    let tree = snapshot(&[
        ("a-b/x.py", ""),
        ("a/b/c.py", ""),
        ("a/z.txt", ""),
        ("a/b.py/__init__.py", ""),
        ("r", ""),
    ]);
    assert_eq!(names(tree.files()), ["a/b/c.py", "a/b.py/__init__.py", "a/z.txt", "a-b/x.py", "r"]);
    assert_eq!(names(tree.below(&path("a"))), ["a/b/c.py", "a/b.py/__init__.py", "a/z.txt"]);
    assert_eq!(names(tree.below(&path("a/z.txt"))), [""; 0]);
    assert_eq!(names(tree.below(&RelPath::root())).len(), 5);
    assert_eq!(names(tree.python_files()), ["a/b/c.py", "a/b.py/__init__.py", "a-b/x.py"]);
    let folders: Vec<&str> = tree.folders().map(|(path, _)| path.as_str()).collect();
    assert_eq!(folders, ["", "a", "a/b", "a/b.py", "a-b"]);
    assert!(
        tree.is_folder(&path("a/b.py")) && !tree.is_folder(&path("a/z.txt")) && !tree.is_folder(&path("x"))
    );
    let folder = tree.folder(&path("a")).unwrap();
    assert_eq!(
        (folder.files(), folder.folders()),
        (&[path("a/z.txt")][..], &[path("a/b"), path("a/b.py")][..])
    );
    assert!(snapshot(&[]).is_folder(&RelPath::root()));
    assert_eq!(
        notes(&snapshot(&[("a", ""), ("a/b", ""), ("a/c/d", "")])),
        ["a/b: is passed over", "a/c/d: is passed over"]
    );
}

#[test]
fn reads_what_git_would_track() {
    let root = on_disk(&[
        ("out/.gitignore", b"*.py"),
        ("out/r/.gitignore", b"*.log\nbuild/\n/only.py\n"),
        ("out/r/a/.gitignore", b"!keep.log\nsecret.py\n"),
        ("out/r/.git/info/exclude", b"excluded.py\n"),
        ("out/r/.git/config", b""),
        ("out/r/.repot/journal", b""),
        ("out/r/.ignore", b"x.py\n"),
        ("out/r/.github/x.py", b""),
        ("out/r/a/keep.log", b""),
        ("out/r/a/other.log", b""),
        ("out/r/a/only.py", b""),
        ("out/r/a/secret.py", b""),
        ("out/r/build/x.py", b""),
        ("out/r/excluded.py", b""),
        ("out/r/only.py", b""),
        ("out/r/x.py", b""),
    ]);
    // A nested `!keep.log` brings back what the outer file ignores, and no more.
    let expected =
        [".github/x.py", ".gitignore", ".ignore", "a/.gitignore", "a/keep.log", "a/only.py", "x.py"];
    let tree = read(&root.path().join("out/r"));
    assert_eq!(names(tree.files()), expected);
    assert_eq!(notes(&tree), [""; 0]);
    // Without a git tree the ignore files count all the same.
    fs::remove_dir_all(root.path().join("out/r/.git")).unwrap();
    let added: Vec<_> = read(&root.path().join("out/r")).files().map(|(path, _)| path.to_string()).collect();
    assert_eq!(
        added.iter().filter(|name| !expected.contains(&name.as_str())).collect::<Vec<_>>(),
        ["excluded.py"]
    );
}

#[test]
fn what_git_tracks_is_read_although_it_is_ignored() {
    let tracked =
        index::tests::index(2, &[".git/x.py", "data/a.py", "data/gone.py", "data/list.csv", "x.py"]);
    let root = on_disk(&[
        (".git/index", &tracked),
        (".git/x.py", b""),
        (".gitignore", b"data/\n"),
        ("data/a.py", b"import x\n"),
        ("data/list.csv", b"1"),
        ("data/local.py", b""),
        ("x.py", b""),
    ]);
    let tree = read(root.path());
    assert_eq!(names(tree.files()), [".gitignore", "data/a.py", "data/list.csv", "x.py"]);
    assert_eq!(names(tree.python_files()), ["data/a.py", "x.py"]);
    assert_eq!(tree.content(&path("data/list.csv")), Some(Content::plain(&b"1"[..])));
}

#[test]
fn passes_over_what_is_not_text_with_a_note() {
    let mut large = b"x = 1\n".repeat(1 << 20);
    let root = on_disk(&[
        ("a.py", b"x"),
        ("binary.py", b"x\0"),
        ("late.py", &[vec![b'#'; 8 << 10], vec![0]].concat()),
        ("large.py", &large),
        ("data.bin", b"\0"),
    ]);
    let tree = read(root.path());
    assert_eq!(names(tree.python_files()), ["a.py", "late.py"]);
    assert_eq!(notes(&tree), ["binary.py: is passed over", "large.py: is passed over"]);
    // What is passed over is still there, so that nothing is put over it.
    assert_eq!(tree.get(&path("large.py")).unwrap().size(), large.len());
    assert!(tree.get(&path("binary.py")).unwrap().imports().is_empty());
    assert_eq!(tree.content(&path("data.bin")), Some(Content::plain(&b"\0"[..])));

    large.truncate(4 << 20);
    fs::write(root.path().join("large.py"), &large).unwrap();
    assert_eq!(names(read(root.path()).python_files()), ["a.py", "large.py", "late.py"]);
}

#[test]
fn a_root_that_is_no_folder_is_an_error() {
    let root = on_disk(&[("file", b"")]);
    assert!(matches!(Snapshot::read(&root.path().join("none")), Err(ReadError::Unreadable { .. })));
    assert!(matches!(Snapshot::read(&root.path().join("file")), Err(ReadError::NotAFolder { .. })));
}

#[test]
fn a_wrong_ignore_pattern_is_noted() {
    let root = on_disk(&[(".gitignore", b"{a\n*.log\n"), ("x.log", b""), ("x.py", b"")]);
    let tree = read(root.path());
    assert_eq!(names(tree.files()), [".gitignore", "x.py"]);
    assert_eq!(notes(&tree), [".gitignore: has a pattern that is passed over"]);
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn follows_no_symbolic_link() {
        let root = on_disk(&[("r/a.py", b""), ("outside/b.py", b"")]);
        let below = root.path().join("r");
        symlink(root.path().join("outside"), below.join("folder")).unwrap();
        symlink(root.path().join("outside/b.py"), below.join("b.py")).unwrap();
        symlink("a.py", below.join("c.py")).unwrap();
        // Not even when git believes that there is a file behind it.
        fs::create_dir(below.join(".git")).unwrap();
        fs::write(below.join(".git/index"), index::tests::index(2, &["c.py", "folder/b.py"])).unwrap();
        let tree = read(&below);
        assert_eq!(names(tree.files()), ["a.py"]);
        assert_eq!(notes(&tree), ["b.py: is passed over", "c.py: is passed over", "folder: is passed over"]);
        // The root itself may be a link; that is how its owner names it.
        symlink(&below, root.path().join("link")).unwrap();
        assert_eq!(names(read(&root.path().join("link")).files()), ["a.py"]);
    }

    #[test]
    fn a_name_that_is_not_utf8_is_noted() {
        let root = on_disk(&[("a.py", b"")]);
        let strange = root.path().join(OsStr::from_bytes(b"\xff"));
        fs::create_dir(&strange).unwrap();
        fs::write(strange.join("b.py"), "").unwrap();
        let tree = read(root.path());
        assert_eq!(names(tree.files()), ["a.py"]);
        assert_eq!(notes(&tree), ["-: \u{fffd}"]);
    }

    #[test]
    fn what_cannot_be_read_is_noted() {
        let root = on_disk(&[("a.py", b""), ("b.py", b""), ("closed/c.py", b""), ("d.txt", b"")]);
        let close = |name: &str, mode| {
            fs::set_permissions(root.path().join(name), fs::Permissions::from_mode(mode)).unwrap();
        };
        ["b.py", "closed", "d.txt"].iter().for_each(|name| close(name, 0o000));
        let is_privileged = fs::read(root.path().join("b.py")).is_ok();
        let tree = read(root.path());
        let content = tree.content(&path("d.txt"));
        close("closed", 0o700);
        if is_privileged {
            assert_eq!(notes(&tree), [""; 0]);
            return;
        }
        assert_eq!(names(tree.python_files()), ["a.py"]);
        assert_eq!(notes(&tree), ["b.py: is passed over", "closed: is passed over"]);
        assert_eq!(content, None);
    }

    #[test]
    fn the_mode_is_kept() {
        let root = on_disk(&[("run.py", b"x"), ("run.sh", b"x"), ("not.py", b"x")]);
        for name in ["run.py", "run.sh"] {
            fs::set_permissions(root.path().join(name), fs::Permissions::from_mode(0o744)).unwrap();
        }
        let tree = read(root.path());
        let mut changes = ChangeSet::new();
        for name in ["run.py", "run.sh", "not.py"] {
            changes.edit(path(name), Edits::new(vec![Edit::insert(0, "#")]).unwrap()).unwrap();
        }
        let after = tree.with(&changes).unwrap();
        let modes = |tree: &Snapshot| {
            ["run.py", "run.sh", "not.py"].map(|name| tree.get(&path(name)).unwrap().executable())
        };
        assert_eq!((modes(&tree), modes(&after)), ([true, true, false], [true, true, false]));
    }
}

#[test]
fn unchanged_and_moved_files_keep_what_was_found_out() {
    let tree =
        snapshot(&[("a.py", "import a\n"), ("b.py", "import b\n"), ("c.py", "import c\n"), ("d.py", "")]);
    let mut changes = ChangeSet::new();
    changes.edit(path("a.py"), Edits::new(vec![Edit::replace(Span::new(7, 8), "x")]).unwrap()).unwrap();
    changes.rename(path("b.py"), path("n/b.py")).unwrap();
    changes.rename(path("c.py"), path("c.txt")).unwrap();
    changes.delete(path("d.py")).unwrap();
    changes.create(path("e.py"), Content::plain(&b"\0"[..])).unwrap();
    let after = tree.with(&changes).unwrap();
    assert_eq!(names(after.files()), ["a.py", "c.txt", "e.py", "n/b.py"]);
    assert_eq!(names(after.python_files()), ["a.py", "n/b.py"]);
    assert_eq!(&**after.get(&path("a.py")).unwrap().bytes().unwrap(), b"import x\n");
    assert!(Arc::ptr_eq(after.get(&path("n/b.py")).unwrap(), tree.get(&path("b.py")).unwrap()));
    assert!(after.get(&path("c.txt")).unwrap().imports().is_empty());
    assert_eq!(notes(&after), ["e.py: is passed over"]);
    assert_eq!(names(tree.files()), ["a.py", "b.py", "c.py", "d.py"], "the snapshot before stays as it was");

    let mut back = ChangeSet::new();
    back.rename(path("c.txt"), path("c.py")).unwrap();
    back.delete(path("e.py")).unwrap();
    let back = after.with(&back).unwrap();
    assert_eq!(names(back.python_files()), ["a.py", "c.py", "n/b.py"]);
    assert_eq!(notes(&back), [""; 0]);
}

#[test]
fn a_file_cannot_stand_where_a_folder_does() {
    let tree = snapshot(&[("a/b.py", ""), ("c", "")]);
    for (name, occupied) in [("a", "a"), ("c/d/e.py", "c"), ("a/b.py/c.py", "a/b.py")] {
        let mut changes = ChangeSet::new();
        changes.create(path(name), Content::plain(&b""[..])).unwrap();
        assert_eq!(tree.with(&changes).unwrap_err(), TreeError::Occupied { path: path(occupied) });
    }
    let mut changes = ChangeSet::new();
    changes.rename(path("c"), path("c/d")).unwrap();
    assert_eq!(names(tree.with(&changes).unwrap().files()), ["a/b.py", "c/d"]);
}

/// Changes as data: what is done, to which file, and with which other path.
type Script = Vec<(u8, usize, String)>;

fn change_set(script: &Script, files: &BTreeMap<String, String>) -> ChangeSet {
    let mut changes = ChangeSet::new();
    for (kind, index, other) in script {
        let Some((name, text)) = files.iter().nth(index % files.len()) else { continue };
        let edit = Edit::replace(Span::new(0, text.len().min(1)), other.clone());
        // A change that does not go with those before it is left out.
        let _ = match kind {
            0 => changes.edit(path(name), Edits::new(vec![edit]).unwrap()),
            1 => changes.rename(path(name), path(other)),
            2 => changes.delete(path(name)),
            _ => changes.create(path(other), Content::plain(other.as_bytes())),
        };
    }
    changes
}

fn any_path() -> impl Strategy<Value = String> {
    "[ab-]{1,2}(/[ab]{1,2}){0,2}(\\.py)?"
}

proptest! {
    #[test]
    fn sorts_as_paths_do(a in any_path(), b in any_path()) {
        prop_assert_eq!(order(&path(&a), &path(&b)), path(&a).cmp(&path(&b)));
    }

    #[test]
    fn the_tree_after_is_what_the_changes_say(
        mut files in prop::collection::btree_map(any_path(), "[a-c\0]{0,3}", 1..8),
        script in prop::collection::vec((0u8..4, any::<prop::sample::Index>(), any_path()), 0..6),
    ) {
        let script: Script = script.into_iter().map(|(kind, index, other)| (kind, index.index(64), other)).collect();
        let all: Vec<String> = files.keys().cloned().collect();
        files.retain(|name, _| !all.iter().any(|above| name != above && path(name).is_within(&path(above))));
        let before = Snapshot::from_files(files.iter().map(|(name, text)| (path(name), text.clone().into_bytes())));
        let changes = change_set(&script, &files);
        let deltas = changes.resolve(|path| before.content(path));
        let after = before.with(&changes);
        match (deltas, after) {
            (Err(expected), Err(found)) => prop_assert_eq!(expected, found),
            (Err(expected), Ok(_)) => prop_assert!(false, "{expected} is not found"),
            (Ok(_), Err(found)) => prop_assert!(matches!(found, TreeError::Occupied { .. }), "{found}"),
            (Ok(deltas), Ok(after)) => {
                let mut model: BTreeMap<RelPath, Content> =
                    before.files().map(|(path, file)| (path.clone(), file.content().unwrap().clone())).collect();
                for (path, _) in deltas.iter().filter_map(|delta| delta.old.as_ref()) {
                    model.remove(path);
                }
                model.extend(deltas.into_iter().filter_map(|delta| delta.new));
                let found: Vec<(RelPath, Content)> =
                    after.files().map(|(path, file)| (path.clone(), file.content().unwrap().clone())).collect();
                prop_assert_eq!(&found, &model.into_iter().collect::<Vec<_>>());
                let anew = Snapshot::from_files(found.into_iter().map(|(path, content)| (path, content.bytes.to_vec())));
                prop_assert_eq!(names(after.python_files()), names(anew.python_files()));
                prop_assert_eq!(notes(&after), notes(&anew));
                prop_assert!(after.folders().eq(anew.folders()));
            }
        }
    }
}

#[test]
fn snapshots_that_share_a_file_look_at_it_once() {
    let asked = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let text = Arc::new(File::deferred(move || {
        count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Some(Content::plain(*b"text"))
    }));
    let python = Arc::new(File::new(&path("a.py"), Content::plain(*b"import b\n")));
    let binary = Arc::new(File::new(&path("c.py"), Content::plain(*b"\0")));
    let files = |folder: &str| {
        let at = |name: &str, file: &Arc<File>| (path(&format!("{folder}/{name}")), Arc::clone(file));
        [at("a.py", &python), at("b.txt", &text), at("c.py", &binary)]
    };
    let [one, other] = ["one", "other"].map(|folder| Snapshot::sharing(files(folder), vec![path("link")]));
    assert_eq!(asked.load(std::sync::atomic::Ordering::Relaxed), 0);
    for snapshot in [&one, &other] {
        assert_eq!(snapshot.files().nth(1).unwrap().1.size(), 4);
        assert_eq!(snapshot.python_files().count(), 1);
        assert_eq!(snapshot.links(), [path("link")]);
    }
    assert_eq!(asked.load(std::sync::atomic::Ordering::Relaxed), 1);
    let imports = |snapshot: &Snapshot| snapshot.files().next().unwrap().1.imports().as_ptr();
    assert_eq!(imports(&one), imports(&other));
    assert_eq!(
        notes(&other),
        notes(&one).iter().map(|note| note.replace("one/", "other/")).collect::<Vec<_>>()
    );
    assert_eq!(one.notes().len(), 1);
}
