//! Taking an operation back whose files others have worked on since.

use std::ops::Range;

use proptest::prelude::*;
use repot_change::Write;

use super::{Place, create, delete, edit, executable, moved};
use crate::{ApplyError, Lock, OperationId, Repository};

fn opened(place: &Place) -> (Repository, Lock) {
    let repository = place.repository();
    let lock = repository.lock().unwrap();
    (repository, lock)
}

fn id(number: u32) -> OperationId {
    number.to_string().parse().unwrap()
}

/// A tree in which each of `plans` was applied.
fn applied(files: &[(&str, u32, &str)], plans: &[&[Write]]) -> Place {
    let place = Place::new(files);
    let (repository, lock) = opened(&place);
    for (number, writes) in plans.iter().enumerate() {
        repository.apply(&lock, &format!("plan {}", number + 1), writes).unwrap();
    }
    drop(lock);
    place
}

/// Undoes operation 1, redoes and undoes it again; each time the tree must be
/// exactly what it was. Returns the paths that were merged.
fn undone(place: &Place) -> Vec<String> {
    let (repository, lock) = opened(place);
    let before = place.snapshot();
    let preview = repository.preview_undo(Some(&id(1))).unwrap();
    assert_eq!(place.snapshot(), before);
    repository.undo(&lock, Some(&id(1))).unwrap();
    let after = place.snapshot();
    for delta in &preview.deltas {
        if let Some((path, content)) = &delta.new {
            assert_eq!(place.text(path.as_str()).as_bytes(), &*content.bytes);
        }
    }
    for _ in 0..2 {
        repository.redo(&lock).unwrap();
        assert_eq!(place.snapshot(), before);
        repository.undo(&lock, Some(&id(1))).unwrap();
        assert_eq!(place.snapshot(), after);
    }
    place.assert_clean();
    preview.merged.iter().map(ToString::to_string).collect()
}

/// What the undo of operation 1 is refused with, line by line; nothing changes.
fn refused(place: &Place) -> Vec<String> {
    let (repository, lock) = opened(place);
    let before = place.snapshot();
    let error = repository.undo(&lock, Some(&id(1))).unwrap_err();
    assert_eq!(error.to_string(), repository.preview_undo(Some(&id(1))).unwrap_err().to_string());
    assert!(matches!(error, ApplyError::ChangedSince { .. }) && error.hint().is_some(), "{error}");
    assert_eq!(place.snapshot(), before);
    place.assert_clean();
    error.to_string().lines().skip(1).map(|line| line.trim().to_owned()).collect()
}

#[test]
fn other_lines_keep_what_a_later_operation_did() {
    let place = applied(
        &[("a.py", 0o640, "one\r\ntwo\nthree"), ("b.py", 0o644, "b")],
        &[
            &[edit("a.py", "one\r\ntwo\nthree", "ONE\r\ntwo\nthree"), edit("b.py", "b", "B")],
            &[edit("a.py", "ONE\r\ntwo\nthree", "ONE\r\ntwo\nTHREE")],
        ],
    );
    assert_eq!(undone(&place), ["a.py"]);
    assert_eq!((place.text("a.py").as_str(), place.text("b.py").as_str()), ("one\r\ntwo\nTHREE", "b"));
}

#[test]
fn other_lines_keep_what_a_person_did_on_top() {
    let place = applied(
        &[("a.py", 0o644, "1\n2\n3\n")],
        &[&[edit("a.py", "1\n2\n3\n", "I\n2\n3\n")], &[edit("a.py", "I\n2\n3\n", "I\nII\n3\n")]],
    );
    place.put("a.py", 0o644, "I\nII\n3\n4\n");
    assert_eq!(undone(&place), ["a.py"]);
    assert_eq!(place.text("a.py"), "1\nII\n3\n4\n");
}

