//! A plan as JSON. The schema is documented in `docs/json.md`; a change of it
//! that a reader could notice gets a new `version`.

use std::collections::BTreeMap;

use repot_change::{
    Class, Content, ContentHash, Decision, DecisionKind, FileDelta, Plan, PlannedPart, PlannedPhase,
    PlannedStep, RelPath, Write,
};
use serde_json::{Map, Value, json};

use super::classes::{ClassTally, every_class};
use super::tally::{Files, Tally};
use super::trials;
use crate::diff::diff;
use crate::style::Style;

/// The version of the schema.
const VERSION: u32 = 1;

/// The whole plan: files with their diffs, evidence, decisions and checks.
#[must_use]
pub fn plan_json(plan: &Plan) -> Value {
    json!({
        "version": VERSION,
        "kind": "plan",
        "verified": plan.is_verified(),
        "empty": plan.is_empty(),
        "phases": plan.phases.iter().map(phase).collect::<Vec<_>>(),
        "notes": plan.notes,
    })
}

fn phase(phase: &PlannedPhase) -> Value {
    json!({
        "name": phase.name,
        "title": phase.title,
        "verified": phase.is_verified(),
        "summary": summary(phase),
        "steps": phase.steps.iter().map(step).collect::<Vec<_>>(),
        "decisions": phase.decisions().iter().map(decision).collect::<Vec<_>>(),
        "checks": phase.checks,
        "trials": phase.trials.iter().map(trials::json).collect::<Vec<_>>(),
        "writes": phase.writes().iter().map(write).collect::<Vec<_>>(),
    })
}

fn summary(phase: &PlannedPhase) -> Value {
    let (tally, files) = (Tally::of(phase), Files::of(phase));
    let mut awaiting: BTreeMap<DecisionKind, usize> =
        DecisionKind::ALL.iter().map(|kind| (*kind, 0)).collect();
    for decision in &tally.decisions {
        *awaiting.entry(decision.kind).or_default() += decision.sites.len();
    }
    let awaiting: Map<String, Value> =
        awaiting.into_iter().map(|(kind, names)| (kind.name().to_owned(), json!(names))).collect();
    let class = |(class, tally): (Class, ClassTally<'_>)| {
        json!({
            "class": class,
            "files": tally.files(),
            "rewritten": tally.rewritten,
            "to_review": tally.review,
            "offered": tally.offered,
        })
    };
    json!({
        "files": files.total(),
        "classes": every_class(&phase.steps).into_iter().map(class).collect::<Vec<_>>(),
        "rewritten": tally.rewritten,
        "to_review": tally.review,
        "offered": tally.offered,
        "skipped": tally.skipped,
        "awaiting": awaiting,
    })
}

fn step(step: &PlannedStep) -> Value {
    json!({
        "codemod": step.codemod,
        "files": step.parts.iter().flat_map(files).collect::<Vec<_>>(),
        "evidence": step.evidence,
        "notes": step.notes,
    })
}

fn files(part: &PlannedPart) -> impl Iterator<Item = Value> {
    part.deltas.iter().map(|delta| file(part.class, delta))
}

fn file(class: Class, delta: &FileDelta) -> Value {
    let path = |side: Option<&(RelPath, Content)>| json!(side.map(|(path, _)| path));
    let (old, new) = (delta.old.as_ref(), delta.new.as_ref());
    json!({
        "class": class,
        "change": change(delta),
        "old_path": path(old),
        "new_path": path(new),
        "old_hash": hash(old.map(|(_, content)| content)),
        "new_hash": hash(new.map(|(_, content)| content)),
        // JSON is Unicode: a diff in another encoding would not be the diff.
        "diff": String::from_utf8(diff(delta, Style::PLAIN)).ok(),
    })
}

fn change(delta: &FileDelta) -> &'static str {
    match (&delta.old, &delta.new) {
        (None, _) => "create",
        (_, None) => "delete",
        (Some((from, _)), Some((to, _))) if from != to => "move",
        _ => "edit",
    }
}

fn hash(content: Option<&Content>) -> Option<ContentHash> {
    content.map(|content| ContentHash::of(&content.bytes))
}

fn decision(decision: &Decision) -> Value {
    let sites = decision.sites.iter().map(|(path, line)| json!({ "path": path, "line": line }));
    json!({
        "kind": decision.kind.name(),
        "subject": decision.subject,
        "rule": decision.rule,
        "candidates": decision.candidates,
        "sites": sites.collect::<Vec<_>>(),
    })
}

fn write(write: &Write) -> Value {
    json!({
        "path": write.path,
        "moved_from": write.moved_from,
        "old_hash": write.expect,
        "new_hash": hash(write.content.as_ref()),
        "executable": write.content.as_ref().is_some_and(|content| content.executable),
    })
}
