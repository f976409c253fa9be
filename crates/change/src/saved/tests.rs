//! Plans that survive being saved, and bytes that are no plan.

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::{Check, CheckStatus, Class, Content, FileDelta, Note, PlannedPart, PlannedPhase, PlannedStep};

fn path(text: &str) -> RelPath {
    RelPath::new(text).unwrap()
}

fn delta(old: Option<(&str, &[u8])>, new: Option<(&str, &[u8])>) -> FileDelta {
    let side =
        |(at, bytes): (&str, &[u8])| (path(at), Content { bytes: bytes.into(), executable: at == "run" });
    FileDelta { old: old.map(side), new: new.map(side) }
}

fn phase(name: &str, parts: Vec<Vec<FileDelta>>) -> PlannedPhase {
    let part = |deltas| PlannedPart { class: Class::Imports, deltas };
    let step = PlannedStep {
        codemod: "retarget-imports".to_owned(),
        parts: parts.into_iter().map(part).collect(),
        evidence: Vec::new(),
        notes: vec![Note::about(&path("a"), "is odd")],
    };
    let failures = vec![Note { path: None, line: Some(3), message: "no".to_owned() }];
    let check = |status| Check { law: "a law".to_owned(), scope: "1 file".to_owned(), status };
    let checks = vec![check(CheckStatus::Passed), check(CheckStatus::Failed { failures })];
    PlannedPhase {
        name: name.to_owned(),
        title: name.to_owned(),
        steps: vec![step],
        checks,
        trials: Vec::new(),
    }
}

fn saved() -> SavedPlan {
    let one = vec![
        delta(Some(("a", b"1\r\n")), Some(("b", b"2"))),
        delta(Some(("latin", b"\xe9")), Some(("latin", b"\xe8\0"))),
        delta(None, Some(("run", b""))),
    ];
    let two = vec![delta(Some(("b", b"2")), Some(("b", b"3"))), delta(Some(("gone", b"x")), None)];
    let three = vec![delta(Some(("b", b"3")), Some(("a", b"4")))];
    let relies_on = vec![
        Reliance { path: path("there"), hash: Some(ContentHash::of(b"t")) },
        Reliance { path: path("nowhere"), hash: None },
    ];
    let plan = Plan {
        phases: vec![phase("one", vec![one, two]), phase("two", vec![three])],
        notes: Vec::new(),
        relies_on,
    };
    let basis = Basis { made_by: "1".to_owned(), commit: Some("c".to_owned()), ..Basis::default() };
    SavedPlan { plan, basis }
}

/// A plan whose JSON was changed and which carries the right hash all the same.
fn forged(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let bytes = saved().to_bytes();
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap();
    let mut text = Vec::new();
    ZlibDecoder::new(&bytes[end + 1..]).read_to_end(&mut text).unwrap();
    let mut body: Value = serde_json::from_slice(&text).unwrap();
    change(&mut body);
    sealed(&serde_json::to_vec(&body).unwrap())
}

fn sealed(body: &[u8]) -> Vec<u8> {
    let body = packed(body);
    let head = Head { format: FORMAT, hash: ContentHash::of(&body) };
    [serde_json::to_vec(&head).unwrap(), b"\n".to_vec(), body].concat()
}

