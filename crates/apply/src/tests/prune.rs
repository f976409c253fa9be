//! Forgetting the oldest operations: what is left works as before.

use std::sync::Arc;

use proptest::prelude::*;

use super::disk::{Fault, FaultyDisk};
use super::{Place, edit};
use crate::{ApplyError, Lock, Operation, OperationKind, Repository};

fn opened(place: &Place) -> (Repository, Lock) {
    let repository = place.repository();
    let lock = repository.lock().unwrap();
    (repository, lock)
}

/// The numbers of the operations that the journal holds.
fn ids(repository: &Repository) -> Vec<u32> {
    numbers(&repository.log().unwrap())
}

fn numbers(operations: &[Operation]) -> Vec<u32> {
    operations.iter().map(|operation| operation.id.to_string().parse().unwrap()).collect()
}

/// Three plans: 1 and 2, then 3 undoes 2, 4 undoes 1, 5 redoes 1, and 6.
fn place() -> Place {
    let place = Place::new(&[("a.py", 0o644, "0")]);
    let (repository, lock) = opened(&place);
    repository.apply(&lock, "one", &[edit("a.py", "0", "1")]).unwrap();
    repository.apply(&lock, "two", &[edit("a.py", "1", "2")]).unwrap();
    repository.undo(&lock, None).unwrap();
    repository.undo(&lock, None).unwrap();
    repository.redo(&lock).unwrap();
    repository.apply(&lock, "three", &[edit("a.py", "1", "3")]).unwrap();
    drop(lock);
    place
}

#[test]
fn a_plan_is_forgotten_as_a_whole_or_not_at_all() {
    let kept = [vec![], vec![6], vec![1, 4, 5, 6], vec![1, 4, 5, 6], vec![1, 2, 3, 4, 5, 6]];
    for (keep, kept) in kept.into_iter().enumerate() {
        let place = place();
        let (repository, lock) = opened(&place);
        let (before, all) = (place.snapshot(), repository.log().unwrap());
        let previewed = repository.preview_prune(keep).unwrap();
        assert_eq!(repository.log().unwrap(), all);
        let forgotten = repository.prune(&lock, keep).unwrap();
        assert_eq!(forgotten, previewed);
        assert_eq!(ids(&repository), kept, "keep {keep}");
        let mut together = [kept, numbers(&forgotten)].concat();
        together.sort_unstable();
        assert_eq!(together, [1, 2, 3, 4, 5, 6]);
        // What is left says of itself what it said before.
        assert!(repository.log().unwrap().iter().all(|operation| all.contains(operation)));
        assert_eq!(place.snapshot(), before);
        place.assert_clean();
    }
}

#[test]
fn a_number_is_never_used_again() {
    for keep in 0..7 {
        let place = place();
        let (repository, lock) = opened(&place);
        repository.prune(&lock, keep).unwrap();
        let operation = repository.apply(&lock, "four", &[edit("a.py", "3", "4")]).unwrap();
        assert_eq!(operation.id.to_string(), "0007");
        repository.prune(&lock, 0).unwrap();
        repository.prune(&lock, 0).unwrap();
        let operation = repository.apply(&lock, "five", &[edit("a.py", "4", "5")]).unwrap();
        assert_eq!(operation.id.to_string(), "0008");
        repository.undo(&lock, None).unwrap();
        assert_eq!(place.text("a.py"), "4");
    }
}

#[test]
fn what_waits_for_recovery_is_not_pruned() {
    let place = place();
    for call in 0.. {
        let faulty = place.faulty(&Arc::new(FaultyDisk::new(Fault::Stop, call)));
        let lock = faulty.lock().unwrap();
        faulty.apply(&lock, "four", &[edit("a.py", "3", "4")]).unwrap_err();
        if place.repository().unfinished().unwrap().is_some() {
            break;
        }
    }
    let (repository, lock) = opened(&place);
    let errors = [repository.preview_prune(0), repository.prune(&lock, 0)];
    for result in errors {
        assert!(matches!(result, Err(ApplyError::Unfinished { .. })));
    }
    assert_eq!(repository.log().unwrap().len(), 7);
}

