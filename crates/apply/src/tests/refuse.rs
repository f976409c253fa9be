//! Wrong input: one error that names every file, and a tree that is as it was.

use std::fs;
use std::os::unix::fs::symlink;

use repot_change::Write;

use super::{Place, create, delete, edit, path};
use crate::{ApplyError, DriftKind, Repository};

/// What `writes` is refused with; nothing may have changed.
fn refused(place: &Place, writes: &[Write]) -> ApplyError {
    let before = place.snapshot();
    let repository = place.repository();
    let lock = repository.lock().unwrap();
    let verified = repository.verify(writes).unwrap_err();
    let error = repository.apply(&lock, "refused", writes).unwrap_err();
    assert_eq!(verified.to_string(), error.to_string());
    assert_eq!(place.snapshot(), before);
    place.assert_clean();
    error
}

/// The paths that differ, and how.
fn drift(error: ApplyError) -> Vec<(String, DriftKind)> {
    let ApplyError::Stale { files } = error else { panic!("{error}") };
    files.into_iter().map(|drift| (drift.path.to_string(), drift.kind)).collect()
}

#[test]
fn every_file_that_drifted_is_named_with_how() {
    let place = Place::new(&[
        ("changed.py", 0o644, "other"),
        ("appeared.py", 0o644, ""),
        ("folder/x.py", 0o644, ""),
        ("file", 0o644, ""),
        ("elsewhere/x.py", 0o644, "x"),
    ]);
    symlink("elsewhere/x.py", place.root().join("link.py")).unwrap();
    symlink("elsewhere", place.root().join("linked")).unwrap();
    let writes = [
        edit("changed.py", "old", "new"),
        delete("missing.py", "old"),
        create("appeared.py", "new"),
        edit("folder", "old", "new"),
        edit("link.py", "x", "new"),
        edit("linked/x.py", "x", "new"),
        create("linked/y.py", "new"),
        create("file/y.py", "new"),
        edit("elsewhere/x.py", "x", "fine"),
    ];
    let below = |text| DriftKind::BelowSymlink(path(text));
    let expected = [
        ("appeared.py", DriftKind::Appeared),
        ("changed.py", DriftKind::Changed),
        ("file/y.py", DriftKind::BelowFile(path("file"))),
        ("folder", DriftKind::Folder),
        ("link.py", DriftKind::Symlink),
        ("linked/x.py", below("linked")),
        ("linked/y.py", below("linked")),
        ("missing.py", DriftKind::Missing),
    ];
    let error = refused(&place, &writes);
    assert!(error.to_string().contains("\n  changed.py: its bytes changed\n"), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("plan again")));
    assert_eq!(drift(error), expected.map(|(name, kind)| (name.to_owned(), kind)));
}

#[test]
fn a_folder_that_holds_more_than_the_plan_knows_is_no_place_for_a_file() {
    let place = Place::new(&[("a/x.py", 0o644, "x"), ("a/mine.txt", 0o644, "mine")]);
    let error = refused(&place, &[delete("a/x.py", "x"), create("a", "file")]);
    assert_eq!(drift(error), [("a".to_owned(), DriftKind::Folder)]);
}

#[test]
fn a_pipe_is_not_opened() {
    let place = Place::new(&[]);
    let made = std::process::Command::new("mkfifo").arg(place.root().join("pipe")).status();
    if made.is_ok_and(|status| status.success()) {
        assert_eq!(drift(refused_special(&place)), [("pipe".to_owned(), DriftKind::Special)]);
    }
}

/// As [`refused`], which would wait for the pipe's other end.
fn refused_special(place: &Place) -> ApplyError {
    place.repository().verify(&[edit("pipe", "", "new")]).unwrap_err()
}

#[test]
fn git_and_the_journal_are_never_written() {
    let place = Place::new(&[(".git/config", 0o644, "git")]);
    for at in [".git/config", ".GIT/hooks/x", "sub/.git/config", ".repot/journal/0001/objects", ".repot"] {
        for write in [edit(at, "git", "new"), create(at, "new"), delete(at, "git")] {
            let error = refused(&place, &[write]);
            assert!(matches!(error, ApplyError::OffLimits { .. }), "{at}: {error}");
        }
    }
    let root = Write { path: repot_change::RelPath::root(), ..create("x", "") };
    assert!(matches!(refused(&place, &[root]), ApplyError::OffLimits { .. }));
}

#[test]
fn a_plan_that_no_tree_could_hold_is_refused() {
    let place = Place::new(&[]);
    let error = refused(&place, &[create("a", "1"), create("a", "2")]);
    assert!(matches!(error, ApplyError::Twice { .. }), "{error}");
    let error = refused(&place, &[create("a", "1"), create("a/b/c", "2")]);
    assert!(matches!(error, ApplyError::BelowFile { .. }), "{error}");
}

#[test]
fn read_only_files_and_folders_are_left_alone_even_by_root() {
    let place = Place::new(&[
        ("locked.py", 0o444, "locked"),
        ("going.py", 0o555, "going"),
        ("safe/x.py", 0o644, "x"),
        ("outer/inner/only.py", 0o644, "only"),
        ("fine.py", 0o644, "fine"),
    ]);
    place.chmod("safe", 0o555);
    place.chmod("outer", 0o555);
    let writes = [
        edit("locked.py", "locked", "new"),
        delete("going.py", "going"),
        edit("safe/x.py", "x", "new"),
        create("safe/deep/y.py", "new"),
        delete("outer/inner/only.py", "only"),
        edit("fine.py", "fine", "new"),
    ];
    let error = refused(&place, &writes);
    assert!(error.hint().is_some_and(|hint| hint.contains("chmod u+w")));
    let ApplyError::ReadOnly { paths } = error else { panic!("{error}") };
    assert_eq!(paths, ["going.py", "locked.py", "outer", "safe"].map(path));
    place.chmod("safe", 0o755);
    place.chmod("outer", 0o755);
}

