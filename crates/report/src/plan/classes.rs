//! A plan by classes: how much each of them changes, and whether a reader has
//! to tell them apart at all.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::{Applicability, Class, Evidence, FileDelta, Outcome, Plan, PlannedStep, RelPath};

use crate::stat::stat;
use crate::style::{Role, Style};
use crate::words::count;

/// What the edits of one class come to.
#[derive(Debug, Default)]
pub(crate) struct ClassTally<'a> {
    /// The deltas, in the order in which they follow each other.
    pub deltas: Vec<&'a FileDelta>,
    /// Names that are rewritten, those to review among them.
    pub rewritten: usize,
    /// Rewritten names that deserve a look.
    pub review: usize,
    /// Names for which a change is offered and not made.
    pub offered: usize,
}

impl ClassTally<'_> {
    /// How many files change; one that several steps change counts once.
    pub(crate) fn files(&self) -> usize {
        self.deltas.iter().filter_map(|delta| delta.path()).collect::<BTreeSet<&RelPath>>().len()
    }

    fn count(&mut self, evidence: &Evidence) {
        let Outcome::Rewritten { applicability, .. } = evidence.outcome else { return };
        match applicability {
            Applicability::Offered => self.offered += 1,
            Applicability::Review => self.review += 1,
            Applicability::Certain => {}
        }
        self.rewritten += usize::from(applicability > Applicability::Offered);
    }

    /// `strings · 12 files · to review`
    pub(crate) fn heading(&self, class: Class, style: Style) -> String {
        let review = match (self.review, self.rewritten) {
            (0, _) => String::new(),
            (review, all) if review == all => " · to review".to_owned(),
            (review, all) => format!(" · {review} of {} to review", count(all, "name")),
        };
        format!("{} · {}{review}", style.paint(Role::Strong, class.name()), count(self.files(), "file"))
    }
}

/// The classes that `steps` change or offer to change. None when there is
/// nothing but imports: then there is nothing to tell apart.
pub(crate) fn classes<'a>(
    steps: impl IntoIterator<Item = &'a PlannedStep>,
) -> BTreeMap<Class, ClassTally<'a>> {
    let mut all: BTreeMap<Class, ClassTally<'a>> = BTreeMap::new();
    for step in steps {
        for part in &step.parts {
            all.entry(part.class).or_default().deltas.extend(&part.deltas);
        }
        for item in &step.evidence {
            all.entry(item.class).or_default().count(item);
        }
    }
    all.retain(|_, tally| !tally.deltas.is_empty() || tally.rewritten + tally.offered > 0);
    if all.keys().all(|class| *class == Class::Imports) { BTreeMap::new() } else { all }
}

/// How much changes in each file, as `git diff --stat` prints it on a terminal
/// of `width` columns; under a heading for each class where there are several.
#[must_use]
pub fn plan_stat(plan: &Plan, style: Style, width: usize) -> String {
    let steps = || plan.phases.iter().flat_map(|phase| &phase.steps);
    let changed = classes(steps()).into_iter().filter(|(_, tally)| !tally.deltas.is_empty());
    let blocks: Vec<String> = changed
        .map(|(class, tally)| {
            let deltas = tally.deltas.iter().copied();
            format!("{}\n{}", tally.heading(class, style), stat(deltas, style, width))
        })
        .collect();
    if blocks.is_empty() {
        return stat(steps().flat_map(PlannedStep::deltas), style, width);
    }
    blocks.join("\n")
}
