//! The process stops, as `kill -9` stops it, at every call that changes the
//! disk: after recovery the tree is exactly before or exactly after.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::disk::{Fault, FaultyDisk};
use super::{Act, Place, Thing, apply, delete, place_after, redo, scene, undo};
use crate::{ApplyError, Operation, OperationId, Recovered, Repository};

/// More calls than any recovery of the scene takes.
const MOST_CALLS: usize = 500;

fn apply_later(repository: &Repository) -> Result<Operation, ApplyError> {
    repository.apply(&repository.lock()?, "later", &scene::later_writes())
}

/// Takes the first plan back, which is merged where the later one shares a file.
fn undo_first(repository: &Repository) -> Result<Operation, ApplyError> {
    repository.undo(&repository.lock()?, Some(&OperationId::NONE.next()))
}

fn recover(repository: &Repository) -> Result<Option<Recovered>, ApplyError> {
    repository.recover(&repository.lock()?)
}

/// The tree after `act`, and how many calls it takes.
fn whole(before: &[Act], act: Act) -> (BTreeMap<String, Thing>, usize) {
    let place = place_after(before);
    let disk = Arc::new(FaultyDisk::new(Fault::None, 0));
    act(&place.faulty(&disk)).unwrap();
    (place.snapshot(), disk.calls())
}

/// Stops `act` at every call and recovers; `recovery` stops `recover` as well. A
/// tree that is as it was serves for the next call.
fn assert_law(before: &[Act], act: Act, recovery: impl Fn(&Place, usize)) {
    let (after, calls) = whole(before, act);
    assert!(calls > 50, "the scene is too small: {calls}");
    let mut place = place_after(before);
    let (start, log) = (place.snapshot(), place.repository().log().unwrap().len());
    let mut sides = [0, 0];
    for call in 0..calls {
        let stopped = act(&place.faulty(&Arc::new(FaultyDisk::new(Fault::Stop, call))));
        let is_begun = place.repository().unfinished().unwrap().is_some();
        recovery(&place, call);
        let recovered = recover(&place.repository()).unwrap();
        assert!(is_begun || recovered.is_none(), "call {call}: {recovered:?}");
        place.assert_clean();
        let now = place.snapshot();
        let new = place.repository().log().unwrap().len() - log;
        if now == start {
            assert!(stopped.is_err() && new == 0, "call {call}");
        } else {
            assert_eq!(now, after, "call {call}");
            assert_eq!(new, 1, "call {call}");
            place = place_after(before);
        }
        sides[usize::from(now == after)] += 1;
    }
    assert!(sides[0] > 40 && sides[1] > 0, "{sides:?}");
    act(&place.repository()).unwrap();
    assert_eq!(place.snapshot(), after);
}

#[test]
fn apply_stops_anywhere() {
    assert_law(&[], apply, |_, _| ());
}

#[test]
fn undo_stops_anywhere() {
    assert_law(&[apply], undo, |_, _| ());
}

#[test]
fn redo_stops_anywhere() {
    assert_law(&[apply, undo], redo, |_, _| ());
}

#[test]
fn an_undo_that_merges_and_its_redo_stop_anywhere() {
    assert_law(&[apply, apply_later], undo_first, |_, _| ());
    assert_law(&[apply, apply_later, undo_first], redo, |_, _| ());
    let place = place_after(&[apply, apply_later, undo_first]);
    assert_eq!(place.text("shared.py"), "mine\nHERS\n");
}

/// Recovery is stopped at its first call, then at its second, and so on, each
/// time on what the last stop left, until it runs through.
#[test]
fn recovery_stops_anywhere_and_again() {
    let stop_often = |place: &Place, _: usize| {
        let is_through = |call| {
            let disk = Arc::new(FaultyDisk::new(Fault::Stop, call));
            recover(&place.faulty(&disk)).is_ok()
        };
        assert!((0..MOST_CALLS).any(is_through), "recovery never runs through");
    };
    assert_law(&[], apply, stop_often);
}

/// One of the last calls fails, and the process is killed while it puts back
/// what it wrote.
#[test]
fn putting_back_stops_anywhere() {
    let (after, calls) = whole(&[], apply);
    for call in [calls - 12, calls - 3, calls - 2] {
        for stop in call + 1..call + MOST_CALLS {
            let place = scene::place();
            let start = place.snapshot();
            let disk = Arc::new(FaultyDisk::new(Fault::FailThenStop(stop), call));
            apply(&place.faulty(&disk)).unwrap_err();
            recover(&place.repository()).unwrap();
            place.assert_clean();
            let now = place.snapshot();
            assert!(now == start || now == after, "calls {call} and {stop}");
            if disk.calls() <= stop {
                break;
            }
        }
    }
}

/// Recovery is stopped once, at any call, after a stop at any call.
#[test]
fn recovery_stops_anywhere() {
    let (after, calls) = whole(&[], apply);
    // The last call syncs the commit mark: a stop there stops nothing any more.
    for call in (0..calls - 1).step_by(17) {
        for second in 0..MOST_CALLS {
            let place = scene::place();
            let start = place.snapshot();
            apply(&place.faulty(&Arc::new(FaultyDisk::new(Fault::Stop, call)))).unwrap_err();
            let stopped = recover(&place.faulty(&Arc::new(FaultyDisk::new(Fault::Stop, second))));
            recover(&place.repository()).unwrap();
            place.assert_clean();
            let now = place.snapshot();
            assert!(now == start || now == after, "calls {call} and {second}");
            if stopped.is_ok() {
                break;
            }
        }
    }
}

/// All files are gone and their folder is not: going forward removes it.
#[test]
fn going_forward_goes_to_the_end() {
    let mut sides = [false, false];
    for call in 0..MOST_CALLS {
        let place = Place::new(&[("folder/only.py", 0o644, "only")]);
        let start = place.snapshot();
        let repository = place.faulty(&Arc::new(FaultyDisk::new(Fault::Stop, call)));
        let writes = [delete("folder/only.py", "only")];
        let stopped = repository.lock().and_then(|lock| repository.apply(&lock, "less", &writes));
        let recovered = recover(&place.repository()).unwrap();
        place.assert_clean();
        let now = place.snapshot();
        assert!(now == start || now.is_empty(), "call {call}: {now:?}");
        sides[usize::from(now.is_empty())] |= recovered.is_some();
        if stopped.is_ok() {
            break;
        }
    }
    assert_eq!(sides, [true, true]);
}