#[test]
fn a_moved_file_returns_with_what_was_done_to_it_since() {
    let place = applied(
        &[("a.py", 0o755, "1\n2\n"), ("b.py", 0o644, "3\n4\n")],
        &[
            &[
                executable(moved("a.py", edit("b.py", "3\n4\n", "I\n2\n"))),
                moved("b.py", edit("a.py", "1\n2\n", "III\n4\n")),
            ],
            &[executable(edit("b.py", "I\n2\n", "I\nII\n")), edit("a.py", "III\n4\n", "III\n4\n5\n")],
        ],
    );
    assert_eq!(undone(&place), ["a.py", "b.py"]);
    assert_eq!((place.text("a.py").as_str(), place.text("b.py").as_str()), ("1\nII\n", "3\n4\n5\n"));
}

/// Operations 1 and 2 are taken back in the order in which they came, and come
/// again.
#[test]
fn what_was_merged_is_merged_back() {
    let texts = ["1\n2\n3\n", "I\n2\n3\n", "I\n2\nIII\n"];
    let place = applied(
        &[("a.py", 0o644, texts[0])],
        &[&[edit("a.py", texts[0], texts[1])], &[edit("a.py", texts[1], texts[2])]],
    );
    let (repository, lock) = opened(&place);
    repository.undo(&lock, Some(&id(1))).unwrap();
    repository.undo(&lock, Some(&id(2))).unwrap();
    assert_eq!(place.text("a.py"), texts[0]);
    repository.redo(&lock).unwrap();
    assert_eq!(place.text("a.py"), "1\n2\nIII\n");
    repository.redo(&lock).unwrap();
    assert_eq!(place.text("a.py"), texts[2]);
}

#[test]
fn the_same_lines_are_refused_with_their_numbers_and_who_changed_them() {
    let texts = ["1\n2\n3\n4\n", "I\n2\n3\nIV\n", "I\nII\n3\nIV\n", "0\nI!\nII\n3\nIV!\n"];
    let plans: Vec<_> = texts.windows(2).map(|pair| [edit("a.py", pair[0], pair[1])]).collect();
    let plans: Vec<_> = plans.iter().map(<[_; 1]>::as_slice).collect();
    let place = applied(&[("a.py", 0o644, texts[0])], &plans);
    assert_eq!(refused(&place), ["a.py: lines 1-3 and 5 changed too, by operation 0003"]);
    // A person came last, and to other lines.
    place.put("a.py", 0o644, "0\nI!\nII\nmine\nIV!\n");
    assert!(refused(&place)[0].starts_with("a.py: lines 1-5 changed too"), "{:?}", refused(&place));
}

#[test]
fn a_person_who_changed_the_same_lines_is_no_operation() {
    let texts = ["1\n2\n3\n", "I\n2\n3\n", "I\n2\nIII\n"];
    let plans = [[edit("a.py", texts[0], texts[1])], [edit("a.py", texts[1], texts[2])]];
    let place = applied(&[("a.py", 0o644, texts[0])], &[&plans[0], &plans[1]]);
    place.put("a.py", 0o644, "mine\n2\nIII\n");
    assert_eq!(refused(&place), ["a.py: line 1 changed too"]);
}

#[test]
fn what_the_operation_left_must_be_known() {
    let place = applied(&[("a.py", 0o644, "1\n2\n")], &[&[edit("a.py", "1\n2\n", "I\n2\n")]]);
    place.put("a.py", 0o644, "I\nmine\n");
    assert_eq!(refused(&place), ["a.py: its bytes changed"]);
    let (repository, lock) = opened(&place);
    repository.apply(&lock, "later", &[edit("a.py", "I\nmine\n", "I\nmine\n3\n")]).unwrap();
    drop(lock);
    assert_eq!(refused(&place), ["a.py: its bytes changed"]);
}

