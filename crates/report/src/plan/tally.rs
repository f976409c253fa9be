//! What a phase comes to: evidence and writes as counts.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::{Applicability, Decision, Evidence, Outcome, PlannedPhase, RelPath};

/// What became of the names of one package.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct PackageTally<'a> {
    files: BTreeSet<&'a RelPath>,
    /// Names that are rewritten.
    pub rewritten: usize,
    /// Names that await a decision.
    pub awaiting: usize,
}

impl PackageTally<'_> {
    /// How many files have a rewritten name.
    pub(crate) fn files(&self) -> usize {
        self.files.len()
    }
}

/// One text said of several places: how often, and where first.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Said<'a> {
    /// The text.
    pub text: &'a str,
    /// How many names it is said of.
    pub times: usize,
    /// The first place.
    pub first: (&'a RelPath, usize),
}

/// The names of a phase by what came of them.
#[derive(Debug)]
pub(crate) struct Tally<'a> {
    /// Names that are rewritten, those to review among them.
    pub rewritten: usize,
    /// Rewritten names that deserve a look.
    pub review: usize,
    /// Names for which a change is offered and not made.
    pub offered: usize,
    /// Names that await a decision.
    pub awaiting: usize,
    /// Names that stay for a reason.
    pub skipped: usize,
    /// Rewritten names by rule, most first.
    pub by_rule: Vec<(&'a str, usize)>,
    /// Packages, the one with the most names first.
    pub by_package: Vec<(&'a str, PackageTally<'a>)>,
    /// Reasons for staying, most frequent first.
    pub reasons: Vec<Said<'a>>,
    /// Warnings, most frequent first.
    pub warnings: Vec<Said<'a>>,
    /// The open decisions.
    pub decisions: Vec<Decision>,
}

impl<'a> Tally<'a> {
    /// Counts what is known of `phase`.
    pub(crate) fn of(phase: &'a PlannedPhase) -> Self {
        let evidence: Vec<&Evidence> = phase.evidence().collect();
        let is = |wanted: fn(&Outcome) -> bool| evidence.iter().filter(|item| wanted(&item.outcome)).count();
        let rules = evidence.iter().filter(|item| is_rewritten(&item.outcome)).map(|item| item.rule.as_str());
        Self {
            rewritten: is(is_rewritten),
            review: is(|outcome| sureness(outcome) == Some(Applicability::Review)),
            offered: is(|outcome| sureness(outcome) == Some(Applicability::Offered)),
            awaiting: is(|outcome| matches!(outcome, Outcome::Decision { .. })),
            skipped: is(|outcome| matches!(outcome, Outcome::Skipped { .. })),
            by_rule: by_frequency(rules),
            by_package: by_package(&evidence),
            reasons: said(evidence.iter().filter_map(|item| match &item.outcome {
                Outcome::Skipped { reason } => Some((reason.as_str(), *item)),
                _ => None,
            })),
            warnings: said(
                evidence.iter().flat_map(|item| item.warnings.iter().map(|text| (text.as_str(), *item))),
            ),
            decisions: phase.decisions(),
        }
    }
}

fn sureness(outcome: &Outcome) -> Option<Applicability> {
    match outcome {
        Outcome::Rewritten { applicability, .. } => Some(*applicability),
        _ => None,
    }
}

fn is_rewritten(outcome: &Outcome) -> bool {
    sureness(outcome).is_some_and(|sure| sure > Applicability::Offered)
}

fn by_frequency<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<(&'a str, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    texts.for_each(|text| *counts.entry(text).or_default() += 1);
    let mut sorted: Vec<_> = counts.into_iter().collect();
    sorted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    sorted
}

fn by_package<'a>(evidence: &[&'a Evidence]) -> Vec<(&'a str, PackageTally<'a>)> {
    let mut packages: BTreeMap<&str, PackageTally<'_>> = BTreeMap::new();
    for item in evidence {
        let tally = packages.entry(item.package.as_deref().unwrap_or("(no package)")).or_default();
        if is_rewritten(&item.outcome) {
            tally.rewritten += 1;
            tally.files.insert(&item.path);
        }
        tally.awaiting += usize::from(matches!(item.outcome, Outcome::Decision { .. }));
    }
    packages.retain(|_, tally| tally.rewritten + tally.awaiting > 0);
    let mut sorted: Vec<_> = packages.into_iter().collect();
    sorted.sort_by_key(|(_, tally)| std::cmp::Reverse(tally.rewritten + tally.awaiting));
    sorted
}

fn said<'a>(texts: impl Iterator<Item = (&'a str, &'a Evidence)>) -> Vec<Said<'a>> {
    let mut all: BTreeMap<&str, Said<'a>> = BTreeMap::new();
    for (text, item) in texts {
        let first = (&item.path, item.line);
        let said = all.entry(text).or_insert(Said { text, times: 0, first });
        said.times += 1;
        said.first = said.first.min(first);
    }
    let mut sorted: Vec<_> = all.into_values().collect();
    sorted.sort_by_key(|said| std::cmp::Reverse(said.times));
    sorted
}

/// The files that a phase writes, by what happens to them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Files {
    /// Files that stay where they are and change.
    pub edited: usize,
    /// Files that are new.
    pub created: usize,
    /// Files that go.
    pub deleted: usize,
    /// Files that go elsewhere.
    pub moved: usize,
}

impl Files {
    /// Counts what changes in `phase`; a move is one file, not two.
    pub(crate) fn of(phase: &PlannedPhase) -> Self {
        let mut files = Self::default();
        for delta in phase.deltas() {
            match (&delta.old, &delta.new) {
                (Some(_), Some(_)) if delta.moved().is_some() => files.moved += 1,
                (Some(_), Some(_)) => files.edited += 1,
                (_, None) => files.deleted += 1,
                (None, Some(_)) => files.created += 1,
            }
        }
        files
    }

    /// All of them.
    pub(crate) fn total(&self) -> usize {
        self.edited + self.created + self.deleted + self.moved
    }

    /// `3 files change`, and how, where they do not all change in place.
    pub(crate) fn describe(&self) -> String {
        let total = crate::words::count_with(self.total(), "file", "changes", "change");
        let kinds = [
            (self.edited, "edited"),
            (self.created, "new"),
            (self.deleted, "deleted"),
            (self.moved, "moved"),
        ];
        let kinds: Vec<String> = kinds
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, kind)| format!("{count} {kind}"))
            .collect();
        if self.edited == self.total() { total } else { format!("{total} ({})", kinds.join(", ")) }
    }
}
