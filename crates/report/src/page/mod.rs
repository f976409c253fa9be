//! The review page: a plan as one HTML file that needs nothing else.
//!
//! The page holds the plan as JSON and a script that shows what is looked at;
//! nothing of the plan is ever HTML. Its policy lets this one script and this
//! one style run, by their hashes, and lets nothing reach a network. The same
//! plan gives the same bytes.

mod colors;
mod entry;
mod evidence;
mod hunk;
mod marks;
mod strings;
mod summary;
pub(crate) mod text;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use repot_change::{ContentHash, Evidence, Plan, PlannedStep};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use entry::Entry;
use evidence::Shown;
use strings::Tables;
use text::{in_html, in_script, visible};

/// The page without what is put into it.
const TEMPLATE: &str = include_str!("assets/page.html");

/// How it looks.
const STYLE: &str = concat!(include_str!("assets/theme.css"), include_str!("assets/page.css"));

/// What it does, in the order in which the parts know of each other.
const SCRIPT: &str = concat!(
    "\"use strict\";\n(() => {\n",
    include_str!("assets/model.js"),
    include_str!("assets/elements.js"),
    include_str!("assets/diff.js"),
    include_str!("assets/summary.js"),
    include_str!("assets/changes.js"),
    include_str!("assets/page.js"),
    "})();\n"
);

/// The plan as a page for a browser: self-contained, and inert whatever the
/// names and the contents of its files are.
#[must_use]
pub fn plan_html(plan: &Plan) -> String {
    let json = content(plan).to_string();
    let key = ContentHash::of(json.as_bytes()).to_string();
    let title = plan.phases.iter().map(|phase| phase.name.as_str()).collect::<Vec<_>>().join(", ");
    filled(TEMPLATE, |name| match name {
        "title" => in_html(&title),
        "key" => key.get(..16).unwrap_or_default().to_owned(),
        "policy" => policy(SCRIPT, STYLE),
        "style" => STYLE.to_owned(),
        "plan" => in_script(&json),
        _ => SCRIPT.to_owned(),
    })
}

/// The template with every `{{name}}` replaced; what is put in is not searched.
pub(crate) fn filled(template: &str, value: impl Fn(&str) -> String) -> String {
    let mut parts = template.split("{{");
    let mut page = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once("}}") {
            Some((name, rest)) => page.extend([value(name).as_str(), rest]),
            None => page.extend(["{{", part]),
        }
    }
    page
}

/// What a page may do: run its own `script` and `style`, and nothing else.
pub(crate) fn policy(script: &str, style: &str) -> String {
    let hash = |text: &str| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)));
    format!(
        "default-src 'none'; script-src {}; style-src {}; base-uri 'none'; form-action 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'",
        hash(script),
        hash(style)
    )
}

/// Everything that the page knows of the plan.
fn content(plan: &Plan) -> Value {
    let mut tables = Tables::default();
    let decisions = evidence::decisions(plan, &mut tables);
    let (mut entries, mut evidence) = (Vec::new(), Vec::new());
    for (at, phase) in plan.phases.iter().enumerate() {
        for (step_at, step) in phase.steps.iter().enumerate() {
            entries.extend(step_entries(step, (at, step_at), evidence.len(), &mut tables));
            evidence.extend(step.evidence.iter().map(|item: &Evidence| evidence::row(item, &mut tables)));
        }
    }
    let (strings, candidates) = tables.into_values();
    json!({
        "verified": plan.is_verified(),
        "empty": plan.is_empty(),
        "phases": plan.phases.iter().map(summary::phase).collect::<Vec<_>>(),
        "notes": plan.notes.iter().map(evidence::note).collect::<Vec<_>>(),
        "decisions": decisions,
        "entries": entries,
        "evidence": evidence,
        "candidates": candidates,
        "strings": strings,
    })
}

/// The files of a step. `first` is the place of the step's first evidence.
fn step_entries(step: &PlannedStep, place: (usize, usize), first: usize, tables: &mut Tables) -> Vec<Value> {
    let Shown { entries, beside } = Shown::of(step);
    let both = entries.into_iter().zip(beside);
    both.map(|(entry, beside)| {
        let beside = beside.iter().map(|(at, hunk, line)| {
            let hunk = hunk.map_or(json!(-1), |hunk| json!(hunk));
            json!([first + at, hunk, line])
        });
        one_entry(entry, place, beside.collect(), tables)
    })
    .collect()
}

fn one_entry(
    entry: Entry<'_>,
    (phase, step): (usize, usize),
    beside: Vec<Value>,
    tables: &mut Tables,
) -> Value {
    let mut value = json!({
        "s": [phase, step],
        "c": entry.class.name(),
        "x": entry.change,
        "p": tables.string(entry.path.as_str()),
        "m": tables.optional(entry.moved_from.map(repot_change::RelPath::as_str)),
        "r": entry.remarks.iter().map(|remark| visible(remark)).collect::<Vec<_>>(),
        "a": entry.added,
        "d": entry.removed,
    });
    // `json!` would copy what is large.
    value["h"] = Value::Array(entry.hunks);
    value["e"] = Value::Array(beside);
    value
}

#[cfg(test)]
mod tests;