#[test]
fn files_that_went_on_are_refused_with_where_they_are() {
    let place = applied(
        &[("a.py", 0o644, "a"), ("d.py", 0o644, "1\n"), ("f.py", 0o644, "f")],
        &[
            &[
                delete("a.py", "a"),
                moved("a.py", create("b.py", "a")),
                edit("d.py", "1\n", "2\n"),
                create("new.py", "new"),
                delete("f.py", "f"),
            ],
            &[
                delete("b.py", "a"),
                moved("b.py", create("c/c.py", "a")),
                delete("d.py", "2\n"),
                edit("new.py", "new", "newer"),
                create("f.py", "other"),
            ],
        ],
    );
    let expected = [
        "b.py: it was moved on to `c/c.py`, by operation 0002",
        "d.py: it is missing, by operation 0002",
        "f.py: a file is there now, by operation 0002",
        "new.py: its bytes changed, by operation 0002",
    ];
    assert_eq!(refused(&place), expected);
    // Another file in its place changes nothing about that.
    place.put("b.py", 0o644, "b");
    assert_eq!(refused(&place)[0], expected[0]);
    // What the hint says works.
    std::fs::remove_file(place.root().join("b.py")).unwrap();
    let (repository, lock) = opened(&place);
    repository.undo(&lock, None).unwrap();
    drop(lock);
    assert_eq!(undone(&place), [""; 0]);
}

#[test]
fn a_mode_that_a_later_operation_changed_is_said_to_be_its_doing() {
    let plans = [[edit("a", "1\n", "2\n")], [executable(edit("a", "2\n", "2\n"))]];
    let place = applied(&[("a", 0o644, "1\n")], &[&plans[0], &plans[1]]);
    assert_eq!(refused(&place), ["a: its executable bit changed, by operation 0002"]);
}

#[test]
fn bytes_that_are_no_text_are_not_merged() {
    let plans = [[edit("a", "1\n\0\n", "I\n\0\n")], [edit("a", "I\n\0\n", "I\n\0\n3\n")]];
    let place = applied(&[("a", 0o644, "1\n\0\n")], &[&plans[0], &plans[1]]);
    assert_eq!(refused(&place), ["a: its bytes changed, by operation 0002"]);
}

/// One change of a text: the lines of a stretch become others.
#[derive(Debug, Clone)]
struct Patch {
    lines: Range<usize>,
    new: Vec<String>,
}

/// `lines` after `patches`, which are sorted and disjoint.
fn patched(lines: &[String], patches: &[&Patch]) -> String {
    let mut result = lines.to_vec();
    for patch in patches.iter().rev() {
        result.splice(patch.lines.clone(), patch.new.iter().cloned());
    }
    result.concat()
}

/// A text, and changes of it that belong to the first operation or the second.
#[derive(Debug, Clone)]
struct Case {
    lines: Vec<String>,
    patches: Vec<(bool, Patch)>,
}

/// Lines with any ends, no two alike, the last one perhaps without an end; between
/// two changes lie at least `gap` lines that nobody changes.
fn case(gap: usize) -> impl Strategy<Value = Case> {
    let end = prop::sample::select(vec!["\n", "\r\n", "\r\r\n"]);
    let line = (prop::sample::select(vec!["", "x", "#"]), end);
    let patch = (any::<bool>(), gap..gap + 3, 0..3_usize, prop::collection::vec(line.clone(), 0..3));
    let cases = (prop::collection::vec(line, 0..16), prop::collection::vec(patch, 1..6), any::<bool>());
    cases.prop_map(move |(lines, patches, ends)| {
        let text = |number: usize, (word, end): &(&str, &str)| format!("{word}{number}{end}");
        let mut lines: Vec<_> = lines.iter().enumerate().map(|(at, line)| text(at, line)).collect();
        let (mut placed, mut at) = (Vec::new(), 0);
        for (number, (is_first, skip, length, new)) in patches.iter().enumerate() {
            let start = at + skip;
            if start + length > lines.len() {
                break;
            }
            let text = |at: usize, line: &(&str, &str)| text(100 + 10 * number + at, line);
            let mut new: Vec<_> = new.iter().enumerate().map(|(at, line)| text(at, line)).collect();
            if gap == 0 && !new.is_empty() {
                // Beside each other, only lines in place of lines are told apart.
                new.truncate(*length);
                new.extend((new.len()..*length).map(|at| text(at, &("", "\n"))));
            }
            placed.push((*is_first, Patch { lines: start..start + length, new }));
            at = start + length;
        }
        let is_free = placed.last().is_none_or(|(_, patch)| patch.lines.end + 1 < lines.len());
        if let Some(last) = lines.last_mut().filter(|_| ends && is_free) {
            *last = last.trim_end().to_owned() + "!";
        }
        Case { lines, patches: placed }
    })
}

