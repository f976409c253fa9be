//! `log`, `undo` and `redo`, one after the other.

use repot_change::FileDelta;

use super::{Place, Thing, create, delete, edit, executable, moved, scene};
use crate::{ApplyError, DriftKind, Lock, OperationId, OperationKind, Repository, State};

fn opened(place: &Place) -> (Repository, Lock) {
    let repository = place.repository();
    let lock = repository.lock().unwrap();
    (repository, lock)
}

fn id(number: u32) -> OperationId {
    number.to_string().parse().unwrap()
}

fn log(repository: &Repository) -> Vec<(OperationKind, State)> {
    repository.log().unwrap().into_iter().map(|operation| (operation.kind, operation.state)).collect()
}

#[test]
fn undo_and_redo_are_exact_and_add_to_the_history() {
    let place = scene::place();
    let before = place.snapshot();
    let (repository, lock) = opened(&place);
    repository.apply(&lock, "all", &scene::writes()).unwrap();
    for _ in 0..2 {
        repository.undo(&lock, None).unwrap();
        assert_eq!(place.snapshot(), before);
        repository.redo(&lock).unwrap();
        assert_eq!(place.snapshot(), scene::after());
    }
    use OperationKind::{Apply, Redo, Undo};
    let (first, undo, redo) = (id(1), Undo { of: id(1) }, Redo { of: id(1) });
    let states =
        [State::Applied, State::Applied, State::Undone { by: id(4) }, State::Applied, State::Applied];
    let kinds = [Apply, undo, redo, undo, redo];
    assert_eq!(log(&repository), kinds.into_iter().zip(states).collect::<Vec<_>>());
    assert!(repository.log().unwrap().iter().all(|operation| operation.title == "all"));
    assert_eq!(repository.log().unwrap()[0].id, first);
    place.assert_clean();
}

#[test]
fn the_last_one_in_effect_is_undone_first_and_redone_last() {
    let place = Place::new(&[("a.py", 0o644, "0")]);
    let (repository, lock) = opened(&place);
    repository.apply(&lock, "one", &[edit("a.py", "0", "1")]).unwrap();
    repository.apply(&lock, "two", &[edit("a.py", "1", "2")]).unwrap();
    let mut texts = Vec::new();
    for _ in 0..2 {
        repository.undo(&lock, None).unwrap();
        texts.push(place.text("a.py"));
    }
    assert!(matches!(repository.undo(&lock, None), Err(ApplyError::NothingToUndo)));
    for _ in 0..2 {
        repository.redo(&lock).unwrap();
        texts.push(place.text("a.py"));
    }
    assert!(matches!(repository.redo(&lock), Err(ApplyError::NothingToRedo)));
    assert_eq!(texts, ["1", "0", "1", "2"]);
}

#[test]
fn an_earlier_operation_is_undone_when_its_files_are_as_it_left_them() {
    let place = Place::new(&[("a.py", 0o644, "0"), ("b.py", 0o644, "0")]);
    let (repository, lock) = opened(&place);
    repository.apply(&lock, "a", &[edit("a.py", "0", "1")]).unwrap();
    repository.apply(&lock, "b", &[edit("b.py", "0", "1")]).unwrap();
    repository.undo(&lock, Some(&id(1))).unwrap();
    assert_eq!((place.text("a.py"), place.text("b.py")), ("0".to_owned(), "1".to_owned()));
    let error = repository.undo(&lock, Some(&id(1))).unwrap_err();
    assert!(matches!(error, ApplyError::AlreadyUndone { by, .. } if by == id(3)), "{error}");
    let error = repository.undo(&lock, Some(&id(3))).unwrap_err();
    assert!(matches!(error, ApplyError::IsUndo { .. }), "{error}");
    let error = repository.undo(&lock, Some(&id(9))).unwrap_err();
    assert!(matches!(error, ApplyError::NoOperation { .. }), "{error}");
    repository.redo(&lock).unwrap();
    repository.undo(&lock, Some(&id(4))).unwrap();
    assert_eq!(place.text("a.py"), "0");
}

#[test]
fn new_work_ends_what_can_be_redone() {
    let place = Place::new(&[("a.py", 0o644, "0")]);
    let (repository, lock) = opened(&place);
    repository.apply(&lock, "one", &[edit("a.py", "0", "1")]).unwrap();
    repository.undo(&lock, None).unwrap();
    repository.apply(&lock, "other", &[create("b.py", "b")]).unwrap();
    assert!(matches!(repository.redo(&lock), Err(ApplyError::NothingToRedo)));
}