#[test]
fn a_second_repot_is_kept_out_and_told_by_whom() {
    let place = Place::new(&[]);
    let first = place.repository().named("repot apply --phase boundaries");
    let lock = first.lock().unwrap();
    let error = place.repository().lock().unwrap_err();
    let text = error.to_string();
    assert!(text.contains("repot apply --phase boundaries"), "{text}");
    assert!(text.contains(&std::process::id().to_string()), "{text}");
    assert!(error.hint().is_some());
    drop(lock);
    drop(place.repository().lock().unwrap());
}

#[test]
fn a_lock_file_that_names_nobody_still_locks() {
    let place = Place::new(&[]);
    let lock = place.repository().lock().unwrap();
    fs::write(place.root().join(".repot/lock"), "{").unwrap();
    let error = place.repository().lock().unwrap_err();
    assert!(matches!(error, ApplyError::Locked { holder: None, .. }), "{error}");
    drop(lock);
}

#[test]
fn a_root_that_is_no_folder_is_no_repository() {
    let place = Place::new(&[("file", 0o644, "")]);
    for name in ["file", "nowhere"] {
        let error = Repository::open(&place.root().join(name)).unwrap_err();
        assert!(matches!(error, ApplyError::Root { .. }), "{error}");
    }
}

/// A folder that nobody may touch, with files as a journal has them.
fn elsewhere() -> Place {
    let names =
        ["record", "intent", "objects", "unnamed.tmp", "lock", "forgotten", "0001/objects", "journal/x"];
    Place::new(&names.map(|name| (name, 0o644, "mine")))
}

/// Tries everything that writes in a tree in which `link` leads to `target`.
fn tried(place: &Place, link: &str, target: &str) -> Vec<Result<(), ApplyError>> {
    let (other, start) = (elsewhere(), elsewhere().snapshot());
    let link = place.root().join(link);
    symlink(other.root().join(target), &link).unwrap();
    let before = place.snapshot();
    let repository = place.repository();
    let mut results = Vec::new();
    let lock = match repository.lock() {
        Ok(lock) => lock,
        Err(error) => {
            assert_eq!(other.snapshot(), start, "{}", link.display());
            return vec![Err(error)];
        }
    };
    results.push(repository.recover(&lock).map(drop));
    results.push(repository.prune(&lock, 0).map(drop));
    results.push(repository.undo(&lock, None).map(drop));
    results.push(repository.apply(&lock, "one", &[edit("a.py", "a", "b")]).map(drop));
    if results.iter().all(Result::is_err) {
        assert_eq!(place.snapshot(), before, "{}", link.display());
    }
    assert_eq!(other.snapshot(), start, "{}", link.display());
    results
}

#[test]
fn a_journal_that_leads_elsewhere_is_refused() {
    for (link, target) in [
        (".repot", ""),
        (".repot/lock", "lock"),
        (".repot/journal", "journal"),
        (".repot/journal/0001", ""),
        (".repot/journal/0001", "0001"),
        (".repot/journal/0007", "0001"),
    ] {
        let place = Place::new(&[("a.py", 0o644, "a")]);
        fs::create_dir_all(place.root().join(link).parent().unwrap()).unwrap();
        let results = tried(&place, link, target);
        let is_refused = |result: &Result<(), _>| matches!(result, Err(ApplyError::Io { .. }));
        assert!(results.iter().all(is_refused), "{link}: {results:?}");
        assert_eq!(place.text("a.py"), "a");
    }
}

#[test]
fn links_where_the_journal_writes_are_replaced_and_never_followed() {
    for link in [".repot/unnamed.tmp", ".repot/journal/unnamed.tmp", ".repot/journal/0001/unnamed.tmp"] {
        let place = Place::new(&[("a.py", 0o644, "a")]);
        fs::create_dir_all(place.root().join(link).parent().unwrap()).unwrap();
        let results = tried(&place, link, "unnamed.tmp");
        assert!(results.last().is_some_and(Result::is_ok), "{link}: {results:?}");
        assert_eq!(place.text("a.py"), "b");
        place.assert_clean();
    }
}

#[test]
fn a_link_with_the_name_of_a_temporary_file_is_not_followed() {
    let (place, other) = (Place::new(&[("a.py", 0o644, "a")]), Place::new(&[("x", 0o644, "mine")]));
    let repository = place.repository();
    let lock = repository.lock().unwrap();
    let writes = [edit("a.py", "a", "b")];
    for target in ["x", "nothing"] {
        symlink(other.root().join(target), place.root().join(".repot-tmp-0001-0")).unwrap();
        let error = repository.apply(&lock, "one", &writes).unwrap_err();
        assert!(matches!(error, ApplyError::TakenBack { .. }), "{error}");
        assert_eq!((other.snapshot().len(), other.text("x").as_str()), (1, "mine"));
        place.assert_clean();
    }
    // A folder of that name is nobody's temporary file.
    fs::create_dir(place.root().join(".repot-tmp-0001-0")).unwrap();
    let error = repository.apply(&lock, "one", &writes).unwrap_err();
    assert!(matches!(error, ApplyError::TakenBack { .. }), "{error}");
    fs::remove_dir(place.root().join(".repot-tmp-0001-0")).unwrap();
    repository.apply(&lock, "one", &writes).unwrap();
    place.assert_clean();
}
