//! What `apply` makes of a tree when nothing goes wrong.

use super::{create, delete, edit, scene};
use crate::{ApplyError, OperationKind, State};

#[test]
fn everything_that_can_happen_happens_and_modes_are_kept() {
    let place = scene::place();
    let repository = place.repository();
    let lock = repository.lock().unwrap();
    let operation = repository.apply(&lock, "all", &scene::writes()).unwrap();
    assert_eq!(place.snapshot(), scene::after());
    assert_eq!((operation.kind, operation.state), (OperationKind::Apply, State::Applied));
    assert_eq!(operation.id.to_string(), "0001");
    assert_eq!(repository.log().unwrap(), [operation]);
    place.assert_clean();
}

#[test]
fn git_never_sees_the_journal() {
    let place = scene::place();
    let _lock = place.repository().lock().unwrap();
    assert_eq!(place.text(".repot/.gitignore"), "*\n");
}

#[test]
fn nothing_to_write_is_said_and_leaves_no_operation() {
    let place = scene::place();
    let repository = place.repository();
    let lock = repository.lock().unwrap();
    for writes in [vec![], vec![edit("left.py", "left", "left")]] {
        let error = repository.apply(&lock, "none", &writes).unwrap_err();
        assert!(matches!(error, ApplyError::NothingToWrite), "{error}");
    }
    assert_eq!(repository.log().unwrap(), []);
}

#[test]
fn a_folder_that_somebody_fills_in_the_meantime_stays() {
    let place = scene::place();
    place.put("emptied/inner/mine.txt", 0o644, "mine");
    let repository = place.repository();
    let lock = repository.lock().unwrap();
    repository.apply(&lock, "less", &[delete("emptied/inner/only.py", "only")]).unwrap();
    assert_eq!(place.text("emptied/inner/mine.txt"), "mine");
}

#[test]
fn what_verifies_is_not_written() {
    let place = scene::place();
    let before = place.snapshot();
    place.repository().verify(&scene::writes()).unwrap();
    assert_eq!(place.snapshot(), before);
    assert!(!place.root().join(".repot").exists());
    place.repository().verify(&[create("new.py", "")]).unwrap();
}