#[test]
fn undo_is_refused_with_every_file_that_changed_since() {
    let place = scene::place();
    let (repository, lock) = opened(&place);
    repository.apply(&lock, "all", &scene::writes()).unwrap();
    place.put("edited.py", 0o664, "mine");
    place.put("emptied/inner/only.py", 0o644, "back");
    place.chmod("new/module.py", 0o755);
    std::fs::remove_file(place.root().join("case.py")).unwrap();
    let before = place.snapshot();
    let previewed = repository.preview_undo(None).unwrap_err();
    let error = repository.undo(&lock, None).unwrap_err();
    assert_eq!(previewed.to_string(), error.to_string());
    assert_eq!(place.snapshot(), before);
    let ApplyError::ChangedSince { id: of, files } = error else { panic!("{error}") };
    let drift: Vec<_> = files.iter().map(|drift| (drift.path.as_str(), &drift.kind)).collect();
    let expected = [
        ("case.py", &DriftKind::Missing),
        ("edited.py", &DriftKind::Changed),
        ("emptied/inner/only.py", &DriftKind::Appeared),
        ("new/module.py", &DriftKind::Mode),
    ];
    assert_eq!((of, drift), (id(1), expected.to_vec()));
}

#[test]
fn a_mode_that_the_operation_left_alone_is_left_alone_by_undo() {
    let place = Place::new(&[("a.py", 0o664, "0")]);
    let (repository, lock) = opened(&place);
    repository.apply(&lock, "one", &[edit("a.py", "0", "1")]).unwrap();
    place.chmod("a.py", 0o600);
    repository.undo(&lock, None).unwrap();
    assert_eq!(place.snapshot()["a.py"], Thing::File(0o600, "0".to_owned()));
}

#[test]
fn folders_stay_where_somebody_put_something_and_go_where_nobody_did() {
    let place = Place::new(&[("there/x.py", 0o644, "x")]);
    std::fs::remove_file(place.root().join("there/x.py")).unwrap();
    let (repository, lock) = opened(&place);
    let writes = [create("there/a.py", "a"), create("new/b.py", "b"), create("other/c.py", "c")];
    repository.apply(&lock, "three", &writes).unwrap();
    place.put("other/mine.txt", 0o644, "mine");
    repository.undo(&lock, None).unwrap();
    let names: Vec<_> = place.snapshot().into_keys().collect();
    assert_eq!(names, ["other", "other/mine.txt", "there"]);
}

#[test]
fn the_preview_shows_a_moved_file_as_one() {
    let place =
        Place::new(&[("a.py", 0o644, "a"), ("b.py", 0o755, "b"), ("c.py", 0o644, "c"), ("d.py", 0o644, "d")]);
    let (repository, lock) = opened(&place);
    let swapped = executable(moved("b.py", edit("a.py", "a", "b")));
    let writes = [
        swapped,
        moved("a.py", edit("b.py", "b", "a")),
        delete("c.py", "c"),
        moved("c.py", create("e/c.py", "c!")),
        edit("d.py", "d", "D"),
        create("new.py", "new"),
    ];
    repository.apply(&lock, "moves", &writes).unwrap();
    let side = |side: &Option<(repot_change::RelPath, repot_change::Content)>| {
        side.as_ref().map_or_else(String::new, |(path, content)| format!("{path}={content:?}"))
    };
    let show = |deltas: Vec<FileDelta>| -> Vec<_> {
        deltas.iter().map(|delta| format!("{} -> {}", side(&delta.old), side(&delta.new))).collect()
    };
    let undo = [
        "b.py=\"a\" -> a.py=\"a\"",
        "a.py=\"b\" -> b.py=\"b\"",
        "e/c.py=\"c!\" -> c.py=\"c\"",
        "d.py=\"D\" -> d.py=\"d\"",
        "new.py=\"new\" -> ",
    ];
    assert_eq!(show(repository.preview_undo(None).unwrap().deltas), undo);
    repository.undo(&lock, None).unwrap();
    let redo = repository.preview_redo().unwrap().deltas;
    assert!(redo.iter().any(|delta| delta.old.is_none()), "{redo:?}");
    assert_eq!(
        show(redo).into_iter().filter(|line| line.starts_with("c.py")).collect::<Vec<_>>(),
        ["c.py=\"c\" -> e/c.py=\"c!\""]
    );
    let entry = &repository.log().unwrap()[1].files[0];
    assert_eq!(
        (entry.path.as_str(), entry.moved_from.as_ref().map(repot_change::RelPath::as_str)),
        ("a.py", Some("b.py"))
    );
}

#[test]
fn a_tree_without_a_journal_has_an_empty_log() {
    let place = Place::new(&[]);
    let repository = place.repository();
    assert_eq!(repository.log().unwrap(), []);
    assert_eq!(repository.unfinished().unwrap(), None);
    assert!(matches!(repository.preview_undo(None), Err(ApplyError::NothingToUndo)));
    assert!(place.snapshot().is_empty() && !place.root().join(".repot").exists());
}
