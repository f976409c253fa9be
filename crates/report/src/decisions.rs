//! Open decisions: what there is to choose from, where it matters, and the
//! lines of the roadmap that settle it.

use repot_change::{Candidate, Decision, DecisionKind, Plan, PlannedPhase, RelPath};

use crate::place::place;
use crate::quote::one_line;
use crate::settlement::{Importers, lines, within};
use crate::style::{Role, Style};
use crate::words::{columns, count};

/// How many places of a choice are shown when the list is cut.
const PLACES: usize = 5;

/// What a kind of decision is about, in a few words.
pub(crate) fn about(kind: DecisionKind) -> &'static str {
    match kind {
        DecisionKind::Ambiguous => "several targets are equally good",
        DecisionKind::Forbidden => "the target lies in a domain that may not be imported here",
        DecisionKind::Unimportable => "no statement can name the target",
        DecisionKind::Undefined => "defined nowhere in the workspace",
        DecisionKind::Unclear => "the statement cannot be taken apart safely",
        DecisionKind::Cycle => "packages would import each other in a circle",
        DecisionKind::Conflict => "packages and catalogue ask for versions that do not go together",
        DecisionKind::Source => "where a required package lies is not clear",
        DecisionKind::Template => "a project file does not fit the template, and nothing is sure to mend it",
    }
}

/// The open decisions of a plan, each with its candidates, its places and the
/// `[[decide]]` lines that settle it; at most `limit` of them.
#[must_use]
pub fn decisions(plan: &Plan, style: Style, limit: Option<usize>) -> String {
    let all = gather(plan);
    if all.is_empty() {
        return "No decision is open.\n".to_owned();
    }
    let importers = Importers::of(plan.phases.iter().flat_map(PlannedPhase::evidence));
    let shown = limit.unwrap_or(all.len()).min(all.len());
    let mut text = String::new();
    let mut last = None;
    for (at, decision) in all.iter().take(shown).enumerate() {
        if last != Some(decision.kind) {
            last = Some(decision.kind);
            text += &kind_heading(decision.kind, &all, style);
        }
        text += &one(at + 1, decision, &importers, limit.is_some(), style);
    }
    if shown < all.len() {
        text += &format!("… and {} more\n", all.len() - shown);
    }
    text
}

/// The decisions of every phase; a place that waits in two phases waits once.
pub(crate) fn gather(plan: &Plan) -> Vec<Decision> {
    let mut all = Decision::gather(plan.phases.iter().flat_map(PlannedPhase::evidence));
    for decision in &mut all {
        decision.sites.sort();
        decision.sites.dedup();
    }
    all
}

fn kind_heading(kind: DecisionKind, all: &[Decision], style: Style) -> String {
    let same = || all.iter().filter(|decision| decision.kind == kind);
    let names = same().map(|decision| decision.sites.len()).sum();
    let size = format!("({}, {})", count(same().count(), "choice"), count(names, "place"));
    format!("{}: {} {size}\n\n", style.paint(Role::Caution, kind.name()), about(kind))
}

fn one(number: usize, decision: &Decision, importers: &Importers<'_>, is_cut: bool, style: Style) -> String {
    let subject = style.paint(Role::Strong, one_line(&decision.subject));
    let candidates: Vec<_> =
        decision.candidates.iter().enumerate().flat_map(|(at, it)| rows(at, it)).collect();
    let shown = if is_cut { PLACES } else { decision.sites.len() };
    let place = |(path, line): &(RelPath, usize)| format!("     {}\n", place(path, Some(*line), style));
    let mut places: String = decision.sites.iter().take(shown).map(place).collect();
    if decision.sites.len() > shown {
        places += &format!("     … and {} more\n", decision.sites.len() - shown);
    }
    let lines = lines(decision, within(decision).or_else(|| importers.glob(decision)).as_deref());
    let lines: String = lines.lines().map(|line| format!("     {line}\n")).collect();
    let rule = style.paint(Role::Faint, format!("[{}]", one_line(&decision.rule)));
    format!("{number}. {subject} {rule}\n{}{places}\n{lines}\n", columns("     ", &candidates))
}

/// A candidate as rows of a table: what it is, and what stands in its way.
pub(crate) fn rows(at: usize, candidate: &Candidate) -> Vec<Vec<String>> {
    let package =
        candidate.package.as_deref().map_or_else(|| "no package".to_owned(), |it| one_line(it).into_owned());
    let mut row = vec![(at + 1).to_string(), one_line(&candidate.module).into_owned(), candidate.how.clone()];
    // What is no module has neither.
    if !candidate.reach.is_empty() {
        row.extend([format!("suffix {}", candidate.suffix), candidate.reach.clone()]);
    }
    row.extend([package, one_line(candidate.path.as_str()).into_owned()]);
    let mut rows = vec![row];
    if let Some(obstacle) = &candidate.obstacle {
        rows.push(vec![String::new(), format!("cannot be imported: {}", one_line(obstacle))]);
    }
    rows
}

#[cfg(test)]
mod tests;
