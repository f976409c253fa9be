//! What counts as broken anew.

use std::path::Path;
use std::time::Duration;

use proptest::prelude::*;
use repot_change::{Applicability, Class, Evidence, Outcome, PlannedPhase, RelPath, Run, Span};

use super::scene::{delta, path, phase};
use crate::command::{Ending, Ran};
use crate::output::Output;
use crate::reader::Reader;
use crate::renames::Renames;
use crate::steady::Spellings;
use crate::verdict::broken;

fn ran(status: i32, text: &str) -> Ran {
    let place = |root: &str| Spellings::of(Path::new(root));
    let mut output = Output::new(place("/scratch/shop"), place("/tree/"), Reader::new(RelPath::root()));
    // In parts that end anywhere, as they come from a pipe.
    text.as_bytes().chunks(7).for_each(|part| output.push(part));
    let printed = output.finish();
    let run = Run { status: Some(status), milliseconds: 1, output: printed.text.clone() };
    Ran { run, printed, ending: Ending::Own }
}

fn told(before: (i32, &str), after: (i32, &str)) -> Vec<String> {
    broken(&ran(before.0, before.1), &ran(after.0, after.1), &Renames::default())
}

fn told_of(phase: &PlannedPhase, before: &str, after: &str) -> Vec<String> {
    broken(&ran(1, before), &ran(1, after), &Renames::of(phase, &phase.writes()))
}

#[test]
fn a_command_that_succeeds_has_found_nothing() {
    assert!(told((1, "src/a.py:1:1: F821 x\n"), (0, "src/b.py:1:1: F821 y\n")).is_empty());
}

#[test]
fn a_command_that_fails_no_more_than_before_is_nothing_new() {
    let before = "src/a.py:7:7: F821 x\nsrc/a.py:9:7: F821 x\nFAILED t.py::a - why\n2 failed in 0.1s\n";
    let after = "FAILED t.py::a - other\nsrc/a.py:17:1: F821 x\n1 failed in 7.3s\n";
    assert!(told((1, before), (1, after)).is_empty());
}

#[test]
fn one_more_of_the_same_is_new() {
    let one = "src/a.py:7:7: F821 x\n";
    assert_eq!(told((1, one), (1, &one.repeat(2))), [one.trim()]);
}

#[test]
fn a_test_that_failed_is_known_however_it_fails() {
    let before = "FAILED t.py::a - why\nERROR u.py - ImportError\n";
    let after = "ERROR t.py::a - other\nERROR t.py::a\nFAILED u.py::b\nFAILED u.py::c - collected now\n";
    assert!(told((1, before), (1, after)).is_empty());
    assert_eq!(told((1, before), (1, "FAILED t.py::b - new\n")), ["FAILED t.py::b - new"]);
}

#[test]
fn a_higher_status_is_broken_and_a_lower_one_is_not() {
    let line = "src/a.py:7:7: F821 x\n";
    assert_eq!(told((1, line), (2, line)), ["it ended with exit status 2, before with exit status 1"]);
    assert!(told((30, line), (22, line)).is_empty());
}

#[test]
fn a_command_that_succeeded_is_broken_whatever_it_says() {
    assert_eq!(told((0, "src/a.py:1:1: W1 x\n"), (1, "src/a.py:1:1: W1 x\nboom\n")), ["boom"]);
    assert_eq!(told((0, ""), (3, "one\n\ntwo\n")), ["one", "two"]);
    let same = "src/a.py:1:1: W1 x\nend\n";
    assert_eq!(told((0, same), (1, same)), ["src/a.py:1:1: W1 x"]);
    assert_eq!(told((0, "end\n"), (1, "end\n")), ["end"]);
    assert_eq!(
        told((0, ""), (3, "")),
        ["it ended with exit status 3, before with exit status 0, and printed nothing"]
    );
}

#[test]
fn an_output_in_which_nothing_is_recognised_must_stay() {
    let before = "checking at 2024-01-01 10:00:00\nthe cart is wrong (0x7f12)\nall in 0.3 s\n";
    let after = "the cart is wrong (0x8e01)\nchecking at 2024-01-02 11:30:00\nall in 12.5 s\n";
    assert!(told((1, before), (1, after)).is_empty(), "another order, and other times");
    assert_eq!(told((1, before), (1, &format!("{after}the page is wrong\n"))), ["the page is wrong"]);
    let fewer = told((1, before), (1, "all in 1 s\n"));
    assert_eq!(
        fewer,
        [
            "it ended with exit status 1, and prints something else than before; what of it is new cannot be told"
        ]
    );
    // What failed for known problems must not fail for an unknown reason.
    assert_eq!(told((1, "src/a.py:7:7: F821 x\n"), (1, "no configuration\n")), ["no configuration"]);
}

