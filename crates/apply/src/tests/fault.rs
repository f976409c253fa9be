//! One call fails, or the disk is full from one call on: the tree is as it was.

use std::io::ErrorKind;
use std::sync::Arc;

use super::disk::{Fault, FaultyDisk};
use super::{ACTS, Act, Place, place_after};
use crate::{ApplyError, Operation};

/// Does `act` after `acts` with `fault` at every call, one after the other, and
/// each on what the one before it left.
fn at_every_call(
    (acts, act): (&[Act], Act),
    fault: Fault,
    check: impl Fn(&Place, usize, Result<Operation, ApplyError>),
) {
    let whole = place_after(acts);
    act(&whole.repository()).unwrap();
    let mut place = place_after(acts);
    let start = place.snapshot();
    for call in 0.. {
        let disk = Arc::new(FaultyDisk::new(fault, call));
        let result = act(&place.faulty(&disk));
        if result.is_ok() {
            assert_eq!(place.snapshot(), whole.snapshot(), "call {call}");
            place.assert_clean();
            place = place_after(acts);
        } else {
            check(&place, call, result);
            assert_eq!(place.snapshot(), start, "call {call}");
            place.assert_clean();
        }
        if disk.calls() <= call {
            assert!(call > 50, "the scene is too small: {call}");
            return;
        }
    }
}

#[test]
fn permission_denied_in_the_middle_changes_nothing() {
    let check = |_: &Place, call, result: Result<Operation, ApplyError>| {
        let error = result.unwrap_err();
        assert!(!matches!(error, ApplyError::Stuck { .. }), "call {call}: {error}");
        assert!(error.hint().is_some_and(|hint| hint.contains("who owns it")), "call {call}: {error}");
        assert!(error.to_string().contains('`'), "the error names a path: {error}");
    };
    for act in ACTS {
        at_every_call(act, Fault::Fail(ErrorKind::PermissionDenied), check);
    }
}

#[test]
fn a_full_disk_changes_nothing() {
    let check = |place: &Place, call, result: Result<Operation, ApplyError>| {
        let error = result.unwrap_err();
        if matches!(error, ApplyError::Stuck { .. }) {
            // The last space was gone after the first file had changed.
            assert!(place.repository().unfinished().unwrap().is_some(), "call {call}");
            let repository = place.repository();
            repository.recover(&repository.lock().unwrap()).unwrap().unwrap();
        } else {
            assert!(error.hint().is_some_and(|hint| hint.contains("space")), "call {call}: {error}");
        }
    };
    for act in ACTS {
        at_every_call(act, Fault::Full, check);
    }
}

/// As long as it is found while the new files are written, a full disk needs no
/// space to be taken back.
#[test]
fn a_full_disk_is_found_before_the_first_file_changes() {
    let place = Place::new(&[("a.py", 0o644, "a"), ("b.py", 0o644, "b")]);
    let writes = [super::edit("a.py", "a", "aa"), super::edit("b.py", "b", "bb")];
    let start = place.snapshot();
    for call in 0.. {
        let disk = Arc::new(FaultyDisk::new(Fault::Full, call));
        let repository = place.faulty(&disk);
        let result = repository.lock().and_then(|lock| repository.apply(&lock, "both", &writes));
        let Err(error) = result else { return };
        assert!(!matches!(error, ApplyError::Stuck { .. }), "call {call}: {error}");
        assert_eq!(place.snapshot(), start, "call {call}");
        place.assert_clean();
    }
}