impl Case {
    fn text(&self, operations: &[bool]) -> String {
        let patches: Vec<_> = self
            .patches
            .iter()
            .filter(|(is_first, _)| operations.contains(is_first))
            .map(|(_, p)| p)
            .collect();
        patched(&self.lines, &patches)
    }

    /// Applies both operations and undoes the first. Returns whether it was
    /// merged; if not, nothing may have changed.
    fn check(&self) -> Result<bool, TestCaseError> {
        let (none, first, both) = (self.text(&[]), self.text(&[true]), self.text(&[true, false]));
        let place = Place::new(&[("a.py", 0o644, &none)]);
        let (repository, lock) = opened(&place);
        for (old, new) in [(&none, &first), (&first, &both)] {
            match repository.apply(&lock, "", &[edit("a.py", old, new)]) {
                Err(ApplyError::NothingToWrite) => return Ok(true),
                result => drop(result.unwrap()),
            }
        }
        let result = repository.undo(&lock, Some(&id(1)));
        place.assert_clean();
        if let Err(ApplyError::NothingToWrite) = result {
            // The second operation took back what the first one did.
            prop_assert_eq!(&both, &self.text(&[false]));
            return Ok(true);
        }
        if let Err(error) = result {
            prop_assert!(matches!(error, ApplyError::ChangedSince { .. }), "{}", error);
            prop_assert_eq!(place.text("a.py"), both);
            return Ok(false);
        }
        prop_assert_eq!(place.text("a.py"), self.text(&[false]));
        repository.redo(&lock).unwrap();
        prop_assert_eq!(place.text("a.py"), both);
        Ok(true)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changes_with_lines_between_them_are_taken_back_as_if_they_had_never_been(case in case(1)) {
        prop_assert!(case.check()?);
    }

    #[test]
    fn lines_that_changed_beside_each_other_are_taken_back_exactly_or_not_at_all(case in case(0)) {
        case.check()?;
    }

    #[test]
    fn changes_of_the_same_line_are_never_taken_back(at in 0..5_usize, lines in prop::collection::vec("[a-c]{1,2}\r?\n", 5..9)) {
        let lines: Vec<_> = lines.iter().enumerate().map(|(number, line)| format!("{number}{line}")).collect();
        let patch = |is_first, text: &str| (is_first, Patch { lines: at..at + 1, new: vec![text.to_owned()] });
        let texts = ["first\n", "second\n"].map(|text| patched(&lines, &[&patch(true, text).1]));
        let place = Place::new(&[("a.py", 0o644, &lines.concat())]);
        let (repository, lock) = opened(&place);
        repository.apply(&lock, "", &[edit("a.py", &lines.concat(), &texts[0])]).unwrap();
        repository.apply(&lock, "", &[edit("a.py", &texts[0], &texts[1])]).unwrap();
        let error = repository.undo(&lock, Some(&id(1))).unwrap_err().to_string();
        prop_assert!(error.ends_with(&format!("a.py: line {} changed too, by operation 0002", at + 1)), "{}", error);
        prop_assert_eq!(&place.text("a.py"), &texts[1]);
        place.assert_clean();
    }
}
