//! Somebody works on the tree while `repot` writes it, or after it was killed.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::Mutex;

use super::disk::{Fault, FaultyDisk};
use repot_change::Write;

use super::{Place, create, delete, edit, path};
use crate::disk::{Disk, SystemDisk};
use crate::{ApplyError, DriftKind, Lock, Operation, Recovered, Repository};

/// A disk on which somebody does `deed` right before a file reaches the place
/// that ends in `name`, or a folder with that name goes.
struct Interloper {
    name: &'static str,
    deed: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl std::fmt::Debug for Interloper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Interloper {
    fn act(&self, path: &Path) {
        if path.ends_with(self.name)
            && let Some(deed) = self.deed.lock().unwrap().take()
        {
            deed();
        }
    }
}

impl Disk for Interloper {
    fn create(&self, path: &Path) -> std::io::Result<fs::File> {
        SystemDisk.create(path)
    }
    fn write(&self, file: &mut fs::File, bytes: &[u8]) -> std::io::Result<()> {
        SystemDisk.write(file, bytes)
    }
    fn set_mode(&self, path: &Path, mode: u32) -> std::io::Result<()> {
        SystemDisk.set_mode(path, mode)
    }
    fn rename(&self, from: &Path, to: &Path) -> std::io::Result<()> {
        self.act(to);
        SystemDisk.rename(from, to)
    }
    fn remove_file(&self, path: &Path) -> std::io::Result<()> {
        SystemDisk.remove_file(path)
    }
    fn create_dir(&self, path: &Path) -> std::io::Result<()> {
        SystemDisk.create_dir(path)
    }
    fn remove_dir(&self, path: &Path) -> std::io::Result<()> {
        self.act(path);
        SystemDisk.remove_dir(path)
    }
    fn sync(&self, _: &[PathBuf]) -> Result<(), (PathBuf, std::io::Error)> {
        Ok(())
    }
}

fn three() -> Place {
    Place::new(&[("a.py", 0o644, "a"), ("b/b.py", 0o644, "b"), ("c.py", 0o644, "c")])
}

fn capitals() -> [Write; 3] {
    [edit("a.py", "a", "A"), edit("b/b.py", "b", "B"), edit("c.py", "c", "C")]
}

type Act = fn(&Repository, &Lock) -> Result<Operation, ApplyError>;

/// Applies edits of the three files, undoes them and redoes them, each time in a
/// tree of its own and while somebody does `deed`, in the folder that it is
/// given, between the first rename and the second. The error must be `kind`, and
/// what nobody but `repot` touched must be as it was; `check` sees the rest.
fn interrupted(kind: &DriftKind, deed: fn(&Path), check: impl Fn(&Place)) {
    let acts: [Act; 3] = [
        |repository, lock| repository.apply(lock, "capitals", &capitals()),
        |repository, lock| repository.undo(lock, None),
        |repository, lock| repository.redo(lock),
    ];
    for number in 0..acts.len() {
        let place = three();
        for act in &acts[..number] {
            let repository = place.repository();
            act(&repository, &repository.lock().unwrap()).unwrap();
        }
        let texts = || (place.text("a.py"), place.text("c.py"));
        let (before, root) = (texts(), place.root().to_owned());
        let disk = Interloper { name: "a.py", deed: Mutex::new(Some(Box::new(move || deed(&root)))) };
        let repository = Repository::with_disk(place.root(), Arc::new(disk)).unwrap();
        let lock = repository.lock().unwrap();
        let error = acts[number](&repository, &lock).unwrap_err();
        assert_eq!(kind_of(&error), Some(kind), "{error}");
        assert_eq!(texts(), before);
        place.assert_clean();
        check(&place);
    }
}

fn kind_of(error: &ApplyError) -> Option<&DriftKind> {
    match error {
        ApplyError::TakenBack { cause } => kind_of(cause),
        ApplyError::Stale { files } => files.first().map(|drift| &drift.kind),
        _ => None,
    }
}

#[test]
fn a_file_that_changes_in_the_middle_keeps_the_change_and_the_rest_goes_back() {
    let deed = |root: &Path| fs::write(root.join("b/b.py"), "mine").unwrap();
    interrupted(&DriftKind::Changed, deed, |place| assert_eq!(place.text("b/b.py"), "mine"));
}

#[test]
fn a_file_that_goes_in_the_middle_stays_away_and_the_rest_goes_back() {
    let deed = |root: &Path| fs::remove_file(root.join("b/b.py")).unwrap();
    interrupted(&DriftKind::Missing, deed, |place| assert!(!place.root().join("b/b.py").exists()));
}

/// What a link that is planted leads to: a folder that nobody may touch.
fn elsewhere(root: &Path) -> PathBuf {
    root.join("elsewhere")
}

#[test]
fn a_link_that_is_planted_above_a_file_in_the_middle_is_not_followed() {
    let deed = |root: &Path| {
        fs::rename(root.join("b"), elsewhere(root)).unwrap();
        symlink("elsewhere", root.join("b")).unwrap();
        fs::write(elsewhere(root).join("b.py"), "mine").unwrap();
        for entry in fs::read_dir(elsewhere(root)).unwrap().map(Result::unwrap) {
            // The new file that waited there went along.
            if entry.file_name().to_string_lossy().contains(".repot-tmp") {
                fs::remove_file(entry.path()).unwrap();
            }
        }
    };
    interrupted(&DriftKind::BelowSymlink(path("b")), deed, |place| {
        assert_eq!(place.text("elsewhere/b.py"), "mine");
        assert!(place.root().join("b").is_symlink());
    });
}

#[test]
fn a_link_that_is_planted_in_place_of_a_file_in_the_middle_is_not_followed() {
    let deed = |root: &Path| {
        fs::remove_file(root.join("b/b.py")).unwrap();
        fs::write(elsewhere(root), "mine").unwrap();
        symlink("../elsewhere", root.join("b/b.py")).unwrap();
    };
    interrupted(&DriftKind::Symlink, deed, |place| {
        assert_eq!(place.text("elsewhere"), "mine");
        assert!(place.root().join("b/b.py").is_symlink());
    });
}

#[test]
fn a_folder_that_is_replaced_by_a_file_in_the_middle_stops_the_rest() {
    let deed = |root: &Path| {
        fs::remove_dir_all(root.join("b")).unwrap();
        fs::write(root.join("b"), "mine").unwrap();
    };
    interrupted(&DriftKind::BelowFile(path("b")), deed, |place| assert_eq!(place.text("b"), "mine"));
}

#[test]
fn a_file_that_is_replaced_by_a_folder_in_the_middle_stops_the_rest() {
    let deed = |root: &Path| {
        fs::remove_file(root.join("b/b.py")).unwrap();
        fs::create_dir(root.join("b/b.py")).unwrap();
        fs::write(root.join("b/b.py/mine.txt"), "mine").unwrap();
    };
    interrupted(&DriftKind::Folder, deed, |place| assert_eq!(place.text("b/b.py/mine.txt"), "mine"));
}

#[test]
fn a_folder_that_somebody_fills_in_the_middle_stays() {
    let place = three();
    let file = place.root().join("b/mine.txt");
    let deed = move || fs::write(file, "mine").unwrap();
    let disk = Interloper { name: "b", deed: Mutex::new(Some(Box::new(deed))) };
    let repository = Repository::with_disk(place.root(), Arc::new(disk)).unwrap();
    let lock = repository.lock().unwrap();
    repository.apply(&lock, "less", &[delete("b/b.py", "b")]).unwrap();
    assert_eq!(place.text("b/mine.txt"), "mine");
    repository.undo(&lock, None).unwrap();
    assert_eq!((place.text("b/b.py"), place.text("b/mine.txt")), ("b".to_owned(), "mine".to_owned()));
}

/// The tree of `three`, left by a `repot` that was killed in the middle of
/// renaming.
fn killed() -> Place {
    let writes =
        [edit("a.py", "a", "A"), delete("b/b.py", "b"), edit("c.py", "c", "C"), create("d/d.py", "D")];
    for call in 0.. {
        let place = three();
        let repository = place.faulty(&Arc::new(FaultyDisk::new(Fault::Stop, call)));
        let lock = repository.lock();
        let stopped = lock.and_then(|lock| repository.apply(&lock, "killed", &writes));
        assert!(stopped.is_err());
        if place.text("a.py") == "A" {
            return place;
        }
    }
    unreachable!("a run that is never stopped would have failed above");
}

#[test]
fn nothing_works_before_recovery() {
    let place = killed();
    let repository = place.repository();
    let lock = repository.lock().unwrap();
    let before = place.snapshot();
    let tries = [
        repository.apply(&lock, "more", &[create("e.py", "e")]),
        repository.undo(&lock, None),
        repository.redo(&lock),
    ];
    for result in tries {
        let error = result.unwrap_err();
        assert!(matches!(error, ApplyError::Unfinished { .. }), "{error}");
        assert!(error.hint().is_some_and(|hint| hint.contains("repot recover")));
    }
    assert_eq!(place.snapshot(), before);
    assert_eq!(repository.log().unwrap().len(), 1);
    assert!(matches!(repository.recover(&lock).unwrap(), Some(Recovered::Back(_))));
    assert_eq!(place.snapshot(), three().snapshot());
    assert_eq!(repository.recover(&lock).unwrap(), None);
}

#[test]
fn work_that_was_done_since_is_never_overwritten() {
    for (at, kind) in
        [("a.py", DriftKind::Changed), ("b/b.py", DriftKind::Changed), ("d/d.py", DriftKind::Changed)]
    {
        let place = killed();
        place.put(at, 0o644, "mine");
        let before = place.snapshot();
        let repository = place.repository();
        let lock = repository.lock().unwrap();
        let error = repository.recover(&lock).unwrap_err();
        assert_eq!(place.snapshot(), before);
        let ApplyError::Diverged { files, .. } = &error else { panic!("{error}") };
        assert_eq!((files.len(), files[0].path.as_str(), &files[0].kind), (1, at, &kind));
        // What the hint says works.
        assert!(error.hint().is_some_and(|hint| hint.contains("aside")));
        fs::rename(place.root().join(at), place.root().join("mine.txt")).unwrap();
        repository.recover(&lock).unwrap().unwrap();
        let text = place.text("mine.txt");
        fs::remove_file(place.root().join("mine.txt")).unwrap();
        assert_eq!((text.as_str(), place.snapshot()), ("mine", three().snapshot()));
        place.assert_clean();
    }
}

#[test]
fn a_file_that_took_the_place_of_a_folder_is_never_overwritten() {
    let place = killed();
    place.put("b", 0o644, "mine");
    let before = place.snapshot();
    let repository = place.repository();
    let error = repository.recover(&repository.lock().unwrap()).unwrap_err();
    assert_eq!(place.snapshot(), before);
    let ApplyError::Diverged { files, .. } = &error else { panic!("{error}") };
    assert_eq!((files.len(), &files[0].kind), (1, &DriftKind::BelowFile(path("b"))));
}

#[test]
fn a_damaged_journal_is_named_and_nothing_is_touched() {
    for (name, bytes) in [("objects", "xx"), ("intent", "{"), ("intent", r#"{"version":2}"#)] {
        let place = killed();
        let file = place.root().join(".repot/journal/0001").join(name);
        fs::write(&file, bytes).unwrap();
        let before = place.snapshot();
        let repository = place.repository();
        let error = repository.recover(&repository.lock().unwrap()).unwrap_err();
        let is_expected = match bytes {
            r#"{"version":2}"# => matches!(error, ApplyError::Newer { version: 2, .. }),
            _ => matches!(error, ApplyError::Damaged { .. }),
        };
        assert!(is_expected, "{name}: {error}");
        assert!(error.to_string().contains(name) && error.hint().is_some(), "{error}");
        // Temporary files may be gone, files of the tree not.
        let files = |tree: std::collections::BTreeMap<String, super::Thing>| {
            tree.into_iter().filter(|(name, _)| !name.contains(".repot-tmp")).collect::<Vec<_>>()
        };
        assert_eq!(files(place.snapshot()), files(before));
    }
}