#[test]
fn a_damaged_memory_of_numbers_is_named() {
    let place = place();
    let (repository, lock) = opened(&place);
    repository.prune(&lock, 0).unwrap();
    std::fs::write(place.root().join(".repot/journal/forgotten"), "many").unwrap();
    let error = repository.apply(&lock, "four", &[edit("a.py", "3", "4")]).unwrap_err();
    assert!(
        matches!(error, ApplyError::Damaged { .. }) && error.to_string().contains("forgotten"),
        "{error}"
    );
    assert_eq!(place.text("a.py"), "3");
}

/// Stopped at any call, it has forgotten the oldest of what it was to forget;
/// what is left can be undone and redone, and pruned again.
#[test]
fn pruning_stops_anywhere() {
    for call in 0.. {
        let place = place();
        let before = place.snapshot();
        let faulty = place.faulty(&Arc::new(FaultyDisk::new(Fault::Stop, call)));
        let stopped = faulty.lock().and_then(|lock| faulty.prune(&lock, 1));
        assert_eq!(place.snapshot(), before, "call {call}");
        let (repository, lock) = opened(&place);
        let left = ids(&repository);
        assert!([1, 2, 3, 4, 5, 6].ends_with(&left) && left.ends_with(&[6]), "call {call}: {left:?}");
        assert_eq!(repository.recover(&lock).unwrap(), None);
        place.assert_clean();
        repository.undo(&lock, None).unwrap();
        assert_eq!(place.text("a.py"), "1", "call {call}");
        repository.redo(&lock).unwrap();
        assert_eq!(place.snapshot(), before, "call {call}");
        repository.prune(&lock, 3).unwrap();
        assert_eq!(ids(&repository), [6, 7, 8], "call {call}");
        if stopped.is_ok() {
            assert!(call > 20, "there is too little to forget: {call}");
            return;
        }
    }
}

/// What a random person does next.
#[derive(Debug, Clone, Copy)]
enum Act {
    Apply(usize),
    Undo,
    UndoEarlier(usize),
    Redo,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        (0..4_usize).prop_map(Act::Apply),
        Just(Act::Undo),
        (1..9_usize).prop_map(Act::UndoEarlier),
        Just(Act::Redo),
    ]
}

/// Does `act`, if it can be done; what came of it.
fn perform(place: &Place, act: Act) -> Result<(OperationKind, String), String> {
    let (repository, lock) = opened(place);
    let text = place.text("a.py");
    let result = match act {
        Act::Apply(line) => {
            let mut lines: Vec<_> = text.lines().collect();
            let new = format!("{}+", lines[line]);
            lines[line] = &new;
            repository.apply(&lock, "", &[edit("a.py", &text, &(lines.join("\n") + "\n"))])
        }
        Act::Undo => repository.undo(&lock, None),
        Act::UndoEarlier(id) => repository.undo(&lock, Some(&id.to_string().parse().unwrap())),
        Act::Redo => repository.redo(&lock),
    };
    let done = result.map_err(|error| error.to_string())?;
    Ok((done.kind, place.text("a.py")))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Two trees with one history, of which one is pruned: as long as nothing is
    /// asked of what was forgotten, nobody could tell which.
    #[test]
    fn what_is_left_is_undone_and_redone_as_if_nothing_were_forgotten(
        past in prop::collection::vec(act(), 1..9),
        future in prop::collection::vec(act(), 1..9),
        keep in 0..5_usize,
    ) {
        let places = [0, 1].map(|_| Place::new(&[("a.py", 0o644, "a\nb\nc\nd\n")]));
        for act in past {
            for place in &places {
                drop(perform(place, act));
            }
        }
        let (repository, lock) = opened(&places[0]);
        let forgotten = repository.prune(&lock, keep).unwrap();
        drop(lock);
        let forgotten: Vec<_> = forgotten.iter().map(Operation::plan).collect();
        for act in future {
            let done = perform(&places[1], act);
            if let Ok((OperationKind::Undo { of } | OperationKind::Redo { of }, _)) = &done
                && forgotten.contains(of)
            {
                break;
            }
            let pruned = perform(&places[0], act);
            prop_assert_eq!(pruned.is_ok(), done.is_ok(), "{:?} {:?}", pruned, done);
            if let Ok(done) = done {
                prop_assert_eq!(pruned.unwrap(), done);
            }
            let newest = |place: &Place| ids(&place.repository()).pop();
            prop_assert!(newest(&places[0]).is_none() || newest(&places[0]) == newest(&places[1]));
        }
        places[0].assert_clean();
    }
}