#[test]
fn more_problems_than_are_kept_must_be_the_same() {
    let many = |last: &str| "src/a.py:1:1: F821 x\n".repeat(crate::reader::MOST) + last;
    assert!(told((1, &many("src/b.py:1:1: F821 y\n")), (1, &many("src/b.py:2:1: F821 y\n"))).is_empty());
    let new = told((1, &many("")), (1, &many("src/b.py:1:1: F821 y\n")));
    assert!(new.len() == 1 && new[0].contains("cannot be told"), "{new:?}");
}

#[test]
fn a_signal_is_worse_than_any_status() {
    let (before, mut after) = (ran(1, ""), ran(1, ""));
    after.run.status = None;
    assert_eq!(
        broken(&before, &after, &Renames::default()),
        ["it ended with a signal, before with exit status 1"]
    );
    after.ending = Ending::TimedOut(Duration::from_secs(600));
    assert_eq!(broken(&before, &after, &Renames::default()), ["it did not end within 600s, and was stopped"]);
}

#[test]
fn a_file_that_moved_is_known_again() {
    let moved =
        phase("move", vec![delta(Some(("src/shop/old/cart.py", "x")), Some(("src/shop/cart.py", "x")))]);
    let before = "src/shop/old/cart.py:1:1: F401 `shop.old.cart` is odd\nFAILED src/shop/old/cart.py::a\n\
                  FAIL: test_a (shop.old.cart.Test.test_a)\nRan 1 test in 0.1s\n";
    let after = "src/shop/cart.py:3:1: F401 `shop.cart` is odd\nFAILED src/shop/cart.py::a\n\
                 FAIL: test_a (shop.cart.Test.test_a)\nRan 1 test in 0.1s\n";
    assert!(told_of(&moved, before, after).is_empty());
    assert_eq!(told_of(&moved, before, &after.replace("F401", "F821")).len(), 1);
    assert_eq!(told_of(&phase("none", Vec::new()), before, after).len(), 3);
}

#[test]
fn a_name_that_is_rewritten_is_known_again_in_its_file() {
    let mut plan = phase("retarget", Vec::new());
    plan.steps[0].evidence.push(Evidence {
        class: Class::Imports,
        path: path("src/a.py"),
        line: 1,
        span: Span::at(0),
        package: None,
        subject: "monorepo.cart:add".to_owned(),
        rule: String::new(),
        candidates: Vec::new(),
        winner: None,
        outcome: Outcome::Rewritten { to: "shop.cart:add".to_owned(), applicability: Applicability::Certain },
        warnings: Vec::new(),
    });
    let before = "src/a.py:1:1: F401 `monorepo.cart.add` imported but unused\n";
    let after = "src/a.py:1:1: F401 `shop.cart.add` imported but unused\n";
    assert!(told_of(&plan, before, after).is_empty());
    assert_eq!(told_of(&plan, before, &after.replace("a.py", "b.py")).len(), 1);
    assert_eq!(told_of(&plan, "", &after.replace("F401", "F821")).len(), 1);
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        ("[ab]", 1..30_usize, "[xy]")
            .prop_map(|(file, line, name)| format!("{file}.py:{line}:1: F821 {name}")),
        ("[ab]", "[tu]").prop_map(|(file, test)| format!("FAILED {file}.py::{test} - why")),
        "[a-z ]{0,12}",
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(line(), 0..12)
        .prop_map(|lines| lines.iter().map(|line| format!("{line}\n")).collect())
}

proptest! {
    /// What a command said before breaks nothing, in whatever order.
    #[test]
    fn the_same_again_is_nothing_new(text in text(), status in 1..4) {
        let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
        lines.reverse();
        prop_assert!(told((status, &text), (status, &lines.concat())).is_empty());
    }

    /// A problem that was not there is told, whatever stands around it.
    #[test]
    fn a_new_problem_is_told(text in text(), at in 0..13_usize) {
        let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
        lines.insert(at.min(lines.len()), "c.py:1:1: E9 new\n");
        prop_assert_eq!(told((1, &text), (1, &lines.concat())), ["c.py:1:1: E9 new"]);
    }

    /// No output is too odd.
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let place = Spellings::of(Path::new("/scratch/shop"));
        let mut output = Output::new(place.clone(), place, Reader::new(RelPath::root()));
        output.push(&bytes);
        output.push(b"\n=== FAILURES ===\n____ x ____\n");
        output.push(&bytes);
        drop(output.finish());
    }
}
