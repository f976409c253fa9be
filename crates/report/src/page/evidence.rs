//! Evidence and decisions as a page has them, and where each stands.

use rayon::prelude::*;
use repot_change::{Applicability, Decision, Evidence, Note, Outcome, Plan, PlannedPhase, PlannedStep};
use serde_json::{Value, json};

use super::entry::{Chain, Entry, deltas};
use super::strings::Tables;
use super::text::visible;
use crate::decisions::{about, gather};
use crate::settlement::{Importers, lines};

/// The entries of a step with the evidence beside each, and that evidence.
pub(crate) struct Shown<'a> {
    /// The entries, by path, then by class.
    pub entries: Vec<Entry<'a>>,
    /// For each entry: the evidence by its place in the step, the hunk that
    /// shows its line, and the line in the file as the class finds it.
    pub beside: Vec<Vec<(usize, Option<usize>, usize)>>,
}

impl<'a> Shown<'a> {
    /// What there is to show of `step`.
    pub(crate) fn of(step: &'a PlannedStep) -> Self {
        let entries = deltas(step).into_par_iter().filter_map(|(class, delta)| Entry::of(class, delta));
        let mut entries: Vec<Entry<'a>> = entries.collect();
        let chain = Chain::of(&entries);
        let changed = entries.len();
        let mut beside = vec![Vec::new(); changed];
        let mut silent = std::collections::BTreeMap::new();
        for (index, item) in step.evidence.iter().enumerate() {
            let found = chain.find(&entries[..changed], item.class, &item.path, item.line);
            let (at, line) = found.unwrap_or_else(|| {
                let at = *silent.entry((&item.path, item.class)).or_insert_with(|| {
                    entries.push(Entry::stays(item.class, &item.path));
                    beside.push(Vec::new());
                    entries.len() - 1
                });
                (at, item.line)
            });
            beside[at].push((index, entries[at].hunk_at(line), line));
        }
        let mut both: Vec<_> = entries.into_iter().zip(beside).collect();
        both.sort_by(|(a, _), (b, _)| (a.path, a.class).cmp(&(b.path, b.class)));
        let (entries, beside) = both.into_iter().unzip();
        Self { entries, beside }
    }
}

/// A piece of evidence as a row: class, path, line, package, subject, rule,
/// candidates, winner, outcome, detail, warnings.
pub(crate) fn row(item: &Evidence, tables: &mut Tables) -> Value {
    let (outcome, detail) = match &item.outcome {
        Outcome::Rewritten { to, applicability } => (sureness(*applicability), to.as_str()),
        Outcome::Decision { decision } => ("decision", decision.name()),
        Outcome::Skipped { reason } => ("skipped", reason.as_str()),
    };
    let candidates: Vec<usize> = item.candidates.iter().map(|it| tables.candidate(it)).collect();
    let warnings: Vec<usize> = item.warnings.iter().map(|it| tables.string(it)).collect();
    json!([
        tables.string(item.class.name()),
        tables.string(item.path.as_str()),
        item.line,
        tables.optional(item.package.as_deref()),
        tables.string(&item.subject),
        tables.string(&item.rule),
        candidates,
        item.winner.map_or(json!(-1), |winner| json!(winner)),
        tables.string(outcome),
        tables.string(detail),
        warnings,
    ])
}

fn sureness(applicability: Applicability) -> &'static str {
    match applicability {
        Applicability::Certain => "certain",
        Applicability::Review => "review",
        Applicability::Offered => "offered",
    }
}

/// The open decisions of the plan, with the lines that settle each.
pub(crate) fn decisions(plan: &Plan, tables: &mut Tables) -> Vec<Value> {
    let importers = Importers::of(plan.phases.iter().flat_map(PlannedPhase::evidence));
    gather(plan).iter().map(|decision| one(decision, &importers, tables)).collect()
}

fn one(decision: &Decision, importers: &Importers<'_>, tables: &mut Tables) -> Value {
    let sites: Vec<Value> =
        decision.sites.iter().map(|(path, line)| json!([tables.string(path.as_str()), line])).collect();
    let candidates: Vec<usize> = decision.candidates.iter().map(|it| tables.candidate(it)).collect();
    let settled = lines(decision, importers.glob(decision).as_deref());
    let settled: Vec<String> = settled.lines().map(visible).collect();
    json!({
        "kind": decision.kind.name(),
        "about": about(decision.kind),
        "subject": visible(&decision.subject),
        "rule": visible(&decision.rule),
        "candidates": candidates,
        "sites": sites,
        "lines": settled.join("\n"),
    })
}

/// A note as a row: path, line, message.
pub(crate) fn note(note: &Note) -> Value {
    let path =
        note.path.as_ref().map(|path| if path.is_root() { ".".to_owned() } else { visible(path.as_str()) });
    json!([path, note.line, visible(&note.message)])
}