fn reason(bytes: &[u8]) -> String {
    match SavedPlan::from_bytes(bytes) {
        Err(SavedPlanError::Damaged { reason }) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_plan_survives_being_saved_and_no_byte_of_it_can_change() {
    let (plan, bytes) = (saved(), saved().to_bytes());
    assert_eq!(SavedPlan::from_bytes(&bytes).unwrap(), plan);
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        assert!(SavedPlan::from_bytes(&changed).is_err(), "byte {at}");
        assert!(SavedPlan::from_bytes(&bytes[..at]).is_err(), "cut at {at}");
    }
}

#[test]
fn what_is_foreign_or_newer_is_told_from_damage() {
    for foreign in [&b""[..], b"\n", b"{}\n", b"diff --git a/x b/x\n"] {
        assert_eq!(SavedPlan::from_bytes(foreign), Err(SavedPlanError::Foreign), "{foreign:?}");
    }
    let newer = SavedPlan::from_bytes(b"{\"repot-plan\":7,\"seal\":1}\n\xff");
    assert_eq!(newer, Err(SavedPlanError::Newer { format: 7 }));
}

#[test]
fn a_plan_with_a_right_hash_still_cannot_name_what_lies_outside() {
    for outside in
        ["/etc/passwd", "../x", "a/../../x", "", "a//b", ".git/config", "x/.GIT/hooks/y", ".repot/lock"]
    {
        for side in ["old", "new"] {
            let bytes = forged(|body| {
                body["phases"][0]["steps"][0]["parts"][0]["deltas"][1][side]["path"] = outside.into();
            });
            assert!(SavedPlan::from_bytes(&bytes).is_err(), "{outside:?} as {side}");
        }
    }
}

#[test]
fn a_plan_with_a_right_hash_still_cannot_write_what_it_does_not_show() {
    let part = |body: &mut Value, at: usize| body["phases"][0]["steps"][0]["parts"][at]["deltas"][0].clone();
    // The second change of `b` begins with other bytes than the first one left.
    let bytes = forged(|body| {
        let other = part(body, 0)["old"]["content"].clone();
        body["phases"][0]["steps"][0]["parts"][1]["deltas"][0]["old"]["content"] = other;
    });
    assert!(reason(&bytes).contains("b: is not what"), "{}", reason(&bytes));
    let bytes = forged(|body| {
        let twice = part(body, 0);
        let deltas = &mut body["phases"][0]["steps"][0]["parts"][0]["deltas"];
        deltas.as_array_mut().unwrap().push(serde_json::json!({ "old": null, "new": twice["new"] }));
    });
    assert!(reason(&bytes).contains("b: is written over"), "{}", reason(&bytes));
    let bytes = forged(|body| body["contents"] = serde_json::json!([]));
    assert!(reason(&bytes).contains("content is missing"), "{}", reason(&bytes));
    let bytes = forged(|body| body["relies_on"][0]["path"] = "a".into());
    assert!(reason(&bytes).contains("a: is changed"), "{}", reason(&bytes));
}

#[test]
fn the_state_before_each_phase_is_what_the_ones_before_it_leave() {
    let plan = saved();
    let state = |index: usize| -> Vec<(String, Option<ContentHash>)> {
        let known = plan.state_before(index).into_iter();
        known
            .filter(|(path, _)| ["a", "b", "nowhere"].contains(&path.as_str()))
            .map(|(p, h)| (p.to_string(), h))
            .collect()
    };
    let entry = |name: &str, bytes: Option<&[u8]>| (name.to_owned(), bytes.map(ContentHash::of));
    let nowhere = entry("nowhere", None);
    assert_eq!(state(0), [entry("a", Some(b"1\r\n")), entry("b", None), nowhere.clone()]);
    assert_eq!(state(1), [entry("a", None), entry("b", Some(b"3")), nowhere.clone()]);
    assert_eq!(state(2), [entry("a", Some(b"4")), entry("b", None), nowhere]);
}

/// A place in a JSON value, chosen by numbers, to be replaced.
fn place<'v>(mut value: &'v mut Value, steps: &[usize]) -> &'v mut Value {
    for step in steps {
        let size = value.as_array().map(Vec::len).or_else(|| value.as_object().map(serde_json::Map::len));
        let Some(size) = size.filter(|size| *size > 0) else { return value };
        value = match value {
            Value::Array(items) => &mut items[step % size],
            Value::Object(fields) => fields.values_mut().nth(step % size).unwrap(),
            _ => unreachable!("only these have a size"),
        };
    }
    value
}

proptest! {
    #[test]
    fn no_bytes_make_reading_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(SavedPlan::from_bytes(&bytes).is_err());
        prop_assert!(SavedPlan::from_bytes(&sealed(&bytes)).is_err());
    }

    #[test]
    fn whatever_a_forged_plan_says_it_stays_inside(
        steps in prop::collection::vec(0..8_usize, 0..12),
        text in prop::sample::select(vec!["..", "/", ".git/x", "b", "", "\0"]),
        number in prop::option::of(0..12_u64),
    ) {
        let value = number.map_or_else(|| Value::from(text), Value::from);
        if let Ok(plan) = SavedPlan::from_bytes(&forged(|body| *place(body, &steps) = value)) {
            for write in plan.plan.phases.iter().flat_map(PlannedPhase::writes) {
                prop_assert!(!write.path.is_root());
                prop_assert!(write.path.components().all(|part| ![".git", ".repot", ".."].contains(&part)));
            }
        }
    }
}
